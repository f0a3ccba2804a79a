"""What tokens cost, in US dollars: the list of genai-prices, and what the setting LLM_PRICES says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Final

from django.conf import settings

from lightpoint.llm.records import Usage

MILLION: Final = Decimal(1_000_000)
SMALLEST: Final = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens: sent, read from the provider's cache, put into it, written."""

    sent: Decimal
    cached: Decimal
    cache_write: Decimal
    written: Decimal

    @classmethod
    def of(cls, given: Mapping[str, object]) -> "Price":
        """A price of `sent` and `written`; `cached` and `cache_write` cost as much as `sent` where they are not given.

        Raises KeyError or ArithmeticError where it is not one.
        """
        sent, written = Decimal(str(given["sent"])), Decimal(str(given["written"]))
        return cls(
            sent=sent,
            cached=Decimal(str(given.get("cached", sent))),
            cache_write=Decimal(str(given.get("cache_write", sent))),
            written=written,
        )

    @property
    def dearest_sent(self) -> Decimal:
        """The most that a million tokens sent can cost, however the provider caches."""
        return max(self.sent, self.cached, self.cache_write)


def cost_of(usage: Usage, price: Price) -> Decimal:
    """What `usage` costs in US dollars, exact to 8 places and rounded up there."""
    plain = usage.sent - usage.cached - usage.cache_written
    millionths = (
        plain * price.sent
        + usage.cached * price.cached
        + usage.cache_written * price.cache_write
        + usage.written * price.written
    )
    return (millionths / MILLION).quantize(SMALLEST, ROUND_CEILING)


def worst_cost(sent: int, written: int, price: Price) -> Decimal:
    """What a call of `sent` tokens costs at most when at most `written` come back."""
    return ((sent * price.dearest_sent + written * price.written) / MILLION).quantize(SMALLEST, ROUND_CEILING)


def price_of(model: str) -> Price | None:
    """The price of a model at the provider of LLM_BASE_URL; None where nobody says. LLM_PRICES goes before the list.

    Where a model costs more for longer prompts, this is the price of the shortest ones.
    """
    own = settings.LLM_PRICES.get(model)
    return Price.of(own) if own is not None else _listed(settings.LLM_BASE_URL, model)


@lru_cache(maxsize=256)
def _listed(url: str, model: str) -> Price | None:
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - a second to import, and rarely needed
    from genai_prices.types import TieredPrices  # noqa: PLC0415

    def amount(found: object) -> Decimal | None:
        value = found.base if isinstance(found, TieredPrices) else found
        return value if isinstance(value, Decimal) else None

    try:
        _, known = get_snapshot().find_provider_model(model, None, None, url)
    except LookupError:
        return None
    listed = known.get_prices(datetime.now(UTC))
    sent, written = amount(listed.input_mtok), amount(listed.output_mtok)
    if sent is None or written is None:
        return None
    cached, cache_write = amount(listed.cache_read_mtok), amount(listed.cache_write_mtok)
    return Price(sent, sent if cached is None else cached, sent if cache_write is None else cache_write, written)
