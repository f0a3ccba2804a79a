"""Letters that models help to write, over HTTP to a simulated provider: true whatever the models say."""

import json
import time
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

import lightpoint.settings
from complaints.models import CaseRun, Complaint
from complaints.services import RunTaken, perform_run, start_run
from complaints.tests.factories import NOW
from letters.casefile import CaseFile
from letters.management.simulated import Liar, Request, broken, faithful, reworded
from letters.models import Letter, LetterVersion, StageResult
from letters.pipelines import PIPELINES
from letters.pipelines.prompts import STAGES, prompt_version, system_text
from letters.selectors import visible_letters
from letters.services import draft_case, work_on_letters
from lightpoint.codec import digest
from lightpoint.llm.simulator import Config, Fault, Simulator
from lightpoint.progress import NullProgress
from users.models import LLMCall
from users.selectors import receipt_of
from users.tests.factories import manager

pytestmark = pytest.mark.django_db
MODELS = [name for name in PIPELINES if name != "embedded"]


@pytest.fixture
def provider(settings: Settings) -> Iterator[Callable[..., Simulator]]:
    """A function that starts a provider which answers as it is told, and which the settings lead to."""
    started: list[Simulator] = []

    def start(answer: Callable[..., object], config: Config | None = None) -> Simulator:
        found = Simulator(config, answer, time_scale=0.001).__enter__()
        started.append(found)
        for name, value in found.settings().items():
            setattr(settings, name, value)
        settings.LETTER_CALLS_AT_ONCE = 1  # in the thread, and so in the transaction, of the test
        settings.LLM_RETRIES = 0
        return found

    yield start
    for one in started:
        one.__exit__(None, None, None)


def draft(complaint: Complaint, pipeline: str | None = None, **more: object) -> CaseFile:
    return draft_case(complaint=complaint, by=None, now=NOW, pipeline=pipeline, **more)


def words(case: CaseFile) -> int:
    return sum(len(text.split()) for text in case.texts)


@pytest.mark.parametrize("pipeline", MODELS)
def test_a_good_model_writes_a_released_letter(drafted, provider, pipeline) -> None:
    provider(reworded)
    case = draft(drafted, pipeline)
    assert case.released, case.problems
    assert case.receipt["sections"]["written"], case.receipt["sections"]
    assert case.receipt["pipeline"] == pipeline
    assert case.receipt["sections"]["replaced"] == []
    assert LetterVersion.objects.filter(pipeline=pipeline, released=True).count() == len(case.letters)


def true_sentences(case: CaseFile) -> set[str]:
    """What a letter may say: each card as the embedded drafter has it, or said as `reworded` does."""
    return {s.text for letter in case.letters for s in letter.sentences()}


@pytest.mark.parametrize("pipeline", MODELS)
def test_no_lie_of_a_model_is_in_a_released_letter(drafted, provider, pipeline) -> None:
    truth = true_sentences(draft(drafted, "embedded"))
    lying = Liar(0.5, seed=3)
    provider(lying)
    case = draft(drafted, pipeline)
    assert lying.told
    assert case.released, case.problems
    assert true_sentences(case) <= truth
    assert case.receipt["sections"]["asked_again"]


def test_a_model_that_does_nothing_but_lie_writes_no_word_of_the_letter(drafted, provider) -> None:
    provider(Liar(1.0))
    embedded = draft(drafted, "embedded")
    case = draft(drafted, "parallel")
    assert case.texts == embedded.texts
    assert case.released
    sections = case.receipt["sections"]
    assert len(sections["replaced"]) + len(sections["mended"]) >= 3
    assert all(one["reasons"] for one in (*sections["replaced"], *sections["mended"]))


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (broken, None),
        (faithful, Fault("status", 500)),
        (faithful, Fault("status", 401)),
        (faithful, Fault("half-close")),
        (faithful, Fault("truncated")),
        (faithful, Fault("wrong-json")),
    ],
    ids=["no JSON", "500", "401", "half-close", "truncated", "wrong JSON"],
)
def test_a_letter_is_delivered_by_the_embedded_drafter_when_the_provider_fails(
    drafted, provider, answer, faults
) -> None:
    embedded = draft(drafted, "embedded")
    provider(answer, Config(faults=lambda _number, _model: faults))
    case = draft(drafted, "parallel")
    assert case.texts == embedded.texts
    assert case.released
    assert case.receipt["sections"]["written"] == []
    assert all("provider" in one["reasons"][0] for one in case.receipt["sections"]["replaced"])
    assert {call["outcome"] for call in case.receipt["calls"]}.isdisjoint({"ok", "kept"})


