"""What keeps a failing provider from being asked more and more: a budget of retries, and a breaker for each model.

Both live in a process and are shared by its threads. Times are those of `time.monotonic`.
"""

import threading
import time
from collections import deque
from typing import Literal

from django.conf import settings

from lightpoint.llm.records import FAILING, FAILING_FOR_GOOD, Code, LLMError
from lightpoint.outgoing import once_per_process


class RetryBudget:
    """Retries and fallbacks at one provider: at most LLM_RETRY_SHARE of the calls in the window, or the floor."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[float] = deque()
        self._retries: deque[float] = deque()

    def note_call(self) -> None:
        """A caller has come with a prompt."""
        with self._lock:
            self._forget()
            self._calls.append(time.monotonic())

    def take(self) -> bool:
        """Whether one more call may be made for a caller who has had one; it counts as made."""
        with self._lock:
            self._forget()
            allowed = max(settings.LLM_RETRY_FLOOR, int(settings.LLM_RETRY_SHARE * len(self._calls)))
            if len(self._retries) >= allowed:
                return False
            self._retries.append(time.monotonic())
            return True

    def _forget(self) -> None:
        oldest = time.monotonic() - settings.LLM_RETRY_WINDOW_SECONDS
        for times in (self._calls, self._retries):
            while times and times[0] < oldest:
                times.popleft()


class Breaker:
    """Leaves a model alone after LLM_BREAKER_FAILURES failures in a row within the window, or one that will stay.

    After LLM_BREAKER_OPEN_SECONDS one call is let through: it closes the breaker, or opens it for as long again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: deque[float] = deque()
        self._opened_at: float | None = None
        self._probe_ends = 0.0
        self._why: Code = "provider-failed"

    def enter(self) -> bool:
        """Whether the call that now begins is the probe. Raises LLMError where it may not be made."""
        with self._lock:
            if self._opened_at is None:
                return False
            now = time.monotonic()
            if now < max(self._opened_at + settings.LLM_BREAKER_OPEN_SECONDS, self._probe_ends):
                raise LLMError("circuit-open", f"The language model is left alone for a while: {self._why}")
            self._probe_ends = now + settings.LLM_DEADLINE_SECONDS  # a probe whose thread died does not count for ever
            return True

    def leave(self, outcome: Literal["ok"] | Code, *, probe: bool) -> None:
        """Note how a call ended. One that was cancelled says nothing about the model."""
        with self._lock:
            if probe:
                self._probe_ends = 0.0
            if outcome == "cancelled" or (self._opened_at is not None and not probe):
                return
            if outcome not in FAILING:
                self._failures.clear()
                self._opened_at = None
                return
            self._failed(outcome)

    def _failed(self, code: Code) -> None:
        now = time.monotonic()
        self._failures.append(now)
        while self._failures[0] < now - settings.LLM_BREAKER_WINDOW_SECONDS:
            self._failures.popleft()
        enough = len(self._failures) >= settings.LLM_BREAKER_FAILURES
        if enough or code in FAILING_FOR_GOOD or self._opened_at is not None:
            self._opened_at, self._why = now, code


@once_per_process
def retry_budget(_url: str) -> RetryBudget:
    """The budget of a provider."""
    return RetryBudget()


@once_per_process
def breaker(_url: str, _model: str) -> Breaker:
    """The breaker of a model at a provider."""
    return Breaker()
