"""The same letter in three forms: complete, en-GB, byte for byte the same, and never read as markup."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import pypdfium2
import pytest

from knowledge.digest import load_digest
from letters.drafting import draft_letters
from letters.export import letter_text, write_docx, write_pdf
from letters.export.layout import typeset
from letters.records import Block, Sentence
from letters.tests.samples import PRACTICE, SAMPLES, repayment


@pytest.fixture(scope="module")
def letter():
    sample = repayment()
    drafted = draft_letters(sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE, pages=sample.pages)
    return drafted[0]


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return plain(text)


def plain(text: str) -> str:
    return re.sub(
        r"[^a-z0-9£]", "", text.lower().replace("\ufb01", "fi").replace("\ufb00", "ff").replace("\ufb03", "ffi")
    )


def docx_text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return plain(" ".join([paragraph.text for paragraph in document.paragraphs] + cells))


def test_text_has_every_sentence_once_in_order(letter):
    text = letter_text(letter)
    at = 0
    for block in letter.blocks:
        for sentence in block.sentences if block.kind not in ("schedule", "chronology") else ():
            at = text.index(sentence.text, at)


def test_pdf_and_docx_have_every_sentence(letter):
    pdf, word = pdf_text(write_pdf(letter, PRACTICE)), docx_text(write_docx(letter, PRACTICE))
    for sentence in letter.sentences():
        shown = plain(sentence.text.split(": ", 1)[-1] if " | " not in sentence.text else sentence.text.split("|")[0])
        assert shown in pdf, sentence.text
        assert shown in word, sentence.text


def test_the_same_letter_gives_the_same_bytes(letter):
    assert write_pdf(letter, PRACTICE) == write_pdf(letter, PRACTICE)
    assert write_docx(letter, PRACTICE) == write_docx(letter, PRACTICE)


def test_docx_is_british_a4_with_page_numbers(letter):
    data = write_docx(letter, PRACTICE)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert 'w:val="en-GB"' in archive.read("word/styles.xml").decode()
        footer = "".join(archive.read(n).decode() for n in archive.namelist() if n.startswith("word/footer"))
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "NUMPAGES" in footer
    section = docx.Document(io.BytesIO(data)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_pdf_is_dated_on_the_letter_and_numbers_its_pages(letter):
    document = pypdfium2.PdfDocument(write_pdf(letter, PRACTICE))
    assert document.get_metadata_value("CreationDate").startswith("D:20250901")
    assert f"Page 1 of {len(document)}" in document[0].get_textpage().get_text_bounded()


def test_document_words_are_never_markup(letter):
    hostile = '#panic("x") $a^2$ *bold* @ref <label> \\n // {b} [c] `d` "quoted" = head'
    blocks = (
        *letter.blocks,
        Block("paragraph", (Sentence(hostile, "form"),)),
        Block("annex", (Sentence("= A #x", "form"),)),
    )
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(
        write_pdf(replace(letter, blocks=blocks), PRACTICE)))  # fmt: skip
    assert '#panic("x")' in text
    assert "*bold*" in text
    assert "= A #x" in text


def test_characters_that_xml_has_no_room_for_are_left_out(letter):
    odd = replace(letter, blocks=(*letter.blocks, Block("paragraph", (Sentence("over\x07draft\x0b\ufffe", "form"),))))
    assert "overdraft" in docx_text(write_docx(odd, PRACTICE))
    assert "overdraft" in pdf_text(write_pdf(odd, PRACTICE))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_sample_is_written_in_all_forms(name):
    sample = SAMPLES[name]()
    for drafted in draft_letters(
        sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE, pages=sample.pages
    ):
        assert letter_text(drafted).endswith("\n")
        assert write_pdf(drafted, PRACTICE).startswith(b"%PDF")
        assert write_docx(drafted, PRACTICE).startswith(b"PK")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("told 'with the BACS team'", "told ‘with the BACS team’"),
        ("the trustee's note: “'lost' it says”", "the trustee’s note: “‘lost’ it says”"),
        ("our clients' letters of '24 and the bank's", "our clients’ letters of ’24 and the bank’s"),
        ("'tis the client's", "’tis the client’s"),
    ],
)
def test_a_quotation_within_a_quotation_opens_with_an_opening_mark(typed, printed):
    assert typeset(typed) == printed
