"""The guidance pages, the commands and the admin, as people meet them."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from knowledge.models import Section, SectionVersion
from users.tests.factories import superuser, viewer

pytestmark = pytest.mark.django_db
NAMES = [("admin:knowledge_section_changelist", []), ("admin:knowledge_section_named", ["CRG5225"])]


@pytest.fixture
def reader(client, guidance):
    client.force_login(viewer())
    return client


@pytest.mark.parametrize(("name", "args"), NAMES)
def test_a_stranger_is_sent_to_sign_in(client, guidance, name, args):
    answer = client.get(reverse(name, args=args), secure=True)
    assert answer.status_code == 302
    assert "login" in answer.url


@pytest.mark.parametrize(("name", "args"), NAMES)
def test_the_pages_are_read_only(reader, name, args):
    assert reader.post(reverse(name, args=args), secure=True).status_code == 405


def test_without_a_question_all_sections_are_listed_by_manual(reader):
    text = reader.get(reverse("admin:knowledge_section_changelist"), secure=True).content.decode()
    assert "Complaints and Remedy Guidance" in text
    assert "CRG9000" in text
    assert "CRG2075" not in text


def test_a_question_shows_the_section_that_answers_with_its_words_marked(reader):
    text = reader.get(reverse("admin:knowledge_section_changelist"), {"q": "helicopter"}, secure=True).content.decode()
    assert "<mark>helicopter</mark>" in text
    assert "CRG5150" in text


def test_what_is_typed_is_shown_as_text(reader):
    text = reader.get(
        reverse("admin:knowledge_section_changelist"), {"q": "<script>x</script>\0"}, secure=True
    ).content.decode()
    assert "<script>" not in text


@pytest.mark.parametrize(("day", "shown"), [("2024-07-29", False), ("2024-07-30", True), ("2024-13-45", True)])
def test_the_day_chooses_what_was_in_force(reader, day, shown):
    text = reader.get(reverse("admin:knowledge_section_changelist"), {"on": day}, secure=True).content.decode()
    assert ("The HMRC Charter" in text) is shown
    assert ("must be written as YYYY-MM-DD" in text) is (day == "2024-13-45")


def test_a_section_shows_its_figures_and_versions(reader):
    text = reader.get(reverse("admin:knowledge_section_named", args=["crg6075"]), secure=True).content.decode()
    assert "£500" in text
    assert SectionVersion.objects.get(identifier="CRG6075").version in text


def test_an_archived_section_says_so_and_an_unknown_one_is_not_found(reader):
    assert (
        "must not be cited"
        in reader.get(reverse("admin:knowledge_section_named", args=["CRG2075"]), secure=True).content.decode()
    )
    assert reader.get(reverse("admin:knowledge_section_named", args=["CRG0001"]), secure=True).status_code == 404


@pytest.mark.parametrize(("name", "args", "count"), [(*NAMES[0], 4), (*NAMES[1], 4)])
def test_a_page_takes_few_queries(reader, django_assert_max_num_queries, name, args, count):
    with django_assert_max_num_queries(count):
        reader.get(reverse(name, args=args), secure=True)


def test_the_load_command_says_in_one_line_what_it_did(capsys):
    call_command("load_guidance_digest")
    assert re.fullmatch(
        r"Guidance digest: 61 sections added, 0 changed, 0 corrected, 0 unchanged in \d+\.\d s\n",
        capsys.readouterr().out,
    )


def test_the_search_command_prints_a_table_or_one_line(guidance, capsys):
    call_command("search_guidance", "CRG5225")
    assert "CRG5225" in capsys.readouterr().out
    call_command("search_guidance", "zyzzyva")
    assert capsys.readouterr().out == "Nothing in the guidance matches: zyzzyva\n"


def test_the_key_of_a_section_leads_to_it_and_nobody_edits_it(client, guidance):
    client.force_login(superuser())
    section = Section.objects.get(identifier="CRG5225")
    page = reverse("admin:knowledge_section_change", args=[section.pk])
    assert "CRG5225" in client.get(page, secure=True).content.decode()
    assert client.post(page, {}, secure=True).status_code == 405
    assert client.get(reverse("admin:knowledge_section_add"), secure=True).status_code == 403
    assert client.get("/admin/knowledge/section/0/change/", secure=True).status_code == 404


def test_a_manual_narrows_what_is_listed_and_found(reader):
    address, charter = reverse("admin:knowledge_section_changelist"), "Complaints and Remedy Guidance"
    listed = reader.get(address, {"manual": charter}, secure=True).content.decode()
    assert "CRG5225" in listed
    assert "complain-about-hmrc" not in listed
    found = reader.get(address, {"manual": "no such manual", "q": "distress"}, secure=True).content.decode()
    assert "Nothing in the guidance matches" in found
