from complaints.analysis.addresses import misdirected_post
from complaints.analysis.losses import find_loss
from complaints.analysis.view import CaseView
from complaints.tests.analysis.cases import Case


def view(case: Case) -> CaseView:
    return CaseView(case.facts(), case.intake)


def test_a_return_asked_for_and_never_sent_is_not_lost() -> None:
    case = Case().doc("n.pdf", "hmrc_notice", "2025-04-07").event("application_received", "2025-01-06", "r.pdf")
    case.said("no_trace", "n.pdf", "We have not received returns for these periods.")
    assert find_loss(view(case)) is None


def test_a_call_without_a_record_is_not_a_lost_paper() -> None:
    case = Case().doc("h.pdf", "hmrc_letter", "2025-04-07").event("documents_sent", "2025-01-06", "l.docx", by="agent")
    case.said("no_trace", "h.pdf", "We have no record of the call and no note of the form of words used.")
    assert find_loss(view(case)) is None


def test_a_letter_comes_before_a_notice_as_the_word_on_a_loss() -> None:
    case = Case().doc("n.pdf", "hmrc_notice", "2025-03-03").doc("h.pdf", "hmrc_letter", "2025-04-07")
    case.event("documents_sent", "2025-01-06", "l.docx", by="agent")
    case.said("no_trace", "n.pdf", "No documents have been received.").said(
        "no_trace", "h.pdf", "We cannot find the certificates."
    )
    loss = find_loss(view(case))
    assert loss is not None
    assert [day.isoformat() for day, _ in loss.said] == ["2025-04-07", "2025-03-03"]


def moved() -> Case:
    case = (
        Case().doc("old.pdf", "hmrc_notice", "2024-11-04").said("addressed_to", "old.pdf", "3 Old Lane\nYork YO1 9ZZ")
    )
    case.doc("pta.pdf", "hmrc_receipt", "2025-01-06").event("address_changed", "2025-01-06", "pta.pdf", by="client")
    case.said("addressed_to", "pta.pdf", "8 New Row\nLeeds LS1 9ZZ")
    case.doc("late.pdf", "hmrc_notice", "2025-03-03").event("calculation_issued", "2025-03-03", "late.pdf")
    return case


def test_post_to_the_address_of_before_the_change_is_misdirected() -> None:
    case = moved().said("addressed_to", "late.pdf", "3 Old Lane, York YO1 9ZZ")
    assert [e.span.document for e in misdirected_post(view(case))] == ["late.pdf"]


def test_post_to_the_new_address_is_not_misdirected() -> None:
    assert misdirected_post(view(moved().said("addressed_to", "late.pdf", "8 New Row\nLeeds LS1 9ZZ"))) == ()


def test_post_to_the_practice_is_not_misdirected() -> None:
    case = moved().with_intake(practice_address="3 Old Lane, York YO1 9ZZ")
    assert misdirected_post(view(case.said("addressed_to", "late.pdf", "3 Old Lane\nYork YO1 9ZZ"))) == ()
