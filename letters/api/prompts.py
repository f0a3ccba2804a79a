"""A practice's own prompts over the REST API: written, compared, tested, activated and taken back."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from letters.models import GoldenRun, PromptVersion
from letters.models.prompting import PromptStage
from letters.pipelines import Stage
from letters.pipelines.prompts import StagePrompt, fixed_text, prompt_tokens, shipped_words
from letters.prompting import (
    OWN_STAGES,
    lines_between,
    prompts_in_force,
    shipped_prompts,
    visible_golden_runs,
    visible_prompts,
)
from letters.services import activate_prompt, reset_prompt, start_golden_run, write_prompt
from lightpoint.errors import NotAllowed, NotFound
from lightpoint.rest.filters import ChoiceFilter, Filters
from lightpoint.rest.parsing import LARGEST
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.models import Practice, User
from users.roles import Action

LONGEST = 20_000  # characters that are read at all; PROMPT_MAX_CHARACTERS is the rule


class StagePromptShape(serializers.Serializer[Any]):
    """What models are told at a stage for the letters of the caller's practice."""

    stage = serializers.ChoiceField(PromptStage.choices)
    number = serializers.IntegerField(help_text="Of the practice's active version; 0: the shipped prompt is in force.")
    hash = serializers.CharField(source="version", help_text="Of all that a model is told; receipts name it.")
    text = serializers.CharField(source="words", help_text="The words in force.")
    shipped = serializers.SerializerMethodField(help_text="The words that are shipped.")
    fixed = serializers.SerializerMethodField(help_text="What stands behind any words: shape of the answer and fence.")
    tokens = serializers.SerializerMethodField(help_text="Of the shipped prompt, about.")

    def get_shipped(self, prompt: StagePrompt) -> str:
        """The words that a reset brings back."""
        return shipped_words(prompt.stage)

    def get_fixed(self, prompt: StagePrompt) -> str:
        """What no words take away."""
        return fixed_text(prompt.stage)

    def get_tokens(self, prompt: StagePrompt) -> int:
        """What it costs each call."""
        return prompt_tokens(prompt.stage)


class PromptShape(serializers.Serializer[Any]):
    """Words of a practice for a stage."""

    id = serializers.IntegerField()
    stage = serializers.ChoiceField(PromptStage.choices)
    number = serializers.IntegerField()
    state = serializers.ChoiceField(PromptVersion.State.choices)
    text = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the text.")
    note = serializers.CharField()
    author = serializers.CharField(source="author.email")
    created_at = serializers.DateTimeField()
    state_at = serializers.DateTimeField(help_text="Since when it is in that state.")


class GoldenFigures(serializers.Serializer[Any]):
    """What a test found; empty while it is under way."""

    released = serializers.BooleanField(required=False)
    sections = serializers.IntegerField(required=False)
    replaced = serializers.IntegerField(required=False, help_text="Sections that stayed the embedded drafter's.")
    mended = serializers.IntegerField(required=False, help_text="Sections with sentences of the embedded drafter's.")
    asked_again = serializers.IntegerField(required=False)
    calls = serializers.IntegerField(required=False)
    sent = serializers.IntegerField(required=False, help_text="Tokens.")
    written = serializers.IntegerField(required=False, help_text="Tokens.")
    cost = serializers.CharField(required=False, help_text="US dollars, or unpriced.")
    seconds = serializers.FloatField(required=False)


class GoldenRunShape(serializers.Serializer[Any]):
    """A test of a prompt on the golden case."""

    id = serializers.IntegerField()
    prompt = serializers.IntegerField(source="prompt_id")
    state = serializers.ChoiceField(GoldenRun.State.choices)
    prompt_hash = serializers.CharField(source="prompt_version", help_text="Of all that the model was told.")
    figures = GoldenFigures()
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it did not pass.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class PromptLine(serializers.Serializer[Any]):
    """A line of a prompt beside another one."""

    kind = serializers.ChoiceField(("same", "added", "removed"))
    text = serializers.CharField()


def practice_of(user: User) -> Practice:
    """The practice whose prompts and settings `user` means. Raises NotAllowed for staff of the platform."""
    if user.practice is None:
        raise NotAllowed("Prompts and AI settings are a practice's own; staff of the platform have no practice")
    return user.practice


def known_stage(name: str) -> Stage:
    """The stage of an address. Raises NotFound."""
    found = next((stage for stage in OWN_STAGES if stage == name), None)
    if found is None:
        raise NotFound("There is nothing at this address")
    return found


class StagePromptList(ApiView):
    """What models are told for the letters of the practice."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "prompt.view"}

    class PromptsOutput(serializers.Serializer[Any]):
        stages = StagePromptShape(many=True)

    @extend_schema(operation_id="get_prompts", responses=PromptsOutput)
    def get(self, request: Request) -> Response:
        """The prompt in force at each stage."""
        practice = self.caller.practice
        told = prompts_in_force(practice) if practice else shipped_prompts()
        return self.answer(self.PromptsOutput({"stages": [told[stage] for stage in OWN_STAGES]}).data)


class StagePromptDetail(ApiView):
    """What models are told at one stage."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "prompt.view"}

    @extend_schema(operation_id="get_prompt", responses=StagePromptShape)
    def get(self, request: Request, stage: str) -> Response:
        """The prompt in force, and the shipped one beside it."""
        name, practice = known_stage(stage), self.caller.practice
        told = prompts_in_force(practice) if practice else shipped_prompts()
        return self.answer(StagePromptShape(told[name]).data)


