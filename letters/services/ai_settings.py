"""How models are asked for the letters of a practice: set stage by stage, and taken back to what the site has."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import transaction

from letters.models import StageSettings
from letters.models.prompting import LEAST_TOKENS, MOST_TOKENS
from letters.prompting import OWN_STAGES, offered_models
from lightpoint.errors import InvalidInput, NotAllowed
from lightpoint.llm import Tier
from lightpoint.llm.routing import TIERS
from lightpoint.rest.etag import check_version
from users.models import Practice, User
from users.services import record_audit

FIELDS = ("tier", "model", "temperature", "most_tokens", "default_tone")
NONE_YET = 0  # the version of settings that nobody has made


class UnfitSettings(InvalidInput):
    """The settings do not go together, or the site does not offer them."""

    code = "unfit-settings"


@dataclass(frozen=True, slots=True)
class Wanted:
    """AI settings of a stage as somebody wants them; what is empty is as the site has it."""

    tier: str = ""
    model: str = ""
    temperature: Decimal = Decimal(0)
    most_tokens: int | None = None
    default_tone: str = ""


@transaction.atomic
def set_stage_settings(
    *, practice: Practice, stage: str, wanted: Wanted, by: User, now: datetime, expected_version: int | None = None
) -> StageSettings:
    """Have models asked so at `stage` from now on. `expected_version` is 0 where there are no settings yet.

    Raises UnfitSettings for a tier, model, temperature, limit or tone that cannot be had; StaleVersion; NotAllowed.
    """
    _check_practice(practice, by)
    _check(stage, wanted)
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    row = StageSettings.objects.filter(practice=practice, stage=stage).first()
    check_version(expected=expected_version, current=row.version if row else NONE_YET)
    old = _plain(row) if row else None
    row = row or StageSettings(practice=practice, stage=stage, version=NONE_YET)
    for name in FIELDS:
        setattr(row, name, getattr(wanted, name))
    row.updated_at, row.version = now, row.version + 1
    row.save()
    _tell("ai-settings.set", row, by, now, old, _plain(row))
    return row


@transaction.atomic
def clear_stage_settings(
    *, practice: Practice, stage: str, by: User, now: datetime, expected_version: int | None = None
) -> None:
    """Have models asked at `stage` as the site does. Raises StaleVersion and NotAllowed."""
    _check_practice(practice, by)
    row = StageSettings.objects.select_for_update(no_key=True).filter(practice=practice, stage=stage).first()
    check_version(expected=expected_version, current=row.version if row else NONE_YET)
    if row is not None:
        _tell("ai-settings.cleared", row, by, now, _plain(row), None)
        row.delete()


def as_wanted(row: StageSettings | None) -> Wanted:
    """The settings that there are."""
    return Wanted(**{name: getattr(row, name) for name in FIELDS}) if row else Wanted()


def _check(stage: str, wanted: Wanted) -> None:
    if stage not in OWN_STAGES:
        raise UnfitSettings(f"There is no stage {stage!r}; choose one of: {', '.join(OWN_STAGES)}")
    if wanted.tier and wanted.tier not in TIERS:
        raise UnfitSettings(f"There is no tier {wanted.tier!r}; choose one of: {', '.join(TIERS)}")
    if wanted.model:
        _check_model(wanted)
    if not 0 <= wanted.temperature <= 1:
        raise UnfitSettings("A temperature is from 0 to 1")
    if wanted.most_tokens is not None and not LEAST_TOKENS <= wanted.most_tokens <= MOST_TOKENS:
        raise UnfitSettings(f"The limit of an answer is from {LEAST_TOKENS} to {MOST_TOKENS} tokens")
    if wanted.default_tone and stage != "tone":
        raise UnfitSettings("The default tone stands with the stage tone alone")
    if wanted.default_tone not in ("", "measured", "firm", "robust"):
        raise UnfitSettings(f"There is no tone {wanted.default_tone!r}")


def _check_model(wanted: Wanted) -> None:
    if not wanted.tier:
        raise UnfitSettings("Name the tier that the model is for")
    offered = offered_models(cast(Tier, wanted.tier))
    if wanted.model not in offered:
        named = ", ".join(offered) or "none"
        raise UnfitSettings(f"The site does not offer {wanted.model!r} for the tier {wanted.tier}; it offers: {named}")


def _check_practice(practice: Practice, by: User) -> None:
    if not by.is_superuser and by.practice_id != practice.pk:
        raise NotAllowed("AI settings are a practice's own")


def _plain(row: StageSettings) -> dict[str, Any]:
    return {"stage": row.stage, **asdict(as_wanted(row))}


def _tell(
    action: str, row: StageSettings, by: User, now: datetime, old: dict[str, Any] | None, new: dict[str, Any] | None
) -> None:
    record_audit(action=action, target=row, at=now, actor=by, practice=row.practice, old=old, new=new)