def test_without_a_key_the_embedded_drafter_is_the_default(drafted) -> None:
    assert draft(drafted).receipt["pipeline"] == "embedded"


def test_with_a_key_sections_are_written_side_by_side(drafted, provider) -> None:
    provider(faithful)
    assert draft(drafted).receipt["pipeline"] == "parallel"


def test_a_second_press_asks_nobody(drafted, provider) -> None:
    simulator = provider(reworded)
    first = draft(drafted, "parallel")
    asked_once = len(simulator.calls)
    second = draft(drafted, "parallel")
    assert second.texts == first.texts
    assert len(simulator.calls) == asked_once
    assert second.receipt["calls"] == []


def test_the_receipt_adds_up_to_the_bill_of_the_provider(drafted, provider) -> None:
    simulator = provider(reworded)
    receipt = draft(drafted, "parallel").receipt
    assert Decimal(receipt["cost"]["amount"]) == simulator.bill > 0
    assert receipt["tokens"]["input"] == sum(call.sent for call in simulator.calls)
    assert receipt["tokens"]["output"] == sum(call.written for call in simulator.calls)
    assert len(receipt["calls"]) == len(simulator.calls)
    booked = LLMCall.objects.filter(complaint_id=drafted.pk)
    assert sum(call.cost for call in booked) == simulator.bill
    assert booked.count() == len(simulator.calls)
    assert all(call["reason"] and call["prompt_version"] for call in receipt["calls"])


@pytest.mark.parametrize("pipeline", ["parallel", "three_stage"])
def test_the_receipt_of_a_letter_sums_to_its_rows(drafted, provider, pipeline) -> None:
    simulator = provider(reworded)
    receipt = draft(drafted, pipeline, tone="robust").receipt
    letters = list(Letter.objects.filter(complaint=drafted))
    rows = LLMCall.objects.filter(complaint_id=drafted.pk)
    told = {one["letter_id"]: Decimal(one["amount"]) for one in receipt["cost_by_letter"]}
    assert set(told) == {None, *(letter.pk for letter in letters)}
    for letter_id, amount in told.items():
        assert amount == sum((row.cost for row in rows.filter(letter_id=letter_id)), Decimal(0))
    for letter in letters:
        assert receipt_of(letter).total == told[letter.pk] > 0
    assert sum(told.values()) == Decimal(receipt["cost"]["amount"]) == simulator.bill
    assert set(rows.filter(letter_id=None).values_list("stage", flat=True)) == {"facts"}
    assert Decimal(receipt["booked"]["amount"]) == simulator.bill


def test_a_letter_that_broke_off_is_shown_to_nobody_and_its_calls_are_in_the_end_on_its_receipt(
    drafted, provider
) -> None:
    simulator = provider(reworded)
    Letter.objects.filter(complaint=drafted).delete()
    with pytest.raises(Killed):
        draft(drafted, "template", tone="robust", progress=Dies(1, Killed))
    begun = Letter.objects.get(complaint=drafted)
    by = manager(drafted.practice)
    assert not visible_letters(by).exists()
    client = Client()
    client.force_login(by)
    assert client.get(f"/api/v1/letters/{begun.pk}/").status_code == 404
    assert client.get(reverse("admin:letters_letter_change", args=[begun.pk])).status_code == 404
    receipt = draft(drafted, "template", tone="robust").receipt
    assert visible_letters(by).get() == begun
    assert receipt_of(begun).total == Decimal(receipt["booked"]["amount"]) == simulator.bill
    assert receipt["booked"]["calls"] == LLMCall.objects.filter(complaint_id=drafted.pk).count()


