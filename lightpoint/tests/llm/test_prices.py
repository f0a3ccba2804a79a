"""What tokens cost."""

from decimal import Decimal

import pytest
from django.test import override_settings

from lightpoint.llm import Price, Usage, cost_of, price_of
from lightpoint.llm.prices import worst_cost

PRICE = Price(sent=Decimal(3), cached=Decimal("0.3"), cache_write=Decimal("3.75"), written=Decimal(15))


def test_each_kind_of_token_has_its_price() -> None:
    usage = Usage(sent=10_000, written=1_000, cached=4_000, reasoning=500, cache_written=2_000)
    assert cost_of(usage, PRICE) == Decimal("0.0357")  # 4,000 x 3 + 4,000 x 0.3 + 2,000 x 3.75 + 1,000 x 15 millionths
    assert worst_cost(10_000, 1_000, PRICE) == Decimal("0.0525")
    assert cost_of(usage, PRICE) < worst_cost(usage.sent, usage.written, PRICE)


def test_a_cost_is_exact_and_rounded_up_at_its_last_place() -> None:
    assert cost_of(Usage(1, 0), Price(Decimal("0.001"), Decimal(0), Decimal(0), Decimal(0))) == Decimal("0.00000001")
    assert cost_of(Usage(0, 0), PRICE) == 0


def test_prices_are_those_of_the_list_for_the_provider() -> None:
    with override_settings(LLM_BASE_URL="https://openrouter.ai/api/v1"):
        found = price_of("anthropic/claude-haiku-4.5")
        assert found == Price(Decimal(1), Decimal("0.1"), Decimal("1.25"), Decimal(5))
        tiered = price_of("anthropic/claude-sonnet-4.5")
        assert tiered is not None
        assert (tiered.sent, tiered.written) == (3, 15)
        assert price_of("nobody/nothing") is None


def test_a_provider_that_the_list_does_not_know_has_no_prices() -> None:
    with override_settings(LLM_BASE_URL="http://127.0.0.1:1/v1"):
        assert price_of("anthropic/claude-haiku-4.5") is None


def test_the_settings_go_before_the_list() -> None:
    own = {"anthropic/claude-haiku-4.5": {"sent": "2", "written": 10}, "local": {"sent": 0, "written": 0, "cached": 0}}
    with override_settings(LLM_BASE_URL="https://openrouter.ai/api/v1", LLM_PRICES=own):
        assert price_of("anthropic/claude-haiku-4.5") == Price(Decimal(2), Decimal(2), Decimal(2), Decimal(10))
        assert price_of("local") == Price(*[Decimal(0)] * 4)


def test_a_price_that_is_none_is_refused() -> None:
    for wrong in ({"sent": "1"}, {"sent": "much", "written": "1"}):
        with override_settings(LLM_PRICES={"m": wrong}), pytest.raises((KeyError, ArithmeticError)):
            price_of("m")
