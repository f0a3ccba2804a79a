"""Every section that the tables name exists in the guidance and is in force."""

import re
from pathlib import Path
from typing import get_args

import pytest

from complaints.analysis import standards
from complaints.analysis.records import CharterStandard, Failing, RemedyKind

SOURCES = sorted(Path(standards.__file__).parent.glob("*.py"))
OTHER_PAGES = {"charter", "complain-about-hmrc", "make-a-complaint", "adjudicator"}


def cited() -> set[str]:
    """Section ids in the code of the analysis, in its tables and in the words it writes."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    return set(re.findall(r"CRG ?\d{4}", text))


def test_every_failing_and_every_remedy_has_its_standard() -> None:
    assert set(standards.STANDARDS) == set(get_args(Failing))
    assert set(standards.REMEDY_BASIS) == set(get_args(RemedyKind))


def test_charter_titles_are_those_of_the_charter() -> None:
    assert {s.charter for s in standards.STANDARDS.values()} <= set(get_args(CharterStandard))


def test_every_section_cited_is_in_the_digest_and_in_force() -> None:
    digest = pytest.importorskip("knowledge.digest").load_digest()
    strange = {s for s in cited() if s not in digest or digest[s].archived}
    assert strange == set()


def test_the_archived_page_is_never_cited() -> None:
    assert "CRG2075" not in cited()
