"""Experiments with pipelines and prompts, and the stars of letters, over the REST API."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from letters.experimenting import visible_experiments, visible_ratings
from letters.models import Experiment, LetterVersion, PromptVersion
from letters.models.experiments import PIPELINES
from letters.prompting import visible_prompts
from letters.selectors import visible_versions
from letters.services import (
    Plan,
    change_percent,
    create_experiment,
    rate_letter,
    standing_of,
    start_experiment,
    stop_experiment,
)
from lightpoint.rest.filters import ChoiceFilter, Filters
from lightpoint.rest.parsing import LARGEST
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.roles import Action


def share(**options: Any) -> serializers.DecimalField:
    """A figure from 0 to 1."""
    return serializers.DecimalField(max_digits=4, decimal_places=3, **options)


class ExperimentShape(serializers.Serializer[Any]):
    """A challenger beside what letters are drafted by otherwise."""

    id = serializers.IntegerField()
    practice = serializers.IntegerField(source="practice_id", allow_null=True, help_text="null: of the platform")
    name = serializers.CharField()
    kind = serializers.ChoiceField(Experiment.Kind.choices)
    baseline = serializers.ChoiceField([("", ""), *((name, name) for name in PIPELINES)])
    challenger = serializers.ChoiceField([("", ""), *((name, name) for name in PIPELINES)])
    prompt = serializers.IntegerField(source="prompt_id", allow_null=True)
    percent = serializers.IntegerField(help_text="Of the cases that come, those with the challenger.")
    measure = serializers.ChoiceField(Experiment.Measure.choices)
    margin = share(help_text="How much worse is borne, of a score from 0 to 1.")
    alpha = share(help_text="How often the rule may be wrong, at most.")
    ceiling = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    state = serializers.ChoiceField(Experiment.State.choices)
    why = serializers.CharField(help_text="Why it ended.")
    with_baseline = serializers.IntegerField(help_text="Cases.")
    with_challenger = serializers.IntegerField(help_text="Cases.")
    measured = serializers.IntegerField(help_text="Cases.")
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class ExperimentFilters(Filters):
    state = ChoiceFilter(choices=Experiment.State.choices, help_text="Experiments in this state.")


class ExperimentList(ApiView):
    """The experiments of the caller's practice."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "experiment.view", "POST": "experiment.manage"}
    filters = ExperimentFilters
    creates = True
    orderings: ClassVar = {"-created_at": ("-created_at", "-pk"), "created_at": ("created_at", "pk")}

    class ExperimentInput(Input):
        name = serializers.SlugField(max_length=60)
        measure = serializers.ChoiceField(Experiment.Measure.choices)
        baseline = serializers.ChoiceField(PIPELINES, required=False, help_text="With a challenger, for pipelines.")
        challenger = serializers.ChoiceField(PIPELINES, required=False)
        prompt = serializers.IntegerField(
            min_value=1, max_value=LARGEST, required=False, help_text="Words to try, in place of two pipelines."
        )
        percent = serializers.IntegerField(min_value=0, max_value=100, default=50)
        margin = share(min_value=Decimal(0), max_value=Decimal("0.5"), default=Decimal("0.05"))
        alpha = share(min_value=Decimal("0.001"), max_value=Decimal("0.2"), default=Decimal("0.05"))
        ceiling = serializers.DecimalField(
            max_digits=10, decimal_places=2, min_value=Decimal("0.01"), required=False, help_text="Of cost or time."
        )

    @extend_schema(operation_id="list_experiments", responses=ExperimentShape(many=True))
    def get(self, request: Request) -> Response:
        """A page of experiments, the newest first."""
        return self.page(visible_experiments(self.caller), ExperimentShape)

    @extend_schema(operation_id="create_experiment", request=ExperimentInput, responses={201: ExperimentShape})
    def post(self, request: Request) -> Response:
        """Plan one; nothing is tried before it is started. By staff without a practice: one of the platform."""
        sent = self.body(self.ExperimentInput)
        plan = Plan(**{**sent, "prompt": self._prompt(sent.pop("prompt", None))})
        row = create_experiment(practice=self.caller.practice, plan=plan, by=self.caller, now=self.now)
        shown = visible_experiments(self.caller).get(pk=row.pk)
        where = reverse("letters-api:experiment", args=[row.pk])
        return self.created(ExperimentShape(shown).data, location=where, version=row.version)

    def _prompt(self, number: int | None) -> PromptVersion | None:
        row = visible_prompts(self.caller).filter(pk=number).first() if number else None
        if number and row is None:
            raise ValidationError({"prompt": ["There is no such row, or none that you may use."]}, "does_not_exist")
        return row


