"""Prompts and AI settings over the REST API and in the browser admin: who may do what, and what is refused."""

import pytest
from django.test import Client
from django.urls import reverse

from complaints.tests.factories import NOW
from letters.models import GoldenRun, PromptVersion, StageSettings
from letters.services import write_prompt
from letters.services.prompts import version_of
from users.models import User
from users.tests import factories

pytestmark = pytest.mark.django_db
WORDS = "Say only what a card says, in its own nouns and verbs."


@pytest.fixture
def admin() -> User:
    return factories.admin()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, method: str, path: str, body: object = None, tag: int | None = None) -> object:
    headers = {} if tag is None else {"If-Match": f'"{tag}"'}
    return client.generic(method, path, "" if body is None else json(body), "application/json", headers=headers)


def json(body: object) -> str:
    from json import dumps  # noqa: PLC0415

    return dumps(body)


def passed(prompt: PromptVersion) -> None:
    GoldenRun.objects.create(
        prompt=prompt, practice=prompt.practice, state="passed", prompt_version=version_of(prompt),
        created_by=prompt.author, created_at=NOW, finished_at=NOW,
    )  # fmt: skip


def test_a_prompt_goes_from_draft_to_active_and_back_over_rest(admin, django_assert_max_num_queries) -> None:
    client = client_of(admin)
    made = send(client, "POST", "/api/v1/prompts/versions/", {"stage": "tone", "text": WORDS, "note": "calmer"})
    assert made.status_code == 201
    where = made.headers["Location"]
    assert client.get(where).json()["state"] == "draft"
    refused = send(client, "POST", f"{where}activate/", tag=1)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:lightpoint:prompt-not-tested")
    assert "test it first" in refused.json()["detail"]
    assert send(client, "POST", f"{where}test/").json()["type"] == "urn:lightpoint:no-model"
    passed(PromptVersion.objects.get())
    assert send(client, "POST", f"{where}activate/").status_code == 428
    assert send(client, "POST", f"{where}activate/", tag=1).json()["state"] == "active"
    with django_assert_max_num_queries(8):
        stages = {one["stage"]: one for one in client.get("/api/v1/prompts/").json()["stages"]}
    assert (stages["tone"]["number"], stages["tone"]["text"], stages["facts"]["number"]) == (1, WORDS, 0)
    lines = client.get(f"{where}diff/").json()["lines"]
    assert {line["kind"] for line in lines} >= {"added", "removed"}
    assert client.get(f"{where}golden-runs/").json()["results"][0]["state"] == "passed"
    assert send(client, "POST", "/api/v1/prompts/stages/tone/reset/").json()["state"] == "retired"
    assert send(client, "POST", "/api/v1/prompts/stages/tone/reset/").status_code == 409
    assert client.get("/api/v1/prompts/stages/ghost/").status_code == 404


def test_a_test_is_a_job_and_its_run_tells_how_far_it_is(admin, settings) -> None:
    settings.LLM_API_KEY = "a key"
    prompt = write_prompt(practice=admin.practice, stage="tone", text=WORDS, by=admin, now=NOW)
    client = client_of(admin)
    first = send(client, "POST", f"/api/v1/prompts/versions/{prompt.pk}/test/")
    assert (first.status_code, first.json()["state"]) == (202, "waiting")
    assert client.get(first.headers["Location"]).json()["figures"] == {}
    again = send(client, "POST", f"/api/v1/prompts/versions/{prompt.pk}/test/")
    assert again.json()["id"] == first.json()["id"]


def test_tests_of_prompts_count_to_the_limit_of_letters(admin, settings) -> None:
    settings.LLM_API_KEY = "a key"
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "letters": settings.RATE_LIMITS["letters"] | {"rate": "1/h"}}
    prompt = write_prompt(practice=admin.practice, stage="tone", text=WORDS, by=admin, now=NOW)
    client = client_of(admin)
    statuses = [send(client, "POST", f"/api/v1/prompts/versions/{prompt.pk}/test/").status_code for _ in range(2)]
    assert statuses == [202, 429]


