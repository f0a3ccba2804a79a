"""Lines of the chronology for documents: what a letter asked, said or decided, in the words of the document."""

import re
from collections.abc import Callable

from complaints.facts.amounts import Amount
from complaints.facts.exhibits import letterhead, possessive
from complaints.facts.invoices import find_invoice
from complaints.facts.kinds import look_at
from complaints.facts.paper import Paper
from complaints.facts.records import DocumentKind, Span, StatementKind
from complaints.facts.view import Unit, flat
from complaints.facts.wording import (
    Voices,
    after_hmrc,
    exchange_pronouns,
    lower_first,
    reported,
    request,
    shorten,
    tidy,
    upper_first,
)
from lightpoint.language.dates import find_dates
from lightpoint.language.money import find_amounts, format_money
from lightpoint.language.numbers import number_in_words
from lightpoint.language.quotations import find_quotations

_REQUEST = re.compile(
    r"^\W*(?:please|kindly|would you|could you|can you)\b|\bplease (?:issue|confirm|send|tell|process|let|treat|reply|correct|return|arrange|log|note|"
    r"explain|cancel|withdraw|amend|deal|pay|repay|provide)\b|\b(?:we|i) (?:should|would) be (?:very )?grateful if you (?:would|could)\b|"
    r"\b(?:we|i) (?:would )?ask (?:that )?you to\b",
    re.I,
)
_WE_ASK = re.compile(
    r"\b(?:we|i) (?:ask|request|would ask|should be grateful|would be grateful|require|object|appeal|apply|claim|dispute|disagree|calculate|submit)\b",
    re.I,
)
_SECOND = re.compile(
    r"\b(?:second|third|further|final) (?:request|letter|reminder|chaser)|\breminder\b|\bwe refer to our (?:earlier |previous )?letter|\bno reply\b|\bagain\b",
    re.I,
)
_MATTERS = re.compile(
    r"\b(?:authorised|completed|issued?|received|no trace|search\w*|reject\w*|refus\w*|accept\w*|agree\w*|decid\w*|decision|corrected|amended|withdrawn|cancelled|keyed|error|"
    r"unable|cannot|owe|overpa\w+|penalt\w+|assess\w+|closed|opened|enquir\w+|check\w*|appeal\w*|evidence|duplicate|must|need\w*|not received|liable|repay\w*|offer)\b", re.I,
)  # fmt: skip
_IDLE = re.compile(
    r"\b(?:thank you for|i hope this|you do not need to do anything|if circumstances change|please do not hesitate|more information|www\.|gov\.uk|i am sorry that you have had to|customer service|phone us|please quote)\b",
    re.I,
)


def letter_from_hmrc(paper: Paper) -> tuple[str, Unit | None]:
    """What a letter of HMRC said: its weightiest statement, what it asked for and what it promised."""
    unit = _weightiest(paper)
    parts = [f"wrote that {_plainly(after_hmrc(reported(unit.text, paper.voices(unit))), unit, paper)}"] if unit else []
    ask = next((u for u in paper.body() if u.speaker == "hmrc" and _ASKS_US.search(u.text)), None)
    if ask:
        parts.append(f"asked for this: {request(ask.text, paper.voices(ask))}" if not _to_us(paper) else f"asked {_to_us(paper)} to {request(ask.text, paper.voices(ask))}")
    if paper.undertakings:
        parts.append(f"undertook to {promised(paper)}")
    if not parts:
        subject = paper.profile.subject
        return (f"HMRC wrote about {lower_first(subject)}" if subject else "HMRC wrote"), None
    return shorten("HMRC " + ", and ".join(parts), 300), unit or ask


def _plainly(line: str, unit: Unit, paper: Paper) -> str:
    """The thing that "it" stands for, where the sentence before names it."""
    if not re.match(r"(?:it|this|they)\b", line) or not re.match(r"\W*(?:it|this|they)\b", unit.text, re.I):
        return line
    before = " ".join(u.text for u in paper.units if u.page == unit.page and u.block == unit.block and u.start < unit.start)
    things = re.findall(r"\b(?:the|your|a|an) ((?:\w+ ){0,2}?(?:repayment|refund|claim|return|code|notice|certificate|payment|assessment|penalty|surcharge|account|letter|reply|application|award|grant|interest|form))\b", flat(before), re.I)
    return re.sub(r"^\w+", f"the {things[-1]}", line) if things else line


_ASKS_US = re.compile(r"^\W*please (?:send|provide|supply|complete|submit|let me have|forward|pay|explain|confirm|return)\b(?!.*\bif\b)", re.I)


