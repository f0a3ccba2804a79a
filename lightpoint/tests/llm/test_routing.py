"""Which tier a stage is given to."""

from typing import Any, get_args

import pytest
from django.test import override_settings

from lightpoint.llm import Route, Stage, Stakes, route
from lightpoint.llm.routing import HIGH, LONG_SECTION, SHORT


@pytest.mark.parametrize("stage", get_args(Stage))
@pytest.mark.parametrize("stakes", get_args(Stakes))
@pytest.mark.parametrize("length", [0, 5_000, 100_000])
def test_every_stage_has_a_tier_and_a_reason(stage: Stage, stakes: Stakes, length: int) -> None:
    found = route(stage, length=length, stakes=stakes)
    assert found.tier in {"fast", "balanced", "best"}
    assert len(found.reason) > 10


@pytest.mark.parametrize(
    ("stage", "length", "stakes", "tier"),
    [
        ("lookup", SHORT["lookup"], "none", "fast"),
        ("lookup", SHORT["lookup"] + 1, "none", "balanced"),
        ("facts", 3_000, "complaint_tier_2", "fast"),
        ("facts", 30_000, "none", "balanced"),
        ("outline", 3_000, "none", "fast"),
        ("section", 3_000, "complaint_tier_2", "balanced"),
        ("section", LONG_SECTION + 1, "complaint_tier_2", "best"),
        ("tone", 100, "complaint_tier_1", "balanced"),
        ("tone", 100, "complaint_tier_2", "best"),
        ("tone", 100, "adjudicator", "best"),
        ("judge", 100, "none", "fast"),
        ("chat", 100, "none", "balanced"),
    ],
)
def test_a_route_follows_stage_length_and_stakes(stage: Any, length: int, stakes: Any, tier: str) -> None:
    assert route(stage, length=length, stakes=stakes).tier == tier


@pytest.mark.parametrize("stakes", sorted(HIGH))
def test_the_settings_decide_but_for_the_tone_of_high_stakes(stakes: Stakes) -> None:
    with override_settings(LLM_ROUTES={"section": "best", "tone": "fast"}):
        assert route("section", length=10, stakes=stakes) == Route("best", "LLM_ROUTES gives section to best")
        assert route("tone", length=10, stakes="complaint_tier_1").tier == "fast"
        assert route("tone", length=10, stakes=stakes).tier == "best"


def test_a_tier_that_is_none_is_refused() -> None:
    with override_settings(LLM_ROUTES={"chat": "cheap"}), pytest.raises(ValueError, match="LLM_ROUTES"):
        route("chat")
