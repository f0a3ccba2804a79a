"""The sums in a document, each in the role that the words near it, its column or the kind of paper give it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from complaints.facts.bank_rows import sum_role
from complaints.facts.records import Amount, AmountRole, DocumentKind, DocumentProfile
from complaints.facts.role_papers import PaperClass, by_kind, by_paper, paper_class
from complaints.facts.role_phrases import phrase_role
from complaints.facts.roles import COLUMN_ROLES, ROLE_RULES, RoleRule
from complaints.facts.view import Unit, flat
from lightpoint.language.dates import find_dates
from lightpoint.language.money import MoneyMention, find_amounts

_TABULAR: frozenset[DocumentKind] = frozenset(
    {
        "hmrc_notice",
        "hmrc_statement",
        "computation",
        "invoice",
        "bank_statement",
        "bank_letter",
        "hmrc_letter",
        "hmrc_complaint_reply",
    }
)
_LOOSE = re.compile(
    r"\b(?:about|around|approximately|approx\.?|roughly|some|nearly|almost|circa|ca?\.|"
    r"in the region of|over|just over|well over)\s*$|~\s*$",
    re.I,
)
_CLAUSE = re.compile(r"[;•]|\.\s|\bbut\b|,\s")
_REACH = 100
_SKIP_KINDS: frozenset[DocumentKind] = frozenset({"time_record"})


def find_document_amounts(units: Sequence[Unit], profile: DocumentProfile) -> tuple[Amount, ...]:
    """Every exact sum of a document that has a role; roundings ("6.3k", "sixteen grand") are left out."""
    if profile.kind in _SKIP_KINDS:
        return ()
    paper = paper_class(units, profile)
    found: list[Amount] = []
    heading: tuple[str, ...] = ()
    above = ""
    for unit in units:
        mentions = [m for m in find_amounts(unit.text) if _exact(m, unit, profile)]
        if not mentions and unit.text.count("|") >= 1:
            heading = tuple(cell.strip() for cell in unit.text.split("|"))
        elif not unit.text.count("|") and not mentions:
            heading = ()
        found += _read_unit(unit, mentions, profile, heading, above, paper)
        if not mentions:
            above = flat(unit.text) if unit.text.count("|") < 2 else ""
    return tuple(found)


def _exact(mention: MoneyMention, unit: Unit, profile: DocumentProfile) -> bool:
    """Sums of money, and guesses in pounds or words, which are kept only where they are put forward as a loss."""
    if _guessed(mention, unit):
        return mention.explicit or bool(re.search(r"[a-z]{3}", mention.text, re.I))
    if mention.explicit or "." in mention.text:
        return True
    return profile.kind in _TABULAR and not re.search(
        r"\b(?:code|page|ref|no|account)\.?\s*$", unit.text[: mention.start], re.I
    )


def _guessed(mention: MoneyMention, unit: Unit) -> bool:
    return mention.approximate and (not mention.explicit or bool(_LOOSE.search(unit.text[: mention.start])))


def _read_unit(
    unit: Unit,
    mentions: Sequence[MoneyMention],
    profile: DocumentProfile,
    heading: Sequence[str],
    above: str,
    paper: PaperClass,
) -> Iterator[Amount]:
    for index, mention in enumerate(mentions):
        banked = sum_role(heading, unit.text, mention) if profile.kind == "bank_statement" and heading else None
        if banked:
            yield Amount(mention.value, banked, unit.span(mention.start, mention.end), _what(unit, mention))
            continue
        role = (
            _column_role(unit, mentions, index, heading)
            or phrase_role(_marked(unit.text, mentions, index), unit.speaker)
            or _role(unit, mentions, index, profile, above)
        )
        if role and (not _guessed(mention, unit) or role == "alleged_loss"):
            role = by_paper(by_kind(role, unit, mention, profile, paper), unit, mention, paper)
            yield Amount(
                mention.value,
                role,
                unit.span(mention.start, mention.end),
                _what(unit, mention),
                _on(unit, mention, profile),
            )


def _marked(text: str, mentions: Sequence[MoneyMention], index: int) -> str:
    """The sentence with § for one sum and ¤ for the others, on one line."""
    begin, end = max(0, mentions[index].start - _NEAR), min(len(text), mentions[index].end + _NEAR)
    parts, last = [], begin
    for number, mention in enumerate(mentions):
        if begin <= mention.start and mention.end <= end:
            parts += [text[last : mention.start], "§" if number == index else "¤"]
            last = mention.end
    return _mended(flat("".join(parts) + text[last:end]).replace(" | ", ": "))


_NEAR = 300  # no phrase reaches farther, so that a line of many sums costs no more for each


def _mended(text: str) -> str:
    """Words that a PDF split at a ligature ("of fer") put together again."""
    return re.sub(r"\b(of|dif|ef|af|suf|bene|pro|re) (f(?:er|ic|icult|ect|it|und)\w*)", r"\1\2", text)


_MONEY_COLUMN = re.compile(r"amount|£|total|\bdue\b|credit|debit|\bout\b|\bin\b|\beach\b|paid|charge", re.I)


def _column_role(unit: Unit, mentions: Sequence[MoneyMention], index: int, heading: Sequence[str]) -> AmountRole | None:
    """The role that the heading of the amount's column states, where the row fills all columns of money."""
    if heading and unit.text.count("|") + 1 == len(heading):
        return _heading_role(heading[unit.text[: mentions[index].start].count("|")])
    columns = [cell for cell in heading if _MONEY_COLUMN.search(cell) or _heading_role(cell)]
    if len(columns) != len(mentions) or not columns:
        return None
    return _heading_role(columns[index])


