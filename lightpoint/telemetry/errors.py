"""What is said of an error outside: its classes, its places, and the group of errors that it belongs to.

user      a rule refused what somebody asked for; nothing is broken, and nothing is sent to Sentry
database  the database refused or did not answer
model     the language model, or the way to it
parsing   a document could not be read
other     all else
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Literal, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404

from lightpoint.errors import DomainError

Group = Literal["user", "database", "model", "parsing", "other"]
ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"[\w.<>]{1,200}")
DEEPEST = 20  # exceptions of one chain or group
OF_USERS = (Http404, PermissionDenied, SuspiciousOperation)


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
    name = kind.__qualname__ if CODE.fullmatch(kind.__qualname__) else "Exception"  # a class can be made from any text
    return name if kind.__module__ == "builtins" else f"{kind.__module__}.{name}"


def place_of(error: BaseException) -> str:
    """Where `error` was raised, as module:function:line: the innermost line of our own code, else the innermost."""
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return "unknown"
    ours = [(frame, line) for frame, line in frames if _is_ours(frame)]
    frame, line = (ours or frames)[-1]
    return f"{_module_of(frame)}:{frame.f_code.co_name}:{line}"


def group_of(error: BaseException) -> Group:
    """The group of `error`. One of the database below an error of ours makes it an error of the database."""
    if is_of_user(error):
        return "user"
    parts = [part for part in family(error) if not is_of_user(part)]
    classes = [class_name(part) for part in parts]
    modules = [f"{module}." for part in parts for module in _modules_of(part)]
    for names in (classes, modules):  # what an error is tells more than where it came through
        for group, prefixes in _prefixes().items():
            if any(name.startswith(prefixes) for name in names):
                return group
    return "other"


def _prefixes() -> Mapping[Group, tuple[str, ...]]:
    return cast(Mapping[Group, tuple[str, ...]], settings.ERROR_GROUPS)


def is_of_user(error: BaseException) -> bool:
    """Whether `error` only says that what was asked for is refused; a group is when all of its members are."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_of_user(member) for member in error.exceptions)
    if isinstance(error, DomainError):
        return error.status < 500
    return isinstance(error, OF_USERS)


def _modules_of(error: BaseException) -> Iterator[str]:
    """The modules of our own that `error` came through."""
    return (_module_of(frame) for frame, _ in traceback.walk_tb(error.__traceback__) if _is_ours(frame))


def _module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _is_ours(frame: FrameType) -> bool:
    path = Path(frame.f_code.co_filename)
    return path.is_relative_to(ROOT) and "site-packages" not in path.parts
