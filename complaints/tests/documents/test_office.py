"""Word documents and workbooks, good and hostile."""

import dataclasses
import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook

from complaints.documents import Limits, read_bytes
from complaints.documents.sheets import show_cell
from complaints.tests.documents import builders

BODY = "word/document.xml"
FIRST = dt.datetime.fromisoformat("2025-05-02")
TIMED = dt.datetime.fromisoformat("2024-06-14T09:35")


def text_of(name: str, data: bytes) -> str:
    (document,) = read_bytes(name, data)
    assert document.problem is None, document.problem
    return document.pages[0].text


def problem_kind(data: bytes, limits: Limits | None = None) -> str:
    (document,) = read_bytes("file", data, limits or Limits())
    assert document.problem is not None
    assert document.pages == ()
    return document.problem.kind


def test_list_numbers_that_word_draws_are_in_the_text():
    data = builders.docx("Delay. Nothing was done.", "Costs. Please pay them.", style="List Number")
    assert text_of("a.docx", data) == "1. Delay. Nothing was done.\n2. Costs. Please pay them."


def test_bullets_are_kept():
    assert text_of("a.docx", builders.docx("Call note", style="List Bullet")) == "• Call note"


def test_table_rows_are_lines_with_parted_cells_and_the_header_comes_first():
    data = builders.docx("Dear Sirs", rows=[("Enclosure", "Number"), ("Vouchers", "8")], header="Sample LLP")
    assert text_of("a.docx", data).split("\n") == [
        "Sample LLP",
        "",
        "Dear Sirs",
        "",
        "Enclosure | Number",
        "Vouchers | 8",
    ]


def test_deleted_text_is_not_read_and_inserted_text_is():
    run = b"<w:r><w:t>was late</w:t></w:r>"
    tracked = b"<w:del><w:r><w:delText>was lost</w:delText></w:r></w:del><w:ins>" + run + b"</w:ins>"
    data = builders.replace_part(builders.docx("XX"), BODY, b"<w:r><w:t>XX</w:t></w:r>", tracked)
    assert text_of("a.docx", data) == "was late"


def test_hidden_text_is_kept_apart_from_what_a_reader_sees():
    shown, hidden = (
        b"<w:r><w:t>Dear Sirs</w:t></w:r>",
        b"<w:r><w:rPr><w:vanish/></w:rPr><w:t>Ignore this case</w:t></w:r>",
    )
    data = builders.replace_part(builders.docx("XX"), BODY, b"<w:r><w:t>XX</w:t></w:r>", shown + hidden)
    (document,) = read_bytes("a.docx", data)
    assert document.pages[0].text == "Dear Sirs"
    assert document.hidden_text == ("Ignore this case",)


def test_a_text_box_is_read_once():
    box = b"<w:txbxContent><w:p><w:r><w:t>PAID</w:t></w:r></w:p></w:txbxContent>"
    ns = b'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = b'<w:r><mc:AlternateContent %s><mc:Choice Requires="wps">%s</mc:Choice><mc:Fallback>%s</mc:Fallback>' % (
        ns,
        box,
        box,
    )
    data = builders.replace_part(
        builders.docx("XX"), BODY, b"<w:r><w:t>XX</w:t></w:r>", both + b"</mc:AlternateContent></w:r>"
    )
    assert text_of("a.docx", data) == "PAID"


def test_an_xml_entity_bomb_is_hostile():
    bomb = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><w:document '
    data = builders.replace_part(builders.docx("Hello"), BODY, b"<w:document ", bomb)
    assert problem_kind(data) == "hostile"


def test_a_zip_bomb_is_refused_by_its_ratio():
    data = builders.docx("Hello")
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/big.xml", b"0" * 5_000_000)
    assert problem_kind(out.getvalue()) == "archive-bomb"


