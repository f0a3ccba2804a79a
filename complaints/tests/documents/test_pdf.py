"""PDF: reading order, tables, letterheads, and files that cannot be used."""

import dataclasses

import pytest
import typst

from complaints.documents import Limits, read_bytes
from complaints.tests.documents import builders


def text_of(data: bytes) -> str:
    (document,) = read_bytes("letter.pdf", data)
    assert document.problem is None
    return document.pages[0].text


def lines_of(data: bytes) -> list[str]:
    return [line for line in text_of(data).split("\n") if line]


def test_prose_lines_keep_single_spaces_and_no_cell_marks():
    data = builders.pdf(
        [(60, 100, "Thank you for your letter of 3 March 2025 about the"), (60, 112, "repayment of £1,234.50.")]
    )
    assert lines_of(data) == ["Thank you for your letter of 3 March 2025 about the", "repayment of £1,234.50."]


def test_the_cells_of_a_table_row_stand_on_one_line_from_left_to_right():
    rows = [("Period", "Tax", "Paid"), ("07/23", "£480.00", "£0.00"), ("10/23", "£610.00", "£25.00")]
    texts = [
        (x, 100 + 14 * n, cell) for n, row in enumerate(rows) for x, cell in zip((400, 250, 60), row[::-1], strict=True)
    ]
    assert lines_of(builders.pdf(texts)) == [
        "Period | Tax | Paid",
        "07/23 | £480.00 | £0.00",
        "10/23 | £610.00 | £25.00",
    ]


def test_an_address_and_a_reference_block_beside_it_do_not_run_into_one_another():
    left = ["Sample & Co LLP", "4 Mill Lane", "LEEDS", "LS99 4MK"]
    right = [("Date", "14 February 2025"), ("Our ref", "AB/1234"), ("UTR", "1234567890")]
    texts = [(60, 100 + 13 * n, line) for n, line in enumerate(left)]
    texts += [(x, 104 + 11 * n, part) for n, pair in enumerate(right) for x, part in zip((350, 400), pair, strict=True)]
    lines = lines_of(builders.pdf(texts))
    assert lines[:4] == left
    assert [line.replace(" | ", " ") for line in lines[4:]] == [" ".join(pair) for pair in right]


def test_two_columns_of_prose_are_read_one_after_the_other():
    left = [f"the left column of the leaflet, line {n}" for n in range(6)]
    right = [f"the right column of the leaflet, line {n}" for n in range(6)]
    texts = [(x, 100 + 12 * n, line) for n in range(6) for x, line in ((50, left[n]), (320, right[n]))]
    assert lines_of(builders.pdf(texts)) == left + right


def test_a_word_drawn_twice_to_look_bold_is_read_once():
    assert text_of(builders.pdf([(60, 100, "Total due now"), (60.3, 100, "Total due now")])) == "Total due now"


def test_pages_are_numbered_from_one():
    (document,) = read_bytes(
        "a.pdf", builders.pdf([(60, 90, "This is the first page of it")], [(60, 90, "And this is the second page")])
    )
    assert [page.number for page in document.pages] == [1, 2]
    assert [page.method for page in document.pages] == ["pdf-text", "pdf-text"]


def test_a_truncated_pdf_is_corrupt():
    (document,) = read_bytes("a.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Cat")
    assert document.problem is not None
    assert document.problem.kind == "corrupt"
    assert document.pages == ()


def test_an_encrypted_pdf_says_that_a_password_is_needed():
    (document,) = read_bytes("a.pdf", builders.encrypted_pdf())
    assert document.problem is not None
    assert document.problem.kind == "encrypted"
    assert "password" in document.problem.detail


def test_a_pdf_with_more_pages_than_allowed_is_refused():
    data = builders.pdf(*[[(60, 90, "One page among a great many")]] * 4)
    (document,) = read_bytes("a.pdf", data, dataclasses.replace(Limits(), pages=3))
    assert document.problem is not None
    assert document.problem.kind == "too-many-pages"


def test_a_pdf_without_words_is_empty():
    (document,) = read_bytes("a.pdf", builders.pdf([]))
    assert document.problem is not None
    assert document.problem.kind == "empty"


def test_the_type_comes_from_the_content_and_not_from_the_name():
    (document,) = read_bytes("notes.txt", builders.pdf([(60, 90, "A letter under another name")]))
    assert document.media_type == "application/pdf"
    assert document.pages[0].method == "pdf-text"


def test_what_was_typed_into_a_form_field_is_read():
    data = builders.pdf([(60, 100, "Name of the person you act for")], field="Mrs A Sample")
    assert lines_of(data) == ["Name of the person you act for", "Mrs A Sample"]


@pytest.mark.parametrize("matrix", ["0 1 -1 0", "0 -1 1 0", "-1 0 0 -1"])
def test_a_page_whose_text_runs_sideways_is_read_in_order(matrix):
    def place(along: float, down: float) -> str:
        spots = {
            "0 1 -1 0": (down, along),
            "0 -1 1 0": (500 - down, 700 - along),
            "-1 0 0 -1": (500 - along, 100 + down),
        }
        return "{:.0f} {:.0f}".format(*spots[matrix])

    data = builders.pdf([(60, 100, "first line of the letter, and"), (60, 112, "second line.")])
    for number, old in enumerate((b"60.00 742.00 Td", b"60.00 730.00 Td")):
        new = f"{matrix} {place(60, 100 + 12 * number)} Tm".encode()
        data = data.replace(old, new)
    assert lines_of(data) == ["first line of the letter, and", "second line."]


def test_a_page_with_more_characters_than_paper_can_show_is_hostile():
    data = builders.pdf([(60, 100, "x" * 400)])
    (document,) = read_bytes("a.pdf", data, dataclasses.replace(Limits(), page_characters=300))
    assert document.problem is not None
    assert document.problem.kind == "hostile"


def test_the_letters_of_a_ligature_stay_in_their_word():
    data = typst.compile(b'#set text(font: "Libertinus Serif")\nThe overdraft was left after the office fifth draft.')
    (document,) = read_bytes("letter.pdf", data)
    assert "The overdraft was left after the office fifth draft." in document.pages[0].text
