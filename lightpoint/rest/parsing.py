"""What is refused of a request before a view sees it: text that no database holds, and bodies that are too large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, JSONParser, MultiPartParser
from rest_framework.request import Request

from lightpoint.errors import InvalidInput

LARGEST = 2**63 - 1  # of a bigint, the type of every primary key
VISIBLE = r"[^\s\x1c-\x1f\x85]"  # what no str.strip takes away; \s of ECMA 262 is less than that of Python
SURROGATES = ("\ud800", "\udfff")


class UnstorableText(InvalidInput):
    """A string has a NUL or half of a surrogate pair in it, which no database text can hold."""

    code = "unstorable-text"


class StrictJSONParser(JSONParser):
    """JSON whose strings can all be stored. Raises ParseError (400) for what is not JSON, UnstorableText (422)."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Parse, then look at every string."""
        try:
            data: dict[str, Any] = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply") from error
        check_text(_strings(data))
        return data


class StrictMultiPartParser(MultiPartParser):
    """Forms with files, whose names and values can all be stored."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> DataAndFiles[Any, Any]:
        """Parse, then look at every field and name of a file. What a handler has `made` of a bad body is closed."""
        try:
            parsed = super().parse(stream, media_type, parser_context)
            for name, values in parsed.data.lists():
                check_text([name, *values])
            for name, files in parsed.files.lists():
                check_text([name, *(file.name or "" for file in files)])
        except Exception:
            _close_files(parser_context or {})
            raise
        return parsed


def _close_files(parser_context: Mapping[str, Any]) -> None:
    for handler in parser_context["request"].upload_handlers:
        for file in getattr(handler, "made", ()):
            file.close()


def check_text(strings: Iterable[str]) -> None:
    """Raise UnstorableText for a string with a NUL or a lone surrogate in it."""
    for text in strings:
        if "\0" in text or (not text.isascii() and any(SURROGATES[0] <= letter <= SURROGATES[1] for letter in text)):
            raise UnstorableText("What was sent has a character in it that cannot be stored: NUL or half of a pair")


def check_path(values: Mapping[str, object]) -> None:
    """Raise Http404 for an address with a number or text in it that no row can have."""
    for value in values.values():
        if (isinstance(value, int) and value > LARGEST) or (isinstance(value, str) and "\0" in value):
            raise Http404


def check_query(request: Request, known: frozenset[str]) -> None:
    """Raise InvalidInput for a parameter that is not the view's, or is empty: a slip must not return everything."""
    for name, values in request.query_params.lists():
        check_text([name, *values])
        if not all(value.strip() for value in values):
            raise InvalidInput(f"The parameter {name[:200]} has no value: leave it out")
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        offered = f"it has {', '.join(sorted(known))}" if known else "it has none"
        raise InvalidInput(f"This address has no parameter {', '.join(unknown)[:200]}: {offered}")


def check_size(request: Request, limit: int | None) -> None:
    """Raise RequestDataTooBig (413) for a body of more bytes than `limit`; None: what the settings allow."""
    largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if limit is None else limit
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > largest:
        raise RequestDataTooBig(f"What was sent is larger than {largest} bytes")


def _strings(data: object) -> Iterator[str]:
    waiting = [data]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found
