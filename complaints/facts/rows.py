"""Events in rows of tables: time records, bank statements, statements of account."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from complaints.facts.advices import addressed_to_hmrc, steps_of
from complaints.facts.bank_rows import REVENUE, bank_rows
from complaints.facts.paper import Paper
from complaints.facts.records import Actor, Channel, Event, EventKind, Span, TimeEntry
from complaints.facts.sound import quoted
from complaints.facts.talk_lines import teller
from complaints.facts.view import Unit, flat, page_lines, span_of
from complaints.facts.wording import lower_first, shorten, tidy
from lightpoint.language.dates import DateMention, find_dates
from lightpoint.language.money import find_amounts, format_money

_ROW_KINDS: tuple[tuple[str, EventKind, Channel, str], ...] = (
    (
        r"^(?!.*\b(?:sent|submitted|posted|filed|lodged|made|e-?mailed|letter to|to hmrc)\b)"
        r".*\b(?:complaint|appeal|second review|tier (?:1|2|one|two)|adjudicator|tribunal)\b",
        "other",
        "unknown",
        "",
    ),
    (
        r"\b(?:draft\w*|prepar\w*|consider\w*|review\w*|first draft|read\w*)\b[^|]{0,30}\b(?:complaint|"
        r"appeal|letter|reply|fee note|invoice|return|computation)",
        "other",
        "unknown",
        "",
    ),
    (
        r"\b(?:fee note|invoice|management accounts|planning|prepare|tax return|draft|drafting|"
        r"following (?:the )?call|after (?:the )?call)\b",
        "other",
        "unknown",
        "",
    ),
    (
        r"\bsecond review\b|\btier (?:2|two)\b|\bescalat",
        "review_requested",
        "post",
        "We asked HMRC for a second review",
    ),
    (r"\bcomplaint\b", "complaint_made", "post", "We complained to HMRC"),
    (r"\bweb ?chat\b|\blive chat\b", "webchat", "webchat", "We contacted HMRC by webchat"),
    (
        r"\bcheck\w*\b[^|]{0,30}\b(?:account|payslip|bank|portal|record|online|ledger|statement|status)\b|"
        r"\baccount check|"
        r"\b(?:look\w*|view\w*|log\w* in|print\w*|open\w*)\b[^|]{0,30}\b(?:account|record|online|portal|ledger|"
        r"status)\b|"
        r"\b(?:ask\w*|check\w*|confirm\w*|find out)\b[^|]{0,60}\b(?:if|whether)\b|"
        r"\b(?:check\w*|ask\w*|confirm\w*)\b[^|]{0,40}:\s*(?:no|not|nothing|still|never)\b|"
        r"\b(?:a/cs?|accounts?|records?|online|portal|ledger|statement|liabilit\w+|bank)\b[^|]{0,15}\b(?:looked at|"
        r"checked|viewed|inspected|reviewed|re-?checked|seen)\b|"
        r"^(?:paye|vat|sa|ct|hmrc|tax|online|client) (?:a/c|account|portal|record)\b[^|]*\b(?:not|still|no|unpaid|"
        r"nothing)\b",
        "account_checked",
        "online",
        "We checked",
    ),
    (
        r"\b(?:calls?|rang|phone\w*|tel|telephon\w*|helpline|agent line|agent dedicated line|on hold)\b",
        "call",
        "phone",
        "We rang HMRC",
    ),
    (
        r"\b(?:letter|ltr|wrote|chas(?:er|ing)|e-?mail) (?:\w+ )?(?:to )?(?:hmrc|ct|vat|"
        r"vrs|paye|customs|debt|trusts?|stamp|objecting|re\b|services|registrar)|\bsecond "
        r"letter\b|\bletter to\b|\bletter objecting\b",
        "letter_to_hmrc",
        "post",
        "We wrote to HMRC",
    ),
    (
        r"\bfile\w* (?:the )?return\b|\breturn (?:filed|submitted)\b|\bsubmit\w*\b",
        "return_filed",
        "online",
        "We filed the return",
    ),
    (r"\bappeal\b", "appeal_made", "post", "We appealed"),
)
_NOT_HMRC_CALL = re.compile(
    r"\b(?:call|letter|email|e-?mail) (?:with|to|from) (?:the )?(?:client|registrar|"
    r"bank|bureau|trustee|director|employer|payroll)|\b(?:email|e-mail|call|ring|rang|phone|tell|told) (?:the"
    r" )?client\b|"
    r"\bclient (?:distressed|call|rang)\b",
    re.I,
)


def row_events(paper: Paper, entries: tuple[TimeEntry, ...]) -> Iterator[Event]:
    """Events of the tables in a document."""
    if paper.profile.kind == "time_record":
        for entry in entries:
            yield from _time_event(entry)
    elif paper.profile.kind == "bank_statement":
        yield from _bank_events(paper)
    elif paper.profile.kind in {"hmrc_statement", "computation", "hmrc_notice", "hmrc_receipt"}:
        for unit in paper.units:
            yield from _account_event(paper, unit)
            yield from _transaction_event(paper, unit)


def _time_event(entry: TimeEntry) -> Iterator[Event]:
    """Contact with HMRC and checks of the state of things; ordinary work is left to the costs schedule."""
    matches = (
        (kind, channel, start)
        for pattern, kind, channel, start in _ROW_KINDS
        if re.search(pattern, entry.narrative, re.I)
    )
    kind, channel, start = next(matches, ("other", "unknown", ""))
    if kind == "other" or (entry.additional is False and kind != "return_filed"):
        return
    if _NOT_HMRC_CALL.search(entry.narrative) and kind in {"call", "letter_to_hmrc"}:
        return
    told = kind != "account_checked" or re.search(
        r"\b(?:not|still|no|nothing|unpaid|wrong|pending|outstanding)\b", entry.narrative, re.I
    )
    yield Event(entry.on, kind, "agent", _time_line(entry, start), entry.span, "key" if told else "context", channel)


def _time_line(entry: TimeEntry, start: str) -> str:
    """The narrative of a row as a line: "We rang HMRC: 14 days passed, told 'with the BACS team'"."""
    text = flat(entry.narrative)
    if start == "We checked":
        return _checked_line(text)
    detail = re.sub(r"\(\s*\d+\s*min\w*[^)]*\)|,?\s*\d+\s*min\w* (?:hold|queue)\w*", "", text, flags=re.I)
    rest = _CONTACT.sub("", detail, count=1).strip()
    rest = re.sub(r"^(?:re|about|regarding)\b\.?\s*", "about ", rest, flags=re.I)
    matter = re.match(r"(?:about|asking|objecting|chasing|requesting|enclosing)\b [^,;:.]{3,60}$", rest)
    if matter and not re.search(r"\b(?:told|said|no|not|hold)\b", rest):
        return f"{start} {_with_article(lower_first(tidy(rest)))}"
    return quoted(f"{start}; our time record notes", text, 170) if rest else start


def _checked_line(text: str) -> str:
    """ "Check account: no change" -> "We checked the account: no change"; other wordings are quoted."""
    looked = re.match(r"check\w*\s+(?:of\s+)?(?!(?:if|whether)\b)(?P<rest>.+)$", text, re.I)
    if looked:
        return shorten("We checked " + _the(lower_first(looked["rest"])))
    return quoted("We checked how things stood; our time record notes", text, 170)


def _with_article(matter: str) -> str:
    """ "about start notice" -> "about the start notice"."""
    bare = re.match(r"(about|chasing|enclosing) (?!(?:the|a|an|our|his|her|their|its|[A-Z£\d]|\w+s\b)\b)(\w+)", matter)
    return f"{bare.group(1)} the {matter[bare.start(2) :]}" if bare else matter


_CONTACT = re.compile(
    r"^(?:(?:second|third|first|further|another|chaser?|formal)\s+)?(?:letters?|ltr|"
    r"e-?mails?|calls?|rang|phoned|tel(?:ephone)?(?: call)?|web ?chat|agent (?:dedicated "
    r")?line|"
    r"[A-Z]{2,5} helpline|helpline|complaint|second review request|wrote)(?:\s+(?:to\s+)"
    r"?(?:HMRC|[A-Z]{2,5}(?: [A-Z][a-z]+)*(?: helpline| line)?|(?:[A-Z][a-z]+ ?)+))?\b[\s:,;-]"
    r"*",
    re.I,
)


def _the(text: str) -> str:
    bare = re.match(r"(?:the|our|his|her|their|its|with|that|on|for|by|again)\b", text, re.I)
    return text if bare else f"the {text}"


def _bank_events(paper: Paper) -> Iterator[Event]:
    """Payments to and from HMRC, and loans, in an extract of a bank account."""
    columned = [row for row in bank_rows(paper.document) if row.with_hmrc]
    for row in columned:
        yield _bank_event(
            paper, row.on, row.value, span_of(paper.document.name, row.page, row.start, row.end), row.incoming
        )
    for page in paper.document.pages:
        for start, end, line in page_lines(page):
            dates = _row_dates(line, paper)
            amounts = find_amounts(line[dates[0].end :]) if dates else []
            if not amounts:
                continue
            span = span_of(paper.document.name, page, start, end)
            if _lender(paper):
                yield from _loan_event(paper, line, dates[0], amounts[0].value, span)
            if not columned and "|" in line and REVENUE.search(line):
                incoming = bool(re.search(r"\b(?:refund|repayment|credit|cr|bgc)\b", line, re.I))
                yield _bank_event(paper, dates[0].date, amounts[0].value, span, incoming)


def _bank_event(paper: Paper, on: date, value: Decimal, span: Span, incoming: bool) -> Event:
    kind: EventKind = "repayment_made" if incoming else "payment_to_hmrc"
    actor: Actor = "hmrc" if incoming else "client"
    money = format_money(value)
    summary = f"HMRC paid {money}" if incoming else f"{_payer(paper)} paid HMRC {money}"
    return Event(on, kind, actor, summary, span, "key", said_in=paper.profile.written_on)


def delivery_events(paper: Paper) -> Iterator[Event]:
    """What a carrier's paper says of its item: posted on a day by us, delivered to HMRC on another."""
    if paper.profile.kind != "proof_of_delivery":
        return
    for page in paper.document.pages:
        for step in steps_of(page.text):
            span = span_of(paper.document.name, page, step.start, step.end)
            item = _ITEM_NUMBER.search(page.text)
            named = f"item {''.join(item.group(0).split())}" if item else "what we had posted"
            if step.arrived:
                summary = f"{named[0].upper() + named[1:]} was delivered to HMRC"
                yield Event(step.on, "documents_sent", "third_party", summary, span, "key", "post")
            elif addressed_to_hmrc(page.text):
                yield Event(step.on, "documents_sent", "agent", f"We posted {named} to HMRC", span, "key", "post")
    written = paper.profile.written_on
    cost = paper.first_amount(("direct_cost",))
    if written and cost and any(addressed_to_hmrc(page.text) for page in paper.document.pages):
        yield Event(written, "documents_sent", "agent", "We sent HMRC papers by post", cost.span, "key", "post")


