"""Slips that prove one step: a bank's advice that tax was paid, a carrier's word that a letter was posted or delivered.

They are forms of a few lines by whoever carried the money or the letter; HMRC stands in them as payee or addressee.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from complaints.facts.bank_rows import REVENUE
from complaints.facts.view import flat
from lightpoint.language.dates import find_dates

_PAID_BY = (
    r"(?:chaps|bacs|faster payments?|fps|sepa|swift|telegraphic transfer|bank transfer|online banking|mobile banking)"
)
_ADVICE = re.compile(
    rf"\b(?:{_PAID_BY}|debit|outward|outgoing|same[- ]day)\b[^.\n]{{0,30}}\b(?:advice|"
    r"confirm\w+|receipt|payment|transfer|slip)\b|"
    r"\bpayment (?:advice|confirmation|receipt|sent|made|successful|details)\b|"
    r"\btransfer (?:confirmation|receipt|made)\b|"
    r"\bremittance (?:advice|slip)\b|\bconfirmation of (?:payment|transfer)\b|\byou (?:sent|paid|transferred)\b",
    re.I,
)
_PAYEE = re.compile(
    r"\b(?:beneficiary|payee|paid to|pay to|to|recipient|creditor|credit(?:ed)? (?:a/?c|account))\b(?: name)?\W{0,20}"
    r"(?:hmrc|hm revenue|h m revenue|inland revenue|accounts office)",
    re.I,
)
_LONGEST_SLIP = 1500  # characters


def is_payment_advice(text: str) -> bool:
    """A bank's own slip for a payment to HMRC; `text` has single blanks."""
    return (
        len(text) < _LONGEST_SLIP
        and bool(_ADVICE.search(text) and _PAYEE.search(text))
        and not re.search(r"\bdear\b|\bour client\b", text, re.I)
    )


_CARRIER = re.compile(
    r"\b(?:royal mail|post office|parcel\w*|courier|dpd|dhl|ups|fedex|tnt|evri|hermes|yodel|parcelforce|city ?link|"
    r"an post|certificate of posting|proof of (?:posting|delivery)|track(?:ing|ed)?|special delivery|"
    r"signed for|recorded (?:delivery|signed)|tracked (?:24|48)|consignment|registered post)\b",
    re.I,
)
_ITEM = re.compile(
    r"\b(?:item|parcel|package|letter|consignment|delivery|shipment|document)s?\b|\b[A-Z]{2}[\d ]{9,13}GB\b", re.I
)
_DELIVERED = re.compile(
    r"\b(?:delivered|signed for by|proof of delivery|received by|left with|collected by|handed (?:over )?to)\b", re.I
)
_NOT_DELIVERED = re.compile(r"\b(?:not|never|un|yet to be|to be|will be|could not be|failed to be)\W*delivered\b", re.I)


def is_delivery_notice(text: str) -> bool:
    """A carrier's word on one item, by mail or on a slip; `text` has single blanks."""
    short = len(text) < _LONGEST_SLIP and not re.search(r"\bdear\b|\bour client\b|\byours \w+ly\b", text, re.I)
    moved = _DELIVERED.search(text) or _POSTED.search(text)
    return short and bool(_CARRIER.search(text) and _ITEM.search(text) and moved)


_POSTED = re.compile(r"\b(?:certificate of posting|posted (?:at|on)|accepted at|post office|proof of posting)\b", re.I)


@dataclass(frozen=True, slots=True)
class Step:
    """A dated step of an item: where its line begins and ends in the text, and whether it arrived."""

    on: date
    start: int
    end: int
    arrived: bool


_DATED_STEP = re.compile(
    r"\b(?P<arrived>delivered|signed for|received by|collected by|proof of delivery)\b|"
    r"\b(?P<sent>posted|accepted|dispatched|"
    r"despatched|collected from|handed in)\b",
    re.I,
)


def steps_of(text: str) -> Iterator[Step]:
    """The days on which a carrier's paper says that an item was posted or delivered."""
    position = 0
    for line in text.splitlines(keepends=True):
        label = _DATED_STEP.search(line[:1200])
        days = [m for m in find_dates(line[:1200]) if m.complete] if label else []
        if label and days and not _NOT_DELIVERED.search(line[:1200]):
            body = line.rstrip()
            lead = len(body) - len(body.lstrip())
            yield Step(days[0].date, position + lead, position + len(body), arrived=bool(label["arrived"]))
        position += len(line)


def addressed_to_hmrc(text: str) -> bool:
    return bool(REVENUE.search(flat(text)))
