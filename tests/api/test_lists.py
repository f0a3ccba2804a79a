"""A list costs the same number of queries with 1 row, with 100 and with 10,000."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from complaints.models import CaseAnalysis, CaseRun, ContextEntry, Correction, Document, Page, TimelineEntry
from knowledge.models import Conversation, Feedback, SectionVersion, Source, StagedSection
from letters.models import Experiment, GoldenRun, Letter, LetterVersion, PromptVersion, SentenceSource
from lightpoint.rest.views import ApiView
from tests.api.conftest import World
from tickets.models import Comment, Ticket
from users.models import (
    ApiKey,
    AuditEvent,
    Budget,
    BudgetUse,
    Invitation,
    LLMCall,
    Practice,
    Rate,
    User,
    Webhook,
    WebhookDelivery,
)
from users.tests import factories

Changes = Callable[[int], dict[str, Any]]
SECTION = "CRG5225"


def lists(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The addresses of every list of the API."""
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from lists(entry, path)
        elif isinstance(entry, URLPattern):
            view = getattr(entry.callback, "cls", None)
            if view and issubclass(view, ApiView) and view.orderings:
                yield path


LISTS = sorted(lists(get_resolver()))


def copies(row: Model, numbers: Sequence[int], changes: Changes) -> list[Any]:
    """So many more rows like `row`, stored."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key and not field.generated]
    plain = {field.attname: getattr(row, field.attname) for field in fields}
    made = [type(row)(**{**plain, **changes(number)}) for number in numbers]
    return list(type(row)._base_manager.bulk_create(made, batch_size=1_000))


class Growth:
    """The rows of every list of a world, more and more of them."""

    def __init__(self, world: World, paths: dict[str, int | str]) -> None:
        self.world = world
        self.paths = paths
        self.made = 0

    def to(self, count: int) -> None:
        """At least `count` rows in every list."""
        numbers = range(self.made, count)
        self.made = count
        for model, changes in SIMPLE.items():
            copies(self._template(model), numbers, changes)
        self._grow_cases(numbers)
        self._grow_guidance(numbers)
        self._grow_uses(numbers)
        self._grow_chat(numbers)
        self._grow_budgets(numbers)
        with connection.cursor() as cursor:
            cursor.execute("SELECT refresh_statistics()")

    def _template(self, model: type[Model]) -> Model:
        rows = {
            ApiKey: ApiKey.objects.filter(user=self.world.admin),
            AuditEvent: AuditEvent.objects.filter(practice=self.world.complaint.practice),
            Document: Document.objects.filter(pk=self.paths["document_id"]),
            Page: Page.objects.filter(document=self.paths["document_id"]),
            LetterVersion: LetterVersion.objects.filter(letter=self.paths["letter_id"]),
            User: User.objects.filter(pk=self.world.analyst.pk),
        }
        return rows.get(model, model._base_manager.order_by("pk")).first()

    def _grow_cases(self, numbers: Sequence[int]) -> None:
        case = self.world.complaint
        clients = copies(case.client, numbers, lambda n: {"name": f"Client {n}"})
        own = dict(zip(numbers, clients, strict=True))
        cases = copies(case, numbers, lambda n: {"client_id": own[n].pk, "reference": f"COPY-{n}", "intake_hash": ""})
        theirs = dict(zip(numbers, cases, strict=True))
        copies(Letter.objects.earliest("pk"), numbers, lambda n: {"complaint_id": theirs[n].pk})
        papers = copies(case.documents.first(), numbers, lambda n: {"name": f"context {n}", "position": 50_000 + n})
        paper = dict(zip(numbers, papers, strict=True))
        copies(ContextEntry.objects.earliest("pk"), numbers, lambda n: {"document_id": paper[n].pk})

    def _grow_guidance(self, numbers: Sequence[int]) -> None:
        version = SectionVersion.objects.filter(section__identifier=SECTION, superseded_at=None).first()
        sections = copies(version.section, numbers, lambda n: {"identifier": f"COPY{n}"})
        of = dict(zip(numbers, sections, strict=True))
        copies(version, numbers, lambda n: {"section_id": of[n].pk, "identifier": f"COPY{n}"})
        copies(version, numbers, lambda n: {"superseded_at": version.retrieved_at})

    def _grow_uses(self, numbers: Sequence[int]) -> None:
        """Each of the copied versions of a letter rests on the section."""
        sentence = SentenceSource.objects.filter(section=SECTION).earliest("pk").sentence
        found = LetterVersion.objects.filter(letter=self.paths["letter_id"], number__gte=1_000)
        versions = {row.number - 1_000: row.pk for row in found}
        sentences = copies(sentence, numbers, lambda n: {"version_id": versions[n]})
        of = dict(zip(numbers, sentences, strict=True))
        copies(sentence.sources.get(section=SECTION), numbers, lambda n: {"sentence_id": of[n].pk})

    def _grow_chat(self, numbers: Sequence[int]) -> None:
        answers = copies(self.world.answer, numbers, lambda n: {"text": f"Copy {n}"})
        of = dict(zip(numbers, answers, strict=True))
        copies(Feedback.objects.earliest("pk"), numbers, lambda n: {"message_id": of[n].pk})
        key = self.world.assistant.api_key
        keys = copies(key, numbers, lambda n: {"prefix": f"a{n:011d}", "secret_hash": f"{n:064d}"})
        opened_by = dict(zip(numbers, keys, strict=True))
        copies(self.world.assistant, numbers, lambda n: {"api_key_id": opened_by[n].pk})

    def _grow_budgets(self, numbers: Sequence[int]) -> None:
        """One for each of the copied users, each with what is spent of it."""
        emails = {f"copy{number}@practice.example" for number in numbers}
        owners = dict(zip(numbers, User.objects.filter(email__in=emails).values_list("pk", flat=True), strict=True))
        own = {"level": "user", "practice_id": self.world.complaint.practice_id}
        copies(Budget.objects.earliest("pk"), numbers, lambda n: {**own, "owner": owners[n], "user_id": owners[n]})
        use = BudgetUse.objects.filter(level="practice", period="month").earliest("pk")
        copies(use, numbers, lambda n: {**own, "owner": owners[n]})


SIMPLE: dict[type[Model], Changes] = {
    Practice: lambda n: {"name": f"Practice copy {n}"},
    Rate: lambda n: {"grade": f"grade {n}"},
    User: lambda n: {"email": f"copy{n}@practice.example"},
    Invitation: lambda n: {"email": f"new{n}@copies.example", "token_hash": f"{n:064d}"},
    ApiKey: lambda n: {"prefix": f"c{n:011d}", "secret_hash": f"{n:064d}"},
    AuditEvent: lambda n: {},
    LLMCall: lambda n: {"token": uuid4()},
    TimelineEntry: lambda n: {},
    Document: lambda n: {"name": f"copy {n}", "position": 1_000 + n},
    Page: lambda n: {"position": 1_000 + n, "text": ""},
    CaseAnalysis: lambda n: {"version": 1_000 + n, "inputs_hash": f"{n:064d}", "facts": {}, "analysis": {}},
    CaseRun: lambda n: {"state": "done", "finished_at": factories.NOW},
    LetterVersion: lambda n: {"number": 1_000 + n, "inputs_hash": f"{n:064d}", "draft": {}, "text": ""},
    Ticket: lambda n: {},
    Comment: lambda n: {},
    Source: lambda n: {"name": f"Source copy {n}"},
    StagedSection: lambda n: {"compared": []},
    Conversation: lambda n: {"title": f"Conversation copy {n}"},
    PromptVersion: lambda n: {"number": 1_000 + n},
    Experiment: lambda n: {"name": f"copy-{n}"},
    GoldenRun: lambda n: {"state": "passed", "finished_at": factories.NOW},
    Webhook: lambda n: {"url": f"https://copy{n}.example.com/"},
    WebhookDelivery: lambda n: {"identifier": uuid4()},
    Correction: lambda n: {"quote": f"Other words {n}"},
}


@pytest.fixture
def paths(world: World) -> dict[str, int | str]:
    """What stands in the addresses."""
    return {
        "practice_id": world.complaint.practice_id,
        "complaint_id": world.complaint.pk,
        "document_id": Page.objects.earliest("pk").document_id,
        "letter_id": Letter.objects.earliest("pk").pk,
        "ticket_id": world.ticket.pk,
        "conversation_id": world.answer.conversation_id,
        "identifier": SECTION,
        "prompt_id": world.prompt.pk,
        "webhook_id": Webhook.objects.earliest("pk").pk,
    }


def costs(world: World, paths: dict[str, int | str], size: int) -> dict[str, tuple[int, int]]:
    """Rows and queries of a page of `size` rows, by address."""
    found = {}
    for address in LISTS:
        client = Client()
        client.force_login(factories.superuser() if address == "api/v1/practices/" else world.admin)
        path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: str(paths[name[1]]), address)
        client.get(path)  # what is kept in memory from the first request on
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path, {"page_size": size})
        assert answer.status_code == 200, (path, answer.content)
        found[address] = (len(answer.json()["results"]), len(queries))
    return found


def test_every_list_costs_the_same_queries_at_1_100_and_10_000_rows(world: World, paths: dict[str, int | str]) -> None:
    with transaction.atomic():
        one, hundred, many = grown(world, paths)
        transaction.set_rollback(True)  # or every key of every row would be checked at the end of the test
    assert {rows for rows, _ in one.values()} == {1}, one
    assert {rows for rows, _ in hundred.values()} == {100}, hundred
    assert {rows for rows, _ in many.values()} == {200}, many
    queries = {address: (one[address][1], hundred[address][1], many[address][1]) for address in LISTS}
    assert {address: counts for address, counts in queries.items() if len(set(counts)) > 1} == {}
    assert max(counts[0] for counts in queries.values()) <= 8, queries


def grown(world: World, paths: dict[str, int | str]) -> list[dict[str, tuple[int, int]]]:
    """What the lists cost with 1 row, with 100 and with 10,000."""
    growth, found = Growth(world, paths), [costs(world, paths, 1)]
    for count, size in ((100, 100), (10_000, 200)):
        growth.to(count)
        found.append(costs(world, paths, size))
    return found
