"""The guidance over the REST API."""

from datetime import timedelta

import pytest
from django.test import Client

from knowledge.models import Section, SectionVersion, Source
from knowledge.services import load_digest_into_database
from knowledge.tests.conftest import NOW
from users.roles import Role
from users.tests.factories import make_user

pytestmark = pytest.mark.django_db
SECTIONS = "/api/v1/guidance/sections/"
SEARCH = "/api/v1/guidance/search/"


@pytest.fixture
def reader(db) -> Client:
    client = Client()
    client.force_login(make_user(Role.VIEWER))
    return client


def identifiers(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["identifier"] for row in answer.json()["results"]]


@pytest.mark.parametrize("path", [SECTIONS, SEARCH, f"{SECTIONS}CRG5225/", f"{SECTIONS}CRG5225/versions/"])
def test_a_stranger_is_told_to_sign_in(client, guidance, path):
    assert client.get(path).status_code == 401


def test_all_sections_are_listed_by_identifier(reader, guidance):
    found = identifiers(reader.get(f"{SECTIONS}?page_size=200"))
    assert len(found) == 61
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("archived=true", "CRG2075", "CRG5225"),
        ("archived=false", "CRG5225", "CRG2075"),
        ("kind=crg", "CRG5225", "charter"),
        ("kind=page", "charter", "CRG5225"),
        ("manual=Complaints and Remedy Guidance", "CRG5225", "charter"),
        ("q=helicopter", "CRG5150", "CRG5225"),
        ("q=crg 5225", "CRG5225", "charter"),
        ("in_force=2024-07-30", "charter", "nothing"),
        ("in_force=2024-07-29", "CRG5225", "charter"),
    ],
)
def test_the_list_keeps_what_its_filters_say(reader, guidance, query, shown, hidden):
    found = identifiers(reader.get(f"{SECTIONS}?page_size=200&{query}"))
    assert shown in found
    assert hidden not in found


def test_words_that_say_nothing_find_nothing(reader, guidance):
    assert identifiers(reader.get(f"{SECTIONS}?q=the of and")) == []


def test_a_section_is_read_with_its_figures_however_it_is_written(reader, guidance):
    answer = reader.get(f"{SECTIONS}crg 6075/").json()
    assert answer["identifier"] == "CRG6075"
    assert "£500" in [figure["value"] for figure in answer["figures"]]
    assert answer["requires"]


def test_a_section_is_read_as_it_was_in_force(reader, guidance):
    assert reader.get(f"{SECTIONS}charter/?on=2024-07-29").status_code == 404
    assert reader.get(f"{SECTIONS}charter/?on=2024-07-30").json()["valid_from"] == "2024-07-30"
    assert reader.get(f"{SECTIONS}charter/?on=30/07/2024").status_code == 422


def test_a_version_stays_when_the_page_changes(reader, guidance, make_entry):
    load_digest_into_database(now=NOW, digest={"CRG4999": make_entry()})
    changed = make_entry(requires="A kingfisher that waits is late.")
    load_digest_into_database(now=NOW + timedelta(days=1), digest={"CRG4999": changed})
    first, second = reader.get(f"{SECTIONS}CRG4999/versions/?ordering=retrieved_at").json()["results"]
    assert first["superseded_at"]
    assert second["superseded_at"] is None
    old = reader.get(f"{SECTIONS}CRG4999/versions/{first['version']}/").json()
    assert old["requires"].startswith("A kingfisher that waits is not late")


@pytest.mark.parametrize("path", ["CRG0001/", "CRG0001/versions/", "CRG5225/versions/none/", "%00/"])
def test_what_there_is_not_is_not_found(reader, guidance, path):
    assert reader.get(SECTIONS + path).status_code == 404


def test_a_question_is_answered_with_the_words_that_do(reader, guidance):
    first = reader.get(f"{SEARCH}?q=helicopter&limit=3").json()["results"][0]
    assert first["identifier"] == "CRG5150"
    assert {"text": "helicopter", "hit": True} in first["snippet"]


@pytest.mark.parametrize("query", ["", "q=", "q=x&limit=0", "q=x&limit=51", "q=x&on=soon", "query=x", "q=x%00"])
def test_a_search_that_cannot_be_made_is_refused(reader, query):
    assert reader.get(f"{SEARCH}?{query}").status_code == 422


def add_sections(count: int) -> None:
    source, _ = Source.objects.get_or_create(
        name="A manual", publisher="x", licence="x", licence_url="https://x.example"
    )
    names = [f"T{number:05}" for number in range(count)]
    sections = Section.objects.bulk_create(Section(source=source, identifier=name) for name in names)
    details = {"version": "v", "title": "Delay", "requires": "x", "url": "https://x.example", "retrieved_at": NOW}
    SectionVersion.objects.bulk_create(
        SectionVersion(section=section, identifier=section.identifier, **details) for section in sections
    )


@pytest.mark.parametrize("count", [1, 100, 1_000])
@pytest.mark.parametrize("path", [SECTIONS, f"{SECTIONS}?q=delay", f"{SECTIONS}T00000/versions/"])
def test_a_list_takes_as_many_queries_whatever_it_holds(reader, django_assert_num_queries, count, path):
    add_sections(count)
    with django_assert_num_queries(4):  # session, user, the section or whether the practice has any, the page
        assert reader.get(path).json()["results"]
