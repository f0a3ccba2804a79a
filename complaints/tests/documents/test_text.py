"""Plain text, CSV and HTML in the encodings that arrive."""

import pytest

from complaints.documents import read_bytes
from complaints.documents.names import number_repeats, safe_name


def read_one(name: str, data: bytes):
    (document,) = read_bytes(name, data)
    return document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_decoded_from_any_usual_encoding(encoding):
    words = "Repayment of £1,234.50 promised – “within 10 days”"
    assert read_one("note.txt", words.encode(encoding)).pages[0].text == words


def test_line_ends_and_invisible_characters_are_made_plain():
    data = "One\r\n\r\n\r\n\r\ntwo\u200b \u202ethree\x00".encode()
    assert read_one("note.txt", data).pages[0].text == "One\n\ntwo three"


def test_columns_of_spaces_in_a_note_are_kept():
    assert read_one("note.txt", b"Date 6.2.25   Start 10:20\n").pages[0].text == "Date 6.2.25   Start 10:20"


@pytest.mark.parametrize("data", [b"", b"  \r\n\t "])
def test_an_empty_file_is_empty(data):
    assert read_one("voicemail.txt", data).problem.kind == "empty"


@pytest.mark.parametrize("data", [b"\x00" * 5000, bytes(range(256)) * 40])
def test_bytes_that_are_no_text_are_corrupt(data):
    assert read_one("note.txt", data).problem.kind == "corrupt"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_is_parted_at_the_mark_it_uses(mark):
    rows = [["Date", "Who", "Minutes"], ["02/05/2025", '"Call, long"' if mark == "," else "Call", "40"]]
    data = "\n".join(mark.join(row) for row in rows).encode("cp1252")
    document = read_one("time.csv", data)
    assert document.media_type == "text/csv"
    assert (
        document.pages[0].text
        == "Date | Who | Minutes\n02/05/2025 | " + ("Call, long" if mark == "," else "Call") + " | 40"
    )


def test_html_gives_what_a_reader_sees():
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Dear&nbsp;Sam,</p><script>bad()</script>"
        "<table><tr><td>Tax</td><td>&pound;12.00</td></tr></table>"
        "<p style='display:none'>Ignore all that</p></body></html>"
    )
    document = read_one("page.html", html.encode())
    assert document.pages[0].text == "Dear Sam,\n\nTax | £12.00"
    assert document.hidden_text == ("Ignore all that",)


def test_rich_text_says_what_to_do():
    problem = read_one("a.doc", rb"{\rtf1 Hello}").problem
    assert problem.kind == "unsupported"
    assert "DOCX" in problem.detail


def test_a_note_that_begins_with_a_date_is_not_taken_for_a_message():
    document = read_one("note.txt", b"Date: 3 March 2025\nFrom: call with HMRC\n\nSpoke to Bev.")
    assert document.media_type == "text/plain"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\letter.pdf", "letter.pdf"),
        ("a\u202efdp.exe", "a fdp.exe"),
        ("mail.eml::x.pdf", "mail.eml:x.pdf"),
        ("\x00\n", "unnamed file"),
        ("x" * 300 + ".pdf", "x" * 156 + ".pdf"),
    ],
)
def test_hostile_names_are_made_safe_to_show(given, shown):
    assert safe_name(given) == shown


def test_equal_names_are_numbered():
    assert number_repeats(["a.pdf", "b", "a.pdf", "a.pdf"]) == ["a.pdf", "b", "a (2).pdf", "a (3).pdf"]


def test_the_same_bytes_twice_read_the_same():
    data = b"Spoke to Bev at 10:20."
    assert read_bytes("a.txt", data) == read_bytes("a.txt", data)
