"""What a page says of work under way when the server fails for a moment, or knows the person no more."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from complaints.models import CaseRun, Complaint
from complaints.services import start_run
from complaints.tests.factories import make_complaint
from tests.browser.conftest import apart
from users.models import User
from users.tests.factories import NOW, PASSWORD, manager

TOLD_BY_HAND = """
window.EventSource = class extends EventTarget {
  constructor() { super(); window.source = this; }
  close() {}
};
window.hear = (name, data) => window.source.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
"""
SECONDS_20 = 20_000


@pytest.fixture
def person(transactional_db) -> User:
    return manager(name="Ada Reed")


@pytest.fixture
def case(person: User) -> Complaint:
    complaint: Complaint = make_complaint(person.practice)
    start_run(complaint=complaint, kind=CaseRun.Kind.DRAFT, by=person, now=NOW)
    return complaint


def letters_of(case: Complaint) -> str:
    return reverse("admin:letters_letter_case", args=[case.pk])


def test_a_page_says_when_it_follows_no_more_because_the_person_is_signed_out(person, case, desk_of) -> None:
    with desk_of(person.email, PASSWORD) as ada:
        ada.go(letters_of(case))
        expect(ada.page.locator("[data-live]")).to_be_visible()
        apart(Session.objects.all().delete)
        expect(ada.page.get_by_text("This page no longer follows the work")).to_be_visible(timeout=SECONDS_20)


def test_a_page_goes_on_after_a_failure_of_the_server(person, case, desk_of) -> None:
    failed: list[str] = []

    def fail_once(route: Route) -> None:
        failed.append(route.request.url)
        if len(failed) == 1:
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    with desk_of(person.email, PASSWORD) as ada:
        ada.page.route("**/runs/", fail_once)
        ada.go(letters_of(case))
        expect(ada.page.locator("[data-live]")).to_be_visible()
        apart(lambda: CaseRun.objects.update(state="done", finished_at=NOW))
        expect(ada.page.locator("[data-live]")).to_have_count(0, timeout=SECONDS_20)
        assert len(failed) > 1


def test_a_letter_written_twice_in_a_run_links_to_its_newest_version(person, case, desk_of) -> None:
    run = apart(lambda: case.runs.get().pk)
    with desk_of(person.email, PASSWORD) as ada:
        page: Page = ada.page
        page.add_init_script(TOLD_BY_HAND)
        ada.go(letters_of(case))
        text = {"section": 0, "title": "", "state": "kept", "paragraphs": ["Dear Sir"], "name": "Complaint"}
        hear(page, "text", {"run": run, "letter": 0, **text})
        for number in (1, 2):
            hear(page, "version", {"run": run, "letter": 0, "id": 7, "version": number})
        expect(page.locator("#sight h3 a")).to_have_text(["Version 2: read it beside its ledger"])


def hear(page: Page, name: str, data: dict[str, object]) -> None:
    page.evaluate(f"window.hear({json.dumps(name)}, {json.dumps(data)})")
