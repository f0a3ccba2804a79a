from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge.models import KeptAnswer, SectionVersion
from knowledge.services.answers import (
    Asked,
    drop_answers_of,
    keep_answer,
    kept_answer,
    kept_answer_of_another_wording,
)
from knowledge.services.judging import NoJudge, required_judge
from lightpoint.cache import counters
from users.tests.factories import make_practice

NOW = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
QUESTION = "Will HMRC reimburse postage?"
REWORDED = "Does HMRC refund postage?"
ANSWER = {"text": "Yes, small costs such as postage."}

pytestmark = pytest.mark.django_db


def embed(texts: Sequence[str]) -> np.ndarray:
    """All texts lie in one place: the guard alone decides."""
    rows = np.zeros((len(texts), 384), dtype=np.float32)
    rows[:, 0] = 1.0
    return rows


def embed_never(texts: Sequence[str]) -> np.ndarray:
    raise AssertionError(f"{texts} have no business with a model")


@pytest.fixture
def version(guidance) -> SectionVersion:
    return SectionVersion.objects.order_by("identifier").first()


@pytest.fixture
def ask() -> Callable[..., Asked]:
    practice = make_practice()

    def make(question: str = QUESTION, **changes: object) -> Asked:
        plain = Asked(
            question, prompt="p1", model="m1", practice=practice.pk, on=None, knowledge="k1", evidence=("v1",)
        )
        return replace(plain, **changes)

    return make


@pytest.fixture
def kept(ask, version) -> KeptAnswer:
    return keep_answer(asked=ask(), answer=ANSWER, versions=[version], now=NOW, embed=embed)


def reworded(ask, question: str = REWORDED, **changes):
    return kept_answer_of_another_wording(ask(question, **changes), embed=embed)


def test_the_same_question_gets_the_kept_answer_whatever_its_case_and_spacing(ask, kept):
    served = kept_answer(ask("  will HMRC  reimburse POSTAGE "))
    assert served is not None
    assert (served.answer, served.question, served.how) == (ANSWER, QUESTION, "exact")
    kept.refresh_from_db()
    assert kept.hits == 1


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "p2"},
        {"model": "m2"},
        {"practice": None},
        {"on": date(2024, 1, 1)},
        {"knowledge": "k2"},
        {"evidence": ("v2",)},
        {"question": "Will HMRC reimburse phone calls?"},
    ],
)
def test_an_exact_hit_has_everything_in_common(ask, kept, change):
    assert kept_answer(ask(**change)) is None


def test_the_order_of_the_evidence_does_not_matter(ask):
    assert ask(evidence=("a", "b")).key == ask(evidence=("b", "a", "a")).key


def test_another_wording_gets_the_answer_with_the_question_it_was_written_for(ask, kept):
    served = reworded(ask)
    assert served is not None
    assert (served.answer, served.question, served.how) == (ANSWER, QUESTION, "semantic")


@pytest.mark.parametrize(
    "change",
    [{"prompt": "p2"}, {"model": "m2"}, {"practice": None}, {"on": date(2024, 1, 1)}, {"knowledge": "k2"}],
)
def test_another_wording_needs_the_same_practice_model_prompt_day_and_knowledge(ask, kept, change):
    assert reworded(ask, **change) is None


def test_a_near_duplicate_is_not_served_however_near_it_lies(ask, kept):
    assert reworded(ask, "Does HMRC not refund postage?") is None


def test_no_practice_meets_the_answers_of_another_one(version):
    practices = [make_practice() for _ in range(4)]
    asked = [Asked(QUESTION, "p1", "m1", practice.pk, None, "k1") for practice in practices]
    for one in asked[:-1]:
        keep_answer(asked=one, answer={"text": str(one.practice)}, versions=[version], now=NOW, embed=embed)
    for one in asked[:-1]:
        for found in (kept_answer(one), reworded_by(one)):
            assert found is not None
            assert found.answer == {"text": str(one.practice)}
    assert kept_answer(asked[-1]) is None
    assert reworded_by(asked[-1]) is None


def reworded_by(asked: Asked):
    return kept_answer_of_another_wording(replace(asked, question=REWORDED), embed=embed)


