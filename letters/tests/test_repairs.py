"""A repair puts one wrong figure right where the evidence leaves one candidate, and nothing else."""

import pytest

from letters.repairs import repair
from lightpoint.grounding import check_sentence
from lightpoint.grounding.records import Evidence

NATION = "england-and-wales"


def mended(text, *evidence):
    papers = [Evidence(f"{number}.pdf", words) for number, words in enumerate(evidence)]
    found = repair(text, papers, check_sentence(text, papers, nation=NATION, strict=True), nation=NATION)
    return found.text if found else None


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("HMRC's letter says that £420.17 was repaid.", "HMRC's letter says that £420.71 was repaid."),
        ("HMRC repaid £420.71 on 5 March 2025.", "HMRC repaid £420.71 on 6 March 2025."),
    ],
)
def test_one_wrong_figure_is_put_right(text, right):
    assert mended(text, "HMRC's letter says: on 6 March 2025 HMRC repaid £420.71.") == right


def test_two_candidates_leave_a_figure_alone():
    assert mended("HMRC repaid £420.17.", "HMRC repaid £420.71. HMRC repaid £24.00.") is None


def test_two_wrong_figures_are_for_a_person():
    assert mended("HMRC repaid £420.17 on 5 March 2025.", "On 6 March 2025 HMRC repaid £420.71.") is None


def test_a_denial_is_never_turned_round():
    assert mended("HMRC did not repay £420.71.", "HMRC repaid £420.71.") is None
