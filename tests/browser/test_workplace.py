"""A case from intake to a sent letter, through the browser admin alone."""

import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Download, Page, expect
from procrastinate.contrib.django import app

from complaints.tests.workers import forget_jobs
from knowledge.services import load_digest_into_database
from tests.browser.conftest import NARROW, WIDE, apart
from users.roles import Role
from users.tests.factories import NOW, PASSWORD, make_practice, make_user

SAMPLE = django_settings.BASE_DIR / "samples" / "cgt-repayment-withheld"
ANALYST, MANAGER, VIEWER = "ada@penhallow.example", "morag@penhallow.example", "vera@penhallow.example"


def work_off_the_queue() -> None:
    """A worker takes every job that waits, and leaves."""
    worker = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's has one
    with app.replace_connector(worker) as at_work:
        at_work.run_worker(
            queues=["cases"], wait=False, concurrency=1, install_signal_handlers=False, listen_notify=False
        )


@pytest.fixture
def practice(transactional_db):
    load_digest_into_database(now=NOW)
    practice = make_practice("Penhallow Reed LLP", signatory_name="Morwenna Reed", signatory_capacity="Partner")
    make_user(Role.ANALYST, practice, email=ANALYST, name="Ada Reed")
    make_user(Role.MANAGER, practice, email=MANAGER, name="Morag Penhallow")
    make_user(Role.VIEWER, practice, email=VIEWER, name="Vera Sands")
    return practice


def until_worked_off(page: Page) -> None:
    """Let the worker come, and wait until the page has seen it and loaded itself again."""
    expect(page.locator("[data-live]")).to_be_visible()
    apart(work_off_the_queue)
    expect(page.locator("[data-live]")).to_have_count(0, timeout=20_000)
    page.wait_for_load_state("networkidle")


@pytest.fixture(autouse=True)
def _no_jobs_left(transactional_db: None) -> Iterator[None]:
    yield
    forget_jobs()


def saved(page: Page, name: str) -> Download:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).first.click()
    return waiting.value


def test_a_case_goes_from_intake_to_a_sent_letter(practice, desk_of, watch, live_server):
    intake = json.loads((SAMPLE / "case.json").read_text())
    with desk_of(ANALYST, PASSWORD) as ada:
        page = ada.page
        ada.picture("01-dashboard-empty")
        open_the_case(ada, intake)
        give_it_papers(ada)
        read_the_analysis(ada)
        draft(ada)
        see_what_carries_sentences(ada)
        edit_and_mend(ada)
        page.get_by_text("Ask for a review").click()
        page.get_by_label("Comment").first.fill("Please look at the dates.")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_text("A colleague is asked to look at the letter.")).to_be_visible()
        expect(page.get_by_text("It waits for a manager to approve it.")).to_be_visible()
        letter = urlsplit(page.url).path
    with desk_of(MANAGER, PASSWORD) as morag:
        morag.picture("09-dashboard-of-the-manager")
        approve(morag, letter)
    with desk_of(ANALYST, PASSWORD) as ada:
        record_as_sent(ada, letter)
        take_the_files(ada)
    with desk_of(VIEWER, PASSWORD) as vera:
        only_read(vera, letter)
    assert watch.errors == []
    assert watch.hosts == {urlsplit(live_server.url).netloc}


def open_the_case(ada, intake):
    page = ada.page
    page.get_by_role("link", name="Open a case").first.click()
    page.get_by_label("Client", exact=True).fill(intake["client"]["name"])
    page.get_by_label("Kind", exact=True).select_option(intake["client"]["kind"])
    page.get_by_label("Nation", exact=True).select_option(intake["client"]["nation"])
    page.get_by_label("Tax", exact=True).fill(intake["tax_head"])
    page.get_by_label("Opened on").fill(intake["opened_on"])
    lines = "\n".join(f"{one['kind']} {one['value']}" for one in intake["client"]["references"])
    page.get_by_label("References").fill(lines)
    page.get_by_label(re.compile("^Brief")).fill(intake["brief"])
    page.get_by_label("What the client wants").fill(intake["desired_outcome"])
    ada.picture("02-open-a-case")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_text("is open. Add its papers next.")).to_be_visible()


def give_it_papers(ada):
    page = ada.page
    files = sorted((SAMPLE / "documents").iterdir())
    page.get_by_label("Choose files, or drop them here").set_input_files(files)
    expect(page.locator("[data-files] progress")).to_have_count(len(files))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("9 papers taken in and being read.")).to_be_visible()
    expect(page.get_by_text("Reading the papers")).to_be_visible()
    ada.picture("03-papers-being-read")
    until_worked_off(page)
    expect(page.locator("td .lp-state[data-state=read]")).to_have_count(page.locator("tbody tr").count())
    ada.picture("04-papers-read")
    file = saved(page, "Download chaser 15 Dec.docx")
    assert file.path().read_bytes() == (SAMPLE / "documents" / "chaser 15 Dec.docx").read_bytes()


def read_the_analysis(ada):
    page = ada.page
    page.get_by_role("button", name="Analyse the case").click()
    until_worked_off(page)
    expect(page.get_by_role("heading", name="Chronology", exact=True)).to_be_visible()
    expect(page.locator("#breaches")).to_be_visible()
    ada.picture("05-chronology-and-analysis")
    page.locator(".lp-words a").first.click()
    expect(page.locator("mark#words")).to_be_in_viewport()
    ada.picture("06-paper-with-marked-words")
    page.get_by_role("link", name="Overview").click()
    page.get_by_label("Add a line to the timeline").fill("Rang Rowan: nothing has come.")
    page.get_by_role("button", name="Add", exact=True).click()
    ada.picture("07-case-overview")


