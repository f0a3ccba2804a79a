import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest

from knowledge.digest import GuidanceSection, build_section
from knowledge.services import load_digest_into_database

ENTRY: Mapping[str, object] = {
    "id": "CRG4999",
    "title": "Delays: A page for tests",
    "manual": "Complaints and Remedy Guidance",
    "requires": "A kingfisher that waits is not late. It states no number of days.",
    "figures": [["£7", "the fine for a late kingfisher"]],
    "topics": ["delay"],
    "keywords": ["halcyon"],
    "page_date": date(2023, 12, 11),
    "url": "https://www.gov.uk/crg4999",
}

NOW = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def page_names(shared_dir: Path) -> Mapping[str, str]:
    """File name by section id, of the GOV.UK prints beside the project."""
    names: dict[str, str] = json.loads((shared_dir / "data/retrieval/sections.json").read_text(encoding="utf-8"))
    return {identifier: name for name, identifier in names.items()}


@pytest.fixture(scope="session")
def page_texts(shared_dir: Path, page_names) -> Mapping[str, str]:
    """The words of each print by section id, on one line, with typographic marks made plain."""
    folder = shared_dir / "data/guidance"
    return {identifier: _page_text(folder / name) for identifier, name in page_names.items()}


@pytest.fixture
def guidance(db) -> None:
    """The shipped digest, loaded."""
    load_digest_into_database(now=NOW)


@pytest.fixture
def make_entry() -> Callable[..., GuidanceSection]:
    """Builds a digest entry of a section that does not exist on GOV.UK; words given by name change it."""

    def make(**changes: object) -> GuidanceSection:
        return build_section({**ENTRY, **changes})

    return make


def _page_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    text = text.replace("\ufffe", "").replace("￾", "").replace("’", "'").replace("“", '"').replace("”", '"')
    return re.sub(r"\s+", " ", text)
