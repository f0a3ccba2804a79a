"""The OpenAPI description: valid, complete, and true of every operation of the product."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework import serializers

from lightpoint.rest.schema import _decimal
from users.roles import Role
from users.tests.factories import make_user

PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _small_api() -> None:
    """The addresses of the product, not those of the small API beside this test."""


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/api/v1/"):
                yield path, method, operation


def parameters(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in operation.get("parameters", ())}


def test_the_description_is_valid_and_nothing_in_it_was_guessed(schema):
    assert schema["openapi"].startswith("3.1")
    validate_schema(schema)
    assert not GENERATOR_STATS


def test_every_error_that_an_operation_may_answer_is_a_problem(schema):
    for path, method, operation in operations(schema):
        errors = {code: answer for code, answer in operation["responses"].items() if code >= "400"}
        assert {"401", "403", "404", "422", "429"} <= set(errors), (path, method)
        assert all(PROBLEM in answer["content"] for answer in errors.values()), (path, method)


def test_every_post_that_creates_takes_an_idempotency_key(schema):
    creating = [
        (path, one) for path, method, one in operations(schema) if method == "post" and "201" in one["responses"]
    ]
    assert creating
    assert [path for path, one in creating if "Idempotency-Key" not in parameters(one)] == []


def test_every_edit_that_needs_if_match_says_so_and_how_it_fails(schema):
    edits = [one for _, _, one in operations(schema) if "If-Match" in parameters(one)]
    assert edits
    for edit in edits:
        assert parameters(edit)["If-Match"]["required"]
        assert {"412", "428"} <= set(edit["responses"])
    others = [path for path, method, one in operations(schema) if method == "patch" and one not in edits]
    assert others == ["/api/v1/me/"]  # what one wants for oneself is nobody else's to overwrite


def test_every_list_has_pages_and_its_filters_are_described(schema):
    pages = [one for _, _, one in operations(schema) if "cursor" in parameters(one)]
    assert pages
    for page in pages:
        assert {"ordering", "page_size"} <= set(parameters(page))
        asked = [one for one in parameters(page).values() if one["in"] == "query"]
        assert all(one.get("description") for one in asked), page["operationId"]


def test_every_body_refuses_fields_that_it_does_not_have(schema):
    names = [
        content["schema"]["$ref"].rsplit("/", 1)[1]
        for _, _, one in operations(schema)
        for kind, content in one.get("requestBody", {}).get("content", {}).items()
        if kind == "application/json" and "$ref" in content["schema"]
    ]
    assert names
    shapes = schema["components"]["schemas"]
    assert [name for name in names if shapes[name].get("additionalProperties") is not False] == []


def test_the_description_is_for_who_has_signed_in(client: Client, db):
    assert client.get("/api/schema/").status_code == 401
    client.force_login(make_user(Role.VIEWER))
    assert client.get("/api/schema/").status_code == 200


def test_the_page_to_browse_it_asks_no_other_host(client: Client, db):
    client.force_login(make_user(Role.VIEWER))
    answer = client.get("/api/docs/", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", answer.content.decode()) == []
    assert "swagger-ui-bundle.js" in answer.content.decode()


def test_the_command_that_writes_it_does_not_complain(tmp_path):
    target = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    assert "openapi: 3.1" in target.read_text()


@pytest.mark.parametrize(("most", "places"), [("0.5", 3), ("0.2", 3), ("1", 2), ("0.05", 2), ("2.25", 2)])
def test_the_pattern_of_a_figure_holds_its_upper_bound(most, places):
    field = serializers.DecimalField(max_digits=places + 1, decimal_places=places, min_value=0, max_value=Decimal(most))
    figures = [f"{count / 10**places:.{shown}f}" for count in range(10 ** (places + 1)) for shown in (places, 1)]
    for figure in {*figures, "0", "1", "2", "3"}:
        assert bool(re.fullmatch(_decimal(field), figure)) == (Decimal(figure) <= Decimal(most)), figure
