"""The pages of letters in the browser admin: who sees what, each step of the road, and what carries a sentence."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import CaseRun, Document, Page
from complaints.services import assign_complaint
from complaints.tests.factories import NOW
from letters.models import Dispatch, Letter, LetterVersion, Sentence
from letters.reading import editable_sections
from letters.records import DraftLetter
from lightpoint.codec import from_plain
from users.tests.factories import admin, analyst, manager, outsider, viewer

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"
STEPS = (
    "review", "send_back", "approve", "lock", "reopen", "send", "edit_sentence", "edit_section", "change_section",
)  # fmt: skip


@pytest.fixture
def worker(drafted):
    ada = analyst(drafted.practice, name="Ada Reed")
    assign_complaint(complaint=drafted, to=ada, by=None, now=NOW)
    return ada


@pytest.fixture
def letter(drafted):
    return Letter.objects.get(complaint=drafted, position=0)


@pytest.fixture
def seen_by(client):
    """A function that signs somebody in."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def of(letter, name="change"):
    return reverse(f"admin:letters_letter_{name}", args=[letter.pk])


def texts(answer):
    return [str(message) for message in answer.context["messages"]]


def do(browser, letter, name, **sent):
    letter.refresh_from_db()
    return browser.post(of(letter, name), {"version": letter.version, **sent}, follow=True)


def line_with(letter, words):
    version = letter.versions.order_by("-number").first()
    return version.sentences.filter(text__contains=words).order_by("position").first()


def addresses(letter):
    version = letter.versions.get()
    return [
        of(letter),
        of(letter, "beside") + "?sentence=10",
        reverse("admin:letters_letter_case", args=[letter.complaint_id]),
        reverse("admin:letters_letter_changes", args=[version.pk]),
        *(reverse("admin:letters_letter_download", args=[version.pk, kind]) for kind in ("docx", "pdf", "receipt")),
    ]


def test_the_pages_of_a_letter_are_for_those_who_see_its_case(seen_by, letter, worker):
    practice = letter.practice
    people = [
        (worker, 200),
        (manager(practice), 200),
        (viewer(practice), 200),
        (analyst(practice), 404),
        (outsider(), 404),
    ]
    for person, status in people:
        for address in addresses(letter):
            assert seen_by(person).get(address).status_code == status, (person, address)


def test_a_stranger_is_sent_to_sign_in(client, letter):
    for address in addresses(letter):
        assert "/login/" in client.get(address).url


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_refused_to_a_viewer_and_unknown_to_others(seen_by, letter, name):
    sent = {"version": letter.version, "position": 1, "section": 1, "text": "x", "comment": "x"}
    assert seen_by(viewer(letter.practice)).post(of(letter, name), sent).status_code == 403
    assert seen_by(analyst(letter.practice)).post(of(letter, name), sent).status_code == 404
    assert seen_by(outsider()).post(of(letter, name), sent).status_code == 404
    assert seen_by(admin(letter.practice)).get(of(letter, name)).status_code == 405
    letter.refresh_from_db()
    assert (letter.state, letter.versions.count()) == ("draft", 1)


def test_a_letter_is_laid_out_with_every_line_of_its_ledger(seen_by, letter, worker):
    text = seen_by(worker).get(of(letter)).content.decode()
    version = letter.versions.get()
    tables = [line.position for line in version.sentences.all() if f'data-beside="{line.position}"' not in text]
    heads = [line.text for line in version.sentences.filter(position__in=tables)]
    assert all(head.count("|") >= 2 for head in heads)
    assert "<ol>" in text
    assert '<th scope="col">Exhibit</th>' in text


def test_beside_a_fact_stand_the_words_of_the_paper_marked(seen_by, letter, worker):
    line = Sentence.objects.filter(version__letter=letter, kind="fact", sources__document__isnull=False).first()
    text = seen_by(worker).get(of(letter, "beside"), {"sentence": line.position}).content.decode()
    assert "<mark>" in text
    assert "Fact: carried by papers" in text
    assert line.sources.first().document.name in text


def test_beside_a_rule_stands_the_section_in_its_version(seen_by, letter, worker):
    line = Sentence.objects.filter(version__letter=letter, kind="rule").exclude(sources__section="").first()
    source = line.sources.exclude(section="").first()
    text = seen_by(worker).get(of(letter, "beside"), {"sentence": line.position}).content.decode()
    assert source.section in text
    assert source.section_version in text


@pytest.mark.parametrize("query", [{"sentence": "9999"}, {"sentence": "x"}, {"section": "99"}, {"version": "7"}, {}])
def test_what_is_not_there_is_not_found_beside_the_letter(seen_by, letter, worker, query):
    assert seen_by(worker).get(of(letter, "beside"), query).status_code == 404


