"""What the class of a paper makes of a sum: a total on an invoice is a fee, a bare sum on a demand is a debt."""

import re
from collections.abc import Sequence
from typing import Literal

from complaints.facts.advices import is_payment_advice
from complaints.facts.records import AmountRole, DocumentKind, DocumentProfile
from complaints.facts.view import Unit, flat
from lightpoint.language.money import MoneyMention, find_amounts

_DEBT = re.compile(
    r"\b(?:asked us to (?:collect|recover)|we act for|collection agency|debt (?:collect|management|recover)\w*|"
    r"(?:collections|recoveries)\b|overdue|enforcement|distrain\w*|take control of (?:your )?goods|bailiffs?|"
    r"field force|court (?:action|order)|county court|instal?ments|pay (?:now|in full|immediately|"
    r"within)|final demand|"
    r"if you do not pay|unless (?:the total|the debt|this|it) is paid|arrestment|you must pay)\b",
    re.I,
)
_LENDER = re.compile(
    r"\b(?:facility|loan|advance|overdraft|bridging|drawdown|mortgage|borrowing|finance agreement|"
    r"invoice discounting)\b",
    re.I,
)
_LOAN = re.compile(r"\b(?:loan|facility|advance|bridging|drawdown|mortgage|borrowing|finance agreement)\b", re.I)
_PAYROLL = re.compile(r"\b(?:payroll|payslips?|tax code|code [0-9]{2,4}[LMNTK]\b|net pay|gross pay|employee)\b", re.I)
_OVERDRAFT = re.compile(r"\boverdr|\baccount (?:charges?|fees?)\b|\bunarranged\b", re.I)
_DEBT_KINDS: frozenset[DocumentKind] = frozenset(
    {"hmrc_letter", "hmrc_notice", "hmrc_statement", "third_party_letter", "other"}
)
_SHOP_PAPERS: frozenset[DocumentKind] = frozenset({"proof_of_delivery", "other"})
PaperClass = Literal["debt", "lender", "payroll", "grant", "no_vat", "asks_back", "advice", "set_off", "plain"]
_NO_VAT = re.compile(
    r"\bnot (?:\w+ )?(?:registered for vat|vat[- ]registered)\b|\bno vat (?:is |has been )?(?:charged|due|applies)\b|"
    r"\bvat (?:is )?not (?:charged|applicable|due)\b|\bvat[: |]+(?:n/?a|nil|none|not applicable)\b",
    re.I,
)
_SET_OFF = re.compile(
    r"\b(?:used|set off|offset|put|applied|kept|allocated) (?:\w+ ){0,4}?(?:of )?(?:this|it|that|"
    r"the (?:repayment|refund|credit)|"
    r"your (?:\w+ )?(?:repayment|refund|credit)|the (?:money|sum|amount)) (?:to (?:pay|clear|settle|reduce)|"
    r"against|towards)\b",
    re.I,
)
_ASKS_BACK = re.compile(
    r"\b(?:repayment|refund)\b[^.\n]{0,50}\b(?:requested|claimed|sought)\W*(?:yes|y|true|✓|x)\b|"
    r"\b(?:i|we) (?:want|wish|claim|request)\b[^.]{0,40}\b(?:repayment|refund)\b|\b(?:repayment|"
    r"refund) claim (?:type|submitted|accepted)\b",
    re.I,
)


def paper_class(units: Sequence[Unit], profile: DocumentProfile) -> PaperClass:
    """What sums without a word of their own are in this paper: a debt, the cost of a loan, pay, a grant, or unknown."""
    text = " ".join(flat(unit.text) for unit in units)
    if profile.kind == "invoice":
        return "no_vat" if _NO_VAT.search(text) else "plain"
    if profile.kind == "hmrc_receipt" and _ASKS_BACK.search(text):
        return "asks_back"
    if profile.author == "hmrc" and _SET_OFF.search(text):
        return "set_off"
    if profile.kind == "bank_letter" and is_payment_advice(text):
        return "advice"
    if profile.kind in _DEBT_KINDS and len({m.lower() for m in _DEBT.findall(text)}) >= 2:
        return "debt"
    money_lent = profile.kind in {"bank_letter", "bank_statement", "third_party_letter", "other", "invoice"}
    if money_lent and profile.author != "hmrc" and _LENDER.search(text) and re.search(r"\binterest\b", text, re.I):
        return "plain" if _OVERDRAFT.search(text) and not _LOAN.search(text) else "lender"
    if profile.author != "hmrc" and len({m.lower() for m in _PAYROLL.findall(text)}) >= 2:
        return "payroll"
    return "grant" if profile.author == "hmrc" and len(re.findall(r"\bgrant\b", text, re.I)) >= 1 else "plain"


