"""Pages in the database: versions, chunks, and what a second run leaves alone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q

from knowledge.digest import GuidanceSection, build_section
from knowledge.ingestion import Page
from knowledge.models import Chunk, Embedding, Section, SectionVersion, Source
from knowledge.services import load_digest_into_database
from knowledge.services.chunking import embed_missing, embedding_text, rechunk
from knowledge.services.ingestion import SourceWanted, Stored, ingest_paths, store_page
from users.models import AuditEvent
from users.tests.factories import make_practice

NOW = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)
SOURCE = SourceWanted("Birds Manual", publisher="HM Revenue & Customs")
PAGE = Page(
    identifier="CRG4999",
    title="Kingfishers: waiting",
    body="A kingfisher that waits is not late.",
    kind="manual",
    url="https://www.gov.uk/hmrc-internal-manuals/birds-manual/crg4999",
    page_date=date(2023, 12, 11),
)
pytestmark = pytest.mark.django_db


def store(page: Page, now: datetime = NOW) -> Stored:
    return store_page(page, source=SOURCE, now=now)


def chunks_on(day: date) -> set[str]:
    """Texts of the page that hold for an event of that day."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    return set(Chunk.objects.filter(begun & lasting, standing=True, role="text").values_list("text", flat=True))


def test_a_new_page_is_a_version_with_its_chunks_on_the_trail() -> None:
    stored = store(PAGE)
    assert (stored.outcome, stored.version.body, stored.version.valid_from) == ("added", PAGE.body, None)
    chunk = Chunk.objects.get()
    assert (chunk.heading, chunk.text) == ("CRG4999 Kingfishers: waiting", PAGE.body)
    assert (chunk.kind, chunk.standing, chunk.archived, chunk.embedded_with) == ("manual", True, False, "")
    assert AuditEvent.objects.get(action="guidance.added").target_label.startswith("CRG4999")


def test_the_same_words_again_store_nothing() -> None:
    first = store(PAGE)
    before = list(Chunk.objects.values_list("pk", flat=True))
    again = store(replace(PAGE, body="A kingfisher  that waits\nis not late."), LATER)
    assert (again.outcome, again.version.pk) == ("unchanged", first.version.pk)
    assert list(Chunk.objects.values_list("pk", flat=True)) == before


def test_changed_words_with_a_later_date_are_a_new_version_from_that_day() -> None:
    store(PAGE)
    assert store(replace(PAGE, body="It is late.", page_date=date(2025, 6, 1)), LATER).outcome == "changed"
    old, new = SectionVersion.objects.order_by("pk")
    assert (old.body, old.valid_to, old.superseded_at) == (PAGE.body, date(2025, 6, 1), None)
    assert (new.valid_from, new.valid_to) == (date(2025, 6, 1), None)
    assert chunks_on(date(2025, 5, 31)) == {PAGE.body}
    assert chunks_on(date(2025, 6, 1)) == {"It is late."}


@pytest.mark.parametrize("day", [PAGE.page_date, None, date(2031, 1, 1)])
def test_changed_words_without_a_later_date_that_has_come_are_a_correction(day: date | None) -> None:
    store(PAGE)
    assert store(replace(PAGE, body="It is late.", page_date=day), LATER).outcome == "corrected"
    old, new = SectionVersion.objects.order_by("pk")
    assert (old.superseded_at, old.valid_to, new.page_date) == (LATER, None, PAGE.page_date)
    assert chunks_on(date(2020, 1, 1)) == {"It is late."}
    assert Chunk.objects.filter(version=old, standing=False).count() == 1


def test_an_older_page_changes_nothing() -> None:
    store(replace(PAGE, page_date=date(2025, 2, 1)))
    stored = store(replace(PAGE, body="What it said before.", page_date=date(2020, 1, 1)), LATER)
    assert (stored.outcome, stored.older) == ("unchanged", True)
    assert SectionVersion.objects.count() == 1


def test_a_page_that_was_archived_is_a_version_whose_chunks_are_archived() -> None:
    store(PAGE)
    store(replace(PAGE, archived=True, page_date=date(2025, 2, 1)))
    assert list(Chunk.objects.filter(valid_to=None).values_list("archived", flat=True)) == [True]


def entry(**changes: object) -> GuidanceSection:
    return build_section(
        {
            "id": "CRG4999",
            "title": "Delays: A page for tests",
            "manual": "Complaints and Remedy Guidance",
            "requires": "It states no number of days.",
            "figures": [["£7", "the fine for a late kingfisher"]],
            "topics": ["delay"],
            "keywords": ["halcyon"],
            "page_date": date(2023, 12, 11),
            "url": PAGE.url,
            **changes,
        }
    )


def load(section: GuidanceSection, now: datetime = NOW) -> None:
    load_digest_into_database(now=now, digest={section.id: section})


def test_a_page_keeps_the_account_of_the_digest_and_its_chunks_hold_both() -> None:
    load(entry())
    assert store(PAGE).outcome == "corrected"
    current = SectionVersion.objects.current().get()
    assert (current.body, current.requires, current.title) == (PAGE.body, entry().requires, entry().title)
    assert current.digest_version == entry().version != current.version
    rows = {row.role: row for row in Chunk.objects.filter(version=current)}
    assert rows["text"].text == PAGE.body
    assert rows["summary"].text == entry().requires
    assert {"halcyon;", "gbp7"} <= set(rows["summary"].terms.split())


