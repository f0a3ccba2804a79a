"""Answers that no honest provider gives: the letter is delivered, checked and paid for whatever comes back."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from complaints.models import Complaint
from complaints.tests.factories import NOW
from letters.casefile import CaseFile
from letters.management.simulated import Request, faithful, reworded
from letters.services import draft_case
from lightpoint.llm.simulator import Answer, Simulator, wire
from users.models import LLMCall, Reservation

pytestmark = pytest.mark.django_db
Answers = Callable[[Request], str | Answer]


@pytest.fixture
def provider(settings: Settings) -> Iterator[Callable[[Answers], None]]:
    """A function that starts a provider which answers as it is told."""
    started: list[Simulator] = []

    def start(answer: Answers) -> None:
        found = Simulator(None, answer, time_scale=0.001).__enter__()
        started.append(found)
        for name, value in found.settings().items():
            setattr(settings, name, value)
        settings.LETTER_CALLS_AT_ONCE = 1  # in the thread, and so in the transaction, of the test
        settings.LLM_RETRIES = 0

    yield start
    for one in started:
        one.__exit__(None, None, None)


def draft(complaint: Complaint, pipeline: str = "parallel") -> CaseFile:
    return draft_case(complaint=complaint, by=None, now=NOW, pipeline=pipeline)


def with_words(change: Callable[[str], str]) -> Answers:
    """A model that says what it was given, each text changed."""

    def answer(request: Request) -> Answer:
        value = json.loads(faithful(request))
        for note in value.get("notes", ()):
            note["gist"] = change(note["gist"])
        for section in value.get("sections", ()):
            if "point" in section:
                section["point"] = change(section["point"])
            else:
                section["paragraphs"] = [[change(text) for text in some] for some in section["paragraphs"]]
        return Answer(json.dumps(value), 50)

    return answer


@pytest.mark.parametrize(
    "change",
    [lambda text: text.replace(" ", " \x00", 1), lambda text: "\u202e" + text],
    ids=["nul", "right to left"],
)
def test_words_that_no_text_should_hold_are_in_no_letter(drafted, provider, change) -> None:
    embedded = draft(drafted, "embedded")
    provider(with_words(change))
    case = draft(drafted)
    assert case.released
    assert case.texts == embedded.texts


def _usage(sent: Any, written: Any, **more: Any) -> dict[str, Any]:
    return {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": 1, **more}


@pytest.mark.parametrize("told", [_usage(-500_000, -5), _usage(10**12, 10**12)], ids=["negative", "endless"])
def test_usage_that_cannot_be_is_estimated(drafted, provider, monkeypatch, told) -> None:
    monkeypatch.setattr(wire, "_told", lambda _usage: told)
    provider(reworded)
    case = draft(drafted)
    assert case.released
    assert case.receipt["sections"]["written"]
    rows = LLMCall.objects.all()
    assert {row.pricing for row in rows} == {"estimated"}
    assert sum(row.cost for row in rows) == Decimal(case.receipt["cost"]["amount"]) > 0
    assert not Reservation.objects.filter(state="open").exists()


def test_a_model_with_an_endless_name_is_the_one_that_was_asked(drafted, provider, monkeypatch) -> None:
    frame = wire._frame
    monkeypatch.setattr(wire, "_frame", lambda *given: frame(*given) | {"model": "m" * 5_000})
    provider(reworded)
    case = draft(drafted)
    assert case.released
    assert case.receipt["sections"]["written"]


def test_content_that_is_no_text_is_a_bad_answer(drafted, provider, monkeypatch) -> None:
    chunk = wire.chunk
    monkeypatch.setattr(
        wire, "chunk", lambda number, model, text=None, finish=None: chunk(number, model, text and 5, finish)
    )
    provider(reworded)
    case = draft(drafted)
    assert case.released
    outcomes = {call["outcome"] for call in case.receipt["calls"]}
    assert {"malformed"} <= outcomes <= {"malformed", "circuit-open"}  # after a few, the model is left alone
