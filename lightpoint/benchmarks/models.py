"""A provider of language models that fails, asked through the boundary and by a client that retries twice each time.

Half of the calls hang, drip, half-close, send what is malformed, or are refused (429, 503); the breaker is off, so that
every call has to be met. Targets: upstream calls are at most 1.1 times the client's, and no call outlives its deadline
by more than a second. With the breaker on and nothing but failures, the provider is asked a handful of times.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.test import override_settings
from rich.console import Console

from lightpoint.benchmarks.harness import Figures
from lightpoint.llm import LLMError, Message, Prompt, complete, stream
from lightpoint.llm.simulator import Config, Fault, Simulator, a_share

CALLS, AT_ONCE = 400, 48
DEADLINE = 1.0  # seconds
TIME_SCALE = 0.02
MOST_UPSTREAM, MOST_OVERRUN = 1.1, 1.0
OFF = 1_000_000  # failures that a breaker waits for
FAULTS = {
    "hang": Fault("hang"),
    "drip": Fault("drip"),
    "half-close": Fault("half-close"),
    "malformed": Fault("malformed"),
    "429": Fault("status", 429, retry_after=0.1),
    "503": Fault("status", 503),
}
PROMPT = Prompt(system="Be brief.", messages=(Message("user", "How long?"),), max_tokens=200, purpose="bench")


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    arms: Figures = {}
    holds = True
    for name, fault in FAULTS.items():
        for way, ask in (("whole", _whole), ("stream", _streamed)):
            ours = _pressed(ask, fault, share=0.5, LLM_BREAKER_FAILURES=OFF)
            naive = _pressed(ask, fault, share=0.5, LLM_BREAKER_FAILURES=OFF, LLM_RETRY_SHARE=2.0)
            arms[f"{name}, {way}"] = {"ours": ours, "retrying_client": naive}
            holds = holds and ours["upstream"] <= MOST_UPSTREAM and ours["overrun_seconds"] <= MOST_OVERRUN
            console.print(f"{name}, {way}: {ours} beside {naive}")
    broken = _pressed(_whole, FAULTS["503"], share=1.0)
    console.print(f"Nothing but failures, with the breaker: {broken}")
    return {"calls": CALLS, "at_once": AT_ONCE, "deadline": DEADLINE, "arms": arms, "breaker": broken, "holds": holds}


def _pressed(ask: Callable[[Prompt], None], fault: Fault, *, share: float, **given: Any) -> dict[str, float]:
    """Upstream calls for each of the client's, the share that was answered, and the longest time past the deadline."""

    def one(number: int) -> tuple[bool, float]:
        started = time.monotonic()
        answered = False
        with suppress(LLMError):
            ask(replace(PROMPT, system=f"Number {number}"))
            answered = True
        return answered, time.monotonic() - started

    with (
        Simulator(Config(faults=a_share(share, fault)), time_scale=TIME_SCALE) as provider,
        override_settings(**provider.settings(), **{"LLM_DEADLINE_SECONDS": DEADLINE, **given}),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        one(-1)  # makes the client of this process for this provider, which takes longer than a call
        before = len(provider.calls)
        found = list(pool.map(one, range(CALLS)))
        upstream = (len(provider.calls) - before) / CALLS
    return {
        "upstream": round(upstream, 3),
        "answered": round(sum(answered for answered, _ in found) / CALLS, 3),
        "overrun_seconds": round(max(0.0, *(seconds - DEADLINE for _, seconds in found)), 3),
    }


def _whole(prompt: Prompt) -> None:
    complete(prompt, "fast")


def _streamed(prompt: Prompt) -> None:
    with stream(prompt, "fast") as pieces:
        for _ in pieces:
            pass
