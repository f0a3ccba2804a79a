"""The failings of a case, strongest first, each with the standard that it misses. Pure.

What HMRC has accepted comes first: a handler upholds what a colleague has already conceded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from complaints.analysis import failings_error, failings_needs, failings_person, failings_time
from complaints.analysis.failures import Failure, FailureRule, Scene
from complaints.analysis.records import Breach, Failing
from complaints.analysis.standards import STANDARDS
from complaints.analysis.view import documents_of
from complaints.analysis.wording import Guidance, in_force
from complaints.facts.records import Span

ACCEPTED_BONUS = 20
RULES: tuple[FailureRule, ...] = (
    *failings_error.RULES,
    *failings_time.RULES,
    *failings_person.RULES,
    *failings_needs.RULES,
    *failings_error.LAST,
)
# Failings that a separate complaint can carry beside an appeal. A wrong statement alone does not need one.
_NOT_SERVICE: frozenset[Failing] = frozenset({"calculation_error"})


def find_breaches(scene: Scene, guidance: Guidance) -> tuple[Breach, ...]:
    found = [_breach(failure, guidance) for failure in _without_echoes(_failures(scene))]
    return tuple(sorted(_one_of_each(found), key=lambda b: -b.strength))


def _one_of_each(found: Sequence[Breach]) -> list[Breach]:
    """Circumstances are one failing, however many of them HMRC was told of: all the evidence together."""
    about = [b for b in found if b.failing == "personal_situation_ignored"]
    if len(about) < 2:
        return list(found)
    spans = tuple(dict.fromkeys(s for b in about for s in b.spans))
    events = tuple(dict.fromkeys(e for b in about for e in b.events))
    because = " ".join(b.because for b in about)
    whole = replace(about[0], spans=spans, events=events, because=because, documents=documents_of(spans))
    return [whole if b is about[0] else b for b in found if b not in about[1:]]


def service_failings(breaches: Sequence[Breach]) -> tuple[Breach, ...]:
    return tuple(b for b in breaches if b.failing not in _NOT_SERVICE)


def _failures(scene: Scene) -> Iterator[Failure]:
    for rule in RULES:
        yield from rule(scene)


def _without_echoes(failures: Iterator[Failure]) -> Iterator[Failure]:
    """A bare admission, or a word on the cause, is left out where another failing already rests on it."""
    used: set[Span] = set()
    accepted = False
    found = list(failures)
    blamed = {span for failure in found if failure.failing == "system_error" for span in failure.spans}
    for failure in (_with_system(f, blamed) for f in found):
        echo = bool(used & set(failure.spans))
        if (failure.failing == "other_mistake" and (accepted or echo)) or (failure.failing == "system_error" and echo):
            continue
        used |= set(failure.spans)
        accepted = accepted or failure.accepted
        yield failure


def _with_system(failure: Failure, blamed: set[Span]) -> Failure:
    """CRG3250 stands beside a failing that rests on HMRC's own word about its system or its queues."""
    caused = failure.failing != "system_error" and bool(blamed & set(failure.spans))
    return replace(failure, also=(*failure.also, "CRG3250")) if caused else failure


def _breach(failure: Failure, guidance: Guidance) -> Breach:
    standard = STANDARDS[failure.failing]
    strength = standard.strength + (ACCEPTED_BONUS if failure.accepted else 0)
    return Breach(
        failing=failure.failing,
        charter=standard.charter,
        guidance=in_force((*standard.sections, *failure.also), guidance),
        because=failure.because,
        events=failure.events,
        spans=failure.spans,
        documents=documents_of(failure.spans),
        strength=strength,
        accepted=failure.accepted,
        delay=failure.delay,
    )
