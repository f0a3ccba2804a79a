import pytest

from complaints.models import Document
from complaints.tests.factories import NOW, make_practice, make_user
from letters.models import LetterVersion
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_http(settings):
    settings.SECURE_SSL_REDIRECT = False


@pytest.fixture
def alice(client, drafted):
    client.force_login(make_user(drafted.practice))
    return client


@pytest.fixture
def charlie(client, drafted):
    client.force_login(make_user(make_practice("Another Practice LLP"), "charlie@another.example"))
    return client


def addresses(complaint):
    version, document = LetterVersion.objects.first(), Document.objects.first()
    return [
        f"/letters/cases/{complaint.pk}/",
        f"/letters/versions/{version.pk}.pdf",
        f"/letters/versions/{version.pk}.docx",
        f"/cases/documents/{document.pk}/",
    ]


def test_the_practice_opens_every_page_of_its_case(alice, drafted):
    for address in (*addresses(drafted), "/cases/", "/overview/"):
        assert alice.get(address).status_code == 200, address


def test_another_practice_finds_none_of_them(charlie, drafted):
    for address in addresses(drafted):
        assert charlie.get(address).status_code == 404, address
    assert drafted.reference not in charlie.get("/cases/").content.decode()


def test_nobody_sees_a_page_without_signing_in(client, drafted):
    for address in (*addresses(drafted), "/cases/", "/overview/"):
        assert client.get(address).status_code == 302, address


def test_a_letter_costs_a_fixed_number_of_queries(alice, drafted, django_assert_num_queries):
    with django_assert_num_queries(9):  # session, user, case, analysis, versions, sentences, sources, two of documents
        alice.get(f"/letters/cases/{drafted.pk}/")


def test_the_evidence_page_marks_the_words_that_carry_a_sentence(alice, drafted):
    document = Document.objects.get(name="chaser 15 Dec.docx")
    page = alice.get(f"/cases/documents/{document.pk}/", {"quote": "would be issued within 21 days"})
    assert "<mark>would be issued within 21 days</mark>" in " ".join(page.content.decode().split())


def test_a_file_that_is_neither_docx_nor_pdf_is_not_found(alice, drafted):
    assert alice.get(f"/letters/versions/{LetterVersion.objects.first().pk}.exe").status_code == 404


def test_the_admin_shows_the_case_and_its_ledger(client, drafted):
    boss = User.objects.create_superuser("boss@lightpoint.example", "a long enough password", created_at=NOW)
    client.force_login(boss)
    case = client.get(f"/admin/complaints/complaint/{drafted.pk}/change/").content.decode()
    assert "Where HMRC fell short" in case
    version = LetterVersion.objects.first()
    ledger = client.get(f"/admin/letters/letterversion/{version.pk}/change/").content.decode()
    assert version.sentences.filter(kind="rule").first().sources.first().section in ledger
    for page in ("complaint", "document", "client"):
        assert client.get(f"/admin/complaints/{page}/").status_code == 200
