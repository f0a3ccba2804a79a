"""The paragraph on papers that contradict each other: both statements, which is better evidenced, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from complaints.facts.records import Conflict, ConflictSide
from letters.drafting.case import Case
from letters.drafting.sentences import fact, form
from letters.drafting.trial import first_that_holds, holds
from letters.drafting.wording import cited, day, flat, pick, quotable, too_long, upper_first, words_in
from letters.records import Block, Sentence

_EXHIBITS = " (exhibits 10 and 11)"


def conflicts(case: Case, found: Sequence[Conflict]) -> Block | None:
    """Each contradiction with both statements, then which is better evidenced and why."""
    sentences = [sentence for at, conflict in enumerate(merged(found)) for sentence in _conflict(case, conflict, at)]
    return Block("paragraph", tuple(sentences)) if sentences else None


def merged(found: Sequence[Conflict]) -> tuple[Conflict, ...]:
    """Conflicts on one topic as one, with every side once."""
    topics: dict[str, Conflict] = {}
    for conflict in found:
        known = topics.get(conflict.what)
        sides = dict.fromkeys((*known.statements, *conflict.statements) if known else conflict.statements)
        topics[conflict.what] = replace(known or conflict, statements=tuple(sides))
    return tuple(topics.values())


def _conflict(case: Case, conflict: Conflict, at: int) -> tuple[Sentence, ...]:
    sides = _opposed(conflict)
    if len(sides) < 2:
        return ()
    told = _told(case, conflict, sides, at)
    if not told:
        return ()
    if conflict.preferred is None:
        text = f"The papers do not decide {topic_of(conflict)}, and we put both versions before HMRC"
        return (*told, form(case, text))
    preference = _preference(case, conflict, sides, at)
    return (*told, preference) if preference else told


_TOGETHER = (
    "On {topic} the papers differ: {told}",
    "The papers disagree on {topic}: {told}",
    "{topic} is put in two ways: {told}",
)


_TOPIC = ("The papers differ on {topic}", "On {topic} there are two accounts")


def _told(case: Case, conflict: Conflict, sides: Sequence[ConflictSide], at: int) -> tuple[Sentence, ...]:
    """Both statements in one sentence where they fit, else in one each; never one of them alone."""
    given = values(conflict, sides)
    topic = topic_of(conflict)
    options: list[tuple[Sentence, ...]] = []
    for said in _ways(case, sides):
        text = upper_first(pick(_TOGETHER, at).format(topic=topic, told=" but ".join(said)))
        if not too_long(text + _EXHIBITS):
            options.append((fact(case, text, sides, computed=given),))
        first = pick(_TOGETHER[:2], at).format(topic=topic, told=said[0])
        options.append(
            (fact(case, first, sides[:1], computed=given), fact(case, upper_first(said[1]), sides[1:], computed=given))
        )
        topic_alone = form(case, upper_first(pick(_TOPIC, at).format(topic=topic)))
        options.append(
            (topic_alone, *(fact(case, upper_first(s), [side]) for s, side in zip(said, sides, strict=True)))
        )
    options.sort(key=lambda found: any(too_long(s.text + _EXHIBITS) for s in found))
    return next((found for found in options if all(holds(case, s) for s in found)), ())


def _ways(case: Case, sides: Sequence[ConflictSide]) -> list[list[str]]:
    """The sides by their dates, or by their words shortly or at length."""
    names = [case.called(side.document) for side in sides]
    if names[0] == names[1]:
        names[1] = "the same paper"
    ways = []
    for limit in (20, 28, 40):
        ways.append([_side(side, name, limit) for side, name in zip(sides, names, strict=True)])
    return [way for way in ways if all(way)]


def _side(side: ConflictSide, name: str, limit: int) -> str:
    """What a paper says: the date it gives, or its words; empty where neither can be given."""
    if shown(side.value) != flat(side.value):
        return f"{name} gives {shown(side.value)}"
    words = cited(side.quote.split(" | ")[0], limit)
    if words != "“”" and words_in(words) >= 3:
        return f"{name} says {words}"
    return f"{name} gives {shown(side.value)}" if words == "“”" and limit == 40 else ""


def _opposed(conflict: Conflict) -> list[ConflictSide]:
    """One side for the preferred value and one against it, or the first two; quotable words before others."""
    wanted = [s for s in conflict.statements if s.value == conflict.preferred]
    others = [s for s in conflict.statements if s.value != conflict.preferred]
    if not (wanted and others):
        return list(conflict.statements)[:2]
    return [max(some, key=lambda s: quotable(s.quote)) for some in (wanted, others)]


def topic_of(conflict: Conflict) -> str:
    text = flat(conflict.what).rstrip(". ")
    starts = ("the ", "whether ", "when ", "which ", "how ", "what ", "who ", "where ")
    return text if text.startswith(starts) else f"the {text}"


def _preference(case: Case, conflict: Conflict, sides: Sequence[ConflictSide], at: int) -> Sentence | None:
    why = flat(conflict.why_preferred).rstrip(". ")
    wanted = shown(conflict.preferred or "")
    computed = [*values(conflict, sides), f"Preferred: {wanted}. {why}"]
    texts = _preferring(case, conflict, sides[0], wanted, why, at)
    return first_that_holds(case, (fact(case, text, sides, computed=computed, cite=False) for text in texts))


def _preferring(case: Case, conflict: Conflict, side: ConflictSide, wanted: str, why: str, at: int) -> list[str]:
    reason = f", because {why}" if why and words_in(why) <= 34 else ""
    if wanted != flat(conflict.preferred or ""):
        better = pick(("We rely on {date}", "The better evidenced date is {date}"), at).format(date=wanted)
        return [f"{better}{reason}", better]
    leading = conflict.preferred == side.value
    name = case.called(side.document) if leading else _named_in(case, conflict, why)
    if not name:
        return [f"The better evidenced version is “{wanted}”{reason}", f"The better evidenced version is “{wanted}”"]
    after = why.removeprefix(f"{name} ")
    trusted = pick(("We rely on {name}, which {why}", "The better evidence is {name}, which {why}"), at)
    shapes = [trusted.format(name=name, why=after)] if after != why else []
    better = f"The better evidence is that of {name}"
    return [*shapes, f"{better}{reason.replace(f' in {name}', ' there')}", f"{better}{reason}", better]


def _named_in(case: Case, conflict: Conflict, why: str) -> str:
    """The paper with which the reason begins, where no side gives the preferred value as it stands."""
    names = dict.fromkeys(case.called(side.document) for side in conflict.statements)
    return next((name for name in names if why.startswith(f"{name} ")), "")


def values(conflict: Conflict, sides: Sequence[ConflictSide]) -> list[str]:
    """What each side gives, for the ledger."""
    topic = topic_of(conflict)
    return [f"On {topic} the papers differ or disagree; {topic} is put in two ways.", *_given(sides)]


def _given(sides: Sequence[ConflictSide]) -> list[str]:
    return [f"“{flat(s.quote)}” gives {shown(s.value)}" for s in sides]


def shown(value: str) -> str:
    """A value of a conflict as a letter writes it: ISO dates in full."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return flat(value)
