"""What a sum of money is: its role by the words nearest to it, the heading of its column, and the kind of paper."""

import re
from dataclasses import dataclass

from complaints.facts.records import AmountRole


@dataclass(frozen=True, slots=True)
class RoleRule:
    role: AmountRole
    pattern: re.Pattern[str]
    weight: int = 0
    before: bool = False  # the words count only where they stand before the amount


def _role(role: AmountRole, words: str, weight: int = 0, *, before: bool = False) -> RoleRule:
    return RoleRule(role, re.compile(rf"\b(?:{words})", re.I), weight, before)


ROLE_RULES: tuple[RoleRule, ...] = (
    _role(
        "repayment_due",
        r"overpaid|overpayment|overpaid tax|amounts? to be repaid|repayable|repayments? "
        r"due|refunds? due|due (?:back )?to (?:you|us|our client|the client|him|her|them|"
        r"it)|credit available|available credit|"
        r"repayment(?:s)?(?: of)?|refund(?:s)?(?: of)?|in credit|credit of|credit balance|"
        r"owes? (?:you|her|him|them|us|the client|our client)|vat (?:reclaim|credit)|repayment "
        r"shown",
        4,
    ),
    _role(
        "repayment_claimed",
        r"(?:re)?claim(?:ed|s|ing)? (?:a |the )?(?:repayment|refund)(?: of)?|(?:repayment|"
        r"refund) (?:claimed|requested|claim)(?: of| for)?|reclaimed|claim(?:ed|ing)? back|"
        r"overpayment relief (?:claim )?(?:of|for)|claims? for (?:a )?(?:repayment|refund)"
        r"(?: of)?|claim (?:of|for)",
        12,
    ),
    _role(
        "repayment_made",
        r"(?:repayment|refund)s?\b[^.;|£]{0,30}?\b(?:issued|made|sent|received|credited|"
        r"was paid)(?: of| on)?|repaid|bacs credit hmrc|hmrc repayment",
        8,
    ),
    _role(
        "repayment_outstanding",
        r"still (?:to be repaid|outstanding|unpaid)|balance of the (?:repayment|refund)|"
        r"remaining (?:repayment|refund)|(?:repayment|refund) (?:still )?outstanding",
        10,
    ),
    _role(
        "tax_overdeducted",
        r"(?:takes?|taking|deducts?|deducting)\b|extra tax|over[- ]?deduct(?:ed|ion)s?|too "
        r"much tax|overtaxed|tax over(?:charged|"
        r"taken)|excess (?:tax|deductions?)|deducted in error|wrongly deducted|over[- ]?collected|"
        r"overpaid through (?:her|his|their|the) code",
        12,
    ),
    _role(
        "tax_refunded",
        r"(?:tax )?refunded|tax refund(?:ed)?(?: in| of|:)|refund (?:in|through|via) (?:july|"
        r"payroll|the payroll|pay)\w*",
        8,
    ),
    _role(
        "penalty",
        r"(?:late (?:filing|payment|submission) |fixed |daily |further |tax[- ]geared |initial "
        r"|accuracy |careless |deliberate )*penalt(?:y|ies)\b(?: of| totalling| charged|"
        r" amount)?|fine(?:d)?(?: of)?",
        6,
    ),
    _role("surcharge", r"(?:default )?surcharges?\b(?: of)?", 8),
    _role(
        "interest_paid",
        r"repayment (?:interest|supplement)|interest (?:paid to|credited|added to (?:the|"
        r"your) repayment|on (?:the|your) (?:repayment|overpayment))|interest paid\b|supplement "
        r"of",
        12,
    ),
    _role(
        "loan_interest",
        r"(?:loan|finance|mortgage|facility|bridging|borrowing) interest|interest (?:on "
        r"(?:the |this |that )?(?:loan|facility|borrowing|finance|mortgage|advance)|to \d)"
        r"|interest (?:est|estimated)",
        14,
    ),
    _role(
        "bank_charge",
        r"overdraft (?:interest|charges?|fees?)|bank (?:charges?|fees?|interest)|arrangement "
        r"fee|unpaid item (?:fee|charge)|returned (?:item|payment|direct debit)|total charged|"
        r"unarranged (?:overdraft|borrowing)|charges? (?:for|on) (?:the |an |your )?overdraft|"
        r"overdraft cost",
        14,
    ),
    _role("interest_charged", r"(?:late payment )?interest\b(?: charged| of| accrued| due| on late| added)?", 3),
    _role(
        "debt_demanded",
        r"total (?:now )?due now|total (?:amount )?(?:now )?(?:due|payable|outstanding|owed|"
        r"owing) ?(?:now)?|amount (?:now )?(?:due|payable|overdue|outstanding|owed|owing)"
        r"|balance (?:now )?(?:due|owing|outstanding)|debt (?:of|now)|arrears|demand(?:ed|"
        r"ing|s)?(?: for| of| payment of)?|overdue|full amount(?: of)?|you (?:must|need "
        r"to|should) pay(?: back)?|please pay|amount you need to pay back|to collect|collecting|"
        r"recover(?:y of|ing)?|owes? (?:hmrc|us)",
        5,
    ),
    _role(
        "assessed_tax",
        r"(?:total )?assess(?:ed|ments?)\b(?: vat| tax| duty| totalling| of| for| at| total)"
        r"?|(?:tax|vat|duty|nic|amount) (?:you|it|she|he|they) owes?|you owe|underpa(?:id|"
        r"yment)s?\b(?: tax| of)?|determin(?:ed|ation)(?: of| for| at)?|additional (?:tax|"
        r"duty|vat|assessment)|post[- ]clearance demand|duty (?:demanded|underpaid)|overclaimed|"
        r"adjustment of",
        6,
    ),
    _role("loss_carried_back", r"loss(?:es)? carried back|carr(?:y|ied)[- ]back (?:loss|of)|carried back", 12),
    _role("loss_carried_forward", r"loss(?:es)? (?:carried|brought) forward|carried forward|brought forward loss", 12),
    _role(
        "loss",
        r"(?:trading |capital |allowable |property |net )*loss(?:es)?\b(?: per accounts| for the period| of)?",
        3,
    ),
    _role("gain", r"(?:chargeable |capital |net |total |taxable )*gains?\b(?: of| on| before)?", 5),
    _role(
        "sale_proceeds",
        r"(?:sale|disposal|net|gross) proceeds|proceeds|sold\b[^£;|]{0,40}?\bfor|(?:purchase|"
        r"sale|disposal|acquisition)\b[^.;£|]{0,40}?\bfor|sold for|sale price|disposal value|"
        r"consideration|purchase price|sale (?:at|of .{0,30} for)|selling price|market value|"
        r"bought for",
        7,
    ),
    _role(
        "grant",
        r"(?:seiss |cjrs |furlough |business |support |job retention )*grants?\b(?: of| "
        r"received| paid| amount)?|furlough(?: claim| payments?)?|seiss\b|cjrs\b",
        6,
    ),
    _role(
        "benefit_in_kind",
        r"(?:company )?car (?:and fuel )?benefit|(?:car|fuel|van|medical|accommodation|loan)"
        r" benefit|benefits? in kind|taxable benefits?|p11d (?:value|benefit)|benefit(?:s)"
        r"? (?:of|for)|fuel charge",
        8,
    ),
    _role(
        "allowance",
        r"(?:minus |less |your )?(?:(?:personal|marriage|blind person'?s|tax[- ]free|savings|"
        r"dividend|annual|trading|property|capital|employment|annual exempt) (?:allowances?|"
        r"amount)|annual exempt(?:ion| amount)|personal allowance|relief at|nil[- ]rate "
        r"band|tax[- ]free amount|capital allowances)",
        8,
    ),
    _role(
        "tax_paid",
        r"(?:less )?(?:(?:income |corporation )?tax|vat|duty|nic|payments? on account|balancing "
        r"payment|payment) (?:already )?(?:paid|received|deducted|made)|paid (?:on|by|at|"
        r"hmrc|under)|payments? on account(?: paid)?|payment received|payment of|(?:at \d+% "
        r")?paid|deducted (?:at source|under cis|by contractors?)|cis (?:deductions?|tax)"
        r"|hmrc (?:shipley|cumbernauld|vat|sa|ndds|paye)|tax deducted|to hmrc",
        4,
    ),
    _role(
        "true_liability",
        r"(?:total|tax|vat|duty|stamp duty|cgt|inheritance tax|corporation tax|income tax|"
        r"correct|amount|nic|sdlt) (?:due|payable|liability|chargeable)(?: for| of| is)?|"
        r"liabilit(?:y|ies)(?: of| is)?|(?:correct|true|actual|revised|proper) (?:tax|liability|"
        r"amount|figure|duty)|corporation tax at \d+%(?! paid)|income tax at|capital gains "
        r"tax at|total due(?: for)?|should (?:be|have been)|nothing (?:was )?due",
        4,
    ),
    _role(
        "pay",
        r"(?:gross |taxable |monthly |net |annual )?(?:(?<!please )(?<!to )(?<!must )(?<!will "
        r")(?<!can )(?<!not )(?<!repay )pay\b|salary|wages?|earnings|remuneration|emoluments)"
        r"(?! day)",
        3,
    ),
    _role("turnover", r"turnover|(?:gross |taxable |total )?(?:sales|receipts|takings|supplies)\b", 3),
    _role(
        "profit",
        r"(?:total |trading |net |gross |revised |taxable |adjusted |rental )*profits?\b(?: "
        r"from \S+| as originally returned| for the (?:year|period)| of)?|total income|income "
        r"on which tax is due|taxable (?:income|amount)",
        4,
    ),
    _role(
        "distress_offer",
        r"offer(?:ed|ing)?(?: of| you| to pay| her| him| them)?|consolatory payment(?: of)"
        r"?|(?:payment|redress) (?:of|for) (?:the )?(?:worry|distress)|in recognition of|"
        r"worry and distress(?: payment)?(?: of)?|goodwill|apolog\w+ (?:payment|with)",
        8,
    ),
    _role(
        "alleged_loss",
        r"(?:i|we|they) (?:think|reckon|believe|estimate|must have)\b[^.£]{0,20}\b(?:lost|"
        r"cost)|lost (?:at least|about|around|some|over|nearly|up to|sales|trade|orders|"
        r"business|income|profits?|earnings)?|thinks? i lost(?: at least)?|loss of (?:trade|"
        r"profit|earnings|business|orders|income)|lost (?:trade|profit|earnings|business|"
        r"orders|income)|missed out on",
        12,
    ),
    _role(
        "own_time_claim",
        r"(?:my|our|own|his|her) (?:own )?time\b(?! (?:record|sheet|ledger|log|entr|units|cost)\w*)|"
        r"hours of my (?:own )?time|(?:days?|hours?)"
        r" off(?: work)?|annual leave|at my (?:usual |normal )?(?:hourly |day )?rate|unpaid "
        r"leave",
        12,
    ),
    _role(
        "loan",
        r"(?:amount of (?:the )?)?loans?\b(?: of| amount| principal)?|overdraft (?:facility|"
        r"limit|balance)(?: of)?|facilit(?:y|ies)\b(?: of)?|borrow(?:ed|ing)?|highest balance "
        r"drawn(?:[^.;£]{0,25})|balance drawn(?:[^.;£]{0,25})|advance(?:d)?(?: of)?|drawn "
        r"(?:down|in the period)|credit limit|mortgage(?: of)?|bridging",
        6,
    ),
    _role(
        "direct_cost",
        r"(?:redirection|postage|courier|special delivery|replacement|duplicate|search|valuation|"
        r"registrar|notary|translation|travel|fare|mileage|locksmith|storage|demurrage|warehouse|"
        r"bailiff|enforcement|court|counselling|late completion)\b[^.;£|]{0,30}?(?:fees?|"
        r"costs?|charges?|of)?|want(?:s|ed)?\b|(?:cost|charge|fee) (?:of|for) (?:postal|"
        r"mail|the replacement|replacement)|cost (?:me|us|her|him|them)|out of pocket|had "
        r"to pay",
        6,
    ),
    _role(
        "fee_charged_net",
        r"(?:our |professional |accountancy |additional |your |agent'?s? |time )+fees?\b(?: "
        r"of| for| net)?|invoice \S+ for|fee note|net (?:fees?|of vat)|(?:invoice|bill)(?:ed)"
        r"? (?:for|of|at)|net\b(?! (?:proceeds|profit|loss|gain|pay))",
        5,
    ),
    _role("fee_charged_gross", r"including vat|inc(?:l|\.)? vat|gross (?:fees?|total)|vat inclusive", 9),
    _role("vat", r"vat (?:at|@) ?\d+(?:\.\d+)?%?(?:\s*\|)?|plus vat of|vat of|vat\b(?= ?£?\d)", 8, before=True),
    _role("balance", r"balance(?: brought forward| carried forward| b/f| c/f)?|opening balance|closing balance", 3),
)

