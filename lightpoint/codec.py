"""Frozen dataclasses to plain JSON values and back, driven by their type hints.

Stage results are stored as JSON and must come back equal: `from_plain(type(x), to_plain(x)) == x`.
Decimals and dates become strings; tuples become lists; None stays None.
"""

import dataclasses
import hashlib
import json
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

from lightpoint.errors import Conflict

T = TypeVar("T")
Plain = dict[str, Any] | list[Any] | str | int | float | bool | None


class OutdatedRecord(Conflict):
    """What is stored has another shape than the records of this version."""

    code = "outdated-record"


def to_plain(value: object) -> Any:
    """Return `value` as dicts, lists, strings and numbers. Raises TypeError for anything it does not know."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"cannot store a {type(value).__name__}")


def from_plain(kind: type[T], value: Any) -> T:
    """Return the `kind` that `to_plain` made `value` from. Raises OutdatedRecord where the two do not fit."""
    try:
        return typing.cast(T, _decode(kind, value))
    except (TypeError, ValueError, ArithmeticError) as error:
        raise OutdatedRecord(
            "This was stored by an earlier version of the product; have the case analysed and drafted again"
        ) from error


def digest(value: object) -> str:
    """SHA-256, in hex, of the canonical JSON of `value`: the key under which a stage result is stored."""
    text = json.dumps(to_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _decode(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(kind), value)
    if origin is typing.Literal:
        return _one_of(get_args(kind), value)
    if origin is tuple:
        return _decode_tuple(get_args(kind), value)
    if origin is dict:
        return {key: _decode(get_args(kind)[1], item) for key, item in value.items()}
    return _decode_plain(kind, value)


def _decode_plain(kind: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(kind):
        return _decode_record(typing.cast(type, kind), value)
    if kind is Decimal:
        return Decimal(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is type(None) or not isinstance(value, kind):
        raise TypeError(f"expected {kind!r}, got {value!r}")
    return value


def _decode_record(kind: type, value: Any) -> Any:
    hints = _hints(kind)
    if not isinstance(value, dict) or not hints.keys() >= value.keys():
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return kind(**{name: _decode(hints[name], item) for name, item in value.items()})


def _decode_tuple(args: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_decode(args[0], item) for item in value)
    return tuple(_decode(kind, item) for kind, item in zip(args, value, strict=True))


def _decode_union(args: tuple[Any, ...], value: Any) -> Any:
    if value is None and type(None) in args:
        return None
    for kind in args:
        if kind is type(None):
            continue
        try:
            return _decode(kind, value)
        except (TypeError, ValueError, ArithmeticError):
            continue
    raise TypeError(f"{value!r} fits none of {args!r}")


def _one_of(allowed: tuple[Any, ...], value: Any) -> Any:
    if value not in allowed:
        raise TypeError(f"{value!r} is none of {allowed!r}")
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
