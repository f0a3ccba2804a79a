"""What every rule that finds a failing is given and yields. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from complaints.analysis.delays import DelayKind, Period
from complaints.analysis.records import Delay, Failing, UnansweredPoint
from complaints.analysis.view import CaseView
from complaints.analysis.wording import same_words, says
from complaints.facts.records import Conflict, Event, Span, Statement


@dataclass(frozen=True)
class Scene:
    """The case with the periods and the points left out, which several rules need."""

    view: CaseView
    periods: tuple[Period, ...]
    unanswered: tuple[UnansweredPoint, ...]

    def of(self, *kinds: DelayKind) -> tuple[Period, ...]:
        return tuple(p for p in self.periods if p.kind in kinds)

    def longest(self, *kinds: DelayKind) -> Period | None:
        return max(self.of(*kinds), key=lambda p: (p.delay.calendar_days, p.delay.start), default=None)

    def admits(self, pattern: str) -> tuple[Span, ...]:
        """HMRC's own words, upholding or admitting, that speak of the matter."""
        said = [
            s.span
            for s in self.view.statements(
                "admission", "upheld", "apology", "keying_error", "system_error", actor="hmrc"
            )
            if says(s.span.quote, pattern)
        ]
        said += [
            f.span
            for f in self.view.facts.findings
            if f.outcome in ("upheld", "partly_upheld") and says(f"{f.label} {f.span.quote}", pattern)
        ]
        return tuple(dict.fromkeys(said))


@dataclass(frozen=True, slots=True)
class Failure:
    """A failing with its facts, before the standard is put to it. `also` names further sections that this case adds."""

    failing: Failing
    because: str
    events: tuple[Event, ...] = ()
    spans: tuple[Span, ...] = ()
    accepted: bool = False
    delay: Delay | None = None
    also: tuple[str, ...] = field(default=())


FailureRule = Callable[[Scene], Iterator[Failure]]


def spans_of(events: Iterable[Event] = (), statements: Iterable[Statement] = (), *more: Span) -> tuple[Span, ...]:
    return tuple(dict.fromkeys([e.span for e in events] + [s.span for s in statements] + list(more)))


def sides(scene: Scene, conflict: Conflict) -> tuple[Span, ...]:
    """The spans of the facts that carry the words of each side."""
    found: list[Span] = []
    for side in conflict.statements:
        near = [q for q in scene.view.quotes if q.document == side.document and same_words(q.quote, side.quote)]
        found += near[:1]
    return tuple(found)


def places(scene: Scene, conflict: Conflict) -> tuple[Span, ...]:
    """Where the sides of a conflict stand, to the character where a position gives it."""
    told = {(p.span.document, p.span.quote): p.span for p in scene.view.facts.positions}
    exact = [told[s.document, s.quote] for s in conflict.statements if (s.document, s.quote) in told]
    return tuple(dict.fromkeys(exact)) or sides(scene, conflict)
