"""One line a record, for people or as JSON, with the request's id and without what documents and people said.

Messages of exceptions quote what they failed on: a line of a letter, an e-mail address in a constraint. So an
exception is written as its classes and places. Messages of our own are fixed texts; what varies goes into `extra`
under one of the names in FIELDS.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

from lightpoint.telemetry.context import current_work

FIELDS = ("route", "method", "status", "milliseconds", "queries", "query_milliseconds", "statement", "group", "state")
ROOT = Path(__file__).resolve().parents[2]
DEEPEST = 20  # exceptions of one chain or group


def configuration(*, as_json: bool, level: str, with_messages: bool) -> dict[str, Any]:
    """Django's LOGGING. `with_messages` writes whole tracebacks, for a machine of a developer."""
    careful: tuple[Processor, ...] = (name_route, replace_exception)
    frank: tuple[Processor, ...] = (structlog.processors.format_exc_info,)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "foreign_pre_chain": [
                    structlog.contextvars.merge_contextvars,
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.ExtraAdder(allow=FIELDS),
                    structlog.processors.TimeStamper(fmt="iso"),
                ],
                "processors": [
                    *(frank if with_messages else careful),
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _renderer(as_json=as_json),
                ],
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
    }


def name_route(_: object, __: str, event: EventDict) -> EventDict:
    """In Django's own records about a request: the route in place of the address, which is what somebody typed."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and hasattr(record, "request"):
        work = current_work()
        event["event"] = f"{record.name} {getattr(record, 'status_code', '')}".strip()
        event["route"] = (work.route if work else "") or "unmatched"
    return event


def replace_exception(_: object, __: str, event: EventDict) -> EventDict:
    """Write an exception, its causes and its members as class and place each."""
    error = _exception(event.pop("exc_info", None))
    if error:
        event["error"] = "; ".join(f"{class_name(part)} at {place_of(part)}" for part in family(error))
    return event


def family(error: BaseException) -> Iterator[BaseException]:
    """`error`, what it was raised from or during, and the members of groups; each once, outermost first."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < DEEPEST:
        part = waiting.pop(0)
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        members = part.exceptions if isinstance(part, BaseExceptionGroup) else ()
        behind = part.__cause__ or (None if part.__suppress_context__ else part.__context__)
        waiting += [*members, *([behind] if behind else [])]


def class_name(error: BaseException) -> str:
    """Module and name of the class of `error`; the name alone for Python's own."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def place_of(error: BaseException) -> str:
    """Where `error` was raised, as module:function:line: the innermost line of our own code, else the innermost."""
    frames = [(frame, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(frame, line) for frame, line in frames if _is_ours(frame.f_code.co_filename)]
    if not frames:
        return "unknown"
    frame, line = (ours or frames)[-1]
    return f"{frame.f_globals.get('__name__', '')}:{frame.f_code.co_name}:{line}"


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(ROOT) and "site-packages" not in path.parts


def _exception(exc_info: ExcInfo | tuple[None, None, None] | BaseException | bool | None) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    return exc_info[1] if isinstance(exc_info, tuple) else None


def _renderer(*, as_json: bool) -> Callable[..., str | bytes]:
    if as_json:
        return structlog.processors.JSONRenderer()
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"], drop_missing=True)