_COLUMNS: tuple[tuple[str, AmountRole], ...] = (
    (r"tax paid|tax deducted|deducted|tax taken off|paid in", "tax_paid"),
    (r"(?:amount |sum |total )?(?:to pay|payable|you owe|owed|owing|overdue|outstanding)", "debt_demanded"),
    (r"balance", "balance"),
    (r"vat", "vat"),
    (r"assessed(?: vat| tax| duty)?|tax assessed|assessment", "assessed_tax"),
    (r"penalt(?:y|ies)", "penalty"),
    (r"surcharge", "surcharge"),
    (r"interest(?: charged)?", "interest_charged"),
    (r"pay|gross pay|salary|taxable pay", "pay"),
    (r"grant(?: amount| paid)?", "grant"),
    (r"gain", "gain"),
    (r"proceeds|sale proceeds", "sale_proceeds"),
    (r"extra tax|over-?deducted|tax overpaid", "tax_overdeducted"),
    (r"refund(?:ed)?|tax refunded", "tax_refunded"),
    (r"turnover|sales", "turnover"),
    (r"loan|advance", "loan"),
    (r"duty(?: due| payable)?", "true_liability"),
    (r"net", "fee_charged_net"),
    (r"gross", "fee_charged_gross"),
)
# A column heading that says more than "Amount" decides for its cells.
COLUMN_ROLES: tuple[tuple[re.Pattern[str], AmountRole], ...] = tuple(
    (re.compile(rf"^\W*(?:{words})\W*(?:£|\(£\))?\W*$", re.I), role) for words, role in _COLUMNS
)
