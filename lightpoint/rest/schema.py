"""The OpenAPI description of the views: what every operation shares is added here, so that no view has to say it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from lightpoint.problems import MEDIA_TYPE
from lightpoint.rest.pagination import KeysetPagination
from lightpoint.rest.parsing import VISIBLE
from lightpoint.rest.serializers import Input, Problem
from lightpoint.rest.views import READING, ApiView

ALWAYS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in, or the API key does not work.",
    403: "The caller's role does not allow this.",
    404: "There is nothing at this address that the caller may see.",
    406: "The answer cannot be given in a media type that Accept allows.",
    409: "The row is not in a state that allows this, or was stored by an earlier version.",
    422: "What was sent cannot be used.",
    429: "Too many requests; Retry-After says when to come back.",
    500: "A fault on our side.",
    503: "A part of the service does not answer.",
}
WRITING = {
    409: "The row is not in a state that allows this, or somebody else is changing it.",
    413: "The body is too large.",
    415: "The body is not of a media type that is taken here.",
}
EDITING = {412: "Somebody else has changed the row since it was read.", 428: "If-Match is missing."}
TEXT = {"type": "string"}
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "header",
    required=True,
    description="The ETag of the row as the caller read it.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": r"^[\x21-\x7e]{1,200}$"},
    "header",
    description="A request that is repeated with the same key creates nothing more and gets the first answer.",
)
NESTED = {"InputSerializer": "", "OutputSerializer": "Output", "Query": "Query"}  # names that every view may use inside
LIMIT_HEADERS = {
    "X-RateLimit-Limit": "How many requests the caller may send in the window.",
    "X-RateLimit-Remaining": "How many of them are left.",
    "X-RateLimit-Reset": "Seconds of Unix time at which all of them are back.",
}


class AutoSchema(SpectacularSchema):
    """Describes an ApiView: filters, ETag, If-Match, Idempotency-Key, limits, and problems as the error answers."""

    def get_override_parameters(self) -> list[Any]:
        """The headers and the query that the view's attributes promise."""
        view = self.view
        if not isinstance(view, ApiView):
            return []
        found: list[Any] = [IF_MATCH] if view.versioned and self.method not in READING else []
        found += [IDEMPOTENCY_KEY] if view.creates and self.method == "POST" else []
        found += [view.query] if view.query and self.method in READING else []
        return found

    def get_tags(self) -> list[str]:
        """The first word of the address after the version."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:  # noqa: ARG002
        """The name of its class; of one inside a view that of the view, since every view has its own."""
        view, _, name = type(serializer).__qualname__.rpartition(".")
        return view.rpartition(".")[2] + NESTED[name] if view and name in NESTED else name

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        view = self.view
        if not isinstance(view, ApiView) or view.filters is None or self.method not in READING:
            return []
        return list(self._filters(view.filters))

    def _filters(self, filters: Any) -> Iterator[dict[str, Any]]:
        extension = DjangoFilterExtension(target=None)  # type: ignore[no-untyped-call]
        for name, one in filters.base_filters.items():
            model = filters._meta.model
            found = extension.resolve_filter_field(self, model, filters, name, one)  # type: ignore[no-untyped-call]
            for parameter in found:
                yield {**parameter, "description": one.extra["help_text"]}

    def _get_paginator(self) -> KeysetPagination | None:
        orderings = self.view.orderings if isinstance(self.view, ApiView) else None
        return KeysetPagination(orderings) if orderings else None

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if isinstance(self.view, ApiView):
            for body in bodies.values():
                body.setdefault("headers", {}).update(self._headers())
            for status, text in self._problems().items():
                answer = OpenApiResponse(Problem, description=text)
                bodies[str(status)] = self._problem(answer, str(status))
        return bodies

    def _problem(self, answer: OpenApiResponse, status: str) -> Any:
        return self._get_response_for_code(answer, status, [MEDIA_TYPE])  # type: ignore[no-untyped-call]

    def _headers(self) -> dict[str, Any]:
        texts = dict(LIMIT_HEADERS)
        if isinstance(self.view, ApiView) and self.view.versioned:
            texts["ETag"] = "The version of the row, for If-Match."
        return {name: {"schema": TEXT, "description": text} for name, text in texts.items()}

    def _problems(self) -> dict[int, str]:
        if self.method in READING:
            return ALWAYS
        versioned = isinstance(self.view, ApiView) and self.view.versioned
        return dict(sorted((ALWAYS | WRITING | (EDITING if versioned else {})).items()))

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        mapped = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if direction != "request" or not mapped:
            return mapped
        return {**mapped, **_bounds(field, mapped)}

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        mapped: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        return {**mapped, "additionalProperties": False} if isinstance(serializer, Input) else mapped


def _bounds(field: Any, mapped: dict[str, Any]) -> dict[str, Any]:
    """What drf-spectacular does not say of a list of objects, and of text that must have more than spaces in it."""
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        bounds: Any = field  # djangorestframework-stubs do not know its lengths
        least = bounds.min_length or (0 if bounds.allow_empty else 1)
        sizes = {"minItems": least, "maxItems": bounds.max_length}
        return {name: size for name, size in sizes.items() if size}
    if isinstance(field, serializers.DecimalField):
        return {"pattern": _decimal(field)}
    words = type(field) is serializers.CharField and field.trim_whitespace and not field.allow_blank
    return {"pattern": VISIBLE} if words and not {"pattern", "$ref", "oneOf"} & set(mapped) else {}


def _decimal(field: serializers.DecimalField) -> str:
    """What a figure looks like; the pattern of drf-spectacular lets "" and "." through."""
    places = field.decimal_places or 0
    whole = (field.max_digits or 30) - places
    least, most = field.min_value, field.max_value
    sign = "-?" if least is None or least < 0 else ""
    not_nought = r"(?!0*(\.0*)?$)" if least is not None and least > 0 else ""
    if most is not None and whole == 1:
        return rf"^{not_nought}{sign}(?:{_up_to(Decimal(most), places)})$"
    return rf"^{not_nought}{sign}[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}})?$"


def _up_to(most: Decimal, places: int) -> str:
    """Figures with one digit before the point, none of them above `most`."""
    digit, _, rest = f"{most:.{places}f}".partition(".")
    below = rf"[0-{int(digit) - 1}](?:\.[0-9]{{1,{places}}})?|" if digit != "0" else ""
    return rf"{below}{digit}(?:\.(?:{_fraction_up_to(rest)}))?"


def _fraction_up_to(digits: str) -> str:
    first, rest = digits[0], digits[1:]
    below = f"[0-{int(first) - 1}][0-9]{{0,{len(rest)}}}|" if first != "0" else ""
    return below + first + (f"(?:{_fraction_up_to(rest)})?" if rest else "")


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """API keys, as users.authentication reads them."""

    target_class = "users.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "lp_<prefix>_<secret>"}