@pytest.mark.parametrize("query", [{"sentence": "9999"}, {"section": "1"}])
def test_a_letter_is_shown_though_what_was_open_beside_it_is_gone(seen_by, letter, worker, query):
    Letter.objects.filter(pk=letter.pk).update(state="approved", approved_at=NOW, approved_by=worker)
    answer = seen_by(worker).get(of(letter), query)
    assert answer.status_code == 200
    assert "Choose a sentence of the letter" in answer.content.decode()


def test_text_of_a_paper_is_never_markup(seen_by, letter, worker):
    line = Sentence.objects.filter(version__letter=letter, kind="fact", sources__document__isnull=False).first()
    source = line.sources.filter(document__isnull=False).first()
    Page.objects.filter(document=source.document, number=source.page).update(text=f"{HOSTILE} {source.quote} {HOSTILE}")
    Document.objects.filter(pk=source.document_id).update(name=f"{HOSTILE}.txt")
    text = seen_by(worker).get(of(letter, "beside"), {"sentence": line.position}).content.decode()
    assert HOSTILE not in text
    assert "<mark>" in text


def test_an_edit_that_no_paper_bears_out_blocks_the_letter_and_says_by_what(seen_by, letter, worker):
    line = line_with(letter, "£4,196")
    answer = do(
        seen_by(worker), letter, "edit_sentence", position=line.position, text=line.text.replace("4,196", "5,196")
    )
    assert "The ledger says of this sentence: unsupported." in texts(answer)[0]
    assert "£5,196.00 is not in the evidence" in answer.content.decode()
    assert "Blocked: not borne out" in answer.content.decode()
    do(seen_by(worker), letter, "review")
    boss = seen_by(manager(letter.practice))
    assert of(letter, "approve") not in boss.get(of(letter)).content.decode()
    refused = do(boss, letter, "approve")
    assert refused.status_code == 409
    assert "The ledger blocks this letter" in refused.content.decode()


def test_an_edit_that_holds_becomes_a_version_with_its_author_and_what_changed(seen_by, letter, worker):
    line = line_with(letter, "written apology")
    answer = do(
        seen_by(worker), letter, "edit_sentence", position=line.position, text="A written apology for all of this."
    )
    newest = letter.versions.order_by("-number").first()
    assert (newest.number, newest.author, newest.released) == (2, worker, True)
    assert "Every statement of the letter is verified." in texts(answer)[0]
    text = seen_by(worker).get(reverse("admin:letters_letter_changes", args=[newest.pk])).content.decode()
    assert "<ins>A written apology for all of this.</ins>" in text
    older = seen_by(worker).get(of(letter), {"version": 1}).content.decode()
    assert "This is an earlier version" in older
    assert of(letter, "edit_sentence") not in older


def test_an_edit_that_is_out_of_date_keeps_what_was_typed(seen_by, letter, worker):
    sent = {"version": letter.version + 5, "position": 12, "text": "My own words."}
    answer = seen_by(worker).post(of(letter, "edit_sentence"), sent)
    assert answer.status_code == 412
    assert "What you typed is kept below" in answer.content.decode()
    assert "My own words." in answer.content.decode()
    assert letter.versions.count() == 1


@pytest.mark.parametrize(("position", "words"), [(9_999, "Words."), (12, None)])
def test_an_edit_that_cannot_be_made_keeps_what_was_typed(seen_by, letter, worker, position, words):
    same = letter.versions.get().sentences.get(position=12).text
    answer = do(seen_by(worker), letter, "edit_sentence", position=position, text=words or same)
    assert answer.status_code == 422
    assert (words or "says this already") in answer.content.decode()


def test_a_section_is_edited_as_one_text(seen_by, letter, worker):
    index = min(editable_sections(from_plain(DraftLetter, letter.versions.get().draft)))
    beside = seen_by(worker).get(of(letter, "beside"), {"section": index})
    text = beside.context["section_form"].initial["text"]
    answer = do(
        seen_by(worker), letter, "edit_section", section=index, text=text + "\r\n\r\nWe thank you for your time."
    )
    assert letter.versions.count() == 2
    assert "We thank you for your time." in answer.content.decode()
    refused = do(seen_by(worker), letter, "edit_section", section=99, text="x")
    assert refused.status_code == 422


