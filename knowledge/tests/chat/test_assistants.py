"""Assistants of a practice's own site, over the REST API and with their keys."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from knowledge.authentication import AssistantAuthentication
from knowledge.models import Assistant, Section, SectionVersion, Source
from knowledge.services.chunking import rechunk
from knowledge.tests.chat.test_api import DISTRESS, api, send
from users.models import ApiKey, AuditEvent
from users.tests import factories

pytestmark = pytest.mark.django_db
ASSISTANTS = "/api/v1/assistants/"
ASK = "/api/v1/assistant/ask/"
HOURS = "When is the office in Topsham open to visitors?"
NOW = datetime(2026, 1, 19, 9, 0, tzinfo=UTC)


@pytest.fixture
def practice():
    return factories.make_practice()


@pytest.fixture
def boss(practice):
    return factories.admin(practice)


def make_note(practice, words: str, name: str = "Notes") -> Source:
    source = Source.objects.create(name=name, kind="practice_note", practice=practice, publisher="us", licence="own")
    section = Section.objects.create(source=source, practice=practice, identifier=f"note-{source.pk}")
    version = SectionVersion.objects.create(
        section=section, identifier=section.identifier, version="1", title="Opening hours", body=words,
        retrieved_at=NOW,
    )  # fmt: skip
    rechunk(version)
    return source


def key_of(user, *scopes) -> tuple[str, ApiKey]:
    written = factories.make_key(user, *(scopes or ("read",)))
    return written, ApiKey.objects.latest("pk")


def asked(written: str, question: str, **body: object):
    headers = {"Authorization": f"Bearer {written}"}
    return Client().post(
        ASK, json.dumps({"question": question, **body}), content_type="application/json", headers=headers
    )


def test_an_assistant_answers_from_its_own_collection(practice, boss):
    source = make_note(practice, "The office in Topsham is open to visitors from nine to four on weekdays.")
    make_note(practice, "The office in Topsham is open to visitors of directors at night.", "Secret")
    written, key = key_of(factories.viewer(practice))
    made = send(api(boss), ASSISTANTS, {"name": "Site", "api_key": key.pk, "collection": source.pk})
    assert made.status_code == 201, made.content
    told = asked(written, HOURS).json()
    assert "nine to four" in told["text"]
    assert "directors" not in told["text"]
    assert [cited["identifier"] for cited in told["citations"]] == [f"note-{source.pk}"]
    further = asked(written, HOURS, conversation=told["conversation"])
    assert further.json()["conversation"] == told["conversation"]


@pytest.mark.usefixtures("guidance")
def test_an_assistant_without_a_collection_knows_the_platforms_guidance_alone(practice, boss):
    make_note(practice, "The office in Topsham is open to visitors from nine to four on weekdays.")
    written, key = key_of(factories.viewer(practice))
    send(api(boss), ASSISTANTS, {"name": "Site", "api_key": key.pk})
    assert "nine to four" not in asked(written, HOURS).json()["text"]
    assert not asked(written, DISTRESS).json()["declined"]


def test_key_user_and_collection_are_read_in_one_query(practice, boss, django_assert_num_queries):
    written, key = key_of(factories.viewer(practice))
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=datetime.now(UTC))
    source = make_note(practice, "Words.")
    Assistant.objects.create(practice=practice, api_key=key, source=source, name="Site", created_at=NOW)
    request = Request(APIRequestFactory().post(ASK, headers={"Authorization": f"Bearer {written}"}))
    with django_assert_num_queries(1):
        user, found = AssistantAuthentication().authenticate(request)
        assert (found.assistant.source.name, user.practice_id) == ("Notes", practice.pk)


def test_a_key_without_an_assistant_asks_nothing(practice):
    written, _ = key_of(factories.admin(practice))
    assert asked(written, HOURS).status_code == 401
    assert asked("lp_nobody_knows", HOURS).status_code == 401
    assert asked("", HOURS).status_code == 401
    assert Client().post(ASK, {}, content_type="application/json").status_code == 401


def test_an_ended_key_asks_nothing(practice):
    written, key = key_of(factories.viewer(practice))
    Assistant.objects.create(practice=practice, api_key=key, name="Site", created_at=NOW)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=datetime.now(UTC))
    assert asked(written, HOURS).status_code == 401


def test_only_a_key_that_reads_and_things_of_the_practice_are_bound(practice, boss):
    _, wide = key_of(factories.viewer(practice), "read", "write")
    _, foreign = key_of(factories.outsider())
    _, mine = key_of(factories.viewer(practice))
    theirs = make_note(factories.make_practice(), "Words.")
    for body in ({"api_key": wide.pk}, {"api_key": foreign.pk}, {"api_key": mine.pk, "collection": theirs.pk}):
        assert send(api(boss), ASSISTANTS, {"name": "Site", **body}).status_code == 422
    assert send(api(boss), ASSISTANTS, {"name": "Site", "api_key": mine.pk}).status_code == 201
    assert send(api(boss), ASSISTANTS, {"name": "Two", "api_key": mine.pk}).status_code == 409


def test_assistants_are_managed_by_admins_of_the_practice_and_it_is_told(practice, boss):
    _, key = key_of(factories.viewer(practice))
    where = send(api(boss), ASSISTANTS, {"name": "Site", "api_key": key.pk}).headers["Location"]
    source = make_note(practice, "Words.")
    assert (
        send(api(boss), where, {"name": "Shop", "collection": source.pk}, "patch", If_Match='"1"').json()["name"]
        == "Shop"
    )
    assert api(factories.outsider()).get(where).status_code == 404
    assert api(factories.manager(practice)).get(where).status_code == 403
    assert send(api(boss), where, {}, "delete", If_Match='"2"').status_code == 204
    told = AuditEvent.objects.filter(action__startswith="assistant.").order_by("pk").values_list("action", flat=True)
    assert list(told) == ["assistant.created", "assistant.edited", "assistant.deleted"]


def test_an_assistant_goes_on_with_its_own_conversations_alone(practice, boss):
    source = make_note(practice, "The office in Topsham is open to visitors from nine to four on weekdays.")
    (one, first), (two, second) = key_of(factories.viewer(practice)), key_of(factories.viewer(practice))
    for key in (first, second):
        Assistant.objects.create(practice=practice, api_key=key, source=source, name="Site", created_at=NOW)
    said = asked(one, HOURS).json()["conversation"]
    assert asked(two, HOURS, conversation=said).status_code == 422
