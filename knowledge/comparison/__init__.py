"""Compare a text with what is held: how alike the wording is, and which figures disagree. Pure.

`sketch_of` gives the few numbers by which candidates are found in the database; `compare` looks at two texts in full.
"""

from knowledge.comparison.changes import Piece, changes_between
from knowledge.comparison.figures import Figure, figures_of
from knowledge.comparison.findings import Compared, Disagreement, Finding, compare, most_telling
from knowledge.comparison.marking import marked
from knowledge.comparison.merging import merged
from knowledge.comparison.shingles import containment, digest_of, resemblance, shingles, sketch_of

__all__ = [
    "Compared",
    "Disagreement",
    "Figure",
    "Finding",
    "Piece",
    "changes_between",
    "compare",
    "containment",
    "digest_of",
    "figures_of",
    "marked",
    "merged",
    "most_telling",
    "resemblance",
    "shingles",
    "sketch_of",
]
