"""Asking once more for what was wrong alone."""

from dataclasses import replace

from letters.pipelines.again import joined, reduced
from letters.pipelines.records import Card, Part, Plan, Written, WrittenSentence
from letters.records import Sentence


def card(name: str, group: int) -> Card:
    text = f"Card {name} says so."
    return Card(name, group, text, (), Sentence(text, "fact"))


PART = Part("L0.1", "Delay", "prose", 0, 2, (card("1", 0), card("2", 0), card("3", 1), card("4", 1)))
LIST = replace(PART, shape="items", leads=((), ()))


def said(*names: str) -> WrittenSentence:
    return WrittenSentence(f"Said of {' and '.join(names)}.", names)


def uses(written: Written) -> list[list[tuple[str, ...]]]:
    return [[sentence.uses for sentence in paragraph] for paragraph in written]


def test_only_what_is_left_is_asked_for_in_its_order() -> None:
    plan = Plan((("4", "1"), ("3", "2")), "It took too long.")
    part, plans = reduced(PART, ("1", "3"), {PART.id: plan})
    assert [(c.id, c.group) for c in part.cards] == [("1", 0), ("3", 1)]
    assert plans[PART.id] == Plan((("1",), ("3",)), "It took too long.")
    assert reduced(PART, ("4",), {}) == (replace(PART, cards=(replace(PART.cards[3], group=0),)), {})


def test_a_new_sentence_stands_where_the_one_stood_that_was_refused() -> None:
    written = ((said("3"), said("1", "2")), (said("4"),))
    again = ((said("1"), said("2")),)
    assert uses(joined(PART, written, {(0, 1)}, again)) == [[("3",), ("1",), ("2",)], [("4",)]]


def test_a_card_that_was_left_out_comes_at_the_end_of_its_paragraph() -> None:
    written = ((said("1"), said("2")), (said("4"),))
    assert uses(joined(PART, written, set(), ((said("3"),),))) == [[("1",), ("2",)], [("4",), ("3",)]]
    assert uses(joined(PART, ((said("1"),),), set(), ((said("3"),),))) == [[("1",), ("3",)]]


def test_a_card_of_another_item_goes_to_its_own() -> None:
    written = ((said("1", "3"), said("2")), (said("4"),))
    again = ((said("1"),), (said("3"),))
    assert uses(joined(LIST, written, {(0, 0)}, again)) == [[("1",), ("2",)], [("4",), ("3",)]]


def test_what_was_refused_is_gone_when_nothing_comes_back() -> None:
    written = ((said("1"), said("2")), (said("3"), said("4")))
    assert uses(joined(PART, written, {(0, 0), (1, 1)}, ())) == [[("2",)], [("3",)]]
