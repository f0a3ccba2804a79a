"""What leaves for Sentry, built anew from what is known to be harmless; whatever is not named here stays.

An exception is its class and the places it went through. Messages, local variables, lines of source, requests, users,
server names, and breadcrumbs' texts are left out: they are where documents and people turn up. Statements of SQL go
as fingerprints. What is taken over from the event has to look like a name in the code, or it is dropped.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from django.utils.crypto import salted_hmac
from sentry_sdk.types import Breadcrumb, Event, Hint

from lightpoint.telemetry.context import current_work
from lightpoint.telemetry.errors import CODE, class_name, group_of, is_of_user, place_of
from lightpoint.telemetry.statements import fingerprint

Part = Mapping[str, Any]  # of an event, which sentry-sdk types as far as this
MOST = 100
HEX = re.compile(r"[0-9a-f]{16}|[0-9a-f]{32}")
OWN_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # others may hold what somebody typed
WORD = re.compile(r"[a-z][a-z_.-]{0,60}")
PLACE = re.compile(r"[\w.<>:]{1,200}")
LINK = re.compile(r"__cause__|__context__|exceptions\[\d{1,3}\]")
LOGGERS_OF_USERS = ("django.security",)
TAGS: Mapping[str, re.Pattern[str]] = {
    "practice": HEX,
    "stage": WORD,
    "route": re.compile(r"[\w.:-]{1,200}"),
    "group": WORD,
    "request_id": OWN_ID,
}


def clean_event(event: Event, hint: Hint) -> Event | None:
    """What is sent of an error; None for what a user did wrong."""
    error = _error_of(hint)
    if (error and is_of_user(error)) or str(event.get("logger", "")).startswith(LOGGERS_OF_USERS):
        return None
    clean = _common(event)
    clean["level"] = _matching(event.get("level"), WORD) or "error"
    clean["logger"] = _matching(event.get("logger"), CODE) or ""
    clean["breadcrumbs"] = {"values": [_crumb(crumb) for crumb in _values(event, "breadcrumbs")]}
    if error:
        clean["tags"]["group"] = group = group_of(error)
        clean["fingerprint"] = [group, class_name(error), place_of(error).rpartition(":")[0]]
        clean["exception"] = {"values": [_exception(part) for part in _values(event, "exception")]}
    else:
        clean["logentry"] = {"message": _place_of_record(hint)}
    return cast(Event, _without_nothing(clean))


def clean_transaction(event: Event, _: Hint) -> Event | None:
    """What is sent of a request's timing; None where it was not led to a route, as with probes and static files."""
    clean = _common(event)
    if "route" not in clean["tags"]:
        return None
    clean |= {"type": "transaction", "transaction_info": {"source": "route"}}
    clean["start_timestamp"] = _time(event.get("start_timestamp"))
    spans = cast(Iterable[Part], event.get("spans") or [])
    clean["spans"] = [_span(span) for span in spans if isinstance(span, Mapping)]
    return cast(Event, _without_nothing(clean))


def clean_breadcrumb(crumb: Breadcrumb, _: object) -> Breadcrumb | None:
    """What is kept of a step on the way to an error: its kind and time, and what a query did."""
    return _crumb(crumb)


def hashed_practice(key: int) -> str:
    """A word for a practice that tells it from others, and nobody without SECRET_KEY which one it is."""
    return salted_hmac("lightpoint.telemetry.practice", str(key), algorithm="sha256").hexdigest()[:16]


def current_tags() -> dict[str, str]:
    """Tags of the work at hand."""
    work = current_work()
    if work is None:
        return {}
    practice = work.practice_known()
    tags = {"route": work.route, "stage": work.stage, "request_id": work.request_id}
    return tags | {"practice": hashed_practice(practice) if practice else ""}