def test_a_changed_digest_keeps_the_words_of_the_page() -> None:
    load(entry())
    store(PAGE)
    load(entry(keywords=["halcyon", "bird"]), LATER)
    current = SectionVersion.objects.current().get()
    assert (current.body, current.keywords) == (PAGE.body, ["halcyon", "bird"])
    assert store(PAGE, LATER).outcome == "unchanged"
    assert chunks_on(date(2025, 1, 1)) == {PAGE.body}


def test_an_older_digest_does_not_undo_what_a_newer_page_says_of_itself() -> None:
    load(entry())
    store(replace(PAGE, page_date=date(2025, 2, 1), archived=True))
    load(entry(keywords=["bird"]), LATER)
    current = SectionVersion.objects.current().get()
    assert (current.archived, current.page_date) == (True, date(2025, 2, 1))


def test_the_shipped_digest_is_found_by_its_questions_and_loads_without_a_second_change(guidance: None) -> None:
    roles = list(Chunk.objects.filter(identifier="CRG6075", role="question").values_list("text", flat=True))
    assert "How much will HMRC pay for worry and distress?" in roles
    before = set(Chunk.objects.values_list("pk", flat=True))
    load_digest_into_database(now=LATER)
    assert set(Chunk.objects.values_list("pk", flat=True)) == before


def test_the_kind_of_the_charter_is_its_own(guidance: None) -> None:
    assert set(Chunk.objects.filter(identifier="charter").values_list("kind", flat=True)) == {"charter"}


def test_chunks_that_were_lost_come_back_as_they_were() -> None:
    version = store(PAGE).version
    Chunk.objects.all().delete()
    assert rechunk(version) == 1
    assert rechunk(version) == 0


def test_a_practice_has_sections_of_its_own_under_the_same_identifier(tmp_path: Path) -> None:
    store(PAGE)
    practice = make_practice("Kingfisher & Co")
    (tmp_path / "note.md").write_text("---\nidentifier: CRG4999\n---\n# Our view\n\nWe always ask twice.\n")
    report = ingest_paths([tmp_path], practice=practice, now=NOW)
    assert report.added == ["CRG4999"]
    own = Chunk.objects.get(practice=practice)
    assert (own.kind, own.shared, own.text) == ("practice_note", False, "We always ask twice.")
    assert Chunk.objects.get(practice=None).text == PAGE.body
    assert SectionVersion.objects.current().filter(section__practice=None, identifier="CRG4999").count() == 1


def test_a_bad_file_is_reported_and_the_others_are_stored(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "b.txt").write_text("Good page\n\nIts words.\n")
    report = ingest_paths([tmp_path], practice=None, now=NOW)
    assert report.added == ["good-page"]
    assert [problem.file for problem in report.problems] == ["a.pdf"]


def test_two_files_of_one_section_and_day_that_differ_are_not_stored_over_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Good page\n\nIts words.\n")
    (tmp_path / "b.txt").write_text("Good page\n\nOther words.\n")
    for outcome in ("added", "unchanged"):
        report = ingest_paths([tmp_path], practice=None, now=NOW)
        assert getattr(report, outcome) == ["good-page"]
        assert [problem.file for problem in report.problems] == ["b.txt"]
    assert SectionVersion.objects.get().body == "Its words."


def test_two_files_of_one_section_become_two_versions_in_the_order_of_their_days(tmp_path: Path) -> None:
    for name, day, words in (("a", "2025-06-01", "New words."), ("b", "2023-01-01", "Old words.")):
        (tmp_path / f"{name}.md").write_text(f"---\ndate: {day}\n---\n# Good page\n\n{words}\n")
    report = ingest_paths([tmp_path], practice=None, now=LATER)
    assert (report.added, report.changed) == (["good-page"], ["good-page"])
    assert ingest_paths([tmp_path], practice=None, now=LATER).unchanged == ["good-page", "good-page"]
    assert chunks_on(date(2024, 1, 1)) == {"Old words."}


def test_a_text_is_bought_once_however_often_it_stands() -> None:
    store(PAGE)
    store(replace(PAGE, body="It is late.", page_date=date(2025, 6, 1)), LATER)
    store(replace(PAGE, body=PAGE.body, page_date=date(2025, 7, 1)), LATER)
    assert embed_missing() == 3
    texts = {" ".join(embedding_text(chunk).split()) for chunk in Chunk.objects.all()}
    assert Embedding.objects.count() == len(texts) == 2
    assert embed_missing() == 0
    assert not Chunk.objects.filter(embedding=None).exists()


def test_the_command_says_in_one_line_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b.txt").write_text("Good page\n\nIts words.\n")
    call_command("ingest_guidance", tmp_path, "--source", "Notes", "--kind", "form")
    assert "1 sections added, 0 changed, 0 corrected, 0 unchanged, 0 not read; 1 chunks embedded" in (
        capsys.readouterr().out
    )
    assert Source.objects.get().kind == "form"
    assert Section.objects.get().source.name == "Notes"


def test_the_command_wants_files_or_a_manual(tmp_path: Path) -> None:
    for arguments in ([], [tmp_path / "missing"], [tmp_path, "--practice", "Nobody"]):
        with pytest.raises(CommandError):
            call_command("ingest_guidance", *arguments)


def test_the_command_ends_with_an_error_where_a_file_gave_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(32)) * 20)
    with pytest.raises(SystemExit):
        call_command("ingest_guidance", tmp_path)