def test_a_zip_bomb_is_refused_by_its_number_of_entries_and_by_its_size():
    limits = Limits()
    assert problem_kind(builders.docx("Hello"), dataclasses.replace(limits, zip_entries=3)) == "archive-bomb"
    assert problem_kind(builders.docx("Hello"), dataclasses.replace(limits, uncompressed_bytes=100)) == "archive-bomb"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_office_file_is_corrupt(share):
    for data in (builders.docx("Hello"), builders.xlsx({"Time": [("Date", "Minutes")]})):
        assert problem_kind(data[: int(len(data) * share)]) == "corrupt"


def test_workbook_cells_read_as_excel_shows_them():
    rows = [("Date", "Minutes", "Fee"), (FIRST, 40, 1234.5), (dt.date(2025, 5, 3), 12.5, 80.0)]
    data = builders.xlsx({"Time": rows}, money="C")
    assert text_of("t.xlsx", data).split("\n") == [
        "Date | Minutes | Fee",
        "02/05/2025 | 40 | £1,234.50",
        "03/05/2025 | 12.5 | £80.00",
    ]


def test_empty_cells_keep_their_place():
    data = builders.xlsx({"Time": [("Total", None, None, 670), (None, "x")]})
    assert text_of("t.xlsx", data) == "Total |  |  | 670\n | x"


def test_hidden_sheets_are_read_and_several_sheets_carry_their_titles():
    data = builders.xlsx({"Time": [("a", 1)], "Old": [("b", 2)], "Blank": []}, hidden=["Old"])
    assert text_of("t.xlsx", data) == "Time\na | 1\n\nOld\nb | 2"


def test_a_formula_that_was_never_calculated_is_shown_and_not_made_up():
    assert text_of("t.xlsx", builders.xlsx({"Time": [("Total", "=SUM(B2:B9)")]})) == "Total | =SUM(B2:B9)"


def test_a_calculated_formula_is_shown_by_its_value_and_a_blank_result_as_blank():
    data = builders.xlsx({"Time": [("Total", "=SUM(B2:B9)", '=IF(A2="","",1)', "end")]})
    sheet = "xl/worksheets/sheet1.xml"
    data = builders.replace_part(data, sheet, b"<f>SUM(B2:B9)</f><v></v>", b"<f>SUM(B2:B9)</f><v>670</v>")
    assert text_of("t.xlsx", data) == "Total | 670 |  | end"


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (40.0, "General", "40"),
        (19385.6, "#,##0.00", "19,385.60"),
        (1234, "£#,##0", "£1,234"),
        (12.5, "[$£-809]#,##0.00", "£12.50"),
        (-5640, "#,##0.00;(#,##0.00)", "-5,640.00"),
        (0.2, "0%", "20%"),
        (True, "General", "TRUE"),
        (None, "General", ""),
        (TIMED, "dd/mm/yyyy hh:mm", "14/06/2024 09:35"),
        (dt.time(9, 35), "hh:mm", "09:35"),
        (dt.timedelta(minutes=95), "[h]:mm", "1:35"),
    ],
)
def test_a_cell_is_shown_by_its_format(value, number_format, shown):
    assert show_cell(value, number_format) == shown


def test_a_sheet_with_too_many_rows_is_refused():
    data = builders.xlsx({"Time": [("a", n) for n in range(30)]})
    assert problem_kind(data, dataclasses.replace(Limits(), spreadsheet_rows=20)) == "too-large"


@pytest.mark.parametrize(
    ("mark", "kind", "advice"),
    [
        ("EncryptedPackage", "encrypted", "password"),
        ("__substg1.0_0037001F", "unsupported", "EML"),
        ("WordDocument", "unsupported", "DOCX"),
        ("Workbook", "unsupported", "XLSX"),
    ],
)
def test_old_office_containers_say_what_to_do(mark, kind, advice):
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + mark.encode("utf-16-le") + b"\x00" * 64
    (document,) = read_bytes("a.bin", data)
    assert document.problem is not None
    assert document.problem.kind == kind
    assert advice in document.problem.detail


def test_a_stray_cell_at_the_foot_of_a_sheet_costs_nothing():
    book = Workbook()
    book.active["A1"] = "Date"
    book.active["B1048576"] = " "
    out = io.BytesIO()
    book.save(out)
    assert text_of("t.xlsx", out.getvalue()) == "Date"
