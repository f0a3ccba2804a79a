import shutil
from pathlib import Path

import pytest
from django.conf import settings

from complaints.models import Complaint
from complaints.tests.factories import NOW
from knowledge.services import load_digest_into_database
from letters.management.bundles import draft_bundle
from lightpoint.progress import NullProgress

SAMPLE: Path = settings.BASE_DIR / "samples" / "cgt-repayment-withheld"


@pytest.fixture(scope="session")
def text_bundle(tmp_path_factory) -> Path:
    """The sample case without its scan, which takes seconds to read."""
    folder = tmp_path_factory.mktemp("bundles") / SAMPLE.name
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("scan_*"))
    return folder


@pytest.fixture
def drafted(db, text_bundle, tmp_path) -> Complaint:
    """The sample case after its letters were drafted; the files are in `tmp_path / "out"`."""
    load_digest_into_database(now=NOW)
    draft_bundle(text_bundle, tmp_path / "out", pipeline="embedded", tone="firm", progress=NullProgress())
    return Complaint.objects.get()
