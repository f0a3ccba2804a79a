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

from lightpoint.llm.answers import as_ours, check_length, checked, malformed, model_named, usage_of
from lightpoint.llm.records import Completion, LLMError, Prompt, Tier
from lightpoint.llm.requests import arguments, client_now, deadline_of
from lightpoint.llm.routing import Route
from lightpoint.llm.upstream import Caller, Choice, Upstream, first_answer
from lightpoint.outgoing import attempts, until

Chunks = openai.Stream[ChatCompletionChunk]


def stream(prompt: Prompt, tier: Tier | Route, *, deadline: float | None = None) -> "Stream":
    """The answer to `prompt`, piece by piece. Raises LLMError here without a key, and else while it is read.

    The provider is asked when the first piece is. Until that piece is there a call is tried again, or the fallback of
    the tier asked, and after it never: a text is of one model. `deadline` is as in `complete`, and holds for the last
    piece too. Whoever pays, or may end the call, is taken from the context of this call.
    """
    ends = deadline_of(deadline)
    return Stream(client_now(), prompt, tier, ends)


class Stream(Iterator[str]):
    """Pieces of text, none of them empty, and after the last one `completion`. A context manager that closes it.

    `close` ends the call at the provider, and may be called by another thread than the one that reads. Where one model
    is `wanted`, and no tier, it has no fallback.
    """

    def __init__(self, client: openai.OpenAI, prompt: Prompt, wanted: Tier | Route | Choice, deadline: float) -> None:
        self._client = client
        self._prompt = prompt
        self._wanted = wanted
        self._deadline = deadline
        self._caller = Caller.now()
        self._upstream: Upstream | None = None
        self._chunks: Chunks | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._model = ""
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
            with until(self._deadline, left=lambda: self._is_cancelled):
                piece = self._next_piece() if self._chunks is not None else self._begin()
        except BaseException as error:
            cancelled = self._is_cancelled
            self._end(error, cancelled=cancelled)
            ours = as_ours(error, cancelled=cancelled)
            if ours is error:
                raise
            raise ours from None
        if piece:
            return piece
        self._finish_up()
        raise StopIteration

    def close(self) -> None:
        """End the call, wherever it is; what was not read is lost."""
        self._end(_cancelled(), cancelled=True)

    @property
    def _is_cancelled(self) -> bool:
        return self._closed or self._caller.has_left

    def _end(self, error: BaseException, *, cancelled: bool) -> None:
        """End the call at the provider, and book it as failed with `error` unless it has succeeded."""
        self._closed = True
        self._hang_up()
        if self._upstream is not None:
            self._upstream.failed(error, usage_of(self._usage), "".join(self._pieces), cancelled=cancelled)

    def _hang_up(self) -> None:
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

    def _begin(self) -> str:
        if isinstance(self._wanted, Choice):
            return self._first_piece(self._wanted)
        return first_answer(self._wanted, self._first_piece)

    def _first_piece(self, choice: Choice) -> str:
        """Ask, and wait for the first piece; tried again while none was seen."""
        try:
            return attempts(
                lambda: self._open(choice),
                retries=settings.LLM_RETRIES,
                deadline=self._deadline,
                allowed=self._caller.may_retry,
            )
        except Exception as error:
            ours = as_ours(error, cancelled=self._is_cancelled)
            if ours is error:
                raise
            raise ours from None

    def _open(self, choice: Choice) -> str:
        if self._closed:
            raise _cancelled()
        self._upstream = upstream = Upstream(self._prompt, choice, self._caller)
        self._model, self._finish, self._usage = choice.model, "", None
        self._pieces, self._length = [], 0
        wanted = arguments(self._prompt, choice.model, self._deadline)
        chunks: Chunks | None = None
        try:
            chunks = self._client.chat.completions.create(**wanted, stream=True, stream_options={"include_usage": True})
            self._chunks = chunks
            if self._closed:
                raise _cancelled()
            piece = self._next_piece()
            if not piece:
                self._check()
            return piece
        except BaseException as error:
            self._chunks = None
            if chunks is not None:
                chunks.close()
            upstream.failed(error, usage_of(self._usage), cancelled=self._is_cancelled)
            raise

    def _next_piece(self) -> str:
        """The next text that is not empty; empty at the end of the answer."""
        if self._chunks is None:
            raise _cancelled()
        for chunk in self._chunks:
            if time.monotonic() >= self._deadline:
                raise LLMError("timeout", "The language model did not answer in time")
            self._model = model_named(chunk.model, self._model)
            self._usage = chunk.usage or self._usage
            for choice in chunk.choices or ():
                self._finish = choice.finish_reason or self._finish
                if choice.delta and choice.delta.content:
                    if not isinstance(choice.delta.content, str):
                        raise malformed()
                    if self._upstream is not None:
                        self._upstream.first_token()
                    return self._taken(choice.delta.content)
        return ""

    def _taken(self, piece: str) -> str:
        self._pieces.append(piece)
        self._length += len(piece)
        check_length(self._length, self._prompt)
        return piece

    def _check(self) -> Completion:
        """The answer, as whole as it is. Raises LLMError where it may not be used."""
        if self._is_cancelled:
            raise _cancelled()
        if not self._finish:
            raise LLMError("cut-off", "The language model's answer broke off before its end")
        found = Completion("".join(self._pieces), self._model, self._finish, usage_of(self._usage))
        return checked(found, self._prompt)

    def _finish_up(self) -> None:
        try:
            self._completion = self._check()
        except BaseException as error:
            self._end(error, cancelled=self._is_cancelled)
            raise
        if self._upstream is not None:
            self._upstream.succeeded(self._completion.usage, self._completion.text)
        self.close()


def _cancelled() -> LLMError:
    return LLMError("cancelled", "The answer of the language model was cancelled")
