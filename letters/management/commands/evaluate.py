"""manage.py evaluate: the product run on a file or folder of the evaluation sets."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from complaints.bundles import BundleError
from knowledge.answers.evaluate import predict_pairs
from knowledge.embeddings.model import embed_texts
from knowledge.management.retrieval import prepared
from knowledge.services.judging import required_judge
from letters.management.bundles import draft_bundle
from letters.management.lying import LiesTold, lying_provider
from letters.services import PIPELINES
from lightpoint.calendars import deadline_prediction
from lightpoint.errors import DomainError
from lightpoint.grounding.evaluate import predict
from lightpoint.management.preparation import ensure_ready
from lightpoint.progress import NullProgress

SEMANTIC_CACHE = "semantic_cache"
LINE_SETS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "grounding": predict,
    "deadlines": lambda row: {"id": row["id"], "result": deadline_prediction(row)},
}


class Command(BaseCommand):
    help = "Run the product on an evaluation set and write what a scorer reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("set", choices=("cases", "retrieval", SEMANTIC_CACHE, *LINE_SETS))
        parser.add_argument("source", type=Path, help="folder of bundles, or a file with one JSON object a line")
        parser.add_argument("--out", type=Path, required=True, help="folder (cases) or file for the predictions")
        parser.add_argument("--guidance", type=Path, help="retrieval: pages to ingest first, if not the shared ones")
        parser.add_argument("--pipeline", default="embedded", help=f"cases: one of {', '.join(PIPELINES)}")
        parser.add_argument(
            "--simulated-lies",
            type=float,
            metavar="SHARE",
            help="cases: by a model that lies in this share of sentences",
        )
        parser.add_argument("--seed", type=int, default=0, help="cases: which sentences those are")
        parser.add_argument("--judge", action="store_true", help="semantic_cache: ask the configured model in doubt")

    def handle(self, *args: object, **options: Any) -> None:
        source, out = options["source"], options["out"]
        try:
            if options["set"] == "cases":
                ensure_ready()
                self._cases(source, out, options)
            elif options["set"] == SEMANTIC_CACHE:
                judge = required_judge() if options["judge"] else None
                self._write(predict_pairs(_rows(source), embed=embed_texts, judge=judge), out)
            elif options["set"] == "retrieval":
                ensure_ready()
                self._write(list(map(prepared(options["guidance"] or _shared_pages()), _rows(source))), out)
            else:
                self._write([LINE_SETS[options["set"]](row) for row in _rows(source)], out)
        except (DomainError, OSError, json.JSONDecodeError, KeyError) as error:
            self.stderr.write(f"evaluate: {source} cannot be used: {error}")
            sys.exit(2)

    def _cases(self, source: Path, out: Path, options: dict[str, Any]) -> None:
        folders = sorted(path.parent for path in source.glob("*/case.json"))
        if not folders:
            raise FileNotFoundError("no folder in it holds a case.json")
        share, pipeline = options["simulated_lies"], options["pipeline"]
        failed, lies = 0, LiesTold()
        with nullcontext() if share is None else lying_provider(share, options["seed"]) as liar:
            for folder in folders:
                try:
                    case = draft_bundle(
                        folder, out / folder.name, pipeline=pipeline, tone="firm", progress=NullProgress()
                    )
                except (BundleError, DomainError) as error:
                    failed += 1
                    self.stderr.write(f"{folder.name}: {error}")
                    continue
                state = "released" if case.released else "blocked"
                line = f"{folder.name}: {case.analysis.route.route}, {len(case.letters)} letters, {state}"
                if liar is not None:
                    told, stand = lies.note(liar.take(), case)
                    line += f"; {told} lies told, {stand} in a released letter"
                self.stdout.write(line)
        if share is not None:
            self.stdout.write(json.dumps(lies.figures))
        if failed:
            sys.exit(2)
        if lies.stand:
            sys.exit(1)

    def _write(self, predictions: list[dict[str, Any]], out: Path) -> None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text("".join(json.dumps(row) + "\n" for row in predictions), encoding="utf-8")
        self.stdout.write(f"{len(predictions)} predictions in {out}")


def _shared_pages() -> Path | None:
    """The pages beside the project; None where there are none, and the digest has to do."""
    pages = Path(settings.BASE_DIR).parent / "shared" / "data" / "guidance"
    return pages if pages.is_dir() else None


def _rows(source: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