_ITEM_NUMBER = re.compile(r"\b[A-Z]{2} ?(?:\d ?){8}\d ?GB\b")


_RECEIVED = re.compile(
    r"\b(?:we have received|payments? received|received from you|you have paid|payments?"
    r" made)\b",
    re.I,
)


def receipted_payments(paper: Paper) -> Iterator[Event]:
    """Dated sums that a collector lists as received from the client."""
    listed = paper.profile.author == "third_party" and paper.profile.kind in {"email", "third_party_letter"}
    if not listed or not any(_RECEIVED.search(u.text) for u in paper.units):
        return
    for page in paper.document.pages:
        for start, end, line in page_lines(page):
            dates, sums = [d for d in find_dates(line) if d.complete], find_amounts(line)
            if len(dates) == len(sums) == 1 and len(line.split()) < 7 and not line[: dates[0].start].strip(" |"):
                summary = f"{_payer(paper)} paid {teller(paper)} {format_money(sums[0].value)}"
                place = span_of(paper.document.name, page, start, end)
                yield Event(dates[0].date, "other", "client", summary, place, "key", said_in=paper.profile.written_on)


def _row_dates(line: str, paper: Paper) -> list[DateMention]:
    """The dates of a row; days without a year are those of the statement's period."""
    closing = max((d.date for u in paper.units[:12] for d in find_dates(u.text) if d.complete), default=None)
    return [d for d in find_dates(line, reference=closing) if d.complete or not line[: d.start].strip(" |")]


