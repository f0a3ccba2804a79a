"""What the start of the product says of the settings of models."""

from typing import Any

import pytest
from django.test import override_settings

from lightpoint.checks import check_models

PRICE = {"sent": "1", "written": "5"}


def test_settings_that_can_be_meant_are_let_through() -> None:
    with override_settings(LLM_PRICES={"m": {**PRICE, "cached": 0}}, LLM_ROUTES={"chat": "fast"}):
        assert check_models() == []
    with override_settings(LLM_PRICES={}, LLM_ROUTES={}):
        assert check_models() == []


@pytest.mark.parametrize(
    "prices",
    [{"m": {"sent": "1"}}, {"m": {**PRICE, "written": "-1"}}, {"m": {**PRICE, "cached": "NaN"}}, {"m": "1"}, [PRICE]],
)
def test_a_price_that_is_none_is_found(prices: Any) -> None:
    with override_settings(LLM_PRICES=prices):
        (error,) = check_models()
    assert "LLM_PRICES" in error.msg


@pytest.mark.parametrize("routes", [{"chat": "cheap"}, {"talk": "fast"}, ["chat"]])
def test_a_route_that_is_none_is_found(routes: Any) -> None:
    with override_settings(LLM_ROUTES=routes):
        (error,) = check_models()
    assert "LLM_ROUTES" in error.msg
