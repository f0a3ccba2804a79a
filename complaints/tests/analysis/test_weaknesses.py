from complaints.tests.analysis.cases import Case
from complaints.tests.analysis.test_remedies import late_refund


def texts(case: Case) -> str:
    return " ".join(w.text for w in case.analyse().weaknesses)


def test_a_security_check_is_conceded() -> None:
    case = late_refund().doc("h.pdf", "hmrc_letter", "2025-03-03").said("security_check", "h.pdf", "further checks")
    assert "legitimate" in texts(case)


def test_unbilled_and_unpaid_fees_are_told_apart() -> None:
    case = late_refund().time("2025-03-03", "senior", 60, "Chase HMRC")
    assert "unbilled" in texts(case)
    assert "invoice was paid" in texts(case.invoice("7", "90.00", None, issued="2025-04-01", paid=None))


def test_a_call_without_a_reference_and_a_note_of_the_day_are_both_seen() -> None:
    case = (
        Case()
        .doc("n.txt", "call_note", "2025-03-03", by="agent")
        .promise("2025-03-03", "2025-03-17", "repay it", "n.txt")
    )
    found = texts(case.said("made_same_day", "n.txt", "typed at once", by="agent"))
    assert "made on the day" in found
    assert "no reference number" in found


def test_senior_time_may_be_queried_as_to_level() -> None:
    assert "level" in texts(late_refund().time("2025-03-03", "partner", 60, "Letter to HMRC"))


def test_the_same_case_gives_the_same_analysis() -> None:
    case = (
        late_refund()
        .time("2025-03-03", "partner", 60, "Letter to HMRC")
        .promise("2025-03-03", None, "repay it", "h.pdf")
    )
    assert case.analyse() == case.analyse()