def _lender(paper: Paper) -> bool:
    return any(re.search(r"\b(?:facility|loan|bridging|advance)\b", u.text, re.I) for u in paper.units[:8])


def _loan_event(paper: Paper, line: str, day: DateMention, value: Decimal, span: Span) -> Iterator[Event]:
    """An advance or a settlement in the statement of a loan."""
    lent = re.search(r"\b(?:advance|drawdown|drawn|loan (?:paid|made))\b", line, re.I)
    settled = re.search(r"\b(?:settled|repaid|redeemed|cleared)\b", line, re.I)
    if not lent and not settled:
        return
    kind: EventKind = "loan_agreed" if lent else "other"
    did = f"borrowed {format_money(value)}" if lent else f"repaid the facility with {format_money(value)}"
    yield Event(day.date, kind, "client", f"{_payer(paper)} {did}", span, "context", said_in=paper.profile.written_on)


def _payer(paper: Paper) -> str:
    return paper.client[0].upper() + paper.client[1:]


_TRANSACTION = re.compile(
    r"(?:^|\|)\W*(?P<what>effective date(?: of (?:the )?(?:transaction|purchase|sale))?|"
    r"(?:date of )?completion(?: date)?|"
    r"date of (?:purchase|acquisition|transfer))\W*$",
    re.I,
)
_OF_LAND = re.compile(r"\b(?:land|sdlt|lbtt|ltt|stamp duty|purchaser|property)\b", re.I)


