"""The pages of the knowledge base in a browser: browse by source, send a file in, compare, decide and take it back."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from knowledge.services import load_digest_into_database
from knowledge.services.staging import Judgement, UploadedPage, decide, stage_upload
from tests.browser.conftest import apart
from users.tests import factories
from users.tests.factories import NOW, PASSWORD

HELD = """Payments to clients for a late reply

Our practice asks for £50 where HMRC answers after more than 15 working days. We send the request within 10 working
days of the reply, with the dates of every letter and call.

Professional fees are claimed at 100% of what the client was charged. See CRG5225 for the costs that HMRC repays."""


@pytest.mark.django_db(transaction=True)
def test_a_curator_compares_an_upload_and_decides(desk_of, watch, tmp_path: Path) -> None:
    email = apart(prepared)
    with desk_of(email, PASSWORD) as ada:
        page = ada.page
        ada.go("/admin/knowledge/source/")
        expect(page.get_by_role("link", name="Our notes")).to_be_visible()
        ada.picture("20-sources")
        file = tmp_path / "late-replies.md"
        file.write_text(HELD.replace("£50", "£75").replace("15 working", "20 working").replace("100%", "90%"))
        ada.go("/admin/knowledge/stagedsection/")
        page.get_by_label("Choose files").set_input_files(file)
        page.get_by_label("Source").fill("Our notes")
        ada.picture("21-uploads")
        page.get_by_role("button", name="Upload and compare").click()
        expect(page.get_by_role("heading", name="Figures that disagree")).to_be_visible()
        expect(page.locator("mark").first).to_be_visible()
        ada.picture("22-compare")
        page.get_by_role("button", name="Replace").click()
        expect(page.get_by_text("It has taken the place")).to_be_visible()
        ada.picture("23-decided")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("button", name="Approve")).to_be_visible()
    assert watch.errors == []
    assert all(host.startswith(("localhost", "127.0.0.1")) for host in watch.hosts)


def prepared() -> str:
    load_digest_into_database(now=NOW)
    person = factories.manager(name="Ada Reed")
    page = UploadedPage(identifier="late-replies", title="Payments to clients for a late reply", body=HELD)
    row = stage_upload(pages=[page], kind="practice_note", source_name="Our notes", by=person, now=NOW)[0]
    decide(staged=row, judged=Judgement("approve"), by=person, now=NOW)
    return person.email
