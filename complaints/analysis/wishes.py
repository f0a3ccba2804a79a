"""What the brief or the client wants and the letter must not do, and why. Pure.

A brief is written in haste: it invents standards, miscounts deadlines, asks for the wrong instrument and claims too
much. Each rule names one such wish, the sentence of the brief that holds it, and what the guidance or the papers say.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from complaints.analysis.appeals import appealable_decisions
from complaints.analysis.billing import vat_is_reclaimed
from complaints.analysis.limits import last_review
from complaints.analysis.offers import Plan
from complaints.analysis.records import RefusedWish, Remedy
from complaints.analysis.view import CaseView
from complaints.analysis.wording import Guidance, day, in_force, listed, pounds, says, squash, upper_first
from lightpoint.language.durations import DurationMention, find_durations
from lightpoint.language.money import find_amounts
from lightpoint.language.sentences import split_sentences


def find_refused_wishes(plan: Plan, remedies: tuple[Remedy, ...], guidance: Guidance) -> tuple[RefusedWish, ...]:
    found = [wish for rule in RULES for wish in rule(plan)]
    found += list(_refused_sums(plan, remedies))
    unique = {(w.wish, w.why): w for w in found}
    return tuple(RefusedWish(w.wish, w.why, in_force(w.basis, guidance)) for w in unique.values())


def sentence_with(view: CaseView, pattern: str) -> str | None:
    """The first sentence of the brief or the outcome that matches, as written."""
    for text in (view.intake.brief, view.intake.desired_outcome):
        for sentence in split_sentences(text):
            if says(sentence.text, pattern):
                return squash(sentence.text)
    return None


def _invented_standard(plan: Plan) -> Iterator[RefusedWish]:
    """A number of days put forward as HMRC's standard. The only published one is six weeks at the first tier."""
    for text in (plan.view.intake.brief, plan.view.intake.desired_outcome):
        for sentence in split_sentences(text):
            numbers = [squash(m.text) for m in find_durations(sentence.text) if not _backed(plan, m)]
            if numbers and says(sentence.text, _DUTY) and not says(sentence.text, _NOT_A_STANDARD):
                stands = "stand" if len(numbers) > 1 else "stands"
                yield RefusedWish(
                    squash(sentence.text),
                    f"{listed(numbers)} {stands} in no guidance page as a standard for HMRC; CRG4025 has no number, and"
                    " missing a published standard is not unreasonable by itself. It may appear only as something asked"
                    " for by us.",
                    ("CRG4050", "CRG4025"),
                )


_DUTY = (
    r"\b(have|has) to\b|\bHMRC (has|have)\b|\b(they|it) (has|have)\b|\b(must|should|supposed|standard|target|limit|"
    r"deadline|"
    r"automatic\w*|unreasonable|required|obliged|guarantee\w*|service level|rule|entitled|inside|due to reply)\b"
)
_NOT_A_STANDARD = r"\bappeal|tribunal|adjudicator|promis|undert|assur|fobbed"


def _backed(plan: Plan, mention: DurationMention) -> bool:
    """Whether HMRC itself promised the figure, or it is a published one: six weeks, the Adjudicator's six months."""
    if mention.unit in ("hour", "minute", "year") or (mention.unit == "week" and mention.value == 6):
        return True
    if mention.unit == "month" and mention.value == 6 and last_review(plan.view):
        return True
    promised = [m for p in plan.view.facts.undertakings for m in find_durations(f"{p.derivation}. {p.span.quote}")]
    return any((m.value, m.unit) == (mention.value, mention.unit) for m in promised)


def _appeal_date(plan: Plan) -> Iterator[RefusedWish]:
    decisions = appealable_decisions(plan.view)
    wish = sentence_with(
        plan.view, r"no (rush|hurry)|plenty of time|time to appeal|last day|appeal.{0,40}\b(days|until|by)\b|days from"
    )
    if decisions and wish:
        first = min(decisions, key=lambda d: d.last_day)
        yield RefusedWish(
            wish,
            f"The period runs from the notice of {day(first.made_on)} and ends on"
            f" {day(first.last_day)}; a later letter cannot be relied on to extend it.",
            ("complain-about-hmrc",),
        )


