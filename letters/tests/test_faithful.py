"""A sentence of a model says no more than its cards, whatever the ledger would let pass; and prompts stay short."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import pytest

from letters.pipelines import parts_of
from letters.pipelines.cards import exhibits_in
from letters.pipelines.faithful import missing_figures, unfaithful
from letters.pipelines.judging import with_exhibits
from letters.pipelines.prompts import STAGES, prompt_tokens, prompt_version, system_text
from letters.pipelines.records import Card, Part
from letters.records import Sentence
from letters.tests import test_lies

PROMPT_TOKENS = {"facts": 300, "structure": 320, "compose": 420, "tone": 420, "refine": 440}  # each costs every letter


@lru_cache(maxsize=1)
def parts() -> tuple[Part, ...]:
    return tuple(
        part
        for case in test_lies.CASES
        for number, letter in enumerate(test_lies._letters(case()))
        for part in parts_of(letter, number)
    )


def cards() -> Iterator[Card]:
    for part in parts():
        yield from part.cards


def card(text: str, kind: str = "fact") -> Card:
    return Card("c1", 0, text, (), Sentence(text, kind))  # type: ignore[arg-type]


def test_every_card_may_be_said_as_it_stands() -> None:
    assert sum(1 for _ in cards()) > 60
    for one in cards():
        assert unfaithful(one.text, [one]) == ()


@pytest.mark.parametrize(("lies", "_bound"), test_lies.BOUNDS, ids=[lies.__name__ for lies, _ in test_lies.BOUNDS])
def test_no_lie_about_a_card_passes(lies: Callable[[str], Iterator[str]], _bound: float) -> None:
    told = [
        (one, lie) for one in cards() if one.sentence.kind in ("fact", "rule") for lie in dict.fromkeys(lies(one.text))
    ]
    assert len(told) >= 5
    assert [lie for one, lie in told if lie != one.text and not unfaithful(lie, [one])] == []


@pytest.mark.parametrize(("lies", "_bound"), test_lies.BOUNDS, ids=[lies.__name__ for lies, _ in test_lies.BOUNDS])
def test_no_lie_passes_for_having_a_second_card_beside_it(lies: Callable[[str], Iterator[str]], _bound: float) -> None:
    for part in parts():
        for one, other in zip(part.cards, part.cards[1:], strict=False):
            truth = f"{one.text.rstrip('.')}, and {other.text[0].lower()}{other.text[1:]}"
            if one.sentence.kind in ("fact", "rule") and not unfaithful(truth, [one, other]):
                lied = [lie for lie in lies(truth) if lie not in (truth, f"{one.text} {other.text}")]
                assert [lie for lie in lied if not unfaithful(lie, [one, other])] == []


PROMISES = (
    "On 7 April 2025 HMRC undertook by telephone to release the money within 10 working days and on 20 May 2025 it"
    " undertook by letter to issue the repayment within 14 days; both were left undone."
)
STATEMENT = "On 18 August 2025 HMRC's statement showed that no repayment had been issued."


@pytest.mark.parametrize(
    ("told", "texts"),
    [
        (
            [PROMISES],
            "HMRC undertook by telephone on 7 April 2025 to release the money within 10 working days, and by letter on"
            " 20 May 2025 to issue the repayment within 14 days; both were left undone.",
        ),
        (
            [PROMISES, STATEMENT],
            "HMRC undertook by telephone on 7 April 2025 to release the money within 10 working days, and by letter on"
            " 20 May 2025 to issue the repayment within 14 days; both undertakings were left undone, and its statement"
            " of 18 August 2025 still showed that no repayment had been issued.",
        ),
        (["No answer came to our letter of 14 March 2025."], "Our letter of 14 March 2025 was never answered."),
        (
            ["The letter from Aire Bank of 22 August 2025 shows bank charges of £61.40."],
            "Bank charges of £61.40 are shown in the letter from Aire Bank of 22 August 2025.",
        ),
    ],
)
def test_other_words_for_the_same_pass(told: list[str], texts: str) -> None:
    assert unfaithful(texts, [card(text) for text in told]) == ()


@pytest.mark.parametrize(
    ("told", "lie", "about"),
    [
        ([PROMISES], PROMISES.replace("7 April 2025", "20 May 2025", 1), "figure"),
        (
            [PROMISES],
            "HMRC undertook by telephone to release the money; both were left undone on 7 April 2025.",
            "role",
        ),
        ([PROMISES], "We undertook by telephone on 7 April 2025 to release the money within 10 working days.", "role"),
        ([STATEMENT], "On 18 August 2025 HMRC's statement showed that repayment had been issued.", "denial"),
        (
            [STATEMENT],
            "On 18 August 2025 HMRC's statement dishonestly showed that no repayment had been issued.",
            "word",
        ),
        ([STATEMENT], "On 18 August 2025 Mrs Vandeleur's statement showed that no repayment had been issued.", "name"),
        ([STATEMENT], "HMRC's statement of 18 August 2025 reads: “nothing was issued”.", "quotation"),
        ([STATEMENT], "[NAME-ABCDE]'s statement showed that no repayment had been issued.", "token"),
        (
            ["HMRC paid £120.00 on 3 May 2024.", "We paid £450.00 on 9 July 2024."],
            "HMRC paid £120.00 on 9 July 2024, and we paid £450.00 on 3 May 2024.",
            "role",
        ),
        (
            ["HMRC paid £120.00 on 3 May 2024, and we paid £450.00 on 9 July 2024."],
            "We paid £120.00 on 3 May 2024, and HMRC paid £450.00 on 9 July 2024.",
            "role",
        ),
    ],
)
def test_a_lie_is_refused_with_its_reason(told: list[str], lie: str, about: str) -> None:
    reasons = unfaithful(lie, [card(text) for text in told])
    assert any(reason.startswith(about) for reason in reasons), reasons


PAID = "HMRC repaid £1,200.00 on 3 March 2025."
LOST = "HMRC lost the letter of 3 March 2025."
OWED = "HMRC told us on 3 March 2025 that the client owed £300.00."
UNPAID = ("HMRC has not repaid £1,200.00.", "HMRC repaid £300.00.")
RUNS = "The period runs from HMRC's penalty notice of 17 February 2026."
CODED = "HMRC changed the code from 1257L to 693L after our letter."
RULE = "CRG5175 says that HMRC should answer within 15 working days."


@pytest.mark.parametrize(
    ("told", "lie", "about"),
    [
        *(
            ([PAID], PAID.replace("repaid", verb), "word")
            for verb in ("may have repaid", "should have repaid", "will repay", "nearly repaid", "again repaid")
        ),
        ([PAID], f"If {PAID}", "word"),
        ([PAID], PAID.replace("2025.", "2025 because it had to."), "word"),
        *(([PAID], PAID.replace("£", f"{bound} £"), "role") for bound in ("more than", "less than", "almost", "over")),
        ([PAID], PAID.replace(" on", " each on"), "role"),
        *(([PAID], PAID.replace(" on", f" {bound}"), "role") for bound in ("before", "until", "since", "by")),
        *(([PAID], f"{PAID} {mark}", "character") for mark in "\u202e\u200b①½😀你п<"),
        ([PAID], PAID.replace("HMRC", "HMR\u0421"), "character"),
        ([PAID], "Had HMRC repaid £1,200.00 on 3 March 2025?", "character"),
        ([LOST], "HMRC lost every letter since 3 March 2025.", "word"),
        ([LOST], "HMRC again lost the letter of 3 March 2025.", "word"),
        (UNPAID, "HMRC has repaid £1,200.00 and not £300.00.", "denial"),
        (UNPAID, "HMRC repaid £1,200.00.", "denial"),
        ([UNPAID[0]], "HMRC has not only repaid £1,200.00.", "word"),
        ([OWED], "On 3 March 2025 the client owed £300.00.", "role"),
        ([RULE], RULE.replace("should", "must"), "word"),
        ([RUNS], RUNS.replace("from", "to"), "role"),
        ([CODED], "HMRC changed the code from 693L to 1257L after our letter.", "role"),
        ([CODED], CODED.replace("after", "before"), "role"),
    ],
)
def test_small_words_and_strange_characters_are_held_against_the_cards(told: list[str], lie: str, about: str) -> None:
    reasons = unfaithful(lie, [card(text) for text in told])
    assert any(reason.startswith(about) for reason in reasons), reasons


SEEN = "HMRC acknowledged our complaint on 3 March 2025."
HOPED = "HMRC expected to repay the tax of £300.00."
UNPAID_YET = "HMRC failed to repay £300.00 by 3 March 2025."
LENT = "The bank charged £61.40 for the overdraft."
TWO = ("HMRC accepted that the return was filed on 3 March 2025.", "The delay was unreasonable.")
WORRIED = ("The delay was unreasonable.", "The client suffered worry.")
NORMALLY = "HMRC says that it will normally answer within six weeks."
TOLD = "HMRC told us that the return was filed on 3 March 2025."
NO_ANSWER = "Point 3 of our complaint of 10 March 2025 has no answer in HMRC's reply of 1 May 2025."


@pytest.mark.parametrize(
    ("told", "lie", "about"),
    [
        *(([SEEN], SEEN.replace("acknowledged", verb), "word") for verb in ("admitted", "accepted", "agreed")),
        *(([HOPED], HOPED.replace("expected", verb), "word") for verb in ("promised", "guaranteed", "undertook")),
        *(([HOPED], HOPED.replace("the tax", f"the {tax}"), "word") for tax in ("VAT", "CGT", "duty")),
        *(([LENT], LENT.replace("overdraft", loan), "word") for loan in ("mortgage", "loan", "advance")),
        (TWO, "HMRC accepted that the delay was unreasonable.", "role"),
        ([TWO[0], HOPED], "HMRC accepted that it expected to repay the tax of £300.00.", "role"),
        ([UNPAID_YET], "£300.00 was repaid by 3 March 2025.", "denial"),
        (["HMRC refused to correct the record."], "The record was corrected.", "denial"),
        (["HMRC has yet to repay £300.00."], "£300.00 has been repaid.", "denial"),
        (WORRIED, "The unreasonable delay caused the client worry.", "word"),
        (WORRIED, "The delay was unreasonable, and the client therefore suffered worry.", "word"),
        *(([PAID], PAID.replace(" on", f" {bound}"), "role") for bound in ("later than", "earlier than", "between")),
        *(([PAID], PAID.replace("£", f"{bound} £"), "role") for bound in ("above", "below", "beyond")),
        *(([PAID], PAID.replace("HMRC", f"HMRC {word}"), "word") for word in ("already", "instead")),
        ([PAID], "It is known that HMRC repaid £1,200.00 on 3 March 2025.", "word"),
        ([SEEN], SEEN.replace("our complaint", "our second complaint"), "word"),
        *(
            ([PAID], PAID.replace("2025.", f"2025 {words}."), "word")
            for words in ("in full", "in error", "over and over")
        ),
        ([SEEN], SEEN.replace("our", "another"), "word"),
        ([NORMALLY], "HMRC says that it answers within six weeks.", "word"),
        (["HMRC wrote that it would repay £9.00."], "HMRC repaid £9.00.", "word"),
        ([RULE], "CRG5175 says “HMRC should answer” within 15 working days.", "quotation"),
        ([NO_ANSWER], NO_ANSWER.replace("has no answer", "“has no answer”"), "quotation"),
        *(([LENT], LENT.replace("£", f"{bound} £"), "role") for bound in ("a further", "another")),
        ([TOLD], TOLD.replace("told us", "was told"), "role"),
        ([TOLD], TOLD.replace("HMRC told us", "HMRC had been told"), "role"),
        (["HMRC was told of the change of address."], "HMRC told of the change of address.", "role"),
        (["We rang HMRC on 3 March 2025.", "The trust paid HMRC £9.00."], "The trust paid us £9.00.", "role"),
        ([NO_ANSWER], "Point 3 of our complaint of 1 May 2025 has no answer in HMRC's reply of 10 March 2025.", "role"),
    ],
)
def test_words_that_mean_nearly_the_same_are_held_against_the_cards(told, lie: str, about: str) -> None:
    assert unfaithful(told[0], [card(text) for text in told]) == ()
    reasons = unfaithful(lie, [card(text) for text in told])
    assert any(reason.startswith(about) for reason in reasons), reasons


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (["HMRC undertook on 3 March 2025 to repay £300.00."], "HMRC promised on 3 March 2025 to repay £300.00."),
        ([SEEN], "Our complaint was acknowledged by HMRC on 3 March 2025."),
        (TWO, "HMRC accepted that the return was filed on 3 March 2025, and the delay was unreasonable."),
        (["HMRC repaid the overpaid tax."], "HMRC refunded the overpaid tax."),
        (["HMRC undertook that it would repay £9.00."], "HMRC undertook to repay £9.00."),
        (["HMRC told the client of it."], "The client was told of it by HMRC."),
        (["HMRC has repaid £300.00."], "HMRC repaid £300.00."),
    ],
)
def test_words_that_say_the_same_are_not(told, text: str) -> None:
    assert unfaithful(text, [card(one) for one in told]) == ()


def test_a_hedge_that_is_left_out_is_told() -> None:
    assert missing_figures(card(NORMALLY), [NORMALLY.replace("normally ", "")]) == ("normally",)
    assert missing_figures(card(RULE), [RULE.replace("should answer", "answers")]) == ("should",)
    assert missing_figures(card("HMRC promised that it would repay £9.00."), ["HMRC promised to repay £9.00."]) == ()


def test_a_figure_that_is_left_out_is_told() -> None:
    assert missing_figures(card(STATEMENT), ["HMRC's statement showed no repayment."]) == ("18 August 2025",)
    assert missing_figures(card(STATEMENT), [STATEMENT]) == ()


def test_exhibits_stand_before_a_quotation_and_at_the_end_of_anything_else() -> None:
    assert with_exhibits("It says: “no”.", [2]) == "It says (exhibit 2): “no”."
    assert with_exhibits("It was sent.", [2, 6]) == "It was sent (exhibits 2 and 6)."
    assert exhibits_in("It was sent (exhibits 2, 4 and 6, page 3).") == (2, 4, 6)


@pytest.mark.parametrize("stage", STAGES)
def test_a_prompt_is_no_longer_than_it_was(stage) -> None:
    assert prompt_tokens(stage) <= PROMPT_TOKENS[stage]
    assert re.fullmatch(r"[0-9a-f]{12}", prompt_version(stage))
    assert system_text(stage).startswith(system_text("facts")[:400])  # one prefix for a provider to keep
