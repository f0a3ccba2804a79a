"""Small made-up files of every format, good and hostile."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml

from complaints.tests.documents.builders import pdf
from knowledge.ingestion import Limits, Page, UnreadablePageError
from knowledge.ingestion.reading import find_files, read_file, read_page

URL = "https://www.gov.uk/hmrc-internal-manuals/birds-manual/bir12345"
HEAD = "01/03/2025, 10:33 BIR12345 - Kingfishers: waiting - HMRC internal manual - GOV.UK"


def printed(*body: tuple[float, float, str], foot: str = f"{URL} 1/1") -> bytes:
    """A browser's print of a page of a manual."""
    return pdf(
        [
            (24, 20, HEAD),
            (57, 40, "Beta This part of GOV.UK is being rebuilt - find out what beta means"),
            (72, 60, "HMRC internal manual"),
            (72, 90, "Birds Manual"),
            (72, 120, "From:"),
            (120, 120, "HM Revenue & Customs"),
            (72, 140, "Published"),
            (130, 140, "12 April 2016"),
            (72, 160, "Updated:"),
            (130, 160, "11 December 2023 - See all updates"),
            (50, 190, "Back to contents BIR12000"),
            (50, 220, "BIR12345 - Kingfishers: waiting"),
            *body,
            (72, 700, "Previous page"),
            (72, 730, "All content is available under the Open Government Licence v3.0, except where otherwise stated"),
            (24, 830, foot),
        ]
    )


def test_a_print_of_a_manual_gives_its_words_alone() -> None:
    page = read_page(
        "print.pdf",
        printed(
            (50, 260, "A kingfisher that waits is not late (https://www.gov.uk/late-"),
            (50, 272, "birds). It states no number of days."),
            (50, 310, "Another paragraph."),
        ),
    )
    assert page == Page(
        identifier="BIR12345",
        title="Kingfishers: waiting",
        body="A kingfisher that waits is not late. It states no number of days.\n\nAnother paragraph.",
        kind="manual",
        source_name="Birds Manual",
        publisher="HM Revenue & Customs",
        url=URL,
        page_date=date(2023, 12, 11),
    )


def test_what_stands_beside_the_text_comes_where_a_reader_meets_it() -> None:
    page = read_page(
        "print.pdf", printed((50, 260, "First."), (50, 400, "Second."), (60, 300, "Telephone: 0300 200 3300"))
    )
    assert page.body == "First.\n\nTelephone: 0300 200 3300\n\nSecond."


def test_a_page_without_a_date_of_its_own_has_the_day_of_its_print() -> None:
    page = read_page(
        "print.pdf", pdf([(24, 20, "01/03/2025, 10:33 Some page - GOV.UK"), (50, 100, "Words of the page.")])
    )
    assert (page.identifier, page.page_date, page.page_date_role) == ("some-page", date(2025, 3, 1), "printed")


def test_an_archived_page_is_known_as_one() -> None:
    assert read_page("print.pdf", printed((50, 260, "This page is now archived"))).archived


HTML = """<!DOCTYPE html><html><head><title>BIR12345 - Kingfishers: waiting - HMRC internal manual - GOV.UK</title>
<link rel="canonical" href="%s"><meta name="govuk:public-updated-at" content="2023-12-11T09:30:00+00:00">
<script>var a = "not words";</script></head><body>
<div id="global-cookie-message" class="gem-c-cookie-banner">Cookies on GOV.UK</div>
<header role="banner">GOV.UK</header>
<nav class="gem-c-breadcrumbs">Home HMRC internal manual Birds Manual</nav>
<main><h1>Birds Manual</h1><h2>BIR12345 - Kingfishers: waiting</h2>
<p>A kingfisher that <b>waits</b> is not late.
Write to <a href="/cdn-cgi/l/email-protection#ab12">[email&#160;protected]</a>.</p>
<ul><li>one</li><li>two</li></ul><table><tr><th>Sum</th><th>For</th></tr><tr><td>£7</td><td>lateness</td></tr></table>
<p style="display: none">hidden words</p>
<nav class="govuk-previous-and-next-navigation">Previous page Next page</nav>
<div class="gem-c-feedback"><h2>Is this page useful?</h2></div></main>
<footer>All content is available under the Open Government Licence</footer></body></html>"""


