import json
import re
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def page_names() -> Mapping[str, str]:
    """File name by section id, from the folder beside the project; skips where a clone has no such folder."""
    index = SHARED / "retrieval" / "sections.json"
    if not index.exists():
        pytest.skip("the GOV.UK prints are not part of a clone: ../shared/data is absent")
    names: dict[str, str] = json.loads(index.read_text(encoding="utf-8"))
    return {identifier: name for name, identifier in names.items()}


@pytest.fixture(scope="session")
def page_texts(page_names) -> Mapping[str, str]:
    """The words of each print by section id, on one line, with typographic marks made plain."""
    return {identifier: _page_text(SHARED / "guidance" / name) for identifier, name in page_names.items()}


def _page_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    text = text.replace("\ufffe", "").replace("￾", "").replace("’", "'").replace("“", '"').replace("”", '"')
    return re.sub(r"\s+", " ", text)
