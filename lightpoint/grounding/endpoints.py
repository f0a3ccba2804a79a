"""The two happenings that a length of time joins, and their dates in the evidence. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from lightpoint.grounding.context import Context, segment_names
from lightpoint.grounding.reading import Reading, Segment, read
from lightpoint.language.durations import DurationMention

_AFTER = re.compile(
    r"\s*(?:or so\s+|later\s+)?(?:after|from|since|following|of|to the day after)\b\s*(?P<start>.+)",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE = re.compile(
    r"\s*(?:or so\s+|earlier\s+)?(?:before|prior to|ahead of)\b\s*(?P<end>.+)", re.IGNORECASE | re.DOTALL
)
_FROM_TO = re.compile(
    r"\b(?:from|between)\s+(?P<start>.+?)\s+(?:to|and|until)\s+(?P<end>.+?)(?:,|\bwas\b|\bwere\b|\btook\b|\bis\b|$)",
    re.IGNORECASE,
)


def ends_of(context: Context, mention: DurationMention) -> Iterator[tuple[date, date]]:
    """Yield the pairs of dates, earlier first, that the length of time may be about."""
    dates = context.dates
    if len(dates) < 2:
        return
    start_words, end_words = _phrases(context.sentence.text, mention)
    start, end = _resolve_both(context, start_words, end_words)
    pairs = [(first, last) for first in dates for last in dates if first < last]
    fitting = [(first, last) for first, last in pairs if start in (None, first) and end in (None, last)]
    if not fitting and start is None:
        fitting = [(first, last) for first, last in pairs if end in (first, last)]
    yield from fitting


def names_both_days(context: Context, mention: DurationMention) -> bool:
    """Whether the sentence itself gives the dates of both ends."""
    start, end = _phrases(context.sentence.text, mention)
    return bool(read(start).dates and read(end).dates)


def _phrases(text: str, mention: DurationMention) -> tuple[str, str]:
    """The words for the earlier and the later happening; "" where the sentence does not name it."""
    before, after = text[: mention.start], text[mention.end :].rstrip(" .")
    match = _AFTER.match(after)
    if match and len(before.split()) <= 2:
        return _cut_lead(match["start"])
    if match:
        return match["start"], before
    match = _BEFORE.match(after)
    if match:
        return before, match["end"]
    match = _FROM_TO.search(before) or _FROM_TO.search(after)
    if match:
        return match["start"], match["end"]
    return "", f"{before} {after}"


def _cut_lead(words_after: str) -> tuple[str, str]:
    """Part "the webchat the code was still wrong" (after "Three weeks after") into its two happenings."""
    match = re.match(r"(?P<start>[^,]+?),\s*(?P<end>.+)", words_after) or re.match(
        r"(?P<start>\S+\s+\S+(?:\s+\S+){0,3}?)\s+(?P<end>(?:the|a|an|its|his|her|their|our|we|HMRC|it|he|she|they|Mr|Mrs|Ms|Miss)\b.+)",
        words_after,
    )
    return (match["start"], match["end"]) if match else (words_after, "")


def _resolve_both(context: Context, start_words: str, end_words: str) -> tuple[date | None, date | None]:
    starts, ends = _ranked(context, start_words), _ranked(context, end_words)
    if not starts or not ends:
        return (starts[0][1] if starts else None), (ends[0][1] if ends else None)
    choices = [
        (one + other, start, end) for one, start in starts for other, end in ends if start < end
    ]  # fmt: skip
    if not choices:
        return starts[0][1], ends[0][1]
    best = max(score for score, _, _ in choices)
    chosen = [(start, end) for score, start, end in choices if score == best]
    return chosen[0]


def _ranked(context: Context, phrase: str) -> list[tuple[float, date]]:
    """Dates of the evidence by how much of the phrase stands beside them, those that share nothing left out."""
    if not phrase.strip():
        return []
    own = read(phrase)
    if own.dates:
        return [(10.0, own.dates[-1].date)]
    wanted = _wanted(own)
    scores: dict[date, float] = {}
    for segment in context.segments:
        score = context.overlap(wanted, segment)
        for day in segment.dates[-1:] if score else ():
            scores[day] = max(scores.get(day, 0.0), score)
    ranked = sorted(((score, day) for day, score in scores.items()), key=lambda item: (-item[0], item[1]))
    return _clear_winners(ranked)


def _clear_winners(ranked: Sequence[tuple[float, date]]) -> list[tuple[float, date]]:
    """Those within a half of the best; two equally good ones leave the phrase open, not wrong."""
    return [(score, day) for score, day in ranked if score >= ranked[0][0] / 2]


def _wanted(reading: Reading) -> set[str]:
    segments: Sequence[Segment] = reading.segments
    return set(reading.concepts()) | {name for segment in segments for name in segment_names(segment)}