def test_html_gives_the_words_of_its_main_part() -> None:
    page = read_page("page.html", (HTML % URL).encode())
    assert page.body == "A kingfisher that waits is not late. Write to.\n\none\ntwo\n\nSum | For\n£7 | lateness"
    assert (page.identifier, page.title, page.url) == ("BIR12345", "Kingfishers: waiting", URL)
    assert page.page_date == date(2023, 12, 11)


def docx(*paragraphs: tuple[str, str]) -> bytes:
    document = Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Sum", "£7"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_document_gives_paragraphs_lists_and_tables() -> None:
    data = docx(
        ("Title", "How we chase kingfishers"), ("Normal", "Ask twice."), ("List Bullet", "one"), ("List Bullet", "two")
    )
    page = read_page("note.docx", data)
    assert page.body == "Ask twice.\n\none\ntwo\nSum | £7"
    assert (page.identifier, page.title) == ("how-we-chase-kingfishers", "How we chase kingfishers")


TRACKED = """<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:r><w:t xml:space="preserve">The allowance is </w:t></w:r>
<w:del w:id="1" w:author="A"><w:r><w:delText>£100</w:delText></w:r></w:del>
<w:ins w:id="2" w:author="A"><w:r><w:t>£250</w:t></w:r></w:ins>
<w:moveFrom w:id="3" w:author="A"><w:r><w:t> an hour</w:t></w:r></w:moveFrom>
<w:moveTo w:id="4" w:author="A"><w:r><w:t> a day</w:t></w:r></w:moveTo><w:r><w:t>.</w:t></w:r></w:p>"""


def test_a_word_document_says_what_it_says_once_its_tracked_changes_are_accepted() -> None:
    document, saved = Document(), io.BytesIO()
    document.element.body.insert(0, parse_xml(TRACKED))
    document.save(saved)
    assert read_page("note.docx", saved.getvalue()).body == "The allowance is £250 a day."


def test_a_table_of_a_word_document_gives_equal_cells_and_the_tables_in_them() -> None:
    document, saved = Document(), io.BytesIO()
    table = document.add_table(rows=1, cols=3)
    for cell, words in zip(table.rows[0].cells, ("Costs", "£50", "£50"), strict=True):
        cell.text = words
    inner = table.cell(0, 0).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "per case"
    document.save(saved)
    assert read_page("note.docx", saved.getvalue()).body == "Costs per case | £50 | £50"


def test_markdown_gives_text_and_the_fields_at_its_head() -> None:
    text = (
        "---\nidentifier: note-7\ndate: 2024-05-06\nurl: https://example.org/n\narchived: yes\n---\n# Chasing\n\n"
        "Ask **twice**, see [the page](https://example.org/x).\n\n- one\n- two\n"
    )
    page = read_page("a.md", text.encode())
    assert page.body == "Ask twice, see the page.\n\none\n\ntwo"
    assert (page.identifier, page.title, page.page_date) == ("note-7", "Chasing", date(2024, 5, 6))
    assert page.archived


def test_plain_text_has_its_first_line_for_a_title() -> None:
    page = read_page("a.txt", "Chasing kingfishers\n\nAsk twice.\r\nUpdated 6 May 2024\n".encode("cp1252"))
    assert (page.identifier, page.title) == ("chasing-kingfishers", "Chasing kingfishers")
    assert page.body.startswith("Ask twice.")


SECTION = {
    "base_path": "/hmrc-internal-manuals/birds-manual/bir12345",
    "document_type": "hmrc_manual_section",
    "title": "Kingfishers: waiting",
    "public_updated_at": "2023-12-11T09:30:00Z",
    "details": {
        "section_id": "BIR12345",
        "body": "<p>A kingfisher that waits is not late.</p><p>See <a href='/x'>there</a>.</p>",
        "breadcrumbs": [{"section_id": "BIR12000", "base_path": "/hmrc-internal-manuals/birds-manual/bir12000"}],
        "manual": {"base_path": "/hmrc-internal-manuals/birds-manual"},
        "organisations": [{"title": "HM Revenue & Customs"}],
        "change_notes": [],
    },
}


def test_a_section_of_the_content_api_is_a_page() -> None:
    assert read_page("s.json", json.dumps(SECTION).encode()) == Page(
        identifier="BIR12345",
        title="Kingfishers: waiting",
        body="A kingfisher that waits is not late.\n\nSee there.",
        kind="manual",
        source_name="Birds Manual",
        publisher="HM Revenue & Customs",
        url=URL,
        page_date=date(2023, 12, 11),
    )