@pytest.mark.parametrize("way", ["api", "page"])
def test_a_user_has_letters_drafted_ten_times_an_hour(drafted, settings, way) -> None:
    shipped = lightpoint.settings.RATE_LIMITS["letters"]  # pytest's settings have no limits
    assert (shipped["rate"], shipped["per"]) == ("10/h", "user")
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"letters": shipped}
    client, other = Client(), Client()
    client.force_login(manager(drafted.practice))
    other.force_login(manager(drafted.practice))
    api = f"/api/v1/complaints/{drafted.pk}/letters/draft/"
    page = reverse("admin:letters_letter_draft", args=[drafted.pk])

    def press(who: Client) -> int:
        if way == "api":
            return who.post(api, {}, content_type="application/json").status_code
        return who.post(page, {"tone": "firm"}).status_code

    assert [press(client) for _ in range(11)] == [202 if way == "api" else 302] * 10 + [429]
    assert client.post(page, {"tone": "firm"}).status_code == 429  # API and page count together
    assert press(other) != 429


def key_of(request: Request) -> str:
    """The key under which the answer to a request is kept."""
    system, *others = [message["content"] for message in request["messages"]]
    stage = next(stage for stage in STAGES if system_text(stage) == system)
    return digest(
        [stage, prompt_version(stage), request["model"], request["max_tokens"], request["temperature"], others]
    )


class Dies(NullProgress):
    """The progress of a worker that is killed when it has shown `at` times that the run is its own."""

    def __init__(self, at: int, error: type[Exception]) -> None:
        self.left, self.error = at, error

    def advance(self, step: str, label: str) -> None:
        if step == "letters":
            self.left -= 1
            if self.left < 0:
                raise self.error("killed")


class Killed(Exception):
    """The worker is gone."""


@pytest.mark.parametrize("pipeline", MODELS)
def test_a_letter_that_broke_off_is_resumed_without_paying_for_a_stage_again(drafted, provider, pipeline) -> None:
    questions: list[str] = []

    def listening(request: Request) -> str:
        questions.append(key_of(request))
        return reworded(request)

    provider(listening)
    whole = draft(drafted, pipeline, tone="robust")
    kept = set(StageResult.objects.values_list("key", flat=True))
    assert sorted(kept) == sorted(questions)  # each question once
    StageResult.objects.all().delete()
    Letter.objects.all().delete()
    deaths = 0
    for _ in range(40):
        stored = set(StageResult.objects.values_list("key", flat=True))
        questions.clear()
        try:
            resumed = draft(drafted, pipeline, tone="robust", progress=Dies(deaths + 1, Killed))
            break
        except Killed:
            deaths += 1
        assert not stored & set(questions)  # nothing that was paid for and kept is asked again
    assert deaths
    assert resumed.texts == whole.texts
    assert sorted(StageResult.objects.values_list("key", flat=True)) == sorted(kept)


def test_a_worker_whose_run_was_taken_over_stores_no_stage(drafted, provider) -> None:
    provider(reworded)
    with pytest.raises(RunTaken):
        draft(drafted, "three_stage", tone="robust", progress=Dies(0, RunTaken))
    assert not StageResult.objects.exists()


def test_an_hour_later_a_provider_that_failed_is_asked_again(drafted, provider) -> None:
    provider(reworded, Config(faults=lambda _number, _model: Fault("status", 500)))
    failed = draft(drafted, "parallel")
    assert draft(drafted, "parallel").texts == failed.texts
    versions = LetterVersion.objects.count()
    provider(reworded)
    better = draft(drafted, "parallel")
    assert better.receipt["sections"]["written"]
    assert LetterVersion.objects.count() == versions + len(better.letters)


def test_the_drafters_sentences_take_the_place_of_those_that_may_not_stand(drafted, provider) -> None:
    """One lie in each section: the rest of it stays as the model wrote it."""
    said: list[str] = []

    def once(request: Request) -> str:
        found = json.loads(reworded(request))
        for section in found.get("sections", ()):
            last = section["paragraphs"][-1]
            if isinstance(last[-1], str):
                last[-1] = f"HMRC has apologised to nobody in forty years. {last[-1][last[-1].rindex('[') :]}"
                said.extend(text.rpartition(" [")[0] for paragraph in section["paragraphs"] for text in paragraph)
        return json.dumps(found)

    provider(once)
    case = draft(drafted, "parallel")
    assert case.released
    assert "forty years" not in case.texts[0]
    assert case.receipt["sections"]["mended"]
    assert all(one["sentences"] >= 1 and one["reasons"] for one in case.receipt["sections"]["mended"])
    assert sum(text in case.texts[0] for text in said) > 3


