"""What a model says beside its sources: lies about pages of the digest, none of which is shown, and truths."""

import pytest

from knowledge.chat.checks import reason_against
from knowledge.chat.records import Passage
from knowledge.digest import load_digest

# ruff: noqa: E501  # a sentence is one line
LIES = (
    # Invented means, consequences and things.
    ("CRG5225", "HMRC decides fees by tossing a coin."),
    ("CRG5225", "See evil dot example."),
    ("CRG5225", "Customers can claim professional agents' fees at www evil example."),
    ("CRG5225", "Write to fees@example for the costs that customers have paid."),
    ("CRG5225", "HMRC asks an astrologer whether the usual hourly rate was charged."),
    ("CRG6075", "A payment for worry and distress ends the customer's right to appeal."),
    ("CRG6050", "A company that complains is fined."),
    ("CRG5650", "The Director signs the letter in blood."),
    ("CRG5200", "Ex gratia payments carry interest at the official rate."),
    # Swapped parties.
    ("CRG5225", "The customer must pay HMRC's professional fees."),
    ("CRG5225", "HMRC can claim costs as a direct result of the customer's mistake."),
    ("CRG5225", "The agent may limit what HMRC reimburses."),
    ("CRG5275", "Agents pay HMRC direct for fees."),
    ("CRG5275", "HMRC expects the customer to invoice the agent for the additional work."),
    ("CRG5275", "The customer expects HMRC to pay the invoice."),
    ("CRG5650", "CCAST signs the letter that tells the customer."),
    ("CRG5650", "A consolatory payment of £500 or more must be agreed by the Director."),
    ("CRG8000", "Complainants must not advise HMRC's staff on their legal options."),
    ("adjudicator", "HMRC can look into a complaint about the Adjudicator."),
    ("CRG2100", "The customer must record its reasoning clearly in HMRC's file."),
    ("CRG6050", "HMRC should be told by the agent, and the customer should be proactive."),
    ("CRG5600", "The customer reimburses repair or replacement."),
    # Dropped or added negatives.
    ("CRG6050", "HMRC makes a worry and distress payment to a company that complains."),
    ("CRG5275", "As a general rule HMRC pays agents direct for fees that clients incur because of its mistakes."),
    ("CRG5200", "Ex gratia payments carry interest."),
    ("CRG5200", "HMRC adds interest to ex gratia payments."),
    ("CRG5500", "Conceding an argument means that HMRC made a mistake."),
    ("CRG5500", "HMRC made a mistake."),
    ("CRG6100", "HMRC reimburses people for the time of their own that they spend on sorting out its mistakes."),
    ("CRG6100", "The payment must be worked out from an hourly rate."),
    ("CRG5350", "The costs of a complaint that is not upheld are reimbursed."),
    ("CRG5350", "Where a complaint is upheld, the costs may not be reimbursed."),
    ("CRG5100", "The payments are taxable."),
    ("CRG3050", "Complaints are the place for matters that belong before a tribunal."),
    # Other conditions and limits.
    ("CRG5650", "Every proposed redress payment must be authorised at Director level."),
    ("CRG5650", "Every proposed redress payment under £5,000 must be authorised at Director level."),
    ("CRG5225", "Fees are claimed only where the customer has a spotless record."),
    ("CRG6125", "Inconvenience alone is enough for a payment."),
    ("CRG6125", "A very long delay always leads to a payment."),
    ("CRG5350", "The costs that the customer incurred may be reimbursed where the complaint is rejected."),
    ("CRG5450", "Where insurance partly covers the fees, there is no loss to consider."),
    ("CRG5400", "A customer on the flat rate scheme gets the net amount."),
    ("CRG5400", "Where the customer is not a VAT trader HMRC reimburses only the net amount."),
    ("CRG5075", "A claim must be invited for every complaint."),
    ("CRG5650", "If the Director is unavailable CCAST may sign the letter."),
    # Other tier, tax, time, sum.
    ("complain-about-hmrc", "HMRC will normally contact the complainant within 6 weeks of the second tier review."),
    ("complain-about-hmrc", "The first tier review's decision is final within HMRC."),
    ("adjudicator", "It can normally accept a complaint up to 6 months after the first review was received."),
    ("adjudicator", "The Adjudicator decides a complaint within 6 months."),
    ("make-a-complaint", "Post about National Insurance goes to BX9 1AB."),
    ("make-a-complaint", "Post about VAT goes to NIC and EO Complaints."),
    ("CRG5425", "Traders can deduct accountancy costs from VAT."),
    ("CRG6075", "They usually range from £10 to £500."),
    ("CRG6075", "The payments usually range from £25 to £1000."),
    ("CRG6075", "£1000 may be appropriate in some cases."),
    ("CRG5225", "An agent's claim of £660 was settled at £880."),
    ("CRG5475", "In the example, £4000 is not paid."),
    ("CRG7000", "CCAST's advice is sought for a payment for worry and distress above £50,000."),
    # Superlatives and stronger words.
    ("CRG6075", "The great majority of payments lie at the higher end."),
    ("CRG6025", "It is the easiest area of remedy."),
    ("CRG5150", "HMRC reimburses the highest costs that a customer chose to incur."),
    ("CRG5600", "HMRC must pay a replacement that is new for old."),
    ("CRG5225", "HMRC must limit what it reimburses."),
    ("CRG6075", "It will go outside the limits in every case."),
    ("CRG5350", "The costs that the customer incurred in making the complaint must be reimbursed."),
    ("CRG6175", "It is right to pay the helper for worry and distress."),
)

