"""manage.py fit_search: find the weights of search anew, and how good they are on questions not seen."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.core.management.base import BaseCommand

from knowledge.embeddings import Vectors, embed, model_key
from knowledge.management.measures import auroc, ranking_scores
from knowledge.management.retrieval import prepared
from knowledge.models import Chunk
from knowledge.search.answering import Read, signals
from knowledge.search.asking import read_question
from knowledge.search.features import Weighing, features_of, weigh_terms
from knowledge.search.fitting import Judged, Line, fit_answering, fit_ranking, in_folds
from knowledge.search.legs import Candidates, Embedded, Limits, find_candidates
from knowledge.search.ranking import rank
from knowledge.search.searching import CANDIDATES
from knowledge.search.weights import ANSWERING, ANSWERING_BASE, RANKING
from lightpoint.management.preparation import ensure_ready

NEAR_MISSES: Final = Path(__file__).resolve().parent.parent / "near_misses.txt"
RANKING_PENALTY, ANSWERING_PENALTY = 1.0, 10.0
RANKING_FOLDS, ANSWERING_FOLDS, SEEDS = 5, 6, 3
OWN_EVERY: Final = 3  # of the digest's own questions, one in so many is asked
# What a question counts for in the answer's check: the judged ones, those of the digest, and the near misses.
ANSWERED, UNANSWERED, OWN, OWN_VALUE, NEAR_MISS = 0.6, 2.0, 0.1, 0.3, 0.8


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what search weighs of its candidates; `leaving_out` is a chunk that must not be seen."""

    weighing: Weighing
    found: Candidates
    leaving_out: int = 0

    def judged(self, relevant: Mapping[str, int]) -> tuple[Judged, list[str]]:
        rows = self.found.rows
        features = [[features_of(row.evidence, self.weighing)[name] for name in RANKING] for row in rows]
        names = [str(row.page["identifier"]) for row in rows]
        return Judged(np.array(features), np.array([float(relevant.get(name, 0)) for name in names])), names

    def signals(self) -> Mapping[str, float]:
        rows = {row.evidence.version_id: row for row in self.found.rows}
        ranked = rank([row.evidence.without(self.leaving_out) for row in rows.values()], self.weighing)
        read = [
            Read(one, tuple((passage.id, passage.role, passage.text) for passage in
                            rows[one.evidence.version_id].passages if passage.id != self.leaving_out))
            for one in ranked
        ]  # fmt: skip
        found = signals(read, self.weighing, self.found.chunks)
        return {name: found[name] for name in ANSWERING}


class Command(BaseCommand):
    help = "Fit the weights of search to judged questions (one JSON object a line, with relevant and answerable)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("questions", type=Path)
        parser.add_argument("--guidance", type=Path, help="pages to ingest first")

    def handle(self, *_args: object, **options: Any) -> None:
        try:
            judged = [json.loads(line) for line in options["questions"].read_text("utf-8").splitlines() if line.strip()]
        except (OSError, json.JSONDecodeError) as error:
            self.stderr.write(f"fit_search: {options['questions']} cannot be used: {error}")
            sys.exit(2)
        ensure_ready()
        prepared(options["guidance"])
        asked = _ask([row["question"] for row in judged])
        report = {"ranking": _ranking(judged, asked), "answering": _answering(judged, asked)}
        self.stdout.write(json.dumps(report, indent=1))


def _ask(questions: Sequence[str]) -> list[_Asked]:
    return [_asked(question, vector) for question, vector in zip(questions, embed(questions), strict=True)]


def _asked(question: str, vector: Vectors, leaving_out: int = 0) -> _Asked:
    asked = read_question(question)
    found = find_candidates(asked, Embedded(vector, model_key()), Limits(None), CANDIDATES)
    return _Asked(weigh_terms(asked, found.chunks_with, found.chunks), found, leaving_out)


def _own_questions() -> list[_Asked]:
    """Questions of the digest, each asked without itself."""
    rows = Chunk.objects.filter(role="question", standing=True, archived=False, practice=None).order_by("pk")
    chosen = list(rows.values_list("pk", "text"))[::OWN_EVERY]
    vectors = embed([text for _pk, text in chosen])
    return [_asked(text, vector, pk) for (pk, text), vector in zip(chosen, vectors, strict=True)]


