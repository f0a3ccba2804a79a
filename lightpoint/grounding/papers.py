"""Which paper a day belongs to: what one party said on a day on which only another one wrote. Pure."""

from collections.abc import Iterator
from datetime import date

from lightpoint.grounding.authorship import Authorship, authorship_of
from lightpoint.grounding.cast import actor_of, cast_of
from lightpoint.grounding.context import PAGE, Context
from lightpoint.grounding.deeds import deeds_of

_OF_PAPERS = frozenset(
    {"say", "tell", "promise", "demand", "apologise", "uphold", "reject", "withdraw", "admit", "deny", "ask",
     "decide", "answer", "letter", "accept"}
)  # fmt: skip


def days_of_others_papers(context: Context) -> Iterator[date]:
    """The one day of the sentence, where what it says was put to paper stands, by the headings, on another's paper."""
    days = {mention.date for mention in context.sentence.dates}
    if context.strict or len(days) != 1 or len(context.segments) > PAGE * 2:
        return
    day = next(iter(days))
    papers = [(reading, authorship_of(reading.text)) for reading in context.readings]
    headed = [
        (actor_of(author.author), segment.own_dates[0], reading)
        for reading, author in papers
        if author.author is not None
        for segment in reading.segments[:1]
        if segment.header and segment.own_dates
    ]
    cast = cast_of(papers)
    for claim in deeds_of(context.sentence, Authorship()):
        if claim.agent is None or not claim.kinds & _OF_PAPERS:
            continue
        own = [(when, reading) for author, when, reading in headed if cast.same(claim.agent, author)]
        others = [when for author, when, _ in headed if not cast.same(claim.agent, author)]
        told = any(day in segment.own_dates for _, reading in own for segment in reading.segments)
        undated = len(headed) < len(papers)
        if own and day in others and not told and not undated:
            yield day
