"""Words in quotation marks must stand in the evidence, letter for letter but for white space and marks. Pure."""

import re

from lightpoint.grounding.context import Context
from lightpoint.grounding.records import Reason
from lightpoint.language.normalise import find_loose
from lightpoint.language.quotations import find_quotations


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return how many quotations the sentence has and which are not in the evidence; an ellipsis joins two."""
    found = find_quotations(context.whole.text)
    reasons = []
    for mention in found:
        pieces = [piece.strip(" ,.;") for piece in re.split(r"\.\.\.|…|\[[^\]]*\]", mention.text)]
        missing = [p for p in pieces if p and all(find_loose(p, r.text) is None for r in context.readings)]
        if missing:
            reasons.append(Reason("quotation", f"the evidence does not have the words {missing[0]!r}"))
    return len(found), reasons
