"""What each checker lets pass and what it stops, on sentences of invented cases."""

import time

import pytest

from lightpoint.grounding import Evidence, check_sentence

LOAN = "Tidewell Bank letter: on 6 May 2021 the bank lent £48,000 to Carr Joinery Ltd, repayable over five years."
NOTE = (
    "Call note by agent Una Pell, 3 June 2024: Mr B Rook of HMRC told me that the refund would be sent within 12 days."
)
PAID = "Claim for repayment made on 4 January 2024 by Mrs Lusk. HMRC paid £912.40 to Mrs Lusk on 4 July 2024."
RULE = (
    "Section CRG4025, headed Delays: introduction. Not every delay is unreasonable. HMRC may pay redress for a mistake."
)
SPLIT = "First-tier reply: your complaint about the delay is upheld; your complaint about the advice is not upheld."
RATE = "Time record: 3.5 hours at £120 an hour."


def reasons(sentence: str, *texts: str, ids: tuple[str, ...] = ()) -> set[str]:
    names = ids or tuple(f"E{n}" for n in range(len(texts)))
    evidence = [Evidence(name, text) for name, text in zip(names, texts, strict=True)]
    verdict = check_sentence(sentence, evidence)
    assert verdict.supported == (not verdict.reasons and verdict.assertions > 0)
    return {reason.checker for reason in verdict.reasons}


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Carr Joinery Ltd borrowed £48,000 from Tidewell Bank on 6 May 2021.", LOAN),
        ("In May 2021 Tidewell Bank lent Carr Joinery Ltd £48k.", LOAN),
        ("Mr Rook of HMRC said on 3 June 2024 that the refund would follow within twelve days.", NOTE),
        ("HMRC took six months to pay Mrs Lusk £912.40.", PAID),
        ("Mrs Lusk received £912.40 on 4 July 2024.", PAID),
        ("Mrs Lusk was paid 182 days after she claimed.", PAID),
        ("HMRC rejected the complaint about the advice.", SPLIT),
        ("The 3.5 hours come to £420.", RATE),
    ],
)
def test_a_true_sentence_is_supported_however_it_is_worded(sentence: str, evidence: str):
    assert reasons(sentence, evidence) == set()


@pytest.mark.parametrize(
    ("sentence", "evidence", "checker"),
    [
        ("Carr Joinery Ltd borrowed £84,000.", LOAN, "amount"),
        ("Carr Joinery Ltd suffered a loss of £48,000.", LOAN, "role"),
        ("Carr Joinery Ltd lent £48,000 to Tidewell Bank.", LOAN, "role"),
        ("Tidewell Bank lent £48,000 on 16 May 2021.", LOAN, "date"),
        ("Una Pell told Mr Rook that the refund would be sent within 12 days.", NOTE, "role"),
        ("Mrs Rook promised a refund within 12 days.", NOTE, "party"),
        ("Mr Rook promised a refund within 12 working days.", NOTE, "duration"),
        ("HMRC paid Mrs Lusk within three months of her claim.", PAID, "duration"),
        ("HMRC paid Mrs Lusk £912.40 on 4 January 2024.", PAID, "date"),
        ("HMRC never paid Mrs Lusk.", PAID, "negation"),
        ("HMRC rejected the complaint about the delay.", SPLIT, "negation"),
        ("HMRC wrote that 'the refund has been sent' to Mrs Lusk.", PAID, "quotation"),
        ("HMRC paid 20% of the claim.", PAID, "percentage"),
        ("Mrs Lusk's UTR is 12345 67895.", PAID, "reference"),
        ("HMRC made three payments to Mrs Lusk.", PAID, "count"),
    ],
)
def test_a_lie_is_stopped_by_its_checker(sentence: str, evidence: str, checker: str):
    assert checker in reasons(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "checker"),
    [
        ("CRG4025 says that HMRC must pay redress for every mistake.", "rule"),
        ("According to CRG4025 all delays are unreasonable.", "rule"),
        ("CRG4050 says that not every delay is unreasonable.", "citation"),
        ("CRG4025 (Financial redress) says that not every delay is unreasonable.", "citation"),
        ("CRG4025 says that a delay of 15 working days is unreasonable.", "duration"),
    ],
)
def test_a_rule_keeps_its_section_title_force_and_figures(sentence: str, checker: str):
    assert checker in reasons(sentence, RULE, ids=("CRG4025",))


def test_what_was_only_promised_has_not_happened():
    assert "negation" in reasons("The refund was sent.", NOTE)


def test_a_sentence_without_assertions_never_passes():
    verdict = check_sentence("Yours faithfully", [Evidence("E1", LOAN)])
    assert (verdict.supported, verdict.assertions) == (False, 0)


def test_a_sentence_without_evidence_never_passes():
    assert not check_sentence("Carr Joinery Ltd borrowed £48,000.", []).supported


def test_quoted_words_are_judged_by_their_letters_alone():
    letter = "HMRC letter of 2 May 2024: 'We did not get your form of 1 April.'"
    assert reasons("On 2 May 2024 HMRC wrote: “We did not get your form of 1 April.”", letter) == set()


@pytest.mark.parametrize(
    "line", ["HMRC paid £912.40 to Mrs Lusk on 4 July 2024.", "The adviser told us that it was sent."]
)
def test_a_page_serves_as_evidence_as_well_as_a_line(line: str):
    filler = "\n".join(f"Line {n} of the schedule: nothing of note was entered for week {n}." for n in range(60))
    page = f"HM Revenue & Customs\n4 August 2024\nDear Mrs Lusk\n{filler}\n{line}\nYours sincerely\nB Rook"
    assert reasons(line, page) == set()


def test_sixty_sentences_on_pages_take_well_under_a_second():
    pages = ["\n".join(f"On {d} March 2024 HMRC paid £{d * 37}.00 to Mrs Lusk for claim {m}." for d in range(1, 28))
             for m in range(6)]  # fmt: skip
    began = time.process_time()
    for number in range(60):
        check_sentence(f"HMRC paid Mrs Lusk £{37 * (number % 27 + 1)}.00.", [Evidence("page", pages[number % 6])])
    assert time.process_time() - began < 2