def test_the_road_from_draft_to_sent_and_back(seen_by, letter, worker):
    boss = manager(letter.practice, name="Morag Penhallow")
    do(seen_by(worker), letter, "review", comment="Please look.")
    refused = do(seen_by(boss), letter, "send_back")
    assert refused.status_code == 422
    do(seen_by(boss), letter, "send_back", comment="The date, please.")
    letter.refresh_from_db()
    assert letter.state == "draft"
    do(seen_by(worker), letter, "review")
    assert of(letter, "approve") not in seen_by(worker).get(of(letter)).content.decode()
    assert seen_by(worker).post(of(letter, "approve"), {"version": letter.version}).status_code == 403
    done = do(seen_by(boss), letter, "approve")
    assert "approved by Morag Penhallow" in done.content.decode()
    assert of(letter, "lock") in done.content.decode()
    locked = do(seen_by(worker), letter, "edit_sentence", position=12, text="Too late.")
    assert locked.status_code == 409
    assert "Too late." in locked.content.decode()
    letter.refresh_from_db()
    sent = {"sent_on": letter.approved_at.date().isoformat(), "method": "tracked_post", "reference": "RN 12"}
    do(seen_by(worker), letter, "send", **sent)
    assert Dispatch.objects.get().reference == "RN 12"
    do(seen_by(boss), letter, "reopen")
    letter.refresh_from_db()
    assert letter.state == "draft"
    text = seen_by(worker).get(of(letter)).content.decode()
    assert "The date, please." in text


def test_a_section_is_changed_without_a_model_by_a_run(seen_by, letter, worker):
    index = int(seen_by(worker).get(of(letter)).content.decode().split('data-section="')[1].split('"')[0])
    beside = seen_by(worker).get(of(letter, "beside"), {"section": index}).content.decode()
    assert "No model is set up here" in beside
    assert "Write this section anew" in beside
    answer = do(seen_by(worker), letter, "change_section", section=index, change="tone", tone="robust")
    assert "The section is being changed." in texts(answer)[0]
    assert "Changing a section" in answer.content.decode()
    run = CaseRun.objects.get(kind="refine")
    assert (run.state, run.options["change"], run.options["tone"], run.created_by) == (
        "queued",
        "tone",
        "robust",
        worker,
    )
    other = do(seen_by(worker), letter, "change_section", section=index, change="renew")
    assert (other.status_code, "is being made; ask again" in other.content.decode()) == (409, True)


def test_a_request_in_words_without_a_model_keeps_what_was_typed_elsewhere(seen_by, letter, worker):
    answer = do(seen_by(worker), letter, "change_section", section=1, change="reword", words="More firmly.")
    assert (answer.status_code, "No model is set up here" in answer.content.decode()) == (409, True)
    assert "More firmly." in answer.content.decode()
    empty = do(seen_by(worker), letter, "change_section", section=1, change="reword", words="")
    assert (empty.status_code, "This field is required" in empty.content.decode()) == (422, True)
    assert do(seen_by(worker), letter, "change_section", section="x", change="renew").status_code == 422
    assert do(seen_by(worker), letter, "change_section", section=1, change="dance").status_code == 422
    assert not CaseRun.objects.filter(kind="refine").exists()


def test_words_of_a_paper_are_struck_and_taken_back_on_pages(seen_by, letter, worker):
    line = Sentence.objects.filter(version__letter=letter, kind="fact", sources__document__isnull=False).first()
    source = line.sources.filter(document__isnull=False).first()
    beside = seen_by(worker).get(of(letter, "beside"), {"sentence": line.position}).content.decode()
    address = reverse("admin:complaints_document_correct", args=[source.document_id])
    assert address in beside
    form = seen_by(worker).get(address, {"quote": source.quote}).content.decode()
    assert "Words of" in form
    refused = seen_by(worker).post(address, {"quote": "Nothing of the kind", "reason": "It is wrong."})
    assert (refused.status_code, "are not in" in refused.content.decode()) == (422, True)
    assert "It is wrong." in refused.content.decode()
    half = seen_by(worker).post(address, {"quote": source.quote, "reason": "x", "day": "2025-03-05"})
    assert (half.status_code, "which paper shows it" in half.content.decode()) == (422, True)
    done = seen_by(worker).post(address, {"quote": source.quote, "reason": "It is wrong."}, follow=True)
    assert "The words are struck." in texts(done)[0]
    assert "It is wrong." in done.content.decode()
    row = letter.complaint.corrections.get()
    back = reverse("admin:complaints_complaint_withdraw", args=[row.pk])
    assert seen_by(viewer(letter.practice)).post(back).status_code == 403
    assert seen_by(outsider()).post(back).status_code == 404
    assert seen_by(viewer(letter.practice)).get(address).status_code == 403
    assert "taken back by Ada Reed" in seen_by(worker).post(back, follow=True).content.decode()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"sent_on": "2099-01-01", "method": "post"}, "a day to come"),
        ({"sent_on": "", "method": "post"}, "This field is required"),
        ({"sent_on": "2026-01-19", "method": "pigeon"}, "Select a valid choice"),
    ],
)
def test_a_dispatch_that_cannot_be_keeps_what_was_typed(seen_by, letter, worker, sent, told):
    do(seen_by(worker), letter, "review")
    do(seen_by(manager(letter.practice)), letter, "approve")
    answer = do(seen_by(worker), letter, "send", reference="RN 77", **sent)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "RN 77" in answer.content.decode()


