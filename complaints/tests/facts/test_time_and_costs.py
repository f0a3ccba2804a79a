"""Time records and invoices in the layouts that practices use."""

from decimal import Decimal

from complaints.tests.facts.papers import happened, intake, read


def test_a_time_record_keeps_minutes_grade_and_the_sheets_own_flag() -> None:
    text = """Time: Arkwright
Day | Who | Level | Hours | Work done | Extra?
04/11/2025 | PL | partner | 0.5 | CIS helpline: told refund stopped | Y
05/11/2025 | JM | junior | 1:20 | Prepare 2024-25 return | N
07/11/2025 | PL | partner | 0.25 | Draft complaint | Y
Total | | | 2.1 | |
"""
    facts = read(text, intake("Tamsin Arkwright"), "time.xlsx")
    assert [(e.minutes, e.grade, e.additional) for e in facts.time_entries] == [
        (30, "partner", True),
        (80, "junior", False),
        (15, "partner", True),
    ]
    assert happened(facts, "2025-11-04") == [("call", "agent")]
    assert happened(facts, "2025-11-07") == []


def test_our_invoice_gives_net_vat_gross_and_the_day_of_payment() -> None:
    text = """Oakshott Lyle LLP
1 High Street, Ludlow

INVOICE NO: OL/771
Date: 3 March 2025

To: Ms T Arkwright

Chasing CIS refund, Nov 2024 (110 mins) | £220.00
Sub-total | £220.00
VAT @ 20% | £44.00
Total due | £264.00

Paid with thanks 14 March 2025
"""
    facts = read(text, intake("Tamsin Arkwright"))
    invoice = facts.invoices[0]
    assert (invoice.number, invoice.issued_by, str(invoice.paid_on)) == ("OL/771", "agent", "2025-03-14")
    assert (invoice.net, invoice.vat, invoice.gross) == (Decimal("220.00"), Decimal("44.00"), Decimal("264.00"))
    assert [line.minutes for line in invoice.lines] == [110]
    assert happened(facts, "2025-03-14") == [("invoice_paid", "client")]
