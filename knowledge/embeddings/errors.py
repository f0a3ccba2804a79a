"""The one error of embeddings."""

from typing import Literal

from lightpoint.errors import ServiceUnavailable

Fault = Literal["text", "service", "unknown"]


class EmbeddingError(ServiceUnavailable):
    """A text has no vector; the message is one line that says why, and never holds the text or a key.

    `fault` tells whether one of the texts was refused, or the provider does not serve at all; where it cannot be known,
    the texts of a failed call are tried apart.
    """

    code = "embedding-failed"

    def __init__(self, message: str, fault: Fault = "service") -> None:
        super().__init__(message)
        self.fault: Fault = fault
