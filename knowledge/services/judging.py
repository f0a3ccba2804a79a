"""The model, if any, that is asked whether two questions have the same answer."""

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from knowledge.answers import Judge
from lightpoint.errors import ServiceUnavailable


class NoJudge(ServiceUnavailable):
    """A judge was asked for, and none is configured."""

    code = "no-judge"


def configured_judge() -> Judge | None:
    """What ANSWERS_JUDGE names, a callable that gives a Judge; None where it is empty, which is the default."""
    return cast(Judge, import_string(settings.ANSWERS_JUDGE)()) if settings.ANSWERS_JUDGE else None


def required_judge() -> Judge:
    """The configured judge; raises NoJudge."""
    judge = configured_judge()
    if judge is None:
        raise NoJudge("No model is configured to judge whether questions are the same: set ANSWERS_JUDGE")
    return judge