def draft(ada):
    page = ada.page
    page.get_by_role("navigation", name="Parts of the case").get_by_role("link", name="Letters").click()
    page.get_by_label("Tone").select_option("firm")
    page.get_by_role("button", name="Draft", exact=True).click()
    until_worked_off(page)
    expect(page.locator("tbody .lp-state[data-state=released]")).to_be_visible()
    ada.picture("08-letters-of-the-case")
    page.get_by_role("link", name="Complaint, first tier").click()


def see_what_carries_sentences(ada):
    page = ada.page
    ledger = page.locator("#ledger")
    paper = page.locator(".lp-s[data-status=verified]", has_text="21 days").first
    paper.click()
    expect(paper).to_have_attribute("aria-pressed", "true")
    expect(ledger.locator("mark").first).to_be_visible()
    assert ledger.locator("mark").first.evaluate("mark => mark.offsetTop >= mark.parentElement.scrollTop")
    ada.picture("10-letter-beside-its-ledger", of="window")
    ada.picture("10-letter-whole")
    below_on_a_narrow_screen(ada, paper)
    rule = page.get_by_role("button", name=re.compile("CRG[0-9]{4}")).first
    rule.focus()
    page.keyboard.press("Space")
    expect(ledger.get_by_text("Rule: carried by guidance")).to_be_visible()
    expect(ledger.get_by_role("link", name=re.compile("CRG[0-9]{4}")).first).to_be_visible()
    ada.picture("11-section-that-carries-a-rule", of="window")


def below_on_a_narrow_screen(ada, sentence):
    """There the ledger stands below the letter: a click leads to it, and a link leads back."""
    page = ada.page
    page.set_viewport_size({"width": NARROW, "height": 780})
    sentence.click()
    expect(page.locator("#ledger mark").first).to_be_in_viewport()
    if ada.pictures:
        page.screenshot(path=ada.pictures / f"10-ledger-below-{NARROW}.png")
    page.get_by_role("link", name="Back to the sentence").click()
    expect(sentence).to_be_in_viewport()
    page.set_viewport_size({"width": WIDE, "height": 900})


def edit_and_mend(ada):
    """A figure that no paper bears out blocks the letter; the words put right release it."""
    page = ada.page
    ledger = page.locator("#ledger")
    sentence = page.locator(".lp-s[data-status=verified]", has_text="£4,196").first
    right = sentence.inner_text()
    sentence.click()
    expect(ledger.locator("blockquote").first).to_have_text(right)
    edit(ledger, re.sub(r"£4,196(\.00)?", "£5,196.00", right))
    expect(page.get_by_text("The letter is blocked and cannot be approved:")).to_be_visible()
    expect(ledger.get_by_text("Blocked: not borne out")).to_be_visible()
    expect(page.locator(".lp-s[data-status=unsupported]")).to_have_count(1)
    ada.picture("12-letter-blocked-by-a-sentence")
    edit(ledger, right)
    expect(page.get_by_text("Every statement of the letter is verified.")).to_be_visible()
    page.get_by_role("link", name="What changed in version 2").click()
    expect(page.locator("ins", has_text="£5,196.00")).to_be_visible()
    ada.picture("13-what-changed")
    page.get_by_role("link", name="Back to the letter").click()


def edit(ledger, words):
    ledger.get_by_text("Edit the sentence").click()
    ledger.get_by_label("Words").fill(words)
    ledger.get_by_role("button", name="Check and keep").click()


def approve(morag, letter):
    page = morag.page
    page.get_by_role("link", name="Complaint, first tier").first.click()
    assert urlsplit(page.url).path == letter
    page.get_by_text("Approve", exact=True).click()
    morag.picture("14-approve")
    page.get_by_role("button", name="Approve as Morag Penhallow").click()
    expect(page.get_by_text("You have approved the letter.")).to_be_visible()


def record_as_sent(ada, letter):
    page = ada.page
    ada.go(letter)
    page.get_by_text("Record as sent", exact=True).click()
    page.get_by_label("How", exact=True).select_option("tracked_post")
    page.get_by_label("Reference").fill("RN 1234 5678 9GB")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("The letter is recorded as sent.")).to_be_visible()
    ada.picture("15-letter-sent")


def take_the_files(ada):
    page = ada.page
    word = saved(page, "DOCX")
    assert word.suggested_filename.endswith("v3.docx")
    assert "word/document.xml" in zipfile.ZipFile(BytesIO(word.path().read_bytes())).namelist()
    assert saved(page, "PDF").path().read_bytes().startswith(b"%PDF")
    receipt = json.loads(saved(page, "Receipt").path().read_text())
    assert receipt["approved_by"] == "Morag Penhallow"
    assert [edit["by"] for edit in receipt["edits"]] == ["Ada Reed", "Ada Reed"]
    ada.go("/admin/complaints/complaint/")
    ada.picture("16-list-of-cases")
    ada.go("/admin/knowledge/section/?q=worry+and+distress")
    ada.picture("17-guidance")
    ada.go("/admin/letters/letter/")
    ada.picture("18-list-of-letters")


def only_read(vera, letter):
    page = vera.page
    vera.go(letter)
    expect(page.get_by_role("heading", name="Complaint, first tier")).to_be_visible()
    page.locator(".lp-s").nth(20).click()
    expect(page.get_by_text("Edit the sentence")).to_have_count(0)
    expect(page.locator(".lp-steps summary")).to_have_count(0)
    page.get_by_role("link", name="Overview").click()
    expect(page.locator("main form, .lp form")).to_have_count(0)
    vera.picture("19-viewer")