def _to_us(paper: Paper) -> str:
    return {"agent": "us", "client": paper.client}.get(paper.profile.recipient or "", "")


def promised(paper: Paper) -> str:
    """The first promise that has a day, else the first, with its period in the words used."""
    dated = [u for u in paper.undertakings if u.due_on] or list(paper.undertakings)
    promise = dated[0]
    period, _found, start = promise.derivation.partition(" from ")
    within = f" within {period}" if start and period[:1].isalnum() else ""
    stated = re.match(r"by (\d{1,2} \w+ \d{4}), as stated", promise.derivation)
    return promise.what + within + (f" by {stated.group(1)}" if stated else "")


def _weightiest(paper: Paper) -> Unit | None:
    """The sentence of a letter that says most, promises and requests apart; on a tie the later one."""
    promises = {(u.span.page, u.span.start) for u in paper.undertakings}
    kinds = paper.said("refusal", "no_trace", "admission", "agreed_due", "received_logged", "not_upheld", "upheld")
    told = {(s.span.page, s.span.start) for s in kinds}

    def weight(unit: Unit) -> int:
        place = (unit.page, unit.span().start)
        score = 3 * (place in told) + len(_MATTERS.findall(unit.text))
        return score - 6 * bool(_IDLE.search(unit.text)) - 3 * bool(find_dates(unit.text)) - 2 * (len(unit.text) > 260)

    prose = [u for u in paper.body() if u.speaker == "hmrc" and u.text.strip()[-1:] in ".!?" and (u.page, u.span().start) not in promises]
    prose = [u for u in prose if weight(u) > 0 and not _ASKS_US.search(u.text)]
    return max(prose, key=lambda u: (weight(u), u.page or 0, u.start), default=None)


def letter_to_hmrc(paper: Paper) -> tuple[str, Unit | None]:
    """What our letter asked of HMRC."""
    again = " again" if _SECOND.search(" ".join(u.text for u in paper.units[:14])) else ""
    who = "We" if paper.profile.author == "agent" else paper.client
    asks = [u for u in paper.body() if _REQUEST.search(u.text)]
    if asks:
        unit = asks[0]
        text = unit.text[_REQUEST.search(unit.text).start() :]  # type: ignore[union-attr]
        return shorten(f"{who} wrote{again} asking HMRC to {request(text, paper.voices(unit))}"), unit
    stated = [u for u in paper.body() if _WE_ASK.search(u.text)]
    if stated:
        line = reported(stated[0].text, paper.voices(stated[0]))
        return shorten(f"{who} wrote{again} to HMRC: {line}"), stated[0]
    about = _about(paper)
    return f"{who} wrote{again} to HMRC{about}", None


def _about(paper: Paper) -> str:
    subject = re.sub(r"^(?:re|fw|fwd|subject):\s*", "", paper.profile.subject, flags=re.I)
    return f" about {subject}" if subject else ""


def sending(paper: Paper) -> tuple[str, Unit | None]:
    """A letter with which we sent a return or documents."""
    units = [u for u in paper.body() if _ENCLOSE.search(u.text) and u.text.strip()[-1:] in ".;"]
    if not units:
        return letter_to_hmrc(paper)
    sent = [_ENCLOSE.split(tidy(u.text), maxsplit=1)[-1].strip() for u in units[:2]]
    things = " and ".join(lower_first(exchange_pronouns(text, paper.voices())) for text in sent if text)
    return shorten(f"{_we(paper)} sent HMRC {things}{_posted(paper)}"), units[0]


_ENCLOSE = re.compile(r"^.*?\b(?:we|i|please find)\s+(?:also\s+|now\s+|hereby\s+)?(?:enclos(?:e|ed|ing)|attach(?:ed)?)\b(?:\s+(?:herewith|please find))?", re.I | re.S)


def _we(paper: Paper) -> str:
    return "We" if paper.profile.author == "agent" else paper.client


def _posted(paper: Paper) -> str:
    text = " ".join(u.text for u in paper.units[:16])
    found = re.search(
        r"\bby ((?:royal mail )?(?:tracked|special delivery|recorded delivery|signed for|courier|hand)(?: post| mail)?)\b",
        text,
        re.I,
    )
    return f", by {found.group(1).lower().replace('royal mail', 'Royal Mail')}" if found else ""


def complaint(paper: Paper) -> tuple[str, Unit | None]:
    """Our complaint or our request for a second review, with its points where they have headings."""
    second = paper.profile.tier == 2
    start = "We asked HMRC for a second review of the complaint" if second else "We complained to HMRC"
    labels = [lower_first(p) for p in _point_labels(paper)]
    count = _unlabelled(paper)
    if count:
        return f"{start}, raising {count} points", None
    unit = next((u for u in paper.body() if re.search(r"\bcomplain|\bsecond review\b", u.text, re.I)), None)
    if not labels:
        return start + ("" if second else _about(paper)), unit
    return shorten(f"{start}, raising: " + "; ".join(labels)), unit


