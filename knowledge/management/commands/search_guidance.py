"""manage.py search_guidance WORDS: the sections that answer, as a table."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table
from rich.text import Text

from knowledge.search import Hit, search


class Command(BaseCommand):
    help = "Search the guidance by words or by section, for example: search_guidance CRG5225"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs="+", help="a question, key words or a section")
        parser.add_argument("--on", type=date.fromisoformat, help="only what was in force on this day (YYYY-MM-DD)")
        parser.add_argument("--archived", action="store_true", help="show archived sections too")
        parser.add_argument("--limit", type=int, default=10, help="how many results (10)")

    def handle(self, *_args: object, **options: Any) -> None:
        query = " ".join(options["words"])
        found = search(query, practice_id=None, on=options["on"], archived=options["archived"], limit=options["limit"])
        for identifier in found.archived:
            self.stdout.write(f"{identifier} is archived: it is not to be cited; --archived shows it")
        if not found.results:
            self.stdout.write(f"Nothing in the guidance matches: {query}")
            return
        if found.answerable < settings.CHAT_LEAST_ANSWERABLE:
            self.stdout.write("Nothing here seems to answer this. These come nearest:")
        Console().print(_table(query, found.results))


def _table(query: str, results: tuple[Hit, ...]) -> Table:
    table = Table(title=Text(query), show_lines=True)
    for heading in ("section", "title", "score", "what it says"):
        table.add_column(heading)
    for result in results:
        table.add_row(result.section.id, Text(result.section.title), f"{result.score.total:.2f}", _snippet(result))
    return table


def _snippet(result: Hit) -> Text:
    return Text.assemble(*((words, "bold" if hit else "") for words, hit in result.snippet))
