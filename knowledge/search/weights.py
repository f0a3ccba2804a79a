"""The fitted weights of the ranking and of the answer's check, as `manage.py fit_search` finds them. Pure data.

RANKING: a softmax over the sections of a question against its graded judgements (ListNet, Cao et al. 2007), weights not
below 0, L2 of 1, on the 68 answerable questions of shared/data/retrieval. In five folds: nDCG@10 0.894, recall@5 0.830.

ANSWERING: a logistic regression (L2 of 10 on standardised numbers) on 278 questions of the digest, each asked without
itself, 72 questions that the guidance does not answer, written for this, and the 80 of shared/data/retrieval. In six
folds over the 80: AUROC 0.960; fitted without any of the 80: 0.955 on them. The questions of the digest that ask for a
figure, a period or an address count three times, so that asking for one is not by itself a reason to decline.
"""

from collections.abc import Mapping
from typing import Final

RANKING: Final[Mapping[str, float]] = {
    "text_cosine": 1.35,
    "text_words": 1.42,
    "text_often": 0.61,
    "summary_cosine": 1.45,
    "summary_words": 0.99,
    "summary_often": 0.48,
    "question_cosine": 1.80,
    "question_words": 1.83,
    "question_often": 1.33,
    "questions_cosine": 1.56,
    "question_both": 1.54,
    "any_words": 2.13,
    "heading_words": 0.28,
    "fused": 1.74,
}
ANSWERING_BASE: Final = -4.332
ANSWERING: Final[Mapping[str, float]] = {
    "text_cosine": 2.09,
    "summary_cosine": 2.40,
    "question_both": 1.44,
    "words": 1.62,
    "known": 0.31,
    "agree": 0.56,
    "sentence": 0.64,
    "value": -0.91,
    "given": 1.82,
    "lacking": -1.31,
    "lacking_steps": -3.04,
    "same": 1.22,
    "apart": 1.06,
}
