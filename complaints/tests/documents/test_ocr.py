"""Scans and pictures: words, straightening, confidence and bounds. These load the OCR models (about 2 s)."""

import dataclasses
import io

import pytest
from PIL import Image

from complaints.documents import Limits, read_bytes
from complaints.tests.documents import builders

LINES = [
    "We received your letter on 13 January 2025",
    "Amount now due is £19,385.60",
    "You have 30 days from the date of this letter",
]


def squeeze(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("turn", [0, 90, 180, 270, 2, -3])
def test_a_scan_is_read_whichever_way_it_lies(turn):
    scan = builders.picture(LINES).rotate(turn, expand=True, fillcolor="white")
    (document,) = read_bytes("scan.pdf", builders.pdf_of_picture(scan))
    (page,) = document.pages
    assert [squeeze(line) for line in page.text.split("\n") if line] == [squeeze(line) for line in LINES]
    assert page.method == "ocr"
    assert page.number == 1
    assert page.confidence is not None
    assert page.confidence > 0.9


def test_words_of_a_scan_are_parted_by_single_spaces():
    (document,) = read_bytes("scan.png", builders.picture_bytes(builders.picture(LINES)))
    assert [line for line in document.pages[0].text.split("\n") if line] == LINES
    assert document.pages[0].number is None


def test_a_fax_of_two_pages_gives_two_numbered_pages():
    out = io.BytesIO()
    first, second = builders.picture(["The first page here"]), builders.picture(["The second page here"])
    first.save(out, format="TIFF", save_all=True, append_images=[second])
    (document,) = read_bytes("fax.tif", out.getvalue())
    assert document.media_type == "image/tiff"
    assert [(page.number, page.text) for page in document.pages] == [
        (1, "The first page here"),
        (2, "The second page here"),
    ]


def test_a_blank_scan_is_empty():
    (document,) = read_bytes("scan.png", builders.picture_bytes(builders.picture([])))
    assert document.problem is not None
    assert document.problem.kind == "empty"


def test_more_scanned_pages_than_allowed_are_refused():
    out = io.BytesIO()
    pages = [builders.picture(["A page"], size=(400, 200)) for _ in range(3)]
    pages[0].save(out, format="PDF", save_all=True, append_images=pages[1:])
    (document,) = read_bytes("scan.pdf", out.getvalue(), dataclasses.replace(Limits(), ocr_pages=1))
    assert document.problem is not None
    assert document.problem.kind == "too-many-pages"


def test_a_picture_with_too_many_points_is_refused_before_it_is_decoded():
    data = builders.picture_bytes(Image.new("1", (20_000, 20_000)))
    (document,) = read_bytes("bomb.png", data)
    assert document.problem is not None
    assert document.problem.kind == "too-large"


def test_a_damaged_picture_is_corrupt():
    data = builders.picture_bytes(builders.picture(LINES))
    (document,) = read_bytes("photo.png", data[: len(data) // 3])
    assert document.problem is not None
    assert document.problem.kind == "corrupt"


def test_a_huge_page_is_rendered_within_the_limit():
    scan = builders.picture(LINES)
    out = io.BytesIO()
    scan.save(out, format="PDF", resolution=7)
    (document,) = read_bytes("plan.pdf", out.getvalue())
    assert document.problem is None
    assert "13 January 2025" in document.pages[0].text
