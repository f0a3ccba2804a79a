"""What sums are, in the words of clients, practices, banks, agencies and offices of HMRC unlike one another."""

import pytest

from complaints.facts.role_phrases import phrase_role
from complaints.tests.facts.papers import HMRC_HEAD, money, read

CLIENT = [
    ("repayment_made", "I have had my § back."),
    ("repayment_due", "We have never had the § back."),
    ("tax_paid", "HMRC took § out of our account."),
    ("direct_cost", "I had to buy a new lock for §."),
    ("alleged_loss", "A hotel cancelled a § order because of the delay."),
    ("alleged_loss", "We lost a contract worth § over it."),
    ("alleged_loss", "I reckon it cost me § in all."),
    ("alleged_loss", "I would guess that will cost me § over the two years."),
    ("alleged_loss", "The job would have brought in § before Christmas."),
    ("alleged_loss", "I put the loss of earnings at §."),
    ("alleged_loss", "We missed out on a § tender."),
    ("own_time_claim", "Twelve evenings of my own time, so § please."),
    ("own_time_claim", "I charge § an hour."),
    ("own_time_claim", "I spent 20 hours on the phone, which comes to §."),
    ("own_time_claim", "I took two days off work, say §."),
    ("repayment_made", "The § came back on 2 September."),
    ("repayment_made", "They finally refunded § in March."),
    ("repayment_made", "§ was repaid into the company account last week."),
    ("interest_paid", "They repaid it in May with § interest."),
    ("repayment_due", "When do I get my § back?"),
    ("repayment_due", "HMRC owe me §."),
    ("tax_paid", "We paid § under protest."),
    ("tax_paid", "I have paid them § already."),
    ("distress_offer", "I am not accepting their §."),
    ("direct_cost", "Special delivery for the two letters cost §."),
    ("direct_cost", "Postage, receipt attached: §."),
    ("debt_demanded", "Now they are chasing us for §."),
]
HMRC = [
    ("repayment_due", "I have arranged for § to be sent to your client."),
    ("interest_paid", "I have arranged for ¤ to be sent to your client with interest of §."),
    ("debt_demanded", "You have been overpaid tax credits of §."),
    ("debt_demanded", "We will take § a month from your award."),
    ("distress_offer", "I have decided to award your client §."),
    ("distress_offer", "I would like to offer you § for the worry this has caused."),
    ("distress_offer", "We would like to make a consolatory payment of §."),
    ("distress_offer", "I am arranging for § to be sent by way of redress."),
    ("distress_offer", "In recognition of the upset I can offer Mrs Vane §."),
    ("repayment_made", "A repayment of § was issued on 4 May 2025."),
    ("repayment_made", "The refund of § has been paid to your bank account."),
    ("repayment_made", "We repaid § on 3 June 2025."),
    ("repayment_due", "The payment of § will be returned."),
    ("repayment_due", "A repayment of § has been authorised."),
    ("repayment_due", "We will refund § to you within 21 days."),
    ("repayment_claimed", "Your claim for repayment of § is being checked."),
    ("repayment_claimed", "The refund of § claimed on your return is being held."),
    ("interest_paid", "Repayment interest of § has been added."),
    ("debt_demanded", "Our records show § is overdue."),
    ("debt_demanded", "We are collecting § from you."),
    ("debt_demanded", "The amount you owe: §"),
    ("assessed_tax", "The charge of § is on hold."),
    ("assessed_tax", "You have been assessed to §."),
    ("grant", "You claimed a grant of § in July 2021."),
    ("vat", "Please send invoices for the VAT of § claimed in box 4."),
    ("true_liability", "The correct tax is §."),
    ("tax_refunded", "§ was over-deducted and was repaid on 14 February 2025."),
]
AGENT = [
    ("repayment_outstanding", "You repaid ¤ in June, leaving § outstanding."),
    ("repayment_outstanding", "The balance of the refund, §, has not come."),
    ("true_liability", "The duty properly due was §."),
    ("true_liability", "SDLT at standard rates §"),
    ("repayment_claimed", "We submitted a claim to repayment of § on 11 March 2025."),
    ("repayment_claimed", "The company reclaimed § on its 06/25 return."),
    ("repayment_claimed", "(a) The repayment of § claimed on 22 May 2025 has been held."),
    ("repayment_claimed", "The client asked for a refund of §."),
    ("debt_demanded", "Your online statement shows § unpaid."),
    ("debt_demanded", "On 17 January 2025 you demanded duty of §."),
    ("debt_demanded", "Your field force called to collect §."),
    ("tax_paid", "The tax of § was sent by Faster Payment on 1 July 2025."),
    ("tax_paid", "The trustees paid § on 31 January 2025."),
    ("assessed_tax", "Her account was charged with § described as SEISS."),
    ("true_liability", "The duty should have been §."),
    ("repayment_due", "The refund of § is still outstanding."),
]


@pytest.mark.parametrize(("role", "words"), CLIENT)
def test_a_clients_words_tell_what_a_sum_is(role: str, words: str) -> None:
    assert phrase_role(words, "client") == role


@pytest.mark.parametrize(("role", "words"), HMRC)
def test_the_words_of_hmrc_tell_what_a_sum_is(role: str, words: str) -> None:
    assert phrase_role(words, "hmrc") == role


