import pytest

from complaints.tests.analysis.cases import Case
from complaints.tests.analysis.test_route import penalty_case, replied_case, reviewed_case


def refusals(case: Case) -> str:
    return " ".join(f"{w.wish} -> {w.why}" for w in case.analyse().refused_wishes)


@pytest.mark.parametrize(
    "brief",
    [
        "HMRC have to answer letters within 15 working days.",
        "They have 40 working days for tier two so put that in as a deadline.",
        "Anything over six months is automatically unreasonable.",
    ],
)
def test_an_invented_standard_is_refused(brief: str) -> None:
    case = Case().with_intake(brief=brief).event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent")
    assert "no guidance page" in refusals(case)


def test_a_number_that_hmrc_promised_is_no_invention() -> None:
    case = Case().with_intake(brief="HMRC must act within 10 days as they promised.")
    assert "no guidance page" not in refusals(case.promise("2025-03-03", "2025-03-13", "act", "h.pdf"))


def test_a_complaint_about_a_penalty_is_the_wrong_instrument() -> None:
    assert "not considered as a complaint" in refusals(
        penalty_case().with_intake(brief="Complain to cancel the penalty.")
    )


def test_a_leisurely_deadline_is_corrected() -> None:
    assert "19 June 2025" in refusals(penalty_case().with_intake(brief="Their letter gives thirty days, so no rush."))


def test_the_adjudicator_needs_two_reviews() -> None:
    assert "second review" in refusals(replied_case().with_intake(brief="Send it to the Adjudicator now."))


def test_the_adjudicator_does_not_decide_tax() -> None:
    case = reviewed_case(received="2025-05-12", opened="2025-06-02")
    assert "tribunal" in refusals(case.with_intake(brief="Ask the Adjudicator to decide what VAT was due."))


def test_the_adjudicator_does_not_decide_data_protection() -> None:
    case = Case().with_intake(brief="I assume the Adjudicator rules on the data protection side.")
    assert "Information Commissioner" in refusals(case)


def test_nobody_is_accused_of_an_offence() -> None:
    assert "does not accuse" in refusals(Case().with_intake(brief="This is a criminal offence, say so."))


def test_a_figure_that_no_paper_carries_is_left_out() -> None:
    assert "none of the papers" in refusals(Case().with_intake(brief="They owe her £4,444."))


def test_the_whole_invoice_is_not_claimed() -> None:
    case = (
        Case().with_intake(brief="All of invoice 9 should be recovered.").time("2025-01-06", "senior", 60, "Chase HMRC")
    )
    assert "Only additional work caused by HMRC" in refusals(case)


def test_a_plain_brief_is_not_refused() -> None:
    case = Case().with_intake(brief="Please complain that two letters were ignored and ask for an apology.")
    assert case.event("letter_to_hmrc", "2025-01-06", "l.docx", by="agent").analyse().refused_wishes == ()