def test_a_step_that_is_out_of_date_is_refused(seen_by, letter, worker):
    answer = seen_by(worker).post(of(letter, "review"), {"version": letter.version + 1, "comment": "Typed"})
    assert answer.status_code == 412
    assert "Typed" in answer.content.decode()
    assert seen_by(worker).post(of(letter, "review"), {}).status_code == 428


def test_letters_are_drafted_once_however_often_one_presses(seen_by, letter, worker):
    address = reverse("admin:letters_letter_draft", args=[letter.complaint_id])
    for _ in range(2):
        seen_by(worker).post(address, {"tone": "measured"})
    run = CaseRun.objects.get(kind="draft")
    assert (run.state, run.options["tone"]) == ("queued", "measured")
    page = seen_by(worker).get(reverse("admin:letters_letter_case", args=[letter.complaint_id])).content.decode()
    assert "Drafting the letters" in page
    answer = seen_by(worker).post(address, {"tone": "furious"}, follow=True)
    assert "furious is not one of the available choices" in " ".join(texts(answer))
    assert seen_by(viewer(letter.practice)).post(address, {"tone": "firm"}).status_code == 403
    assert seen_by(outsider()).post(address, {"tone": "firm"}).status_code == 404


def test_drafts_are_limited(seen_by, letter, worker, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"letters": settings.RATE_LIMITS["letters"] | {"rate": "1/h"}}
    address = reverse("admin:letters_letter_draft", args=[letter.complaint_id])
    assert [seen_by(worker).post(address, {"tone": "firm"}).status_code for _ in range(2)] == [302, 429]


def test_a_version_is_handed_out_as_word_pdf_and_receipt(seen_by, letter, worker):
    version = letter.versions.get()
    starts = {"docx": b"PK", "pdf": b"%PDF", "receipt": b"{"}
    for kind, start in starts.items():
        answer = seen_by(worker).get(reverse("admin:letters_letter_download", args=[version.pk, kind]))
        assert answer.content.startswith(start)
        assert "attachment" in answer["Content-Disposition"]
    assert json.loads(answer.content)["version"] == 1
    assert seen_by(worker).get(reverse("admin:letters_letter_download", args=[version.pk, "exe"])).status_code == 404


def queries_of(client, address):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_page_of_a_letter_costs_the_same_however_many_sentences_and_versions(seen_by, letter, worker):
    browser = seen_by(worker)
    one = queries_of(browser, of(letter))
    version = letter.versions.get()
    LetterVersion.objects.bulk_create(
        LetterVersion(
            letter=letter, number=n, analysis=version.analysis, inputs_hash=f"h{n}", pipeline="embedded", tone="firm",
            draft=version.draft, text="", released=True, created_at=NOW, author=worker, base=version, origin="edited",
        )
        for n in range(2, 20)
    )  # fmt: skip
    lines = version.sentences.values("position", "text", "kind", "status")
    newest = letter.versions.order_by("-number").first()
    Sentence.objects.bulk_create(Sentence(version=newest, **line) for line in lines)
    assert queries_of(browser, of(letter)) == one <= 12


def test_the_list_of_letters_costs_the_same_with_more_of_them_and_is_searched(seen_by, letter, drafted):
    browser = seen_by(admin(letter.practice))
    address = reverse("admin:letters_letter_changelist")
    browser.get(address)
    first = queries_of(browser, address)
    for kind in ("appeal", "ico", "adjudicator"):
        Letter.objects.create(complaint=drafted, practice=drafted.practice, type=kind, position=5, recipient="HMRC")
    assert queries_of(browser, address) == first <= 6
    assert drafted.reference in browser.get(address, {"q": "achterberg"}).content.decode()
    assert drafted.reference not in browser.get(address, {"q": "nobody"}).content.decode()
    assert drafted.reference not in seen_by(outsider()).get(address).content.decode()


def test_reviews_are_asked_for_together_and_what_is_refused_says_why(seen_by, letter, worker):
    address = reverse("admin:letters_letter_changelist")
    sent = {"action": "ask", "_selected_action": [letter.pk]}
    assert texts(seen_by(worker).post(address, sent, follow=True)) == ["A review is asked for, of 1 letter."]
    again = texts(seen_by(worker).post(address, sent, follow=True))
    assert "it cannot become in review" in again[-1]


def test_the_first_page_tells_which_letters_wait(seen_by, letter, worker):
    boss = manager(letter.practice)
    do(seen_by(worker), letter, "review")
    waiting = seen_by(boss).get("/admin/").content.decode()
    assert of(letter) in waiting
    do(seen_by(boss), letter, "approve")
    assert "Approved, not sent yet" in seen_by(boss).get("/admin/").content.decode()
    assert of(letter) not in seen_by(outsider()).get("/admin/").content.decode()
