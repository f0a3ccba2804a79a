"""Input that means what it says: a field that is not known is refused, as a wrong value is."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class Input(serializers.Serializer[Any]):
    """The body of a request, or its query. A field that it does not have is an error, so that no typo is lost."""

    def to_internal_value(self, data: Any) -> Any:
        """Check as REST framework does, then for fields that nobody asked for."""
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: ["There is no such field."] for name in unknown}, "unknown")
        return super().to_internal_value(data)


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
