"""Windows in a real Redis, by its own clock, and in this process when there is none."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import Queue, get_context

import pytest
from pytest_django import Settings

from lightpoint.embedded import Redis
from lightpoint.ratelimit import Decision, consume, consume_all, forget, limit_named, peek
from lightpoint.ratelimit.local import LocalWindows
from lightpoint.ratelimit.rates import Limit
from lightpoint.ratelimit.window import window_key
from lightpoint.redis_link import link

NOW = datetime(2025, 3, 4, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _limits(settings: Settings, own_redis: Redis) -> None:
    settings.RATE_LIMITS = {
        "three": {"rate": "3/h", "per": "user", "without_redis": "local"},
        "two": {"rate": "2/h", "per": "user", "without_redis": "allow"},
        "closed": {"rate": "9/h", "per": "user", "without_redis": "refuse"},
        "quick": {"rate": "2/1s", "per": "user", "without_redis": "local"},
        "none": {"rate": "", "per": "user", "without_redis": "refuse"},
    }


def answers(name: str, times: int, subject: str = "user:1") -> list[bool]:
    return [consume(name, subject, now=NOW).allowed for _ in range(times)]


def test_a_limit_is_reached_and_not_passed() -> None:
    found = [consume("three", "user:1", now=NOW) for _ in range(5)]
    assert [one.allowed for one in found] == [True, True, True, False, False]
    assert [one.remaining for one in found] == [2, 1, 0, 0, 0]
    assert {one.limit for one in found} == {3}


def test_a_refusal_says_when_the_first_request_leaves_the_window() -> None:
    first = consume("three", "user:1", now=NOW)
    answers("three", 2)
    refusal = consume("three", "user:1", now=NOW)
    assert refusal.reset_at == first.at + timedelta(hours=1) + MICROSECOND
    assert refusal.retry_after == refusal.reset_at - refusal.at
    assert first.retry_after == timedelta(0)


def test_a_request_is_let_through_again_once_the_first_has_left() -> None:
    answers("quick", 2)
    refusal = consume("quick", "user:1", now=NOW)
    assert not refusal.allowed
    time.sleep(refusal.retry_after / timedelta(seconds=1))
    assert consume("quick", "user:1", now=NOW).allowed


@pytest.mark.parametrize("pair", [(("a", "bc"), ("ab", "c")), (("a:b", "c"), ("a", "b:c")), (('a"', "b"), ("a", '"b'))])
def test_no_two_names_and_subjects_share_a_window(pair: tuple[tuple[str, str], tuple[str, str]]) -> None:
    keys = {window_key(Limit(name, "1/m", 1, 60, "user", "allow"), subject) for name, subject in pair}
    assert len(keys) == 2


def test_subjects_have_windows_of_their_own_and_do_not_stand_in_keys() -> None:
    answers("three", 3)
    assert consume("three", "user:11", now=NOW).allowed
    assert not [key for key in link.call(lambda client: client.keys("*")) if b"user:1" in key]


def test_a_log_is_no_longer_than_its_limit_and_ends() -> None:
    answers("three", 20)
    key = window_key(limit_named("three"), "user:1")
    assert link.call(lambda client: client.llen(key)) == 3
    assert 3_590_000 < link.call(lambda client: client.pttl(key)) <= 3_601_000


def test_a_request_that_one_limit_refuses_counts_against_none() -> None:
    both = [("three", "user:1"), ("two", "user:1")]
    found = [consume_all(both, now=NOW) for _ in range(4)]
    assert [[one.allowed for one in pair] for pair in found] == [[True, True]] * 2 + [[True, False]] * 2
    assert peek("three", "user:1", now=NOW).remaining == 1


def test_looking_counts_nothing_and_forgetting_starts_anew() -> None:
    assert [peek("three", "user:1", now=NOW).remaining for _ in range(5)] == [3] * 5
    answers("three", 3)
    assert not peek("three", "user:1", now=NOW).allowed
    forget("three", "user:1")
    assert answers("three", 4) == [True, True, True, False]


def test_a_limit_without_a_rate_lets_everything_through_and_asks_nobody(own_redis: Redis) -> None:
    own_redis.stop()
    assert answers("none", 5) == [True] * 5
    assert not link.breaker.is_open


def test_a_clock_that_was_set_back_costs_one_window_and_no_more() -> None:
    key = window_key(limit_named("quick"), "user:1")
    tomorrow = round((time.time() + 86_400) * 1_000_000)
    link.call(lambda client: client.rpush(key, tomorrow, tomorrow))
    refusal = consume("quick", "user:1", now=NOW)
    assert not refusal.allowed
    assert refusal.retry_after == timedelta(seconds=1) + MICROSECOND


def press(until: float, times: "Queue[list[float]]") -> None:
    found = []
    while time.monotonic() < until:
        decision = consume("edge", "user:1", now=NOW)
        if decision.allowed:
            found.append(decision.at.timestamp() * 1_000_000)
    times.put(found)


def test_processes_that_press_on_the_edges_never_get_more_than_the_limit_in_any_window(settings: Settings) -> None:
    settings.RATE_LIMITS = {"edge": {"rate": "20/1s", "per": "user", "without_redis": "refuse"}}
    forking = get_context("fork")
    times: Queue[list[float]] = forking.Queue()
    callers = [forking.Process(target=press, args=(time.monotonic() + 2.5, times)) for _ in range(3)]
    for caller in callers:
        caller.start()
    found = sorted(at for _ in callers for at in times.get())
    for caller in callers:
        caller.join()
    assert len(found) >= 40
    assert all(later - earlier > 1_000_000 for earlier, later in zip(found, found[20:], strict=False))


@pytest.fixture(params=["stopped", "frozen"])
def no_redis(request: pytest.FixtureRequest, own_redis: Redis) -> Iterator[None]:
    pid = own_redis.pid() or 0
    if request.param == "stopped":
        own_redis.stop()
        yield
    else:
        os.kill(pid, signal.SIGSTOP)
        yield
        os.kill(pid, signal.SIGCONT)


@pytest.mark.usefixtures("no_redis")
def test_without_redis_each_limit_does_what_it_says() -> None:
    assert answers("two", 4) == [True] * 4
    assert answers("closed", 1) == [False]
    assert answers("three", 5) == [True, True, True, False, False]


@pytest.mark.usefixtures("no_redis")
def test_a_limit_that_cannot_be_counted_says_when_to_ask_again(settings: Settings) -> None:
    found = consume("closed", "user:1", now=NOW)
    assert found.retry_after == timedelta(seconds=settings.REDIS_BREAK_SECONDS)


def test_windows_go_on_after_redis_was_flushed(own_redis: Redis) -> None:
    answers("three", 3)
    link.call(lambda client: [client.flushall(), client.script_flush()])
    assert answers("three", 4) == [True, True, True, False]


def local(windows: LocalWindows, at: datetime, subject: str = "user:1") -> Decision:
    return windows.count([(limit_named("three"), subject)], weight=1, now=at)[0]


def test_a_window_of_this_process_is_as_exact() -> None:
    windows = LocalWindows()
    assert [local(windows, NOW + timedelta(minutes=20 * n)).allowed for n in range(4)] == [True, True, True, False]
    assert local(windows, NOW + timedelta(hours=1, microseconds=1)).allowed
    assert not local(windows, NOW + timedelta(hours=1, microseconds=2)).allowed


def test_the_windows_of_this_process_do_not_grow_without_end() -> None:
    windows = LocalWindows(subjects=2)
    for subject in ("a", "b", "c"):
        for _ in range(3):
            local(windows, NOW, subject)
    assert not local(windows, NOW, "c").allowed
    assert local(windows, NOW, "a").allowed
