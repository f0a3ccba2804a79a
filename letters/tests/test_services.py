import json
from datetime import timedelta

import pytest

from complaints.models import CaseAnalysis, DocumentExtraction
from complaints.selectors import analysis_of
from complaints.services import RunTaken
from complaints.tests.factories import NOW, make_complaint
from letters.casefile import case_json
from letters.management.bundles import draft_bundle
from letters.models import LetterVersion, Receipt, Sentence, SentenceSource
from letters.services import UnknownPipeline, UnknownTone, composing, draft_case
from lightpoint.progress import NullProgress
from users.models import Practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(drafted, text_bundle, tmp_path):
    return draft_bundle(text_bundle, tmp_path / "out", pipeline="embedded", tone="firm", progress=NullProgress())


def test_the_sample_case_is_drafted_released_and_written(sample, tmp_path):
    assert sample.released, sample.problems
    out = tmp_path / "out"
    assert (out / "letter.docx").read_bytes()[:2] == b"PK"
    assert (out / "letter.pdf").read_bytes()[:5] == b"%PDF-"
    content = json.loads((out / "letter.json").read_text())
    assert content["route"] == "complaint"
    assert content["tier"] == 1
    assert "£4,196.00" in content["letters"][0]["text"]


def test_every_claim_of_the_sample_is_verified_and_has_a_source(sample):
    claims = Sentence.objects.filter(kind__in=("fact", "rule"))
    assert claims.count() > 20
    assert not claims.exclude(status__in=("verified", "repaired")).exists()
    assert not claims.filter(sources=None).exists()
    assert SentenceSource.objects.exclude(section="").exists()


def test_the_receipt_adds_up_to_the_ledger(sample):
    receipt = Receipt.objects.first().payload
    assert sum(receipt["checks"].values()) == Sentence.objects.count()
    assert receipt["cost"] == {"amount": "0.00", "currency": "USD"}
    assert set(receipt["guidance"]) == set(SentenceSource.objects.exclude(section="").values_list("section", flat=True))


def test_a_second_press_does_no_stage_again(sample, text_bundle, tmp_path):
    counts = [model.objects.count() for model in (DocumentExtraction, CaseAnalysis, LetterVersion, Practice)]
    again = draft_bundle(text_bundle, tmp_path / "again", pipeline="embedded", tone="firm", progress=NullProgress())
    assert counts == [model.objects.count() for model in (DocumentExtraction, CaseAnalysis, LetterVersion, Practice)]
    assert again.texts == sample.texts
    assert stable(again) == stable(sample)


def stable(case):
    content = case_json(case)
    receipt = content.pop("receipt")
    return json.dumps([content, {k: v for k, v in receipt.items() if k not in ("seconds", "drafted_at")}])


def test_another_tone_is_another_version_with_the_same_facts(sample, text_bundle, tmp_path):
    measured = draft_bundle(text_bundle, tmp_path / "m", pipeline="embedded", tone="measured", progress=NullProgress())
    assert measured.texts != sample.texts
    assert measured.facts == sample.facts
    assert CaseAnalysis.objects.count() == 1
    assert LetterVersion.objects.count() == 2 * len(sample.letters)


def test_an_unknown_pipeline_is_refused_with_the_choices():
    with pytest.raises(UnknownPipeline, match="choose one of: embedded"):
        draft_case(complaint=make_complaint(), by=None, now=NOW, pipeline="magic")


def test_an_unknown_tone_is_refused_with_the_choices():
    with pytest.raises(UnknownTone, match="choose one of: measured, firm, robust"):
        draft_case(complaint=make_complaint(), by=None, now=NOW, tone="shouting")


class Taken(NullProgress):
    """The progress of a run that another worker took over while letters were drafted."""

    def advance(self, step, label):
        if step == "letters":
            raise RunTaken("taken")


@pytest.mark.parametrize("tone", ["robust", "firm"])  # letters of the second are there already
def test_a_worker_whose_run_was_taken_over_stores_no_letter_and_no_receipt(drafted, tone) -> None:
    before = LetterVersion.objects.count(), Receipt.objects.count(), drafted.timeline.count()
    with pytest.raises(RunTaken):
        draft_case(complaint=drafted, by=None, now=NOW, tone=tone, progress=Taken())
    assert (LetterVersion.objects.count(), Receipt.objects.count(), drafted.timeline.count()) == before


def test_a_letter_is_never_kept_without_its_receipt(drafted, monkeypatch) -> None:
    """A worker that is lost between the two leaves neither; the next one keeps both."""

    def lost(**_values):
        raise ConnectionError("lost")

    with monkeypatch.context() as broken:
        broken.setattr(Receipt.objects, "create", lost)
        with pytest.raises(ConnectionError):
            draft_case(complaint=drafted, by=None, now=NOW, tone="robust")
    assert not LetterVersion.objects.filter(tone="robust").exists()
    later = NOW + timedelta(minutes=1)
    draft_case(complaint=drafted, by=None, now=later, tone="robust")
    version = LetterVersion.objects.filter(tone="robust").first()
    assert Receipt.objects.filter(created_at=version.created_at).exists()


def test_a_letter_written_later_is_dated_then_and_counts_up_to_then(drafted) -> None:
    later = drafted.opened_on + timedelta(days=30)
    case = draft_case(complaint=drafted, by=None, now=NOW, on=later)
    assert {letter.dated for letter in case.letters} == {later}
    assert case.analysis.delays != analysis_of(drafted.analyses.get(version=1)).delays


def test_two_workers_that_draft_the_same_case_at_once_store_it_once(drafted, monkeypatch) -> None:
    """The second stores its letters between the first one's look for stored ones and its own storing."""
    inner = composing.draft_letters
    raced = []

    def overtaken(*args, **options):
        if not raced:
            raced.append(True)
            draft_case(complaint=drafted, by=None, now=NOW, tone="robust")
        return inner(*args, **options)

    monkeypatch.setattr(composing, "draft_letters", overtaken)
    draft_case(complaint=drafted, by=None, now=NOW, tone="robust")
    assert LetterVersion.objects.filter(tone="robust").count() == drafted.letters.count()