def _unlabelled(paper: Paper) -> str:
    """How many points a complaint has, in words, where they have no headings of their own."""
    from complaints.facts.points import find_points  # noqa: PLC0415 - points build on units alone

    points = find_points(paper.units, paper.profile)
    bare = [p for p in points if not re.search(rf"^\W*(?:\(?\w{{1,2}}[.)]\s*)?{re.escape(p.label)}\.|^(?!.*{re.escape(p.label)})", p.text)]
    return number_in_words(len(points)) if len(bare) == len(points) > 1 else ""


def _point_labels(paper: Paper) -> list[str]:
    from complaints.facts.points import find_points  # noqa: PLC0415 - points build on units alone

    return [p.label for p in find_points(paper.units, paper.profile)]


def complaint_reply(paper: Paper) -> tuple[str, Unit | None]:
    """What a complaint reply upheld, refused, offered and promised."""
    tier = "second-tier" if paper.profile.tier == 2 else "first-tier"
    refusal = next((s for s in paper.said("refusal") if '"' not in s.span.quote), None)
    quoted = refusal.span.start if refusal and paper.profile.tier == 2 else -1
    parts = []
    for outcome, words in (("upheld", "upheld"), ("partly_upheld", "upheld in part"), ("not_upheld", "did not uphold")):
        labels = [f'"{f.label}"' for f in paper.findings if f.outcome == outcome and f.span.start != quoted and not re.match(r"(?:I|We|Thank|You|This|The letter) \w+ ", f.label)]
        if labels:
            parts.append(f"{words} the complaint under {_listed(labels)}")
    offer = next((a for a in paper.amounts if a.role == "distress_offer"), None)
    if offer and paper.profile.tier != 2:
        parts.append(f"offered {format_money(offer.value)}")
    if paper.undertakings:
        parts.append(f"undertook to {promised(paper)}")
    if refusal and (paper.profile.tier == 2 or not any("did not uphold" in p for p in parts)):
        parts.append(f'wrote "{shorten(tidy(refusal.span.quote), 150)}"')
    line = f"HMRC gave its {tier} reply" + (f", in which it {_listed(parts)}" if parts else " to the complaint")
    unit = next((u for u in paper.body() if re.search(r"\buph(?:o|e)ld|\bunable to\b|\breview\b", u.text, re.I)), None)
    return shorten(line, 320), unit


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def conversation(paper: Paper) -> tuple[str, Unit | None]:
    """What HMRC's adviser said in a call or a webchat: promises first, then admissions, refusals and advice."""
    chat = paper.profile.kind == "webchat"
    opening = "We contacted HMRC by webchat" if chat else f"We rang {_line_called(paper)}"
    chosen = _told(paper)
    if not chosen:
        return opening, None
    said = " and ".join(_as_said(u, paper, chat) for u in chosen)
    return shorten(f"{opening}: the adviser {said}", 300), chosen[0]


def _line_called(paper: Paper) -> str:
    text = " ".join(flat(u.text) for u in paper.units[:8])
    found = re.search(
        r"\b((?:[A-Z][\w&]*|agent|trusts?|vat|ct|cgt|paye|employer|tax|debt) )+(?:dedicated )?(?:helpline|help line|line|Line|Helpline)\b",
        text,
    )
    name = found.group(0) if found else "HMRC"
    name = re.sub(r"^(?:(?:With|Called|Client|By|Spoke to|Tel|LOG|CALL|Rang|Phoned|Telephoned|Call to|Call|To|The|Asked)\W*\s+)+", "", name)
    return name if name.startswith("HMRC") else f"HMRC's {name}"


_SAYS_MOST = frozenset({"would_not_log", "received_logged", "advice", "admission", "no_trace"})


def _told(paper: Paper) -> list[Unit]:
    """At most two things the adviser said: promises, then what was admitted, found or refused."""
    promises = {(u.span.page, u.span.start) for u in paper.undertakings}
    kinds = paper.said("admission", "would_not_log", "refusal", "received_logged", "no_trace", "advice", "security_check")
    told: dict[tuple[int | None, int], set[str]] = {}
    for said in kinds:
        if said.actor == "hmrc":
            told.setdefault((said.span.page, said.span.start), set()).add(said.kind)

    def weight(unit: Unit) -> int:
        place = (unit.page, unit.span().start)
        known = told.get(place, set())
        return 5 * (place in promises) + 3 * bool(known & _SAYS_MOST) + 2 * bool(known) + bool(find_quotations(unit.text))

    said_units = [u for u in paper.units if u.speaker == "hmrc" and len(u.text.split()) > 3 and weight(u) > 1]
    best = sorted(said_units, key=lambda u: (-weight(u), u.start))[:2]
    strong = [u for u in best if weight(u) >= 4] or best[:1]
    return sorted(strong, key=lambda u: u.start)


