"""Questions, weighing, ranking, snippets and the answer's check, without a database."""

import pytest

from knowledge.search.answering import Read, answerability, kind_asked
from knowledge.search.asking import MAX_CHARACTERS, MAX_TERMS, read_question
from knowledge.search.features import Evidence, features_of, weigh_terms
from knowledge.search.ranking import rank
from knowledge.search.snippets import snippet_of


def evidence(version_id: int, terms: int, cosine: float = 0.3, *, named: bool = False) -> Evidence:
    return Evidence(version_id, version_id, version_id, named, 0, (version_id,), ("text",), (cosine,), (terms,))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("CRG 5225", "CRG5225"),
        ("crg5225", "CRG5225"),
        ("P45", "P45"),
        ("sa 100", "SA100"),
        ("SA-100", "SA 100"),
        ("HMRC Charter", "charter"),
    ],
)
def test_an_identifier_is_named_in_the_ways_in_which_it_may_be_stored(query, name):
    assert name in read_question(query).named
    assert read_question(query).is_identifier


def test_a_question_that_names_a_section_is_more_than_an_identifier():
    asked = read_question("What does CRG 5225 say of delay?")
    assert "CRG5225" in asked.named
    assert not asked.is_identifier


def test_words_that_mean_the_same_stand_in_one_group():
    asked = read_question("W&D compensation of £1,000")
    groups = [{asked.terms[place] for place in group} for group in asked.groups]
    assert any({"w&d", "worry and distress"} <= group for group in groups)
    assert any({"compensation", "redress"} <= group for group in groups)
    assert {"gbp1000"} in groups


@pytest.mark.parametrize("query", ["", "  ", "\0", "?!", "' & | ! ( ) : * \\"])
def test_a_query_without_words_has_no_terms(query):
    assert read_question(query).terms == ()


def test_a_long_query_is_cut_to_what_can_be_weighed():
    asked = read_question(" ".join(f"word{number}" for number in range(10_000)))
    assert len(asked.text) <= MAX_CHARACTERS
    assert len(asked.terms) <= MAX_TERMS


def test_a_rare_word_counts_for_more_than_one_that_stands_everywhere():
    weighing = weigh_terms(read_question("kingfisher delay"), (1, 90), 100)
    rare, common = rank([evidence(1, 0b01), evidence(2, 0b10)], weighing)
    assert (rare.evidence.version_id, common.evidence.version_id) == (1, 2)
    assert rare.score.text > common.score.text


def test_a_named_section_is_before_the_best_match():
    weighing = weigh_terms(read_question("kingfisher delay"), (1, 90), 100)
    first = rank([evidence(1, 0b11, 0.9), evidence(2, 0, named=True)], weighing)[0]
    assert first.evidence.version_id == 2


def test_what_has_no_word_of_the_question_and_is_not_near_it_is_left_out():
    weighing = weigh_terms(read_question("kingfisher delay"), (1, 90), 100)
    assert rank([evidence(1, 0, 0.1)], weighing) == ()


def test_a_word_that_nothing_has_takes_nothing_from_the_coverage_of_the_others():
    weighing = weigh_terms(read_question("kingfisher delay"), (3, 0), 100)
    assert features_of(evidence(1, 0b01), weighing)["any_words"] == pytest.approx(1.0)


def test_the_order_is_that_of_keys_where_scores_are_equal():
    weighing = weigh_terms(read_question("kingfisher"), (2,), 100)
    same = [Evidence(key, None, None, False, 0, (key,), ("text",), (0.4,), (1,)) for key in (3, 1, 2)]
    assert [one.evidence.version_id for one in rank(same, weighing)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much is paid for distress?", "amount"),
        ("How many weeks until an answer?", "period"),
        ("What percentage is upheld?", "rate"),
        ("Which form do I use?", "form"),
        ("What is the postal address?", "contact"),
        ("Is a delay always a mistake?", ""),
    ],
)
def test_what_a_question_asks_for_is_told_by_how_it_is_put(question, kind):
    assert kind_asked(question) == kind


def test_a_passage_that_gives_the_value_asked_for_answers_more_surely_than_one_that_does_not():
    asked = read_question("How many weeks does an answer take?")
    weighing = weigh_terms(asked, [5] * len(asked.terms), 100)
    (scored,) = rank([evidence(1, 2 ** len(asked.terms) - 1, 0.6)], weighing)
    with_value = Read(scored, ((1, "text", "An answer takes six weeks."),))
    without = Read(scored, ((1, "text", "An answer takes some weeks."),))
    assert answerability([with_value], weighing, 100) > answerability([without], weighing, 100)


def test_nothing_found_answers_nothing():
    assert answerability([], weigh_terms(read_question("delay"), (0,), 0), 0) == 0.0


def test_a_snippet_marks_the_words_that_matched_and_keeps_the_text():
    text = "A kingfisher waits. " + "Nothing of note happens here. " * 30 + "The delays of a kingfisher are short."
    pieces = snippet_of(text, ("delay", "kingfisher"))
    assert ("delays", True) in pieces
    assert "".join(words for words, _ in pieces).strip("… ") in text


def test_a_text_without_words_is_shown_as_it_is():
    assert snippet_of("—", ("delay",)) == (("—", False),)
    assert snippet_of("", ("delay",)) == ()


def test_a_note_without_a_digest_is_first_where_it_has_all_the_words_and_is_nearest():
    """A practice's own note has words of its own alone; a page has an account and questions beside."""
    weighing = weigh_terms(read_question("slashed note fees copy"), (1, 1, 40, 30), 100)
    note = Evidence(1, 1, 1, False, 0, (1,), ("text",), (0.73,), (0b1111,))
    page = Evidence(
        2, 2, 2, False, 0, (2, 3, 4), ("text", "summary", "question"), (0.40, 0.42, 0.43), (0b0100, 0b0100, 0b0100)
    )
    assert [one.evidence.version_id for one in rank([page, note], weighing)] == [1, 2]
