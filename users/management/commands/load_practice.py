"""manage.py load_practice FILE: a practice and its rates from a JSON file such as samples/practice.json."""

import json
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from users.services import PracticeExists, create_practice


class Command(BaseCommand):
    help = "Store the practice that FILE describes. One that is there already is left as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: Any) -> None:
        """Read the file, call the service, say what came of it."""
        details = json.loads(options["file"].read_text(encoding="utf-8"))
        rates = [(grade, Decimal(hourly)) for grade, hourly in details.pop("rates").items()]
        start = date.fromisoformat(details.pop("rates_from"))
        try:
            practice = create_practice(**details, rates=rates, rates_from=start, now=timezone.now())
        except PracticeExists as error:
            self.stdout.write(f"{error}: left as it is")
            return
        self.stdout.write(f"Stored {practice} with {len(rates)} rates")
