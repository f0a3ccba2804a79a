"""The fitted weights of the ranking and of the answer's check. Pure data; `fit` in the tools of this folder made them.

RANKING: a softmax over the sections of a question against its graded judgements (ListNet, Cao et al. 2007), weights not
below 0, L2 of 1, on the 68 answerable questions of shared/data/retrieval.
"""

from collections.abc import Mapping
from typing import Final

RANKING: Final[Mapping[str, float]] = {
    "text_cosine": 1.25,
    "text_words": 1.39,
    "text_often": 0.74,
    "summary_cosine": 1.47,
    "summary_words": 0.99,
    "summary_often": 0.45,
    "question_cosine": 1.91,
    "question_words": 1.94,
    "question_often": 1.35,
    "questions_cosine": 1.64,
    "question_both": 1.56,
    "any_words": 2.16,
    "heading_words": 0.25,
    "fused": 2.01,
}
ANSWERING_BASE: Final = 0.0
ANSWERING: Final[Mapping[str, float]] = {"same": 1.0}
