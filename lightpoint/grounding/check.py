"""The grounding check: does the evidence bear a sentence out, by code alone? Pure.

Each checker answers for one kind of thing that a letter gets wrong; none of them writes, and none calls a model.
"""

from collections.abc import Callable, Sequence

from lightpoint.calendars import Nation
from lightpoint.grounding import (
    amounts,
    content,
    counts,
    dates,
    durations,
    negation,
    parties,
    percentages,
    quotations,
    references,
    roles,
    rules,
)
from lightpoint.grounding.context import Context, make_context
from lightpoint.grounding.records import Evidence, Reason, Verdict

Checker = Callable[[Context], tuple[int, list[Reason]]]

CHECKERS: tuple[Checker, ...] = (
    amounts.check, dates.check, durations.check, percentages.check, counts.check, references.check, parties.check,
    quotations.check, rules.check, roles.check, negation.check, content.check,
)  # fmt: skip


def check_sentence(
    sentence: str, evidence: Sequence[Evidence], *, nation: Nation = "england-and-wales", strict: bool = False
) -> Verdict:
    """Judge a sentence by its evidence; a sentence that asserts nothing checkable is never supported.

    `strict` is for a sentence written close to its evidence: less is allowed for paraphrase and for arithmetic.
    """
    context = make_context(sentence, evidence, nation, strict=strict)
    assertions, reasons = 0, []
    for checker in CHECKERS:
        count, found = checker(context)
        assertions += count
        reasons += found
    supported = not reasons and assertions > 0 and bool(evidence)
    return Verdict(supported, tuple(dict.fromkeys(reasons)), assertions)