def test_when_papers_have_been_read_notes_are_taken_and_the_letter_asks_for_none_again(drafted, provider) -> None:
    simulator = provider(reworded)
    run = start_run(complaint=drafted, kind=CaseRun.Kind.NOTE, by=None, now=NOW)
    perform_run(run_id=run.pk, work=work_on_letters)
    run.refresh_from_db()
    notes = StageResult.objects.filter(stage="facts")
    assert (run.state, run.message) == (CaseRun.State.DONE, f"{notes.count()} notes held")
    assert set(notes.values_list("attempt", flat=True)) == {1}
    asked = len(simulator.calls)
    assert asked == notes.count() > 3
    receipt = draft(drafted, "parallel").receipt
    facts = [call for call in receipt["calls"] if call["stage"] == "facts"]
    assert {call["outcome"] for call in facts} == {"kept"}
    assert len(facts) == asked
    assert receipt["cache_hits"] == asked


def test_without_a_key_no_note_is_taken(drafted) -> None:
    run = start_run(complaint=drafted, kind=CaseRun.Kind.NOTE, by=None, now=NOW)
    perform_run(run_id=run.pk, work=work_on_letters)
    run.refresh_from_db()
    assert run.message == "0 notes held"


def test_a_late_answer_leaves_the_section_to_the_embedded_drafter(drafted, provider, settings) -> None:
    provider(faithful, Config(faults=lambda _number, _model: Fault("hang")))
    settings.LETTER_DEADLINE_SECONDS = 0.5
    started = time.monotonic()
    case = draft(drafted, "parallel")
    assert case.released
    assert time.monotonic() - started < 30
    assert {call["outcome"] for call in case.receipt["calls"]} <= {"timeout", "circuit-open"}


def test_an_empty_budget_leaves_the_letter_to_the_embedded_drafter(drafted, provider, settings) -> None:
    simulator = provider(faithful)
    settings.LLM_CAPS = {**settings.LLM_CAPS, "practice-day": Decimal(0)}
    case = draft(drafted, "parallel")
    assert case.released
    assert simulator.calls == []
    assert {call["outcome"] for call in case.receipt["calls"]} == {"budget-exceeded"}


def test_the_api_takes_the_name_of_a_pipeline(drafted) -> None:
    client = Client()
    client.force_login(manager(drafted.practice))
    url = f"/api/v1/complaints/{drafted.pk}/letters/draft/"
    assert client.post(url, {"pipeline": "three_stage"}, content_type="application/json").status_code == 202
    assert CaseRun.objects.get().options == {"pipeline": "three_stage", "tone": "firm", "keep_edits": True}
    assert client.post(url, {"pipeline": "magic"}, content_type="application/json").status_code == 422


@pytest.mark.parametrize("key", ["", "a key"])
def test_the_page_offers_pipelines_where_there_is_a_key(drafted, settings, key) -> None:
    settings.LLM_API_KEY = key
    client = Client()
    client.force_login(manager(drafted.practice))
    page = client.get(reverse("admin:letters_letter_case", args=[drafted.pk])).content.decode()
    assert ("all sections at once" in page) == bool(key)
    fields = {"tone": "firm", **({"pipeline": "three_stage"} if key else {})}
    client.post(reverse("admin:letters_letter_draft", args=[drafted.pk]), fields)
    assert CaseRun.objects.get().options["pipeline"] == ("three_stage" if key else "embedded")


def test_the_prompts_are_shown_with_their_tokens(capsys) -> None:
    call_command("show_prompts")
    shown = capsys.readouterr().out
    for stage in STAGES:
        assert stage in shown
        assert prompt_version(stage) in shown
