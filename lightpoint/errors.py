"""The errors that the product means to raise. Each carries what a caller needs to answer with.

DomainError                 422  the rule of an app refuses what was asked
├── InvalidInput            422  what was sent cannot be used
├── NotAllowed              403  the user may see the row but not do this to it
├── NotFound                404  there is no such row for this user
├── Conflict                409  the row is not in a state that allows this
├── StaleVersion            412  the row has changed since the caller read it
├── VersionRequired         428  an edit must say which version of the row it changes
├── TooManyRequests         429  a rate limit is used up
└── ServiceUnavailable      503  a database, cache or other part is missing, too old or does not answer
    └── embedded.EmbeddedError

Apps define subclasses beside the function that raises them. `status` is an HTTP status and `code` a fixed word for
machines; both stand in the problem details (RFC 9457) that the API answers with, `headers` beside them. The message is
one line for people.
"""

from collections.abc import Mapping
from typing import ClassVar


class DomainError(Exception):
    """A rule of the product refuses what was asked; the message says which and what would help."""

    status: ClassVar[int] = 422
    code: str = "refused"

    @property
    def headers(self) -> Mapping[str, str]:
        """What the answer says in its headers, for instance Retry-After."""
        return {}


class InvalidInput(DomainError):
    """What was sent cannot be used."""

    code = "invalid-input"


class NotAllowed(DomainError):
    """The user may see the row but not do this to it."""

    status = 403
    code = "not-allowed"


class NotFound(DomainError):
    """There is no such row, or none that this user may see."""

    status = 404
    code = "not-found"


class Conflict(DomainError):
    """The row is not in a state that allows this."""

    status = 409
    code = "conflict"


class StaleVersion(DomainError):
    """The row has changed since the caller read it."""

    status = 412
    code = "precondition-failed"


class TooManyRequests(DomainError):
    """A rate limit is used up."""

    status = 429
    code = "too-many-requests"


class VersionRequired(DomainError):
    """The request must name the version of the row that it changes (RFC 6585, section 3)."""

    status = 428
    code = "precondition-required"


class ServiceUnavailable(DomainError):
    """A part that the product needs is missing, too old or does not answer."""

    status = 503
    code = "service-unavailable"
