"""What others charged the client: only what HMRC caused is asked for, and only where the evidence tells it apart."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.analysis.charges import caused_lines, is_part, wanted_anyhow
from complaints.analysis.view import CaseView
from complaints.facts.records import Amount, Invoice, InvoiceLine, Span
from complaints.tests.analysis.cases import Case, on
from complaints.tests.analysis.test_remedies import asked, late_refund, refused

PAPER = "bill.pdf"
PENCE = st.integers(min_value=1, max_value=10**7).map(lambda pence: Decimal(pence) / 100)


def span(quote: str, at: int = 0, document: str = PAPER) -> Span:
    return Span(document, 1, at, at + len(quote), quote)


def bill(*lines: tuple[str, str], total: str | None = None) -> Invoice:
    rows = tuple(
        InvoiceLine(words, Decimal(sum_), span(f"{words} | {sum_}", 100 * at)) for at, (words, sum_) in enumerate(lines)
    )
    gross = Decimal(total) if total else sum((row.amount for row in rows), Decimal(0))
    return Invoice("0007", "third_party", on("2025-04-04"), on("2025-04-09"), gross, None, gross, rows, span("0007"))


def billed(*lines: tuple[str, str], total: str | None = None) -> Case:
    """A late refund and a bill of the client's, with the sums that a reader of it finds."""
    case = late_refund().doc(PAPER, "invoice", "2025-04-04", by="third_party")
    row = bill(*lines, total=total)
    for line in row.lines:
        case.amount(str(line.amount), "direct_cost", PAPER)
    case.amount(str(row.gross), "direct_cost", PAPER)
    case.parts.setdefault("invoices", []).append(row)
    return case


def costs(case: Case) -> list[Decimal | None]:
    return [amount for kind, amount in asked(case) if kind == "direct_costs"]


TRADES = [
    ("Strip and re-lay the rear slope", "8640.00"),
    ("Supply and fit new boiler", "2310.00"),
    ("Rewire ground floor", "4120.50"),
    ("Survey and report on the party wall", "960.00"),
    ("Conveyancing of 4 Quay Lane", "1450.00"),
    ("Van hire, four weeks", "1100.00"),
    ("Kitchen units and worktops, balance due when HMRC refund arrives", "5200.00"),
    ("Landscaping (customer paying from tax refund, payment awaited)", "3300.00"),
    ("VAT return to HMRC, quarter to June", "275.00"),
    ("Advice on HMRC enquiry", "1200.00"),
    ("Replacement of windows", "2750.00"),
    ("Refund of skip deposit", "90.00"),
]


@pytest.mark.parametrize(("words", "sum_"), TRADES)
def test_a_bill_for_what_was_wanted_anyhow_is_never_asked_of_hmrc(words: str, sum_: str) -> None:
    case = billed((words, sum_))
    assert costs(case) == []
    assert refused(case)["direct_costs", Decimal(sum_)].basis == ("CRG5125", "CRG5025")


EXTRAS = [
    ("Scaffold put back up: job stopped, customer waiting on HMRC refund", "145.00"),
    ("Second visit, tax refund not in on the day booked", "85.00"),
    ("Storage of units while HMRC repayment delayed", "120.00"),
    ("Re-attendance because the Revenue had not paid", "60.00"),
    ("Late payment surcharge, client awaiting tax repayment", "38.00"),
]


@pytest.mark.parametrize(("words", "sum_"), EXTRAS)
@pytest.mark.parametrize("trade", TRADES[:5])
def test_only_the_line_that_names_the_cause_is_asked_for(trade: tuple[str, str], words: str, sum_: str) -> None:
    case = billed(trade, (words, sum_))
    assert costs(case) == [Decimal(sum_)]
    whole = Decimal(trade[1]) + Decimal(sum_)
    assert ("direct_costs", whole) in refused(case)


@pytest.mark.parametrize(("words", "sum_"), EXTRAS)
def test_an_extra_billed_on_its_own_is_asked_for(words: str, sum_: str) -> None:
    assert costs(billed((words, sum_))) == [Decimal(sum_)]


def test_work_that_only_waited_for_the_refund_is_not_an_extra() -> None:
    assert costs(billed(("Re-roofing, start delayed until HMRC refund", "7800.00"))) == []


def test_a_bill_without_lines_is_not_asked_for() -> None:
    case = late_refund().doc(PAPER, "invoice", "2025-04-04", by="third_party").amount("8785.00", "direct_cost", PAPER)
    assert costs(case) == []


def test_copies_and_postage_are_asked_for_together_where_the_bill_has_nothing_else() -> None:
    case = billed(("Duplicate dividend voucher x 6", "72.00"), ("Special Delivery", "7.35"))
    assert costs(case) == [Decimal("79.35")]


def test_a_sum_planted_under_the_total_is_no_line() -> None:
    row = bill(("Storage while HMRC refund delayed", "25000.00"), ("Storage, HMRC refund late", "40.00"), total="40.00")
    assert [amount.value for amount in caused_lines(row)] == [Decimal("40.00")]