def _as_said(unit: Unit, paper: Paper, chat: bool) -> str:
    quotes = find_quotations(unit.text)
    line = tidy(unit.text)
    if chat:
        return f'wrote "{line}"'
    said = re.sub(r"^(?:(?:he|she|they|the adviser|advis[eo]r|hmrc)\s+(?:has\s+)?(?:also\s+)?(?:said|says|told (?:us|me)|confirmed|stated)\s+(?:that\s+)?|ans\w*\s*|said\s+(?:that\s+)?)", "", line, flags=re.I)
    if line.startswith(('"', "“")):
        return f"said {line if line.endswith(chr(34)) else line + chr(34)}"
    if quotes and len(quotes[-1].text) > 0.5 * len(line):
        return f'said "{quotes[-1].text}"'
    return "said that " + reported(said, Voices("agent", "agent", paper.client))


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
        weighty = _weightiest(paper)
        return _reason(paper) or (f", stating that {after_hmrc(reported(weighty.text, paper.voices(weighty)))}" if weighty else "")
    verb = {"penalty": "for", "surcharge": "for"}.get(found.role, "showing")
    label = flat(found.what)
    tail = f" ({lower_first(label)})" if label and found.role not in {"penalty", "surcharge"} and len(label) < 50 else ""
    return f" {verb} {format_money(found.value)}{tail}{_counted_twice(paper)}{_reason(paper)}"


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
    unit = next((u for u in paper.body() if re.search(r"\bbecause\b|\bwe have not received\b|\bin the absence of\b", u.text, re.I) and not re.search(r"\bif\b", u.text, re.I)), None)
    return f", stating that {after_hmrc(reported(unit.text, paper.voices(unit)))}" if unit else ""


def statement(paper: Paper) -> tuple[str, Unit | None]:
    """A statement of account or a calculation: the balance it shows and the state it reports."""
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
    for pattern in (r"\bno (?:repayment|refund|payment) has been\b", r"\bhas not been\b|\bnot yet\b", r"\bstatus\b|\bpending\b|\boverdue\b|\bon hold\b"):
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
    if not units:
        return f"{paper.profile.summary_name} was issued", None
    unit = next((u for u in units if u.text.strip()[-1:] == "." and len(u.text.split()) > 6), units[0])
    filed = _RETURN.search(paper.profile.subject) or next((m for u in paper.units if (m := _RETURN.search(u.text))), None)
    if filed and re.search(r"\breceived\b|\baccepted\b", unit.text, re.I) and paper.profile.recipient in {"agent", None}:
        noun = flat(filed.group(0))
        return f"We filed the {noun} online and HMRC acknowledged it{_time(unit)}{_with_claim(paper)}", unit
    return shorten(f"HMRC confirmed that {after_hmrc(reported(unit.text, paper.voices(unit)))}"), unit


_ACKNOWLEDGED = re.compile(r"\breceived on\b|\bsuccessfully\b|\bchanged your\b|\bwe have received\b|\b(?:was|were) received\b|\baccepted\b|\backnowledg", re.I)
_RETURN = re.compile(
    r"\b(?:(?:Self Assessment|Company Tax|Corporation Tax|VAT|PAYE|Partnership|Trust|CGT|Capital Gains Tax|Land Transaction|Stamp Duty Land Tax|SDLT|CIS|Property|UK Property|Inheritance Tax)\s+)+"
    r"(?:Account\s+)?Returns?\b(?:\s+(?:for\s+)?\d{4}[-/]\d{2,4})?", re.I,
)  # fmt: skip


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


def report(paper: Paper) -> tuple[str, Unit | None]:
    """What the client or a third party told us: the most telling words, quoted."""
    chosen = _telling(paper)
    who = _teller(paper)
    if chosen is None:
        return f"{who} wrote{_about(paper)}", None
    return shorten(f'{who} wrote: "{shorten(tidy(chosen.text), 190)}"', 260), chosen


def _teller(paper: Paper) -> str:
    if paper.profile.author == "client" and paper.names.intake.client_kind == "individual":
        return paper.client
    if paper.profile.author_name:
        return paper.profile.author_name
    return "The client" if paper.profile.author == "client" else letterhead(look_at(paper.document, paper.names))


