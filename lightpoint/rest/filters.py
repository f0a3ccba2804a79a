"""Filters of lists. A value that a filter cannot use is refused: what is ignored would return everything."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet
from django_filters.fields import ChoiceField
from django_filters.utils import translate_validation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from lightpoint.rest.parsing import LARGEST, VISIBLE

WORDS = 200  # characters of a search; more than that is not a search

__all__ = ("ChoiceFilter", "DayFilter", "Filters", "FlagFilter", "IdFilter", "WordsFilter")


class _FlagField(ChoiceField):  # type: ignore[misc]
    def __init__(self, **options: Any) -> None:
        options.update(choices=[("true", "true"), ("false", "false")])
        super().__init__(**options)

    def clean(self, value: Any) -> bool | None:
        written = super().clean(value)
        return None if written in (None, "") else written == "true"


@extend_schema_field(OpenApiTypes.BOOL)
class FlagFilter(Filter):  # type: ignore[misc]
    """true or false, and no other word."""

    field_class = _FlagField


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": LARGEST})
class IdFilter(Filter):  # type: ignore[misc]
    """The number of a row."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST, **options)


@extend_schema_field(OpenApiTypes.DATE)
class DayFilter(Filter):  # type: ignore[misc]
    """A day as YYYY-MM-DD, whatever the language of the site."""

    field_class = forms.DateField

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": WORDS, "pattern": VISIBLE})
class WordsFilter(CharFilter):  # type: ignore[misc]
    """Words to look for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=WORDS, **options)


class Filters(FilterSet):  # type: ignore[misc]
    """The filters of one list; each says in `help_text` what it keeps. `names` are its parameters."""

    @classmethod
    def names(cls) -> frozenset[str]:
        """The parameters that the list takes."""
        return frozenset(cls.base_filters)

    @classmethod
    def apply(cls, rows: QuerySet[Any, Any], asked: QueryDict, *, request: Any = None) -> QuerySet[Any, Any]:
        """The rows that the parameters keep. Raises ValidationError (422) for a value that cannot be used."""
        filters = cls(data=asked, queryset=rows, request=request)
        if not filters.is_valid():
            raise translate_validation(filters.errors)
        kept: QuerySet[Model, Any] = filters.qs
        return kept
