"""Input that means what it says: a field that is not known is refused, as a wrong value or a wrong type is."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

WRITTEN = "written"  # in a serializer's context: all values came as text, as those of a query do
TYPES: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], tuple[type, ...], str], ...] = (
    (serializers.BooleanField, (bool,), "Send true or false."),
    (serializers.IntegerField, (int, float), "Send a number."),
    (serializers.DecimalField, (str,), "Send the figure as a string: a number of JSON is not exact."),
    (serializers.CharField, (str,), "Send a string."),
)


class Input(serializers.Serializer[Any]):
    """The body of a request, or its query. A field that it does not have is an error, so that no typo is lost."""

    def to_internal_value(self, data: Any) -> Any:
        """Check for fields that nobody asked for, for types in JSON, then as REST framework does."""
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: ["There is no such field."] for name in unknown}, "unknown")
        mistyped = {} if isinstance(data, QueryDict) or self.context.get(WRITTEN) else dict(self._mistyped(data))
        try:
            checked = super().to_internal_value(data)
        except serializers.ValidationError as error:
            found = error.detail if isinstance(error.detail, dict) else {}
            raise serializers.ValidationError({**mistyped, **found}) from error
        if mistyped:
            raise serializers.ValidationError(mistyped)
        return checked

    def _mistyped(self, data: object) -> Iterator[tuple[str, list[ErrorDetail]]]:
        """What REST framework would read although it is another type: 5 for "5", "yes" for true."""
        for name, value in data.items() if isinstance(data, Mapping) else ():
            field = self.fields[name]
            if isinstance(field, serializers.ListField) and isinstance(value, list):
                told = [_type_told(field.child, item) for item in value]
            else:
                told = [_type_told(field, value)]
            yield from ((name, [ErrorDetail(one, code="type")]) for one in told if one)


def _type_told(field: serializers.Field[Any, Any, Any, Any], value: object) -> str:
    """What is wrong with the type of `value`; empty where nothing is."""
    for kind, types, told in TYPES:
        if isinstance(field, kind):
            # A bool is an int to Python, and not to JSON.
            fits = isinstance(value, types) and (bool in types or not isinstance(value, bool))
            return "" if value is None or fits else told
    return ""


class Problem(serializers.Serializer[Any]):
    """What is wrong with a request (RFC 9457)."""

    type = serializers.CharField(help_text="urn:lightpoint: and a fixed word for machines.")
    title = serializers.CharField(help_text="The word, for people.")
    status = serializers.IntegerField(help_text="The HTTP status once more.")
    detail = serializers.CharField(help_text="What is wrong, in one line.")
    request_id = serializers.CharField(required=False, help_text="What to quote when asking about this.")

    class Fault(serializers.Serializer[Any]):
        pointer = serializers.CharField(help_text="Where in the body or query, as a JSON pointer (RFC 6901).")
        detail = serializers.CharField(help_text="What is wrong there.")
        code = serializers.CharField(help_text="The kind of fault, for machines.")

    def get_fields(self) -> dict[str, Any]:
        """`errors` is added here, because a serializer has an attribute of that name."""
        faults = self.Fault(many=True, required=False, help_text="What is wrong field by field.")
        return {**super().get_fields(), "errors": faults}