_TELLING: tuple[tuple[StatementKind, ...], ...] = (("distress",), ("hardship",), ("not_processed",), ("annoyance", "causation", "fee_paid"))


def _telling(paper: Paper) -> Unit | None:
    for kinds in _TELLING if paper.names.intake.client_kind == "individual" else (_TELLING[0], _TELLING[2], _TELLING[1], _TELLING[3]):
        for said in paper.said(*kinds):
            unit = paper.unit_of(said)
            if unit and unit.speaker == paper.profile.author and not unit.quoted and len(unit.text.split()) > 4:
                return unit
    prose = [u for u in paper.body() if u.speaker == paper.profile.author and not u.quoted]
    full = [u for u in prose if u.text.strip()[-1:] in ".!?"] or prose
    return next((u for u in full if re.search(r"\d|\bhmrc\b", u.text, re.I)), full[0] if full else None)


def bank_letter(paper: Paper) -> tuple[str, Unit | None]:
    """What a bank confirmed."""
    head = letterhead(look_at(paper.document, paper.names))
    found = paper.first_amount(("bank_charge", "loan", "loan_interest"))
    charges = [a for a in paper.amounts if a.role == "bank_charge"]
    total = next((a for a in charges if "total" in a.what.lower()), None)
    if total or (charges and found):
        shown = total or charges[-1]
        return f"{head} confirmed charges of {format_money(shown.value)}", None
    if found:
        return f"{head} wrote about a loan or facility of {format_money(found.value)}", None
    return f"{head} wrote{_about(paper)}", None


def invoice(paper: Paper) -> tuple[str, Unit | None]:
    """An invoice of ours or of a third party."""
    role = ("fee_charged_gross", "fee_charged_net") if paper.profile.author == "agent" else ("direct_cost",)
    found = [a for a in paper.amounts if a.role in role]
    noun = re.sub(r"\s+of \d{1,2} \w+ \d{4}$", "", paper.profile.summary_name)
    total = max(found, key=lambda a: a.value) if found else None
    if paper.profile.author == "agent":
        return f"We issued {noun.replace('our ', '')}" + (f" for {format_money(total.value)}" if total else ""), None
    head = letterhead(look_at(paper.document, paper.names))
    number = re.search(r"invoice (\S+)", noun)
    named = f", invoice {number.group(1)}" if number and number.group(1) != "from" else ""
    lines = [line for made in find_invoice(paper.document, paper.profile) for line in made.lines]
    what = f" for {lower_first(lines[0].description.split('|')[0].strip())}" if len(lines) == 1 else ""
    return f"{head} charged {format_money(total.value)}{what}{named}" if total else f"{head} issued an invoice{named}", None


def tribunal(paper: Paper) -> tuple[str, Unit | None]:
    """What a tribunal decided, in its own words."""
    unit = next((u for u in paper.units if re.search(r"\b(?:allowed|dismissed|cancelled|confirmed|set aside|upheld|directs?|struck out)\b", u.text, re.I)), None)
    return (f'The tribunal decided: "{shorten(tidy(unit.text), 180)}"' if unit else "The tribunal gave its decision"), unit


Summary = Callable[[Paper], tuple[str, Unit | None]]
BY_KIND: dict[DocumentKind, Summary] = {
    "hmrc_letter": letter_from_hmrc, "hmrc_complaint_reply": complaint_reply, "hmrc_notice": notice, "hmrc_receipt": receipt,
    "hmrc_statement": statement, "agent_letter": letter_to_hmrc, "agent_complaint": complaint, "client_letter": letter_to_hmrc,
    "call_note": conversation, "webchat": conversation, "email": report, "third_party_letter": report, "bank_letter": bank_letter,
    "invoice": invoice, "tribunal_decision": tribunal,
}  # fmt: skip


def summarise(paper: Paper) -> tuple[str, Span | None]:
    """The chronology line of a document and the words that carry it."""
    maker = BY_KIND.get(paper.profile.kind, letter_from_hmrc if paper.profile.author == "hmrc" else report)
    if paper.profile.kind == "agent_letter" and sends_something(paper):
        maker = sending
    text, unit = maker(paper)
    return upper_first(text), unit.span() if unit else None


def sends_something(paper: Paper) -> bool:
    """Whether our letter is a covering letter: its first sentence encloses a return or documents."""
    sentences = [u for u in paper.body() if u.text.strip()[-1:] in ".;"]
    return bool(sentences and _ENCLOSE.search(sentences[0].text))


__all__ = ["BY_KIND", "possessive", "sends_something", "summarise"]
