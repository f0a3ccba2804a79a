"""What of a question about a client leaves the house. Nothing that tells who it is."""

import pytest

from knowledge.anonymising.masking import masked
from knowledge.models import Message
from knowledge.services.chat import ask, start_conversation
from knowledge.tests.chat.fakes import Saying
from knowledge.tests.chat.test_api import DISTRESS
from knowledge.tests.conftest import NOW
from users.tests import factories

CLIENT = (
    "My client Mrs Eleanor Whitcombe of Barnes, UTR 1234567890, 14 Sandbar Yard, Exeter EX1 9VK, ring 07700 900123 or "
    "e.whitcombe@example.org: how much does HMRC pay for worry and distress?"
)
SECRETS = ("Eleanor", "Whitcombe", "Barnes", "1234567890", "Sandbar", "EX1", "900123", "example.org")


def test_what_is_masked_is_put_back():
    found = masked([CLIENT, "Is Mrs Eleanor Whitcombe owed £50 under CRG6050?"])
    assert not [secret for secret in SECRETS if any(secret in text for text in found.texts)]
    assert found.restored(found.texts[0]) == CLIENT
    assert "£50 under CRG6050" in found.texts[1]
    assert "{name 1}" in found.texts[0]
    assert "{name 1}" in found.texts[1]
    assert found.restored("{name 9} is nobody") == "{name 9} is nobody"


def test_what_names_nobody_stays():
    assert masked([DISTRESS]).texts == (DISTRESS,)


@pytest.mark.django_db
@pytest.mark.usefixtures("guidance")
def test_no_name_or_reference_of_a_conversation_is_sent_to_a_model(monkeypatch):
    writer = Saying("{name 1} is paid £987,654 [S1].")
    monkeypatch.setattr("knowledge.services.answering.configured_writer", lambda: writer)
    row = start_conversation(by=factories.analyst(), now=NOW, pinned=["Mrs Eleanor Whitcombe is a widow."])
    ask(conversation=row, question=CLIENT, now=NOW)
    ask(conversation=row, question="And for Mrs Whitcombe's husband?", now=NOW)
    for prompt in writer.prompts:
        sent = "\n".join([prompt.system, *(said.text for said in prompt.said)])
        assert not [secret for secret in SECRETS if secret in sent]
    assert len(writer.prompts) == 2
    assert "how much does HMRC pay for worry and distress?" in writer.prompts[0].said[-1].text
    first = Message.objects.filter(speaker="assistant").earliest("pk")
    assert first.removed[0]["sentence"].startswith("Mrs Eleanor Whitcombe is paid")
