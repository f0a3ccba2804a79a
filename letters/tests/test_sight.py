"""What is told of a letter while it is written: checked text alone, early, and in the end all."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from complaints.models import CaseRun, Complaint
from complaints.selectors import text_in_sight
from complaints.services import perform_run
from complaints.tests.factories import NOW
from letters.management.simulated import Liar, Request, broken, reworded
from letters.models import LetterVersion
from letters.pipelines import Part
from letters.pipelines.sight import State, section_states, seen_sections
from letters.records import Block, DraftLetter, Sentence
from letters.services import draft_case, start_draft, work_on_letters
from lightpoint.codec import from_plain
from lightpoint.events import case_channel, told
from lightpoint.llm.simulator import Simulator
from lightpoint.progress import NullProgress
from users.tests.factories import manager

Events = list[tuple[str, dict[str, Any]]]


class Listening(NullProgress):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.events: Events = []

    def tell(self, event: str, data: Mapping[str, Any]) -> None:
        self.events.append((event, dict(data)))

    @property
    def texts(self) -> list[dict[str, Any]]:
        return [data for event, data in self.events if event == "text"]

    @property
    def newest(self) -> dict[tuple[int, int], dict[str, Any]]:
        return {(data["letter"], data["section"]): data for data in self.texts}


@pytest.fixture
def provider(settings: Settings) -> Iterator[Callable[[Callable[[Request], object]], Simulator]]:
    """A function that starts a provider which answers as it is told, and which the settings lead to."""
    started: list[Simulator] = []

    def start(answer: Callable[[Request], object]) -> Simulator:
        found = Simulator(None, answer, time_scale=0.001).__enter__()
        started.append(found)
        for name, value in found.settings().items():
            setattr(settings, name, value)
        settings.LETTER_CALLS_AT_ONCE = 1  # in the thread, and so in the transaction, of the test
        settings.LLM_RETRIES = 0
        return found

    yield start
    for one in started:
        one.__exit__(None, None, None)


def draft(complaint: Complaint, pipeline: str, progress: NullProgress) -> tuple[DraftLetter, ...]:
    return draft_case(complaint=complaint, by=None, now=NOW, pipeline=pipeline, progress=progress).letters


def unknown(text: str, sentences: set[str]) -> str:
    """What is left of `text` when the sentences are taken out of it, the long ones first, and the figures of a list."""
    for sentence in sorted(sentences, key=len, reverse=True):
        text = text.replace(sentence, " ")
    return "".join(text.split())


def rows_of(letters: tuple[DraftLetter, ...]) -> set[str]:
    """The paragraphs that are no sentences, as they are shown: rows of tables."""
    found = set[str]()
    for letter in letters:
        for section in seen_sections(replaced_paragraphs(letter), {}, "kept"):
            found |= set(section.paragraphs)
    return found


def replaced_paragraphs(letter: DraftLetter) -> DraftLetter:
    tables = tuple(block for block in letter.blocks if block.kind not in ("paragraph", "numbered"))
    return DraftLetter(letter.type, letter.recipient, letter.dated, tables, letter.exhibits)


@pytest.mark.django_db
@pytest.mark.parametrize("pipeline", ["parallel", "three_stage"])
def test_no_sentence_is_told_that_the_ledger_has_not_accepted(drafted, provider, pipeline) -> None:
    embedded = draft(drafted, "embedded", NullProgress())
    truth = {sentence.text for letter in embedded for sentence in letter.sentences()}
    told_lies: list[str] = []
    lying = Liar(0.2, seed=3)

    def answer(request: Request) -> str:
        told_lies.append(lying(request))
        return told_lies[-1]

    provider(answer)
    listening = Listening()
    draft(drafted, pipeline, listening)
    tables = rows_of(embedded)
    for seen in listening.texts:
        for paragraph in seen["paragraphs"]:
            words = paragraph.partition(". ")[2] if paragraph.partition(". ")[0].isdigit() else paragraph
            assert paragraph in tables or not unknown(words, truth), (seen["state"], paragraph)
    assert {seen["state"] for seen in listening.texts} >= {"drafted", "checked"}


@pytest.mark.django_db
def test_the_drafters_letter_is_in_sight_before_a_model_is_asked_and_each_section_again_when_it_stands(
    drafted, provider
) -> None:
    listening, before_the_first = Listening(), []

    def answer(request: Request) -> object:
        before_the_first.append(len(listening.texts))
        return reworded(request)

    provider(answer)
    draft(drafted, "parallel", listening)
    first = listening.texts[: before_the_first[0]]
    assert [seen["section"] for seen in first] == list(range(len(first)))
    assert {seen["state"] for seen in first} == {"drafted", "kept"}
    assert all(seen["paragraphs"] for seen in first if not seen["title"].startswith("Annex"))
    open_ones = {seen["section"] for seen in first if seen["state"] == "drafted"}
    again = [seen for seen in listening.texts[len(first) :] if seen["state"] == "checked"]
    assert {seen["section"] for seen in again} == open_ones
    assert len(listening.texts) < 100
    version = LetterVersion.objects.latest("pk")
    sections = seen_sections(from_plain(DraftLetter, version.draft), {}, "kept")
    assert [(s.index, s.title, s.paragraphs) for s in sections] == [
        (place[1], seen["title"], seen["paragraphs"]) for place, seen in sorted(listening.newest.items())
    ]
    kept = {"letter": 0, "type": version.letter.type, "id": version.letter_id, "version": version.number}
    assert listening.events[-1] == ("version", {**kept, "released": True})


@pytest.mark.django_db
def test_what_a_model_cannot_word_is_told_to_stay_as_it_is(drafted, provider) -> None:
    provider(broken)
    listening = Listening()
    letters = draft(drafted, "parallel", listening)
    assert {seen["state"] for seen in listening.newest.values()} == {"kept"}
    assert len(letters) == 1


@pytest.mark.django_db
def test_a_second_press_tells_the_text_again_and_pays_nothing(drafted, provider) -> None:
    simulator = provider(reworded)
    first, second = Listening(), Listening()
    draft(drafted, "parallel", first)
    asked = len(simulator.calls)
    draft(drafted, "parallel", second)
    assert len(simulator.calls) == asked
    paragraphs = {place: seen["paragraphs"] for place, seen in first.newest.items()}
    assert {place: seen["paragraphs"] for place, seen in second.newest.items()} == paragraphs
    assert {seen["state"] for seen in second.texts} == {"checked"}
    assert second.events[-1] == first.events[-1]


class Killed(Exception):
    """The worker is gone."""


class Dying(Listening):
    """The progress of a worker that is killed when the first section that a model worded is in sight."""

    def tell(self, event: str, data: Mapping[str, Any]) -> None:
        super().tell(event, data)
        if data["state"] == "checked":
            raise Killed


@pytest.mark.django_db
def test_a_drafting_that_broke_off_tells_what_was_accepted_again_and_does_not_pay_for_it_again(
    drafted, provider
) -> None:
    simulator = provider(reworded)
    with pytest.raises(Killed):
        draft(drafted, "parallel", Dying())
    asked = len(simulator.calls)
    listening = Listening()
    draft(drafted, "parallel", listening)
    questions = [call.sent for call in simulator.calls]
    draft(drafted, "parallel", Listening())
    assert len(simulator.calls) == len(questions) > asked
    assert "checked" in {seen["state"] for seen in listening.newest.values()}


@pytest.mark.django_db(transaction=True)
def test_who_joins_late_is_shown_what_is_in_sight_and_nobody_else_is(drafted, client: Client) -> None:
    url = f"/api/v1/complaints/{drafted.pk}/events/"
    seen_while: list[list[dict[str, Any]]] = []

    def work(run: CaseRun, progress: Any) -> str:
        message = work_on_letters(run, progress)
        run.refresh_from_db()
        seen_while.append(text_in_sight(drafted, [run]))
        client.force_login(manager(drafted.practice))
        answer = client.get(url)
        assert b'"paragraphs": ["' in answer.content
        return message

    run = start_draft(complaint=drafted, by=None, now=NOW, pipeline="embedded", tone="robust")
    assert text_in_sight(drafted, [run]) == []  # it waits
    perform_run(run_id=run.pk, work=work)
    (seen,) = seen_while
    assert [one["section"] for one in seen] == list(range(len(seen)))
    assert {one["run"] for one in seen} == {run.pk}
    run.refresh_from_db()
    assert text_in_sight(drafted, [run]) == []  # it is over
    assert b'"text": []' in client.get(url).content
    assert [one["version"] for one in told(case_channel(drafted.pk), "version", run.started_at)] == [2]


def section(title: str, *texts: str) -> tuple[Block, Block]:
    heading = Block("heading", (Sentence(title, "form"),))
    return heading, Block("paragraph", tuple(Sentence(text, "fact") for text in texts))


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ({}, "drafted"),
        ({"a": "checked"}, "drafted"),
        ({"a": "checked", "b": "kept"}, "checked"),
        ({"a": "kept", "b": "kept"}, "kept"),
    ],
)
def test_a_section_with_a_part_that_is_open_is_open(states: dict[str, State], state: State) -> None:
    letter = DraftLetter("ico", "ICO", NOW.date(), (*section("One", "It is."), *section("Two", "It was.")), ())
    parts = [Part(name, "One", "prose", 1, 2, ()) for name in ("a", "b")]
    assert section_states(letter, parts, states) == {1: state}
