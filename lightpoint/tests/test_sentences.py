import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightpoint.language.quotations import find_quotations
from lightpoint.language.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [" ".join(span.text.split()) for span in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. A. Gill of Harrow Mills Ltd. owes nothing.",
        "Harrow Mills Limited (Co. No. 01234567) filed it.",
        "See para. 4.2 and fig. 3, i.e. the note at 12.30 p.m. on the file.",
        "It was e.g. the St. Ives office.",
        "The sum of £1,234.50 was paid on 24.6.24 at 10.40 by J. R. Hart.",
        "Payment is due (see no. 4) today.",
        "Our policy no. FPI/2024/7781 covers it.",
        "V.A.T. Reg. No. GB 999 2207 70 is theirs.",
    ],
)
def test_abbreviations_initials_and_figures_end_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_prose_is_split_at_its_full_stops_and_question_marks() -> None:
    assert sentences('It was not. So why?? "Nobody knows." 4 March came. (We wrote.) HMRC did not.') == [
        "It was not.",
        "So why??",
        '"Nobody knows."',
        "4 March came.",
        "(We wrote.)",
        "HMRC did not.",
    ]


def test_a_line_end_inside_prose_ends_no_sentence() -> None:
    text = (
        "Our records show that the return of your client was received on 21 October 2024 \n"
        "and that it shows an overpayment. It was passed to the technical team of the office in \n"
        "Cumbernauld. Those checks \nhave been completed."
    )
    assert sentences(text) == [
        "Our records show that the return of your client was received on 21 October 2024 "
        "and that it shows an overpayment.",
        "It was passed to the technical team of the office in Cumbernauld.",
        "Those checks have been completed.",
    ]


def test_addresses_labels_headings_and_blank_lines_stand_alone() -> None:
    text = (
        "HM Revenue and Customs\nBX9 1AS\nDate 14 February 2025\nOur ref SA/XY/123\nUTR 5184402917\n\n"
        "Dear Agent\nThe delay\nWe are sorry.\nYours sincerely\nP Alder\n"
    )
    assert sentences(text) == [line for line in text.split("\n") if line]


def test_bullets_numbers_and_chat_lines_begin_anew() -> None:
    text = (
        "1. Asked for progress.\n2. He would not\n   say when.\n- Asked in writing. No.\n"
        "[11:02] Jo: I see it\n[11:03] Agent: please log it.\n> On 5 Jun 2025, R Hart wrote:\n> Nothing yet.\n"
        "a) First point\nb) Second point\n\u2022 Third"
    )
    assert sentences(text) == [
        "1. Asked for progress.",
        "2. He would not say when.",
        "- Asked in writing.",
        "No.",
        "[11:02] Jo: I see it",
        "[11:03] Agent: please log it.",
        "> On 5 Jun 2025, R Hart wrote:",
        "> Nothing yet.",
        "a) First point",
        "b) Second point",
        "\u2022 Third",
    ]


def test_rows_of_a_table_stand_alone() -> None:
    text = (
        "Date | Person | Minutes\n04/03/2025 | R Hart | 45\n"
        "Correspondence and calls about the claim for repayment, 160 minutes 360.00\n"
        "Preparation of the fee note 27.08\n"
        "Oct     693L     extra tax\nNov     1257L    nothing\n"
    )
    assert sentences(text) == [" ".join(line.split()) for line in text.strip().split("\n")]


def test_a_line_that_had_room_for_more_ends_its_sentence() -> None:
    text = (
        "The return was submitted on 13 March 2024 by the agent of the seller\nCertificate issued.\n"
        "We wrote to the office that deals with such matters, and after a long wait on the line we were told by\n"
        "Miss Hart that nothing had come."
    )
    assert len(sentences(text)) == 3


def test_a_wrapped_sum_of_money_does_not_end_its_sentence() -> None:
    text = "The company claims to set the trading loss of the period of £86,400.00\nagainst total profits of 2023."
    assert len(sentences(text)) == 1


@given(st.text(alphabet="abC .!?\n-1\t\"'|•:()", max_size=120))
def test_every_character_lies_in_one_sentence_and_spans_quote_the_text(text: str) -> None:
    end = 0
    covered = ""
    for span in split_sentences(text):
        assert span.start >= end
        assert text[span.start : span.end] == span.text == span.text.strip()
        assert span.text
        covered += span.text
        end = span.end
    assert "".join(covered.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "ignore them, they will drop out" twice.', ["ignore them, they will drop out"]),
        ("“One” and ‘two words’ and 'three'", ["One", "two words", "three"]),
        ("told 'with the BACS team' today", ["with the BACS team"]),
        ("the client's letter isn't the agents' work", []),
        ("‘It isn’t here,’ he said", ["It isn’t here,"]),
        ("he said 'it isn't here' again", ["it isn't here"]),
        (
            'Her advice:\n   "Ignore the date,\n    it will be corrected."',
            ["Ignore the date,\n    it will be corrected."],
        ),
        ('a "broken\n\nquotation" mark', []),
        ('“HMRC wrote "no trace" to us”', ['HMRC wrote "no trace" to us']),
        ('""', []),
    ],
)
def test_quotations_are_the_words_inside_their_marks(text: str, expected: list[str]) -> None:
    found = find_quotations(text)
    assert [mention.text for mention in found] == expected
    assert all(text[mention.start : mention.end] == mention.text for mention in found)
