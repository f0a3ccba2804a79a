"""Reads of prompts and AI settings: which are in force for a practice, who may see them, what differs between two."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final, Literal, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from letters.models import GoldenRun, PromptVersion, StageSettings
from letters.pipelines import Stage
from letters.pipelines.prompts import STAGES, StagePrompt, shipped, shipped_words
from letters.records import Tone
from lightpoint.llm import Tier, model_of, price_of
from lightpoint.llm.routing import TIERS
from lightpoint.llm.upstream import fallback_of
from users.models import Practice, User

Somebody = User | AnonymousUser
Prompts = Mapping[Stage, StagePrompt]
OWN_STAGES: Final[tuple[Stage, ...]] = (
    "facts",
    "structure",
    "compose",
    "tone",
)  # as PromptStage
USUAL_TONE: Final[Tone] = "firm"


def visible_prompts(user: Somebody) -> QuerySet[PromptVersion]:
    """The prompts of the user's practice; all of them for staff of the platform."""
    rows = PromptVersion.objects.select_related("author", "practice")
    if not isinstance(user, User) or not user.is_active:
        return rows.none()
    if user.is_superuser:
        return rows
    return rows.none() if user.practice_id is None else rows.filter(practice_id=user.practice_id)


def visible_golden_runs(user: Somebody) -> QuerySet[GoldenRun]:
    """The test runs of the prompts that `user` may see."""
    return GoldenRun.objects.filter(prompt__in=visible_prompts(user)).select_related("created_by", "prompt")


def visible_stage_settings(user: Somebody) -> QuerySet[StageSettings]:
    """The AI settings of the user's practice; all of them for staff of the platform."""
    rows = StageSettings.objects.select_related("practice")
    if not isinstance(user, User) or not user.is_active:
        return rows.none()
    if user.is_superuser:
        return rows
    return rows.none() if user.practice_id is None else rows.filter(practice_id=user.practice_id)


def prompts_in_force(practice: Practice, *, instead: PromptVersion | None = None) -> Prompts:
    """What models are told at each stage for the letters of `practice`, and how they are asked. Two queries.

    `instead` is tried in the place of what is in force at its stage. A tier or model that the site does not offer any
    more has no effect.
    """
    active = PromptVersion.objects.filter(practice=practice, state=PromptVersion.State.ACTIVE)
    own = {row.stage: row for row in active}
    if instead is not None:
        own[instead.stage] = instead
    rows = {row.stage: row for row in StageSettings.objects.filter(practice=practice)}
    return {stage: _asked(_worded(stage, own.get(stage)), rows.get(stage)) for stage in STAGES}


def shipped_prompts() -> Prompts:
    """The prompts of a practice that has none of its own."""
    return {stage: shipped(stage) for stage in STAGES}


def default_tone(practice: Practice) -> Tone:
    """The tone of a letter of `practice` for which nobody names one. One query."""
    own = StageSettings.objects.filter(practice=practice, stage="tone").values_list("default_tone", flat=True).first()
    return cast(Tone, own) if own else USUAL_TONE


def offered_models(tier: Tier) -> tuple[str, ...]:
    """The models that a practice may choose for `tier`: the site's own, its fallback, and those of LLM_OFFERED.

    A model that nobody knows the price of is offered only where LLM_ALLOW_UNPRICED lets it be asked.
    """
    named = [model_of(tier), fallback_of(tier), *settings.LLM_OFFERED.get(tier, ())]
    priced = [model for model in dict.fromkeys(named) if model and _may_be_asked(model)]
    return tuple(priced)


def tiers_of_models() -> dict[str, tuple[Tier, ...]]:
    """The tiers for which each model is offered."""
    found: dict[str, tuple[Tier, ...]] = {}
    for tier in TIERS:
        for model in offered_models(tier):
            found[model] = (*found.get(model, ()), tier)
    return found


def _may_be_asked(model: str) -> bool:
    return bool(settings.LLM_ALLOW_UNPRICED) or price_of(model) is not None


def _worded(stage: Stage, row: PromptVersion | None) -> StagePrompt:
    return shipped(stage) if row is None else StagePrompt(stage, row.text, row.number)


def _asked(prompt: StagePrompt, row: StageSettings | None) -> StagePrompt:
    """`prompt` with how the practice wants it asked."""
    if row is None:
        return prompt
    tier = next((tier for tier in TIERS if tier == row.tier), None)
    gone = row.model and (tier is None or row.model not in offered_models(tier))
    return replace(
        prompt,
        tier=None if gone else tier,
        model="" if gone else row.model,
        temperature=float(row.temperature),
        most_tokens=row.most_tokens,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a prompt beside another: it is in both, or it was added or removed."""

    kind: Literal["same", "added", "removed"]
    text: str


def lines_between(older: str, newer: str) -> tuple[Line, ...]:
    """What became of the lines of `older` in `newer`, in reading order."""
    old, new = older.splitlines(), newer.splitlines()
    found: list[Line] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line("same", text) for text in old[i1:i2]]
            continue
        found += [Line("removed", text) for text in old[i1:i2]]
        found += [Line("added", text) for text in new[j1:j2]]
    return tuple(found)


def words_of(practice: Practice | None, stage: Stage) -> str:
    """The words in force at `stage`: the practice's active version, or those that are shipped."""
    active = PromptVersion.objects.filter(practice=practice, stage=stage, state=PromptVersion.State.ACTIVE)
    return active.values_list("text", flat=True).first() or shipped_words(stage)
