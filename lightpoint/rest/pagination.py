"""Pages of a list by key: each begins after the last row of the page before, so that all pages cost the same.

A list names its orderings: `{"-opened_on": ("-opened_on", "-pk"), ...}`, the first being the default. The last field of
each must tell all rows apart. Where the fields of an ordering run one way and are never null, a page is one row
comparison, `(opened_on, id) < (x, y)`, which an index on the fields answers from where it stands; otherwise it is the
same comparison written out, null being greater than all else, as PostgreSQL sorts it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, OrderBy, Q, QuerySet, Value
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from lightpoint.errors import InvalidInput

Row = TypeVar("Row", bound=Model)
Orderings = Mapping[str, tuple[str, ...]]
SALT = "lightpoint.rest.cursor"
PARAMETERS = frozenset({"cursor", "ordering", "page_size"})


class UnusableCursor(InvalidInput):
    """The cursor is not one that this list gave for this ordering."""

    code = "unusable-cursor"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: beside the row with `values` in the fields of `ordering`, on the side of `backward`.

    Without values it is the very beginning of the list or, backward, its very end.
    """

    ordering: str
    backward: bool
    values: tuple[object, ...] | None

    def written(self) -> str:
        """The cursor as it stands in a link, signed so that only we write one."""
        values = None if self.values is None else [_plain(value) for value in self.values]
        return signing.Signer(salt=SALT).sign_object([self.ordering, self.backward, values])


@dataclass(frozen=True, slots=True)
class Key:
    """One field of an ordering."""

    name: str
    descending: bool
    field: "Field[Any, Any] | None"

    @property
    def nullable(self) -> bool:
        """Whether a row may have nothing there; assumed of what is not a field of the table itself."""
        return self.field is None or self.field.null

    def order(self, *, backward: bool) -> OrderBy:
        """The term of ORDER BY; where nulls go is PostgreSQL's own rule, which its indexes follow."""
        return OrderBy(F(self.name), descending=self.descending != backward)


