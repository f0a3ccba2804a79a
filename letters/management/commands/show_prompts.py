"""manage.py show_prompts: each prompt of the letters with its version and about how many tokens it takes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from letters.pipelines.prompts import FILES, FIXED, STAGES, prompt_tokens, prompt_version, schema_tokens, system_text


class Command(BaseCommand):
    help = "Show each prompt of the letters: its files, its version, and the tokens of what is the same for every case."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--text", action="store_true", help="the words too")

    def handle(self, *args: object, **options: Any) -> None:
        console = Console()
        table = Table(title="Prompts of the letters; tokens are estimated, rather too many than too few")
        for heading in ("stage", "files", "version", "tokens", "shape of the answer"):
            table.add_column(heading)
        for stage in STAGES:
            files = ", ".join(f"{name}.md" for name in (*FILES[stage], *FIXED[stage]))
            counts = (str(prompt_tokens(stage)), str(schema_tokens(stage)))
            table.add_row(stage, files, prompt_version(stage), *counts)
        console.print(table)
        for stage in STAGES if options["text"] else ():
            console.print(f"\n{stage}\n\n{system_text(stage)}", markup=False, soft_wrap=True)
