"""Lines for HMRC's forms: notices with the sum or code they set, statements with the state they show, receipts."""

import re

from complaints.facts.letter_lines import weightiest
from complaints.facts.paper import Paper
from complaints.facts.records import Amount
from complaints.facts.view import Unit, flat
from complaints.facts.wording import (
    after_hmrc,
    lower_first,
    reported,
    shorten,
    tidy,
)
from lightpoint.language.money import find_amounts, format_money


def notice(paper: Paper) -> tuple[str, Unit | None]:
    """A statutory notice, with the sum or the code that it sets."""
    noun = re.sub(r"\s+of \d{1,2} \w+ \d{4}$", "", paper.profile.summary_name).removeprefix("HMRC's ")
    found = _notice_sum(paper, noun)
    unit = next(
        (u for u in paper.units if found and u.page == found.span.page and u.start <= found.span.start < u.end), None
    )
    if noun == "demand" and found:
        threat = next((u for u in paper.body() if re.search(r"\bunless\b|\bofficers?\b", u.text, re.I)), None)
        more = f' and said "{shorten(tidy(threat.text), 170)}"' if threat else ""
        return f"HMRC demanded {format_money(found.value)}{more}", unit
    article = "an" if re.match(r"[aeiou]", noun, re.I) else "a"
    return shorten(f"HMRC issued {article} {noun}{_detail(paper, noun, found)}", 260), unit


def _notice_sum(paper: Paper, noun: str) -> Amount | None:
    if "penalty" in noun or "surcharge" in noun:
        return paper.first_amount(("penalty", "surcharge", "debt_demanded"))
    if "demand" in noun:
        return paper.first_amount(("debt_demanded", "assessed_tax"))
    if "coding" in noun:
        return paper.first_amount(("benefit_in_kind",))
    if "certificate" in noun:
        return None
    return paper.first_amount(("assessed_tax", "debt_demanded", "penalty", "true_liability"))


def _detail(paper: Paper, noun: str, found: Amount | None) -> str:
    if "coding" in noun:
        return _coding_detail(paper, found)
    if "certificate" in noun:
        effective = next((u for u in paper.units if re.search(r"\beffective date\b", u.text, re.I)), None)
        return f": {lower_first(flat(effective.text.replace('|', ' ')))}" if effective else ""
    if not found:
        weighty = weightiest(paper)
        return _reason(paper) or (
            f", stating that {after_hmrc(reported(weighty.text, paper.voices(weighty)))}" if weighty else ""
        )
    verb = {"penalty": "for", "surcharge": "for"}.get(found.role, "showing")
    label = flat(found.what)
    tail = (
        f" ({lower_first(label)})"
        if _in_table(paper, found) and label and found.role not in {"penalty", "surcharge"} and len(label) < 50
        else ""
    )
    return f" {verb} {format_money(found.value)}{tail}{_counted_twice(paper)}{_reason(paper)}"


def _in_table(paper: Paper, found: Amount) -> bool:
    return any("|" in u.text for u in paper.units if u.page == found.span.page and u.start <= found.span.start < u.end)


def _coding_detail(paper: Paper, found: Amount | None) -> str:
    code = next((flat(u.text) for u in paper.units if _TAX_CODE.fullmatch(u.text.strip())), "")
    what = f" with code {code}" if code else ""
    if found and found.value:
        label = re.sub(r"^.*?\b(?:less|minus|add)\W+", "", found.what, flags=re.I)
        what += f" and {label or 'a benefit'} {format_money(found.value)}"
    return what + _reason(paper)


_TAX_CODE = re.compile(r"[SC]?[KDT]?\d{1,4}[LMNTX]?(?: ?(?:M1|W1|X))?|[SC]?BR|[SC]?D[01]|NT|0T")


def _counted_twice(paper: Paper) -> str:
    """A row that stands in a calculation twice, word for word."""
    rows = [flat(u.text) for u in paper.units if "|" in u.text and find_amounts(u.text)]
    twice = next((row for row in rows if rows.count(row) > 1), "")
    if not twice:
        return ""
    label, _bar, money = twice.partition("|")
    return f", with {lower_first(label.strip())} {money.strip()} listed twice"


