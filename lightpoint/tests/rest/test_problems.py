"""Every error under /api/ is a problem document, whoever finds it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError
from django.test import Client
from psycopg.errors import NumericValueOutOfRange

from lightpoint.problems import problem_response
from users.models import Practice, User

pytestmark = pytest.mark.django_db
JSON = "application/json"
GOOD = {"name": "Harrow", "address": "1 Mill Lane"}


def problem_of(answer, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:lightpoint:")
    assert problem["title"]
    assert problem["detail"]
    return problem


def post(client: Client, body: object, path: str = "/api/practices/", **headers: str):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(path, text, content_type=JSON, headers=headers)


def test_an_address_that_is_not_there_is_a_problem(api):
    assert problem_of(api.get("/api/nowhere/"), 404)["type"] == "urn:lightpoint:not-found"


def test_an_address_outside_the_api_keeps_its_page(api):
    assert api.get("/nowhere/").headers["Content-Type"].startswith("text/html")


def test_a_row_that_is_not_there_is_a_problem(api):
    assert problem_of(api.get("/api/practices/99/"), 404)["type"] == "urn:lightpoint:not-found"


@pytest.mark.parametrize("number", [str(2**63), "9" * 30, "9" * 5000, "-1", "1.5"])
def test_a_number_that_no_row_can_have_is_not_found(api, number):
    problem_of(api.get(f"/api/practices/{number}/"), 404)


def test_a_name_with_a_nul_in_the_path_is_not_found(api):
    problem_of(api.get("/api/named/a%00b/"), 404)


def test_a_stranger_is_told_to_sign_in(client):
    answer = client.get("/api/practices/")
    assert problem_of(answer, 401)["type"] == "urn:lightpoint:not-authenticated"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_view_that_says_nothing_of_who_may_lets_nobody_in(api):
    assert problem_of(api.get("/api/forgotten/"), 403)["type"] == "urn:lightpoint:not-allowed"


@pytest.mark.parametrize("method", ["put", "delete", "options", "trace", "patch"])
def test_a_method_that_an_address_does_not_have_is_a_problem(api, method):
    answer = getattr(api, method)("/api/practices/")
    assert problem_of(answer, 405)["type"] == "urn:lightpoint:method-not-allowed"
    assert "GET" in answer.headers["Allow"]


def test_a_media_type_that_is_not_offered_is_a_problem(api):
    problem_of(api.get("/api/practices/", headers={"Accept": "text/html"}), 406)


def test_a_body_of_another_media_type_is_a_problem(api):
    problem_of(api.post("/api/practices/", "name=x", content_type="text/plain"), 415)


@pytest.mark.parametrize(
    "body",
    ["{", b"\xff\xfe", '{"name": NaN}', '{"name": ' + "9" * 5000 + "}", "[" * 100_000],
    ids=["cut off", "not utf-8", "not a number", "a number too long", "nested too deeply"],
)
def test_a_body_that_is_not_json_is_a_problem(api, body):
    assert problem_of(post(api, body), 400)["type"] == "urn:lightpoint:parse-error"


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "1"])
def test_json_that_is_not_an_object_is_a_problem(api, body):
    problem_of(post(api, body), 422)


def test_each_wrong_field_is_pointed_at(api):
    problem = problem_of(post(api, {"name": "", "adress": "x", "size": "large"}), 422)
    assert {fault["pointer"] for fault in problem["errors"]} == {"/adress"}
    problem = problem_of(post(api, {"name": "", "size": "large"}), 422)
    assert {(fault["pointer"], fault["code"]) for fault in problem["errors"]} == {
        ("/name", "blank"),
        ("/address", "required"),
        ("/size", "invalid"),
    }


@pytest.mark.parametrize(
    "body",
    [{**GOOD, "name": "a\0b"}, {**GOOD, "extra": {"a": ["\0"]}}, {**GOOD, "extra": {"\0": 1}}],
    ids=["in a field", "deep inside", "in a name"],
)
def test_a_nul_in_a_string_is_a_problem(api, body):
    assert problem_of(post(api, body), 422)["type"] == "urn:lightpoint:unstorable-text"


def test_half_of_a_surrogate_pair_is_a_problem(api):
    problem_of(post(api, '{"name": "\\ud800", "address": "x"}'), 422)


def test_a_body_larger_than_allowed_is_a_problem(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert problem_of(post(api, {**GOOD, "name": "x" * 100}), 413)["detail"]


def test_a_file_larger_than_allowed_is_a_problem(api):
    file = SimpleUploadedFile("a.txt", b"x" * 20_000)
    problem_of(api.post("/api/upload/", {"file": file}), 413)


def test_too_many_fields_are_a_problem(api, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    told = problem_of(api.post("/api/upload/", {"a": "1", "b": "2", "c": "3"}), 400)
    assert told["detail"] == "At most 2 fields can be sent at once"


def test_too_many_files_are_a_problem(api, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    files = {name: SimpleUploadedFile(name, b"x") for name in ("a.txt", "b.txt")}
    told = problem_of(api.post("/api/upload/", files), 400)
    assert told["detail"] == "At most 1 files can be sent at once"


def test_a_form_without_a_boundary_is_a_problem(api):
    problem_of(api.post("/api/upload/", b"x", content_type="multipart/form-data"), 400)


@pytest.mark.parametrize("query", ["q=a%00b", "a%00b=1", "cursor=%00"])
def test_a_nul_in_the_query_is_a_problem(api, query):
    problem_of(api.get(f"/api/practices/?{query}"), 422)


@pytest.mark.parametrize(
    "query",
    [
        "nashun=scotland",
        "nation=atlantis",
        "nation=",
        "q=%20",
        "cursor=",
        f"number={2**63}",
        f"number={'9' * 5000}",
        "number=x",
        "number=0",
        "since=06/04/2024",
        "since=2024-13-45",
        "vat=perhaps",
        "vat=1",
        f"q={'x' * 201}",
        "page_size=0",
        "cursor=x",
        "ordering=nation",
        "format=json",
    ],
)
def test_a_query_that_cannot_be_used_is_a_problem(api, query):
    problem_of(api.get(f"/api/practices/?{query}"), 422)


def test_a_query_where_none_is_taken_is_a_problem(api):
    problem_of(post(api, GOOD, "/api/practices/?dry_run=1"), 422)
    assert not Practice.objects.exists()


def test_a_session_without_the_token_of_its_site_is_a_problem(platform: User):
    client = Client(enforce_csrf_checks=True)
    client.force_login(platform)
    assert "CSRF" in str(problem_of(post(client, GOOD), 403)["detail"])


def test_a_host_that_is_not_ours_is_a_problem(api):
    problem_of(api.get("/api/practices/", headers={"Host": "elsewhere.example"}), 400)


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_ours_tells_nothing_of_itself(api, settings, caplog, debug):
    settings.DEBUG = debug
    answer = api.get("/api/failing/", headers={"X-Request-ID": "abcdef0123456789"})
    problem = problem_of(answer, 500)
    assert b"secret" not in answer.content
    assert problem["request_id"] == "abcdef0123456789"
    assert "the secret of the house" in caplog.text


def test_a_number_too_large_for_its_column_is_a_problem():
    error = DataError("integer out of range")
    error.__cause__ = NumericValueOutOfRange()
    assert problem_response(error, {}).status_code == 422
