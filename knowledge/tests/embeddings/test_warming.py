"""That warm_cache leaves nothing to buy for the questions that ship, and hands the frequent ones to what answers."""

from io import StringIO

import pytest
from django.core.management import call_command

from knowledge.embeddings import EmbeddingError, embed
from knowledge.services.warming import digest_questions, frequent_questions, warm_cache
from knowledge.tests.embeddings.conftest import Counting
from lightpoint.progress import NullProgress


class Taken(NullProgress):
    def __init__(self) -> None:
        self.totals: dict[str, int | None] = {}
        self.steps: list[str] = []

    def start(self, step: str, total: int | None) -> None:
        self.totals[step] = total

    def advance(self, step: str, label: str) -> None:
        self.steps.append(step)


def test_there_are_forty_frequent_questions_or_more_and_no_two_are_one() -> None:
    questions = frequent_questions()
    assert len(questions) >= 40
    assert len({question.casefold() for question in questions}) == len(questions)
    assert all(question.endswith("?") for question in questions)


@pytest.mark.django_db
def test_after_it_the_questions_cost_nothing_and_a_second_run_buys_nothing(counting: Counting) -> None:
    taken = Taken()
    report = warm_cache(progress=taken)
    assert report.bought == report.questions == len(counting.bought) == taken.totals["embeddings"] == len(taken.steps)
    calls = len(counting.calls)
    embed(frequent_questions())
    embed(list(digest_questions()))
    assert warm_cache().bought == 0
    assert len(counting.calls) == calls


@pytest.mark.django_db
def test_the_frequent_questions_are_answered_by_what_is_given(counting: Counting) -> None:
    found: list[str] = []
    taken = Taken()
    report = warm_cache(answer=found.append, progress=taken)
    assert tuple(found) == frequent_questions()
    assert report.answered == taken.totals["answers"] == len(found)


@pytest.mark.django_db
def test_the_command_says_what_was_done(counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.management.commands.warm_cache.ensure_ready", lambda: None)
    monkeypatch.setattr("knowledge.management.commands.warm_cache.answer_and_keep", len)
    out = StringIO()
    call_command("warm_cache", stdout=out)
    assert f"{len(frequent_questions())} answered" in out.getvalue()


@pytest.mark.django_db
def test_the_command_ends_with_one_line_when_there_are_no_embeddings(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_texts: object) -> None:
        raise EmbeddingError("The embedding endpoint cannot be reached")

    monkeypatch.setattr("knowledge.management.commands.warm_cache.ensure_ready", lambda: None)
    monkeypatch.setattr("knowledge.services.warming.embed", fail)
    err = StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("warm_cache", stderr=err)
    assert ending.value.code == 2
    assert err.getvalue() == "warm_cache: The embedding endpoint cannot be reached\n"
