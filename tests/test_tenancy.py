"""Nobody sees another practice: every address, with rows of one practice, as people of others.

An address with a parameter that has no maker here fails `test_every_address_can_be_filled`: give it one in MAKERS (by
the name of the parameter), or in ROWS (by the model, for the pages of the browser admin). Name it in CASE when it leads
to a complaint or what hangs on one, and an analyst who does not have the complaint is tried too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from complaints.models import CaseRun, Complaint, Page
from complaints.services import correct_fact
from knowledge.models import Assistant, Feedback, Message, SectionVersion, Source, StagedSection
from knowledge.services.assistants import create_assistant
from knowledge.services.chat import ask, give_feedback, start_conversation
from knowledge.services.staging import Judgement, UploadedPage, decide, stage_upload
from letters.models import Experiment, GoldenRun, LetterVersion, PromptVersion
from letters.services import Plan, create_experiment, write_prompt
from letters.tests.conftest import drafted, shelf, text_bundle  # noqa: F401 - fixtures: the sample case with letters
from tickets.services import Request, create_ticket
from users.models import ApiKey, AuditEvent, Budget, Invitation, LLMCall, Practice, User, Webhook
from users.services import add_webhook
from users.tests import factories
from users.tests.factories import NOW

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
READING = ("GET",)
HIDDEN = {404, 405}
REFUSED = {403, 404, 405}


@dataclass(frozen=True)
class World:
    """A practice with a drafted case that its analyst has, and people who have nothing to do with it."""

    complaint: Complaint
    admin: User
    analyst: User
    other_analyst: User
    viewer: User
    outsiders: tuple[User, ...]

    @property
    def practice(self) -> Practice:
        return self.complaint.practice

    @property
    def answer(self) -> Message:
        """Of a conversation that the admin leads."""
        return Message.objects.get(conversation__created_by=self.admin, speaker="assistant")

    @property
    def note(self) -> SectionVersion:
        return SectionVersion.objects.get(section__practice=self.practice)

    @property
    def version(self) -> LetterVersion:
        return LetterVersion.objects.filter(letter__complaint=self.complaint).order_by("letter__position").first()


Maker = Callable[[World], object]
MAKERS: dict[str, Maker] = {
    "practice_id": lambda world: world.practice.pk,
    "user_id": lambda world: world.viewer.pk,
    "invitation_id": lambda world: Invitation.objects.get(practice=world.practice).pk,
    "key_id": lambda world: ApiKey.objects.get(user=world.admin).pk,
    "complaint_id": lambda world: world.complaint.pk,
    "complaint_pk": lambda world: world.complaint.pk,
    "document_id": lambda world: world.complaint.documents.order_by("pk").first().pk,
    "document_pk": lambda world: world.complaint.documents.order_by("pk").first().pk,
    "letter_id": lambda world: world.version.letter_id,
    "letter_pk": lambda world: world.version.letter_id,
    "version_id": lambda world: world.version.pk,
    "correction_id": lambda world: world.complaint.corrections.get().pk,
    "version_pk": lambda world: world.version.pk,
    "analysis_id": lambda world: world.complaint.analyses.order_by("pk").last().pk,
    "client_id": lambda world: world.complaint.client_id,
    "run_id": lambda world: world.complaint.runs.get().pk,
    "ticket_id": lambda world: world.complaint.tickets.get().pk,
    "conversation_id": lambda world: world.answer.conversation_id,
    "conversation_pk": lambda world: world.answer.conversation_id,
    "message_id": lambda world: world.answer.pk,
    "message_pk": lambda world: world.answer.pk,
    "number": lambda world: world.answer.citations.first().number,
    "assistant_id": lambda world: Assistant.objects.get(practice=world.practice).pk,
    "kind": lambda world: "docx",
    "source_id": lambda world: Source.objects.get(practice=world.practice).pk,
    "staged_id": lambda world: StagedSection.objects.get(practice=world.practice).pk,
    "section_id": lambda world: world.note.section_id,
    "identifier": lambda world: NOTE,
    "version": lambda world: world.note.version,
    "budget_id": lambda world: Budget.objects.get(practice=world.practice).pk,
    "prompt_id": lambda world: PromptVersion.objects.get(practice=world.practice).pk,
    "experiment_id": lambda world: Experiment.objects.get(practice=world.practice).pk,
    "golden_run_id": lambda world: GoldenRun.objects.get(practice=world.practice).pk,
    "webhook_id": lambda world: Webhook.objects.get(practice=world.practice).pk,
}
NOTE = "OWN-NOTE-7"  # the identifier of a section that the practice owns
PROMPT = "Word it as a heron would."
EXPERIMENT = "quicker-herons"
NOUNS_OF_CASES = ("complaint", "client", "analysis", "document", "letter", "version", "run", "ticket", "correction")
CASE = {name for name in MAKERS if name.endswith(("_id", "_pk")) and name.partition("_")[0] in NOUNS_OF_CASES}
ROWS: dict[str, Maker] = {
    "users.practice": MAKERS["practice_id"],
    "users.user": MAKERS["user_id"],
    "users.invitation": MAKERS["invitation_id"],
    "users.apikey": MAKERS["key_id"],
    "users.budget": MAKERS["budget_id"],
    "users.webhook": MAKERS["webhook_id"],
    "users.llmcall": lambda world: LLMCall.objects.get(practice=world.practice).pk,
    "users.auditevent": lambda world: AuditEvent.objects.filter(practice=world.practice).first().pk,
    "complaints.client": lambda world: world.complaint.client_id,
    "complaints.complaint": MAKERS["complaint_id"],
    "complaints.document": MAKERS["document_id"],
    "complaints.complaint.run": MAKERS["run_id"],
    "complaints.complaint.correction": MAKERS["correction_id"],
    "letters.letter": MAKERS["letter_id"],
    "letters.letter.version": MAKERS["version_id"],
    "tickets.ticket": MAKERS["ticket_id"],
    "knowledge.conversation": MAKERS["conversation_id"],
    "letters.letterversion": MAKERS["version_id"],
    "letters.experiment": lambda world: Experiment.objects.get(practice=world.practice).pk,
    "letters.promptversion": lambda world: PromptVersion.objects.get(practice=world.practice).pk,
    "letters.letter.uses": MAKERS["section_id"],
    "knowledge.section": MAKERS["section_id"],
    "knowledge.source": MAKERS["source_id"],
    "knowledge.stagedsection": MAKERS["staged_id"],
    "knowledge.assistant": MAKERS["assistant_id"],
    "knowledge.feedback": lambda world: Feedback.objects.get(practice=world.practice).pk,
}
OF_PRACTICES = ("users.", "knowledge.", "letters.letter.uses", "letters.promptversion", "letters.experiment")
CASE_ROWS = {label for label in ROWS if not label.startswith(OF_PRACTICES)}
QUESTIONS: dict[str, Maker] = {  # what an address needs after its question mark to lead anywhere
    "admin/letters/letter/<int:pk>/beside/": lambda world: f"?sentence={world.version.sentences.first().position}",
}
NO_PRACTICES = {
    "admin/letters/promptversion/stage/": "a stage is everybody's; what is shown of it is of the caller's practice",
    "api/v1/prompts/stages/": "the same",
    "api/v1/ai-settings/<": "the same",  # addresses whose rows belong to no practice, and why strangers may come there
    "admin/procrastinate/": "jobs are for staff of the platform",
    "account/": "the token is what lets people in",
    "admin/r/": "leads only to rows with a page of their own, and none has one",
    "admin/(?P<url>": "what is no address",
}


@dataclass(frozen=True)
class Address:
    """A route with its parameters, and the models of the admin's pages."""

    route: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the address needs, as keys of MAKERS and ROWS."""
        found = re.finditer(r"<(?:\w+:)?(\w+)>", self.route)
        return tuple(self._row(hit.start()) if hit[1] in ("object_id", "pk") else hit[1] for hit in found)

    @property
    def of_a_case(self) -> bool:
        return bool(set(self.parameters) & (CASE | CASE_ROWS))

    @property
    def of_no_practice(self) -> bool:
        return self.route.startswith(tuple(NO_PRACTICES))

    def filled(self, world: World) -> str:
        path = self.route
        for key in self.parameters:
            value = str((ROWS | MAKERS)[key](world))
            path = re.sub(r"<[^>]+>", value, path, count=1)
        question = QUESTIONS.get(self.route)
        return f"/{path}{question(world) if question else ''}"

    def _row(self, position: int) -> str:
        """The model by the words before the parameter: admin/letters/letter/version/<pk> is letters.letter.version."""
        words = [word for word in self.route[:position].split("/") if word and "<" not in word]
        return ".".join(words[1:])


def walked(resolver: URLResolver, prefix: str = "") -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walked(entry, route)
        elif isinstance(entry, URLPattern):
            yield Address("admin/users/" if "(?P<app_label>" in route else route)


ADDRESSES = sorted(set(walked(get_resolver())), key=lambda address: address.route)
OF_ROWS = [address for address in ADDRESSES if address.parameters and not address.of_no_practice]
OF_LISTS = [address for address in ADDRESSES if not address.parameters and not address.of_no_practice]


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    settings.RATE_LIMITS = {name: limit | {"rate": ""} for name, limit in settings.RATE_LIMITS.items()}


@pytest.fixture
def world(drafted: Complaint, settings: Any) -> World:  # noqa: F811 - the fixture
    settings.CHAT_LEAST_ANSWERABLE = 0.0  # an answer with citations, whatever search thinks of it
    practice = drafted.practice
    analyst, admin = factories.analyst(practice), factories.admin(practice)
    Complaint.objects.filter(pk=drafted.pk).update(assigned_to=analyst)
    CaseRun.objects.create(complaint=drafted, kind=CaseRun.Kind.READ, created_at=NOW)
    correct(drafted, admin)
    create_ticket(asked=Request(title="Where is the SA302?", complaint=drafted), by=admin, now=NOW)
    factories.make_key(admin)
    factories.make_invitation(practice)
    factories.make_budget(practice)
    add_webhook(practice=practice, url="https://hooks.example.com/", by=admin, now=NOW)
    factories.make_call(practice, admin)
    note = UploadedPage(identifier=NOTE, title="How we word herons", body="Herons are written with one r each.")
    staged = stage_upload(pages=[note], kind="practice_note", source_name="Our herons", by=admin, now=NOW)[0]
    decide(staged=staged, judged=Judgement("approve"), by=admin, now=NOW)
    key = ApiKey.objects.create(
        user=factories.viewer(practice), name="Site", prefix="assistant1", secret_hash="0" * 64, scopes=["read"],
        created_at=NOW,
    )  # fmt: skip
    create_assistant(name="Site", api_key=key, source=None, by=admin, now=NOW)
    talk = start_conversation(by=admin, now=NOW)
    ask(conversation=talk, question="How much does HMRC pay for worry and distress?", now=NOW)
    answer = Message.objects.get(conversation=talk, speaker="assistant")
    give_feedback(message=answer, helpful=True, by=admin, now=NOW)
    prompt = write_prompt(practice=practice, stage="tone", text=PROMPT, by=admin, now=NOW)
    GoldenRun.objects.create(
        prompt=prompt, practice=practice, prompt_version="0" * 12, created_by=admin, created_at=NOW
    )
    plan = Plan(EXPERIMENT, "rating", baseline="parallel", challenger="three_stage")
    create_experiment(practice=practice, plan=plan, by=admin, now=NOW)
    outsiders = (factories.outsider(), factories.admin(factories.make_practice()))
    return World(drafted, admin, analyst, factories.analyst(practice), factories.viewer(practice), outsiders)


def correct(complaint: Complaint, by: User) -> None:
    page = Page.objects.filter(document__complaint=complaint).first()
    correct_fact(document=page.document, quote=page.text.split("\n")[0], reason="It is wrong.", by=by, now=NOW)


class Visitor:
    """Somebody who is signed in and tries addresses; what a try would change is undone."""

    def __init__(self, user: User) -> None:
        self.client = Client(raise_request_exception=False, headers={"If-Match": '"1"'})
        self.client.force_login(user)
        self.session = self.client.cookies["sessionid"].value

    def tries(self, path: str, method: str) -> tuple[int, str, int]:
        """Status, text and how many lines the trail grew by. A redirect within the site is followed once."""
        self.client.cookies["sessionid"] = self.session  # which signing out, among others, takes away
        with transaction.atomic():
            before = AuditEvent.objects.count()
            answer = self.client.generic(method, path, "{}", content_type="application/json")
            if answer.status_code in (301, 302) and "/login/" not in answer.headers["Location"]:
                answer = self.client.get(answer.headers["Location"])
            grown = AuditEvent.objects.count() - before
            transaction.set_rollback(True)
        text = b"".join(answer) if answer.streaming else answer.content
        return answer.status_code, text.decode(errors="replace"), grown


def faults(user: User, addresses: list[Address], world: World, methods: tuple[str, ...], right: set[int]) -> list[str]:
    visitor = Visitor(user)
    tried = [(address.filled(world), method) for address in addresses for method in methods]
    found = [(method, path, visitor.tries(path, method)[0]) for path, method in tried]
    return [f"{method} {path} answered {status}" for method, path, status in found if status not in right]


def test_every_address_can_be_filled() -> None:
    unknown = {
        f"{address.route} needs {key}"
        for address in OF_ROWS
        for key in address.parameters
        if key not in MAKERS and key not in ROWS
    }
    assert not unknown, "\n".join(["Give these a maker:", *sorted(unknown)])
    assert not [address.route for address in OF_ROWS + OF_LISTS if "(?P" in address.route]


def test_the_walk_reaches_every_app() -> None:
    starts = {tuple(address.route.split("/")[:2]) for address in OF_ROWS}
    assert {("admin", "users"), ("admin", "letters"), ("admin", "complaints"), ("api", "v1")} <= starts


def test_the_rows_are_there_for_the_admin_of_their_practice(world: World) -> None:
    """Without this, addresses that lead nowhere would pass as hidden."""
    nobody = set(range(200, 600)) - {404, 500}
    assert not faults(world.admin, OF_ROWS, world, READING, nobody)


def test_another_practices_rows_are_not_found_by_any_method(world: World) -> None:
    found = [fault for user in world.outsiders for fault in faults(user, OF_ROWS, world, METHODS, HIDDEN)]
    assert not found, "\n" + "\n".join(found)


def test_another_practices_words_are_in_no_list(world: World) -> None:
    words = {
        NOTE,
        "Our herons",
        PROMPT,
        EXPERIMENT,
        world.practice.name,
        world.complaint.client.name,
        world.complaint.reference,
        world.admin.email,
    }
    visitor = Visitor(world.outsiders[0])
    found = []
    for address in OF_LISTS:
        status, text, _ = visitor.tries(f"/{address.route}", "GET")
        found += [f"{address.route} answered 500"] if status >= 500 else []
        found += [f"{address.route} says {word}" for word in words if word in text]
    assert not found, "\n" + "\n".join(found)


def test_an_analyst_without_the_case_does_not_find_it(world: World) -> None:
    of_cases = [address for address in OF_ROWS if address.of_a_case]
    found = faults(world.other_analyst, of_cases, world, READING, HIDDEN | {403})
    found += [
        fault for fault in faults(world.other_analyst, of_cases, world, READING, HIDDEN) if "/admin/" not in fault
    ]
    found += faults(world.other_analyst, of_cases, world, METHODS[1:], REFUSED)
    assert not found, "\n" + "\n".join(found)


def test_a_viewer_changes_nothing(world: World) -> None:
    visitor = Visitor(world.viewer)
    found = []
    for address in [address for address in ADDRESSES if not address.of_no_practice]:
        path = address.filled(world)
        for method in METHODS[1:]:
            status, _, grown = visitor.tries(path, method)
            let_in = status not in REFUSED and address.parameters and path.startswith("/api/")
            if grown or let_in or status >= 500:
                found.append(f"{method} {path} answered {status} and left {grown} lines on the trail")
    assert not found, "\n" + "\n".join(found)
