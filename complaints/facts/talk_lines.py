"""Lines for what people told: calls, webchats, reports, banks, invoices, tribunals."""

import re

from complaints.facts.advices import is_payment_advice
from complaints.facts.exhibits import letterhead
from complaints.facts.invoices import find_invoice
from complaints.facts.kinds import look_at
from complaints.facts.letter_lines import about
from complaints.facts.names import HMRC, organisation
from complaints.facts.paper import Paper
from complaints.facts.records import Amount, StatementKind
from complaints.facts.sound import quoted
from complaints.facts.view import Unit, flat, page_lines
from complaints.facts.wording import (
    lower_first,
    shorten,
    tidy,
)
from lightpoint.language.dates import find_dates
from lightpoint.language.money import format_money


def report(paper: Paper) -> tuple[str, Unit | None]:
    """What the client or a third party told us: the most telling words, quoted."""
    demand = _collects(paper)
    if demand:
        return demand
    chosen = _telling(paper)
    who = teller(paper)
    verb = "said" if who.startswith("An email") else "wrote"
    if chosen is None:
        return f"{who} {verb.replace('said', 'came')}{about(paper)}", None
    return quoted(f"{who} {verb}", chosen.text, 190), chosen


_COLLECTS = re.compile(
    r"\b(?:collect|overdue|pay (?:in full|now|within)|instal?ments|enforcement|court action|if (?:it|this|we)"
    r" (?:is|do) not)\b",
    re.I,
)


def _collects(paper: Paper) -> tuple[str, Unit | None] | None:
    """The demand of an agency that collects for HMRC."""
    text = " ".join(flat(u.text) for u in paper.units)
    found = paper.first_amount(("debt_demanded", "assessed_tax", "interest_charged", "penalty"))
    ours = paper.profile.kind == "third_party_letter" and HMRC.search(text) and _COLLECTS.search(text)
    if not found or not ours:
        return None
    unit = next((u for u in paper.units if u.page == found.span.page and u.start <= found.span.start < u.end), None)
    return f"{teller(paper)} demanded {format_money(found.value)} for HMRC", unit


def teller(paper: Paper) -> str:
    """How to name the writer of what the client or a third party told."""
    if paper.profile.author == "client" and paper.names.intake.client_kind == "individual":
        return paper.client
    name = paper.profile.author_name
    if paper.document.headers and (not name or _GENERIC.search(name)):
        return _from_address(paper)
    if name and (paper.document.headers or paper.profile.author == "client"):
        return name
    return "The client" if paper.profile.author == "client" else letterhead(look_at(paper.document, paper.names))


_GENERIC = re.compile(
    r"@|^(?:claims?|payments?|info|accounts?|enquir\w+|reception|front desk|office|admin\w*|support|help\w*|no-?reply|"
    r"service\w*|customer \w+|team)$",
    re.I,
)


def _from_address(paper: Paper) -> str:
    """A sender without a name: the body that signs, else the address."""
    lines = [flat(line) for page in paper.document.pages for _start, _end, line in page_lines(page)]
    signed = next((x for x in lines[-3:] if organisation(x) and len(x.split()) < 7 and not x.endswith(".")), "")
    sender = dict((k.lower(), v) for k, v in paper.document.headers).get("from", "")
    address = re.search(r"[\w.+-]+@[\w.-]+", sender)
    return signed or (f"An email from {address.group(0)}" if address else "A third party")


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
    paid = paper.first_amount(("tax_paid",))
    if paid and is_payment_advice(" ".join(flat(u.text) for u in paper.units)):
        return f"{paper.client} paid HMRC {format_money(paid.value)}", None
    head = letterhead(look_at(paper.document, paper.names))
    found = paper.first_amount(("bank_charge", "loan", "loan_interest", "direct_cost"))
    charges = [a for a in paper.amounts if a.role in {"bank_charge", "direct_cost"}]
    total = next((a for a in charges if "total" in a.what.lower()), None)
    if charges and not any(re.match(r"\W*dear\b", u.text, re.I) for u in paper.units) and len(charges) == 1:
        return f"{head} charged {format_money(charges[0].value)}{_for_what(paper, charges[0])}", None
    if total or (charges and found):
        shown = total or charges[-1]
        return f"{head} confirmed charges of {format_money(shown.value)}", None
    if found and len(charges) == 0:
        return f"{head} wrote about a loan or facility of {format_money(found.value)}", None
    chosen = _telling(paper)
    return (quoted(f"{head} wrote", chosen.text, 190), chosen) if chosen else (f"{head} sent a letter", None)


def posting(paper: Paper) -> tuple[str, Unit | None]:
    """A slip for posting, with what it cost; a trace is told in its own words."""
    cost = paper.first_amount(("direct_cost",))
    if cost is None:
        return report(paper)
    unit = next((u for u in paper.units if u.page == cost.span.page and u.start <= cost.span.start < u.end), None)
    return f"{paper.client} paid {format_money(cost.value)} for posting", unit


def _for_what(paper: Paper, charge: Amount) -> str:
    """What a charge was for, as its row says."""
    unit = next((u for u in paper.units if u.page == charge.span.page and u.start <= charge.span.start < u.end), None)
    cells = [flat(c) for c in unit.text.split("|")] if unit else []
    words = next((c for c in cells if re.search(r"[a-z]{4}", c) and not find_dates(c)), "") or next(
        (c.split(",")[0] for c in cells if re.match(r"[A-Z][a-z]+ [a-z]+,", c)), ""
    )
    return f" for {lower_first(words)}" if words else ""


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