LIES += (  # written after the checks, to see whether they hold for more than what they were written with
    ("CRG3025", "HMRC would regard inaccurate processing of unclear entries as its mistake."),
    ("CRG3025", "Poor complaint handling is not a mistake."),
    ("CRG3050", "The complaints process decides matters that belong before a tribunal."),
    ("CRG3150", "HMRC has breached section 19 of the Commissioners for Revenue and Customs Act 2005."),
    ("CRG3150", "HMRC told a former partner about the accountant's health and debts."),
    ("CRG3150", "A disclosure outside HMRC needs the Adjudicator's consent."),
    ("CRG3200", "HMRC should normally give its own officer the benefit of the doubt."),
    ("CRG3200", "Where nothing but two conflicting recollections exists, HMRC must uphold the complaint."),
    ("CRG3250", "An apology is given where a computer virus caused the system failure."),
    ("CRG3225", "Paying interest under section 78 means that HMRC accepts a mistake under its complaints policy."),
    ("CRG5125", "HMRC compensates for potential loss."),
    ("CRG5125", "HMRC must show a clear causal link between the mistake and the loss."),
    ("CRG5150", "HMRC is expected to minimise and mitigate additional cost."),
    ("CRG5150", "Someone who hires a helicopter is reimbursed."),
    ("CRG5175", "HMRC compensates a customer's own time."),
    ("CRG5175", "Half a day's unpaid leave at net earnings of £120 a day gives £120."),
    ("CRG5250", "The agent should offer a letter written straight to HMRC."),
    ("CRG5250", "Such letters are sent as a matter of course."),
    ("CRG5300", "Redress usually goes straight to the agent."),
    ("CRG5325", "The cost of preparing an invoice is reimbursed as an additional item."),
    ("CRG5375", "The premium alone is a ground for calling the claim unreasonable."),
    ("CRG5475", "The tribunal pays the costs of proceedings."),
    ("CRG5475", "The redress policy allows the balance to be reimbursed."),
    ("CRG5575", "HMRC repaid each trader bank charges of £68."),
    ("CRG5600", "Damage done in gaining entry to search premises is reimbursed."),
    ("CRG5625", "HMRC should consider compensating the debtor."),
    ("CRG6025", "The payments are the same as a court's damages."),
    ("CRG6125", "The section states a number of days."),
    ("CRG6150", "Payments are generous, usually £25 to £500."),
    ("CRG6175", "A relative who helps a customer is expected to charge fees."),
    ("CRG7000", "CCAST's advice is to be sought after a total is agreed with the claimant."),
    ("CRG8000", "Proceedings are served on the Adjudicator by post."),
    ("CRG8000", "Complaint payments are an admission of legal liability."),
    ("CRG9000", "The Ombudsman is always ready to give HMRC's staff advice and guidance on complaints."),
    ("CRG1125", "CCAST must agree to any local guidance."),
    ("CRG1150", "Withdrawing a remedy is easy while promising it is much harder."),
    ("CRG2050", "HMRC has a legal duty to make payments under the complaints policy."),
    ("adjudicator", "The Adjudicator can look at government or departmental policy."),
    ("complain-about-hmrc", "Tax need not be paid while the complaint is dealt with."),
    ("complain-about-hmrc", "An agent may complain for a customer without authorisation."),
)

