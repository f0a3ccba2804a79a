"""Which tier a stage of the work is given to, and why in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from lightpoint.llm.records import Tier

Stage = Literal["facts", "analysis", "outline", "section", "tone", "chat", "lookup", "judge"]
Stakes = Literal["none", "complaint_tier_1", "complaint_tier_2", "adjudicator", "appeal", "ico"]  # or a type of letter

HIGH: Final[frozenset[Stakes]] = frozenset({"complaint_tier_2", "adjudicator"})
SHORT: Final[Mapping[Stage, int]] = {"lookup": 2_000, "facts": 12_000, "outline": 6_000}  # tokens that fast reads well
LONG_SECTION: Final = 24_000  # tokens
TIERS: Final[tuple[Tier, ...]] = get_args(Tier)  # from the cheapest to the dearest


@dataclass(frozen=True, slots=True)
class Route:
    """A tier and the reason for it, which is kept with each call. `model` is asked instead of the tier's own."""

    tier: Tier
    reason: str
    model: str = ""


def choose(stage: Stage, *, length: int, stakes: Stakes, settled: Mapping[str, str]) -> Route:
    """The tier for `length` tokens of input to `stage` of the work on a letter of type `stakes`.

    `settled` are tiers by stage that the settings name; the tone of a letter of high stakes is above them. Raises
    ValueError where they name something else.
    """
    if stage == "tone" and stakes in HIGH:
        return Route("best", f"the tone of a letter of type {stakes} is never below best")
    if stage in settled:
        named = next((tier for tier in TIERS if tier == settled[stage]), None)
        if named is None:
            raise ValueError(f"LLM_ROUTES names no tier for {stage}: one of {', '.join(TIERS)}")
        return Route(named, f"LLM_ROUTES gives {stage} to {named}")
    if stage in SHORT:
        return _by_length(stage, length, SHORT[stage])
    if stage == "judge":
        return Route("fast", "a judgement is a word or two")
    if stage == "section" and stakes in HIGH and length > LONG_SECTION:
        return Route("best", f"a section over {LONG_SECTION} tokens, in a letter of type {stakes}")
    return Route("balanced", f"{stage} needs judgement, and no more")


def _by_length(stage: Stage, length: int, short: int) -> Route:
    if length <= short:
        return Route("fast", f"{stage} of {length} tokens is short (up to {short})")
    return Route("balanced", f"{stage} of {length} tokens is long (over {short})")