def _reason(paper: Paper) -> str:
    """Why HMRC says it issued the notice."""
    unit = next(
        (
            u
            for u in paper.body()
            if re.search(r"\bbecause\b|\bwe have not received\b|\bin the absence of\b", u.text, re.I)
            and not re.search(r"\bif\b", u.text, re.I)
        ),
        None,
    )
    return f", stating that {after_hmrc(reported(unit.text, paper.voices(unit)))}" if unit else ""


def is_print(paper: Paper) -> bool:
    """Whether we printed or looked at an account online: the day is that of our looking."""
    head = " ".join(flat(u.text) for u in paper.units[:8])
    return bool(re.search(r"\b(?:printed|viewed|accessed|downloaded)\b[^.]{0,40}\d", head, re.I))


def _checked(paper: Paper) -> tuple[str, Unit | None]:
    """What our look at an account showed: its latest row."""
    noun = re.sub(r"\s+of \d{1,2} \w+ \d{4}$", "", paper.profile.summary_name).removeprefix("HMRC's ")
    rows = [u for u in paper.units if "|" in u.text and find_amounts(u.text)]
    telling = next(
        (u for u in reversed(rows) if re.search(r"\bnot\b|\bunallocated|\boutstanding|\bpending", u.text, re.I)), None
    )
    account = re.sub(r"statement$", "account", noun)
    if telling is None:
        return f"We checked the {account} online", rows[-1] if rows else None
    words = re.sub(r"\s*\|\s*", ", ", re.sub(r"^\W*\d[\d/.-]+\W*", "", flat(telling.text)))
    return f'We checked the {account}, which showed "{words}"', telling


def statement(paper: Paper) -> tuple[str, Unit | None]:
    """A statement of account or a calculation: the balance it shows and the state it reports."""
    if is_print(paper):
        return _checked(paper)
    noun = re.sub(r"\s+of \d{1,2} \w+ \d{4}$", "", paper.profile.summary_name)
    status = _status(paper)
    found = paper.first_amount(("repayment_due", "debt_demanded", "assessed_tax", "true_liability"))
    shown = f" showed {format_money(found.value)} {_shown_as(found)}" if found else ""
    if status:
        joined = " and" if shown else ""
        return f'{noun}{shown}{joined} stated "{shorten(tidy(status.text), 120)}"', status
    unit = next(
        (u for u in paper.units if found and u.page == found.span.page and u.start <= found.span.start < u.end), None
    )
    return f"{noun}{shown}" if shown else f"HMRC issued {noun.removeprefix('HMRC' + chr(39) + 's ')}", unit


def _status(paper: Paper) -> Unit | None:
    """The line of a statement that says how things stand, the plainest first."""
    for pattern in (
        r"\bno (?:repayment|refund|payment) has been\b",
        r"\bhas not been\b|\bnot yet\b",
        r"\bstatus\b|\bpending\b|\boverdue\b|\bon hold\b",
    ):
        found = next((u for u in paper.units if re.search(pattern, u.text, re.I)), None)
        if found:
            return found
    return None


def _shown_as(found: Amount) -> str:
    words = found.what.lower()
    for cue, text in (
        ("overpaid", "overpaid"),
        ("credit", "in credit"),
        ("refund", "to be refunded"),
        ("repay", "to be repaid"),
    ):
        if cue in words:
            return text
    return {"repayment_due": "to be repaid", "true_liability": "due", "assessed_tax": "to pay"}.get(found.role, "due")