@pytest.mark.parametrize(("role", "words"), AGENT)
def test_our_words_tell_what_a_sum_is(role: str, words: str) -> None:
    assert phrase_role(words, "agent") == role


@pytest.mark.parametrize(
    "words",
    [
        "HMRC lost the cheque for §.",
        "They cancelled the penalty of §.",
        "The late payment interest of § was cancelled.",
        "The bank charged interest of §.",
        "A penalty of § was charged.",
        "Our fee for this was §.",
    ],
)
def test_what_was_lost_or_cancelled_by_hmrc_is_no_loss_of_trade(words: str) -> None:
    assert phrase_role(words, "client") not in {"alleged_loss", "own_time_claim", "assessed_tax"}


@pytest.mark.parametrize(
    "text",
    [
        """Northgate Recoveries Ltd
PO Box 9, Hull
14 May 2025
Mr G Pennyfeather
HM Revenue and Customs: £1,204.60
We have been asked to collect this sum. Pay in full within 7 days or court action may follow.""",
        HMRC_HEAD
        + """Debt Management
3 June 2025
We may take control of your goods

PAYE underpaid 2024-25 | £1,150.00
Interest | £54.60
Total | £1,204.60

Pay now. An officer will call to list your goods, and bailiffs may be instructed.""",
        HMRC_HEAD
        + """12 August 2025
Overdue tax

Corporation Tax | £1,000.00
Late payment penalty | £204.60
Total to pay | £1,204.60

Unless the total is paid by 26 August we may take enforcement action.""",
    ],
)
def test_the_total_of_a_demand_is_the_debt(text: str) -> None:
    assert "1204.60" in money(read(text), "debt_demanded")


def test_a_lenders_statement_holds_the_loan_its_fee_and_its_interest() -> None:
    text = """Saltmarsh Commercial Lending

Statement of loan account 7781
Purpose: working capital pending tax refund

Date | Transaction | Amount | Balance
03/07/2025 | Drawdown of loan | 20,000.00 | 20,000.00
03/07/2025 | Arrangement fee | 300.00 | 20,300.00
31/07/2025 | Interest | 101.50 | 20,401.50

Total interest charged 101.50
"""
    facts = read(text)
    assert "101.50" in money(facts, "loan_interest")
    assert "300.00" in money(facts, "bank_charge")
    assert "20000.00" in money(facts, "loan")


@pytest.mark.parametrize("line", ["Payment trace fee", "Copy statements (6)", "Certificate of balance"])
def test_what_a_bank_does_for_a_fee_is_a_cost_and_no_charge_for_borrowing(line: str) -> None:
    facts = read(f"Wolds Bank plc\n\nAdvice of charge\nMr G Pennyfeather\n\n14 October 2025 | {line} | £20.00\n")
    assert money(facts, "direct_cost") == {"20.00"}


@pytest.mark.parametrize(
    "title", ["Invoice 0772, 8 September 2025", "FEE NOTE OL-88", "Account 4410, 31 October 2025", "VAT INVOICE No. 9"]
)
@pytest.mark.parametrize(
    ("net", "vat", "gross"),
    [("Net", "VAT 20%", "Total"), ("Total before VAT", "VAT", "To pay"), ("Sub-total", "Add: VAT @ 20%", "Amount due")],
)
def test_our_account_has_net_vat_and_gross(title: str, net: str, vat: str, gross: str) -> None:
    text = f"""Oakshott Lyle LLP
1 High Street, Ludlow

{title}
Mr G Pennyfeather

Chasing HMRC for the refund | £300.00
Complaint to HMRC | £158.50
{net} | £458.50
{vat} | £91.70
{gross} | £550.20

PAID 30 September 2025
"""
    facts = read(text)
    assert "458.50" in money(facts, "fee_charged_net")
    assert money(facts, "vat") == {"91.70"}
    assert money(facts, "fee_charged_gross") == {"550.20"}
    assert [(str(i.net), str(i.vat), str(i.gross), str(i.paid_on)) for i in facts.invoices] == [
        ("458.50", "91.70", "550.20", "2025-09-30")
    ]


def test_a_guess_is_kept_only_as_an_alleged_loss() -> None:
    mail = {"From": "Gareth <g.pennyfeather@post.example>", "Date": "Thu, 22 Jan 2026 21:47:00 +0000"}
    facts = read("I would guess it will cost me about £1,900. They owe me roughly £600.", mail=mail)
    assert money(facts, "alleged_loss") == {"1900.00"}
    assert len(facts.amounts) == 1


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("loan", "We confirm that an overdraft limit of § was agreed on 12 December 2025."),
        ("loan", "Your overdraft facility was raised to § at your request."),
        ("loan", "On 3 May we granted you a loan of § over two years."),
        ("bank_charge", "Charges for the use of the overdraft from 12 December 2025 to 4 January 2026 come to §."),
        ("bank_charge", "The fees for this facility have come to § so far."),
    ],
)
def test_what_a_bank_lends_is_no_charge_and_its_charge_is_no_refund(role: str, words: str) -> None:
    facts = read(
        f"Torbay Mutual Bank\n\nDate 5 January 2026\n\nYour current account\n\n{words.replace('§', '£58.36')}\n"
    )
    assert {amount.role for amount in facts.amounts} == {role}
