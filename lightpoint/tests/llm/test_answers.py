"""What no honest provider answers is read as nothing, or is an error of ours, and never one of Python's."""

from types import SimpleNamespace
from typing import Any

import pytest

from lightpoint.llm.answers import as_ours, check_shape, checked, model_named, usage_of
from lightpoint.llm.records import Completion, LLMError, Prompt, Usage

LISTS = {"type": "object", "properties": {"a": {}}}
TEXTS = {"type": "object", "properties": {"a": {"type": "string"}}}
PROMPT = Prompt(system="", messages=(), max_tokens=50, purpose="test")


@pytest.mark.parametrize(
    "text", ['{"a": "\\u0000"}', '{"a": ["\\ud800"]}', '{"\\u0000": 1}', "[" * 90_000, "9" * 6_000], ids=lambda t: t[:9]
)
def test_json_that_no_row_can_hold_is_a_bad_answer(text: str) -> None:
    with pytest.raises(LLMError, match="answer"):
        check_shape(text, LISTS)


@pytest.mark.parametrize("depth", range(100, 1_100, 50))
def test_lists_within_lists_where_a_text_should_be_are_a_bad_answer(depth: int) -> None:
    with pytest.raises(LLMError, match="answer"):
        check_shape(f'{{"a": {"[" * depth}{"]" * depth}}}', TEXTS)


@pytest.mark.parametrize("error", [RecursionError(), KeyError("a"), IndexError(), ValueError()], ids=repr)
def test_what_cannot_be_read_is_malformed(error: Exception) -> None:
    ours = as_ours(error)
    assert isinstance(ours, LLMError)
    assert ours.code == "malformed"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"], ids=["nul", "surrogate"])
def test_text_that_no_row_can_hold_is_a_bad_answer(text: str) -> None:
    with pytest.raises(LLMError, match="characters"):
        checked(Completion(text, "m", "stop", None), PROMPT)


@pytest.mark.parametrize(
    ("sent", "written"),
    [(None, None), (0, 0), ("many", 1), (10.5, 5), (True, True), (-500_000, 5), (10, -5), (10**12, 1), (1, 10**12)],
)
def test_usage_that_cannot_be_is_none_and_so_estimated(sent: Any, written: Any) -> None:
    assert usage_of(SimpleNamespace(prompt_tokens=sent, completion_tokens=written)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["free", [1], 5, {"prompt_tokens": 1}])
def test_usage_of_another_shape_is_none(given: Any) -> None:
    assert usage_of(given) is None


@pytest.mark.parametrize("details", ["x", [1], SimpleNamespace(cached_tokens=-4), SimpleNamespace(cached_tokens="x")])
def test_details_that_cannot_be_count_for_nothing(details: Any) -> None:
    given = SimpleNamespace(prompt_tokens=10, completion_tokens=5, prompt_tokens_details=details)
    assert usage_of(given) == Usage(10, 5)  # type: ignore[arg-type]


def test_no_more_is_cached_than_was_sent() -> None:
    details = SimpleNamespace(cached_tokens=10**6, cache_write_tokens=10**6)
    given = SimpleNamespace(prompt_tokens=10, completion_tokens=5, prompt_tokens_details=details)
    assert usage_of(given) == Usage(10, 5, cached=10)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["m" * 500, "m\x00", "", 5, None, ["m"]], ids=lambda given: str(given)[:9])
def test_a_model_that_is_named_oddly_is_the_one_that_was_asked(given: Any) -> None:
    assert model_named(given, "asked") == "asked"
    assert model_named("told", "asked") == "told"