def receipt(paper: Paper) -> tuple[str, Unit | None]:
    """HMRC's acknowledgement of what we or the client sent online."""
    units = [u for u in paper.units if _ACKNOWLEDGED.search(u.text)]
    subject = f"{paper.profile.subject} {' '.join(flat(u.text) for u in units[:2])}"
    summary = _SUBMITTED.search(subject) and not _RETURN.search(subject) and paper.profile.recipient != "client"
    if not units or summary or (paper.profile.recipient != "client" and _SENT_ONLINE.search(flat(units[0].text))):
        return _sent_online(paper, units[0] if units else None)
    unit = next((u for u in units if u.text.strip()[-1:] == "." and len(u.text.split()) > 6), units[0])
    filed = _RETURN.search(paper.profile.subject) or next(
        (m for u in paper.units if (m := _RETURN.search(u.text))), None
    )
    if (
        filed
        and re.search(r"\breceived\b|\baccepted\b", unit.text, re.I)
        and paper.profile.recipient in {"agent", None}
    ):
        noun = flat(filed.group(0))
        return f"We filed the {noun} online and HMRC acknowledged it{_time(unit)}{_with_claim(paper)}", unit
    return shorten(f"HMRC confirmed that {after_hmrc(reported(unit.text, paper.voices(unit)))}"), unit


_SENT_ONLINE = re.compile(
    r"\b(?:submitted|sent|filed)\b.{0,60}\d{1,2}[:.]\d{2}|\bwe received your\b|\breport and pay\b", re.I
)


def _sent_online(paper: Paper, unit: Unit | None) -> tuple[str, Unit | None]:
    """What went in online, named as the receipt names it, with the sum that it shows."""
    text = f"{paper.profile.subject} " + " ".join(flat(u.text) for u in paper.units[:12])
    filed = _RETURN.search(text) or _SUBMITTED.search(text)
    thing = flat(filed.group(0)) if filed else "return"
    thing = re.sub(r"^Report and pay (.*)$", r"\1 return", thing)
    found = paper.first_amount(("repayment_claimed", "repayment_due", "true_liability", "assessed_tax"))
    claim = " and a claim to repayment" if re.search(r"\bclaim to repayment\b|\brepayment claim\b", text, re.I) else ""
    to_pay = found is not None and found.role in {"true_liability", "assessed_tax"}
    what = "to pay" if to_pay else "to be repaid"
    shown = f", showing {format_money(found.value)} {what}" if found else ""
    body = [u for u in paper.units if not re.match(r"(?:from|to|subject|date):", u.text, re.I)]
    place = (unit if unit in body else None) or next(
        (u for u in body if re.search(r"\bsubmitted\b|\breceived\b", u.text, re.I)), None
    )
    accepted = ", and HMRC accepted it" if re.search(r"\baccepted\b", text, re.I) and not shown else ""
    return f"We sent HMRC the {thing}{claim} online{shown}{accepted}", place


_SUBMITTED = re.compile(
    r"\b(?:(?:amended )?land transaction return|(?:Employer Payment Summary|Full Payment Submission)(?: for tax"
    r" month \d+)?|"
    r"Report and pay Capital Gains Tax(?: on UK property)?|VAT Return|claim to repayment|repayment claim"
    r"|registration)\b",
    re.I,
)
_ACKNOWLEDGED = re.compile(
    r"\breceived on\b|\bsuccessfully\b|\bchanged your\b|\bwe have received\b|\b(?:was|"
    r"were) received\b|\baccepted\b|\backnowledg",
    re.I,
)
_RETURN = re.compile(
    r"\b(?:(?:Self Assessment|Company Tax|Corporation Tax|VAT|PAYE|Partnership|Trust|"
    r"CGT|Capital Gains Tax|Land Transaction|Stamp Duty Land Tax|SDLT|CIS|Property|UK "
    r"Property|Inheritance Tax)\s+)+"
    r"(?:Account\s+)?Returns?\b(?:\s+(?:for\s+)?\d{4}[-/]\d{2,4})?",
    re.I,
)


def _time(unit: Unit) -> str:
    found = re.search(r"\bat (\d{1,2}[:.]\d{2})\b", unit.text)
    return f" at {found.group(1)}" if found else ""


def _with_claim(paper: Paper) -> str:
    """A repayment claim that the receipt records."""
    for unit in paper.units:
        if re.search(r"\brepayment requested\W+yes\b", unit.text, re.I):
            return "; repayment requested"
        if re.search(r"\b(?:includes|contains|with) (?:a|the) (?:repayment )?claim\b", unit.text, re.I):
            return f"; {lower_first(re.sub(r'[(][^)]*[)]', '', reported(unit.text, paper.voices(unit))).strip())}"
    return ""
