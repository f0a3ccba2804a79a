"""Who wrote a paper and what it is, in the many layouts in which offices, practices, banks and agencies write."""

import pytest

from complaints.facts.records import DocumentProfile
from complaints.tests.facts.papers import intake, read

OURS = "Oakshott Lyle LLP\n1 High Street\nLudlow SY8 9ZZ"
THEIRS = "Mr G Pennyfeather\n4 Mill Lane\nLudlow SY8 9ZY"
TAX = "HM Revenue & Customs\nSelf Assessment\nBX9 1AS"
BODY_HMRC = "Thank you for your letter of 3 March 2025. I have looked at your client's return and no change is needed."
BODY_OURS = "We wrote on 3 March 2025 and have had no reply. Please tell us when our client will be repaid."

# name, text, kind, author
HEADS: tuple[tuple[str, str, str, str], ...] = (
    ("hmrc first", f"{TAX}\n\n{OURS}\n\n4 April 2025\n\nDear Agent\n\n{BODY_HMRC}\n\nR Vine", "hmrc_letter", "hmrc"),
    ("addressee first", f"{OURS}\n\n{TAX}\n\n4 April 2025\nOur ref SA/1\n\nDear Sirs\n\n{BODY_HMRC}\n\nR Vine\nHigher Officer", "hmrc_letter", "hmrc"),
    ("addressee first, no salutation", f"{OURS}\n\n{TAX}\n\nDate: 4 April 2025\nG Pennyfeather\n{BODY_HMRC}\nR Vine", "hmrc_letter", "hmrc"),
    ("one line head", "HM Revenue & Customs, Individual Compliance, BX9 1LB\n4 April 2025\nOakshott Lyle LLP. CFS-1\nThank you for your letter of 3 March. My check is complete.\nR Vine", "hmrc_letter", "hmrc"),
    ("unit above name", f"Debt Management\n\nHM Revenue and Customs, BX9 1SH\n4 April 2025\n{THEIRS}\nWhat you owe: £840.00\nPay now or we may take enforcement action.", "hmrc_notice", "hmrc"),
    ("client first", f"{THEIRS}\n\n{TAX}\n\n4 April 2025\nUTR 1234567890\nCheck of your tax return\nI am checking the property income in your return. Please send me the lease.\nR Vine", "hmrc_letter", "hmrc"),
    ("reference in the date line", f"{TAX}\n\n{OURS}\n\n27 January 2025. Reference PP/66120\nMr G Pennyfeather\nI am replying to your letters of 19 September and 11 November 2024.\nJ Penn", "hmrc_letter", "hmrc"),
    ("acknowledgement", f"{OURS}\n\n{TAX}\n\nDate: 30 May 2024\nG Pennyfeather\nThank you for your letter of 22 May 2024 which we received on 24 May 2024.\nIt has been passed to the compliance team.", "hmrc_letter", "hmrc"),
    ("form returned", f"{OURS}\n\nHM Revenue & Customs\nCentral Agent Authorisation Team\nBX9 1ZE\n\n27 March 2023\nForm 64-8\nWe return the form which we received on 6 February. The signature does not match our records.", "hmrc_letter", "hmrc"),
    ("to the client, dear name", f"{TAX}\n{THEIRS}\n4 April 2025\nDear Mr Pennyfeather\nYou claimed a grant of £6,270.00. We think you may have had too much.\nHMRC", "hmrc_letter", "hmrc"),
    ("review conclusion", f"{OURS}\n\nHM Revenue & Customs\nStatutory Reviews\nBX9 2WA\n\nDate 8 January 2026\nReview conclusion: G Pennyfeather\nI have reviewed the penalty of £300.00. My conclusion is that the decision is upheld.\nIf you do not agree you can appeal to the tribunal within 30 days of the date of this letter.\nS Kirk\nReview Officer", "hmrc_letter", "hmrc"),
    ("complaint reply", f"{OURS}\n\nVAT Complaints\nHM Revenue and Customs\nBX9 1WR\n\n13 November 2025\nComplaint C/1\n\nDear Mr Lyle\n\nYour letter of 18 September 2025 has been given to me for a first review. I uphold this part of your complaint.\nYou can ask for a second review.\nYours sincerely\nW Ash\nCustomer Service Resolution", "hmrc_complaint_reply", "hmrc"),
    ("complaint reply without dear", f"{OURS}\n\nComplaints\nHM Revenue and Customs\nBX9 1AA\n\n24 July 2025\nYour complaint about G Pennyfeather\nYour complaint of 19 May 2025 reached us on 23 May 2025. That was our error. I uphold this part.\nThis is our only review. You can go to the Adjudicator.\nF Gray", "hmrc_complaint_reply", "hmrc"),
    ("second-tier reply", "HM Revenue & Customs\nComplaints (second tier)\nDate: 6 May 2025\nDear Oakshott Lyle\nSecond tier review: Mr G Pennyfeather\nI have reviewed the complaint again. I agree with the first tier decision.\nThis is our final response.", "hmrc_complaint_reply", "hmrc"),
    ("penalty title first", f"Notice of penalty assessment\n\n{THEIRS}\nDate | 3 October 2025\nPenalty | £333.56\nYou can appeal within 30 days of the date of this notice.", "hmrc_notice", "hmrc"),
    ("notice to the practice", f"{TAX}\n{OURS}\nPenalty notice\nDate 3 October 2025\nYour client has been charged £100.00.", "hmrc_notice", "hmrc"),
    ("overdue tax", f"HM Revenue | CGT on UK Property Team\n& Customs | BX9 1AS\n\n{THEIRS}\nDate 18 September 2025\nOverdue: Capital Gains Tax\nAmount now due | £14,247.02\nPlease pay now. If you think this is wrong write to us.", "hmrc_notice", "hmrc"),
    ("about to distrain", f"HM Revenue & Customs\nDebt Management, BX9 1SH\n30 April 2025\n{THEIRS}\nTotal | £3,967.56\nUnless the total is paid by 14 May 2025 an officer will call to list your goods.", "hmrc_notice", "hmrc"),
    ("P800", f"P800 tax calculation\n{THEIRS}\n10 November 2025\nYou owe £240.00.", "hmrc_notice", "hmrc"),
    ("account print", "Self Assessment account\n\nName: G PENNYFEATHER UTR: 1234567890 Printed: 5 January 2026 by agent AB1234\n\nDate | What | Debit | Credit\n29/01/2025 Payment received | 612.40", "hmrc_statement", "hmrc"),
    ("VAT account print", "VAT account\nPrinted 5 January 2026\nPeriod | Due | Paid\n04/25 | 100.00 | 0.00", "hmrc_statement", "hmrc"),
    ("SA302", f"HM Revenue & Customs\nTax calculation 2023-24\n{THEIRS}\n13 August 2024\nTax overpaid | £640.00", "hmrc_statement", "hmrc"),
    ("return summary", "Report and pay Capital Gains Tax on UK property\n\nSubmitted 19 June 2025 at 10:06 by agent AB1234\n\nCustomer | Mr Gareth Pennyfeather\nCompletion | 9 May 2025\nTax due | £14,028.00", "hmrc_receipt", "hmrc"),
    ("our letter", f"{OURS}\n\n4 April 2025\n\n{TAX}\n\nDear Sirs\n\n{BODY_OURS}\n\nYours faithfully\nP Lyle", "agent_letter", "agent"),
    ("our letter, date below their block", f"{OURS}\n\n{TAX}\n\n4 April 2025\n\nDear Sirs\n\nGareth Pennyfeather\n\nWe act for Mr Pennyfeather. {BODY_OURS}\n\nYours faithfully\nOakshott Lyle LLP", "agent_letter", "agent"),
    ("our letter without greeting", "Oakshott Lyle LLP, 1 High Street, Ludlow SY8 9ZZ\n5th of February, 2025\nPAYE Employer Office, HM Revenue and Customs, BX9 1BX\nG Pennyfeather\nYour online statement shows £3,906.12 unpaid. Please correct the account.\n\nU Magee, payroll lead", "agent_letter", "agent"),
    ("their block first, ours below", f"{TAX}\n\n4 April 2025\n\nYour ref: SA/1\n\nDear HMRC\n\nOur client has never been paid. {BODY_OURS}\n\nYours faithfully\nP Lyle\nOakshott Lyle LLP", "agent_letter", "agent"),
    ("named officer", f"{OURS}\n26th March 2024\nR Vine, Individual Compliance, HM Revenue and Customs, BX9 1LB\nCFS-1: Mr Pennyfeather\nYour letter of 12 March 2024 asks for the statements. You have had them since June, when we uploaded all 64 pages.\nFreya Lyle", "agent_letter", "agent"),
    ("our address, then our name", f"1 High Street, Ludlow SY8 9ZZ\n\nOakshott Lyle LLP\n26th March 2024\nSelf Assessment, HM Revenue and Customs, BX9 1AS\n{BODY_OURS}\nP Lyle", "agent_letter", "agent"),
    ("complaint", f"{OURS}\n6 May 2025\nCustoms Complaints\nHM Revenue and Customs\nBX9 1EH\nGareth Pennyfeather\nWe wish to complain on behalf of our client.\n1. Wrong demand. On 17 January 2025 you demanded duty.\nOakshott Lyle LLP", "agent_complaint", "agent"),
    ("request for a second review", f"{OURS}\n17 March 2025\nComplaints\nHM Revenue and Customs\nOur client Mr G Pennyfeather. Your ref C/1\nPlease carry out a second tier review. You have not dealt with the calls.\nOakshott Lyle LLP", "agent_complaint", "agent"),
    ("client's letter", f"{THEIRS}\n\n4 April 2025\n\n{TAX}\n\nDear Sirs\n\nI am writing about my tax bill. My accountant has asked you for it.\n\nYours faithfully\nG Pennyfeather", "client_letter", "client"),
    ("agency", f"Clydeview Recoveries\n\n8 April 2025\nOur reference CR-1\n{THEIRS}\nHM Revenue & Customs: £1,908.35\nHMRC has asked us to collect the sum above. Pay in full within 7 days.", "third_party_letter", "third_party"),
    ("agency that acts for HMRC", f"Harrow Collections Ltd\nPO Box 77, Leeds\nDate: 22 September 2025\n{THEIRS}\nDebt owed to HM Revenue & Customs: £412.38\nWe act for HM Revenue & Customs. The above sum is overdue.", "third_party_letter", "third_party"),
    ("doctor", "Lorn Medical Practice\n\n3 February 2025\nTo whom it may concern\nRe: Gareth Pennyfeather\nThis patient was in hospital. He told me that a demand from HMRC was on his mind.\nDr P Ard", "third_party_letter", "third_party"),
    ("bank letter", f"Torview Mutual Bank\n9 May 2025\n{THEIRS}\nDear Mr Pennyfeather\nWe confirm that charges of £64.00 were applied to your overdraft.\nYours sincerely\nK Bell", "bank_letter", "third_party"),
    ("bank statement", f"East Fen Building Bank\n{THEIRS}\nStatement 61\n1 July 2025 to 31 July 2025\nDate | Description | Paid out | Paid in | Balance\n01 Jul | FASTER PAYMENT HMRC | 840.00 | 12.00", "bank_statement", "third_party"),
    ("facility statement", "Foyle Trade Finance\n\nStatement of bridging facility 20881: Gareth Pennyfeather\nDate | Transaction | Amount | Balance\n03/07/2025 | Advance | 45,000.00 | 45,000.00\n31/07/2025 | Interest | 212.05 | 45,212.05", "bank_statement", "third_party"),
    ("our invoice", "Oakshott Lyle LLP\n\nInvoice 0772, 8 September 2025\nGareth Pennyfeather\nWork caused by HMRC | £196.00\nVAT 20% | £39.20\nTotal | £235.20", "invoice", "agent"),
    ("call note", "Telephone attendance\nDate: 4 August 2025, 2.15pm\nFee earner: P Lyle\nStamp Taxes helpline - spoke to \"Aled\"\nHe will have it moved.", "call_note", "agent"),
    ("jotted call", "Pennyfeather - VAT\n\nTues 12/8 (2025)  11.05 to 11.50\n\nRang verification team, got C Boon.\nMe: invoices uploaded, where's the money.\nHer: policy. Put phone down.", "call_note", "agent"),
    ("tribunal", "FIRST-TIER TRIBUNAL\nTAX CHAMBER\nTC/2025/1\nGareth Pennyfeather v HM Revenue & Customs\nDecision released 4 April 2025\nThe appeal is allowed.", "tribunal_decision", "third_party"),
)  # fmt: skip

