"""Lies planted in the letters of invented cases, kind by kind: how many the ledger may let pass at most."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

import pytest

from knowledge.digest import load_digest
from letters.drafting import draft_letters
from letters.ledger import check_letter
from letters.management.simulated import amounts, citations, days, replaced, roles
from letters.records import Block, DraftLetter, Sentence
from letters.tests.samples import PRACTICE, Sample, adjudicator, data_breach, penalty, repayment, second_review
from lightpoint.grounding.entities import find_entities

CASES: tuple[Callable[[], Sample], ...] = (repayment, second_review, adjudicator, penalty, data_breach)
_DENIALS = (
    (r"\b(was|were|has|have|had|is|are|would|will|could) (?=[a-z]+(?:ed|en|id|nt|ued|aid|ade)\b)", r"\1 not "),
    (r"\b(was|were|has|have|had|is|are|would|will|could|did) not\b", r"\1"),
    (r"\bno (answer|reply|explanation|apology|date|record)\b", r"an \1"),
    (r"\b(HMRC|We|we|It) (?:wrote|replied|answered)\b", r"\1 did not write"),
    (r"\b(HMRC|We|we) (accepted|admitted|upheld)\b", r"\1 denied"),
)
_STRANGERS = ("Mr Lubbock", "Mrs Vandeleur", "Corvane Trading Ltd")


def lengths(text: str) -> Iterator[str]:
    for match in re.finditer(r"\b(\d+)(?= (?:working days|days|weeks|months|minutes)\b)", text):
        yield text[: match.start()] + str(int(match[1]) + 7) + text[match.end() :]


def parties(text: str) -> Iterator[str]:
    for entity in find_entities(text):
        if entity.kind in ("person", "body"):
            for stranger in _STRANGERS:
                yield text[: entity.start] + stranger + ("'s" if entity.possessive else "") + text[entity.end :]


def denials(text: str) -> Iterator[str]:
    yield from replaced(text, _DENIALS)


# The share of lies of each kind that the ledger alone may let pass: none of a figure or a citation.
BOUNDS = (
    (amounts, 0.0),
    (days, 0.02),
    (lengths, 0.0),
    (citations, 0.0),
    (parties, 0.0),
    (roles, 0.4),
    (denials, 0.25),
)


@lru_cache(maxsize=1)
def true_sentences() -> tuple[tuple[int, int, Sentence], ...]:
    """Every verified FACT of the drafted letters, with the place of its case and of its letter."""
    found = []
    for place, case in enumerate(CASES):
        for number, judged in enumerate(_letters(case())):
            found += [
                (place, number, s) for s in judged.sentences() if s.kind in ("fact", "rule") and s.status == "verified"
            ]
    return tuple(found)


@lru_cache(maxsize=8)
def _drafts(place: int) -> tuple[Sample, tuple[DraftLetter, ...]]:
    sample = CASES[place]()
    drafts = draft_letters(sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE, pages=sample.pages)
    return sample, drafts


def _letters(sample: Sample) -> Iterator[DraftLetter]:
    digest = load_digest()
    for drafted in draft_letters(sample.intake, sample.facts, sample.analysis, digest, PRACTICE, pages=sample.pages):
        yield check_letter(drafted, sample.facts, digest, sample.intake.nation, pages=sample.pages)


def passed(lies: Callable[[str], Iterator[str]]) -> tuple[int, list[str]]:
    """How many lies were planted, and those that were verified."""
    planted, let_through = 0, []
    for place in range(len(CASES)):
        sample, drafts = _drafts(place)
        for number, draft in enumerate(drafts):
            own = [s for p, n, s in true_sentences() if (p, n) == (place, number)]
            lied = tuple(replace(s, text=lie, status="unchecked") for s in own for lie in dict.fromkeys(lies(s.text)))
            planted += len(lied)
            letter = replace(draft, blocks=(Block("paragraph", lied),))
            judged = check_letter(letter, sample.facts, load_digest(), sample.intake.nation, pages=sample.pages)
            let_through += [s.text for s in judged.sentences() if s.status == "verified"]
    return planted, let_through


@pytest.mark.parametrize(("lies", "bound"), BOUNDS, ids=[lies.__name__ for lies, _ in BOUNDS])
def test_no_more_lies_of_a_kind_pass_than_its_bound(lies: Callable[[str], Iterator[str]], bound: float) -> None:
    planted, let_through = passed(lies)
    assert planted >= 5
    assert len(let_through) <= bound * planted, let_through
