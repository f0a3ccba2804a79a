"""A case from intake to a sent letter over REST, with a client that openapi-python-client makes from the schema."""

import importlib
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from complaints.tests.workers import forget_jobs, work
from knowledge.services import load_digest_into_database
from users.models import Practice
from users.roles import Role
from users.tests.factories import NOW, PASSWORD, make_key, make_practice, make_user

SAMPLE = django_settings.BASE_DIR / "samples" / "cgt-repayment-withheld"
NAME = "lightpoint_client"
ANALYST = "ada@penhallow.example"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package that was generated, without a network and without a warning."""
    folder = tmp_path_factory.mktemp("client")
    call_command("spectacular", "--file", str(folder / "schema.yaml"))
    (folder / "config.yaml").write_text("post_hooks: []\n")  # its code is run here, not read
    program = Path(sys.executable).with_name("openapi-python-client")
    options = ["--path", "schema.yaml", "--config", "config.yaml", "--meta", "none", "--fail-on-warning"]
    made = subprocess.run(
        [program, "generate", *options, "--output-path", NAME], cwd=folder, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module(NAME)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == NAME]:
        del sys.modules[name]


class Caller:
    """A person with the generated client. `caller("letters.get_letter", 3)` gives what it parsed, and checks it."""

    def __init__(self, generated: ModuleType, url: str, key: str | None) -> None:
        self.models = importlib.import_module(f"{NAME}.models")
        self.types = importlib.import_module(f"{NAME}.types")
        self.client = (
            generated.AuthenticatedClient(url, token=key, timeout=30, raise_on_unexpected_status=True)
            if key
            else generated.Client(url, timeout=30, raise_on_unexpected_status=True)
        )
        self.last: Any = None

    def __call__(self, operation: str, *path: Any, status: int = 200, **options: Any) -> Any:
        module = importlib.import_module(f"{NAME}.api.{operation}")
        self.last = module.sync_detailed(*path, client=self.client, **options)
        assert self.last.status_code == status, (operation, self.last.status_code, self.last.content[:2000])
        return self.last.parsed

    @property
    def tag(self) -> str:
        """The ETag of the last answer."""
        return str(self.last.headers["ETag"])

    def body(self, model: str, **fields: Any) -> Any:
        return getattr(self.models, model).from_dict(fields)


Person = Callable[[str | None], Caller]


@pytest.fixture
def practice(transactional_db: None) -> Practice:
    load_digest_into_database(now=NOW)
    return make_practice("Penhallow Reed LLP", signatory_name="Morwenna Reed", signatory_capacity="Partner")


@pytest.fixture
def person(generated: ModuleType, live_server: LiveServer, settings: Settings) -> Iterator[Person]:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    people: list[Caller] = []

    def make(key: str | None) -> Caller:
        people.append(Caller(generated, live_server.url, key))
        return people[-1]

    yield make
    for one in people:
        one.client.get_httpx_client().close()


def key_after_signing_in(stranger: Caller, email: str) -> str:
    """Sign in at the door of the site, as a person does, and have a key made there."""
    http: httpx.Client = stranger.client.get_httpx_client()
    form = {"username": email, "password": PASSWORD, "csrfmiddlewaretoken": csrf_of(http, "/admin/login/")}
    assert http.post("/admin/login/", data=form).status_code == 302
    http.headers["X-CSRFToken"] = http.cookies["csrftoken"]
    wanted = stranger.body("KeyInputRequest", name="The case system", scopes=["read", "write"])
    return str(stranger("api_keys.create_api_key", body=wanted, status=201).key)


def csrf_of(http: httpx.Client, path: str) -> str:
    http.get(path)
    return http.cookies["csrftoken"]


def invited(admin: Caller, stranger: Caller, email: str, role: str) -> str:
    """The key of somebody who was invited, accepted, and signed in."""
    sent = admin(
        "invitations.invite_user", body=admin.body("InvitationInputRequest", email=email, role=role), status=201
    )
    accepting = stranger.body("AcceptInputRequest", token=sent.token, name="Ada Reed", password=PASSWORD)
    user = stranger("invitations.accept_invitation", body=accepting, status=201)
    assert (user.email, user.role.value) == (email, role)
    return key_after_signing_in(stranger, email)


def opened(ada: Caller) -> Any:
    """The sample case as its intake says it, sent twice with one key and opened once."""
    intake = json.loads((SAMPLE / "case.json").read_text())
    fields = {name: intake[name] for name in ("tax_head", "brief", "desired_outcome", "opened_on")}
    fields |= {f"client_{name}": intake["client"][name] for name in ("name", "kind")}
    fields |= {"nation": intake["client"]["nation"], "references": intake["client"]["references"]}
    body = ada.body("ComplaintListRequest", **fields)
    first, again = (
        ada("complaints.open_complaint", body=body, idempotency_key="intake-1", status=201) for _ in range(2)
    )
    assert ada.last.headers["Idempotent-Replayed"] == "true"
    assert first == again
    return first


def upload(ada: Caller, complaint: int) -> Any:
    paths = sorted(path for path in (SAMPLE / "documents").iterdir() if not path.name.startswith("scan_"))
    files = [ada.types.File(BytesIO(path.read_bytes()), path.name) for path in paths]
    body = ada.models.DocumentListRequest(files=files)
    taken = ada("complaints.upload_documents", complaint, body=body, idempotency_key="papers", status=202)
    assert [document.name for document in taken.documents] == [path.name for path in paths]
    return taken.run


def finished(ada: Caller, run: Any) -> Any:
    """The run after a worker has been at it."""
    assert run.state.value in ("queued", "running")
    work()
    run = ada("runs.get_run", run.id)
    assert run.state.value == "done", run.message
    return run


def letter_of(ada: Caller, complaint: int) -> Any:
    letters = ada("letters.list_letters", complaint=complaint).results
    assert letters
    return ada("letters.get_letter", letters[0].id)


def edited(ada: Caller, letter: Any) -> Any:
    """The letter after a figure was made wrong, which blocks it, and put right again."""
    tag = ada.tag
    ledger = ada("letter_versions.get_ledger", letter.newest_version).sentences
    line = next(line for line in ledger if "£4,196" in line.text and any(source.quote for source in line.sources))
    wrong = edit(ada, line, re.sub(r"£4,196(\.00)?", "£5,196.00", line.text))
    ada("letters.edit_letter", letter.id, body=wrong, if_match='"999"', status=412)
    version = ada("letters.edit_letter", letter.id, body=wrong, if_match=tag, status=201)
    assert (version.number, version.released) == (2, False)
    assert version.problems
    version = ada("letters.edit_letter", letter.id, body=edit(ada, line, line.text), if_match=ada.tag, status=201)
    assert (version.number, version.released, version.author) == (3, True, "Ada Reed"), version.problems
    return ada("letters.get_letter", letter.id)


def edit(ada: Caller, line: Any, words: str) -> Any:
    return ada.body("LetterEditRequest", edits=[{"position": line.position, "text": words}])


def approved(ada: Caller, morag: Caller, letter: Any) -> Any:
    """The letter after its author asked, could not approve it, and a manager did."""
    asked = ada("letters.ask_for_review", letter.id, body=ada.body("CommentInputRequest"), if_match=ada.tag)
    assert asked.state.value == "in_review"
    good = ada.body("CommentInputRequest", comment="Good")
    ada("letters.approve_letter", letter.id, body=good, if_match=ada.tag, status=403)
    morag("letters.get_letter", letter.id)
    done = morag("letters.approve_letter", letter.id, body=good, if_match=morag.tag)
    assert (done.state.value, done.approved_by) == ("approved", "Morag Penhallow")
    return ada("letters.get_letter", letter.id)


def check_files(ada: Caller, version: int) -> None:
    download = "letter_versions.download_letter"
    files = {kind: ada(download, version, kind).payload for kind in ("docx", "pdf", "receipt")}
    assert "word/document.xml" in zipfile.ZipFile(files["docx"]).namelist()
    assert files["pdf"].read(5) == b"%PDF-"
    assert [change["by"] for change in json.loads(files["receipt"].read())["edits"]] == ["Ada Reed", "Ada Reed"]


@pytest.fixture(autouse=True)
def _no_jobs_left(transactional_db: None) -> Iterator[None]:
    yield
    forget_jobs()


def check_analysis(ada: Caller, complaint: int) -> None:
    newest = ada("complaints.list_analyses", complaint).results[0]
    analysis = ada("analyses.get_analysis", newest.id)
    assert analysis.route == "complaint"
    assert analysis.events
    assert analysis.breaches


def test_a_case_goes_from_intake_to_a_sent_letter(practice: Practice, person: Person) -> None:
    admin = person(make_key(make_user(Role.ADMIN, practice)))
    morag = person(make_key(make_user(Role.MANAGER, practice, name="Morag Penhallow")))
    ada = person(invited(admin, person(None), ANALYST, "analyst"))

    case = opened(ada).id
    finished(ada, upload(ada, case))
    documents = ada("complaints.list_documents", case).results
    assert {document.status.value for document in documents} == {"read"}
    finished(ada, ada("complaints.analyse_complaint", case, status=202))
    check_analysis(ada, case)
    drafting = ada.body("LetterDraftRequest", tone="firm")
    finished(ada, ada("complaints.draft_letters", case, body=drafting, status=202))

    letter = approved(ada, morag, edited(ada, letter_of(ada, case)))
    today = timezone.localdate().isoformat()
    sending = ada.body("LetterSendRequest", sent_on=today, method="post", reference="RM 123 456 GB")
    dispatch = ada("letters.send_letter", letter.id, body=sending, if_match=ada.tag, status=201)
    assert ada("letters.get_letter", letter.id).state.value == "sent"
    check_files(ada, dispatch.version)

    told = " ".join(line.text.lower() for line in ada("complaints.list_timeline", case).results)
    assert all(word in told for word in ("opened", "approved", "sent")), told
    trail = {event.action for event in admin("audit_events.list_audit_events", page_size=200).results}
    assert {"complaint.opened", "letter.edited", "letter.approved", "letter.sent"} <= trail, trail