@dataclass(frozen=True, slots=True)
class _Ban:
    """Words of a wish, why the letter must not follow it, and when that holds; the sentence is passed on to `when`."""

    pattern: str
    why: str
    basis: tuple[str, ...]
    when: Callable[[Plan, str], bool] = field(default=lambda _plan, _wish: True)


def _on_appeal(plan: Plan, _wish: str) -> bool:
    return plan.route.route == "appeal"


def _nothing_to_appeal(plan: Plan, wish: str) -> bool:
    open_decision = plan.route.route == "appeal" or appealable_decisions(plan.view)
    return not open_decision and not says(wish, r"\bnot? appeal")


def _reviews_done(plan: Plan, _wish: str) -> bool:
    return plan.route.route in ("adjudicator", "out_of_time")


def _of_tax(plan: Plan, wish: str) -> bool:
    return _reviews_done(plan, wish) and says(wish, r"tax|VAT|duty|due|liab|owe|penalt|assess")


def _too_early(plan: Plan, wish: str) -> bool:
    return plan.route.route == "complaint" and not says(wish, r"data|privacy|personal information|\bICO\b")


_BANS: tuple[_Ban, ...] = (
    _Ban(
        r"\bcomplain(t|ing)?\b.{0,80}(penalt|assessment|decision|cancel|tax)|"
        r"(penalt|assessment|decision)\w*.{0,60}\bcomplaint\b",
        "A decision that can be appealed is not considered as a complaint, and the period to"
        " appeal goes on running meanwhile.",
        ("complain-about-hmrc", "CRG3050"),
        _on_appeal,
    ),
    _Ban(
        r"\bappeal\b|\btribunal\b",
        "No decision that can be appealed is in force, so there is nothing to appeal.",
        ("complain-about-hmrc",),
        _nothing_to_appeal,
    ),
    _Ban(
        r"third (review|tier)|another review|look at it (once )?again|further review|"
        r"\b(take|go|to)\b.{0,20}\btier (2|two)\b",
        "HMRC has given its final decision and will not review again.",
        ("complain-about-hmrc",),
        _reviews_done,
    ),
    _Ban(
        r"\badjudicator\b|\bombudsman\b",
        "The Adjudicator needs a first and a second review by HMRC before it can look at the case.",
        ("adjudicator", "complain-about-hmrc"),
        _too_early,
    ),
    _Ban(
        r"adjudicator\b.{0,80}\b(tax|VAT|duty|liab|owe|due|penalt|assess|decide|confirm)",
        "What tax is due is for the tribunal; the Adjudicator does not look at matters with a right"
        " of determination by a court or tribunal.",
        ("adjudicator",),
        _of_tax,
    ),
    _Ban(
        r"adjudicator.{0,80}(data|privacy|GDPR|information)|(data|privacy|GDPR).{0,80}adjudicator",
        "The Adjudicator does not look at compliance with the Data Protection Act; that is for the"
        " Information Commissioner.",
        ("adjudicator",),
    ),
    _Ban(
        r"criminal|offence|prosecut|fraud by|unlawful disclosure|wrongful disclosure|corrupt(ion)?\b|"
        r"perver(t|ting)|misconduct|sack(ed)?\b|lying|liar",
        "Whether an offence or misconduct was committed is not for the complaints process, and a"
        " letter does not accuse; a disclosure counts as a mistake for remedy without it.",
        ("CRG3150",),
    ),
    _Ban(
        r"\b\d+(\.\d+)?\s?%.{0,40}interest|interest.{0,40}\d+(\.\d+)?\s?%|commercial rate|compound",
        "Statutory interest is not topped up by an ex gratia payment, and ex gratia sums carry no interest.",
        ("CRG5525", "CRG5200"),
    ),
    _Ban(
        r"pay us direct|direct(ly)? to us|pay (the )?(agent|firm|practice)",
        "HMRC does not pay agents direct but for three exceptions, none of which is shown here.",
        ("CRG5275",),
    ),
    _Ban(
        r"(tribunal|appeal|hearing|counsel|barrister).{0,50}\b(costs?|fees?|side)\b|"
        r"\b(costs?|fees?|time)\b.{0,50}(tribunal|appeal|hearing|counsel|barrister)",
        "Costs of an appeal or of the tribunal are settled there and are outside the complaints scheme.",
        ("CRG5475", "CRG5500"),
    ),
    _Ban(
        r"\b(sue|court action|legal action|press|newspaper|tell the media|MP will|damages)\b",
        "A letter of complaint does not threaten; payments are ex gratia and are not damages.",
        ("CRG2050", "CRG5025"),
    ),
)