def test_a_question_about_a_case_is_kept_for_itself_alone(ask, version):
    asked = ask("Will HMRC reimburse the postage of my client?")
    row = keep_answer(asked=asked, answer=ANSWER, versions=[version], now=NOW, embed=embed_never)
    assert row.embedding is None
    assert kept_answer(asked) is not None
    assert kept_answer_of_another_wording(asked, embed=embed_never) is None


def test_answers_are_dropped_when_a_version_they_used_changes(ask, kept, version):
    other = SectionVersion.objects.exclude(pk=version.pk).first()
    assert drop_answers_of([other]) == 0
    assert drop_answers_of([version]) == 1
    assert kept_answer(ask()) is None


@pytest.mark.parametrize("fall", [{"superseded_at": NOW}, {"valid_to": date(2025, 1, 1)}])
def test_an_answer_whose_version_no_longer_stands_is_not_served_even_before_it_is_dropped(ask, kept, version, fall):
    SectionVersion.objects.filter(pk=version.pk).update(**fall)
    assert kept_answer(ask()) is None
    assert reworded(ask) is None


def test_an_answer_for_a_past_day_stands_on_what_held_that_day(ask, version):
    asked = ask(on=date(2024, 6, 1))
    keep_answer(asked=asked, answer=ANSWER, versions=[version], now=NOW, embed=embed)
    SectionVersion.objects.filter(pk=version.pk).update(valid_from=None, valid_to=date(2025, 1, 1))
    assert kept_answer(asked) is not None
    SectionVersion.objects.filter(pk=version.pk).update(valid_to=date(2024, 6, 1))
    assert kept_answer(asked) is None


def test_the_platform_keeps_answers_of_its_own(ask, version):
    asked = ask(practice=None)
    keep_answer(asked=asked, answer=ANSWER, versions=[version], now=NOW, embed=embed)
    assert kept_answer(asked) is not None
    assert reworded(ask, practice=None) is not None
    assert kept_answer(ask()) is None
    assert reworded(ask) is None


def test_the_same_question_kept_again_replaces_its_answer(ask, kept, version):
    keep_answer(asked=ask(), answer={"text": "No."}, versions=[], now=NOW, embed=embed)
    served = kept_answer(ask())
    assert served is not None
    assert served.answer == {"text": "No."}
    assert KeptAnswer.objects.get().versions.count() == 0


def test_a_judge_is_asked_in_doubt_and_never_against_a_veto(ask, kept):
    asked_of_judge = []

    class Willing:
        def same(self, a: str, b: str) -> bool:
            asked_of_judge.append(b)
            return True

    def judged(question: str):
        return kept_answer_of_another_wording(ask(question), embed=embed, judge=Willing())

    assert judged("Are stamps something HMRC gives money back for?") is not None
    assert judged("Will HMRC reimburse postage at tier 2?") is None
    assert judged("Will the Adjudicator reimburse postage?") is None
    assert asked_of_judge == ["Are stamps something HMRC gives money back for?"]


def test_no_judge_is_configured_by_default():
    with pytest.raises(NoJudge):
        required_judge()


def test_hits_and_misses_are_counted(ask, kept):
    before = counters()
    kept_answer(ask())
    kept_answer(ask("Is postage taxed?"))
    reworded(ask)
    reworded(ask, "Is postage taxed?")
    for name in ("answers.exact", "answers.semantic"):
        old = before.get(name, {"hits": 0, "misses": 0})
        assert (counters()[name]["hits"] - old["hits"], counters()[name]["misses"] - old["misses"]) == (1, 1)


def test_candidates_come_with_one_query(ask, kept):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        reworded(ask, "Is postage taxed?")
    assert len(queries) == 1


def test_evaluate_writes_whether_each_pair_may_share_an_answer(tmp_path):
    source, out = tmp_path / "pairs.jsonl", tmp_path / "predictions.jsonl"
    source.write_text(
        '{"id": "1", "a": "Is a tier 1 reply final?", "b": "Is a tier one reply final?"}\n'
        '{"id": "2", "a": "Is a tier 1 reply final?", "b": "Is a tier two reply final?"}\n'
    )
    call_command("evaluate", "semantic_cache", source, out=out)
    assert out.read_text() == '{"id": "1", "hit": true}\n{"id": "2", "hit": false}\n'
