"""Experiments and the stars of letters, over the REST API and in the browser admin."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from letters.models import Experiment, LetterRating, LetterVersion
from users.models import User
from users.tests import factories

pytestmark = pytest.mark.django_db
BODY = {"name": "shorter", "measure": "ledger_pass", "baseline": "three_stage", "challenger": "two_stage"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, method: str, path: str, body: object = None, tag: int | None = None) -> object:
    headers = {} if tag is None else {"If-Match": f'"{tag}"'}
    text = "" if body is None else json.dumps(body)
    return client.generic(method, path, text, "application/json", headers=headers)


def test_an_experiment_is_planned_started_changed_and_stopped_over_rest() -> None:
    client = client_of(factories.manager())
    made = send(client, "POST", "/api/v1/experiments/", BODY)
    assert (made.status_code, made.json()["state"], made.json()["margin"]) == (201, "draft", "0.050")
    where = made.headers["Location"]
    assert send(client, "POST", f"{where}start/").status_code == 428
    assert send(client, "POST", f"{where}start/", tag=1).json()["state"] == "running"
    assert send(client, "PATCH", where, {"percent": 10}, tag=2).json()["percent"] == 10
    assert send(client, "PATCH", where, {"measure": "rating"}, tag=3).status_code == 422
    stands = client.get(f"{where}standing/").json()
    assert (stands["pairs"], stands["against"]) == (0, 1.0)
    again = send(client, "POST", f"{where}start/", tag=3)
    assert (again.status_code, again.json()["type"]) == (409, "urn:lightpoint:experiment-move-not-allowed")
    assert send(client, "POST", f"{where}stop/", tag=3).json()["state"] == "stopped"
    assert client_of(factories.manager()).get(where).status_code == 404
    assert client_of(factories.analyst()).get("/api/v1/experiments/").status_code == 403
    unfit = send(client, "POST", "/api/v1/experiments/", BODY | {"name": "b", "measure": "cost"})
    assert (unfit.status_code, unfit.json()["type"]) == (422, "urn:lightpoint:unfit-experiment")


def test_the_list_of_the_admin_starts_and_stops_them() -> None:
    by = factories.admin()
    client = client_of(by)
    send(client, "POST", "/api/v1/experiments/", BODY)
    row = Experiment.objects.get()
    page = reverse("admin:letters_experiment_changelist")
    assert "two_stage beside three_stage" in client.get(page).content.decode()
    for action, state in (("start", "running"), ("stop", "stopped")):
        client.post(page, {"action": action, "_selected_action": [row.pk]})
        row.refresh_from_db()
        assert row.state == state
    assert client.get(reverse("admin:letters_experiment_change", args=[row.pk])).status_code == 200


def test_a_version_is_rated_over_rest_and_on_its_page(drafted) -> None:
    by = factories.analyst(drafted.practice)
    drafted.assigned_to = by
    drafted.save(update_fields=["assigned_to"])
    client = client_of(by)
    version = LetterVersion.objects.filter(letter__complaint=drafted).order_by("letter__position").first()
    path = f"/api/v1/letter-versions/{version.pk}/rating/"
    assert send(client, "PUT", path, {"stars": 4}).json()["stars"] == 4
    assert send(client, "PUT", path, {"stars": 9}).status_code == 422
    page = client.get(reverse("admin:letters_letter_change", args=[version.letter_id])).content.decode()
    assert "Rate this version" in page
    done = client.post(
        reverse("admin:letters_letter_rate", args=[version.pk]), {"stars": "2", "comment": "long"}, follow=True
    )
    assert "your stars are kept" in done.content.decode()
    row = LetterRating.objects.get()
    assert (row.stars, row.comment, row.by) == (2, "long", by)
    assert client.get(path).json()["ratings"][0]["stars"] == 2
    assert client_of(factories.outsider()).get(path).status_code == 404
    viewer = client_of(factories.viewer(drafted.practice))
    assert send(viewer, "PUT", path, {"stars": 4}).status_code == 403
