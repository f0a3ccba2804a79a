import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answers import read_slots, same_answer
from knowledge.answers.evaluate import predict_pairs
from knowledge.answers.guard import THRESHOLD, judged_same, upper_bound
from knowledge.answers.privacy import is_public
from knowledge.embeddings.model import embed_texts

HERE = Path(__file__).parent


def read_pairs(name: str) -> list[dict]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


PAIRS = read_pairs("pairs.jsonl")
TRAPS = read_pairs("traps.jsonl")
QUESTIONS = sorted({row[side] for row in [*PAIRS, *TRAPS] for side in ("a", "b")})
NEAR_DUPLICATES = [row for row in [*PAIRS, *TRAPS] if not row["same"]]


@pytest.mark.parametrize("row", NEAR_DUPLICATES, ids=lambda row: row["id"])
def test_no_near_duplicate_is_served_however_near_its_vector(row):
    assert not same_answer(row["a"], row["b"], 1.0).same


def test_the_shared_pairs_have_no_false_hit_and_enough_true_ones(shared_dir):
    lines = (shared_dir / "data/semantic-cache/pairs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    hits = {row["id"] for row in predict_pairs(rows, embed=embed_texts) if row["hit"]}
    paraphrases = {row["id"] for row in rows if row["same"]}
    assert hits <= paraphrases
    assert len(hits) >= 0.15 * len(paraphrases)


def test_the_embedded_parts_serve_half_of_our_own_paraphrases():
    paraphrases = [row for row in PAIRS if row["same"]]
    served = [row for row in predict_pairs(paraphrases, embed=embed_texts) if row["hit"]]
    assert len(served) >= len(paraphrases) / 2


def test_the_rule_of_three_bounds_the_rate_of_false_hits():
    assert upper_bound(75) == pytest.approx(0.04)
    assert len(NEAR_DUPLICATES) >= 440


def test_a_judge_who_is_right_is_let_through_for_most_paraphrases():
    class Willing:
        def same(self, a: str, b: str) -> bool:
            return True

    paraphrases = [row for row in PAIRS if row["same"]]
    assert sum(judged_same(row["a"], row["b"], 1.0, Willing()) for row in paraphrases) >= 0.9 * len(paraphrases)


def test_a_question_has_the_answer_of_itself():
    for question in QUESTIONS:
        assert same_answer(question, question, 1.0).same, question


WORDS = sorted({word for question in QUESTIONS for word in [*question.rstrip("?").split(), ","]})


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_row_of_words_can_be_read_and_agrees_with_itself(words):
    question = f"{' '.join(words)}?"
    assert same_answer(question, question, 1.0).same == bool(read_slots(question).words)


def test_which_question_was_first_does_not_matter():
    for row in [*PAIRS, *TRAPS]:
        there, back = same_answer(row["a"], row["b"], 1.0), same_answer(row["b"], row["a"], 1.0)
        assert (there.same, bool(there.vetoes)) == (back.same, bool(back.vetoes)), row["id"]


def test_vectors_that_lie_far_apart_are_enough_to_refuse():
    assert not same_answer(QUESTIONS[0], QUESTIONS[0], THRESHOLD - 0.01).same


questions = st.sampled_from(
    [
        "Can I claim {} in professional fees?",
        "Does HMRC reply when it owes {} to somebody?",
        "What is paid for a delay if the costs are {}?",
    ]
)


@given(questions, st.integers(1, 20_000), st.integers(1, 20_000))
def test_questions_about_different_sums_differ_and_the_same_sum_may_be_written_in_two_ways(question, one, other):
    a, b = question.format(f"£{one}"), question.format(f"£{other:,}")
    assert same_answer(a, b, 1.0).same == (one == other)


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from(["day", "working day", "week", "month", "year"]))
def test_questions_about_different_lengths_of_time_differ(one, other, unit):
    a, b = (f"Is a delay of {n} {unit}s unreasonable?" for n in (one, other))
    assert same_answer(a, b, 1.0).same == (one == other)


@given(st.dates(), st.dates())
def test_questions_about_different_days_differ(one, other):
    a, b = (f"Did the limit change on {day.day} {day:%B} {max(day.year, 1990)}?" for day in (one, other))
    assert same_answer(a, b, 1.0).same == (a == b)


@given(st.integers(1, 4), st.integers(1, 4))
def test_questions_about_different_tiers_differ(one, other):
    assert same_answer(f"Who answers a tier {one} complaint?", f"Who answers a tier {other} complaint?", 1.0).same == (
        one == other
    )


@given(st.integers(1000, 9999), st.integers(1000, 9999))
def test_questions_about_different_pages_differ(one, other):
    assert same_answer(f"What does CRG{one} say?", f"What does CRG {other} say?", 1.0).same == (one == other)


@pytest.mark.parametrize("question", [row["a"] for row in PAIRS if " is " in f" {row['a'].lower()} "])
def test_a_denial_changes_the_question(question):
    denied = f"{question} ".replace("Is ", "Is it not true that ", 1).replace(" is ", " is not ", 1)
    assert not same_answer(question, denied, 1.0).same


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Is £5,000 refunded?", "Is £5000 refunded?"),
        ("Is £5,000 refunded?", "Is £5k refunded?"),
        ("Is a delay of seven months long?", "Is a delay of 7 months long?"),
        ("Who gives the 2nd reply?", "Who gives the second reply?"),
        ("What can't be claimed?", "What can not be claimed?"),
        ("What can’t be claimed?", "What cannot be claimed?"),
        ("Does HMRC reply in fifteen working days?", "Does HMRC reply within 15 business days?"),
        ("What applied in 2021-22?", "What applied in the tax year 2021/22?"),
    ],
)
def test_the_same_thing_written_in_another_way_is_the_same(a, b):
    assert same_answer(a, b, 1.0).same


def test_every_word_that_means_something_is_among_the_slots():
    assert read_slots("Will the flurbing be refunded before £7 is glorped?").words == (
        "~flurb",
        "refund",
        "before:num:£7",
        "~glorp",
    )


@pytest.mark.parametrize(
    "question",
    [
        "Will HMRC refund my accountant's fees?",
        "How much is paid for distress?",
        "Does the Adjudicator look at complaints about VAT in Scotland?",
        "Did the limit change in April 2023?",
    ],
)
def test_a_question_about_guidance_is_public(question):
    assert is_public(question)


@pytest.mark.parametrize(
    "question",
    [
        "Will HMRC refund my client's fees?",
        "Can Mrs Quernmore claim for distress?",
        "Is a delay to Thornquist Joinery unreasonable?",
        "What about UTR 1234567890?",
        "HMRC charged £430 on 3 March 2024, can it be refunded?",
        "What can I do about reference CFS-21334?",
        "Can she claim? Her letter was late.",
        "word " * 80,
    ],
)
def test_a_question_about_a_case_is_not_public(question):
    assert not is_public(question)