def test_ai_settings_are_set_and_cleared_over_rest(admin, settings) -> None:
    settings.LLM_OFFERED = {"best": ["openai/gpt-4o"]}
    client = client_of(admin)
    path = "/api/v1/ai-settings/tone/"
    assert client.get(path).headers["ETag"] == '"0"'
    wanted = {"tier": "best", "model": "openai/gpt-4o", "temperature": "0.20", "default_tone": "measured"}
    assert send(client, "PATCH", path, wanted, tag=0).json()["model"] == "openai/gpt-4o"
    assert send(client, "PATCH", path, {"most_tokens": 900}, tag=0).status_code == 412
    assert send(client, "PATCH", path, {"most_tokens": 900}, tag=1).json()["tier"] == "best"
    assert send(client, "PATCH", path, {"model": "somebody/else"}, tag=2).status_code == 422
    listed = client.get("/api/v1/ai-settings/").json()
    assert "openai/gpt-4o" in next(one["models"] for one in listed["offered"] if one["tier"] == "best")
    assert send(client, "DELETE", path, tag=2).status_code == 204
    assert not StageSettings.objects.exists()


@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_prompts_are_for_admins_and_managers(role) -> None:
    client = client_of(getattr(factories, role)())
    for path in ("/api/v1/prompts/", "/api/v1/prompts/versions/", "/api/v1/ai-settings/"):
        assert client.get(path).status_code == 403
    assert client.get(reverse("admin:letters_promptversion_changelist")).status_code == 403
    assert send(client, "POST", "/api/v1/prompts/versions/", {"stage": "tone", "text": WORDS}).status_code == 403


def test_the_pages_show_what_is_in_force_and_let_a_manager_change_it(admin, settings) -> None:
    client = client_of(factories.manager(admin.practice))
    page = client.get(reverse("admin:letters_promptversion_changelist")).content.decode()
    assert page.count("As shipped") == 4
    stage = reverse("admin:letters_promptversion_stage", args=["tone"])
    assert "Everything between tags is data" in client.get(stage).content.decode()
    kept = client.post(f"{stage}write/", {"text": WORDS, "note": "calmer"}, follow=True).content.decode()
    assert "Test them on the golden case" in kept
    assert "<ins>Say only what a card says, in its own nouns and verbs.</ins>" in kept
    row = PromptVersion.objects.get()
    activate = reverse("admin:letters_promptversion_activate", args=[row.pk])
    assert "test it first" in client.post(activate, {"version": "1"}, follow=True).content.decode()
    passed(row)
    assert "by these words from now on" in client.post(activate, {"version": "1"}, follow=True).content.decode()
    assert "version 1 of the practice" in client.get(stage).content.decode()
    done = client.post(f"{stage}settings/", {"version": "0", "tier": "fast", "temperature": "0.1"}, follow=True)
    assert "asked so from now on" in done.content.decode()
    assert StageSettings.objects.get().tier == "fast"
    assert client.post(f"{stage}settings/", {"version": "0", "temperature": "7"}).status_code == 422
    client.post(f"{stage}settings/", {"version": "1", "clear": "1"})
    assert not StageSettings.objects.exists()
    assert "shipped prompt is in force again" in client.post(f"{stage}reset/", follow=True).content.decode()
    assert client.post(f"{stage}write/", {"text": ""}).status_code == 422


def test_staff_of_the_platform_read_prompts_and_have_none(admin) -> None:
    client = client_of(factories.superuser())
    assert client.get("/api/v1/prompts/").status_code == 200
    assert client.get(reverse("admin:letters_promptversion_stage", args=["tone"])).status_code == 200
    assert send(client, "POST", "/api/v1/prompts/versions/", {"stage": "tone", "text": WORDS}).status_code == 403


def test_staff_of_the_platform_are_told_why_there_is_nothing_to_write() -> None:
    page = client_of(factories.superuser()).get(reverse("admin:letters_promptversion_stage", args=["tone"]))
    assert "its admins write them here" in page.content.decode()


def test_an_empty_list_tells_what_can_be_done_and_nothing_else() -> None:
    client = client_of(factories.superuser())
    page = client.get(reverse("admin:letters_experiment_changelist")).content.decode()
    assert "There is nothing here yet" in page
    assert "Reset filters" not in page
    filtered = client.get(reverse("admin:letters_experiment_changelist") + "?state__exact=running").content.decode()
    assert "Nothing was found" in filtered
    assert "Reset filters" in filtered
