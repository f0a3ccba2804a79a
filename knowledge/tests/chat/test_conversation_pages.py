"""The pages of the chat, without their script."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from knowledge.models import Assistant, Conversation, Message
from knowledge.tests.chat.test_api import DISTRESS
from users.models import ApiKey
from users.tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guidance")]
PAGES = "/admin/knowledge/conversation/"


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_question_is_asked_by_a_plain_form_and_its_citation_opens_the_words():
    alice = factories.analyst(is_staff=True)
    client = browser(alice)
    page = client.post(f"{PAGES}begin/", {"question": DISTRESS}, follow=True)
    text = page.content.decode()
    row, answer = Conversation.objects.get(), Message.objects.get(speaker="assistant")
    cited = answer.citations.first()
    assert f'href="#c-{answer.pk}-{cited.number}"' in text
    words = client.get(f"{PAGES}{row.pk}/words/{answer.pk}/{cited.number}/")
    assert '<mark id="cited">' in words.content.decode()
    judged = client.post(f"{PAGES}{row.pk}/judge/{answer.pk}/", {"helpful": "no", "comment": "Short"}, follow=True)
    assert 'value="Short"' in judged.content.decode()
    client.post(f"{PAGES}{row.pk}/edit/", {"title": "Distress", "pinned": "One\nTwo", "version": "1"})
    assert Conversation.objects.get().pinned == ["One", "Two"]
    assert DISTRESS in client.get(f"{PAGES}{row.pk}/export/text/").content.decode()
    assert browser(factories.outsider(is_staff=True)).get(f"{PAGES}{row.pk}/change/").status_code == 404
    client.post(f"{PAGES}{row.pk}/remove/", {"version": "2"})
    assert not Conversation.objects.exists()


def test_those_who_run_a_practice_see_what_its_people_say_of_answers_and_nobody_elses():
    practice = factories.make_practice()
    alice, boss = factories.analyst(practice, is_staff=True), factories.manager(practice, is_staff=True)
    client = browser(alice)
    client.post(f"{PAGES}begin/", {"question": DISTRESS}, follow=True)
    row, answer = Conversation.objects.get(), Message.objects.get(speaker="assistant")
    client.post(f"{PAGES}{row.pk}/judge/{answer.pk}/", {"helpful": "no", "comment": "No figure in it"})
    said = browser(boss).get("/admin/knowledge/feedback/").content.decode()
    assert "No figure in it" in said
    assert DISTRESS not in said
    elsewhere = browser(factories.manager(factories.make_practice(), is_staff=True))
    assert "No figure in it" not in elsewhere.get("/admin/knowledge/feedback/").content.decode()
    assert client.get("/admin/knowledge/feedback/").status_code == 403


def test_assistants_are_listed_for_their_practice():
    practice = factories.make_practice()
    boss = factories.admin(practice, is_staff=True)
    factories.make_key(boss)
    Assistant.objects.create(
        practice=practice, api_key=ApiKey.objects.get(), name="Our site", created_at=datetime(2026, 1, 19, tzinfo=UTC)
    )
    assert "Our site" in browser(boss).get("/admin/knowledge/assistant/").content.decode()
    elsewhere = browser(factories.admin(factories.make_practice(), is_staff=True))
    assert "Our site" not in elsewhere.get("/admin/knowledge/assistant/").content.decode()
