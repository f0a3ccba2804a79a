"""The 61 prints of GOV.UK's pages beside the project."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from knowledge.digest import load_digest
from knowledge.ingestion import Page
from knowledge.ingestion.reading import read_file

FURNITURE = re.compile(
    r"^(https?://\S+|/\S+|Previous page.*|Next page.*|Back to .*|From:.*|Published.*|(Last )?[Uu]pdated.*|Contents)$"
    r"|being rebuilt|Open Government Licence|Crown copyright|email.protect|\d\d/\d\d/\d{4}, \d\d:\d\d"
    r"|\(/\w|\(https?://\S+\)$|- GOV\.UK$|\d/\d$|Is this page useful|See all\b"
)


@pytest.fixture(scope="module")
def pages(shared_dir: Path, page_names: Mapping[str, str]) -> Mapping[str, Page]:
    folder = shared_dir / "data/guidance"
    return {identifier: read_file(folder / name) for identifier, name in page_names.items()}


def test_each_page_is_known_by_its_identifier(pages: Mapping[str, Page]) -> None:
    assert len(pages) == 61
    assert {expected: page.identifier for expected, page in pages.items()} == {name: name for name in pages}


def test_no_line_of_the_print_or_the_site_is_left(pages: Mapping[str, Page]) -> None:
    left = [
        (page.identifier, line) for page in pages.values() for line in page.body.split("\n") if FURNITURE.search(line)
    ]
    assert left == []


def test_address_date_and_state_are_those_of_the_digest(pages: Mapping[str, Page]) -> None:
    for identifier, entry in load_digest().items():
        page = pages[identifier]
        assert (page.url, page.page_date, page.page_date_role, page.archived) == (
            entry.url, entry.page_date, entry.page_date_role, entry.archived,
        )  # fmt: skip


def test_no_word_of_a_page_is_lost(pages: Mapping[str, Page], page_texts: Mapping[str, str]) -> None:
    """Each word that is left stands in the print, and nearly all of the print's words are left."""
    for identifier, page in pages.items():
        if page.archived:
            continue
        words = re.findall(r"[A-Za-z£0-9]{4,}", page.body.replace("’", "'").replace("“", '"').replace("”", '"'))
        known = re.sub(r"[\s-]", "", page_texts[identifier])
        assert [word for word in words if word not in known] == [], identifier


def test_paragraphs_go_on_overleaf(pages: Mapping[str, Page]) -> None:
    assert "Professional fees vary according to a number of factors" in pages["CRG5225"].body


def test_items_of_a_list_stand_on_lines_of_their_own(pages: Mapping[str, Page]) -> None:
    assert "\nhas the invoice been paid?\n" in pages["CRG5225"].body
