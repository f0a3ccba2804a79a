"""The embedded drafter: letters from facts, analysis and guidance, without a model. Pure and deterministic.

Each letter is composed twice: first to learn which documents it relies on, then with those documents numbered as
exhibits in the order of their dates.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from complaints.analysis.records import Analysis
from complaints.facts.records import Facts, Intake
from knowledge.digest.records import GuidanceSection
from letters.drafting import heads
from letters.drafting.adjudicator import adjudicator_blocks
from letters.drafting.appeal import appeal_blocks
from letters.drafting.case import Case, Pages
from letters.drafting.complaint import complaint_blocks
from letters.drafting.costs import schedule_blocks
from letters.drafting.escalation import escalation_blocks
from letters.drafting.ico import ico_blocks
from letters.drafting.soundness import sound
from letters.drafting.variety import varied
from letters.exhibits import exhibit_list, number_exhibits, relied_on
from letters.ledger import Checks
from letters.outline import Outline, letter_types, outline_for
from letters.practice import PracticeDetails
from letters.records import Block, DraftLetter, LetterType, Sentence, Tone

Composer = Callable[[Case, Outline], list[Block]]

COMPOSERS: Mapping[LetterType, Composer] = {
    "complaint_tier_1": complaint_blocks,
    "complaint_tier_2": escalation_blocks,
    "adjudicator": adjudicator_blocks,
    "appeal": appeal_blocks,
    "ico": ico_blocks,
}
_WITH_SCHEDULE = ("complaint_tier_1", "complaint_tier_2", "adjudicator")


def draft_letters(
    intake: Intake,
    facts: Facts,
    analysis: Analysis,
    guidance: Mapping[str, GuidanceSection],
    practice: PracticeDetails,
    *,
    tone: Tone = "firm",
    pages: Pages | None = None,
    checks: Checks | None = None,
) -> tuple[DraftLetter, ...]:
    """One letter for each strand of the route, the main one first.

    `pages` holds the text of each page by document and number; without it the evidence of a sentence is the quotation
    alone. The sentences come unchecked: the ledger sets their status, and does so cheaply with the `checks` that were
    given here.
    """
    papers = {} if pages is None else pages
    kept = checks or Checks(facts, guidance, intake.nation, papers)
    case = Case(intake, facts, analysis, guidance, practice, tone, papers, checks=kept)
    return tuple(draft_letter(case, letter) for letter in letter_types(analysis))


def draft_letter(case: Case, letter: LetterType) -> DraftLetter:
    """One letter, numbered and with its enclosures."""
    outline = outline_for(letter, case.analysis, case.guidance)
    numbers = number_exhibits(case.facts, relied_on(_plain(_body(_composed(case, outline)))))
    numbered = replace(case, numbers=numbers)
    blocks = _composed(numbered, outline)
    exhibits = exhibit_list(case.facts, numbers, _plain(_body(blocks)))
    enclosed = heads.enclosures(numbered, exhibits)
    annex = schedule_blocks(numbered, outline) if letter in _WITH_SCHEDULE else []
    whole = (*blocks, heads.signature(numbered), *((enclosed,) if enclosed else ()), *annex)
    return sound(numbered, DraftLetter(letter, _recipient(blocks), case.dated, whole, exhibits, case.tone))


def _composed(case: Case, outline: Outline) -> list[Block]:
    return varied(COMPOSERS[outline.type](case, outline))


def _body(blocks: list[Block]) -> list[Block]:
    """The blocks whose papers are enclosed: a paper that only gives a reference or an address is not."""
    return [block for block in blocks if block.kind not in ("subject", "addressee")]


def _plain(blocks: list[Block]) -> tuple[Sentence, ...]:
    return DraftLetter("complaint_tier_1", "", date.min, tuple(blocks), ()).sentences()


def _recipient(blocks: list[Block]) -> str:
    addressee = next(block for block in blocks if block.kind == "addressee")
    return ", ".join(sentence.text for sentence in addressee.sentences if not sentence.text.startswith("By "))
