"""The breaker by a clock of the test's own, and the way to a real Redis that is stopped or frozen."""

import os
import signal

import pytest
from pytest_django import Settings

from lightpoint.embedded import Redis
from lightpoint.redis_link import Breaker, Unreachable, link


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_an_open_breaker_lets_one_call_try_when_its_time_is_up() -> None:
    clock = Clock()
    breaker = Breaker(lambda: 5.0, clock)
    assert breaker.admits()
    breaker.fail()
    clock.seconds = 4.9
    assert not breaker.admits()
    clock.seconds = 5.0
    assert [breaker.admits(), breaker.admits()] == [True, False]


def test_a_try_that_fails_opens_it_anew_and_one_that_succeeds_closes_it() -> None:
    clock = Clock()
    breaker = Breaker(lambda: 5.0, clock)
    breaker.fail()
    clock.seconds = 5.0
    assert breaker.admits()
    breaker.fail()
    clock.seconds = 9.0
    assert not breaker.admits()
    clock.seconds = 10.0
    assert breaker.admits()
    breaker.succeed()
    assert [breaker.admits(), breaker.admits()] == [True, True]


def test_a_frozen_redis_is_asked_once_and_then_left_alone(own_redis: Redis, settings: Settings) -> None:
    assert link.call(lambda client: client.ping())
    os.kill(own_redis.pid() or 0, signal.SIGSTOP)
    asked = []
    for _ in range(3):
        with pytest.raises(Unreachable):
            link.call(lambda client: asked.append(1) or client.ping())
    assert len(asked) == 1
    os.kill(own_redis.pid() or 0, signal.SIGCONT)
    settings.REDIS_BREAK_SECONDS = 0.0
    assert link.call(lambda client: client.ping())
    assert not link.breaker.is_open


def test_an_error_that_redis_answers_with_does_not_open_the_breaker(own_redis: Redis) -> None:
    with pytest.raises(Unreachable):
        link.call(lambda client: client.execute_command("NO-SUCH-COMMAND"))
    assert not link.breaker.is_open


def test_a_fault_of_the_caller_is_not_taken_for_one_of_redis(own_redis: Redis) -> None:
    with pytest.raises(ZeroDivisionError):
        link.call(lambda client: 1 / 0)
    assert link.call(lambda client: client.ping())
