"""A practice with a row of every kind, people with keys, and the site as schemathesis sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from schemathesis.schemas import BaseSchema

from complaints.models import Complaint
from complaints.services import add_context
from knowledge.models import Assistant, Message, SectionVersion, Source, StagedSection
from knowledge.services.assistants import create_assistant
from knowledge.services.chat import ask, give_feedback, start_conversation
from knowledge.services.staging import Judgement, UploadedPage, decide, stage_upload
from letters.models import Experiment, GoldenRun, LetterVersion, PromptVersion
from letters.services import Plan, create_experiment, write_prompt
from letters.tests.conftest import drafted, shelf, text_bundle  # noqa: F401 - fixtures: the sample case with letters
from tests.api.fuzzing import Rows
from tickets.models import Ticket
from tickets.services import Request as Asked
from tickets.services import add_comment, create_ticket
from users.models import ApiKey, Budget, Invitation, Practice, User, Webhook, WebhookDelivery
from users.services import add_webhook
from users.tests import factories


@dataclass(frozen=True)
class World:
    """The sample case of a practice, drafted; the practice's people, and somebody of another one."""

    complaint: Complaint
    admin: User
    analyst: User
    outsider: User
    ticket: Ticket
    answer: Message
    assistant: Assistant
    prompt: PromptVersion

    @property
    def rows(self) -> Rows:
        """What addresses and bodies can name."""
        practice, versions = self.complaint.practice, LetterVersion.objects.order_by("pk")
        version = versions.first()
        parameters = {
            "practice_id": [practice.pk],
            "user_id": [self.analyst.pk],
            "invitation_id": [Invitation.objects.get(practice=practice).pk],
            "key_id": [*ApiKey.objects.filter(name="Spare").values_list("pk", flat=True)],
            "complaint_id": [self.complaint.pk],
            "document_id": [*self.complaint.documents.values_list("pk", flat=True)],
            "letter_id": [*versions.values_list("letter", flat=True)],
            "version_id": [*versions.values_list("pk", flat=True)],
            "ticket_id": [self.ticket.pk],
            "run_id": [*self.complaint.runs.values_list("pk", flat=True)],
            "analysis_id": [*self.complaint.analyses.values_list("pk", flat=True)],
            "client_id": [self.complaint.client_id],
            "conversation_id": [self.answer.conversation_id],
            "message_id": [self.answer.pk],
            "assistant_id": [self.assistant.pk],
            "identifier": ["CRG5225", "CRG6050"],
            "version": [*SectionVersion.objects.filter(identifier="CRG5225").values_list("version", flat=True)],
            "staged_id": [*StagedSection.objects.values_list("pk", flat=True)],
            "source_id": [*Source.objects.order_by("pk").values_list("pk", flat=True)],
            "kind": ["docx", "pdf", "receipt"],
            "budget_id": [Budget.objects.get(practice=practice).pk],
            "prompt_id": [self.prompt.pk],
            "golden_run_id": [*self.prompt.golden_runs.values_list("pk", flat=True)],
            "experiment_id": [*Experiment.objects.values_list("pk", flat=True)],
            "webhook_id": [*Webhook.objects.values_list("pk", flat=True)],
            "correction_id": [*self.complaint.corrections.values_list("pk", flat=True)],
            "stage": ["facts", "structure", "compose", "tone"],
        }
        fields = {
            "complaint": [self.complaint.pk],
            "assigned_to": [self.analyst.pk, None],
            "client": [self.complaint.client_id],
            "practice": [practice.pk],
            "user": [self.analyst.pk],
        }
        tags = {
            "practice_id": practice.version,
            "user_id": self.analyst.version,
            "complaint_id": self.complaint.version,
            "letter_id": version.letter.version,
            "ticket_id": self.ticket.version,
            "conversation_id": self.answer.conversation.version,
            "assistant_id": self.assistant.version,
            "staged_id": StagedSection.objects.latest("pk").version,
            "budget_id": Budget.objects.get(practice=practice).version,
            "prompt_id": self.prompt.version,
            "experiment_id": 1,
            "stage": 0,
        }
        return Rows(parameters, fields, {name: f'"{number}"' for name, number in tags.items()})


