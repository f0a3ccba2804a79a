"""How models are asked for the letters of a practice, over the REST API."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from letters.api.prompts import known_stage, practice_of
from letters.models import StageSettings
from letters.models.prompting import LEAST_TOKENS, MOST_TOKENS, TIERS, TONES, PromptStage
from letters.pipelines import Stage
from letters.prompting import OWN_STAGES, offered_models, visible_stage_settings
from letters.services import Wanted, as_wanted, clear_stage_settings, set_stage_settings
from letters.services.ai_settings import FIELDS, NONE_YET
from lightpoint.llm.routing import TIERS as TIER_WORDS
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.roles import Action


class StageSettingsShape(serializers.Serializer[Any]):
    """How models are asked at a stage. What is empty is as the site has it."""

    stage = serializers.ChoiceField(PromptStage.choices)
    tier = serializers.ChoiceField([("", ""), *TIERS], help_text="Never below best where the routing has that floor.")
    model = serializers.CharField()
    temperature = serializers.DecimalField(max_digits=3, decimal_places=2)
    most_tokens = serializers.IntegerField(allow_null=True, help_text="Of one answer.")
    default_tone = serializers.ChoiceField([("", ""), *TONES], help_text="Of letters; with the stage tone alone.")
    version = serializers.IntegerField(help_text="0: nobody has set anything; the ETag.")


class OfferedShape(serializers.Serializer[Any]):
    """The models that may be chosen for a tier."""

    tier = serializers.ChoiceField(TIERS)
    models = serializers.ListField(child=serializers.CharField())


def _shown(stage: Stage, row: StageSettings | None) -> dict[str, Any]:
    wanted = as_wanted(row)
    return {"stage": stage, "version": row.version if row else NONE_YET} | {
        name: getattr(wanted, name) for name in FIELDS
    }


class StageSettingsList(ApiView):
    """The AI settings of the practice, stage by stage, and what may be chosen."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "prompt.view"}

    class AiSettingsOutput(serializers.Serializer[Any]):
        stages = StageSettingsShape(many=True)
        offered = OfferedShape(many=True)

    @extend_schema(operation_id="get_ai_settings", responses=AiSettingsOutput)
    def get(self, request: Request) -> Response:
        """Every stage, also where nobody has set anything."""
        rows = {row.stage: row for row in visible_stage_settings(self.caller).filter(practice=self.caller.practice)}
        stages = [_shown(stage, rows.get(stage)) for stage in OWN_STAGES]
        offered = [{"tier": tier, "models": list(offered_models(tier))} for tier in TIER_WORDS]
        return self.answer(self.AiSettingsOutput({"stages": stages, "offered": offered}).data)


class StageSettingsDetail(ApiView):
    """The AI settings of one stage."""

    actions: ClassVar[Mapping[str, Action]] = {
        "GET": "prompt.view",
        "PATCH": "prompt.manage",
        "DELETE": "prompt.manage",
    }
    versioned = True

    class StageSettingsInput(Input):
        tier = serializers.ChoiceField(TIERS, allow_blank=True)
        model = serializers.CharField(max_length=120, allow_blank=True)
        temperature = serializers.DecimalField(max_digits=3, decimal_places=2, min_value=Decimal(0), max_value=1)
        most_tokens = serializers.IntegerField(min_value=LEAST_TOKENS, max_value=MOST_TOKENS, allow_null=True)
        default_tone = serializers.ChoiceField(TONES, allow_blank=True)

    @extend_schema(operation_id="get_stage_settings", responses=StageSettingsShape)
    def get(self, request: Request, stage: str) -> Response:
        """The settings, with the ETag that changes to them need."""
        return self._told(known_stage(stage))

    @extend_schema(operation_id="set_stage_settings", request=StageSettingsInput, responses=StageSettingsShape)
    def patch(self, request: Request, stage: str) -> Response:
        """Have models asked so from now on. A model must be offered for the tier (`get_ai_settings`)."""
        name, practice = known_stage(stage), practice_of(self.caller)
        row = StageSettings.objects.filter(practice=practice, stage=name).first()
        wanted: Wanted = replace(as_wanted(row), **self.body(self.StageSettingsInput, partial=True))
        set_stage_settings(
            practice=practice,
            stage=name,
            wanted=wanted,
            by=self.caller,
            now=self.now,
            expected_version=self.expected_version,
        )
        return self._told(name)

    @extend_schema(operation_id="clear_stage_settings", request=None, responses={204: None})
    def delete(self, request: Request, stage: str) -> Response:
        """Have models asked as the site does."""
        name, practice = known_stage(stage), practice_of(self.caller)
        clear_stage_settings(
            practice=practice, stage=name, by=self.caller, now=self.now, expected_version=self.expected_version
        )
        return Response(status=204)

    def _told(self, stage: Stage) -> Response:
        rows = visible_stage_settings(self.caller).filter(practice=self.caller.practice, stage=stage)
        shown = _shown(stage, rows.first())
        return self.answer(StageSettingsShape(shown).data, version=shown["version"])