_TOTAL = re.compile(r"^\W*(?:grand |overall )?(?:total|sum|balance|amount)\b[^|:£\d]{0,30}[|:]?\s*$", re.I)
_NAMED = re.compile(r"\b(?:penalt|surcharge|interest|fine|fee|charge)\w*", re.I)


def by_paper(role: AmountRole, unit: Unit, mention: MoneyMention, paper: PaperClass) -> AmountRole:
    """What the class of a paper makes of a sum that has no telling word of its own."""
    before = flat(unit.text[: mention.start])
    if paper == "asks_back":
        return "repayment_claimed" if role in {"tax_paid", "other", "tax_overdeducted"} else role
    if paper == "set_off":
        return "repayment_outstanding" if role in {"debt_demanded", "other"} and "|" in unit.text else role
    if paper == "advice":
        return "bank_charge" if re.search(r"\b(?:fee|charge)s?\b", before, re.I) else "tax_paid"
    if paper == "debt":
        return _on_demand(role, unit.text, before)
    if paper == "lender":
        return _on_loan(role, before)
    if paper == "payroll":
        return "tax_refunded" if role == "repayment_made" and not re.search(r"\bhmrc\b", before, re.I) else role
    claimed = re.search(r"\bentitled|\breceived|\bclaimed", before, re.I)
    return "grant" if paper == "grant" and role in {"tax_paid", "other"} and claimed else role


def _on_demand(role: AmountRole, text: str, before: str) -> AmountRole:
    bare = role in {"other", "pay", "balance", "gain", "repayment_due", "direct_cost", "profit"}
    steered = role == "tax_paid" and not re.search(r"\breceived|\bpaid\b|\bthank you", text, re.I)
    named = role in {"penalty", "surcharge"} and not _NAMED.search(before)
    return "debt_demanded" if bare or steered or named or _TOTAL.match(before) else role


def _on_loan(role: AmountRole, before: str) -> AmountRole:
    if role in {"interest_charged", "interest_paid", "other"} and re.search(r"\binterest\b", before, re.I):
        return "loan_interest"
    return "loan" if role == "other" and _LENDER.search(before) else role


# What a bank does for a fee when asked to, unlike what it charges for lending.
_SERVICE = re.compile(
    r"\b(?:payment )?(?:trace|tracing)\b|\b(?:copy|duplicate|certified|replacement) (?:statement|"
    r"cheque|letter|document)|"
    r"\bcertificate of\b|\b(?:status|bank) (?:enquiry|reference|letter)\b|\b(?:chaps|stop(?:ped)? cheque) fee",
    re.I,
)


def by_kind(
    role: AmountRole, unit: Unit, mention: MoneyMention, profile: DocumentProfile, paper: PaperClass
) -> AmountRole:
    """What the kind of paper makes of a word: a total on an invoice is a fee, a payment on a demand is still a debt."""
    line = flat(unit.text)
    if paper == "lender" and role == "interest_charged" and not _OVERDRAFT.search(line):
        role = "loan_interest"
    if profile.kind == "invoice":
        return _invoice_role(role, line, profile, paper)
    if profile.kind in {"bank_letter", "bank_statement"}:
        return _on_bank_paper(role, line, mention, unit, profile)
    if profile.author == "hmrc":
        return _of_hmrc(role, line, profile)
    if role == "tax_paid" and profile.author == "third_party" and profile.kind in _SHOP_PAPERS:
        return "direct_cost"
    borrowed = re.search(r"\b(?:borrow|loan|bank|lend|mortgage|financ)", line, re.I)
    if role != "interest_charged" or not borrowed:
        return role
    return "bank_charge" if re.search(r"\boverdr", line, re.I) else "loan_interest"


_TO_PAY = re.compile(
    r"\b(?:tax|vat|duty|sdlt|cgt|nic|paye|net|total|amount|liability|levy)\b[^|:]{0,25}\b(?:to pay|payable|"
    r"due(?! (?:back|to "
    r"you))|owed)\b(?! to (?:you|the client))",
    re.I,
)


