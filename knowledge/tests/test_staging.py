"""Uploads: compared, decided about, and every decision taken back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connections

from knowledge.models import Chunk, SectionVersion, Source, StagedSection
from knowledge.selectors import guidance_index, visible_sections, visible_staged, visible_versions
from knowledge.services.staging import (
    DecisionNotAllowed,
    Judgement,
    SectionMoved,
    UnfitTarget,
    UploadedPage,
    compare_again,
    decide,
    merged_text,
    share_source,
    stage_upload,
    undo,
    unshare_source,
)
from lightpoint.errors import Conflict, DomainError, InvalidInput, NotAllowed, StaleVersion
from users.models import AuditEvent, User
from users.tests import factories

NOW = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
HERONS = (
    "Herons are paid £25 for each late reply. A heron answers within 10 working days. The pond opens at dawn and closes"
    " when the last heron has left. See HRN1000 for kingfishers."
)
OTHER_FIGURES = HERONS.replace("£25", "£40").replace("10 working days", "15 working days")


def page(body: str = HERONS, identifier: str = "HRN2000", **details: object) -> UploadedPage:
    return UploadedPage(identifier=identifier, title="Herons: Replies", body=body, **details)


def stage(by: User, *pages: UploadedPage, kind: str = "practice_note", source: str = "Notes") -> StagedSection:
    return stage_upload(pages=pages or (page(),), kind=kind, source_name=source, by=by, now=NOW)[0]


def judge(
    row: StagedSection, decision: str, by: User, target: SectionVersion | None = None, **words: str
) -> StagedSection:
    judged = Judgement(decision, target=target.pk if target else None, **words)
    return decide(staged=row, judged=judged, by=by, now=NOW)


def approved(by: User, *pages: UploadedPage, **source: str) -> SectionVersion:
    return judge(stage(by, *pages, **source), "approve", by).result


def stands(version: SectionVersion) -> bool:
    version.refresh_from_db(fields=("valid_to", "superseded_at"))
    return version.is_current


@pytest.fixture
def curator(db) -> User:
    return factories.manager()


def actions(row: object) -> list[str]:
    events = AuditEvent.objects.filter(target_pk=str(row.pk), action__startswith="guidance.").order_by("pk")
    return list(events.values_list("action", flat=True))


def test_an_upload_that_is_like_nothing_is_new(curator: User) -> None:
    row = stage(curator)
    assert (row.state, row.finding, row.compared, row.practice) == ("staged", "new", [], curator.practice)
    assert not visible_versions(curator).exists()
    assert actions(row) == ["guidance.staged"]


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        (HERONS, "identical"),
        (HERONS.upper().replace(" ", "\n"), "identical"),
        (OTHER_FIGURES, "conflicting"),
        (HERONS + " Bring a towel.", "near_duplicate"),
        (
            HERONS[:90] + " What follows is about swans and nothing else, for they have a lake of their own.",
            "overlapping",
        ),
        ("A page on lighthouses, which nobody has written about so far.", "new"),
    ],
)
def test_an_upload_is_told_from_what_is_held_under_another_name(curator: User, body: str, finding: str) -> None:
    held = approved(curator)
    row = stage(curator, page(body, "SWN1"))
    assert row.finding == finding
    assert [one["version_id"] for one in row.compared] == ([] if finding == "new" else [held.pk])


def test_the_figures_that_disagree_are_kept_with_their_sentences(curator: User) -> None:
    approved(curator)
    found = stage(curator, page(OTHER_FIGURES)).compared[0]["disagreements"]
    assert [(one["kind"], one["one_figures"], one["other_figures"]) for one in found] == [
        ("money", ["£40"], ["£25"]),
        ("period", ["15 working days"], ["10 working days"]),
    ]


def test_the_digest_is_compared_with_where_no_page_is_held(guidance: None, curator: User) -> None:
    words = guidance_index()["CRG5225"].requires
    row = stage(curator, page(words, "OWN1"))
    assert (row.finding, row.compared[0]["identifier"]) == ("identical", "CRG5225")


def test_what_is_approved_holds_and_is_withdrawn_by_taking_it_back(curator: User) -> None:
    row = stage(curator)
    made = judge(row, "approve", curator).result
    assert (made.body, made.section.practice, made.section.source.name) == (HERONS, curator.practice, "Notes")
    assert stands(made)
    assert Chunk.objects.filter(version=made, standing=True, practice=curator.practice).exists()
    back = undo(staged=row, by=curator, now=NOW)
    assert (back.state, back.result, back.decided_by) == ("staged", None, None)
    assert not stands(made)
    assert not Chunk.objects.filter(version=made, standing=True).exists()
    assert actions(row) == ["guidance.staged", "guidance.approved", "guidance.decision_undone"]
    assert stands(judge(row, "approve", curator).result)


def test_a_later_page_ends_the_one_before_on_its_day_and_taking_it_back_restores_it(curator: User) -> None:
    held = approved(curator)
    row = stage(curator, page(OTHER_FIGURES, page_date=date(2025, 2, 1)))
    made = judge(row, "approve", curator).result
    held.refresh_from_db()
    assert (held.valid_to, held.superseded_at, made.valid_from) == (date(2025, 2, 1), None, date(2025, 2, 1))
    assert Chunk.objects.get(version=held).valid_to == date(2025, 2, 1)
    undo(staged=row, by=curator, now=NOW)
    assert stands(held)
    assert not stands(made)
    assert Chunk.objects.get(version=held).valid_to is None


def test_a_page_that_is_not_later_must_replace(curator: User) -> None:
    approved(curator)
    approved(curator, page(OTHER_FIGURES, page_date=date(2025, 2, 1)))
    with pytest.raises(UnfitTarget, match="replace it"):
        approved(curator, page("Herons are gone.", page_date=date(2025, 1, 31)))


def test_what_is_replaced_stays_superseded_and_stands_again_when_that_is_taken_back(curator: User) -> None:
    held = approved(curator)
    row = stage(curator, page(OTHER_FIGURES, "HRN9999"))
    made = judge(row, "replace", curator, held).result
    assert (made.section, made.identifier, made.valid_from) == (held.section, "HRN2000", held.valid_from)
    assert stands(made)
    assert not stands(held)
    assert Chunk.objects.get(version=held).standing is False
    undo(staged=row, by=curator, now=NOW)
    assert stands(held)
    assert not stands(made)
    assert Chunk.objects.get(version=held).standing is True


def test_a_merge_holds_the_words_of_both_once_or_what_the_person_made_of_them(curator: User) -> None:
    held = approved(curator)
    row = stage(curator, page(HERONS + " Bring a towel."))
    assert merged_text(staged=row, target=held) == f"{HERONS}\n\nBring a towel."
    made = judge(row, "merge", curator, held).result
    assert made.body == f"{HERONS}\n\nBring a towel."
    undo(staged=row, by=curator, now=NOW)
    assert stands(held)
    assert judge(row, "merge", curator, held, text="Towels alone.").result.body == "Towels alone."


def test_what_is_rejected_makes_nothing_and_can_be_taken_back(curator: User) -> None:
    row = judge(stage(curator), "reject", curator)
    assert (row.state, row.result, row.decided_by) == ("rejected", None, curator)
    assert undo(staged=row, by=curator, now=NOW).state == "staged"
    assert not visible_versions(curator).exists()


def test_nothing_is_decided_twice_nor_taken_back_before_it_is_decided(curator: User) -> None:
    row = stage(curator)
    with pytest.raises(DecisionNotAllowed):
        undo(staged=row, by=curator, now=NOW)
    judge(row, "reject", curator)
    with pytest.raises(DecisionNotAllowed, match="taken back"):
        judge(row, "approve", curator)
    with pytest.raises(DecisionNotAllowed):
        compare_again(staged=row, by=curator, now=NOW)


def test_a_decision_that_another_one_followed_is_taken_back_after_it(curator: User) -> None:
    first, second = stage(curator), stage(curator, page(OTHER_FIGURES))
    made = judge(first, "approve", curator).result
    judge(second, "replace", curator, made)
    with pytest.raises(SectionMoved):
        undo(staged=first, by=curator, now=NOW)
    undo(staged=second, by=curator, now=NOW)
    undo(staged=first, by=curator, now=NOW)
    assert not visible_versions(curator).current().exists()


def test_a_page_of_an_earlier_day_does_not_follow_a_later_one(curator: User) -> None:
    approved(curator, page(page_date=date(2024, 5, 1)))
    with pytest.raises(UnfitTarget, match="later than the upload"):
        approved(curator, page(OTHER_FIGURES, page_date=date(2024, 4, 1)))


def test_the_digests_account_of_a_page_is_replaced_and_not_merged_with(guidance: None) -> None:
    staff, held = factories.superuser(), SectionVersion.objects.get(identifier="CRG5225")
    row = stage(staff, page("The page says £75.", "CRG5225"), kind="manual", source=held.section.source.name)
    with pytest.raises(UnfitTarget, match="only the digest's account"):
        judge(row, "merge", staff, held)


def test_only_what_the_same_owner_holds_now_can_be_replaced(guidance: None, curator: User) -> None:
    platform = SectionVersion.objects.get(identifier="CRG5225")
    held = approved(curator)
    later = approved(curator, page(OTHER_FIGURES))
    form = approved(curator, page("A form.", "F1"), kind="form", source="Forms")
    foreign = approved(factories.manager())
    row = stage(curator)
    for target in (platform, held, form, foreign):
        with pytest.raises(UnfitTarget):
            judge(row, "replace", curator, target)
    for decision, target in (("replace", None), ("merge", None), ("approve", later), ("reject", later)):
        with pytest.raises(UnfitTarget):
            judge(row, decision, curator, target)


def test_the_staff_of_the_platform_curate_its_own_and_the_account_of_a_section_stays(guidance: None) -> None:
    staff = factories.superuser()
    held = SectionVersion.objects.current().get(identifier="CRG5225")
    row = stage(staff, page("The page now says £75.", "CRG5225"), kind="manual", source=held.section.source.name)
    made = judge(row, "replace", staff, held).result
    assert (row.practice, made.section.practice, made.requires) == (None, None, held.requires)
    assert guidance_index()["CRG5225"].version == made.version
    undo(staged=row, by=staff, now=NOW)
    assert guidance_index()["CRG5225"].version == held.version


def test_what_a_practice_holds_never_reaches_the_letters(guidance: None, curator: User) -> None:
    before = dict(guidance_index())
    approved(curator, page("Pay £9,000 for worry.", "CRG5225"))
    stage_and = stage(factories.superuser(), page("A page without an account.", "NEW1"), kind="manual", source="Pages")
    judge(stage_and, "approve", factories.superuser())
    assert dict(guidance_index()) == before


@pytest.mark.parametrize("make", [factories.analyst, factories.viewer])
def test_who_does_not_curate_decides_nothing(curator: User, make: Callable[..., User]) -> None:
    row, person = stage(curator), make(curator.practice)
    for attempt in (
        lambda: stage(person),
        lambda: judge(row, "approve", person),
        lambda: undo(staged=row, by=person, now=NOW),
        lambda: compare_again(staged=row, by=person, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_an_editor_who_has_seen_another_version_is_stopped(curator: User) -> None:
    row = stage(curator)
    compare_again(staged=row, by=curator, now=NOW)
    with pytest.raises(StaleVersion):
        decide(staged=row, judged=Judgement("reject"), by=curator, now=NOW, expected_version=1)
    with pytest.raises(StaleVersion):
        undo(staged=row, by=curator, now=NOW, expected_version=1)


@pytest.mark.parametrize(
    ("pages", "kind", "source"),
    [
        ((), "form", "F"),
        ((page("  \n"),), "form", "F"),
        ((page(),), "form", "  "),
        ((page("x" * 400_001),), "form", "F"),
    ],
)
def test_what_cannot_be_staged_is_refused(
    curator: User, pages: tuple[UploadedPage, ...], kind: str, source: str
) -> None:
    with pytest.raises(InvalidInput):
        stage_upload(pages=pages, kind=kind, source_name=source, by=curator, now=NOW)
    assert not StagedSection.objects.exists()


def test_a_source_holds_one_kind(curator: User) -> None:
    approved(curator)
    with pytest.raises(InvalidInput, match="practice note"):
        stage(curator, kind="form")


def test_each_practice_sees_its_own_and_what_is_shared(curator: User) -> None:
    other = factories.admin()
    own, theirs = approved(curator), approved(other, page("Swans swim.", "HRN2000"))
    precedent = approved(other, page("The heron was paid £30.", "X"), kind="precedent", source="Precedents")
    assert list(visible_versions(curator)) == [own]
    assert set(visible_versions(other)) == {theirs, precedent}
    share_source(source=precedent.section.source, by=other, now=NOW)
    assert set(visible_versions(curator)) == {own, precedent}
    assert Chunk.objects.get(version=precedent).shared
    assert stage(curator, page("The heron was paid £30.", "Y")).finding == "identical"
    unshare_source(source=precedent.section.source, by=other, now=NOW)
    assert set(visible_sections(curator)) == {own.section}
    assert not Chunk.objects.get(version=precedent).shared
    assert not visible_staged(other).filter(practice=curator.practice).exists()


def test_only_precedents_are_shared_and_only_by_their_owner(curator: User) -> None:
    note = approved(curator).section.source
    precedents = approved(curator, page(), kind="precedent", source="Precedents").section.source
    with pytest.raises(Conflict):
        share_source(source=note, by=curator, now=NOW)
    for person in (factories.admin(), factories.analyst(curator.practice)):
        with pytest.raises(NotAllowed):
            share_source(source=precedents, by=person, now=NOW)
    share_source(source=precedents, by=curator, now=NOW)
    share_source(source=precedents, by=curator, now=NOW)
    assert actions(precedents) == ["guidance.shared"]


def test_a_precedent_is_anonymised_before_it_is_stored(curator: User) -> None:
    body = "Our client, Jonathan Achterberg (UTR 12345 67890), was paid £150 within 15 working days."
    sent = page(body, "achterberg", file_name="achterberg.pdf", url="https://acme.example/achterberg")
    row = stage(curator, sent, kind="precedent", source="Precedents")
    made = judge(row, "approve", curator).result
    stored = " ".join(str(value) for held in (row, made) for value in vars(held).values())
    assert "chterberg" not in stored
    assert "67890" not in stored
    assert "£150 within 15 working days" in made.body
    again = stage(curator, page("Herons: £1.", "X"), kind="precedent", source="Precedents")
    edited = judge(again, "merge", curator, made, text="Mr Achterberg was paid £150.").result
    assert edited.body == "[name] was paid £150."


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does() -> None:
    people = [factories.manager(practice) for practice in [factories.make_practice()] for _ in range(2)]
    row = stage(people[0])

    def attempt(person: User) -> str:
        try:
            return decide(staged=row, judged=Judgement("approve"), by=person, now=NOW, expected_version=1).state
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, people)) == ["approved", "precondition-failed"]
    assert SectionVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_that_replace_one_version_at_once_one_does() -> None:
    person = factories.manager()
    held = approved(person)
    rows = [stage(person, page(f"{HERONS} Number {word}.")) for word in ("one", "two")]

    def attempt(row: StagedSection) -> str:
        try:
            return judge(row, "replace", person, held).state
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, rows)) == ["replaced", "unfit-target"]
    assert SectionVersion.objects.current().count() == 1


def test_a_source_is_made_once_for_each_owner(curator: User) -> None:
    approved(curator)
    approved(curator, page("Swans.", "SWN1"))
    approved(factories.admin())
    assert Source.objects.filter(name="Notes").count() == 2
