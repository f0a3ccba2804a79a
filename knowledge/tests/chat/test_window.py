"""The sliding window, by its properties. Pure."""

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.chat.records import Turn
from knowledge.chat.window import ASKED_BEFORE, continued_summary, first_sentence, sliding_window
from lightpoint.language.tokens import estimate_tokens

words = st.text(alphabet="abc def. 12?", max_size=120)
turns = st.lists(st.builds(Turn, words, words), max_size=12)
budgets = st.integers(min_value=0, max_value=400)


def made(said, budget, question="What now?", pinned=("A fact.",), summary=""):
    return sliding_window(said, question=question, system="System text.", budget=budget, pinned=pinned, summary=summary)


@given(turns, budgets)
@settings(max_examples=200, deadline=None)
def test_what_is_kept_are_the_newest_turns_whole_and_in_order(said, budget):
    window = made(said, budget)
    assert list(window.turns) == said[window.dropped :]


@given(turns, budgets, words)
@settings(max_examples=200, deadline=None)
def test_system_facts_and_question_are_always_there(said, budget, question):
    window = made(said, budget, question)
    assert (window.system, window.pinned, window.question) == ("System text.", ("A fact.",), question)
    assert window.prefix[:2] == ("System text.", "A fact.")


@given(turns, budgets)
@settings(max_examples=200, deadline=None)
def test_the_budget_is_kept_unless_the_fixed_parts_alone_are_over_it(said, budget):
    window = made(said, budget)
    fixed = sum(map(estimate_tokens, ("System text.", "A fact.", "What now?")))
    spent = sum(map(estimate_tokens, (*window.prefix, window.question)))
    assert spent <= max(budget, fixed)


@given(turns, budgets, words)
@settings(max_examples=200, deadline=None)
def test_the_same_history_gives_the_same_prefix_whatever_is_asked(said, budget, summary):
    summary = summary.strip()
    first, second = made(said, budget, summary=summary), made(list(said), budget, summary=summary)
    assert first == second
    same_length = made(said, budget, "Now what?", summary=summary)
    assert same_length.prefix == first.prefix


@given(turns, st.integers(0, 12), st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_a_summary_made_in_steps_is_the_one_made_at_once(said, at, room):
    steps = continued_summary(continued_summary("", said[:at], room=room), said[at:], room=room)
    assert steps == continued_summary("", said, room=room)


@given(words, words)
def test_the_estimate_adds_up(one, other):
    assert estimate_tokens(f"{one} {other}") == estimate_tokens(one) + estimate_tokens(other)


def test_dropped_turns_stand_in_the_summary_by_their_questions():
    said = [Turn(f"What of case {number}? It is late.", "Words. " * 40) for number in range(6)]
    window = made(said, 260)
    assert 0 < window.dropped < 6
    lines = window.summary.splitlines()
    assert lines == [f"{ASKED_BEFORE}What of case {number}?" for number in range(window.dropped)][-len(lines) :]


def test_a_long_question_is_cut_at_a_word():
    assert first_sentence("word " * 100).endswith("word …")
    assert len(first_sentence("word " * 100)) <= 202
