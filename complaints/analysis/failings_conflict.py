"""Statements of HMRC that its own papers, or better evidence, contradict. Pure.

CRG3025 counts giving wrong information as a mistake, CRG3200 covers papers that contradict each other.
"""

from collections.abc import Iterator

from complaints.analysis.addresses import misdirected_post
from complaints.analysis.failures import Failure, FailureRule, Scene, places, sides
from complaints.analysis.wording import day, listed, quotable, readable, upper_first
from complaints.facts.contradictions import UNPAID
from complaints.facts.records import Conflict, Event


def contradicted(scene: Scene) -> Iterator[Failure]:
    for conflict in scene.view.facts.conflicts:
        failure = (
            _deadline_conflict(scene, conflict)
            or _filing_conflict(scene, conflict)
            or _denied(scene, conflict)
            or _never_paid(scene, conflict)
            or _statement_conflict(scene, conflict)
        )
        if failure:
            yield failure


def _deadline_conflict(scene: Scene, conflict: Conflict) -> Failure | None:
    by_hmrc = [s for s in conflict.statements if scene.view.author(s.document) == "hmrc"]
    if conflict.kind != "deadline" or len(by_hmrc) < 2:
        return None
    values = listed(readable(s.value) for s in by_hmrc)
    because = f"HMRC's own papers give different dates for {conflict.what}: {values}."
    return Failure("inconsistent_information", because, _events_in(scene, conflict), sides(scene, conflict))


def _filing_conflict(scene: Scene, conflict: Conflict) -> Failure | None:
    """HMRC charged for a return that, by its own record, was not due."""
    charged = scene.view.events("penalty_issued", "assessment_issued", "demand_issued")
    if conflict.what != "whether a return was due" or not charged:
        return None
    freed, wanted = conflict.statements[:2]
    told = getattr(scene.view.profiles.get(freed.document), "written_on", None)
    when = f" on {day(told)}" if told else ""
    because = (
        f'HMRC wrote{when}: "{quotable(freed.quote)}". On {day(charged[-1].date)} it charged a penalty because of a'
        f' return: "{quotable(wanted.quote)}".'
    )
    return Failure("wrong_statement", because, charged[-1:], (*places(scene, conflict), charged[-1].span))


def _denied(scene: Scene, conflict: Conflict) -> Failure | None:
    """HMRC said that it had not what it had: a payment, or papers that another letter of its own acknowledges."""
    view = scene.view
    payment = conflict.what.endswith(" the payment")
    settled = any(s.value == "sent in error" for s in conflict.statements)
    if conflict.kind != "receipt" or not (payment or settled):
        return None
    lost = next((s for s in conflict.statements if s.value == "not received"), None)
    if lost is None or view.author(lost.document) != "hmrc":
        return None
    why = upper_first(conflict.why_preferred)
    if settled:
        got = next(s for s in conflict.statements if s is not lost)
        why = f'Another letter of its own says: "{quotable(got.quote)}"; HMRC has since said that it wrote in error'
    because = f'HMRC wrote: "{quotable(lost.quote)}". {why}.'
    admitted = scene.admits(r"(post|alloc|keyed|set)\w* .{0,40}(wrong|another|by mistake)|by mistake|sent in error")
    spans = tuple(dict.fromkeys((*places(scene, conflict), *admitted)))
    return Failure("wrong_statement", because, _events_in(scene, conflict), spans, accepted=bool(admitted))


def _never_paid(scene: Scene, conflict: Conflict) -> Failure | None:
    """HMRC wrote that it had paid, and what became of the payment shows that it had not."""
    view = scene.view
    if conflict.what != UNPAID or len(conflict.statements) < 2:
        return None
    paid, not_paid = conflict.statements[:2]
    wrote = getattr(view.profiles.get(paid.document), "written_on", None)
    when = f" on {day(wrote)}" if wrote else ""
    because = f'HMRC wrote{when}: "{quotable(paid.quote)}". It did not arrive: "{quotable(not_paid.quote)}".'
    return Failure("wrong_statement", because, (), places(scene, conflict))


def _statement_conflict(scene: Scene, conflict: Conflict) -> Failure | None:
    """HMRC states something that better evidence contradicts; what lost papers or post explain is said there."""
    view = scene.view
    explained = (conflict.kind == "receipt" and view.statements("no_trace")) or (
        conflict.kind == "address" and (misdirected_post(view) or view.events("disclosure"))
    )
    wrong = [s for s in conflict.statements if view.author(s.document) == "hmrc" and s.value != conflict.preferred]
    by_word = conflict.kind == "receipt" and not conflict.what.startswith("the date")
    if conflict.kind in ("deadline", "other") or by_word or explained or conflict.preferred is None or not wrong:
        return None
    because = (
        f"HMRC gives {readable(wrong[0].value)} as {conflict.what}, which cannot be right: {conflict.why_preferred}."
    )
    return Failure("wrong_statement", because, _events_in(scene, conflict), sides(scene, conflict))


def _events_in(scene: Scene, conflict: Conflict) -> tuple[Event, ...]:
    documents = {s.document for s in conflict.statements}
    own = [e for e in scene.view.happened if e.span.document in documents and e.actor in ("hmrc", "agent")]
    return tuple(e for e in own if e.date == getattr(scene.view.profiles.get(e.span.document), "written_on", None))


RULES: tuple[FailureRule, ...] = (contradicted,)
