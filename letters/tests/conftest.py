import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.db.models import Model

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


class Shelf:
    """The rows of the drafted sample case, kept after it was drafted once, so that a test costs no drafting."""

    def __init__(self) -> None:
        self.rows: str | None = None
        self.files: dict[str, bytes] = {}

    def fill(self, out: Path) -> None:
        models = [model for app in KEPT for model in apps.get_app_config(app).get_models()]
        rows = [row for model in models for row in model._base_manager.order_by("pk")]
        self.rows = serializers.serialize("json", sorted(rows, key=_by_need))
        self.files = {path.name: path.read_bytes() for path in out.iterdir()}

    def empty_into(self, out: Path) -> None:
        for row in serializers.deserialize("json", self.rows):
            row.object.save_base(raw=True, force_insert=True)
        out.mkdir()
        for name, data in self.files.items():
            (out / name).write_bytes(data)


KEPT = ("users", "knowledge", "complaints", "letters")


def _by_need(row: Model) -> int:
    """Rows that others point at come first; the database looks at keys when the transaction ends."""
    return [model for app in KEPT for model in apps.get_app_config(app).get_models()].index(type(row))


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def drafted(db, text_bundle, tmp_path, shelf) -> Complaint:
    """The sample case after its letters were drafted; the files are in `tmp_path / "out"`."""
    out = tmp_path / "out"
    if shelf.rows is None:
        load_digest_into_database(now=NOW)
        draft_bundle(text_bundle, out, pipeline="embedded", tone="firm", progress=NullProgress())
        shelf.fill(out)
    else:
        shelf.empty_into(out)
    return Complaint.objects.get()
