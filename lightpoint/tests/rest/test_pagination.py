"""Pages by key: whatever the table holds, each row comes once, in order, both ways."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.db import connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from lightpoint.errors import InvalidInput
from lightpoint.rest.pagination import SALT, KeysetPagination

pytestmark = pytest.mark.django_db
FIELDS = ("rank", "day", "price", "name", "at")
ORDERINGS = {
    "one-way": ("-rank", "-name", "-pk"),
    "rising": ("rank", "name", "pk"),
    "two-way": ("rank", "-name", "pk"),
    "nulls": ("day", "-price", "-pk"),
    "nulls-falling": ("-at", "day", "pk"),
    "null-first": ("-price", "pk"),
}


@pytest.fixture
def table(db) -> Iterator[type[models.Model]]:
    with isolate_apps("lightpoint"):

        class Thing(models.Model):
            rank = models.IntegerField()
            name = models.CharField(max_length=10)
            day = models.DateField(null=True)
            price = models.DecimalField(max_digits=6, decimal_places=2, null=True)
            at = models.DateTimeField(null=True)

            class Meta:
                app_label = "lightpoint"
                db_table = "things_of_a_test"

        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE things_of_a_test (id bigint PRIMARY KEY, rank int NOT NULL, name text NOT NULL, "
                "day date, price numeric(6, 2), at timestamptz) ON COMMIT DROP"
            )
        yield Thing


def row_strategy():
    few_dates = st.sampled_from(["2025-01-31", "2025-02-01", None])
    few_times = st.sampled_from(["2025-01-31T10:00:00.000001Z", "2025-01-31T10:00:00Z", None])
    prices = st.sampled_from(["0.00", "10.10", "-3.00", None])
    return st.tuples(st.integers(-1, 1), few_dates, prices, st.sampled_from(["", "a", "é", "B"]), few_times)


def request_for(**query: object) -> Request:
    return Request(APIRequestFactory().get("/api/things/", query))


def follow(link: str) -> Request:
    return request_for(**{name: values[0] for name, values in parse_qs(urlsplit(link).query).items()})


def walk(rows, pages: KeysetPagination, request: Request, way: str) -> tuple[list[list[int]], str | None]:
    """The pages from `request` on, and the last link the other way."""
    found: list[list[int]] = []
    other = "previous" if way == "next" else "next"
    while True:
        page, links = pages.page(rows, request)
        found.append([row.pk for row in page])
        if links[way] is None:
            return found, links[other]
        request = follow(links[way])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(row_strategy(), max_size=14), ordering=st.sampled_from(sorted(ORDERINGS)), size=st.integers(1, 6))
def test_walking_there_and_back_gives_each_row_once_in_order(table, rows, ordering, size):
    table.objects.all().delete()
    table.objects.bulk_create(
        table(pk=number, **dict(zip(FIELDS, row, strict=True))) for number, row in enumerate(rows, 1)
    )
    pages = KeysetPagination(ORDERINGS)
    expected = list(table.objects.order_by(*ORDERINGS[ordering]).values_list("pk", flat=True))
    there, back_link = walk(table.objects.all(), pages, request_for(ordering=ordering, page_size=size), "next")
    assert [pk for page in there for pk in page] == expected
    assert all(len(page) == size for page in there[:-1])
    if back_link:
        back, _ = walk(table.objects.all(), pages, follow(back_link), "previous")
        assert [pk for page in reversed(back) for pk in page] == expected[: len(expected) - len(there[-1])]


def make(table, count: int) -> None:
    table.objects.bulk_create(table(pk=number, rank=number // 3, name="x") for number in range(1, count + 1))


@pytest.mark.parametrize("count", [1, 100, 1_000])
def test_a_page_is_one_query_however_many_rows_there_are(table, count):
    make(table, count)
    with CaptureQueriesContext(connection) as queries:
        _, links = KeysetPagination(ORDERINGS).page(table.objects.all(), request_for())
        if links["next"]:
            KeysetPagination(ORDERINGS).page(table.objects.all(), follow(links["next"]))
    assert len(queries) == (2 if count > 50 else 1)
    assert not any(word in query["sql"] for query in queries for word in ("OFFSET", "COUNT("))


def test_one_way_without_nulls_is_one_comparison_of_rows(table):
    make(table, 5)
    _, links = KeysetPagination(ORDERINGS).page(table.objects.all(), request_for(page_size=2))
    with CaptureQueriesContext(connection) as queries:
        KeysetPagination(ORDERINGS).page(table.objects.all(), follow(links["next"]))
    assert "ROW(" in queries[0]["sql"]
    assert " OR " not in queries[0]["sql"]


def test_rows_that_go_away_meanwhile_leave_a_way_back(table):
    make(table, 6)
    pages = KeysetPagination(ORDERINGS)
    first, links = pages.page(table.objects.all(), request_for(page_size=3))
    table.objects.exclude(pk__in=[row.pk for row in first]).delete()
    empty, links = pages.page(table.objects.all(), follow(links["next"]))
    assert (empty, links["next"]) == ([], None)
    assert pages.page(table.objects.all(), follow(links["previous"]))[0] == first


def test_an_annotation_can_be_sorted_by(table):
    make(table, 4)
    rows = table.objects.annotate(even=models.F("rank") * 2)
    pages = KeysetPagination({"-even": ("-even", "-pk")})
    found, _ = walk(rows, pages, request_for(page_size=1), "next")
    assert [pk for page in found for pk in page] == [4, 3, 2, 1]


@pytest.mark.parametrize("size", ["0", "201", "-1", "ten", "1.5", "９", pytest.param("9" * 5000, id="very long")])
def test_a_page_size_that_is_not_one_is_refused(table, size):
    with pytest.raises(InvalidInput, match="1 to 200"):
        KeysetPagination(ORDERINGS).page(table.objects.all(), request_for(page_size=size))


def test_an_ordering_that_is_not_offered_is_refused(table):
    with pytest.raises(InvalidInput, match="can be ordered by"):
        KeysetPagination(ORDERINGS).page(table.objects.all(), request_for(ordering="pk"))


def signed(*, ordering="one-way", values=(1, "a", 1), salt=SALT) -> str:
    return signing.Signer(salt=salt).sign_object([ordering, False, list(values)])


CURSORS = {
    "noise": "x",
    "noise with a NUL": "é\0",
    "colons": "a:b:c",
    "signed for something else": signed(salt="another"),
    "of another ordering": signed(ordering="rising"),
    "too short": signed(values=(1, "a")),
    "of another type": signed(values=("x", "a", 1)),
}


@pytest.mark.parametrize("cursor", CURSORS.values(), ids=CURSORS.keys())
def test_a_cursor_that_is_not_of_this_list_is_refused(table, cursor):
    with pytest.raises(InvalidInput) as refusal:
        KeysetPagination(ORDERINGS).page(table.objects.all(), request_for(cursor=cursor))
    assert refusal.value.code == "unusable-cursor"
