"""A section of a letter changed as somebody asks for it in words, in the browser, by a simulated model."""

import json
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from letters.management.simulated import Liar, faithful
from letters.models import Letter
from letters.services import newest_version
from letters.tests.conftest import drafted, shelf, text_bundle  # noqa: F401 - fixtures: the sample case with letters
from letters.tests.test_refining import wordable
from lightpoint.llm.simulator import Simulator
from tests.browser.conftest import apart
from tests.browser.test_workplace import until_worked_off
from users.roles import Role
from users.tests.factories import PASSWORD, make_user

EMAIL = "morag@penhallow.example"


def turned(request):
    """The cards, the first sentence of each paragraph told last."""
    answer = json.loads(faithful(request))
    for section in answer["sections"]:
        section["paragraphs"] = [paragraph[1:] + paragraph[:1] for paragraph in section["paragraphs"]]
    return json.dumps(answer)


@pytest.fixture
def say():
    """What the model answers with; a test may put another function in it."""
    return {"answer": turned}


@pytest.fixture
def provider(settings, say):
    def answer(request):
        return say["answer"](request)

    with Simulator(answer=answer, time_scale=0.01) as found:
        for name, value in found.settings().items():
            setattr(settings, name, value)
        yield found


@pytest.fixture
def letter(transactional_db, drafted):  # noqa: F811
    make_user(Role.MANAGER, drafted.practice, email=EMAIL, name="Morag Penhallow")
    return Letter.objects.get(complaint=drafted, position=0)


@pytest.fixture
def section(letter):
    return wordable(letter)


@pytest.fixture
def fact(letter):
    return newest_version(letter).sentences.filter(kind="fact", sources__document__isnull=False).first().position


def test_a_change_is_asked_for_made_refused_and_the_letter_locked(
    letter, section, fact, provider, say, desk_of, watch, live_server
):
    address = reverse("admin:letters_letter_change", args=[letter.pk])
    with desk_of(EMAIL, PASSWORD) as morag:
        page = morag.page
        ask(morag, address, section, "say this more firmly")
        until_worked_off(page)
        expect(page.get_by_text("version 2, a section reworded by a model, as Morag Penhallow asked")).to_be_visible()
        expect(page.locator(".lp-notes q")).to_have_text("say this more firmly")
        morag.picture("21-section-changed")
        page.get_by_role("link", name="What changed in version 2").click()
        expect(page.locator("ins").first).to_be_visible()
        morag.picture("22-what-the-model-changed")
        say["answer"] = Liar(1.0, seed=2)
        ask(morag, address, section, "say that HMRC lost the file")
        until_worked_off(page)
        expect(page.locator(".lp-bad")).to_contain_text("The section stays as it was")
        morag.picture("23-change-not-made")
        strike(morag, address, fact)
        lock(morag, address)
    assert [error for error in watch.errors if "a status of 422" not in error] == []  # that one is asked for
    assert watch.hosts == {urlsplit(live_server.url).netloc}
    assert apart(lambda: Letter.objects.get(pk=letter.pk).state) == "locked"


def ask(morag, address, section, words):
    page = morag.page
    morag.go(address)
    page.locator(f"[data-section='{section}']").click()
    ledger = page.locator("#ledger")
    ledger.get_by_label("What is to be changed").fill(words)
    morag.picture("20-ask-for-a-change", of="window")
    ledger.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("The section is being changed.")).to_be_visible()


def strike(morag, address, fact):
    page = morag.page
    morag.go(f"{address}?sentence={fact}")
    page.get_by_role("link", name="These words are wrong").first.click()
    page.get_by_label("Why").fill("The officer misread the postmark.")
    page.get_by_label("The right day").fill("2025-03-05")
    page.get_by_role("button", name="Strike the words").click()
    expect(page.get_by_text("Say which paper shows it, and in which words.")).to_be_visible()
    morag.picture("24-words-that-are-wrong")
    page.get_by_label("The right day").fill("")
    page.get_by_role("button", name="Strike the words").click()
    expect(page.get_by_text("The words are struck.")).to_be_visible()
    page.get_by_role("button", name="Take back").scroll_into_view_if_needed()
    morag.picture("25-corrections")


def lock(morag, address):
    page = morag.page
    morag.go(address)
    page.get_by_text("Ask for a review").click()
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("Approve", exact=True).click()
    page.get_by_role("button", name="Approve as Morag Penhallow").click()
    expect(page.get_by_text("You have approved the letter.")).to_be_visible()
    page.get_by_text("Lock for sending", exact=True).click()
    morag.picture("26-approved")
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_text("The letter is locked. Its files are the final ones.")).to_be_visible()
    morag.picture("27-locked")