def _of_hmrc(role: AmountRole, line: str, profile: DocumentProfile) -> AmountRole:
    if profile.kind == "hmrc_receipt" and _TO_PAY.search(line):
        return "true_liability"
    if profile.kind == "hmrc_receipt" and role in {"repayment_due", "repayment_made", "fee_charged_net"}:
        return "repayment_claimed"
    if "receipt for the payment" in profile.summary_name and role in {"other", "balance", "debt_demanded"}:
        return "tax_paid"
    if profile.kind == "hmrc_notice" and role == "repayment_due" and "overpayment" in profile.summary_name:
        return "debt_demanded"
    if profile.kind == "hmrc_notice" and role == "true_liability" and re.search(r"\bassess|\byou owe\b", line, re.I):
        return "assessed_tax"
    offered = role in {"direct_cost", "repayment_made", "other"} and re.search(r"\boffer\b", line, re.I)
    return "distress_offer" if profile.kind == "hmrc_complaint_reply" and offered else role


_LENT = re.compile(
    r"\b(?:limit|facility|overdraft|loan|advance|credit line)\b[^.£]{0,30}\b(?:of|to|at|up to|for)\W*$", re.I
)
_CHARGED = re.compile(
    r"\b(?:charges?|fees?|interest|costs?)\b[^.£]*\b(?:come|came|amount(?:s|ed)?|total(?:s|led)?|add(?:s|ed)? up)\b",
    re.I,
)
_FROM_HMRC = re.compile(r"\b(?:hmrc|refund|repayment)\b", re.I)


def _on_bank_paper(
    role: AmountRole, line: str, mention: MoneyMention, unit: Unit, profile: DocumentProfile
) -> AmountRole:
    if _SERVICE.search(line) and (profile.kind == "bank_letter" or len(find_amounts(unit.text)) == 1):
        return "direct_cost"
    if profile.kind == "bank_statement":
        return _bank_role(role, line, mention, unit)
    before = flat(unit.text[: mention.start])
    if _CHARGED.search(before) and not _FROM_HMRC.search(before):
        return "loan_interest" if role == "loan_interest" else "bank_charge"
    if _LENT.search(before):
        return "loan"
    if role == "interest_charged" and re.search(r"\b(?:loan|facility|mortgage|advance)\b", line, re.I):
        return "loan_interest"
    return "bank_charge" if role in {"interest_charged", "direct_cost", "debt_demanded", "other"} else role


_VAT_LINE = re.compile(
    r"^\W*(?:add:? |plus )?(?:vat|value added tax)\b(?! (?:return|quarter|inspect|regist))|\bplus vat", re.I
)


def _invoice_role(role: AmountRole, line: str, profile: DocumentProfile, paper: PaperClass) -> AmountRole:
    if profile.author != "agent":
        return (
            "vat"
            if re.search(r"\bvat\b(?! exempt)", line, re.I) and not re.search(r"\btotal\b", line, re.I)
            else "direct_cost"
        )
    if re.search(
        r"^\W*(?:add:? |plus )?(?:vat|value added tax)\b(?! (?:return|quarter|inspect|regist))|\bplus vat", line, re.I
    ):
        return "vat"
    if paper == "no_vat" and role != "vat":
        return "fee_charged_net"
    if re.search(
        r"\b(?:grand total|total (?:due|payable|incl)|amount due|balance due|gross|to pay|"
        r"including vat|with vat)\b|^\W*total\b(?!.*\b(?:net|excl|before|ex vat|without))",
        line,
        re.I,
    ):
        return "fee_charged_gross"
    return role if role == "vat" else "fee_charged_net"


def _bank_role(role: AmountRole, line: str, mention: MoneyMention, unit: Unit) -> AmountRole:
    if (
        not re.search(r"[|]", unit.text[mention.end :])
        and re.search(r"[|]|\d\.\d\d\s", unit.text[: mention.start])
        and len(find_amounts(unit.text)) > 1
    ):
        return "balance"
    if re.search(r"\bhmrc\b|\bhm revenue\b", line, re.I):
        return "repayment_made" if re.search(r"\bcredit\b|\brefund\b|\brepayment\b|\bcr\b", line, re.I) else "tax_paid"
    return role if role in {"bank_charge", "loan_interest"} else "other"
