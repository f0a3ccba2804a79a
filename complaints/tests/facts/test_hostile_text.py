"""Text that no honest paper holds costs no more than its length, and names may hold any character."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from complaints.facts.view import page_lines, page_units
from complaints.facts.wording import Voices, exchange_pronouns
from complaints.tests.facts.papers import intake, paper, read

LONGEST = 1200


def calls_made(work: Callable[[], object]) -> int:
    """How many functions a piece of work calls, those of the regular expression engine included."""
    count = 0

    def counting(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


HOSTILE = [
    "we will pay 100.00 by 3 March 2025 ",
    "We will pay £100.00 by 3 March 2025. ",
    "3 March 2025, ",
    "3/3/2025 rang HMRC, told to wait\n",
    "03/03/2025 | HMRC | 100.00\n",
    "your letter of 3 March 2025 ",
    "Invoice 12 and 13, ",
    "1.00 ",
    "a",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_makes_no_more_than_twice_the_calls(piece: str) -> None:
    read(piece * 60)
    once, twice = (calls_made(lambda n=n: read(piece * n)) for n in (120, 240))
    assert twice < 2.6 * once


@pytest.mark.parametrize("text", ["a" * 5000, "we will pay 100.00 by 3 March 2025 " * 300, "| " * 4000])
def test_no_rule_sees_more_than_a_long_sentence_at_a_time(text: str) -> None:
    page = paper(text).pages[0]
    assert max(len(u.text) for u in page_units("paper.pdf", page, "hmrc", None)) <= LONGEST
    lines = list(page_lines(page))
    assert max(len(line) for _start, _end, line in lines) <= LONGEST
    assert all(page.text[start:end] == line for start, end, line in lines)


@pytest.mark.parametrize("client", ["Pell\\", "A\\1 Joinery", "(Ltd", "Q+?*[", "\\g<0> Trust"])
def test_a_name_of_any_characters_is_put_where_our_client_stands(client: str) -> None:
    line = exchange_pronouns("your client's return and your client", Voices("hmrc", "agent", client))
    assert line == f"{client}'s return and {client}"


@pytest.mark.parametrize("client", ["Pell\\", "A\\1 Joinery", "(Ltd", "Q+?*["])
def test_a_paper_is_read_whatever_the_client_is_called(client: str) -> None:
    text = f"HM Revenue & Customs\n4 March 2025\nDear {client}\nYour client's return reached us on 1 March 2025.\n"
    assert read(text, intake(client, "company")).profile.author == "hmrc"
