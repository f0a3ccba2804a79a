"""Loading the digest: what is stored, what is kept, what the database refuses."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from knowledge.digest import load_digest
from knowledge.models import Section, SectionVersion
from knowledge.selectors import guidance_index, section_in_force
from knowledge.services import load_digest_into_database
from users.models import AuditEvent

FIRST = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def load(entry, now):
    return load_digest_into_database(now=now, digest={entry.id: entry})


def test_the_whole_digest_is_stored_and_read_back_equal():
    report = load_digest_into_database(now=FIRST)
    assert report.added == tuple(load_digest())
    assert dict(guidance_index()) == dict(load_digest())


def test_a_second_load_stores_nothing(guidance):
    report = load_digest_into_database(now=LATER)
    assert (report.added, report.changed, report.corrected, report.unchanged) == ((), (), (), len(load_digest()))
    assert SectionVersion.objects.count() == len(load_digest())


def test_each_version_stored_is_on_the_audit_trail(make_entry):
    load(make_entry(), FIRST)
    load(make_entry(), LATER)
    assert [event.action for event in AuditEvent.objects.filter(action__startswith="guidance.")] == ["guidance.added"]


def test_a_changed_page_gets_a_second_version_and_the_first_is_kept_for_earlier_events(make_entry):
    first = make_entry()
    second = make_entry(requires="A kingfisher that waits is late.", page_date=date(2025, 6, 1))
    load(first, FIRST)
    assert load(second, LATER).changed == ("CRG4999",)
    assert section_in_force("CRG4999", date(2025, 5, 31)) == first
    assert section_in_force("CRG4999", date(2025, 6, 1)) == second
    assert guidance_index()["CRG4999"] == second


def test_a_text_that_comes_into_force_later_starts_on_that_day(make_entry):
    load(make_entry(), FIRST)
    load(make_entry(page_date=date(2025, 6, 1), in_force_from=date(2025, 7, 1)), LATER)
    ended, current = SectionVersion.objects.order_by("pk")
    assert (ended.valid_to, current.valid_from) == (date(2025, 7, 1), date(2025, 7, 1))


def test_a_correction_of_our_words_takes_over_the_period_and_keeps_the_old_words(make_entry):
    first, corrected = make_entry(), make_entry(keywords=["halcyon", "bird"])
    load(first, FIRST)
    assert load(corrected, LATER).corrected == ("CRG4999",)
    old, new = SectionVersion.objects.order_by("pk")
    assert (old.version, old.superseded_at, old.keywords) == (first.version, LATER, ["halcyon"])
    assert new.is_current
    assert section_in_force("CRG4999", date(2020, 1, 1)) == corrected


def test_an_entry_that_left_the_digest_keeps_its_version(make_entry):
    load(make_entry(), FIRST)
    load(make_entry(id="CRG4998"), LATER)
    assert set(guidance_index()) == {"CRG4998", "CRG4999"}


def test_two_current_versions_of_a_section_are_refused(make_entry):
    load(make_entry(), FIRST)
    row = SectionVersion.objects.get()
    row.pk, row.valid_from = None, date(2030, 1, 1)
    with pytest.raises(IntegrityError, match="section_version_one_current"), transaction.atomic():
        row.save(force_insert=True)


def test_two_versions_that_hold_on_the_same_day_are_refused(make_entry):
    load(make_entry(), FIRST)
    row = SectionVersion.objects.get()
    row.pk, row.valid_from, row.valid_to = None, date(2020, 1, 1), date(2021, 1, 1)
    with pytest.raises(IntegrityError, match="section_version_no_overlap"), transaction.atomic():
        row.save(force_insert=True)


def test_versions_of_two_sections_may_hold_on_the_same_day(make_entry):
    load(make_entry(), FIRST)
    load(make_entry(id="CRG4998"), FIRST)
    assert Section.objects.count() == 2


@pytest.mark.parametrize("change", [{"requires": "Other words."}, {"version": "0"}, {"archived": True}])
def test_the_database_refuses_an_edit_of_a_version(make_entry, change):
    load(make_entry(), FIRST)
    with pytest.raises(DatabaseError, match="not edited"), transaction.atomic():
        SectionVersion.objects.update(**change)


def test_the_database_refuses_to_delete_a_version(make_entry):
    load(make_entry(), FIRST)
    with pytest.raises(DatabaseError, match="are kept"), transaction.atomic():
        SectionVersion.objects.all().delete()