class ExperimentView(ApiView):
    """What views of one experiment share."""

    def experiment(self, experiment_id: int) -> Experiment:
        """The experiment, or NotFound for one that the caller may not see."""
        return self.found(visible_experiments(self.caller), pk=experiment_id)

    def told(self, experiment_id: int) -> Response:
        """The experiment as it is now, with its ETag."""
        row = self.experiment(experiment_id)
        return self.answer(ExperimentShape(row).data, version=row.version)


class ExperimentDetail(ExperimentView):
    """One experiment."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "experiment.view", "PATCH": "experiment.manage"}
    versioned = True

    class PercentInput(Input):
        percent = serializers.IntegerField(min_value=0, max_value=100)

    @extend_schema(operation_id="get_experiment", responses=ExperimentShape)
    def get(self, request: Request, experiment_id: int) -> Response:
        """What is tried, and how many cases have which arm."""
        return self.told(experiment_id)

    @extend_schema(operation_id="change_experiment", request=PercentInput, responses=ExperimentShape)
    def patch(self, request: Request, experiment_id: int) -> Response:
        """Another share of the cases that come; those that came keep their arm. Nothing else can be changed."""
        row = self.experiment(experiment_id)
        sent = self.body(self.PercentInput, partial=True)
        change_percent(
            experiment=row,
            percent=sent.get("percent", row.percent),
            by=self.caller,
            now=self.now,
            expected_version=self.expected_version,
        )
        return self.told(experiment_id)


class ExperimentStanding(ExperimentView):
    """How the arms of an experiment stand."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "experiment.view"}

    class StandingOutput(serializers.Serializer[Any]):
        pairs = serializers.IntegerField()
        baseline = serializers.FloatField(help_text="Mean score, 0 to 1; higher is better.")
        challenger = serializers.FloatField(help_text="The same.")
        against = serializers.FloatField(help_text="At 1/alpha the challenger has lost, and is rolled back.")
        behind = serializers.FloatField(help_text="At 1/alpha it is not worse by more than the margin.")

    @extend_schema(operation_id="get_experiment_standing", responses=StandingOutput)
    def get(self, request: Request, experiment_id: int) -> Response:
        """By the cases that have been measured. One may look as often as one likes: the rule allows for it."""
        stands = standing_of(self.experiment(experiment_id), now=self.now)
        return self.answer(self.StandingOutput(asdict(stands)).data)


class ExperimentStart(ExperimentView):
    """POST lets an experiment run."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "experiment.manage"}
    versioned = True

    @extend_schema(operation_id="start_experiment", request=None, responses=ExperimentShape)
    def post(self, request: Request, experiment_id: int) -> Response:
        """draft becomes running; what is measured, and how, is fixed from then on."""
        row = self.experiment(experiment_id)
        start_experiment(experiment=row, by=self.caller, now=self.now, expected_version=self.expected_version)
        return self.told(experiment_id)


class ExperimentStop(ExperimentView):
    """POST ends an experiment."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "experiment.manage"}
    versioned = True

    @extend_schema(operation_id="stop_experiment", request=None, responses=ExperimentShape)
    def post(self, request: Request, experiment_id: int) -> Response:
        """running becomes stopped; every case is drafted as without it."""
        row = self.experiment(experiment_id)
        stop_experiment(experiment=row, by=self.caller, now=self.now, expected_version=self.expected_version)
        return self.told(experiment_id)


class RatingShape(serializers.Serializer[Any]):
    """What a colleague thinks of a version."""

    stars = serializers.IntegerField()
    comment = serializers.CharField()
    by = serializers.CharField(source="by.email")
    at = serializers.DateTimeField()


class VersionRating(ApiView):
    """The stars of a version of a letter."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "letter.view", "PUT": "letter.edit"}

    class RatingInput(Input):
        stars = serializers.IntegerField(min_value=1, max_value=5)
        comment = serializers.CharField(max_length=1_000, allow_blank=True, default="")

    class RatingsOutput(serializers.Serializer[Any]):
        ratings = RatingShape(many=True)

    def version(self, version_id: int) -> LetterVersion:
        """The version, or NotFound for one that the caller may not see."""
        return self.found(visible_versions(self.caller).select_related("letter__practice"), pk=version_id)

    @extend_schema(operation_id="get_ratings", responses=RatingsOutput)
    def get(self, request: Request, version_id: int) -> Response:
        """What colleagues think of it, the last first."""
        rows = visible_ratings(self.caller).filter(version=self.version(version_id))
        return self.answer(self.RatingsOutput({"ratings": rows}).data)

    @extend_schema(operation_id="rate_version", request=RatingInput, responses=RatingShape)
    def put(self, request: Request, version_id: int) -> Response:
        """The caller's stars, in place of those that they gave before."""
        row = rate_letter(version=self.version(version_id), **self.body(self.RatingInput), by=self.caller, now=self.now)
        return self.answer(RatingShape(row).data)
