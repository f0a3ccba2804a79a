"""Days that matter, each with what kind it is and how it was derived. A norm is never called a legal limit.

statutory: an appeal, a claim; target: a published norm or HMRC's own promise; external: another body's limit or an
event outside anyone's control; requested: a date that we choose and say so. The Commissioner's three months and the
statutory time limits come from outside the GOV.UK pages that the guidance digest holds, and are marked so.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Literal

from complaints.analysis.appeals import appealable_decisions
from complaints.analysis.limits import last_review, statutory_review
from complaints.analysis.offers import Plan
from complaints.analysis.promises import is_promise
from complaints.analysis.records import Deadline
from complaints.analysis.view import CaseView
from complaints.analysis.wording import day, readable, says, squash
from complaints.facts.records import Span
from lightpoint.calendars import add_months, is_working_day
from lightpoint.language.dates import find_dates

SIX_WEEKS = timedelta(days=42)  # complain-about-hmrc: normally within 6 weeks of receiving the complaint
ICO_MONTHS = 3
_LIMIT = (
    r"limit|within (two|2|four|4|three|3|six|6) years|two years|four years|expir|out of time|\bs(ection)? ?\d|time for"
)
_SOON = r"\bpay ?(day|run|roll)|payroll|\brun on\b|hearing|collect(ed|ion)? on|direct debit|completion on"
_TAX_CLAIM = r"claim|relief|elect|amend|loss"


def find_deadlines(plan: Plan) -> tuple[Deadline, ...]:
    """One for each date and kind, in date order."""
    found: dict[tuple[date, str], Deadline] = {}
    for rule in RULES:
        for deadline in rule(plan):
            found.setdefault((deadline.date, deadline.kind), deadline)
    return tuple(sorted(found.values(), key=lambda d: (d.date, d.kind, d.what)))


def _appeals(plan: Plan) -> Iterator[Deadline]:
    view = plan.view
    for decision in appealable_decisions(view) if plan.appeals else ():
        derivation = f"{decision.period_days} days from the date of the notice, {day(decision.made_on)}."
        rivals = [c for c in view.facts.conflicts if c.kind == "deadline"]
        if rivals:
            others = [readable(s.value) for c in rivals for s in c.statements if s.document != decision.document]
            derivation += f" Another paper of HMRC's gives {', '.join(dict.fromkeys(others))}: do not rely on it."
        if not is_working_day(decision.last_day, view.intake.nation):
            derivation += " That is not a working day: have it there before."
        if decision.last_day < view.intake.opened_on:
            derivation += " The period is over: a late appeal must give the reason for the delay."
        what = f"appeal against HMRC's {decision.what} of {day(decision.made_on)}"
        yield Deadline(what, decision.last_day, "statutory", derivation, decision.spans)


def _first_tier(plan: Plan) -> Iterator[Deadline]:
    """The published norm, for a complaint that is about to be sent."""
    routes = (plan.route.route, *plan.route.secondary_routes)
    if "complaint" not in routes or plan.route.tier == 2 or plan.view.events("complaint_made", "complaint_reply"):
        return
    opened = plan.view.intake.opened_on
    yield Deadline(
        "HMRC's outcome of the first-tier review normally expected",
        opened + SIX_WEEKS,
        "target",
        f"HMRC says that it normally answers within 6 weeks of receiving the complaint; {day(opened)} plus 42"
        " days if it is sent and received on that day. A norm, not a legal limit.",
    )


def _pending_complaint(plan: Plan) -> Iterator[Deadline]:
    view = plan.view
    made = view.first("complaint_received") or view.first("complaint_made")
    if made and not view.events("complaint_reply"):
        yield Deadline(
            "HMRC's outcome of the complaint already made normally expected",
            made.date + SIX_WEEKS,
            "target",
            f"6 weeks from {day(made.date)}, when the complaint was {made.kind.removeprefix('complaint_')}. A"
            " norm, not a legal limit.",
            (made.span,),
        )


def _requested(plan: Plan) -> Iterator[Deadline]:
    if "complaint" in (plan.route.route, *plan.route.secondary_routes):
        opened = plan.view.intake.opened_on
        yield Deadline(
            "answer asked for by us",
            opened + SIX_WEEKS,
            "requested",
            f"our own request: six weeks after {day(opened)}; no rule requires it.",
        )


def _undertakings(plan: Plan) -> Iterator[Deadline]:
    for promise in plan.view.facts.undertakings:
        if promise.due_on and is_promise(promise):
            yield Deadline(
                f"HMRC's own undertaking to {squash(promise.what)}",
                promise.due_on,
                "target",
                f"{promise.derivation}. HMRC's promise, not a legal limit.",
                (promise.span,),
            )


def _holds(plan: Plan) -> Iterator[Deadline]:
    """A hold on collection that HMRC gave to a day."""
    for hold in plan.view.facts.positions:
        if hold.matter == "hold" and hold.on:
            yield Deadline(
                "HMRC's hold on collection ends",
                hold.on,
                "target",
                f"HMRC's own word: {squash(hold.span.quote)[:160]}. Ask for it to be extended before that day.",
                (hold.span,),
            )


def _statutory_review(plan: Plan) -> Iterator[Deadline]:
    """The day by which a review of a decision had to be concluded."""
    review = statutory_review(plan.view)
    if review and review.due_on and review.asked_on:
        yield Deadline(
            "HMRC's conclusion of the statutory review was due",
            review.due_on,
            "target",
            f"45 days from {day(review.asked_on)}, when HMRC had the request, unless another time was agreed.",
            review.spans,
        )


def _adjudicator(plan: Plan) -> Iterator[Deadline]:
    review = last_review(plan.view)
    if review is None:
        return
    written = review.reply.date
    counted = (
        f"received {day(review.received)}"
        + (f" (not the letter's date of {day(written)})" if review.received != written else "")
        if review.receipt_known
        else f"dated {day(written)}; its receipt is not evidenced, so the earlier day is used"
    )
    yield Deadline(
        "Adjudicator's Office to receive the complaint",
        review.last_day,
        "external",
        "the Adjudicator's Office normally accepts a complaint up to 6 months after the second review was"
        f" received; {counted}, plus 6 months.",
        review.spans,
    )


def _commissioner(plan: Plan) -> Iterator[Deadline]:
    if "ico" not in (plan.route.route, *plan.route.secondary_routes):
        return
    contact = last_data_contact(plan.view)
    if contact is None:
        return
    on, span = contact
    yield Deadline(
        "raise the data complaint with the Information Commissioner if HMRC does not resolve it",
        add_months(on, ICO_MONTHS),
        "external",
        "the Commissioner expects a complaint within three months of the last meaningful contact with the"
        f" organisation, here {day(on)}; it moves if HMRC replies. Not in the GOV.UK pages that we hold: check"
        " ico.org.uk.",
        (span,),
    )


def last_data_contact(view: CaseView) -> tuple[date, Span] | None:
    """The last exchange with HMRC about the disclosure, else the last exchange at all."""
    refused = [s for s in view.statements("would_not_log", actor="hmrc") if view.said_on(s)]
    if refused:
        last = refused[-1]
        on = view.said_on(last)
        return (on, last.span) if on else None
    talked = view.last("webchat", "call", "complaint_reply", "review_reply", "letter_from_hmrc")
    seen = talked or view.last("disclosure")
    return (seen.date, seen.span) if seen else None


def _ahead(plan: Plan) -> Iterator[Deadline]:
    """Days to come that the papers name: a pay day, a hearing, a collection."""
    view = plan.view
    for event in view.facts.events:
        if event.date > view.intake.opened_on and event.kind != "undertaking_due":
            named = f"named in {_title(view, event.span)}"
            yield Deadline(squash(event.summary), event.date, _kind(event.span.quote), named, (event.span,))


def _next_days(plan: Plan) -> Iterator[Deadline]:
    """A day without its year, soon to come: "the next run is on the 28th"."""
    view = plan.view
    opened = view.intake.opened_on
    for words, span in [(f"{a.what} {a.span.quote}", a.span) for a in view.facts.amounts] + [
        (s.quote, s) for s in view.quotes
    ]:
        if not says(words, _SOON):
            continue
        for mention in find_dates(words, reference=opened):
            coming = mention.date if mention.date > opened else add_months(mention.date, 12)
            if not mention.complete and opened < coming <= add_months(opened, 2):
                what = f"day named in {_title(view, span)}: {squash(words)[:80]}"
                yield Deadline(what, coming, "external", f"named in {_title(view, span)}", (span,))


def _stated_limits(plan: Plan) -> Iterator[Deadline]:
    """A time limit to come that a paper states in words."""
    view = plan.view
    for span in view.quotes:
        profile = view.profiles.get(span.document)
        if not _is_limit(span.quote):
            continue
        for mention in find_dates(span.quote, reference=profile.written_on if profile else None):
            if mention.date > view.intake.opened_on and mention.complete:
                yield Deadline(
                    f"time limit stated in {_title(view, span)}",
                    mention.date,
                    "statutory",
                    f"stated there as: {squash(span.quote)[:160]}. Check the law before relying on it.",
                    (span,),
                )


def _kind(words: str) -> Literal["statutory", "external"]:
    return "statutory" if _is_limit(words) else "external"


def _is_limit(words: str) -> bool:
    return says(words, _LIMIT) and says(words, _TAX_CLAIM + "|limit|expir")


def _title(view: CaseView, span: Span) -> str:
    profile = view.profiles.get(span.document)
    return profile.summary_name if profile else span.document


def _named_ahead(plan: Plan) -> Iterator[Deadline]:
    """A day to come that a paper of HMRC's names: a pension age, a hearing, the start of a charge."""
    view = plan.view
    for told in view.facts.positions:
        if told.matter == "ahead" and told.on and told.on > view.intake.opened_on:
            words = squash(told.span.quote)
            what = f"day named in {_title(view, told.span)}: {words[:100]}"
            yield Deadline(what, told.on, _kind(words), f"named in {_title(view, told.span)}", (told.span,))


RULES: tuple[Callable[[Plan], Iterator[Deadline]], ...] = (
    _appeals,
    _stated_limits,
    _first_tier,
    _pending_complaint,
    _undertakings,
    _holds,
    _statutory_review,
    _adjudicator,
    _commissioner,
    _ahead,
    _next_days,
    _named_ahead,
    _requested,
)
