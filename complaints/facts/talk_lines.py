"""Lines for what people told: calls, webchats, reports, banks, invoices, tribunals."""

import re

from complaints.facts.exhibits import letterhead
from complaints.facts.invoices import find_invoice
from complaints.facts.kinds import look_at
from complaints.facts.letter_lines import about
from complaints.facts.paper import Paper
from complaints.facts.records import StatementKind
from complaints.facts.view import Unit, flat
from complaints.facts.wording import (
    Voices,
    lower_first,
    reported,
    shorten,
    tidy,
)
from lightpoint.language.money import format_money
from lightpoint.language.quotations import find_quotations


def conversation(paper: Paper) -> tuple[str, Unit | None]:
    """What HMRC's adviser said in a call or a webchat: promises first, then admissions, refusals and advice."""
    chat = paper.profile.kind == "webchat"
    rang_us = any(
        re.search(r"\b(?:rang|called|phoned|telephoned) us\b|\bincoming call\b", u.text, re.I) for u in paper.units
    )
    rang = "HMRC rang us" if rang_us else f"We rang {_line_called(paper)}"
    opening = "We contacted HMRC by webchat" if chat else rang
    chosen = _told(paper)
    if not chosen:
        return opening, None
    said = " and ".join(_as_said(u, paper, chat) for u in chosen)
    return shorten(f"{opening}: the adviser {said}", 300), chosen[0]


def _line_called(paper: Paper) -> str:
    text = " ".join(flat(u.text) for u in paper.units[:8])
    found = re.search(
        r"\b((?:[A-Z][\w&]*|agent|trusts?|vat|ct|cgt|paye|employer|tax|debt) )+(?:dedicated "
        r")?(?:helpline|help line|line|Line|Helpline)\b",
        text,
    )
    name = found.group(0) if found else "HMRC"
    name = re.sub(
        r"^(?:(?:With|Called|Client|By|Spoke to|Tel|LOG|CALL|Rang|Phoned|Telephoned|Call "
        r"to|Call|To|The|Asked)\W*\s+)+",
        "",
        name,
    )
    return name if name.startswith("HMRC") else f"HMRC's {name}"


_SAYS_MOST = frozenset({"would_not_log", "received_logged", "advice", "admission", "no_trace"})


def _told(paper: Paper) -> list[Unit]:
    """At most two things the adviser said: promises, then what was admitted, found or refused."""
    promises = {(u.span.page, u.span.start) for u in paper.undertakings}
    kinds = paper.said(
        "admission", "would_not_log", "refusal", "received_logged", "no_trace", "advice", "security_check"
    )
    told: dict[tuple[int | None, int], set[str]] = {}
    for said in kinds:
        if said.actor == "hmrc":
            told.setdefault((said.span.page, said.span.start), set()).add(said.kind)

    def weight(unit: Unit) -> int:
        place = (unit.page, unit.span().start)
        known = told.get(place, set())
        return (
            5 * (place in promises) + 3 * bool(known & _SAYS_MOST) + 2 * bool(known) + bool(find_quotations(unit.text))
        )

    said_units = [u for u in paper.units if u.speaker == "hmrc" and len(u.text.split()) > 3 and weight(u) > 1]
    best = sorted(said_units, key=lambda u: (-weight(u), u.start))[:2]
    strong = [u for u in best if weight(u) >= 4] or best[:1]
    return sorted(strong, key=lambda u: u.start)


def _as_said(unit: Unit, paper: Paper, chat: bool) -> str:
    quotes = find_quotations(unit.text)
    line = tidy(unit.text)
    if chat:
        return f'wrote "{line}"'
    said = re.sub(
        r"^(?:(?:he|she|they|the adviser|advis[eo]r|hmrc)\s+(?:has\s+)?(?:also\s+)?(?:said|"
        r"says|told (?:us|me)|confirmed|stated)\s+(?:that\s+)?|ans\w*\s*|said\s+(?:that\s+)"
        r"?)",
        "",
        line,
        flags=re.I,
    )
    if line.startswith(('"', "“")):
        return f"said {line if line.endswith(chr(34)) else line + chr(34)}"
    if quotes and len(quotes[-1].text) > 0.5 * len(line):
        return f'said "{quotes[-1].text}"'
    return "said that " + reported(said, Voices("agent", "agent", paper.client))


def report(paper: Paper) -> tuple[str, Unit | None]:
    """What the client or a third party told us: the most telling words, quoted."""
    chosen = _telling(paper)
    who = _teller(paper)
    if chosen is None:
        return f"{who} wrote{about(paper)}", None
    return shorten(f'{who} wrote: "{shorten(tidy(chosen.text), 190)}"', 260), chosen


def _teller(paper: Paper) -> str:
    if paper.profile.author == "client" and paper.names.intake.client_kind == "individual":
        return paper.client
    if paper.profile.author_name:
        return paper.profile.author_name
    return "The client" if paper.profile.author == "client" else letterhead(look_at(paper.document, paper.names))


_TELLING: tuple[tuple[StatementKind, ...], ...] = (
    ("distress",),
    ("hardship",),
    ("not_processed",),
    ("annoyance", "causation", "fee_paid"),
)


def _telling(paper: Paper) -> Unit | None:
    for kinds in (
        _TELLING
        if paper.names.intake.client_kind == "individual"
        else (_TELLING[0], _TELLING[2], _TELLING[1], _TELLING[3])
    ):
        for said in paper.said(*kinds):
            unit = paper.unit_of(said)
            if unit and unit.speaker == paper.profile.author and not unit.quoted and len(unit.text.split()) > 4:
                return unit
    prose = [u for u in paper.body() if u.speaker == paper.profile.author and not u.quoted]
    prose = [u for u in prose if not re.match(r"\W*thank you\b", u.text, re.I)] or prose
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
    return f"{head} wrote{about(paper)}", None


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
    return (
        f"{head} charged {format_money(total.value)}{what}{named}" if total else f"{head} issued an invoice{named}",
        None,
    )


def tribunal(paper: Paper) -> tuple[str, Unit | None]:
    """What a tribunal decided, in its own words."""
    unit = next(
        (
            u
            for u in paper.units
            if re.search(
                r"\b(?:allowed|dismissed|cancelled|confirmed|set aside|upheld|directs?|struck out)\b", u.text, re.I
            )
        ),
        None,
    )
    return (
        f'The tribunal decided: "{shorten(tidy(unit.text), 180)}"' if unit else "The tribunal gave its decision"
    ), unit
