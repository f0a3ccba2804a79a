"""Which heap a row of the time record goes to: additional work, complaining, ordinary work or excluded. Pure.

The sheet's mark is respected when it says no; a yes is tested against what the work was, since redress leaves out
preparing invoices and claims (CRG5325), appeals, statutory reviews and tribunals (CRG5475, CRG5500), the ordinary cost
of answering a check, of returns and of advice (CRG5100, CRG5225), and the client's own time (CRG5175).
"""

import re
from dataclasses import dataclass
from typing import Literal

from complaints.analysis.wording import says
from complaints.facts.records import TimeEntry

Heap = Literal["additional", "complaint", "ordinary", "excluded"]

_REDONE = (
    r"\b(duplicat|re-?(build|built|do|done|submi|send|sent|construct|prepar|file|key|issu|creat|work)|again|lost|"
    r"mislaid|replac|second|third|cop(y|ies) of|recalculat|correct|trac(e|ing)|chas|repeat|twice|already|still|"
    r"(they|HMRC) (already )?(hold|held|have|had))"
)
_TROUBLE = (
    rf"{_REDONE}|\b(HMRC|not (received|processed|found)|missing|wrong|refus|reject|error|penalt|query|proof|late)"
)
_FEES = r"(fees?|costs?|time|hours|charges|bills?|invoices?|claim(ed|able)? (time|costs?|fees?))"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Work that is flagged as additional and yet is not redress."""

    pattern: str
    unless: str
    why: str
    basis: tuple[str, ...]


STATUTORY_REVIEW = Exclusion(
    r"\breview (request|conclusion|outcome|representations|officer|application)|\b(request|ask|"
    r"appl\w+|accept|offer)\w*\b"
    r".{0,12}\b(an? |the |independent |internal |statutory )*review\b|representations\b.{0,30}\breview",
    r"\bcomplain|\btier\b|\bsecond\b|\bstage\b|\badjudicator|\bchas|\boverdue|\bno reply\b|\bno answer\b",
    "the cost of a review of a decision is outside the complaints scheme",
    ("CRG5500", "CRG5475"),
)
EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion(
        r"(prepar|draft|rais|issu|produc|complet|writ|send|sent|do|print)\w*\b.{0,25}\b(our |the |extra |this )?"
        r"(invoice|inv\b|fee ?note|bill\b|billing|fee (schedule|breakdown|analysis)|schedule of (fees|costs|time))|"
        r"\b(invoicing|billing)\b|^\W*(interim |final |our )?(fee ?note|invoice|bill)\b|"
        rf"\b(schedule|breakdown|analysis|summary|list|spreadsheet|table|note) of (our |the |all |"
        rf"additional |extra )*"
        rf"{_FEES}\b|\b(fee|fees|cost|costs|time) (schedule|breakdown|analysis|summary|spreadsheet)\b|"
        rf"\b(add(ing)? up|tot(al|t)l?(ing)?( up)?|collat\w+|calculat\w+|work(ing)? out|quantif\w+|summari[sz]\w+|"
        rf"compil\w+|cost(ing)?)\b.{{0,30}}\b{_FEES}\b(?! limit)|\btime ?sheets?\b",
        r"\bHMRC('s)? (bill|invoice)\b|\b(purchase|sales|supplier'?s?) invoices?\b|\blost\b|\binvoice to HMRC for\b",
        "preparing an invoice, an account of fees or the sum of a claim is a routine overhead",
        ("CRG5325",),
    ),
    Exclusion(
        r"\bappeal|tribunal|\bhearing\b|statutory review|review of (the )?(decision|penalty|assessment)|counsel\b|"
        r"\bADR\b|litigat|judicial review|alternative dispute",
        r"\bcomplain",
        "the cost of an appeal or tribunal is outside the complaints scheme",
        ("CRG5475", "CRG5500"),
    ),
    Exclusion(
        r"information commissioner|\bICO\b|ombudsman|subject access|\bDSAR\b",
        r"\bHMRC\b.{0,20}complain",
        "work for another body is not a cost of complaining to HMRC",
        ("CRG5350",),
    ),
    Exclusion(
        r"\b(prepar|complet|draft|fil|submit|review|finalis)\w*\b.{0,40}\b(returns?|accounts|computations?|CT600|"
        r"SA ?\d{3}|tax calc\w*|VAT ?1|P11D|payroll|books|bookkeeping)\b",
        _REDONE,
        "preparing or filing returns and accounts is the ordinary cost of meeting obligations",
        ("CRG5100",),
    ),
    Exclusion(
        r"^\W*((annual|monthly|quarterly|final|20\d\d([-/]\d+)?|(jan|feb|mar|apr|may|june?|july?|aug|"
        r"sep|oct|nov|dec)\w*|\w+day|"
        r"\w+ quarter)\s+)*(self assessment|corporation|income|"
        r"company|trust|partnership|personal|tax|VAT|SA|CT|CGT|PAYE|CIS|ATED|SDLT|"
        r"60-?day)?\s*((tax )?returns?|accounts|"
        r"CT600|SA ?\d{3}|payroll( run)?|P11Ds?|bookkeeping)\b",
        rf"{_TROUBLE}|\bcomplain|\bonline account|\baccounts? (office|check|shows)|\bcredit\b|"
        rf"\bbalance\b|\brepay|\brefund",
        "preparing or filing returns and accounts is the ordinary cost of meeting obligations",
        ("CRG5100",),
    ),
    Exclusion(
        r"\b(gather|collat|send|supply|provid|upload|assembl|respon|repl|answer|produc|deal|cop)\w*\b.{0,60}\b("
        r"(asked for|requested|required|called for) by (HMRC|the (officer|inspector))|(check|"
        r"enquiry) letter|information (notice|request)|"
        r"(for|to|of|with|into) (its|the|their|HMRC'?s?|opening|compliance|VAT|\s)*(check|enquiry|"
        r"inspection|opening letter))|"
        r"\b(records|invoices|documents|information) (asked for|requested|"
        r"required)( by HMRC)?( in (the )?opening letter)?",
        rf"{_REDONE}|\bchas|\bdelay|\boverdue",
        "answering a check that HMRC may make is the ordinary cost of meeting obligations",
        ("CRG5100",),
    ),
    Exclusion(
        r"\bplanning\b|year.end|management accounts|bookkeeping|budget|(?<!pension )forecast|"
        r"(?<!state )pension(?! (forecast|payer|provider|administrator|scheme admin\w*|company|code|coding|trustee))|"
        r"dividends?\b|"
        r"engagement letter|money laundering|\bAML\b|\bCPD\b|\btraining\b|annual (meeting|review)|next year|"
        r"\b((re)?mortgage|loan|insurance|investment|share scheme|incorporat\w+|restructur\w+|wills?|"
        r"probate|inheritance tax|"
        r"salary|bonus|remuneration|company car)\b.{0,15}\b(advice|quer\w+|options?|chat|discussion|"
        r"application|plan)|"
        r"\b(advice|chat|discussion|advise|discuss)\b.{0,20}\b((re)?mortgages?|investment|insurance|incorporat\w+|"
        r"restructur\w+|wills?|"
        r"salary|bonus|remuneration|company car|share scheme)\b",
        r"\bHMRC\b|\bcomplain",
        "it is ordinary advice that the client would have needed in any case",
        ("CRG5100", "CRG5225"),
    ),
    Exclusion(
        r"chas\w+ client|client('s)? (late|delay|missing)|missing (records|papers) from client",
        r"$^",
        "it was caused by the client's papers and not by HMRC's mistake",
        ("CRG5125",),
    ),
    Exclusion(
        r"\b(fee|enquiry|tax) (protection|insurance)\b|\binsurer|claim on (the )?(fee )?(policy|insurance)",
        r"$^",
        "dealing with a fee insurer is no consequence of HMRC's mistake",
        ("CRG5450",),
    ),
)
_COMPLAINT = (
    r"complain|(second|2nd).?(tier|stage|review)|tier.?(1|2|one|two)|(first|1st).?(tier|stage|review)|adjudicator|"
    r"escalat|review request|"
    r"\b(stage|level) (1|2|one|two)\b|ask\w* for (a )?review|request\w* (a |for )?review"
)
_CAUSED = (
    r"\bHMRC\b|helpline|agent (dedicated )?line|\bADL\b|chas|webchat|\btrac(e|ing)|re-?build|duplicate|wrong|error|"
    r"object|repayment|where is|not (received|processed)|correct|dispute|debt"
)


def classify(entry: TimeEntry, *, complained: bool = True) -> Heap:
    """The heap of a row; where nobody had complained by then, a "review" is that of a decision."""
    if entry.additional is False:
        return "ordinary"
    if exclusion_for(entry, complained=complained):
        return "excluded" if entry.additional else "ordinary"
    if says(entry.narrative, _COMPLAINT):
        return "complaint"
    if entry.additional is None and not says(entry.narrative, _CAUSED):
        return "ordinary"
    return "additional"


def exclusion_for(entry: TimeEntry, *, complained: bool = True) -> Exclusion | None:
    """The first reason for which a row is not redress."""
    rules = EXCLUSIONS if complained else (STATUTORY_REVIEW, *EXCLUSIONS)
    for rule in rules:
        if says(entry.narrative, rule.pattern) and not says(entry.narrative, rule.unless):
            return rule
    return None


def is_complaining(entry: TimeEntry) -> bool:
    """Whether the row speaks of a complaint by that name."""
    return re.search(r"\bcomplain", entry.narrative, re.I) is not None