def _banned(plan: Plan) -> Iterator[RefusedWish]:
    """Wishes that fixed words give away, in the order of the table."""
    for ban in _BANS:
        wish = sentence_with(plan.view, ban.pattern)
        if wish and ban.when(plan, wish):
            yield RefusedWish(wish, ban.why, ban.basis)


def _gross_invoice(plan: Plan) -> Iterator[RefusedWish]:
    wish = sentence_with(
        plan.view, r"(all|whole|full|total)\b.{0,40}\b(invoice|bill|fees|time|costs)|includ\w+ (the )?VAT"
    )
    if wish is None or plan.costs is None:
        return
    reasons = ["only additional work caused by HMRC's mistake is claimed, apart from the cost of complaining"]
    basis = ["CRG5225", "CRG5350"]
    if plan.costs.excluded:
        reasons.append("some of the time is not redress: " + listed(dict.fromkeys(r.why for r in plan.costs.excluded)))
        basis += [s for r in plan.costs.excluded for s in r.basis]
    if vat_is_reclaimed(plan.view) and plan.costs.vat_charged:
        reasons.append("the client recovers the VAT")
        basis.append("CRG5400")
    yield RefusedWish(wish, upper_first("; ".join(reasons)) + ".", tuple(basis))


def _unsupported_sums(plan: Plan) -> Iterator[RefusedWish]:
    """A sum in the brief that no paper carries: a rounding, a forecast or a guess."""
    view = plan.view
    known = {a.value for a in view.facts.amounts}
    for sentence in split_sentences(view.intake.brief):
        loose = [m for m in find_amounts(sentence.text) if m.explicit and not m.approximate and m.value not in known]
        if says(sentence.text, r"distress|worry"):
            continue
        for mention in loose:
            yield RefusedWish(
                squash(sentence.text),
                f"{mention.text.strip()} stands in none of the papers, so the letter uses only the figures that do.",
                ("CRG5100",),
            )


def _refused_sums(plan: Plan, remedies: tuple[Remedy, ...]) -> Iterator[RefusedWish]:
    """What the remedies refuse, where the brief speaks of it."""
    for remedy in remedies:
        if remedy.allowed or remedy.kind not in _SUBJECTS:
            continue
        figures = (rf"\b({remedy.amount:,.0f}|{remedy.amount:.0f})\b",) if remedy.amount is not None else ()
        own_time = (r"own time|\bhours?\b",) if "CRG5175" in remedy.basis else ()
        patterns = figures or own_time or _SUBJECTS[remedy.kind]
        wish = next((w for pattern in patterns if (w := sentence_with(plan.view, pattern))), None)
        if wish:
            sum_ = f"{pounds(remedy.amount)}: " if remedy.amount is not None else ""
            yield RefusedWish(wish, f"{sum_}{remedy.why}", remedy.basis)


_SUBJECTS: dict[str, tuple[str, ...]] = {
    "worry_and_distress": (r"distress|worry", r"stress|annoy|upset|anxi", r"compensat"),
    "repayment": (r"cancel|repay|refund",),
    "professional_costs": (r"\b(fees|time|costs)\b",),
    "direct_costs": (r"\blost\b|\bloss", r"claim|compensat|\bcost"),
    "poor_complaint_handling": (r"handling",),
}

RULES: tuple[Callable[[Plan], Iterator[RefusedWish]], ...] = (
    _invented_standard,
    _appeal_date,
    _banned,
    _gross_invoice,
    _unsupported_sums,
)
