"""What readers of the guidance find in the cache, and that a load of the digest ends it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from knowledge.digest import GuidanceSection
from knowledge.embeddings import embed
from knowledge.search import Hit, search
from knowledge.selectors import sections_by_manual
from knowledge.services import load_digest_into_database
from knowledge.tests.conftest import NOW
from users.roles import Role
from users.tests.factories import make_key, make_user

MakeEntry = Callable[..., GuidanceSection]


def results(query: str, **more: object) -> tuple[Hit, ...]:
    return search(query, practice_id=None, **more).results


def queries(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        read()
    return len(found)


def load(entry: GuidanceSection) -> None:
    load_digest_into_database(now=NOW, digest={entry.id: entry})


@pytest.mark.django_db(transaction=True)
def test_a_second_reader_asks_no_database_and_finds_the_same(make_entry: MakeEntry) -> None:
    load(make_entry())
    embed(["kingfisher"])
    assert [queries(lambda: results("kingfisher")) for _ in range(2)] == [1, 0]
    assert [queries(sections_by_manual) for _ in range(2)] == [1, 0]
    assert results("kingfisher")[0].section == make_entry()
    assert sections_by_manual()["Complaints and Remedy Guidance"] == (make_entry(),)


@pytest.mark.django_db(transaction=True)
def test_a_load_that_changes_a_section_is_seen_at_once_and_one_that_does_not_ends_nothing(
    make_entry: MakeEntry,
) -> None:
    load(make_entry())
    results("kingfisher")
    load(make_entry())
    assert queries(lambda: results("kingfisher")) == 0
    load(make_entry(requires="A heron that waits is a kingfisher."))
    assert "heron" in results("kingfisher")[0].section.requires
    assert "heron" in sections_by_manual()["Complaints and Remedy Guidance"][0].requires


@pytest.mark.django_db(transaction=True)
def test_a_page_of_sections_is_read_once_for_all_readers_until_a_load_changes_one(make_entry: MakeEntry) -> None:
    load(make_entry())
    page = "/api/v1/guidance/sections/"
    programs = [{"Authorization": f"Bearer {make_key(make_user(Role.VIEWER), 'read')}"} for _ in range(2)]

    def title(program: dict[str, str], query: str = "") -> str:
        answer = Client().get(page + query, headers=program)
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json()["results"][0]["title"]

    first = title(programs[0])
    title(programs[1], "?q=kingfisher")  # the key is known now
    assert queries(lambda: title(programs[1])) == 0
    assert queries(lambda: title(programs[1], "?q=kingfisher")) == 1
    load(make_entry(title="Herons"))
    assert title(programs[0]) == "Herons" != first
    assert Client().get(page).status_code == 401
    assert Client().get(page + "?archived=maybe", headers=programs[0]).status_code == 422
    assert Client().get(page, headers=programs[0] | {"Accept": "text/html"}).status_code == 406
