"""Facts of papers of many taxes and layouts."""

from complaints.tests.facts.papers import HMRC_HEAD, happened, intake, line, money, read

CGT = (
    HMRC_HEAD
    + """Date | 9 June 2025
Our ref | CGT/PPD/4471
Account | XACGTP000123456

Mr G Pennyfeather: disposal of 4 Mill Lane

Dear Agent

Thank you for your letter of 2 April 2025.

The property was sold on 14 January 2025 for £412,000.00. The return was filed on 11 March 2025, within the 60 days
allowed, and your client paid £18,236.00 on 12 March 2025. The chargeable gain was £76,050.00.

I am sorry that a late filing penalty of £100.00 was issued on 1 May 2025. It was charged in error and has been
cancelled. We will repay the £100.00 by 30 June 2025.

Interest of £14.22 was also charged.

Yours sincerely

J Maddox
Higher Officer
"""
)


def test_a_property_return_letter_gives_each_sum_its_role() -> None:
    facts = read(CGT)
    assert facts.profile.kind == "hmrc_letter"
    assert money(facts, "sale_proceeds") == {"412000.00"}
    assert money(facts, "tax_paid") == {"18236.00"}
    assert money(facts, "gain") == {"76050.00"}
    assert money(facts, "penalty") == {"100.00"}
    assert money(facts, "interest_charged") == {"14.22"}
    assert ("cgt_return", "XACGTP000123456") in {(r.kind, r.value) for r in facts.references}


def test_a_property_return_letter_gives_each_date_its_happening() -> None:
    facts = read(CGT)
    assert ("disposal", "client") in happened(facts, "2025-01-14")
    assert ("return_filed", "agent") in happened(facts, "2025-03-11")
    assert ("payment_to_hmrc", "client") in happened(facts, "2025-03-12")
    assert ("letter_to_hmrc", "agent") in happened(facts, "2025-04-02")
    assert ("penalty_issued", "hmrc") in happened(facts, "2025-05-01")
    assert line(facts, "2025-03-12", "payment_to_hmrc") == "Mr Pennyfeather paid HMRC £18,236.00"
    assert line(facts, "2025-06-09", "letter_from_hmrc") == (
        "HMRC wrote that the late filing penalty was charged in error and had been cancelled, "
        "and undertook to repay the £100.00 by 30 June 2025"
    )


def test_a_promise_by_a_date_is_an_undertaking_with_that_day() -> None:
    promise = read(CGT).undertakings[0]
    assert (promise.made_on.isoformat(), str(promise.due_on)) == ("2025-06-09", "2025-06-30")
    assert promise.what == "repay the £100.00"


SDLT = """Oakshott Lyle LLP
1 High Street, Ludlow SY8 1ZZ

3rd March 2025

Our ref: BH/SDLT/9

HM Revenue and Customs
Stamp Duty Land Tax
BX9 1HD

Brindlecombe Homes Limited - SDLT return 123456789MC

Dear Sirs

We refer to our letters of 7 October 2024 and 11/12/24, neither of which has been answered.

Our client completed the purchase on 1 July 2024 for £640,000 and paid SDLT of £51,200.00. A claim for repayment of
£19,200.00 was made on 9 September 2024.

We should be grateful if you would process the claim and pay interest.

Yours faithfully

Oakshott Lyle LLP
"""


def test_a_stamp_duty_letter_counts_the_letters_it_mentions_and_its_claim() -> None:
    facts = read(SDLT, intake("Brindlecombe Homes Limited", "company"), "sdlt.docx")
    assert (facts.profile.kind, facts.profile.recipient, str(facts.profile.written_on)) == (
        "agent_letter",
        "hmrc",
        "2025-03-03",
    )
    for day in ("2024-10-07", "2024-12-11"):
        assert line(facts, day, "letter_to_hmrc") == "We wrote to HMRC; it was not answered"
    assert ("claim_made", "agent") in happened(facts, "2024-09-09")
    assert money(facts, "repayment_claimed") == {"19200.00"}
    assert money(facts, "tax_paid") == {"51200.00"}
    assert (
        line(facts, "2025-03-03", "letter_to_hmrc")
        == "We wrote again asking HMRC to process the claim and pay interest"
    )