MAILS: tuple[tuple[str, dict[str, str], str, str, str], ...] = (
    ("gateway", {"From": "RTI Gateway <rti@gateway-receipts.example>", "Subject": "EPS accepted"},
     "Employer Payment Summary for tax month 8 was received and accepted on 19/11/2024 17:04.", "hmrc_receipt", "hmrc"),
    ("officer", {"From": "B Tarr <b.tarr@isbc-compliance.example>", "Subject": "RE: review of penalty"},
     "Dear Lorna\nYou have until 13 February 2026 to go to the tribunal. I can't change the date on our system.",
     "hmrc_letter", "hmrc"),
    ("initials of another name", {"From": "Moira M <moira@oalyle.example>", "Subject": "time"},
     "Export attached.", "email", "third_party"),
    ("colleague by domain", {"From": "Moira M <moira@oakshottlyle.example>", "Subject": "time"},
     "Export attached.", "email", "agent"),
    ("client", {"From": "Gareth P <g@pennyfeatherfarms.example>", "Subject": "again"},
     "Another demand from HMRC. Have they answered your letter?", "email", "client"),
    ("insurer", {"From": "Claims <claims@feeprotect.example>", "Subject": "Policy 1: settlement"},
     "We have paid the policy limit towards your account for the HMRC enquiry. Our insured met the balance.",
     "email", "third_party"),
    ("agency mail", {"From": "payments@firthrecoveries.example", "Subject": "Your payments"},
     "Dear Mr Pennyfeather\nThank you. We have received: 2 May 2025 £310.00", "email", "third_party"),
    ("bureau", {"From": "Elin at Tawe Payroll <elin@tawepayroll.example>", "Subject": "code"},
     "HMRC sent us a new code for Gareth on 3 June 2025 and we applied it.", "email", "third_party"),
)  # fmt: skip


