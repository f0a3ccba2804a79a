"""Whose words and whose papers: "we" is the practice in a letter, and HMRC in a letter of HMRC's. Pure."""

import re
from collections.abc import Iterator, Sequence

from complaints.facts.records import DocumentProfile, Facts
from letters.records import DocumentSource
from lightpoint.language.dates import find_dates

_SPEAKER = re.compile(
    r"(?:^|: |; |, |\band |\bthat |\bWhat |\b\d{4} )(?P<who>HMRC|[Ww]e)\s+(?:then |also |first )?"
    r"(?P<verb>wrote|told|said|replied|answered|acknowledged|issued|promised|offered|upheld|rejected|refused|accepted|"
    r"admitted|apologised|charged|demanded|chased|rang|telephoned|undertook|confirmed|complained)\b"
)
_BY_HMRC = frozenset(
    {
        "issued", "promised", "offered", "upheld", "rejected", "refused", "admitted", "charged", "demanded",
        "undertook", "confirmed",
    }
)  # fmt: skip
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


_OWNED = re.compile(
    r"""\b(?P<who>HMRC['’]s|[Oo]ur)\s+(?:own\s+)?(?:[\w-]+\s+){0,3}?
    (?P<paper>letter|e-?mail|reply|notice|statement|calculation|receipt|papers?|confirmation|note|complaint|chaser|appeal|
        decision|time\s+record)\b
    (?P<day>(?:\s+of\s+the\s+(?:call|webchat|meeting|change\s+of\s+address))?\s+(?:of|dated)\s+\d{1,2}\s[A-Z][a-z]+\s\d{4})?
    (?P<tells>\s+(?:showed|shows?|says?|said|notes?|noted|gives|gave|confirmed|agreed|describes|mentions|was\s+issued)\b)?
    """,
    re.VERBOSE,
)
_ROW = re.compile(r"(?P<day>\d{1,2} [A-Z][a-z]+ \d{4}): (?P<who>HMRC|We|we) (?=[a-z])")


def owner_faults(text: str, sources: Sequence[DocumentSource], facts: Facts) -> Iterator[str]:
    """A paper named by its day, or one that tells what is said, must be of the side whose it is said to be."""
    cited = {source.document for source in sources}
    for match in _OWNED.finditer(re.sub(r"“[^”]*”", "", text)):
        days = [mention.date for mention in find_dates(match["day"] or "")]
        if days:
            papers = [profile for profile in facts.documents if profile.written_on == days[0]]
        else:
            papers = [profile for profile in facts.documents if match["tells"] and profile.document in cited]
        others = {"hmrc"} if match["who"].lower() == "our" else {"agent", "client"}
        if papers and all(profile.author in others for profile in papers):
            yield f"role: the {match['paper']} is not {match['who']}"


def doer_faults(text: str, sources: Sequence[DocumentSource], facts: Facts) -> Iterator[str]:
    """A line of the chronology has whoever the event of that day in its papers has."""
    row = _ROW.match(text)
    if row is None:
        return
    cited, day = {source.document for source in sources}, find_dates(row["day"])[0].date
    told = {e.summary.split()[0] for e in facts.events if e.date == day and e.span.document in cited and e.summary}
    if told == ({"We"} if row["who"] == "HMRC" else {"HMRC"}):
        yield f"role: by the papers it was not {row['who']} on {row['day']}"
