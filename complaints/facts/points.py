"""The points of a complaint and what a reply says on each head."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from complaints.facts.records import ComplaintPoint, DocumentProfile, Finding, Span
from complaints.facts.view import Unit, flat

Outcome = Literal["upheld", "partly_upheld", "not_upheld", "addressed"]
_NUMBERED = re.compile(r"^\W*(?:point\s+)?\(?(?P<number>\d{1,2}|[a-h])[.):]\s*(?P<rest>.*)", re.I | re.S)
_HEADED = re.compile(r"^(?P<label>[A-Z][\w'’£,.& -]{2,70}?)\.(?:\s|$)")
_FRAME = re.compile(
    r"^\W*(?:enc|encl|enclosures?|yours|dear|copy|page|our ref|your ref|date|utr|we "
    r"(?:ask|look forward|complain)|please|thank you|from|to|subject|hm revenue|complaints?)"
    r"\b",
    re.I,
)
_PARTLY = re.compile(r"\b(?:partly|partially|in part)\b[^.]{0,30}\buph|\buph\w+\b[^.]{0,20}\b(?:in part|partly)", re.I)
_NOT = re.compile(
    r"\b(?:cannot|can't|can not|do not|don't|unable to|not able to|have not|not)\b[^.]"
    r"{0,25}\buph|\breject|\b(?:do not|unable to|cannot) consider\b|\bdo not agree\b|"
    r"\bi agree with my colleague\b",
    re.I,
)
_UPHELD = re.compile(r"\buph(?:o|e)ld(?:ing)?\b", re.I)
_CLOSING_HEAD = re.compile(
    r"\b(?:next steps|what (?:happens|to do) next|if you|further (?:information|review)"
    r"|contact|how to|putting (?:things|it) right|yours)\b",
    re.I,
)


def find_points(units: Sequence[Unit], profile: DocumentProfile) -> tuple[ComplaintPoint, ...]:
    """The points of a complaint: numbered paragraphs, else paragraphs that open with a heading of their own."""
    if profile.kind not in {"agent_complaint"} and not (
        profile.kind == "client_letter" and "complain" in profile.subject.lower()
    ):
        return ()
    paragraphs = list(_before_enclosures(units))
    numbered = [(p, m) for p in paragraphs if (m := _NUMBERED.match(p[0].text)) and len(flat(_text(p))) > 25]
    if len(numbered) >= 2:
        return tuple(_point(i, p, _NUMBERED) for i, (p, _m) in enumerate(numbered, 1))
    headed = [
        p
        for p in paragraphs
        if (found := _HEADED.match(flat(_text(p))))
        and len(found["label"].split()) <= 9
        and len(_text(p)) > len(found["label"]) + 25
        and not _FRAME.match(_text(p))
    ]
    if headed:
        return tuple(_point(i, p, _HEADED) for i, p in enumerate(headed, 1))
    return tuple(_titled_points(paragraphs))


def _titled_points(paragraphs: Sequence[tuple[Unit, ...]]) -> Iterator[ComplaintPoint]:
    """Points whose heading stands on a line above the paragraph."""
    number = 0
    for before, paragraph in pairwise(paragraphs):
        title = flat(_text(before))
        if _heading_line(title) and len(_text(paragraph)) > 50 and not _FRAME.match(title):
            number += 1
            first, last = paragraph[0], paragraph[-1]
            span = first.span() if first is last else _joined(paragraph)
            yield ComplaintPoint(number, title, flat(_text(paragraph)), span)


def _heading_line(title: str) -> bool:
    return (
        3 < len(title) < 80
        and not re.search(r"[.!?]$|^\W*\d{1,2}(?:st|nd|rd|th)? \w+ \d{4}$|\b[A-Z]{1,2}\d{1,2} \d[A-Z]{2}\b", title)
        and "|" not in title
        and not re.match(r"\W*(?:dear|page|date|our ref|your ref|hm revenue)\b", title, re.I)
    )


def _paragraphs(units: Sequence[Unit]) -> Iterator[tuple[Unit, ...]]:
    group: list[Unit] = []
    for unit in units:
        if group and (unit.block != group[-1].block or unit.page != group[-1].page):
            yield tuple(group)
            group = []
        group.append(unit)
    if group:
        yield tuple(group)


def _before_enclosures(units: Sequence[Unit]) -> Iterator[tuple[Unit, ...]]:
    for paragraph in _paragraphs(units):
        if re.match(r"\W*(?:enc|encl|encs|enclosures?|attachments?)\b\W*$", _text(paragraph), re.I):
            return
        yield paragraph


def _text(paragraph: Sequence[Unit]) -> str:
    return re.sub(r"^\s*[-*•·–]\s+", "", " ".join(unit.text for unit in paragraph))


def _joined(paragraph: Sequence[Unit]) -> Span:
    return paragraph[0].span()


def _point(number: int, paragraph: Sequence[Unit], pattern: re.Pattern[str]) -> ComplaintPoint:
    text = flat(_text(paragraph))
    found = pattern.match(text)
    rest = found["rest"] if found and "rest" in found.groupdict() else text
    headed = _HEADED.match(rest)
    label = (
        headed["label"] if headed and len(headed["label"].split()) <= 9 else " ".join(rest.split()[:8]).rstrip(",.;:")
    )
    longest = max(paragraph, key=lambda unit: len(unit.text))
    return ComplaintPoint(number, label, text, longest.span())


def find_findings(units: Sequence[Unit], profile: DocumentProfile) -> tuple[Finding, ...]:
    """What a complaint reply says under each of its headings, or in each paragraph that decides something."""
    if profile.kind != "hmrc_complaint_reply":
        return ()
    paragraphs = _after_salutation(list(_paragraphs(units)))
    sections: list[tuple[str, list[Unit]]] = []
    for paragraph in paragraphs:
        title = flat(_text(paragraph))
        if _heading_line(title) and len(paragraph) == 1 and len(title.split()) <= 8:
            sections.append((re.sub(r"^\W*(?:\d{1,2}|[a-h])[.)]\s+", "", title), []))
        elif sections:
            sections[-1][1].extend(paragraph)
    found = [finding for label, body in sections for finding in _finding(label, body, profile)]
    if found:
        return tuple(found)
    return tuple(f for p in paragraphs for f in _finding(_opening(p), list(p), profile) if f.outcome != "addressed")


def _after_salutation(paragraphs: list[tuple[Unit, ...]]) -> list[tuple[Unit, ...]]:
    """The paragraphs after "Dear ...": what stands before is letterhead and subject."""
    at = next((i for i, p in enumerate(paragraphs) if re.match(r"\W*dear\b", p[0].text, re.I)), -1)
    end = next(
        (i for i, p in enumerate(paragraphs) if i > at and re.match(r"\W*yours\b", p[0].text, re.I)), len(paragraphs)
    )
    return paragraphs[at + 1 : end]


def _opening(paragraph: Sequence[Unit]) -> str:
    text = flat(_text(paragraph))
    head = re.match(r"^([A-Z][\w '’-]{2,50}):", text)
    return head.group(1) if head else " ".join(text.split()[:6])


def _finding(label: str, body: Sequence[Unit], profile: DocumentProfile) -> Iterator[Finding]:
    """The decision of one section; a section of address lines or farewells decides nothing."""
    prose = [
        unit for unit in body if len(unit.text) > 15 and not re.match(r"\W*(?:dear|yours|page)\b", unit.text, re.I)
    ]
    if not prose or _CLOSING_HEAD.search(label):
        return
    decided = _decided(prose)
    if decided:
        yield Finding(label, decided[0], decided[1].span(), profile.tier)
        return
    if len(prose) >= 1 and not re.search(r"\bdear\b|\bhm revenue\b", label, re.I):
        yield Finding(label, "addressed", prose[0].span(), profile.tier)


def _decided(prose: Sequence[Unit]) -> tuple[Outcome, Unit] | None:
    """The decision of a section and the sentence that gives it; upheld here and not there is upheld in part."""
    refused = next((u for u in prose if _NOT.search(u.text)), None)
    partly = next((u for u in prose if _PARTLY.search(u.text)), None)
    upheld = next((u for u in prose if _UPHELD.search(u.text) and not _NOT.search(u.text)), None)
    if partly:
        return "partly_upheld", partly
    if upheld and refused and _UPHELD.search(refused.text):
        return "partly_upheld", upheld
    if refused:
        return "not_upheld", refused
    return ("upheld", upheld) if upheld else None