TRUTHS = (
    ("CRG5225", "Customers can claim professional agents' fees that they have paid."),
    ("CRG5225", "Customers can claim professional agents' fees that they have paid as a direct result of HMRC's mistake."),
    ("CRG5225", "HMRC may limit what it reimburses to what it considers reasonable."),
    ("CRG5225", "HMRC may limit the reimbursement to what it considers reasonable, which may be less than the customer paid."),
    ("CRG5225", "The fees must relate only to additional work that the mistake or delay directly caused."),
    ("CRG5275", "As a general rule HMRC does not pay agents direct for fees that clients incur because of its mistakes."),
    ("CRG5275", "HMRC expects the agent to invoice the customer for the additional work."),
    ("CRG5275", "In rare cases of direct payment, any VAT charged is included."),
    ("CRG5650", "A redress payment over £5,000 must be authorised at Director level."),
    ("CRG5650", "Every redress payment over £5,000 must be authorised at Director level."),
    ("CRG5650", "The Director signs the letter that tells the customer."),
    ("CRG5650", "A consolatory payment of £500 or more must be agreed by CCAST."),
    ("CRG6050", "HMRC does not make a worry and distress payment to a company."),
    ("CRG6050", "Worry and distress payments are made only to individuals."),
    ("CRG6050", "A company can still have reasonable additional costs repaid."),
    ("CRG6075", "Payments for worry and distress usually range from £25 to £500."),
    ("CRG6075", "The great majority of payments lie at the lower end."),
    ("CRG6075", "A consolatory payment of £500 or more must be referred to CCAST."),
    ("CRG6075", "HMRC looks more at the impact of the mistake than at its seriousness."),
    ("CRG5200", "HMRC does not add interest to ex gratia payments."),
    ("CRG5200", "Ex gratia payments carry no interest."),
    ("CRG6100", "HMRC does not reimburse people for their own time spent on sorting out its mistakes."),
    ("CRG6100", "The payment must not be worked out from an hourly rate."),
    ("CRG6125", "Inconvenience alone is not enough for a payment."),
    ("CRG5350", "Where a complaint is upheld, the costs of making it may be reimbursed so far as they are reasonable."),
    ("CRG5350", "The costs of a complaint that is not upheld are not reimbursed."),
    ("adjudicator", "It can normally accept a complaint up to 6 months after the second review."),
    ("make-a-complaint", "Post about National Insurance or employers goes to NIC and EO Complaints."),
    ("complain-about-hmrc", "HMRC will normally contact the complainant within 6 weeks of receiving the complaint."),
    ("CRG5450", "Where insurance fully covers the fees, there is no loss."),
    ("CRG5400", "A customer on the flat rate scheme cannot recover VAT as input tax."),
    ("CRG2100", "HMRC must record its reasoning clearly in the customer's file."),
    ("CRG3250", "Where a customer complains of unplanned downtime an apology should always be given."),
    ("CRG5100", "HMRC normally requires evidence of costs paid, such as receipts or paid invoices."),
    ("CRG8000", "HMRC's staff must not advise complainants on their legal options."),
    ("CRG5125", "HMRC compensates only for financial loss caused directly and solely by its mistakes or delays."),
    ("CRG5125", "A customer who claims a loss must show a clear causal link between the mistake and the loss."),
    ("CRG5150", "Customers are expected to minimise and mitigate additional cost."),
    ("CRG5175", "Multiplying an hourly charge-out rate by the hours spent is not enough."),
    ("CRG5300", "Redress usually goes straight to the customer."),
    ("CRG5325", "HMRC does not reimburse the cost of preparing an invoice."),
    ("CRG5475", "The costs of proceedings may be assessed by the tribunal or negotiated with HMRC's lawyers."),
    ("CRG5600", "If repair is possible and economical only its cost is repaid."),
    ("CRG5625", "The claim must be thoroughly investigated."),
    ("CRG6150", "Payments are modest, usually £25 to £500, mostly at the lower end."),
    ("CRG6175", "A relative who helps a customer is not expected to charge fees."),
    ("CRG7000", "CCAST's advice is to be sought where legal action is threatened."),
    ("CRG8000", "Proceedings are served by post on the General Counsel and Solicitor to HM Revenue and Customs."),
    ("CRG2050", "HMRC has no legal duty to make payments under the complaints policy."),
    ("complain-about-hmrc", "Someone else, such as an agent, may complain for a customer only once authorised."),
)  # fmt: skip
SHOWN_AT_LEAST = 39  # of the truths


def _reason(identifier: str, sentence: str) -> str:
    section = load_digest()[identifier]
    return reason_against(sentence, [Passage(1, identifier, section.title, 0, section.requires)])


@pytest.mark.parametrize(("identifier", "lie"), LIES)
def test_no_lie_about_a_page_is_shown(identifier: str, lie: str) -> None:
    assert _reason(identifier, lie)


def test_most_of_what_is_true_is_shown() -> None:
    refused = {truth: reason for identifier, truth in TRUTHS if (reason := _reason(identifier, truth))}
    assert len(TRUTHS) - len(refused) >= SHOWN_AT_LEAST, refused
