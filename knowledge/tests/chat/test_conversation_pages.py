"""The pages of the chat, without their script."""

import pytest
from django.test import Client

from knowledge.models import Conversation, Message
from knowledge.tests.chat.test_api import DISTRESS
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
