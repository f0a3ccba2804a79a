"""What views share: filters, versions, files."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from users.models import Practice

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def practices(db):
    rows = [Practice(name=f"Practice {number:02}", address="x", nation="scotland") for number in range(5)]
    rows[0].nation, rows[1].vat_registered = "northern-ireland", False
    return Practice.objects.bulk_create(rows)


def patch(client, path: str, body: object, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.patch(path, json.dumps(body), content_type=JSON, headers=named)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("nation=northern-ireland", [0]),
        ("vat=false", [1]),
        ("vat=true", []),
        ("q=practice 03", [3]),
        ("since=2000-01-01&nation=scotland", [1, 2, 3, 4]),
        ("ordering=-name&page_size=2", [4, 3]),
    ],
)
def test_a_list_keeps_what_its_filters_say(api, practices, query, numbers):
    found = api.get(f"/api/practices/?{query}").json()["results"]
    assert [row["name"] for row in found] == [f"Practice {number:02}" for number in numbers]


def test_the_links_of_a_page_keep_the_filters(api, practices):
    first = api.get("/api/practices/?nation=scotland&page_size=2").json()
    assert first["previous"] is None
    second = api.get(first["next"]).json()
    assert [row["name"] for row in second["results"]] == ["Practice 03", "Practice 04"]
    assert second["next"] is None
    assert api.get(second["previous"]).json()["results"] == first["results"]


def test_a_head_is_a_get_without_a_body(api, practices):
    answer = api.head("/api/practices/")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_row_answers_with_its_version(api, practices):
    assert api.get(f"/api/practices/{practices[0].pk}/").headers["ETag"] == '"3"'


def test_an_edit_of_what_was_read_goes_through(api, practices):
    answer = patch(api, f"/api/practices/{practices[0].pk}/", {"name": "New"}, If_Match='"3"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"4"')


def test_an_edit_must_say_what_it_has_read(api, practices):
    answer = patch(api, f"/api/practices/{practices[0].pk}/", {"name": "New"})
    assert (answer.status_code, answer.json()["type"]) == (428, "urn:lightpoint:precondition-required")


@pytest.mark.parametrize("tag", ['"2"', 'W/"3"', "*", "3", '"x"', '"3", "4"', '"' + "9" * 50 + '"'])
def test_an_edit_of_another_version_is_refused(api, practices, tag):
    answer = patch(api, f"/api/practices/{practices[0].pk}/", {"name": "New"}, If_Match=tag)
    assert (answer.status_code, answer.json()["type"]) == (412, "urn:lightpoint:precondition-failed")


def test_a_file_is_to_be_saved_and_cannot_run(api):
    answer = api.get("/api/file/", headers={"Accept": "application/pdf"})
    assert answer.content == b"<script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_can_be_sent(api):
    answer = api.post("/api/upload/", {"file": SimpleUploadedFile("a.txt", b"abc")})
    assert (answer.status_code, answer.json()["name"]) == (201, "a.txt")
    assert Practice.objects.get().address == "3"


def test_the_created_row_says_where_it_stands(api):
    answer = api.post("/api/practices/", {"name": "Harrow", "address": "x"}, content_type=JSON)
    practice = Practice.objects.get()
    assert (answer.status_code, answer.json()) == (201, {"id": practice.pk, "name": "Harrow"})
    assert answer.headers["Location"] == f"/api/practices/{practice.pk}/"
    assert answer.headers["ETag"] == '"1"'
