"""People and bodies named in a document, with the side they are on and the title the papers give them."""

import re
from collections.abc import Iterator

from complaints.facts.names import HMRC, TITLE, Names
from complaints.facts.paper import Paper
from complaints.facts.records import Actor, Party
from complaints.facts.view import span_of

_PERSON = re.compile(rf"\b(?P<title>{TITLE})\.?\s+(?P<rest>(?:(?:[A-Z]\.?|[A-Z][a-z'’-]+)\s+){{0,2}}[A-Z][\w'’-]+)")
_BODY = re.compile(
    r"\b(?P<name>(?:[A-Z][\w'’&.-]*\s+(?:(?:&|and|of|for)\s+)?){1,5}(?:Ltd|Limited|plc|"
    r"PLC|LLP|LTD|LIMITED|Bank|Building Society|Insurance|Registrars|Payroll|Solicitors|"
    r"Savings Bank))\b"
)


def find_parties(paper: Paper) -> tuple[Party, ...]:
    """The parties of a document in the order in which they appear, each name once."""
    found: dict[str, Party] = {}
    for party in [*_people(paper), *_bodies(paper), *_signatory(paper)]:
        found.setdefault(party.name.lower(), party)
    return tuple(sorted(found.values(), key=lambda p: (p.span.page or 0, p.span.start, p.name)))


def _people(paper: Paper) -> Iterator[Party]:
    for unit in paper.units:
        for match in _PERSON.finditer(unit.text):
            name = re.sub(r"['’]s$", "", match.group(0)).strip()
            span = unit.span(match.start(), match.start() + len(name))
            yield Party(span.quote, _side(span.quote, paper.names, paper), span, match["title"])


def _side(name: str, names: Names, paper: Paper) -> Actor:
    if names.is_client(name):
        return "client"
    surname = name.rsplit(maxsplit=1)[-1].lower()
    if names.is_practice(name) or surname in names.practice_words:
        return "agent"
    addressed = re.search(rf"\bDear {re.escape(name)}\b", " ".join(u.text for u in paper.units))
    if addressed and paper.profile.recipient:
        return paper.profile.recipient
    return "hmrc" if paper.profile.kind in {"call_note", "webchat"} else "third_party"


def _bodies(paper: Paper) -> Iterator[Party]:
    for unit in paper.units:
        for match in _BODY.finditer(unit.text):
            span = unit.span(match.start("name"), match.end("name"))
            if (
                "\n" not in span.quote
                and not HMRC.search(span.quote)
                and not re.search(r"\bNational Insurance$", span.quote)
            ):
                yield Party(span.quote, _body_side(span.quote, paper.names), span)


def _body_side(name: str, names: Names) -> Actor:
    if names.is_practice(name):
        return "agent"
    return (
        "client" if names.find_client(name) is not None and names.intake.client_kind != "individual" else "third_party"
    )


def _signatory(paper: Paper) -> Iterator[Party]:
    name = paper.profile.author_name
    if not name or len(name) > 50:
        return
    for page in paper.document.pages:
        at = page.text.find(name)
        if at >= 0:
            side: Actor = "hmrc" if paper.profile.kind in {"call_note", "webchat"} else paper.profile.author
            yield Party(name, side, span_of(paper.document.name, page, at, at + len(name)))
            return
