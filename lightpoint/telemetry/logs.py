"""One line a record, for people or as JSON, with the request's id and without what documents and people said.

Messages of exceptions quote what they failed on: a line of a letter, an e-mail address in a constraint. So an
exception is written as its classes and places. Messages of our own are fixed texts; what varies goes into `extra`
under one of the names in FIELDS.
"""

import logging
from collections.abc import Callable
from typing import Any

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

from lightpoint.telemetry.context import current_work, work_of
from lightpoint.telemetry.errors import class_name, family, place_of

FIELDS = ("route", "method", "status", "milliseconds", "queries", "query_milliseconds", "statement", "group", "state")


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
    """In Django's own records about a request: the route in place of the address, which is what somebody typed.

    Django logs a refused request when all middleware has returned, so that its id is taken from the request.
    """
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and hasattr(record, "request"):
        work = current_work() or work_of(record.request)
        event["event"] = f"{record.name} {getattr(record, 'status_code', '')}".strip()
        event["route"] = (work.route if work else "") or "unmatched"
        if work:
            event["request_id"] = work.request_id
    return event


def replace_exception(_: object, __: str, event: EventDict) -> EventDict:
    """Write an exception, its causes and its members as class and place each."""
    error = _exception(event.pop("exc_info", None))
    if error:
        event["error"] = "; ".join(f"{class_name(part)} at {place_of(part)}" for part in family(error))
    return event


def _exception(exc_info: ExcInfo | tuple[None, None, None] | BaseException | bool | None) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    return exc_info[1] if isinstance(exc_info, tuple) else None


def _renderer(*, as_json: bool) -> Callable[..., str | bytes]:
    if as_json:
        return structlog.processors.JSONRenderer()
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"], drop_missing=True)
