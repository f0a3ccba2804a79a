"""What a change of the guidance touches: the letters that rest on a section."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint
from knowledge.models import SectionVersion
from knowledge.services.staging import Judgement, UploadedPage, decide, stage_upload
from letters.models import LetterVersion, SentenceSource
from letters.selectors import uses_of_sections
from letters.tests.conftest import drafted, shelf, text_bundle  # noqa: F401 - fixtures: the sample case with letters
from users.models import User
from users.tests import factories
from users.tests.factories import NOW

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def cited(drafted: Complaint) -> SectionVersion:  # noqa: F811 - the fixture
    """A section that letters of the sample case rest on."""
    name = SentenceSource.objects.exclude(section="").order_by("pk").first().section
    return SectionVersion.objects.current().get(identifier=name, section__practice=None)


@pytest.fixture
def reader(drafted: Complaint) -> User:  # noqa: F811 - the fixture
    return factories.viewer(drafted.practice)


def change(version: SectionVersion) -> SectionVersion:
    staff = factories.superuser()
    page = UploadedPage(identifier=version.identifier, title=version.title, body="The page says something else now.")
    source = version.section.source
    row = stage_upload(pages=[page], kind=source.kind, source_name=source.name, by=staff, now=NOW)[0]
    judged = Judgement("replace", target=version.pk)
    return decide(staged=row, judged=judged, by=staff, now=NOW + timedelta(days=1)).result


def test_the_letters_that_rest_on_a_section_are_listed_whatever_holds_now(cited: SectionVersion, reader: User) -> None:
    before = list(uses_of_sections([cited], viewer=reader))
    assert before
    for use in before:
        carried = SentenceSource.objects.filter(sentence__version=use, section=cited.identifier)
        assert carried.exists()
        assert (use.cited, use.newest) == ([cited.version], True)
    made = change(cited)
    assert list(uses_of_sections([made], viewer=reader)) == []
    assert list(uses_of_sections([made, cited], viewer=reader)) == before


def test_nobody_sees_the_letters_of_another_practice(cited: SectionVersion) -> None:
    assert not uses_of_sections([cited], viewer=factories.outsider()).exists()
    assert uses_of_sections([cited], viewer=factories.superuser()).exists()
    assert not uses_of_sections([], viewer=factories.superuser()).exists()


def test_cases_that_are_over_can_be_left_out(cited: SectionVersion, reader: User) -> None:
    assert uses_of_sections([cited], viewer=reader, open_only=True).exists()
    Complaint.objects.update(status="closed")
    assert not uses_of_sections([cited], viewer=reader, open_only=True).exists()
    assert uses_of_sections([cited], viewer=reader).exists()


def test_the_api_lists_them_with_the_version_that_each_cites(cited: SectionVersion, reader: User) -> None:
    client, address = client_of(reader), f"/api/v1/guidance/sections/{cited.identifier}/uses/"
    found = client.get(f"{address}?open=true&page_size=50").json()["results"]
    assert {row["version_id"] for row in found} == set(
        uses_of_sections([cited], viewer=reader).values_list("pk", flat=True)
    )
    assert all(row["section_versions"] == [cited.version] for row in found)
    change(cited)
    assert client.get(f"{address}?section_version={cited.version}").json()["results"]
    assert client.get(f"{address}?section_version=none").json()["results"] == []
    assert client_of(factories.outsider()).get(address).json()["results"] == []
    assert client.get("/api/v1/guidance/sections/CRG0001/uses/").status_code == 404
    assert client.get(f"{address}?open=perhaps").status_code == 422


def test_the_list_takes_as_many_queries_whatever_it_holds(
    cited: SectionVersion, reader: User, django_assert_num_queries
) -> None:
    client, address = client_of(reader), f"/api/v1/guidance/sections/{cited.identifier}/uses/"
    for size in (1, 50):
        with django_assert_num_queries(5):  # session, user, the section, its versions, the page
            client.get(f"{address}?page_size={size}")


def test_the_page_says_which_letters_cite_what_has_changed_since(cited: SectionVersion, reader: User) -> None:
    client, address = client_of(reader), reverse("admin:letters_letter_uses", args=[cited.section_id])
    assert "changed since" not in client.get(address, secure=True).content.decode()
    change(cited)
    text = client.get(address, {"all": "1"}, secure=True).content.decode()
    assert "changed since" in text
    assert LetterVersion.objects.first().letter.complaint.reference in text
    other = client_of(factories.outsider()).get(address, secure=True).content.decode()
    assert "No letter that you may see" in other
