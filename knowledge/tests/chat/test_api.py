"""Conversations over the REST API, answered by quotations: no model is configured."""

import json

import pytest
from django.test import Client

from knowledge.chat.records import DECLINED
from knowledge.models import Citation, Conversation, Feedback, Message
from knowledge.passages import cited_text
from users.tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guidance")]
CONVERSATIONS = "/api/v1/conversations/"
JSON = "application/json"
DISTRESS = "How much does HMRC pay for worry and distress?"
COFFEE = "Which grinder makes the best cappuccino in Naples?"


@pytest.fixture
def practice():
    return factories.make_practice()


@pytest.fixture
def alice(practice):
    return factories.analyst(practice)


def api(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def send(client: Client, path: str, body: object, method: str = "post", **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(path, json.dumps(body), content_type=JSON, headers=named)


def started(client: Client) -> str:
    return send(client, CONVERSATIONS, {}).headers["Location"]


def asked(client: Client, question: str = DISTRESS, **body: object):
    path = started(client)
    return path, send(client, f"{path}messages/", {"question": question, **body})


def test_an_answer_quotes_the_guidance_and_points_at_the_very_words(alice):
    path, answer = asked(api(alice))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["state"], told["declined"], told["written_by"]) == ("done", False, "extractive")
    assert 1 <= len(told["citations"]) <= 4
    assert api(alice).get(answer.headers["Location"]).json() == told
    for row in Citation.objects.select_related("section_version"):
        assert cited_text(row.section_version)[row.start : row.end] == row.quote
        assert " ".join(row.quote.split()) in told["text"]
        assert f"[{row.number}]" in told["text"]
    assert any("£" in cited["quote"] for cited in told["citations"])
    said = api(alice).get(f"{path}messages/").json()["results"]
    assert [message["speaker"] for message in said] == ["user", "assistant"]
    assert api(alice).get(path).json()["title"] == DISTRESS


def test_what_nothing_answers_is_declined_in_the_stated_form(alice, settings):
    settings.CHAT_LEAST_ANSWERABLE = 0.5
    _, answer = asked(api(alice), COFFEE)
    told = answer.json()
    assert (told["declined"], told["text"], told["citations"]) == (True, DECLINED, [])


def test_a_conversation_is_renamed_by_whoever_has_read_it(alice):
    path = started(api(alice))
    renamed = send(
        api(alice), path, {"title": "Distress", "pinned": ["The client is a widow."]}, "patch", If_Match='"1"'
    )
    assert (renamed.json()["title"], renamed.json()["pinned"]) == ("Distress", ["The client is a widow."])
    assert renamed.headers["ETag"] == '"2"'
    assert send(api(alice), path, {"title": "Late"}, "patch", If_Match='"1"').status_code == 412
    assert send(api(alice), path, {"title": "Late"}, "patch").status_code == 428
    assert send(api(alice), path, {"pinned": ["x"] * 21}, "patch", If_Match='"2"').status_code == 422


def test_a_conversation_is_deleted_with_all_that_was_said(alice):
    path, _ = asked(api(alice))
    assert send(api(alice), path, {}, "delete", If_Match='"1"').status_code == 204
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()
    assert api(alice).get(path).status_code == 404


def test_a_question_that_is_sent_twice_with_one_key_is_asked_once(alice):
    client = api(alice)
    path = f"{started(client)}messages/"
    first = send(client, path, {"question": DISTRESS}, Idempotency_Key="one")
    second = send(client, path, {"question": DISTRESS}, Idempotency_Key="one")
    assert (second.status_code, second.json()) == (201, first.json())
    assert Message.objects.count() == 2


def test_each_person_says_once_whether_an_answer_helped(alice):
    path, answer = asked(api(alice))
    where = f"{path}messages/{answer.json()['id']}/feedback/"
    assert send(api(alice), where, {"helpful": True}, "put").json()["feedback"] == {"helpful": True, "comment": ""}
    told = send(api(alice), where, {"helpful": False, "comment": "No figure"}, "put").json()
    assert told["feedback"] == {"helpful": False, "comment": "No figure"}
    assert Feedback.objects.get().helpful is False
    question = Message.objects.get(speaker="user")
    assert send(api(alice), f"{path}messages/{question.pk}/feedback/", {"helpful": True}, "put").status_code == 422


def test_those_who_run_the_practice_read_its_feedback(practice, alice):
    path, answer = asked(api(alice))
    send(api(alice), f"{path}messages/{answer.json()['id']}/feedback/", {"helpful": False, "comment": "No"}, "put")
    (row,) = api(factories.manager(practice)).get("/api/v1/chat-feedback/?helpful=false").json()["results"]
    assert row["comment"] == "No"
    assert api(factories.outsider()).get("/api/v1/chat-feedback/").json()["results"] == []
    assert api(alice).get("/api/v1/chat-feedback/").status_code == 403


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_conversation_is_exported_with_the_words_it_cites(alice, kind):
    path, answer = asked(api(alice))
    file = api(alice).get(f"{path}export/?kind={kind}")
    text = file.content.decode()
    assert file.status_code == 200
    assert "attachment" in file.headers["Content-Disposition"]
    for cited in answer.json()["citations"]:
        assert cited["identifier"] in text
        assert cited["version"] in text
    if kind == "json":
        assert [message["speaker"] for message in json.loads(text)["messages"]] == ["user", "assistant"]


def test_nobody_else_finds_a_conversation_not_even_colleagues_or_staff(practice, alice):
    path, answer = asked(api(alice))
    message = f"{path}messages/{answer.json()['id']}/"
    for stranger in (factories.admin(practice), factories.outsider(), factories.superuser()):
        client = api(stranger)
        assert client.get(CONVERSATIONS).json()["results"] == []
        assert {client.get(where).status_code for where in (path, f"{path}messages/", f"{path}export/", message)} == {
            404
        }
        assert send(client, f"{path}messages/", {"question": "x"}).status_code == 404
        assert send(client, f"{path}messages/stream/", {"question": "x"}).status_code == 404
        assert send(client, f"{message}feedback/", {"helpful": True}, "put").status_code == 404
        assert send(client, f"{message}again/", {}).status_code == 404
        assert send(client, path, {"title": "x"}, "patch", If_Match='"1"').status_code == 404
        assert send(client, path, {}, "delete", If_Match='"1"').status_code == 404


def test_a_viewer_asks_nothing(practice):
    client = api(factories.viewer(practice))
    assert send(client, CONVERSATIONS, {}).status_code == 403
    assert client.get(CONVERSATIONS).json()["results"] == []


def test_the_list_costs_the_same_with_many_messages(alice, django_assert_max_num_queries):
    client = api(alice)
    path, _ = asked(client)
    for _ in range(3):
        send(client, f"{path}messages/", {"question": DISTRESS})
    with django_assert_max_num_queries(9):
        assert len(client.get(f"{path}messages/").json()["results"]) == 8
