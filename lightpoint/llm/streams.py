"""Answers piece by piece."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

import openai
from django.conf import settings
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletionChunk

from lightpoint.llm.answers import checked, explained, malformed, usage_of
from lightpoint.llm.calls import arguments, client_now, deadline_of, model_of
from lightpoint.llm.records import Completion, LLMError, Prompt, Tier
from lightpoint.outgoing import attempts, until

Chunks = openai.Stream[ChatCompletionChunk]


def stream(prompt: Prompt, tier: Tier, *, deadline: float | None = None) -> "Stream":
    """The answer to `prompt`, piece by piece. Raises LLMError here without a key, and else while it is read.

    The provider is asked when the first piece is. Until that piece is there a call is tried again, and after it never.
    `deadline` is as in `complete`, and holds for the last piece too.
    """
    return Stream(client_now(), prompt, tier, deadline_of(deadline))


class Stream(Iterator[str]):
    """Pieces of text, none of them empty, and after the last one `completion`. A context manager that closes it.

    `close` ends the call at the provider, and may be called by another thread than the one that reads.
    """

    def __init__(self, client: openai.OpenAI, prompt: Prompt, tier: Tier, deadline: float) -> None:
        self._client = client
        self._prompt = prompt
        self._deadline = deadline
        self._chunks: Chunks | None = None
        self._pieces: list[str] = []
        self._model = model_of(tier)
        self._tier = tier
        self._finish = ""
        self._usage: CompletionUsage | None = None
        self._completion: Completion | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def completion(self) -> Completion:
        """The whole answer. Raises LLMError when it was not read to its end."""
        if self._completion is None:
            raise LLMError("cut-off", "The language model's answer was not read to its end")
        return self._completion

    def __next__(self) -> str:
        if self._completion is not None:
            raise StopIteration
        if self._closed:
            raise _cancelled()
        try:
            with until(self._deadline):
                piece = self._next_piece() if self._chunks is not None else self._first_piece()
        except BaseException as error:
            cancelled = self._closed
            self.close()
            ours = _as_ours(error, cancelled)
            if ours is error:
                raise
            raise ours from None
        if piece:
            self._pieces.append(piece)
            return piece
        self._finish_up()
        raise StopIteration

    def close(self) -> None:
        """End the call, wherever it is; what was not read is lost."""
        self._closed = True
        chunks = self._chunks
        if chunks is None or chunks.response.is_closed:  # its connection may serve another call by now
            return
        line = chunks.response.extensions.get("network_stream")
        found = line.get_extra_info("socket") if line is not None else None
        if isinstance(found, socket.socket):
            with suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it
        with suppress(Exception):  # it is gone either way
            chunks.close()

    def _first_piece(self) -> str:
        """Ask, and wait for the first piece; tried again while none was seen."""
        return attempts(self._open, retries=settings.LLM_RETRIES, deadline=self._deadline)

    def _open(self) -> str:
        wanted = arguments(self._prompt, self._tier, self._deadline)
        chunks: Chunks = self._client.chat.completions.create(
            **wanted, stream=True, stream_options={"include_usage": True}
        )
        self._chunks = chunks
        if self._closed:
            raise _cancelled()
        try:
            return self._next_piece()
        except BaseException:
            chunks.close()
            self._chunks = None
            raise

    def _next_piece(self) -> str:
        """The next text that is not empty; empty at the end of the answer."""
        if self._chunks is None:
            raise _cancelled()
        for chunk in self._chunks:
            if time.monotonic() >= self._deadline:
                raise LLMError("timeout", "The language model did not answer in time")
            self._model = chunk.model or self._model
            self._usage = chunk.usage or self._usage
            for choice in chunk.choices or ():
                self._finish = choice.finish_reason or self._finish
                if choice.delta and choice.delta.content:
                    return choice.delta.content
        return ""

    def _finish_up(self) -> None:
        try:
            if self._closed:
                raise _cancelled()
            if not self._finish:
                raise LLMError("cut-off", "The language model's answer broke off before its end")
            found = Completion("".join(self._pieces), self._model, self._finish, usage_of(self._usage))
            self._completion = checked(found, self._prompt.json_schema)
        finally:
            self.close()


def _as_ours(error: BaseException, cancelled: bool) -> BaseException:
    """What to raise for `error`, which may have come of the closing."""
    if not isinstance(error, Exception):
        return error
    if cancelled:
        return _cancelled()
    if isinstance(error, openai.OpenAIError):
        return explained(error)
    if isinstance(error, ValueError | TypeError | AttributeError):
        return malformed()
    return error


def _cancelled() -> LLMError:
    return LLMError("cancelled", "The answer of the language model was cancelled")
