"""The same bundle gives the same letter.json, byte for byte but for times: in two databases, and in two processes."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction

from complaints.tests.factories import NOW
from knowledge.services import load_digest_into_database
from letters.management.bundles import draft_bundle
from lightpoint.progress import NullProgress

IN_ANOTHER_PROCESS = """
import hashlib, sys
from dataclasses import asdict
from pathlib import Path
from complaints.analysis import analyse
from complaints.bundles import load_bundle
from complaints.documents import Limits, read_bytes
from complaints.facts import combine_facts, extract_document
from knowledge.digest import load_digest
from letters.drafting import draft_letters
from letters.ledger import check_letter
from letters.practice import practice_of

bundle = load_bundle(Path(sys.argv[1]), max_file_bytes=10**8, max_files=99)
papers = [p for f in bundle.files for p in read_bytes(f.name, f.data or b"", Limits())]
facts = combine_facts([extract_document(p, bundle.intake) for p in papers if p.pages], bundle.intake)
guidance = load_digest()
analysis = analyse(facts, bundle.intake, guidance)
practice = practice_of(bundle.intake)
pages = {(p.name, page.number): page.text for p in papers for page in p.pages}
letters = draft_letters(bundle.intake, facts, analysis, guidance, practice, pages=pages)
checked = [check_letter(l, facts, guidance, bundle.intake.nation, pages=pages) for l in letters]
print(hashlib.sha256(repr((facts, analysis, checked)).encode()).hexdigest())
"""


@pytest.mark.django_db
def test_two_fresh_databases_give_the_same_letter_json(text_bundle, tmp_path) -> None:
    written = [_drafted_and_forgotten(text_bundle, tmp_path / name) for name in ("one", "two")]
    assert written[0] == written[1]


def _drafted_and_forgotten(bundle, out):
    with transaction.atomic():
        load_digest_into_database(now=NOW)
        draft_bundle(bundle, out, pipeline="embedded", tone="firm", progress=NullProgress())
        transaction.set_rollback(True)
    content = json.loads((out / "letter.json").read_text())
    for time in ("seconds", "drafted_at"):
        del content["receipt"][time]
    return json.dumps(content)


def test_processes_that_order_their_sets_otherwise_agree(text_bundle) -> None:
    seen = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS, str(text_bundle)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1