class KeysetPagination:
    """Answers `?ordering=`, `?cursor=` and `?page_size=` for one list. Raises InvalidInput for what it cannot use."""

    def __init__(self, orderings: Orderings) -> None:
        self.orderings = orderings

    def page(self, rows: QuerySet[Row], request: Request) -> tuple[list[Row], dict[str, str | None]]:
        """The rows of the page asked for, and the links to its neighbours. One query."""
        ordering = self._ordering(request)
        size = _page_size(request)
        cursor = _cursor(request, ordering)
        keys = [_key(rows, name) for name in self.orderings[ordering]]
        backward = cursor is not None and cursor.backward
        rows = rows.order_by(*(key.order(backward=backward) for key in keys))
        if cursor and cursor.values is not None:
            rows = rows.filter(beyond(keys, _typed(keys, cursor.values), backward=backward))
        found = list(rows[: size + 1])
        more = len(found) > size
        found = found[:size][::-1] if backward else found[:size]
        inside = cursor is not None and cursor.values is not None
        before, after = (more, inside) if backward else (inside, more)
        return found, _links(request, ordering, keys, found, before=before, after=after)

    def _ordering(self, request: Request) -> str:
        asked = request.query_params.get("ordering", "") or next(iter(self.orderings))
        if asked not in self.orderings:
            raise InvalidInput(f"This list can be ordered by: {', '.join(self.orderings)}")
        return asked

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """What a page looks like."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view: object) -> list[dict[str, Any]]:  # noqa: ARG002 (spectacular's)
        """The parameters of every list."""
        largest = settings.API_MAX_PAGE_SIZE
        size = {"type": "integer", "minimum": 1, "maximum": largest, "default": settings.API_PAGE_SIZE}
        order = {"type": "string", "enum": list(self.orderings), "default": next(iter(self.orderings))}
        cursor = {"type": "string", "pattern": "^[A-Za-z0-9_:-]+$", "maxLength": 2000}
        return [
            _parameter("cursor", cursor, "Where the page begins; taken from the links of another page."),
            _parameter("ordering", order, "What the list is sorted by; - is descending."),
            _parameter("page_size", size, "How many rows a page has at most."),
        ]


def beyond(keys: Sequence[Key], values: Sequence[object], *, backward: bool) -> Q:
    """The rows that come after the row with `values`, or before it. `keys` and `values` are as long as each other."""
    one_way = len({key.descending for key in keys}) == 1
    if one_way and not any(key.nullable for key in keys):
        return Q(_row_comparison(keys, values, "<" if keys[0].descending != backward else ">"))
    terms: list[Q] = []
    same = Q()
    for key, value in zip(keys, values, strict=True):
        further = _further(key, value, backward=backward)
        if further is not None:
            terms.append(same & further)
        same &= Q(**{f"{key.name}__isnull": True}) if value is None else Q(**{key.name: value})
    return _bound(keys[0], values[0], backward=backward) & reduce(or_, terms, Q(pk__in=()))


def _row_comparison(keys: Sequence[Key], values: Sequence[object], sign: str) -> Func:
    fields = Func(*(F(key.name) for key in keys), function="ROW")
    given = Func(
        *(Value(value, output_field=key.field) for key, value in zip(keys, values, strict=True)), function="ROW"
    )
    return Func(fields, given, template="%(expressions)s", arg_joiner=f" {sign} ", output_field=BooleanField())


def _further(key: Key, value: object, *, backward: bool) -> Q | None:
    """What a row has in `key` when it comes after `value` there; None when nothing comes after."""
    falling = key.descending != backward
    if value is None:
        return Q(**{f"{key.name}__isnull": False}) if falling else None
    if falling:
        return Q(**{f"{key.name}__lt": value})
    greater = Q(**{f"{key.name}__gt": value})
    return greater | Q(**{f"{key.name}__isnull": True}) if key.nullable else greater


def _bound(first: Key, value: object, *, backward: bool) -> Q:
    """Implied by the rest, and what lets an index on the first field begin in the right place."""
    if first.nullable or value is None:
        return Q()
    sign = "lte" if first.descending != backward else "gte"
    return Q(**{f"{first.name}__{sign}": value})


def _key(rows: QuerySet[Row], name: str) -> Key:
    plain = name.removeprefix("-")
    options = rows.model._meta
    known = {field.name: field for field in options.concrete_fields} | {"pk": options.pk}
    field = None if plain in rows.query.annotations else known.get(plain)
    return Key(plain, name.startswith("-"), field)


def _page_size(request: Request) -> int:
    asked = request.query_params.get("page_size", "")
    if not asked:
        return int(settings.API_PAGE_SIZE)
    size = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    if not 1 <= size <= settings.API_MAX_PAGE_SIZE:
        raise InvalidInput(f"page_size is a whole number from 1 to {settings.API_MAX_PAGE_SIZE}")
    return size


def _cursor(request: Request, ordering: str) -> Cursor | None:
    written = request.query_params.get("cursor", "")
    if not written:
        return None
    try:
        made_for, backward, values = signing.Signer(salt=SALT).unsign_object(written)
    except (signing.BadSignature, ValueError) as error:
        raise UnusableCursor("The cursor is not one that this API gave") from error
    if made_for != ordering:
        raise UnusableCursor(f"The cursor belongs to the ordering {made_for}")
    return Cursor(ordering, backward, None if values is None else tuple(values))


def _typed(keys: Sequence[Key], values: Sequence[object]) -> list[object]:
    """The values as the fields hold them; raises UnusableCursor for the cursor of another list."""
    if len(keys) != len(values):
        raise UnusableCursor("The cursor belongs to another list")
    try:
        return [key.field.to_python(value) if key.field else value for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, ValidationError) as error:
        raise UnusableCursor("The cursor belongs to another list") from error


def _links(
    request: Request, ordering: str, keys: Sequence[Key], found: Sequence[Model], *, before: bool, after: bool
) -> dict[str, str | None]:
    first = tuple(_value(found[0], key) for key in keys) if found else None
    last = tuple(_value(found[-1], key) for key in keys) if found else None
    return {
        "next": _link(request, Cursor(ordering, backward=False, values=last)) if after else None,
        "previous": _link(request, Cursor(ordering, backward=True, values=first)) if before else None,
    }


def _link(request: Request, cursor: Cursor) -> str:
    return str(replace_query_param(request.build_absolute_uri(), "cursor", cursor.written()))


def _value(row: Model, key: Key) -> object:
    found: Any = row
    for part in key.name.split("__"):
        found = getattr(found, part, None)
    return getattr(row, key.field.attname) if key.field else found


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
