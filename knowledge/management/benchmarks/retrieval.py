"""Search beside plain BM25, vectors alone and their plain fusion, on the questions of ../shared/data/retrieval.

The baselines rank windows of 200 words of the pages (40 of overlap, the section's title in front), each section by its
best window; they are what their papers say and no more: BM25 with k1 1.2 and b 0.75 over stems, the embedded model's
cosine, and reciprocal rank fusion with k = 60. Each is compared with search question by question, with a bootstrap
interval over the questions. Besides, every section is asked for by its identifier as people write it.
"""

import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from django.conf import settings
from rich.console import Console

from knowledge.embeddings import embed
from knowledge.management.measures import DEEP, auroc, ranking_scores
from knowledge.management.retrieval import predict, prepared
from knowledge.models import SectionVersion
from knowledge.search.features import RRF_K
from knowledge.search.snippets import stem_of
from lightpoint.benchmarks.harness import RESAMPLES, SEED, Figures, own_redis
from lightpoint.benchmarks.server import own_database
from lightpoint.management.preparation import ensure_ready

SHARED: Final = settings.BASE_DIR.parent / "shared" / "data"
WINDOW, STEP = 200, 160
K1, B = 1.2, 0.75
_STOP_WORDS: Final = """
a an and are as at be but by for from has have i if in is it its of on or that the their there they this to was we were
what when where which who will with you your does do did how can could should would my our he she
"""
STOP: Final = frozenset(_STOP_WORDS.split())
FORMS: Final = (
    "{id}", "CRG {n}", "crg{n}", "crg {n}", "Crg{n}", "CRG-{n}", "CRG\u2013{n}", "CRG\u2011{n}", "CRG_{n}", "CRG/{n}",
    "CRG:{n}",
    "CRG no. {n}", "CRG No {n}", "CRG.{n}", "CRG\u00a0{n}", "({id})", "What does {id} say?", "see {id}, please",
    "guidance at crg {n}", "is CRG{n} still in force?",
)  # fmt: skip
_NUMBERED: Final = re.compile(r"CRG(\d+)")
Ranking = Callable[[str], list[str]]


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    questions = [
        json.loads(line) for line in (SHARED / "retrieval" / "questions.jsonl").read_text("utf-8").splitlines()
    ]
    with own_redis(), own_database():
        ensure_ready()
        prepared(SHARED / "guidance")
        windows = _windows()
        bm25, dense = _bm25(windows), _dense(windows)
        arms: dict[str, Ranking] = {
            "bm25": bm25,
            "dense": dense,
            "rrf": lambda question: _fused(bm25(question), dense(question)),
        }
        ours = {row["id"]: predict(row) for row in questions}
        asked, missed = _by_identifier()
        answered = [row for row in questions if row["answerable"]]
        ranked = {name: [arm(row["question"])[:DEEP] for row in answered] for name, arm in arms.items()}
        ranked["ours"] = [ours[row["id"]]["ranked"] for row in answered]
    scores = {
        name: [ranking_scores(row["relevant"], one) for row, one in zip(answered, rows, strict=True)]
        for name, rows in ranked.items()
    }
    means = {name: tuple(_mean([row[place] for row in rows]) for place in range(2)) for name, rows in scores.items()}
    figures: Figures = {
        name: {"ndcg@10": round(mean[0], 4), "recall@5": round(mean[1], 4)} for name, mean in means.items()
    }
    against = {name: _paired(scores["ours"], scores[name]) for name in arms}
    told = auroc([ours[row["id"]]["answerable"] for row in questions if row["answerable"]],
                   [ours[row["id"]]["answerable"] for row in questions if not row["answerable"]])  # fmt: skip
    named = {"asked": asked, "first": asked - len(missed), "missed": missed[:20]}
    console.print(json.dumps(figures), json.dumps(against), json.dumps(named))
    holds = means["ours"][0] >= 0.80 and means["ours"][1] >= 0.82 and told >= 0.90 and not missed
    return {
        **figures, "ours_less": against, "unanswerable_auroc": round(told, 4), "identifiers": named, "holds": holds
    }  # fmt: skip


def _by_identifier() -> tuple[int, list[str]]:
    """How often a section was asked for by its identifier, in each of FORMS, and where it did not come first."""
    asked, missed = 0, []
    for identifier in SectionVersion.objects.current().citable().values_list("identifier", flat=True).distinct():
        number = _NUMBERED.fullmatch(identifier)
        for form in FORMS if number else ():
            question = form.format(id=identifier, n=identifier[3:])
            asked += 1
            if predict({"id": question, "question": question})["ranked"][:1] != [identifier]:
                missed.append(question)
    return asked, missed


def _windows() -> list[tuple[str, str]]:
    """(section, words) of the pages' own text."""
    found = []
    for row in SectionVersion.objects.current().citable().order_by("identifier"):
        words = row.body.split()
        for first in range(0, max(1, len(words) - WINDOW + STEP), STEP):
            found.append((row.identifier, f"{row.title}. {' '.join(words[first : first + WINDOW])}"))
    return found


def _stems(text: str) -> list[str]:
    return [
        stem_of(word) for word in "".join(c if c.isalnum() else " " for c in text.lower()).split() if word not in STOP
    ]


def _bm25(windows: Sequence[tuple[str, str]]) -> Ranking:
    counts = [Counter(_stems(text)) for _section, text in windows]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / len(lengths)
    having = Counter(stem for count in counts for stem in count)

    def score(stems: Sequence[str], place: int) -> float:
        total = 0.0
        for stem in stems:
            often = counts[place][stem]
            if often:
                rare = math.log(1 + (len(windows) - having[stem] + 0.5) / (having[stem] + 0.5))
                total += rare * often * (K1 + 1) / (often + K1 * (1 - B + B * lengths[place] / mean))
        return total

    return lambda question: _by_section(windows, [score(_stems(question), place) for place in range(len(windows))])


def _dense(windows: Sequence[tuple[str, str]]) -> Ranking:
    rows = embed([text for _section, text in windows])
    return lambda question: _by_section(windows, (rows @ embed([question])[0]).tolist())


def _by_section(windows: Sequence[tuple[str, str]], scores: Sequence[float]) -> list[str]:
    order = sorted(range(len(windows)), key=lambda place: (-scores[place], place))
    return list(dict.fromkeys(windows[place][0] for place in order if scores[place] > 0))


def _fused(*lists: Sequence[str]) -> list[str]:
    total: Counter[str] = Counter()
    for ranked in lists:
        for place, section in enumerate(ranked, start=1):
            total[section] += 1 / (RRF_K + place)  # type: ignore[assignment]
    return sorted(total, key=lambda section: (-total[section], section))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _paired(ours: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> dict[str, dict[str, float]]:
    """How much more of each measure ours has, with the bounds of 95 of 100 resamples of the questions (Efron 1979)."""
    chance = random.Random(SEED)  # noqa: S311 - resampling, not a secret
    found = {}
    for place, name in enumerate(("ndcg@10", "recall@5")):
        pairs = [one[place] - two[place] for one, two in zip(ours, other, strict=True)]
        means = sorted(_mean(chance.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
        low, high = means[round(0.025 * RESAMPLES)], means[round(0.975 * RESAMPLES) - 1]
        found[name] = {"more": round(_mean(pairs), 4), "low": round(low, 4), "high": round(high, 4)}
    return found