@pytest.fixture
def world(drafted: Complaint) -> World:  # noqa: F811 - the fixture
    practice = drafted.practice
    admin, analyst = factories.admin(practice), factories.analyst(practice)
    Complaint.objects.filter(pk=drafted.pk).update(assigned_to=analyst)
    drafted.refresh_from_db()
    outsider = factories.outsider()
    for user in (admin, analyst, outsider):
        factories.make_key(user, name="Spare", expires_at=timezone.now() + timedelta(days=30))
    factories.make_invitation(practice)
    factories.make_budget(practice)
    factories.make_call(practice, admin)
    asked = Asked(title="Who has the receipt?", complaint=drafted, assigned_to=None)
    ticket = create_ticket(asked=asked, by=analyst, now=timezone.now())
    add_comment(ticket=ticket, body="The client has it.", by=admin, now=timezone.now())
    add_context(complaint=drafted, text="The client rang again in May.", by=analyst, now=timezone.now())
    pages = [UploadedPage(identifier=name, title="Herons", body=f"{name}: herons are paid £5.") for name in ("A", "B")]
    staged = stage_upload(pages=pages, kind="practice_note", source_name="Notes", by=admin, now=timezone.now())
    decide(staged=staged[0], judged=Judgement("approve"), by=admin, now=timezone.now())
    talk = start_conversation(by=admin, now=timezone.now())
    answer = ask(conversation=talk, question="How much is paid for worry and distress?", now=timezone.now())
    give_feedback(message=answer, helpful=True, by=admin, now=timezone.now())
    factories.make_key(admin, "read", name="Site")
    site = ApiKey.objects.get(name="Site")
    assistant = create_assistant(name="Site", api_key=site, source=None, by=admin, now=timezone.now())
    prompt = _prompts(practice, admin)
    _messages_and_corrections(drafted, admin)
    return World(drafted, admin, analyst, outsider, ticket, answer, assistant, prompt)


def _prompts(practice: Practice, admin: User) -> PromptVersion:
    """A prompt of the practice, a test of it, and an experiment."""
    words = "Word it calmly, in the cards' own nouns and verbs."
    prompt = write_prompt(practice=practice, stage="tone", text=words, by=admin, now=timezone.now())
    about = {"prompt": prompt, "practice": practice, "created_by": admin, "created_at": timezone.now()}
    GoldenRun.objects.create(prompt_version="0" * 12, **about)
    plan = Plan("shorter", "rating", baseline="parallel", challenger="three_stage")
    create_experiment(practice=practice, plan=plan, by=admin, now=timezone.now())
    return prompt


def _messages_and_corrections(case: Complaint, admin: User) -> None:
    """An address that messages go to, a message, and words that were struck and taken back."""
    add_webhook(practice=case.practice, url="https://hooks.example.com/", by=admin, now=timezone.now())
    hook = Webhook.objects.get(practice=case.practice)
    sent = {"event": "draft.done", "data": {}, "created_at": timezone.now()}
    WebhookDelivery.objects.create(webhook=hook, practice=case.practice, **sent)
    struck = {"quote": "Words that are wrong", "reason": "It was another day.", "by": admin, "at": timezone.now()}
    taken_back = {"withdrawn_by": admin, "withdrawn_at": timezone.now()}
    case.corrections.create(document=case.documents.first(), **struck, **taken_back)


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A request in this process leaves the connection open, and with it the transaction of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def served_whole(site: WSGIHandler, environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The site, with every answer closed as a server closes it; schemathesis leaves that to the garbage collector."""
    answer = site(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


@pytest.fixture
def schema(world: World, _one_connection: None) -> BaseSchema:
    """The schema as the site serves it, and the site to send to."""
    headers = {"Authorization": f"Bearer {factories.make_key(world.admin)}", "Accept": "application/json"}
    schema = schemathesis.openapi.from_wsgi("/api/schema/", partial(served_whole, WSGIHandler()), headers=headers)
    checks = schema.config.checks
    # RFC 6585 has 428 for a missing If-Match, RFC 9110 has 412 for one that no version of the row has.
    for check, status in (
        (checks.missing_required_header, "428"),
        (checks.negative_data_rejection, "412"),
        (checks.positive_data_acceptance, "412"),
    ):
        check.expected_statuses = [*check.expected_statuses, status]
    return schema