def _ranking(judged: Sequence[Mapping[str, Any]], asked: Sequence[_Asked]) -> dict[str, Any]:
    told = [(row["relevant"], *one.judged(row["relevant"])) for row, one in zip(judged, asked, strict=True)
            if row["answerable"]]  # fmt: skip

    def scores(weights: Any, places: Sequence[int]) -> list[tuple[float, float]]:
        found = []
        for place in places:
            relevant, one, names = told[place]
            order = np.argsort(-(one.features @ weights), kind="stable")
            found.append(ranking_scores(relevant, [names[number] for number in order]))
        return found

    unseen = [
        score
        for seed in range(SEEDS)
        for learnt, tried in in_folds(len(told), RANKING_FOLDS, seed)
        for score in scores(fit_ranking([told[place][1] for place in learnt], RANKING_PENALTY), tried)
    ]
    weights = fit_ranking([one for _relevant, one, _names in told], RANKING_PENALTY)
    return {
        "weights": dict(zip(RANKING, weights.round(2).tolist(), strict=True)), "in_use": dict(RANKING),
        "unseen": _means(unseen), "seen": _means(scores(weights, range(len(told)))),
        "in_use_scores": _means(scores(np.array(list(RANKING.values())), range(len(told)))),
    }  # fmt: skip


def _means(scores: Sequence[tuple[float, float]]) -> dict[str, float]:
    ndcg, recall = np.mean(np.array(scores), axis=0).round(4).tolist()
    return {"ndcg@10": ndcg, "recall@5": recall}


def _answering(judged: Sequence[Mapping[str, Any]], asked: Sequence[_Asked]) -> dict[str, Any]:
    near = [line for line in NEAR_MISSES.read_text("utf-8").splitlines() if line.strip()]
    given = [one.signals() for one in asked]
    answered = [bool(row["answerable"]) for row in judged]
    counted = [ANSWERED if yes else UNANSWERED for yes in answered]
    own = [one.signals() for one in _own_questions()]
    misses = [one.signals() for one in _ask(near)]
    other = [*own, *misses]
    others_answered = [True] * len(own) + [False] * len(misses)
    others_counted = [OWN_VALUE if one["value"] else OWN for one in own] + [NEAR_MISS] * len(misses)

    def fitted(places: Sequence[int]) -> Line:
        return fit_answering(
            [*(given[place] for place in places), *other],
            [*(answered[place] for place in places), *others_answered],
            [*(counted[place] for place in places), *others_counted],
            ANSWERING_PENALTY,
        )

    unseen = [_told_apart(given, answered, seed, fitted) for seed in range(SEEDS)]
    line = fitted(range(len(given)))
    return {
        "weights": {name: round(weight, 2) for name, weight in line.weights.items()}, "base": round(line.base, 3),
        "in_use": dict(ANSWERING), "unseen_auroc": round(float(np.mean(unseen)), 4),
        "without_these_auroc": round(_auroc([_sum(fitted(()), one) for one in given], answered), 4),
        "in_use_auroc": round(_auroc([_sum(Line(ANSWERING, ANSWERING_BASE), one) for one in given], answered), 4),
        "own_questions": len(own), "near_misses": len(misses),
    }  # fmt: skip


def _told_apart(given: Sequence[Mapping[str, float]], answered: Sequence[bool], seed: int, fitted: Any) -> float:
    values = [0.0] * len(given)
    for learnt, tried in in_folds(len(given), ANSWERING_FOLDS, seed):
        line = fitted(learnt)
        for place in tried:
            values[place] = _sum(line, given[place])
    return _auroc(values, answered)


def _sum(line: Line, found: Mapping[str, float]) -> float:
    return line.base + sum(weight * found[name] for name, weight in line.weights.items())


def _auroc(values: Sequence[float], answered: Sequence[bool]) -> float:
    pairs = list(zip(values, answered, strict=True))
    return auroc([value for value, yes in pairs if yes], [value for value, yes in pairs if not yes])
