"""What the grounding check is given and what it answers. Pure, frozen, no Django."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Evidence:
    """Text that may bear a sentence out: words of a document, a section of guidance, or a computed fact.

    `id` is a document name, a section id ("CRG4025", "charter") or "computed".
    """

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing a sentence says that the evidence does not bear out."""

    checker: Literal[
        "amount",
        "date",
        "duration",
        "percentage",
        "reference",
        "party",
        "role",
        "quotation",
        "citation",
        "negation",
        "rule",
        "count",
        "content",
    ]
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`supported` is True only when no checker found a reason against the sentence."""

    supported: bool
    reasons: tuple[Reason, ...] = ()
    assertions: int = 0  # how many checkable things the sentence says; 0 means "not checkable", never "passed"
