"""Canaries at the socket: what is planted in a practice's papers, in its guidance and in another practice's data."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytest_django import Settings

from complaints.models import CaseRun, Complaint, Page
from complaints.services import import_bundle, perform_run, start_run
from complaints.tests.factories import LETTER, NOW, make_bundle
from knowledge.services.chat import ask, start_conversation
from knowledge.services.ingestion import ingest_paths
from letters.management.simulated import Request, faithful
from letters.services import draft_case, work_on_letters
from lightpoint.llm.simulator import Simulator
from users.models import Practice
from users.services import create_practice
from users.tests.factories import manager

pytestmark = pytest.mark.django_db
QUESTION = "How long may HMRC keep a repayment back before the delay is unreasonable?"


@dataclass(frozen=True)
class Canaries:
    """Words that stand nowhere else. The `private` ones are to leave to nobody, `word` only for whom it belongs to."""

    name: str
    phone: str
    mail: str
    account: str
    reference: str
    word: str

    @property
    def private(self) -> tuple[str, ...]:
        return (*self.name.split()[1:], self.phone, self.mail, self.account, self.reference)

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.private, self.word)

    def told(self) -> str:
        return (
            f"{self.name} is the person to ask about a repayment that HMRC keeps back without reason. Ring {self.phone}"
            f" or write to {self.mail}. The account is {self.account}, the reference is UTR {self.reference}."
            f" A delay of a repayment is unreasonable when it is {self.word}."
        )


OWN_PAPER = Canaries(
    "Mr Zebedee Quorlthwaite", "07700 900461", "zq@quorl.example", "GB29NWBK60161331926819", "5021489375", "plimsoaked"
)
OWN_GUIDANCE = Canaries(
    "Mrs Ottoline Vexmoorley", "07700 900462", "ov@vexmoor.example", "GB82WEST12345698765432", "2234567890", "grumbalow"
)
OTHER_PAPER = Canaries(
    "Mr Ptolemy Craddlewick", "07700 900463", "pc@craddle.example", "GB33BUKB20201555555555", "1234567895", "snickerfen"
)
OTHER_GUIDANCE = Canaries(
    "Ms Hesper Dunnavock", "07700 900464", "hd@dunna.example", "GB94BARC10201530093459", "3234567897", "wobblethorpe"
)
OTHERS = (*OTHER_PAPER.all, *OTHER_GUIDANCE.all)


@dataclass
class Wire:
    """Every request body that the provider was sent, as it came."""

    bodies: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> str:
        self.bodies.append(json.dumps(request, ensure_ascii=False))
        if "response_format" in request:
            return faithful(request)
        return "HMRC answers for a delay of a repayment that is unreasonable [S1]. Ask Mr Ptolemy Craddlewick [S1]."

    def taken(self) -> str:
        """What came since it was last taken."""
        found, self.bodies = "\n".join(self.bodies), []
        return found


@pytest.fixture
def wire(settings: Settings) -> Iterator[Wire]:
    found = Wire()
    with Simulator(None, found, time_scale=0.001) as provider:
        for name, value in provider.settings().items():
            setattr(settings, name, value)
        settings.LETTER_CALLS_AT_ONCE = 1  # in the thread, and so in the transaction, of the test
        settings.CHAT_LEAST_ANSWERABLE = 0.0
        yield found


@pytest.fixture
def other(drafted: Complaint, tmp_path: Path) -> Complaint:
    """A case of another practice; canaries are in its papers and guidance, and in those of the drafted case."""
    page = Page.objects.filter(document__complaint=drafted).order_by("pk")[0]
    page.text += f"\n{OWN_PAPER.told()}\n"
    page.save()
    practice = create_practice(name="Dunlin Sharpe LLP", address="8 Reedbed Row, Leeds LS9 0XX", now=NOW)
    guide(drafted.practice, OWN_GUIDANCE, tmp_path / "own")
    guide(practice, OTHER_GUIDANCE, tmp_path / "other")
    letter = LETTER.replace("Nothing has been received.", f"Nothing has been received. {OTHER_PAPER.told()}")
    bundle = make_bundle([("letter.txt", letter.encode())])
    return import_bundle(practice=practice, bundle=bundle, by=None, now=NOW)


def guide(practice: Practice, canaries: Canaries, folder: Path) -> None:
    """Guidance of `practice` alone."""
    folder.mkdir()
    (folder / "note.md").write_text(f"# Delay of a repayment\n\n{canaries.told()}\n")
    assert not ingest_paths([folder], practice=practice, now=NOW).problems


def chat(practice: Practice, email: str) -> str:
    row = start_conversation(by=manager(practice, email=email), now=NOW)
    return ask(conversation=row, question=QUESTION, now=NOW).text


def found(words: tuple[str, ...], text: str) -> list[str]:
    return [word for word in words if word.casefold() in text.casefold()]


def test_what_leaves_for_a_practice_is_its_own_and_names_nobody(drafted, other, wire) -> None:
    run = start_run(complaint=drafted, kind=CaseRun.Kind.NOTE, by=None, now=NOW)
    perform_run(run_id=run.pk, work=work_on_letters)
    notes = wire.taken()
    case = draft_case(complaint=drafted, by=None, now=NOW, pipeline="parallel")
    letters = wire.taken()
    answer = chat(drafted.practice, "own@penhallow.example")
    asked = wire.taken()
    assert OWN_PAPER.word in notes  # what is planted does reach a model, where it may
    assert OWN_GUIDANCE.word in asked
    assert "<section" in letters
    for leaves in (notes, letters, asked):
        assert found((*OWN_PAPER.private, *OWN_GUIDANCE.private, *OTHERS), leaves) == []
    for output in (*case.texts, answer):
        assert found(OTHERS, output) == []
    assert found(OWN_PAPER.private, "\n".join(case.texts)) == []


def test_nothing_of_a_practice_is_in_what_another_asks_or_gets(drafted, other, wire) -> None:
    draft_case(complaint=drafted, by=None, now=NOW, pipeline="parallel")
    chat(drafted.practice, "own@penhallow.example")
    wire.taken()
    case = draft_case(complaint=other, by=None, now=NOW, pipeline="parallel")
    answer = chat(other.practice, "other@dunlin.example")
    leaves = wire.taken()
    own = (*OWN_PAPER.all, *OWN_GUIDANCE.all)
    assert OTHER_PAPER.word in leaves
    assert OTHER_GUIDANCE.word in leaves
    assert found((*own, *OTHER_PAPER.private, *OTHER_GUIDANCE.private), leaves) == []
    for output in (*case.texts, answer):
        assert found(own, output) == []
