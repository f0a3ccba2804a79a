"""Settings of language models that are not understood are found when the product starts, not by the first call."""

from collections.abc import Iterator, Mapping
from typing import get_args

from django.conf import settings
from django.core.checks import Error


def check_models(**_: object) -> list[Error]:
    """One error for each entry of LLM_PRICES and LLM_ROUTES that cannot be meant so."""
    wrong = [*_wrong_prices(), *_wrong_routes()]
    return [Error(f"{name}: see .env.example for what it may say", id="lightpoint.E002") for name in wrong]


def _wrong_prices() -> Iterator[str]:
    if not settings.LLM_PRICES:
        return
    from lightpoint.llm.prices import Price  # noqa: PLC0415 - the client of the endpoint takes a second to import

    if not isinstance(settings.LLM_PRICES, Mapping):
        yield "LLM_PRICES"
        return
    for model, given in settings.LLM_PRICES.items():
        try:
            price = Price.of(given)
            amounts = (price.sent, price.cached, price.cache_write, price.written)
            meant = all(amount.is_finite() and amount >= 0 for amount in amounts)
        except (KeyError, ArithmeticError, TypeError, AttributeError):
            meant = False
        if not meant:
            yield f"LLM_PRICES of {model}"


def _wrong_routes() -> Iterator[str]:
    if not settings.LLM_ROUTES:
        return
    from lightpoint.llm.routing import TIERS, Stage  # noqa: PLC0415 - as above

    if not isinstance(settings.LLM_ROUTES, Mapping):
        yield "LLM_ROUTES"
        return
    for stage, tier in settings.LLM_ROUTES.items():
        if stage not in get_args(Stage) or tier not in TIERS:
            yield f"LLM_ROUTES of {stage}"