def told(text: str, name: str = "paper.pdf", mail: dict[str, str] | None = None) -> DocumentProfile:
    return read(text, intake(), name, mail).profile


@pytest.mark.parametrize(("label", "text", "kind", "author"), HEADS, ids=[head[0] for head in HEADS])
def test_the_author_and_kind_of_a_paper_are_known_by_its_head_and_voice(label, text, kind, author):
    profile = told(text, "phone.txt" if kind == "call_note" else "paper.pdf")
    assert (profile.kind, profile.author) == (kind, author), label


@pytest.mark.parametrize(("label", "mail", "text", "kind", "author"), MAILS, ids=[mail[0] for mail in MAILS])
def test_the_sender_of_a_mail_is_known_by_domain_and_voice(label, mail, text, kind, author):
    headers = {**mail, "To": "p@oakshottlyle.example", "Date": "Thu, 15 Jan 2026 14:09:00 +0000"}
    profile = told(text, "mail.eml", headers)
    assert (profile.kind, profile.author) == (kind, author), label


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"{TAX}\n\n{OURS}\n\n27 January 2025. Reference PP/66120\nWe have looked at your client's return.", "2025-01-27"),
        ("Report and pay Capital Gains Tax\nSubmitted 19 June 2025 at 10:06 by agent\nExchange | 11 April 2025", "2025-06-19"),
        ("Self Assessment account\nName: G UTR: 1 Printed: 5 January 2026 by agent\n29/01/2025 Payment | 1.00", "2026-01-05"),
        ("Fen Building Bank\n\nAdvice of charge\n\n14 October 2025 | Payment trace | £20.00", "2025-10-14"),
        ("Note of call\nTues 12/8 (2025)  11.05 to 11.50\nRang the helpline.", "2025-08-12"),
    ],
)  # fmt: skip
def test_the_day_of_writing_is_read_in_its_many_places(text, day):
    assert str(told(text, "call.txt" if "call" in text else "paper.pdf").written_on) == day


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        (f"{TAX}\nDate 24 June 2025\n{OURS}\nDear Agent\nYour complaint\nI uphold this point.\nYou may ask for a second review.", 1),
        (f"{TAX}\nDate 24 June 2025\nDear Agent\nI have carried out a second review of your complaint and do not uphold it.", 2),
        (f"{TAX}\nDate 24 June 2025\nYour complaint\nI uphold this. There will not be a second review. This is our final response.", 1),
    ],
)  # fmt: skip
def test_the_tier_of_a_reply_is_that_of_the_review_it_gives(text, tier):
    assert told(text).tier == tier