def test_a_lender_that_gives_no_reason_is_not_paid_by_hmrc() -> None:
    case = late_refund().doc("bank.pdf", "bank_letter", "2025-05-01", by="third_party")
    case.amount("250.00", "bank_charge", "bank.pdf")
    assert costs(case) == []
    case.said("causation", "bank.pdf", "agreed because the tax refund was late", by="third_party")
    assert costs(case) == [Decimal("250.00")]


def test_bridging_finance_that_the_complaint_puts_down_to_hmrc_is_asked_for() -> None:
    case = late_refund().doc("b.pdf", "bank_statement", "2025-05-01", by="third_party")
    case.amount("250.00", "bank_charge", "b.pdf")
    case.profiles["b.pdf"] = case.profiles["b.pdf"].__class__(
        "b.pdf", "bank_statement", "third_party", "client", on("2025-05-01"), None, "Statement of bridging loan 9", "it"
    )
    assert costs(case) == []
    assert costs(case.point(1, "Finance", "The client has had to arrange bridging.", "c.docx")) == [Decimal("250.00")]


def test_the_clients_word_ties_an_extra_and_no_bill() -> None:
    case = late_refund().doc("m.eml", "email", "2025-05-01", by="client")
    case.amount("8785.00", "direct_cost", "m.eml").amount("40.00", "direct_cost", "m.eml")
    case.said("causation", "m.eml", "I paid the roofer £8,785.00 as the HMRC refund was late", by="client")
    assert costs(case) == []
    case.said("causation", "m.eml", "He charged £40.00 extra because the refund was late", by="client")
    assert costs(case) == [Decimal("40.00")]


def test_of_a_letter_with_whole_and_extra_only_the_extra_is_asked_for() -> None:
    case = late_refund().doc("j.pdf", "third_party_letter", "2025-05-01", by="third_party")
    case.amount("4000.00", "direct_cost", "j.pdf").amount("90.00", "direct_cost", "j.pdf")
    words = "Of the £4,000.00 a sum of £90.00 was added because the HMRC refund was late"
    assert costs(case.said("causation", "j.pdf", words, by="third_party")) == [Decimal("90.00")]


@given(st.lists(PENCE, min_size=2, max_size=6))
def test_the_parts_of_a_stated_total_are_parts_and_the_total_is_none(parts: list[Decimal]) -> None:
    total = sum(parts, Decimal(0))
    rows = [Amount(value, "loan_interest", span(str(value), at)) for at, value in enumerate([*parts, total])]
    assert all(is_part(row, rows) for row in rows[:-1])
    assert not is_part(rows[-1], rows)


@given(st.lists(st.tuples(st.sampled_from([*TRADES, *EXTRAS]), PENCE), min_size=1, max_size=5))
def test_what_is_asked_of_a_bill_never_exceeds_it(rows: list[tuple[tuple[str, str], Decimal]]) -> None:
    invoice = bill(*((words, str(value)) for (words, _), value in rows))
    lines = {line.amount for line in invoice.lines}
    found = caused_lines(invoice)
    assert sum(a.value for a in found) <= (invoice.gross or Decimal(0))
    assert all(a.value in lines or a.value == invoice.gross for a in found)


def test_what_is_refused_is_the_largest_sum_of_each_paper() -> None:
    case = billed(("Strip roof", "900.00"), ("Lay roof", "1100.00"))
    view = CaseView(case.facts(), case.intake)
    assert [amount.value for amount in wanted_anyhow(view)] == [Decimal("2000.00")]


def lent(words: str) -> Case:
    """Interest on a loan, read as interest charged, in a lender's paper that says why the money was lent."""
    case = late_refund().doc("loan.pdf", "third_party_letter", "2025-05-01", by="third_party")
    case.said("quotation", "loan.pdf", words, by="third_party")
    return case.amount("61.20", "interest_charged", "loan.pdf").amount("58.05", "interest_charged", "loan.pdf")


def test_a_lenders_interest_is_asked_for_where_the_paper_names_the_money_awaited() -> None:
    case = lent("The loan was made as a refund from HMRC had not arrived").amount(
        "119.25", "interest_charged", "loan.pdf"
    )
    assert costs(case) == [Decimal("119.25")]


@pytest.mark.parametrize(
    "words", ["The loan was made for a car", "The loan is to pay HMRC", "A statement of the HMRC refund"]
)
def test_a_lenders_interest_is_not_asked_for_where_the_paper_gives_no_such_reason(words: str) -> None:
    assert costs(lent(words)) == []


def test_interest_that_hmrc_charged_is_no_lenders_interest() -> None:
    case = late_refund().doc("h.pdf", "hmrc_letter", "2025-05-01")
    case.said("quotation", "h.pdf", "A loan is no reason; the refund of HMRC is late")
    assert costs(case.amount("61.20", "interest_charged", "h.pdf")) == []
