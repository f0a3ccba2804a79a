"""From a bundle on disk to files on disk, with a row for every stage between. What `draft_case` and `evaluate` run."""

import json
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from complaints.bundles import load_bundle
from complaints.facts.records import Intake
from complaints.services import import_bundle
from letters.casefile import CaseFile, case_json
from letters.export import write_docx, write_pdf
from letters.records import DraftLetter
from letters.selectors import practice_details
from letters.services import draft_case
from lightpoint.progress import Progress, Stopwatch
from users.models import Practice
from users.services import PracticeExists, create_practice


def draft_bundle(folder: Path, out: Path, *, pipeline: str | None, tone: str, progress: Progress) -> CaseFile:
    """Draft the letters of the bundle in `folder` and write letter.json, DOCX and PDF files to `out`.

    Raises BundleError for a bundle that cannot be used, and OSError where `out` cannot be written.
    """
    now = timezone.now()
    bundle = load_bundle(folder, max_file_bytes=settings.DOCUMENT_MAX_BYTES, max_files=settings.BUNDLE_MAX_DOCUMENTS)
    complaint = import_bundle(practice=practice_for(bundle.intake), bundle=bundle, by=None, now=now)
    case = draft_case(complaint=complaint, by=None, now=now, pipeline=pipeline, tone=tone, progress=progress)
    out.mkdir(parents=True, exist_ok=True)
    with Stopwatch(progress).step("export", len(case.letters)):
        details = practice_details(complaint)
        for position, letter in enumerate(case.letters):
            stem = out / _stem(position, letter)
            stem.with_suffix(".docx").write_bytes(write_docx(letter, details))
            stem.with_suffix(".pdf").write_bytes(write_pdf(letter, details))
            progress.advance("export", letter.type)
    text = json.dumps(case_json(case), indent=1, ensure_ascii=False)
    (out / "letter.json").write_text(text + "\n", encoding="utf-8")
    return case


def _stem(position: int, letter: DraftLetter) -> str:
    return "letter" if position == 0 else f"letter-{letter.type}"


def practice_for(intake: Intake) -> Practice:
    """The practice of the intake, made where it is not there; another process may make it first."""
    rows = Practice.objects.filter(
        name=intake.practice_name, address=intake.practice_address, agent_reference=intake.agent_reference
    )
    existing = rows.first()
    if existing:
        return existing
    try:
        return _new_practice(intake)
    except (PracticeExists, IntegrityError, ValidationError):
        existing = rows.first()
        if existing is None:
            raise
        return existing


def _new_practice(intake: Intake) -> Practice:
    return create_practice(
        name=intake.practice_name,
        address=intake.practice_address,
        agent_reference=intake.agent_reference,
        nation=intake.nation,
        rates=intake.hourly_rates,
        rates_from=intake.opened_on,
        now=timezone.now(),
    )
