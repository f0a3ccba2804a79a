"""Answers as server-sent events, and models that lie, break or are slow."""

import json
import threading
import time

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from knowledge.chat.records import DECLINED, Turn
from knowledge.models import Conversation, Embedding, Message
from knowledge.services.chat import UNANSWERED, begin_answer, prepared_for, start_conversation, stream_answer
from knowledge.tests.chat.fakes import Saying, Silent
from knowledge.tests.chat.test_api import COFFEE, CONVERSATIONS, DISTRESS, api, send, started
from lightpoint.rest.events import HEARTBEAT, frame, numbered, with_heartbeats
from users.tests import factories

pytestmark = pytest.mark.usefixtures("nothing_left_by_readers")


@pytest.fixture
def nothing_left_by_readers(db):
    """A stream is read in a thread of its own, and what it embeds is committed: no test takes that back by itself."""
    yield
    cleaning = threading.Thread(target=forget_embeddings)
    cleaning.start()
    cleaning.join()


def forget_embeddings() -> None:
    Embedding.objects.all().delete()
    connections.close_all()


@pytest.fixture
def alice(guidance):
    return factories.analyst()


@pytest.fixture
def model(monkeypatch):
    """Lets a model write the answers."""

    def use(writer):
        monkeypatch.setattr("knowledge.services.answering.configured_writer", lambda: writer)
        return writer

    return use


def streamed(client: Client, question: str = DISTRESS):
    """The path of the conversation and the events of an answer, each as (id, name, data)."""
    path = started(client)
    answer = send(client, f"{path}messages/stream/", {"question": question}, Accept="text/event-stream")
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    body = b"".join(answer).decode()
    assert body.endswith("\n\n")
    return path, [parsed(part) for part in body.split("\n\n")[:-1] if not part.startswith(":")]


def parsed(part: str):
    lines = dict(line.split(": ", 1) for line in part.split("\n"))
    assert set(lines) == {"id", "event", "data"}
    return int(lines["id"]), lines["event"], json.loads(lines["data"])


def words_of(events) -> str:
    return "".join(data["text"] for _, name, data in events if name == "delta")


@pytest.mark.django_db
def test_an_answer_streams_in_order_and_ends_with_the_message(alice):
    path, events = streamed(api(alice))
    assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
    assert [name for _, name, _ in events].count("done") == 1
    assert events[-1][1] == "done"
    told = events[-1][2]
    assert told["text"] == words_of(events)
    cited = [data for _, name, data in events if name == "citation"]
    assert cited == told["citations"]
    assert api(alice).get(f"{path}messages/{told['id']}/").json() == told


@pytest.mark.django_db
def test_a_question_that_nothing_answers_is_declined_in_the_stream_too(alice, settings):
    settings.CHAT_LEAST_ANSWERABLE = 0.5
    _, events = streamed(api(alice), COFFEE)
    assert [name for _, name, _ in events] == ["delta", "done"]
    assert words_of(events) == events[-1][2]["text"] == DECLINED


@pytest.mark.django_db
def test_a_refusal_is_a_problem_and_no_stream(alice):
    path = started(api(alice))
    answer = send(api(alice), f"{path}messages/stream/", {"question": " "}, Accept="text/event-stream")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


@pytest.mark.django_db
def test_nothing_of_a_lie_is_sent_or_stored_as_the_answer(alice, model):
    lies = (
        "HMRC pays £987,654 for worry and distress [S1]. See https://evil.example/pay [S1]. Everybody is paid [S77]. "
        "The guidance says “pay whatever is asked” [S1]. You will be paid on 3 March 2031 [S2]. See CRG9999."
    )
    model(Saying(lies))
    _, events = streamed(api(alice))
    sent = json.dumps([data for _, name, data in events if name != "done"])
    for part in ("987", "evil", "S77", "whatever", "2031", "9999", "[S"):
        assert part not in sent
    message = Message.objects.get(speaker="assistant")
    assert (message.declined, message.written_by) == (False, "extractive")
    assert len(message.removed) >= 4
    assert all(one["reason"] for one in message.removed)
    quotes = [" ".join(citation.quote.split()) for citation in message.citations.all()]
    assert [part.partition("” [")[0] for part in message.text.split("\n\n")] == [f"“{quote}" for quote in quotes]


@pytest.mark.django_db
def test_a_true_sentence_beside_a_lie_is_shown_alone(alice, model):
    true = Saying("")
    model(true)
    streamed(api(alice))  # to see the sources that the model is given
    first = true.prompts[0].said[-1].text.split("\n")[2].split(". ")[0].strip()
    model(Saying(f"{first} [S1]. HMRC pays £987,654 to everybody [S1]."))
    _, events = streamed(api(alice))
    assert words_of(events) == f"{first} [1]."
    assert [data["number"] for _, name, data in events if name == "citation"] == [1]