def test_a_customs_demand_is_a_notice_with_duty_and_total_apart() -> None:
    text = """HM Revenue & Customs
National Clearance Hub
Velmora Imports Ltd
Unit 7 Dock Road
Hull HU1 9ZZ

C18 Post Clearance Demand Note
Date of notice 4 August 2025
EORI GB999041867000

Duty underpaid on entry dated 2 June 2025
Customs duty | £23,418.60
Import VAT | £4,683.72
Total due | £28,102.32

You must pay within 10 days of the date of this notice. You can ask for a review of this decision within 30 days of the
date of this notice or appeal to the tribunal.
"""
    facts = read(text, intake("Velmora Imports Ltd", "company"))
    assert facts.profile.kind == "hmrc_notice"
    assert money(facts, "assessed_tax") == {"23418.60", "4683.72"}
    assert money(facts, "debt_demanded") == {"28102.32"}
    assert [s.kind for s in facts.statements if s.kind == "appeal_right"] == ["appeal_right"]
    assert facts.undertakings == ()
    assert ("eori", "GB999041867000") in {(r.kind, r.value) for r in facts.references}


def test_a_tax_credits_notice_calls_the_overpayment_a_debt() -> None:
    text = """HM Revenue & Customs
Tax Credit Office
BX9 1ER

Mrs I Calloway
12 Fen Row
Ely CB7 9ZZ

Date: 17 July 2024
NI number QQ123456C

Tax credits: notice of overpayment

You have been paid too much in tax credits for 2022-23.
Amount you need to pay back | £2,184.37

We wrote to you on 3 May 2024 asking for your childcare details. We have not received your reply.
"""
    facts = read(text, intake("Ines Calloway"))
    assert money(facts, "debt_demanded") == {"2184.37"}
    assert money(facts, "repayment_due") == set()
    assert (
        line(facts, "2024-05-03", "letter_from_hmrc")
        == "HMRC wrote to Mrs Calloway asking for Mrs Calloway's childcare details"
    )
    assert facts.profile.addressed_to == "12 Fen Row"


def test_a_closure_notice_closes_the_enquiry_and_names_its_opening() -> None:
    text = """HM Revenue & Customs
Individuals and Small Business Compliance
Tolverne Marine Limited
Harbour Yard
Falmouth TR11 9ZZ
Date 21 November 2025
Our ref CFS-3391872

Closure notice: company tax return for the period ended 31 December 2022

Dear Director

I opened a check of your company tax return on 16 January 2024. I have now completed my check.
I should have replied to your agent's letters of 5 June 2024 and 12 February 2025.

Yours sincerely
Owen Strathclyde
Compliance Officer
"""
    facts = read(text, intake("Tolverne Marine Limited", "company"))
    assert ("enquiry_closed", "hmrc") in happened(facts, "2025-11-21")
    assert ("enquiry_opened", "hmrc") in happened(facts, "2024-01-16")
    assert happened(facts, "2024-06-05") == happened(facts, "2025-02-12") == [("letter_to_hmrc", "agent")]
    assert "admission" in {s.kind for s in facts.statements}
    assert happened(facts, "2022-12-31") == []


def test_a_tribunal_decision_is_dated_by_its_release() -> None:
    text = """FIRST-TIER TRIBUNAL
TAX CHAMBER
Appeal number: TC/2024/03355
GARETH PENNYFEATHER  Appellant
- and -
THE COMMISSIONERS FOR HIS MAJESTY'S REVENUE AND CUSTOMS  Respondents
DECISION
1. The penalty of £1,600.00 is cancelled. The appeal is allowed.
Released 19 August 2025
"""
    facts = read(text)
    assert (facts.profile.kind, str(facts.profile.written_on)) == ("tribunal_decision", "2025-08-19")
    assert ("tribunal_decision", "third_party") in happened(facts, "2025-08-19")
    assert ("tribunal_ref", "TC/2024/03355") in {(r.kind, r.value) for r in facts.references}


def test_a_debt_agency_writes_as_a_third_party_and_its_reference_is_its_own() -> None:
    text = """Bellweather Collections Ltd
PO Box 91, Leeds LS1 9ZZ

Ms I Calloway
12 Fen Row
Ely CB7 9ZZ

6 March 2025
Our reference: BC/90012

Amount outstanding: £4,512.00

Dear Ms Calloway

HMRC has asked us to collect the amount shown. Please pay £4,512.00 by 20 March 2025.
"""
    facts = read(text, intake("Ines Calloway"))
    assert (facts.profile.author, facts.profile.recipient) == ("third_party", "client")
    assert money(facts, "debt_demanded") == {"4512.00"}
    assert ("agency_ref", "BC/90012") in {(r.kind, r.value) for r in facts.references}


