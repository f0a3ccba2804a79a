"""manage.py import_bundle BUNDLE --practice ID|NAME: open a case from a bundle, without drafting its letters."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from complaints.bundles import BundleError, load_bundle
from complaints.services import import_bundle
from lightpoint.errors import DomainError, InvalidInput
from lightpoint.management.preparation import ensure_ready
from users.models import Practice

UNUSABLE = 2
REFUSALS = (BundleError, DomainError, OSError, ImproperlyConfigured, InterfaceError, OperationalError)
LARGEST_ID = 2**63 - 1


class Command(BaseCommand):
    help = (
        "Open a case of a practice from a case bundle and print its reference; the papers are read when the case is "
        "analysed or drafted. The same bundle opens one case. Exit 0: open; 2: the bundle or practice cannot be used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The bundle, and whose case it is."""
        parser.add_argument("bundle", type=Path, help="folder with case.json and documents/")
        parser.add_argument("--practice", required=True, help="its id or its name")

    def handle(self, *args: object, **options: Any) -> None:
        """Load, import, print."""
        try:
            ensure_ready()
            practice = find_practice(options["practice"])
            bundle = load_bundle(
                options["bundle"], max_file_bytes=settings.DOCUMENT_MAX_BYTES, max_files=settings.BUNDLE_MAX_DOCUMENTS
            )
            complaint = import_bundle(practice=practice, bundle=bundle, by=None, now=timezone.now())
        except REFUSALS as error:
            self.stderr.write(f"import_bundle: {' '.join(str(error).split())}")
            sys.exit(UNUSABLE)
        self.stdout.write(complaint.reference)


def find_practice(named: str) -> Practice:
    """The practice with that id, or with exactly that name. Raises InvalidInput, also where several have the name."""
    by_id = named.isascii() and named.isdigit() and int(named) <= LARGEST_ID
    found = list(Practice.objects.filter(pk=int(named))) if by_id else []
    found = found or list(Practice.objects.filter(name=named).order_by("pk")[:10])
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidInput(f"There is no practice {named!r}; make one with create_practice")
    ids = ", ".join(str(practice.pk) for practice in found)
    raise InvalidInput(f"Several practices are called {named!r}; say which by its id: {ids}")