def _heading_role(cell: str) -> AmountRole | None:
    return next((role for pattern, role in COLUMN_ROLES if pattern.match(cell)), None)


def _role(
    unit: Unit, mentions: Sequence[MoneyMention], index: int, profile: DocumentProfile, above: str
) -> AmountRole | None:
    mention = mentions[index]
    best: tuple[int, AmountRole] | None = None
    for rule, start, end in _cues(unit.text):
        cost = _cost(rule, unit.text, (start, end), mention, mentions)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, rule.role)
    if best:
        return best[1]
    return _role_above(above) or _default(profile)


@lru_cache(maxsize=32)
def _cues(text: str) -> tuple[tuple[RoleRule, int, int], ...]:
    """Every place at which the words of a role stand, kept for the other amounts of the same line."""
    return tuple((rule, found.start(), found.end()) for rule in ROLE_RULES for found in rule.pattern.finditer(text))


def _cost(
    rule: RoleRule, text: str, place: tuple[int, int], mention: MoneyMention, mentions: Sequence[MoneyMention]
) -> int | None:
    """How far the words of a rule are from an amount; words before it count as nearer than words after it."""
    start, end = place
    if end <= mention.start:
        between, extra = (end, mention.start), 0
    elif start >= mention.end and not rule.before:
        between, extra = (mention.end, start), 12
    else:
        return None
    distance = between[1] - between[0]
    if distance > _REACH:
        return None
    others = sum(1 for m in mentions if m is not mention and between[0] <= m.start < between[1])
    breaks = len(_CLAUSE.findall(text[between[0] : between[1]]))
    return distance + extra + 15 * others + 18 * breaks - rule.weight - min(8, (end - start) // 3)


def _role_above(above: str) -> AmountRole | None:
    for rule in ROLE_RULES:
        if rule.weight >= 4 and rule.pattern.search(above[-80:]):
            return rule.role
    return None


def _default(profile: DocumentProfile) -> AmountRole | None:
    if profile.kind == "invoice":
        return "fee_charged_net" if profile.author == "agent" else "direct_cost"
    return "balance" if profile.kind == "bank_statement" else "other"


def _what(unit: Unit, mention: MoneyMention) -> str:
    """A few words before the amount that say of what it is."""
    before = flat(unit.text[: mention.start].replace("|", " ")).strip(" :-(£")
    words = before.split()[-7:]
    return " ".join(words)


def _on(unit: Unit, mention: MoneyMention, profile: DocumentProfile) -> date | None:
    """The date that stands with the amount in the same row or clause."""
    dates = [d for d in find_dates(unit.text, reference=profile.written_on) if d.complete]
    if len(dates) == 1 and abs(dates[0].start - mention.start) < 80:
        return dates[0].date
    return None