def test_an_insurance_record_letter_promises_what_its_sentence_before_says_is_not_done() -> None:
    text = """HM Revenue
& Customs
Mr G Pennyfeather
4 Mill Lane
Ludlow SY8 9ZZ
Date 30 May 2025

Your National Insurance record

Dear Mr Pennyfeather

Your payment of £824.20 was received on 28 March 2025 and has not yet been added to your record. We aim to do this
within 8 weeks of the date of this letter.
"""
    facts = read(text)
    assert facts.profile.kind == "hmrc_letter"
    promise = facts.undertakings[0]
    assert promise.what == "add the payment to Mr Pennyfeather's record"
    assert (str(promise.due_on), promise.derivation) == ("2025-07-25", "8 weeks from 30 May 2025")


def test_a_vat_account_keeps_balance_and_surcharge_apart() -> None:
    text = """HM Revenue & Customs
VAT statement of account
Tolverne Marine Limited | VAT reg no | 999 0418 67
Harbour Yard | Statement date | 12 Dec 2025

Date | Description | Charges £ | Credits £ | Balance £
15/07/2025 | Default surcharge 03/25 | 841.00 | | 841.00
02/09/2025 | Repayment supplement | | 50.00 | 791.00

Total now due | £791.00
"""
    facts = read(text, intake("Tolverne Marine Limited", "company"))
    assert facts.profile.kind == "hmrc_statement"
    assert money(facts, "surcharge") == {"841.00"}
    assert money(facts, "interest_paid") == {"50.00"}
    assert money(facts, "balance") == {"841.00", "791.00"}
    assert money(facts, "debt_demanded") == {"791.00"}


def test_an_estate_complaint_has_numbered_points_and_a_loan_beside_its_interest() -> None:
    text = """Oakshott Lyle LLP
1 High Street, Ludlow

Date: 12 May 2025

Inheritance Tax
HM Revenue and Customs
BX9 1HT

FORMAL COMPLAINT - Estate of Maud Ellingham - F012345/24X

Dear Sir or Madam

1. We sent form IHT400 on 5 September 2024 and paid £86,400.00 on account on 30 September 2024. No calculation has come.
2. Your officer told us on 14 January 2025 that the form had been lost. We sent a copy by courier (£24.50).
3. The executors borrowed £40,000.00 from Mercia Bank at interest of £1,310.40 because probate was delayed.

Please deal with these points within 21 days.
"""
    facts = read(text, intake("The Estate of Maud Ellingham", "trust"), "iht.docx")
    assert (facts.profile.kind, facts.profile.tier) == ("agent_complaint", 1)
    assert [p.number for p in facts.points] == [1, 2, 3]
    assert money(facts, "loan") == {"40000.00"}
    assert money(facts, "loan_interest") == {"1310.40"}
    assert money(facts, "direct_cost") == {"24.50"}
    assert ("return_filed", "agent") in happened(facts, "2024-09-05")
    assert "three points" in line(facts, "2025-05-12", "complaint_made")


def test_a_reply_with_numbered_heads_gives_a_finding_for_each() -> None:
    text = (
        HMRC_HEAD
        + """6 January 2026
Our ref: COM/26/00417

Dear Mrs Lyle

I am replying to your complaint of 24 November 2025, received on 27 November 2025.

1. Delay in the refund
The refund was held from 9 May 2025 to 4 November 2025. I partly uphold this complaint. Some checks were reasonable.

2. The call of 4 November 2025
The adviser did promise a call back and none was made. I uphold this complaint and I am sorry.

3. Professional costs
I do not uphold this.

We repaid £3,906.00 with repayment interest of £61.18 on 19 December 2025. I would like to offer £75 for the worry
caused.

If you are not happy with this reply, you can ask for a second-tier review.
"""
    )
    facts = read(text, intake("Tamsin Arkwright"))
    assert (facts.profile.kind, facts.profile.tier) == ("hmrc_complaint_reply", 1)
    assert [(f.label, f.outcome) for f in facts.findings] == [
        ("Delay in the refund", "partly_upheld"),
        ("The call of 4 November 2025", "upheld"),
        ("Professional costs", "not_upheld"),
    ]
    assert happened(facts, "2025-11-24") == [("complaint_made", "agent")]
    assert happened(facts, "2025-11-27") == [("complaint_received", "hmrc")]
    assert happened(facts, "2025-12-19") == [("repayment_made", "hmrc")]
    assert (money(facts, "repayment_made"), money(facts, "interest_paid")) == ({"3906.00"}, {"61.18"})
    assert money(facts, "distress_offer") == {"75.00"}