def _transaction_event(paper: Paper, unit: Unit) -> Iterator[Event]:
    """The day on which a purchase that a form reports took effect."""
    for day in (d for d in find_dates(unit.text) if d.complete):
        label = _TRANSACTION.search(unit.text[: day.start])
        if label and any(_OF_LAND.search(u.text) for u in paper.units[:14]):
            summary = f"{_payer(paper)} completed the transaction"
            yield Event(
                day.date, "disposal", "client", summary, unit.span(), "context", said_in=paper.profile.written_on
            )


_ACCOUNT_ROWS: tuple[tuple[str, EventKind, Actor], ...] = (
    (
        r"\bpayment (?:on account|received)|\bpayments? on account paid|\bpayment\W+thank you|\btax\b.*\bpaid on\b|"
        r"\bpaid (?:on )?\d",
        "payment_to_hmrc",
        "client",
    ),
    (r"\brepayment (?:issued|made|sent)|\brepaid\b", "repayment_made", "hmrc"),
    (r"\bpenalt(?:y|ies)\b|\bsurcharge\b", "penalty_issued", "hmrc"),
    (r"\breturn received\b", "return_received", "hmrc"),
    (r"\b(?:fps|eps|full payment submission|(?:amended )?return|submission)\b", "return_filed", "agent"),
)


def _account_event(paper: Paper, unit: Unit) -> Iterator[Event]:
    """A dated row of an account or a computation: payments, repayments, penalties."""
    line = unit.text
    dates = [d for d in find_dates(line) if d.complete]
    amounts = find_amounts(line)
    if not dates or not amounts:
        return
    for pattern, kind, actor in _ACCOUNT_ROWS:
        if re.search(pattern, line, re.I):
            summary = _account_line(
                paper,
                kind,
                line,
                dates[0].text,
                format_money(next((a.value for a in amounts if a.value), amounts[-1].value)),
            )
            yield Event(dates[0].date, kind, actor, summary, unit.span(), "context", said_in=paper.profile.written_on)
            return


def _account_line(paper: Paper, kind: EventKind, line: str, day: str, money: str) -> str:
    label = re.sub(r"[\d,]+\.\d{2}|\|", " ", line.replace(day, " "))
    label = re.sub(r"\b(?:on|paid)\s*$", "", flat(label)).strip(" :-,")
    if kind == "payment_to_hmrc":
        return f"{_payer(paper)} paid {money} ({lower_first(label)})" if label else f"{_payer(paper)} paid {money}"
    return f"{label}: {money}"
