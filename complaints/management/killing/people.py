"""Cases to draft letters for, and the client that asks for them until there is an answer."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from procrastinate.exceptions import ConnectorException

from complaints.bundles import Bundle, BundleFile
from complaints.facts.records import Intake
from complaints.models import Complaint
from complaints.services import import_bundle
from users.models import Practice, User
from users.roles import Role
from users.services import create_api_key, create_practice

T = TypeVar("T")
HOST: Final = "127.0.0.1"
PATIENCE: Final = 180.0  # seconds in which a server must be back
ADDRESS: Final = "3 Sandbar Yard, Exeter EX1 9VK"
LETTER: Final = """Penhallow Reed LLP
3 Sandbar Yard, Exeter EX1 9VK

1 September 2025

HM Revenue and Customs

{client}: overpaid tax 2024-25

We filed our client's return on 21 July 2025 and asked for the overpayment of {amount}. Nothing has been received.
Please issue the repayment.

T Reed
"""
REPLY: Final = """HM Revenue and Customs
Self Assessment

15 October 2025

Penhallow Reed LLP

{client}: tax year 2024-25

Thank you for your letter of 1 September 2025. We received it on 4 September 2025. We are sorry for the delay. We will
reply in full by 30 October 2025.

M Osei
"""
CHASER: Final = """Penhallow Reed LLP
3 Sandbar Yard, Exeter EX1 9VK

20 November 2025

HM Revenue and Customs

{client}: overpaid tax 2024-25

You promised a reply by 30 October 2025. We have had none. The repayment of {amount} is still outstanding. We
telephoned on 10 November 2025 and waited 55 minutes.

T Reed
"""
PAPERS: Final = {"letter.txt": LETTER, "reply.txt": REPLY, "chaser.txt": CHASER}


def steady(work: Callable[[], T]) -> T:
    """What `work` gives, tried again while the database is away."""
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except (DatabaseError, InterfaceError, ConnectorException):
            connection.close()
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


@dataclass
class Office:
    """A practice with an adviser and a key of theirs, and its cases by number."""

    practice: Practice
    adviser: User
    key: str
    cases: dict[int, Complaint] = field(default_factory=dict)

    @classmethod
    def opened(cls, name: str = "Penhallow Reed LLP") -> "Office":
        """A new practice."""
        now = timezone.now()
        rates = [("manager", Decimal("125.00"))]
        practice = create_practice(name=name, address=ADDRESS, agent_reference="PR6042", rates=rates, now=now)
        email = f"adviser@{name.split(maxsplit=1)[0].lower()}.example"
        adviser = User.objects.create_user(email, None, practice=practice, role=Role.MANAGER, name="T Reed")
        made = create_api_key(user=adviser, name="kills", scopes=("read", "write"), now=now)
        return cls(practice, adviser, made.written)

    def open_case(self, number: int) -> Complaint:
        """A case with three papers of its own."""
        bundle = bundle_of(number)
        case = import_bundle(practice=self.practice, bundle=bundle, by=None, now=timezone.now())
        self.cases[number] = case
        return case


def bundle_of(number: int) -> Bundle:
    """The papers of the case `number`: the same story about another person and sum."""
    client, amount = f"Rowan Achter{_letters(number)}", f"£{4_000 + number:,}.00"
    files = {name: text.format(client=client, amount=amount).encode() for name, text in PAPERS.items()}
    intake = Intake(
        practice_name="Penhallow Reed LLP",
        practice_address=ADDRESS,
        agent_reference="PR6042",
        hourly_rates=(("manager", Decimal("125.00")),),
        client_name=client,
        client_kind="individual",
        nation="england-and-wales",
        references=(("utr", "5021489375"),),
        tax_head="Self Assessment",
        brief="",
        desired_outcome="",
        opened_on=date(2026, 1, 19),
    )
    return Bundle(intake, tuple(BundleFile(name, len(data), data) for name, data in files.items()))


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def ask_for_letter(port: int, key: str, complaint_id: int) -> int:
    """Ask for the letters of a case until there is a run for them, with one Idempotency-Key. Returns its number."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found = _asked(port, key, complaint_id)
        if found is not None:
            return found
        time.sleep(0.1)
    raise RuntimeError(f"Nobody took the order for the letters of {complaint_id}")


def _asked(port: int, key: str, complaint_id: int) -> int | None:
    line = http.client.HTTPConnection(HOST, port, timeout=20)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"letter-{complaint_id}",
    }
    try:
        path = f"/api/v1/complaints/{complaint_id}/letters/draft/"
        line.request("POST", path, body=json.dumps({"pipeline": "parallel"}), headers=headers)
        answer = line.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()
    if answer.status == 202:
        return int(json.loads(body)["id"])
    if answer.status < 500 and answer.status not in (409, 429):
        raise RuntimeError(f"The order was refused: {answer.status} {body.decode()[:300]}")
    return None
