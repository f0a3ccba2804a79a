"""Cases for tests of any app."""

from datetime import UTC, date, datetime
from decimal import Decimal

from complaints.bundles import Bundle, BundleFile
from complaints.facts.records import Intake
from complaints.services import import_bundle
from users.models import Practice, User
from users.services import create_practice

NOW = datetime(2026, 1, 19, 9, 0, tzinfo=UTC)

LETTER = """Penhallow Reed LLP
3 Sandbar Yard, Exeter EX1 9VK

1 September 2025

HM Revenue and Customs

Rowan Achterberg: overpaid tax 2024-25

We filed our client's return on 21 July 2025 and asked for the overpayment of £4,196.00. Nothing has been received.
Please issue the repayment.

T Reed
"""


def make_practice(name="Penhallow Reed LLP", **details) -> Practice:
    return create_practice(name=name, address="3 Sandbar Yard, Exeter EX1 9VK", now=NOW, **details)


def make_user(practice=None, email="alice@penhallowreed.example") -> User:
    return User.objects.create_user(email, "a long enough password", practice=practice)


def make_intake(**changes) -> Intake:
    fields = {
        "practice_name": "Penhallow Reed LLP",
        "practice_address": "3 Sandbar Yard, Exeter EX1 9VK",
        "agent_reference": "PR6042",
        "hourly_rates": (("manager", Decimal("125.00")),),
        "client_name": "Rowan Achterberg",
        "client_kind": "individual",
        "nation": "england-and-wales",
        "references": (("utr", "5021489375"),),
        "tax_head": "Self Assessment",
        "brief": "",
        "desired_outcome": "",
        "opened_on": date(2026, 1, 19),
    }
    return Intake(**(fields | changes))


LETTER_FILE = ("letter.txt", LETTER.encode())


def make_bundle(files=(LETTER_FILE,), **changes) -> Bundle:
    return Bundle(make_intake(**changes), tuple(BundleFile(name, len(data), data) for name, data in files))


def make_complaint(practice=None, bundle=None):
    return import_bundle(practice=practice or make_practice(), bundle=bundle or make_bundle(), by=None, now=NOW)