def test_a_clients_own_letter_tells_what_the_client_did() -> None:
    text = """Rhona Macallister
4 Kirk Wynd
Cupar KY15 9ZZ

8 March 2025

HM Revenue & Customs
Self Assessment
BX9 1AS

Dear Sir/Madam

Student loan deductions: NINO QQ 12 34 56 D

I telephoned you on 14 February and again on 3 March 2025. My loan was repaid in full on 30 June 2024 but my employer
still takes £143.00 a month. I have now overpaid £858.00. I am struggling to pay my rent.

Please stop the deductions and refund me.

Yours faithfully
R Macallister
"""
    facts = read(text, intake("Rhona Macallister", nation="scotland"), "letter.docx")
    assert (facts.profile.kind, facts.profile.author) == ("client_letter", "client")
    assert happened(facts, "2025-02-14") == happened(facts, "2025-03-03") == [("call", "client")]
    assert all(kind != "repayment_made" for kind, _actor in happened(facts, "2024-06-30"))
    assert money(facts, "tax_overdeducted") == {"143.00"}
    assert {"hardship", "told_hmrc_of_circumstances"} <= {s.kind for s in facts.statements}


def test_a_determination_of_tax_is_a_notice_with_its_penalties() -> None:
    text = """HM Revenue & Customs
Ms R Macallister
4 Kirk Wynd
Cupar KY15 9ZZ
UTR 12345 67890
Issued on 3 Dec 2025
Determination of tax due: 2022 to 2023
We have not received your tax return. We have determined that the tax due is £9,800.00.
Late filing penalties
First penalty | £100.00
Daily penalties | £900.00
"""
    facts = read(text, intake("Rhona Macallister"))
    assert facts.profile.summary_name == "HMRC's determination of 3 December 2025"
    assert money(facts, "assessed_tax") == {"9800.00"}
    assert money(facts, "penalty") == {"100.00", "900.00"}
    assert line(facts, "2025-12-03", "assessment_issued") == (
        "HMRC issued a determination showing £9,800.00, stating that it had not received Ms Macallister's tax return"
    )


def test_a_bank_statement_shows_what_went_to_hmrc_and_what_came_back() -> None:
    text = """Thirsk & Vale Building Society
Corbel & Finch Business account
Statement period 1 May 2025 to 31 May 2025
Date | Description | Paid out | Paid in | Balance
12/05/2025 | HMRC VAT DDR 999041867 | 1,204.00 | | 3,310.55
19/05/2025 | HMRC VTR REPAYMENT | | 14,208.11 | 17,518.66
30/05/2025 | Unpaid item charge | 35.00 | | 17,483.66
"""
    facts = read(text, intake("Corbel & Finch", "partnership"), "stmt.csv")
    assert (facts.profile.kind, str(facts.profile.written_on)) == ("bank_statement", "2025-05-31")
    assert happened(facts, "2025-05-12") == [("payment_to_hmrc", "client")]
    assert happened(facts, "2025-05-19") == [("repayment_made", "hmrc")]
    assert (money(facts, "tax_paid"), money(facts, "repayment_made"), money(facts, "bank_charge")) == (
        {"1204.00"},
        {"14208.11"},
        {"35.00"},
    )


def test_the_adjudicators_office_is_a_third_party_to_which_we_wrote() -> None:
    text = """The Adjudicator's Office
PO Box 11222, Nottingham NG2 9ZZ

Oakshott Lyle LLP
Date: 2 February 2026

Dear Ms Lyle

Thank you for your letter of 19 January 2026. We have accepted the complaint for investigation.

Yours sincerely
K Dutt
"""
    facts = read(text, intake("Rhona Macallister"))
    assert (facts.profile.author, facts.profile.recipient) == ("third_party", "agent")
    assert ("letter_to_hmrc", "agent") not in happened(facts, "2026-01-19")