def _common(event: Event) -> dict[str, Any]:
    tags = _tags(event)
    return {
        "event_id": _matching(event.get("event_id"), HEX),
        "timestamp": _time(event.get("timestamp")),
        "platform": "python",
        "release": event.get("release"),
        "environment": event.get("environment"),
        "sdk": {"name": "sentry.python", "version": (event.get("sdk") or {}).get("version")},
        "transaction": tags.get("route"),
        "tags": tags,
        "contexts": {"trace": _trace((event.get("contexts") or {}).get("trace") or {})},
    }


def _tags(event: Event) -> dict[str, str]:
    given = {**(event.get("tags") or {}), **{name: tag for name, tag in current_tags().items() if tag}}
    return {name: str(given[name]) for name, shape in TAGS.items() if shape.fullmatch(str(given.get(name, "")))}


def _exception(part: Part) -> Part:
    frames = (part.get("stacktrace") or {}).get("frames") or []
    mechanism = part.get("mechanism") or {}
    return {
        "type": _matching(part.get("type"), CODE) or "Exception",
        "module": _matching(part.get("module"), CODE),
        "stacktrace": {"frames": [_frame(frame) for frame in frames]},
        "mechanism": _without_nothing(
            {
                "type": _matching(mechanism.get("type"), CODE) or "generic",
                "handled": mechanism.get("handled") is not False,
                "exception_id": _number(mechanism.get("exception_id")),
                "parent_id": _number(mechanism.get("parent_id")),
                "is_exception_group": mechanism.get("is_exception_group") is True,
                "source": _matching(mechanism.get("source"), LINK),
            }
        ),
    }


def _frame(frame: Part) -> Part:
    return {
        "module": _matching(frame.get("module"), CODE) or "unknown",
        "function": _matching(frame.get("function"), CODE) or "unknown",
        "lineno": _number(frame.get("lineno")),
        "in_app": frame.get("in_app") is True,
    }


def _crumb(crumb: Part) -> Breadcrumb:
    query = crumb.get("category") == "query"
    return {
        "type": "default",
        "category": _matching(crumb.get("category"), CODE) or "other",
        "level": _matching(crumb.get("level"), WORD) or "info",
        "timestamp": _time(crumb.get("timestamp")),
        **({"message": fingerprint(str(crumb.get("message", "")))} if query else {}),
    }


def _span(span: Part) -> Part:
    op = _matching(span.get("op"), CODE) or "other"
    description = fingerprint(str(span.get("description", ""))) if op == "db" else None
    times = {name: _time(span.get(name)) for name in ("start_timestamp", "timestamp")}
    return _without_nothing({**_trace(span), "op": op, "description": description, **times})


def _trace(trace: Part) -> dict[str, Any]:
    ids = {name: _matching(trace.get(name), HEX) for name in ("trace_id", "span_id", "parent_span_id")}
    words = {name: _matching(trace.get(name), CODE) for name in ("op", "status")}
    return _without_nothing({**ids, **words})


def _values(event: Event, name: str) -> list[Part]:
    found = cast(Part, event).get(name) or {}
    values = found.get("values") or [] if isinstance(found, Mapping) else found
    return [value for value in values if isinstance(value, Mapping)][-MOST:]


def _error_of(hint: Hint) -> BaseException | None:
    exc_info = hint.get("exc_info")
    return exc_info[1] if isinstance(exc_info, tuple) else None


def _place_of_record(hint: Hint) -> str:
    record = hint.get("log_record")
    place = f"{getattr(record, 'name', '')}:{getattr(record, 'funcName', '')}:{getattr(record, 'lineno', '')}"
    return _matching(place, PLACE) or "unknown"


def _matching(value: object, shape: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _time(value: object) -> object:
    """A time as it came: as sentry-sdk's datetime, seconds, or what it makes of either."""
    if isinstance(value, datetime | float | int):
        return value
    return value if isinstance(value, str) and re.fullmatch(r"[\dT:.Z+-]{10,40}", value) else None


def _without_nothing(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if value is not None}
