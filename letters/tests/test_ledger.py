"""The ledger: what it lets stand, what it mends, what it stops, and that no planted lie gets past it."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from knowledge.digest import load_digest
from letters.drafting import draft_letters
from letters.ledger import Checks, check_letter, release_problems
from letters.records import Block, DocumentSource, DraftLetter, Exhibit, SectionSource, Sentence
from letters.tests.samples import PRACTICE, SAMPLES, Sample, adjudicator, data_breach, penalty, repayment, second_review
from lightpoint.grounding.records import Evidence
from lightpoint.language.dates import find_dates, format_date
from lightpoint.language.money import find_amounts, format_money
from lightpoint.language.quotations import find_quotations

LETTER = "letter.pdf"
QUOTE = "I have authorised the repayment of £2,480.15. It will be issued within 14 days of the date of this letter."
CASES = {f.__name__: f for f in (repayment, second_review, adjudicator, penalty, data_breach)}


def checked(sample: Sample, *sentences: Sentence) -> tuple[Sentence, ...]:
    exhibits = tuple(Exhibit(n, p.document, p.summary_name, "") for n, p in enumerate(sample.facts.documents, start=1))
    letter = DraftLetter("complaint_tier_1", "HMRC", date(2025, 9, 1), (Block("paragraph", sentences),), exhibits)
    result = check_letter(letter, sample.facts, load_digest(), "england-and-wales", pages=sample.pages)
    return result.sentences()


def check(sentence: Sentence, sample: Sample | None = None) -> Sentence:
    return checked(sample or repayment(), sentence)[0]


def fact(text: str, quote: str = QUOTE, document: str = LETTER, computed: str = "") -> Sentence:
    evidence = (Evidence("computed", computed),) if computed else ()
    return Sentence(text, "fact", (DocumentSource(document, 1, quote),), evidence=evidence)


def rule(text: str, section: str, version: str = "") -> Sentence:
    entry = load_digest().get(section)
    return Sentence(text, "rule", (SectionSource(section, version or (entry.version if entry else "")),))


def test_a_fact_that_its_paper_bears_out_is_verified():
    assert (
        check(fact("On 20 May 2025 HMRC wrote that a repayment of £2,480.15 would be issued within 14 days.")).status
        == "verified"
    )


@pytest.mark.parametrize(
    "text",
    [
        "HMRC wrote on 20 May 2025 that it had authorised a repayment of £2,840.15, that is £284.00 a month.",
        "On 20 May 2025 HMRC said that the repayment would be issued within 14 working days.",
        "On 20 May 2025 HMRC authorised a loan of £2,480.15.",
        "HMRC wrote on 20 May 2025 that it had not authorised the repayment of £2,480.15.",
        "HMRC wrote: “I have authorised a repayment of £2,480.15 with interest.”",
        "On 21 June 2024 HMRC authorised the repayment of £2,480.15 and on 20 May 2025 it wrote.",
    ],
)
def test_a_fact_that_its_paper_does_not_bear_out_is_unsupported(text: str):
    result = check(fact(text))
    assert result.status == "unsupported"
    assert result.reasons


def test_a_fact_needs_a_document_of_the_case():
    assert check(Sentence("HMRC wrote on 20 May 2025.", "fact")).status == "unsupported"
    assert "not among the papers" in " ".join(check(fact("HMRC wrote on 20 May 2025.", document="other.pdf")).reasons)


def test_the_words_relied_on_must_stand_in_the_paper():
    result = check(fact("HMRC authorised the repayment of £2,480.15.", quote="We have paid you £2,480.15."))
    assert any(reason.startswith("quotation:") for reason in result.reasons)


def test_an_exhibit_number_must_be_that_of_a_paper_relied_on():
    sample = repayment()
    number = [p.document for p in sample.facts.documents].index(LETTER) + 1
    text = "On 20 May 2025 HMRC authorised the repayment of £2,480.15 (exhibit {})."
    assert check(fact(text.format(number))).status == "verified"
    assert check(fact(text.format(number + 1))).status == "unsupported"


def test_a_drafter_is_no_witness_of_its_own_words():
    claim = "HMRC paid compensation of £75.00 on 3 June 2025"
    assert check(fact(claim + ".", computed=f"“{QUOTE}” is dated 3 June 2025: {claim}")).status == "unsupported"


def test_a_derived_length_is_worked_out_again():
    text = "From 3 June 2025 to 1 September 2025 was {} working days."
    for days, status in ((63, "verified"), (64, "unsupported")):
        computed = f"{days} working days and 90 days from 3 June 2025 to 1 September 2025"
        assert check(fact(text.format(days), computed=computed)).status == status


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (rule("CRG2075 deals with bouquets of flowers.", "CRG2075"), "archived"),
        (rule("CRG9999 deals with delay.", "CRG9999"), "no section"),
        (rule("CRG4050 asks whether the delay was unreasonable.", "CRG4025"), "not among the sources"),
        (rule("CRG4025 deals with delays.", "CRG4025", version="0123456789ab"), "another version"),
        (rule("CRG4025 requires a reply within 15 working days.", "CRG4025"), "duration"),
        (Sentence("The Charter promises a reply.", "rule"), "a rule needs a section"),
    ],
)
def test_a_rule_needs_a_section_that_holds_and_says_it(sentence: Sentence, words: str):
    result = check(sentence)
    assert result.status == "unsupported"
    assert words in " ".join(result.reasons)


def test_a_request_with_a_foreign_figure_is_stopped_and_one_without_is_not_checkable():
    assert check(Sentence("We ask for a written apology.", "ask")).status == "not_checkable"
    assert check(Sentence("We ask for payment of £2,480.15.", "ask")).status == "verified"
    assert check(Sentence("We ask for payment of £9,999.99.", "ask")).status == "unsupported"


def test_a_single_wrong_date_is_mended_and_the_mending_told():
    quote = "The return for 1234567895 was successfully received on 3 February 2025 at 10:15."
    sentence = Sentence(
        "The return was received on 8 February 2025.", "fact", (DocumentSource("receipt.eml", None, quote),)
    )
    result = check(sentence)
    assert (result.status, result.text) == ("repaired", "The return was received on 3 February 2025.")
    assert "8 February 2025 was 3 February 2025" in result.reasons[0]


def test_a_letter_with_nothing_to_check_is_not_passed():
    letter = DraftLetter(
        "complaint_tier_1", "HMRC", date(2025, 9, 1), (Block("paragraph", (Sentence("Yours", "form"),)),), ()
    )
    assert release_problems(letter)[0].startswith("Not checked")


def test_an_unchecked_letter_is_not_released():
    sample = repayment()
    drafted = draft_letters(sample.intake, sample.facts, sample.analysis, load_digest(), PRACTICE, pages=sample.pages)
    assert release_problems(drafted[0])


def test_checking_leaves_the_words_of_verified_sentences_alone():
    sentence = fact("On 20 May 2025 HMRC authorised the repayment of £2,480.15.")
    assert replace(check(sentence), status="unchecked") == sentence


def lies(text: str) -> list[str]:
    """The sentence with one figure, section or quoted word changed at a time."""
    found = []
    for money in (m for m in find_amounts(text) if m.explicit):
        found.append(text[: money.start] + format_money(money.value + Decimal("270.10")) + text[money.end :])
    for day in (m for m in find_dates(text) if m.complete):
        found.append(text[: day.start] + format_date(day.date + timedelta(days=401)) + text[day.end :])
    found += [text[: m.start()] + "CRG5175" + text[m.end() :] for m in re.finditer(r"\bCRG(?!5175)\d{4}\b", text)]
    found += [
        text[: m.start(1)] + str(int(m[1]) + 7) + text[m.end(1) :] for m in re.finditer(r"\b(\d+) working days", text)
    ]
    for quoted in find_quotations(text):
        if " " in quoted.text:
            found.append(text[: quoted.start] + quoted.text.replace(" ", " certainly ", 1) + text[quoted.end :])
    return found


@pytest.mark.parametrize("name", CASES)
def test_no_lie_planted_in_a_drafted_letter_is_verified(name: str):
    sample = CASES[name]()
    digest = load_digest()
    for drafted in draft_letters(sample.intake, sample.facts, sample.analysis, digest, PRACTICE, pages=sample.pages):
        result = check_letter(drafted, sample.facts, digest, sample.intake.nation, pages=sample.pages)
        true = [s for s in result.sentences() if s.kind in ("fact", "rule") and s.status == "verified"]
        planted = [(s, lie) for s in true for lie in lies(s.text)]
        block = Block("paragraph", tuple(replace(s, text=lie, status="unchecked") for s, lie in planted))
        judged = check_letter(
            replace(drafted, blocks=(block,)), sample.facts, digest, sample.intake.nation, pages=sample.pages
        )
        passed = [s.text for s in judged.sentences() if s.status == "verified"]
        assert len(planted) >= 10
        assert passed == []


@pytest.mark.parametrize("name", SAMPLES)
def test_nine_in_ten_claims_of_the_embedded_drafter_are_verified(name: str):
    made = SAMPLES[name]
    sample = made() if callable(made) else made
    digest = load_digest()
    for drafted in draft_letters(sample.intake, sample.facts, sample.analysis, digest, PRACTICE, pages=sample.pages):
        result = check_letter(drafted, sample.facts, digest, sample.intake.nation, pages=sample.pages)
        claims = [s for s in result.sentences() if s.kind in ("fact", "rule")]
        weak = [(s.text, s.reasons) for s in claims if s.status not in ("verified", "repaired")]
        assert len(weak) <= len(claims) / 10, weak


def drafted_with(checks):
    sample = repayment()
    letters = draft_letters(
        sample.intake, checks.facts, sample.analysis, checks.guidance, PRACTICE, pages=checks.pages, checks=checks
    )
    return sample, letters


def checks_of(sample):
    return Checks(sample.facts, load_digest(), sample.intake.nation, sample.pages)


def test_results_kept_by_the_drafter_are_those_of_an_independent_check():
    checks = checks_of(repayment())
    sample, letters = drafted_with(checks)
    known = len(checks.kept)
    for letter in letters:
        alone = check_letter(letter, checks.facts, checks.guidance, sample.intake.nation, pages=checks.pages)
        kept = check_letter(
            letter, checks.facts, checks.guidance, sample.intake.nation, pages=checks.pages, checks=checks
        )
        assert kept == alone
    assert len(checks.kept) == known


def test_a_sentence_changed_after_drafting_is_checked_anew():
    checks = checks_of(repayment())
    sample, letters = drafted_with(checks)
    told = next(s for s in letters[0].sentences() if s.kind == "fact" and "£2,480.15" in s.text)
    false = replace(told, text=told.text.replace("£2,480.15", "£9,480.15"), status="verified")
    forged = replace(letters[0], blocks=(Block("paragraph", (false, told)),))
    judged = check_letter(
        forged, checks.facts, checks.guidance, sample.intake.nation, pages=checks.pages, checks=checks
    ).sentences()
    assert [s.status for s in judged] != ["verified", "verified"]
    assert "£9,480.15" not in judged[0].text or judged[0].status == "unsupported"


def test_results_of_another_case_are_never_believed():
    checks = checks_of(repayment())
    sample, letters = drafted_with(checks)
    bare = replace(checks.facts, documents=())
    judged = check_letter(letters[0], bare, checks.guidance, sample.intake.nation, pages=checks.pages, checks=checks)
    assert any("is not among the papers" in reason for s in judged.sentences() for reason in s.reasons)


def test_a_letter_older_than_its_paper_is_blocked_with_the_two_days():
    sample = repayment()
    said = fact("On 20 May 2025 HMRC wrote that a repayment of £2,480.15 would be issued within 14 days.")
    letter = DraftLetter("complaint_tier_1", "HMRC", date(2025, 1, 1), (Block("paragraph", (said,)),), ())
    result = check_letter(letter, sample.facts, load_digest(), "england-and-wales", pages=sample.pages)
    assert any("is dated 20 May 2025, after the letter" in problem for problem in release_problems(result))
