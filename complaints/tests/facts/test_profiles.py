"""Who wrote a paper and what it is, in the many layouts in which offices, practices, banks and agencies write.

`heads.txt` holds the papers: all invented, one for each way of laying out a head.
"""

import re
from pathlib import Path

import pytest

from complaints.facts.records import DocumentProfile
from complaints.tests.facts.papers import intake, read

_PAPERS = (Path(__file__).parent / "heads.txt").read_text(encoding="utf-8").split("\n### ")[1:]
OURS = "Oakshott Lyle LLP\n1 High Street\nLudlow SY8 9ZZ"
TAX = "HM Revenue & Customs\nSelf Assessment\nBX9 1AS"
ONLINE = "Report and pay Capital Gains Tax\nSubmitted 19 June 2025 at 10:06 by agent\nExchange | 11 April 2025"
PRINT = "Self Assessment account\nName: G UTR: 1 Printed: 5 January 2026 by agent\n29/01/2025 Payment | 1.00"
SLIP = "Fen Building Bank\n\nAdvice of charge\n\n14 October 2025 | Payment trace | £20.00"
REPLY = f"{TAX}\nDate 24 June 2025\n{OURS}\nDear Agent\nYour complaint\nI uphold this point.\n"


def told(text: str, name: str = "paper.pdf", mail: dict[str, str] | None = None) -> DocumentProfile:
    return read(text, intake(), name, mail).profile


def headers_of(text: str) -> tuple[dict[str, str] | None, str]:
    """The headers of a mail and its body; other papers have none."""
    if not text.startswith("From:"):
        return None, text
    head, _blank, body = text.partition("\n\n")
    shared = {"To": "p@oakshottlyle.example", "Date": "Thu, 15 Jan 2026 14:09:00 +0000"}
    return dict(re.findall(r"^(\w+): (.*)$", head, re.M)) | shared, body


@pytest.mark.parametrize("entry", _PAPERS, ids=[entry.split(" |")[0] for entry in _PAPERS])
def test_author_and_kind_are_known_by_head_voice_and_signature(entry: str) -> None:
    title, _newline, text = entry.partition("\n")
    _label, kind, author = title.split(" | ")
    mail, body = headers_of(text)
    profile = told(body, "phone.txt" if kind == "call_note" else "paper.pdf", mail)
    assert (profile.kind, profile.author) == (kind, author)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"{TAX}\n\n{OURS}\n\n27 January 2025. Reference PP/66120\nWe looked at your client's return.", "2025-01-27"),
        (ONLINE, "2025-06-19"),
        (PRINT, "2026-01-05"),
        (SLIP, "2025-10-14"),
        ("Note of call\nTues 12/8 (2025)  11.05 to 11.50\nRang the helpline.", "2025-08-12"),
    ],
)
def test_the_day_of_writing_is_read_in_its_many_places(text: str, day: str) -> None:
    assert str(told(text, "call.txt" if "call" in text else "paper.pdf").written_on) == day


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        (REPLY + "You may ask for a second review.", 1),
        (REPLY + "I have carried out a second review of your complaint.", 2),
        (REPLY + "There will not be a second review. This is our final response.", 1),
    ],
)
def test_the_tier_of_a_reply_is_that_of_the_review_it_gives(text: str, tier: int) -> None:
    assert told(text).tier == tier