@pytest.mark.parametrize(
    ("number", "identifier"),
    [
        ("CRG/52 25", "crg-52-25"),
        ("..", "odd"),
        ("CRG\x005225", "CRG5225"),
        ("CRG\ud8005225", "CRG5225"),
        ("X" * 500, "X" * 80),
        ("CH (Scotland) 12", "CH (SCOTLAND) 12"),
    ],
)
def test_a_number_is_such_as_an_address_and_the_database_can_hold(number: str, identifier: str) -> None:
    item = {"title": "Odd\x00", "details": {"section_id": number, "body": "<p>Words \x00of\ud800 it.</p>"}}
    page = read_page("odd.json", json.dumps(item).encode())
    assert (page.identifier, page.title, page.body) == (identifier, "Odd", "Words of it.")
    written = read_page("odd.md", f"---\nidentifier: AB/12?x\ntitle: {'T' * 999}\n---\n\nWords.".encode())
    assert (written.identifier, len(written.title)) == ("ab-12-x", 300)


def test_a_withdrawn_section_is_archived() -> None:
    withdrawn = {**SECTION, "withdrawn_notice": {"explanation": "<p>gone</p>", "withdrawn_at": "2024-01-01T00:00:00Z"}}
    assert read_page("s.json", json.dumps(withdrawn).encode()).archived


def test_the_four_pages_without_a_number_are_known_by_their_title() -> None:
    names = {
        "The HMRC Charter": "charter",
        "Complain about HMRC": "complain-about-hmrc",
        "Make a complaint about HMRC": "make-a-complaint",
        "How to complain to the Adjudicator's Office about HMRC or the VOA": "adjudicator",
    }
    for title, identifier in names.items():
        html = f"<html><head><title>{title} - GOV.UK</title></head><body><p>Words.</p></body></html>"
        assert read_page("x.html", html.encode()).identifier == identifier


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 30_000_000)
    return out.getvalue()


def with_entities() -> bytes:
    out = io.BytesIO(docx(("Normal", "Words.")))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/extra.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "part"),
    [
        ("a.pdf", lambda: b"not a pdf", "damaged"),
        ("a.pdf", lambda: b"%PDF-1.7 cut", "damaged"),
        ("a.docx", lambda: docx(("Normal", "x"))[:900], "damaged"),
        ("a.docx", bomb, "packed|unpack"),
        ("a.docx", with_entities, "entities"),
        ("a.json", lambda: b'{"title": "x", "details": {', "cut short"),
        ("a.json", lambda: b'{"title": "x"}', "no details"),
        ("a.json", lambda: b"[" * 100_000, "damaged"),
        ("a.json", lambda: b'{"a":' * 100_000, "cut short"),
        ("a.txt", lambda: bytes(range(256)) * 50, "damaged"),
        ("picture", lambda: b"RIFF\x1a\0\0\0WEBPVP8 " + bytes(range(128, 160)), "damaged"),
        ("scrap", lambda: b"y\xe8X.[\xf3", "damaged"),
        ("a.txt", lambda: b"  \n ", "No words"),
        ("a.exe", lambda: b"MZ words", "kind"),
        ("a.html", lambda: b"<html><script>x</script></html>", "No words"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(name: str, make: Callable[[], bytes], part: str) -> None:
    with pytest.raises(UnreadablePageError, match=part):
        read_page(name, make())


def test_a_file_larger_than_the_limit_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x" * 200)
    with pytest.raises(UnreadablePageError, match="larger"):
        read_file(file, Limits(file_bytes=100))


def test_a_deeply_nested_page_does_not_hang_or_fail() -> None:
    page = read_page("a.html", b"<html><title>Deep</title>" + b"<div>" * 20_000 + b"Words." + b"</div>" * 20_000)
    assert page.body == "Words."


def test_folders_give_the_files_that_can_be_read_in_order(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "c.exe", ".hidden.txt", "~$lock.docx"):
        (tmp_path / name).write_text("x")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "d.pdf").write_text("x")
    assert [file.name for file in find_files([tmp_path])] == ["a.txt", "b.md", "d.pdf"]
