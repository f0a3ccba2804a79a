"""Rows of tables in a letter: the chronology, the time and the costs, each figure in its own row of the facts. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from complaints.facts.records import DocumentProfile, Facts
from letters.records import DocumentSource
from lightpoint.language.dates import find_dates
from lightpoint.language.money import find_amounts

_CHRONOLOGY = re.compile(r"(?P<day>\d{1,2} [A-Z][a-z]+ \d{4}):\s")
_MINUTES = re.compile(r"^(?P<minutes>\d+)(?: minutes?)?$")
_PENNY = Decimal("0.01")


def row_faults(text: str, documents: Collection[str], facts: Facts) -> Iterator[str]:
    """What is wrong with a row; sentences that are no rows have no faults here."""
    opening = _CHRONOLOGY.match(text)
    if opening:
        yield from _chronology_faults(find_dates(opening["day"])[0].date, documents, facts)
    cells = [cell.strip() for cell in text.split(" | ")]
    if len(cells) >= 3:
        yield from _cell_faults(cells, facts)


def _chronology_faults(day: date, documents: Collection[str], facts: Facts) -> Iterator[str]:
    """A line of the chronology has the date of an event in one of its papers, or of something due or done by them."""
    days = {event.date for event in facts.events if event.span.document in documents}
    days |= {u.due_on for u in facts.undertakings if u.due_on and u.span.document in documents}
    days |= {profile.written_on for profile in facts.documents if profile.document in documents and profile.written_on}
    days |= {d for i in facts.invoices if i.span.document in documents for d in (i.issued_on, i.paid_on) if d}
    if day not in days:
        yield f"date: nothing in those papers happened on {find_text(day)}"


def find_text(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


_SPEAKER = re.compile(
    r"(?:^|: |; |, |\band |\bthat )(?P<who>HMRC|[Ww]e)\s+(?:then |also |first )?"
    r"(?P<verb>wrote|told|said|replied|answered|acknowledged|issued|promised|offered|upheld|rejected|refused|accepted|"
    r"admitted|apologised|charged|demanded|chased|rang|telephoned)\b"
)
_BY_HMRC = frozenset(
    {"issued", "promised", "offered", "upheld", "rejected", "refused", "admitted", "charged", "demanded"}
)
_OTHER_SIDE = re.compile(
    r"\b(?:you|your|yours|agents?|client|customer|taxpayer|HMRC|Revenue|officer|adviser|they|he|she|told|informed|called)\b",
    re.IGNORECASE,
)
_PAPERS = frozenset({"post", "email", "online"})
_OWN = {"HMRC": r"HMRC['’]s", "We": "our", "we": "our"}


def speaker_faults(text: str, sources: Sequence[DocumentSource], facts: Facts) -> Iterator[str]:
    """Who is said to have written or decided must be who wrote the paper, unless its words tell of another."""
    plain = re.sub(r"“[^”]*”", "", text)
    profiles = {profile.document: profile for profile in facts.documents}
    papers = [(profiles[s.document], s.quote) for s in sources if s.document in profiles]
    for match in _SPEAKER.finditer(plain):
        yield from _self_answers(plain, match)
        ours = match["who"] != "HMRC"
        if ours and match["verb"] in _BY_HMRC and all(profile.author == "hmrc" for profile, _ in papers):
            if not any(re.search(r"\b(?:you|your)\b", quote, re.IGNORECASE) for _, quote in papers):
                yield f"role: the papers are HMRC's; it was not we who {match['verb']}"
        elif papers and all(_is_by_other(profile, quote, ours=ours) for profile, quote in papers):
            yield f"role: the papers are not by {match['who']}, who is said to have {match['verb']}"


def _self_answers(text: str, match: re.Match[str]) -> Iterator[str]:
    """Nobody answers, acknowledges or decides a complaint of their own, or writes to themselves."""
    after = text[match.end() :]
    own = re.match(rf"\s+{_OWN[match['who']]}\s+(?:letter|complaint|claim|appeal|chaser|e-?mail)", after)
    answering = match["verb"] in ("replied", "answered", "acknowledged", "upheld", "rejected", "accepted")
    if (answering and own) or (re.match(r"\s+to (?:HMRC|us)\b", after) and after.split()[1].startswith(match["who"])):
        yield f"role: {match['who']} cannot have {match['verb']} what came from the same side"


def _is_by_other(profile: DocumentProfile, quote: str, *, ours: bool) -> bool:
    """Whether a paper that is no record of a talk was written by the other side, in words that tell of nobody else."""
    if profile.channel not in _PAPERS or _OTHER_SIDE.search(quote):
        return False
    return profile.author == "hmrc" if ours else profile.author in ("agent", "client")


def _cell_faults(cells: list[str], facts: Facts) -> Iterator[str]:
    minutes = [int(match["minutes"]) for cell in cells if (match := _MINUTES.match(cell))]
    days = [m.date for m in find_dates(cells[0])]
    sums = [m.value for cell in cells for m in find_amounts(cell) if m.explicit]
    entries = facts.time_entries
    if days and minutes and entries and not any(e.on == days[0] and e.minutes in minutes for e in entries):
        yield f"date: the time record has no {minutes[0]} minutes on {find_text(days[0])}"
    if len(minutes) == 1 and len(sums) == 2:
        worth = (sums[0] * minutes[0] / 60).quantize(_PENNY, ROUND_HALF_UP)
        if worth != sums[1]:
            yield f"amount: {minutes[0]} minutes at that rate are £{worth:,.2f}"
