"""Precedents without the people they are about: hostile samples, and what must stay."""

import time

import pytest

from knowledge.anonymising import anonymise
from knowledge.digest import load_digest

GONE = [
    ("Dear Mrs Penhallow,\nYou rang.", ["Penhallow"]),
    ("Our client, Jonathan Achterberg-Smythe, wrote. Achterberg-Smythe's letter was lost.", ["Achterberg", "Smythe"]),
    ("mr okonkwo rang and OKONKWO rang again; okonkwo's file is lost.", ["okonkwo", "OKONKWO"]),
    ("john smith rang the office, and so did priya.", ["john", "smith", "priya"]),
    ("Mark Brown said so, and J. R. Hartley agreed.", ["Mark", "Brown", "Hartley"]),
    ("Name: Zbigniew Wójcik\nHMRC replied.", ["Zbigniew", "jcik"]),
    ("Yours sincerely\n\nTiggy O'Flahertie\nSenior Partner\n", ["Tiggy", "Flahertie"]),
    ("J\u043ehn rang.", ["J\u043ehn"]),
    ("The UTR is 12345 67890.", ["12345", "67890"]),
    ("U\u200bTR 1\u200b2 3 4 5 6 7 8 9 0", ["1 2", "9 0"]),
    ("UTR: 12-34-56-78-90 and 1234567890K", ["56-78", "1234567890"]),
    ("NINO QQ123456C, or AB 12 34 56 D, or ab123456d.", ["123456", "34 56"]),
    ("VAT GB 123 4567 82; VRN 123456782.", ["4567", "123456782"]),
    ("PAYE 123/AB456, company 09876543, SC123456.", ["AB456", "09876543", "SC123456"]),
    ("She lives at 14 Sandbar Yard, Exeter EX1 9VK.", ["Sandbar", "EX1", "9VK"]),
    ("12 Harbour Way\nFalmouth\nTR11 3XX\n", ["Harbour", "Falmouth", "TR11", "3XX"]),
    ("Write to Flat 3, 9 high street, penzance or Rose Cottage, Mousehole.", ["high street", "Rose", "Mousehole"]),
    ("Ring 07700 900123, +44 20 7946 0958 or (01326) 555-0199.", ["900123", "7946", "555"]),
    ("Mail j.a+x@acme.co.uk or j.a (at) acme (dot) com or jo at acme dot com", ["acme"]),
    (
        "\uff2a\uff2f\uff25\uff20\uff21\uff23\uff2d\uff25\uff0e\uff23\uff2f\uff2d and joe&#64;acme.com",
        ["JOE", "joe", "acme", "ACME"],
    ),
    ("Sort code 12-34-56, account 12345678, card 4111 1111 1111 1111.", ["12-34-56", "12345678", "1111"]),
    ("IBAN GB29 NWBK 6016 1331 9268 19", ["NWBK", "6016", "9268"]),
    ("Born on 12/03/1961; DOB: 12.3.61; date of birth 12 March 1961.", ["1961", "12.3.61"]),
    ("Acme Widgets Ltd t/a Penzance Pasties, and acme widgets limited.", ["Acme", "Widgets", "Penzance", "acme"]),
    ("See https://acme.example/case/achterberg and www.smythe.example.", ["acme", "achterberg", "smythe"]),
    ("Complaint reference CFS-2024/11873, our ref: ABC/12/XYZ.", ["11873", "ABC/12"]),
    ("The car AB12 CDE was seized.", ["AB12"]),
]


@pytest.mark.parametrize(("text", "gone"), GONE)
def test_what_tells_who_it_is_about_is_removed(text: str, gone: list[str]) -> None:
    said = anonymise(text)
    assert not [word for word in gone if word in said.text], said.text
    assert said.removed


@pytest.mark.parametrize(("text", "_gone"), GONE)
def test_what_is_anonymous_stays_as_it_is(text: str, _gone: list[str]) -> None:
    once = anonymise(text).text
    assert anonymise(once).text == once


@pytest.mark.parametrize(
    "text",
    [
        "HMRC paid £150.00 for worry and distress under CRG6050 within 15 working days.",
        "The Adjudicator upheld it on 4 March 2024, and interest at 2.5% ran from 6 April 2023.",
        "In 2023-24 the Self Assessment penalty of £1,600 was cancelled; see SA302 and CRG 4025.",
        "The second tier reply took 12 weeks. HMRC's Charter applies.",
        "See https://www.gov.uk/hmrc-internal-manuals/complaints for more.",
    ],
)
def test_what_carries_the_precedent_stays(text: str) -> None:
    assert anonymise(text).text == text


def test_public_guidance_loses_next_to_nothing() -> None:
    words = removed = 0
    for section in load_digest().values():
        words += len(section.requires.split())
        removed += sum(anonymise(section.requires).removed.values())
    assert removed / words < 0.02


def test_lines_stay_and_what_was_removed_is_counted() -> None:
    said = anonymise("Mrs Penhallow rang.\nUTR 1234567890.\n\nDone.")
    assert said.text.count("\n") == 3
    assert (said.removed["[name]"], sum(said.removed.values())) == (1, 2)


@pytest.mark.parametrize("piece", ["a.", "A", "Aa-", "Aa ", "1 ", "12/", "a at ", "A.", "[", "Aa\n"])
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    """With the square of it these would take minutes."""
    began = time.process_time()
    anonymise(piece * 10_000)
    assert time.process_time() - began < 15