class StagePromptReset(ApiView):
    """POST puts the shipped prompt of a stage in force again."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "prompt.manage"}

    @extend_schema(operation_id="reset_prompt", request=None, responses=PromptShape)
    def post(self, request: Request, stage: str) -> Response:
        """The version that was in force, retired; it is kept."""
        name = known_stage(stage)
        row = reset_prompt(practice=practice_of(self.caller), stage=name, by=self.caller, now=self.now)
        return self.answer(PromptShape(visible_prompts(self.caller).get(pk=row.pk)).data)


class PromptFilters(Filters):
    stage = ChoiceFilter(choices=PromptStage.choices, help_text="Versions of this stage.")
    state = ChoiceFilter(choices=PromptVersion.State.choices, help_text="Versions in this state.")


class PromptList(ApiView):
    """The practice's own words, with their history."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "prompt.view", "POST": "prompt.manage"}
    filters = PromptFilters
    creates = True
    orderings: ClassVar = {"-created_at": ("-created_at", "-pk"), "created_at": ("created_at", "pk")}

    class PromptInput(Input):
        stage = serializers.ChoiceField(PromptStage.choices)
        text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
        note = serializers.CharField(max_length=300, allow_blank=True, default="", help_text="Why.")

    @extend_schema(operation_id="list_prompt_versions", responses=PromptShape(many=True))
    def get(self, request: Request) -> Response:
        """A page of versions, the newest first."""
        return self.page(visible_prompts(self.caller), PromptShape)

    @extend_schema(operation_id="write_prompt", request=PromptInput, responses={201: PromptShape})
    def post(self, request: Request) -> Response:
        """Keep words for a stage, as a draft: they take effect when they have been tested and activated."""
        sent = self.body(self.PromptInput)
        row = write_prompt(practice=practice_of(self.caller), **sent, by=self.caller, now=self.now)
        where = reverse("letters-api:prompt", args=[row.pk])
        return self.created(PromptShape(row).data, location=where, version=row.version)


class PromptView(ApiView):
    """What views of one version share."""

    def prompt(self, prompt_id: int) -> PromptVersion:
        """The version, or NotFound for one that the caller may not see."""
        rows: QuerySet[PromptVersion] = visible_prompts(self.caller)
        return self.found(rows, pk=prompt_id)


class PromptDetail(PromptView):
    """One version."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "prompt.view"}
    versioned = True

    @extend_schema(operation_id="get_prompt_version", responses=PromptShape)
    def get(self, request: Request, prompt_id: int) -> Response:
        """The words, and where they stand."""
        row = self.prompt(prompt_id)
        return self.answer(PromptShape(row).data, version=row.version)


class PromptDiff(PromptView):
    """What differs between a version and another, or the shipped words."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "prompt.view"}

    class query(Input):
        against = serializers.IntegerField(
            min_value=1, max_value=LARGEST, required=False, help_text="The id of a version; else the shipped words."
        )

    class DiffOutput(serializers.Serializer[Any]):
        against = serializers.IntegerField(allow_null=True, help_text="null: the shipped words")
        lines = PromptLine(many=True)

    @extend_schema(operation_id="compare_prompts", parameters=[query], responses=DiffOutput)
    def get(self, request: Request, prompt_id: int) -> Response:
        """Line by line what became of the other's words."""
        row, other = self.prompt(prompt_id), self.parameters().get("against")
        older = shipped_words(cast(Stage, row.stage)) if other is None else self._same_stage(row, other).text
        lines = lines_between(older, row.text)
        return self.answer(self.DiffOutput({"against": other, "lines": lines}).data)

    def _same_stage(self, row: PromptVersion, other: int) -> PromptVersion:
        return self.found(visible_prompts(self.caller), pk=other, practice=row.practice_id, stage=row.stage)


class PromptTest(PromptView):
    """POST has a version tested on the golden case, by a job."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "prompt.manage"}
    limit = "letters"
    creates = True

    @extend_schema(operation_id="test_prompt", request=None, responses={202: GoldenRunShape})
    def post(self, request: Request, prompt_id: int) -> Response:
        """Start the test, or find the one that is under way. It costs what a letter costs."""
        run = start_golden_run(prompt=self.prompt(prompt_id), by=self.caller, now=self.now)
        response = self.answer(GoldenRunShape(run).data, status=202)
        response["Location"] = reverse("letters-api:golden-run", args=[run.pk])
        return response


class PromptActivate(PromptView):
    """POST lets a version take effect. One that has not passed the golden case is refused (409)."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "prompt.manage"}
    versioned = True

    @extend_schema(operation_id="activate_prompt", request=None, responses=PromptShape)
    def post(self, request: Request, prompt_id: int) -> Response:
        """tested or retired becomes active; the one before it is retired."""
        row = activate_prompt(
            prompt=self.prompt(prompt_id), expected_version=self.expected_version, by=self.caller, now=self.now
        )
        return self.answer(PromptShape(row).data, version=row.version)


class GoldenRunList(PromptView):
    """The tests of a version."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "prompt.view"}
    orderings: ClassVar = {"-created_at": ("-created_at", "-pk")}

    @extend_schema(operation_id="list_golden_runs", responses=GoldenRunShape(many=True))
    def get(self, request: Request, prompt_id: int) -> Response:
        """A page of tests, the newest first."""
        row = self.prompt(prompt_id)
        return self.page(visible_golden_runs(self.caller).filter(prompt=row), GoldenRunShape)


class GoldenRunDetail(ApiView):
    """One test."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "prompt.view"}

    @extend_schema(operation_id="get_golden_run", responses=GoldenRunShape)
    def get(self, request: Request, golden_run_id: int) -> Response:
        """How far it is, and what it found."""
        return self.answer(GoldenRunShape(self.found(visible_golden_runs(self.caller), pk=golden_run_id)).data)
