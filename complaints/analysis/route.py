"""Which instrument the case calls for: an ordered table of named rules; the first that answers decides.

The ladder is that of complain-about-hmrc and of the Adjudicator's page: first-tier review, second-tier review by a
different person, Adjudicator within six months of receiving the second review. A decision that can be appealed goes to
appeal or statutory review whatever the brief wishes. The brief never decides; the documents do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from complaints.analysis.appeals import Decision, all_decisions, appealable_decisions
from complaints.analysis.breaches import service_failings
from complaints.analysis.limits import last_review
from complaints.analysis.records import Breach, RouteDecision, RouteName, Tier
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, listed, says
from complaints.facts.records import Event, Span


@dataclass(frozen=True, slots=True)
class Answer:
    route: RouteName
    tier: Tier | None
    reason: str
    spans: tuple[Span, ...]
    beside: tuple[RouteName, ...] = ()


Rule = Callable[[CaseView, Sequence[Breach]], Answer | None]


def decide_route(view: CaseView, breaches: Sequence[Breach]) -> RouteDecision:
    for name, rule in RULES:
        answer = rule(view, breaches)
        if answer:
            return _decision(view, breaches, name, answer)
    raise AssertionError("the last rule always answers")


def _decision(view: CaseView, breaches: Sequence[Breach], name: str, answer: Answer) -> RouteDecision:
    beside = list(answer.beside)
    later = _later_decisions(view) if answer.route != "appeal" else ()
    beside += ["appeal"] if later else []
    if any(b.failing == "data_breach" for b in breaches) and answer.route != "ico":
        beside.append("ico")
    reason = answer.reason + _appeal_note(later) + (_ICO_BESIDE if "ico" in beside else "") + _notes(view, breaches)
    secondary = tuple(dict.fromkeys(r for r in beside if r != answer.route))
    return RouteDecision(answer.route, secondary, answer.tier, reason, name, answer.spans)


_ICO_BESIDE = (
    " The handling of personal information is separately for the Information Commissioner, once HMRC has had the chance"
    " to answer; the Adjudicator does not look at data protection compliance."
)


def _later_decisions(view: CaseView) -> tuple[Decision, ...]:
    """Decisions in time that HMRC made after a complaint which it has answered: they are about something else.

    The complaint goes on up its own ladder (complain-about-hmrc), and the decision is appealed beside it.
    """
    made = view.first("complaint_made", "complaint_received")
    if not view.events("complaint_reply", "review_reply"):
        return ()
    start = made or view.first("complaint_reply", "review_reply")
    decisions = _in_time(view)
    fresh = start is not None and all(d.made_on > start.date for d in decisions)
    return decisions if fresh else ()


def _in_time(view: CaseView) -> tuple[Decision, ...]:
    return tuple(d for d in appealable_decisions(view) if d.last_day >= view.intake.opened_on)


def _appeal_note(decisions: Sequence[Decision]) -> str:
    if not decisions:
        return ""
    first = min(decisions, key=lambda d: d.last_day)
    return (
        f" HMRC's {first.what} of {day(first.made_on)} is a decision of its own, made after the complaint, and is"
        f" appealed separately by {day(first.last_day)}."
    )


def _notes(view: CaseView, breaches: Sequence[Breach]) -> str:
    """What was considered and is no ground for an appeal."""
    notes = []
    if all_decisions(view) and not appealable_decisions(view) and view.first("withdrawal", "correction"):
        notes.append(
            " The decisions that could have been appealed have been withdrawn or corrected, so nothing remains"
            " for a tribunal."
        )
    put_right = any(b.failing in ("coding_error", "repeated_error", "calculation_error") for b in breaches)
    if (view.events("coding_notice") or put_right) and not appealable_decisions(view):
        notes.append(
            " A tax code or an HMRC calculation is put right by correcting it, so correction is what is asked."
        )
    spoken = [
        s
        for s in view.statements("refusal", "advice", actor="hmrc")
        if view.kind(s.span.document) in ("call_note", "webchat") and says(s.span.quote, r"reject|refus|out of time")
    ]
    if spoken and not all_decisions(view):
        notes.append(
            " What was refused was refused by telephone only; without a written decision there is nothing to appeal."
        )
    return "".join(notes)


def _appeal(view: CaseView, breaches: Sequence[Breach]) -> Answer | None:
    decisions = _in_time(view)
    if not decisions or _later_decisions(view):
        return None
    first = min(decisions, key=lambda d: d.last_day)
    reason = (
        f"HMRC's {first.what} of {day(first.made_on)} is a decision that can be appealed and is still in force,"
        f" and HMRC does not consider such a decision as a complaint, so the instrument is an appeal by"
        f" {day(first.last_day)}."
    )
    return Answer("appeal", None, reason + _service_note(breaches), _spans(decisions), _beside_appeal(breaches))


def _late_appeal(view: CaseView, breaches: Sequence[Breach]) -> Answer | None:
    """A decision still in force whose period is over, where no complaint about it has been taken up yet."""
    decisions = appealable_decisions(view)
    if not decisions or view.events("complaint_reply", "review_reply"):
        return None
    last = max(decisions, key=lambda d: d.last_day)
    reason = (
        f"HMRC's {last.what} of {day(last.made_on)} is a decision that can only be appealed; the {last.period_days}"
        f" days ended on {day(last.last_day)}, so the appeal is late and must ask for permission with the reason"
        " for the delay. A complaint cannot take its place."
    )
    return Answer("appeal", None, reason + _service_note(breaches), _spans(decisions), _beside_appeal(breaches))


def _spans(decisions: Sequence[Decision]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(span for d in decisions for span in d.spans))


def _service_note(breaches: Sequence[Breach]) -> str:
    failings = service_failings(breaches)
    if not failings:
        return ""
    names = listed(FAILING_NAMES.get(b.failing, b.failing.replace("_", " ")) for b in failings[:3])
    return f" The service failings ({names}) are for a separate complaint."


FAILING_NAMES = {
    "lost_documents": "documents lost",
    "unanswered_correspondence": "letters not answered",
    "broken_undertaking": "a promise not kept",
    "delay": "delay",
    "inconsistent_information": "contradictory information",
    "wrong_statement": "a wrong statement",
}


def _beside_appeal(breaches: Sequence[Breach]) -> tuple[RouteName, ...]:
    return ("complaint",) if service_failings(breaches) else ()


def _adjudicator(view: CaseView, _breaches: Sequence[Breach]) -> Answer | None:
    review = last_review(view)
    if review is None or review.last_day < view.intake.opened_on:
        return None
    how = "was received on" if review.receipt_known else "is dated (its receipt is not evidenced)"
    stage = (
        "Both HMRC reviews are complete and the second"
        if review.reply.kind == "review_reply"
        else ("HMRC's reply says that its complaints process ends with it, there being no second tier; it")
    )
    reason = (
        f"{stage} {how} {day(review.received)}, so the Adjudicator's six months run to {day(review.last_day)}"
        " and the case is in time."
    )
    return Answer("adjudicator", None, reason, review.spans)


def _out_of_time(view: CaseView, _breaches: Sequence[Breach]) -> Answer | None:
    review = last_review(view)
    if review is None:
        return None
    reason = (
        f"HMRC's final reply reached us on {day(review.received)} and the Adjudicator normally accepts a complaint"
        f" for six months from receipt, to {day(review.last_day)}; the case was opened on"
        f" {day(view.intake.opened_on)}. The Adjudicator may accept a later one in exceptional circumstances, if"
        " reasons are given."
    )
    return Answer("out_of_time", None, reason, review.spans)


def _second_tier(view: CaseView, breaches: Sequence[Breach]) -> Answer | None:
    reply = view.last("complaint_reply")
    if reply is None:
        return None
    asked = view.first("review_requested", after=reply.date)
    if asked:
        reason = (
            f"A second review was asked for on {day(asked.date)} and has not been answered, so the complaint stays"
            " at the second tier and is pressed there; the Adjudicator needs the second review first."
        )
        return Answer("complaint", 2, reason, (reply.span, asked.span))
    reason = (
        f"HMRC gave its first-tier reply on {day(reply.date)}{_left_open(reply, breaches)}, so the next step is the"
        " second"
        " review by a different person."
    )
    return Answer("complaint", 2, reason, (reply.span,))


def _left_open(reply: Event, breaches: Sequence[Breach]) -> str:
    """Why a reply does not end the matter: points left out, a promise in it that was not kept."""
    failings = {b.failing for b in breaches}
    promised = any(b.failing == "broken_undertaking" and reply.span.document in b.documents for b in breaches)
    why = ["it leaves points of the complaint unanswered"] if "incomplete_reply" in failings else []
    why += ["the undertaking in it was not kept"] if promised else []
    return f" and {listed(why)}" if why else " and it does not settle the complaint"


def _only_data(view: CaseView, breaches: Sequence[Breach]) -> Answer | None:
    """HMRC has answered a complaint that was about personal information alone."""
    answered = [
        p
        for p in view.of_kind("hmrc_letter", "hmrc_complaint_reply")
        if says(f"{p.subject} {p.author_team}", r"data (protection|breach|security|incident)|information rights")
    ]
    if not answered or {b.failing for b in breaches} - {
        "data_breach",
        "report_not_logged",
        "personal_situation_ignored",
    }:
        return None
    spans = tuple(s for b in breaches for s in b.spans)
    return Answer(
        "ico",
        None,
        "HMRC has answered the complaint about personal information and nothing else is in"
        " dispute, so the next step is the Information Commissioner.",
        spans,
    )


def _pending_first_tier(view: CaseView, _breaches: Sequence[Breach]) -> Answer | None:
    made = view.first("complaint_made", "complaint_received")
    if made is None:
        return None
    reason = (
        f"A complaint was made on {day(made.date)} and HMRC has not answered it, so it is pressed at the first"
        " tier; a second review presupposes the outcome of the first."
    )
    return Answer("complaint", 1, reason, (made.span,))


def _first_tier(view: CaseView, breaches: Sequence[Breach]) -> Answer:
    failings = [FAILING_NAMES.get(b.failing, b.failing.replace("_", " ")) for b in service_failings(breaches)[:3]]
    what = f"The quarrel is about service ({listed(failings)})" if failings else "The quarrel is about service"
    agreed = view.agreed_due
    first = "HMRC agrees that the money is due. " if agreed else ""
    reason = (
        f"{first}{what}, there is no decision in force to appeal, and no complaint has been made before, so it"
        " starts at the first tier."
    )
    spans = tuple(s.span for s in agreed) or tuple(s for b in breaches[:1] for s in b.spans)
    return Answer("complaint", 1, reason, spans)


RULES: tuple[tuple[str, Rule], ...] = (
    ("appealable decision in force", _appeal),
    ("both reviews done, six months not over", _adjudicator),
    ("both reviews done, six months over", _out_of_time),
    ("personal information only, answered by HMRC", _only_data),
    ("first-tier reply disputed", _second_tier),
    ("appealable decision, period over", _late_appeal),
    ("complaint made, not answered", _pending_first_tier),
    ("no complaint made before", _first_tier),
)