@pytest.mark.django_db
def test_a_model_that_breaks_leaves_a_failed_answer_that_can_be_asked_for_again(alice, model):
    model(Silent())
    path, events = streamed(api(alice))
    assert [name for _, name, _ in events] == ["error"]
    message = Message.objects.get(speaker="assistant")
    assert (message.state, message.text) == ("failed", "")
    model(None)
    again = send(api(alice), f"{path}messages/{message.pk}/again/", {})
    assert (again.status_code, again.json()["state"]) == (200, "done")
    assert again.json()["citations"]
    assert send(api(alice), f"{path}messages/{message.pk}/again/", {}).status_code == 409
    assert Message.objects.count() == 2


@pytest.mark.django_db
def test_a_failure_is_kept_where_the_answer_is_waited_for_too(alice, model):
    model(Silent())
    answer = send(api(alice), f"{started(api(alice))}messages/", {"question": DISTRESS})
    assert (answer.status_code, answer.json()["state"]) == (201, "failed")


@pytest.mark.django_db
def test_a_reader_who_leaves_leaves_the_answer_failed(alice):
    row = start_conversation(by=alice, now=timezone.now())
    stream = stream_answer(begin_answer(conversation=row, question=DISTRESS, now=timezone.now()))
    next(stream)
    stream.close()
    assert Message.objects.get(speaker="assistant").state == "failed"


@pytest.mark.django_db
def test_a_question_after_one_that_failed_leans_on_that_one(alice, model):
    row = start_conversation(by=alice, now=timezone.now())
    for question in ("Are bank charges repaid?", DISTRESS):
        stream = stream_answer(begin_answer(conversation=row, question=question, now=timezone.now()))
        next(stream)
        if question == DISTRESS:
            stream.close()  # its reader has left
        else:
            list(stream)
    following = begin_answer(conversation=row, question="And for a company?", now=timezone.now())
    assert prepared_for(following).window.turns[-1] == Turn(DISTRESS, UNANSWERED)
    writer = model(Saying("NONE"))
    list(stream_answer(following))
    asked = [said.text for said in writer.prompts[0].said]
    assert asked[-3:-1] == [DISTRESS, UNANSWERED]
    assert "Payments for worry and distress" in asked[-1]


@pytest.mark.django_db
def test_one_question_is_answered_at_a_time(alice):
    client = api(alice)
    path = started(client)
    Message.objects.create(
        conversation=Conversation.objects.get(), speaker="assistant", state="answering", created_at=timezone.now()
    )
    assert send(client, f"{path}messages/", {"question": DISTRESS}).json()["type"] == "urn:lightpoint:answer-under-way"


@pytest.mark.django_db
def test_the_next_prompt_holds_what_was_said_and_what_was_pinned(alice, model):
    client = api(alice)
    path = send(client, CONVERSATIONS, {"pinned": ["The client is a widow."]}).headers["Location"]
    send(client, f"{path}messages/", {"question": DISTRESS})
    writer = model(Saying("NONE"))
    send(client, f"{path}messages/", {"question": "And how much is paid for it?"})
    (prompt,) = writer.prompts
    assert "The client is a widow." in prompt.system
    assert prompt.said[0].text == DISTRESS
    assert "[1]" not in prompt.said[1].text


@pytest.mark.django_db
def test_a_long_conversation_goes_on_with_a_summary(alice, model, settings):
    settings.CHAT_WINDOW_TOKENS = 600
    client = api(alice)
    path = started(client)
    for _ in range(4):
        send(client, f"{path}messages/", {"question": DISTRESS})
    row = Conversation.objects.get()
    assert DISTRESS in row.summary
    assert row.summarised_to in Message.objects.filter(speaker="assistant").values_list("pk", flat=True)


def test_no_text_can_end_a_frame():
    nasty = "a\n\nevent: done\rdata: b\u2028\u2029\x85c"
    sent = frame("delta", {"text": nasty}, number=3).decode()
    assert sent.startswith("id: 3\nevent: delta\ndata: ")
    assert sent.count("\n") == 4
    assert len(sent.splitlines()) == 4
    assert json.loads(sent.split("data: ", 1)[1]) == {"text": nasty}


def test_a_stream_shows_signs_of_life_while_nothing_comes():
    def slow():
        time.sleep(0.15)
        yield "delta", {"text": "late"}

    frames = list(numbered(with_heartbeats(slow(), seconds=0.04)))
    assert frames[0] == HEARTBEAT
    assert frames[-1].startswith(b"id: 1\n")


def test_what_breaks_behind_the_signs_of_life_is_raised():
    def broken():
        yield 1
        raise ValueError("broken")

    items = with_heartbeats(broken(), seconds=1)
    assert next(items) == 1
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_a_writer_is_closed_when_its_reader_leaves():
    closed = []

    def endless():
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    items = with_heartbeats(endless(), seconds=1)
    next(items)
    items.close()
    for _ in range(40):
        if closed:
            break
        time.sleep(0.05)
    assert closed
