"""Uploads, sources and the sections of practices over the REST API."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from knowledge.models import SectionVersion, Source, StagedSection
from knowledge.tests.test_staging import HERONS, OTHER_FIGURES, approved, page, stage
from users.models import User
from users.tests import factories

pytestmark = pytest.mark.django_db
STAGED = "/api/v1/guidance/staged/"
SOURCES = "/api/v1/guidance/sources/"
SECTIONS = "/api/v1/guidance/sections/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def curator() -> User:
    return factories.manager()


@pytest.fixture
def client(curator: User) -> Client:
    return client_of(curator)


def send(client: Client, *files: tuple[str, str], kind: str = "practice_note", **headers: str):
    sent = [SimpleUploadedFile(name, text.encode()) for name, text in files]
    return client.post(STAGED, {"kind": kind, "source_name": "Notes", "files": sent}, headers=headers)


def test_files_are_staged_and_what_cannot_be_read_is_told(client: Client) -> None:
    answer = send(client, ("herons.txt", HERONS), ("swans.md", "# Swans\n\nSwans swim."), ("broken.pdf", "no"))
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert [row["identifier"] for row in said["staged"]] == ["herons", "swans"]
    assert len(said["problems"]) == 1
    assert said["problems"][0].startswith("broken.pdf: ")
    detail = client.get(answer.headers["Location"])
    assert (detail.json()["state"], detail.headers["ETag"]) == ("staged", '"1"')
    assert detail.json()["decisions"] == ["approve", "merge", "replace", "reject"]


def test_one_key_stages_once(client: Client) -> None:
    first, second = (send(client, ("a.txt", HERONS), **{"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json() == second.json()
    assert StagedSection.objects.count() == 1


@pytest.mark.parametrize("files", [[], [("a.pdf", "no")], [("a.txt", "")], [("a.txt", "x")] * 21])
def test_nothing_to_read_is_refused(client: Client, files: list[tuple[str, str]]) -> None:
    assert send(client, *files).status_code == 422


def test_a_file_that_is_too_large_is_told_and_the_others_go_on(client: Client, settings) -> None:
    settings.STAGING_FILE_BYTES = 300
    answer = send(client, ("long.txt", HERONS * 3), ("short.txt", HERONS))
    assert [row["file_name"] for row in answer.json()["staged"]] == ["short.txt"]
    assert answer.json()["problems"][0].startswith("long.txt")
    settings.STAGING_UPLOAD_BYTES = 100
    assert send(client, ("short.txt", HERONS)).status_code == 413


def test_two_texts_with_conflicting_figures_are_shown_together(client: Client, curator: User) -> None:
    held = approved(curator)
    row = client.get(f"{STAGED}{stage(curator, page(OTHER_FIGURES)).pk}/").json()
    assert row["finding"] == "conflicting"
    beside = row["compared"][0]
    assert (beside["version_id"], beside["text"]) == (held.pk, HERONS)
    assert beside["disagreements"][0]["staged_figures"] == ["£40"]
    assert beside["disagreements"][0]["held_figures"] == ["£25"]
    assert "".join(piece["text"] for piece in beside["changes"] if piece["kind"] != "added") == HERONS
    assert "".join(piece["text"] for piece in beside["changes"] if piece["kind"] != "removed") == OTHER_FIGURES


def test_a_decision_and_its_undoing_take_the_version_that_was_read(client: Client, curator: User) -> None:
    held, row = approved(curator), stage(curator, page(OTHER_FIGURES))
    address = f"{STAGED}{row.pk}/"
    body = {"decision": "replace", "target": held.pk}
    decide = {"path": f"{address}decide/", "data": body, "content_type": "application/json"}
    assert client.post(**decide).status_code == 428
    assert client.post(**decide, headers={"If-Match": '"7"'}).status_code == 412
    done = client.post(**decide, headers={"If-Match": '"1"'})
    assert (done.json()["state"], done.headers["ETag"]) == ("replaced", '"2"')
    assert client.get(f"{SECTIONS}HRN2000/").json()["body"] == OTHER_FIGURES
    assert client.post(**decide, headers={"If-Match": '"2"'}).status_code == 409
    undone = client.post(f"{address}undo/", headers={"If-Match": '"2"'})
    assert (undone.json()["state"], undone.json()["finding"]) == ("staged", "conflicting")
    assert client.get(f"{SECTIONS}HRN2000/").json()["body"] == HERONS


def test_a_merge_can_be_read_before_it_is_decided(client: Client, curator: User) -> None:
    held, row = approved(curator), stage(curator, page(HERONS + " Bring a towel."))
    text = client.get(f"{STAGED}{row.pk}/merge/?target={held.pk}").json()["text"]
    assert text == f"{HERONS}\n\nBring a towel."
    assert client.get(f"{STAGED}{row.pk}/merge/?target=999999").status_code == 404
    body = {"decision": "merge", "target": held.pk, "text": text + " Thanks."}
    path = f"{STAGED}{row.pk}/decide/"
    done = client.post(path, body, content_type="application/json", headers={"If-Match": '"1"'})
    assert SectionVersion.objects.get(pk=done.json()["result"]).body.endswith("towel. Thanks.")


@pytest.mark.parametrize("query", ["", "?state=staged", "?finding=new", "?kind=practice_note", "?q=herons"])
def test_the_list_keeps_what_its_filters_say(client: Client, curator: User, query: str) -> None:
    row = stage(curator)
    stage(factories.manager())
    assert [one["id"] for one in client.get(STAGED + query).json()["results"]] == [row.pk]
    assert client.get(f"{STAGED}?state=rejected").json()["results"] == []


@pytest.mark.parametrize("word", ["decide", "undo", "compare"])
def test_who_does_not_curate_is_refused_and_strangers_find_nothing(curator: User, word: str) -> None:
    path = f"{STAGED}{stage(curator).pk}/{word}/"
    sent = {"data": {"decision": "reject"}, "content_type": "application/json", "headers": {"If-Match": '"1"'}}
    if word != "decide":
        sent["data"] = {}
    assert client_of(factories.analyst(curator.practice)).post(path, **sent).status_code == 403
    assert client_of(factories.outsider()).post(path, **sent).status_code == 404
    assert client_of(factories.superuser()).post(path, **sent).status_code in (200, 409)


def test_an_identifier_leads_to_the_own_section_first_and_a_source_names_another(guidance: None, curator: User) -> None:
    own = approved(curator, page("Our note on CRG5225.", "CRG5225"))
    client, platform = client_of(curator), Source.objects.get(name="Complaints and Remedy Guidance")
    found = client.get(f"{SECTIONS}crg 5225/").json()
    assert (found["version"], found["owner"], found["kind"]) == (own.version, "practice", "practice_note")
    other = client.get(f"{SECTIONS}CRG5225/?source_id={platform.pk}").json()
    assert (other["owner"], other["manual"]) == ("platform", platform.name)
    assert (
        client.get(f"{SECTIONS}CRG5225/versions/?source_id={platform.pk}").json()["results"][0]["owner"] == "platform"
    )
    assert client_of(factories.viewer()).get(f"{SECTIONS}CRG5225/").json()["owner"] == "platform"
    assert client.get(f"{SECTIONS}CRG5225/?source_id=x").status_code == 422


def test_lists_of_sections_hold_the_own_ones_and_never_those_of_others(guidance: None, curator: User) -> None:
    approved(curator)
    own, other = client_of(curator), client_of(factories.viewer())

    def listed(client: Client, query: str = "") -> set[str]:
        answer = client.get(f"{SECTIONS}?page_size=200{query}")
        assert answer.status_code == 200, answer.content
        return {row["identifier"] for row in answer.json()["results"]}

    assert listed(own) - listed(other) == {"HRN2000"}
    assert listed(own, "&owner=practice") == listed(own, "&kind=practice_note") == {"HRN2000"}
    assert listed(other, "&owner=practice") == set()
    assert "charter" in listed(other, "&kind=charter")


def test_what_changed_between_two_versions_is_told_in_pieces(client: Client, curator: User) -> None:
    old = approved(curator)
    row = stage(curator, page(OTHER_FIGURES))
    body = {"decision": "replace", "target": old.pk}
    path = f"{STAGED}{row.pk}/decide/"
    client.post(path, body, content_type="application/json", headers={"If-Match": '"1"'})
    new = SectionVersion.objects.current().get()
    answer = client.get(f"{SECTIONS}HRN2000/changes/?old={old.version}&new={new.version}").json()
    assert {"kind": "removed", "text": "£25"} in answer["body"]
    assert {"kind": "added", "text": "£40"} in answer["body"]
    assert client.get(f"{SECTIONS}HRN2000/changes/?old={old.version}&new=none").status_code == 404
    assert client.get(f"{SECTIONS}HRN2000/changes/").status_code == 422


def test_precedents_are_shared_and_that_is_taken_back(curator: User) -> None:
    made = approved(curator, page("The heron was paid £30."), kind="precedent", source="Precedents")
    owner, other = client_of(curator), client_of(factories.admin())
    address = f"{SOURCES}{made.section.source_id}/"
    assert other.get(address).status_code == 404
    assert other.post(f"{address}share/").status_code == 404
    assert client_of(factories.analyst(curator.practice)).post(f"{address}share/").status_code == 403
    assert owner.post(f"{address}share/").json()["shared"] is True
    assert other.get(address).json()["sections"] == 1
    assert other.get(f"{SECTIONS}{made.identifier}/").json()["body"] == "The heron was paid £30."
    assert other.post(f"{address}unshare/").status_code == 403
    assert owner.post(f"{address}unshare/").json()["shared"] is False
    assert other.get(f"{SECTIONS}{made.identifier}/").status_code == 404


@pytest.mark.parametrize("count", [1, 50])
def test_lists_take_as_many_queries_whatever_they_hold(
    client: Client, curator: User, django_assert_num_queries: Callable[..., object], count: int
) -> None:
    for number in range(count):
        Source.objects.create(name=f"S{number}", practice=curator.practice, publisher="x", licence="x")
    stage(curator, *(page(f"Words {number}.", f"W{number}") for number in range(count)))
    for address in (SOURCES, STAGED):
        client.get(address)
        with django_assert_num_queries(3):  # session, user, the page
            assert len(client.get(address).json()["results"]) == count
