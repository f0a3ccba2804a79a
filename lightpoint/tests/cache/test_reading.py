"""Reading through a real Redis: what is found, what is computed, and what is not believed."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from pytest_django import Settings

from lightpoint.cache import Entry, bumps, counters, get_or_compute, invalidate, reading_ahead
from lightpoint.cache.bumps import Bump, PendingBumps
from lightpoint.cache.entries import keys_of, version_key
from lightpoint.cache.leases import claim, store
from lightpoint.embedded import Redis
from lightpoint.redis_link import link

pytestmark = pytest.mark.usefixtures("own_redis")
HOUR = timedelta(hours=1)
PLAIN = Entry("tests.plain", ttl=HOUR)
AGEING = Entry("tests.ageing", ttl=timedelta(milliseconds=1), stale=HOUR)
Read = Callable[[], object]


def reader(entry: Entry = PLAIN, practice: int | None = 1) -> Read:
    """Each call reads; the value is how often it was computed."""
    numbers = count(1)
    return lambda: get_or_compute(entry, practice=practice, parts=["x"], compute=lambda: next(numbers))


def bump() -> None:
    """What `invalidate` has done once the transaction is committed."""
    Bump(version_key(PLAIN.name, 1))()


def counted(name: str, read: Read) -> dict[str, int]:
    """What one call of `read` adds to the counters of `name`, but for zeros."""
    before = counters().get(name, {})
    read()
    return {key: value - before.get(key, 0) for key, value in counters()[name].items() if value > before.get(key, 0)}


def test_a_value_is_computed_once_and_found_after() -> None:
    read = reader()
    assert counted("tests.plain", read) == {"misses": 1}
    assert counted("tests.plain", read) == {"hits": 1}
    assert read() == 1


def test_a_value_that_is_read_ahead_comes_with_the_one_before_it(own_redis: Redis) -> None:
    first, second = reader(practice=1), reader(practice=2)
    assert (first(), second()) == (1, 1)
    with reading_ahead(PLAIN, practice=2, parts=["x"]):
        first()
        own_redis.stop()
        assert second() == 1
        assert second() == 2  # for once: a later look-up asks again
    with reading_ahead(PLAIN, practice=2, parts=["x"]):
        pass
    assert second() == 3


def test_a_bump_holds_for_what_is_read_ahead() -> None:
    first, second = reader(practice=2), reader(practice=1)
    assert (first(), second()) == (1, 1)
    bump()
    with reading_ahead(PLAIN, practice=1, parts=["x"]):
        assert (first(), second()) == (1, 2)


def test_a_hit_is_one_command() -> None:
    read = reader()
    read()
    link.call(lambda client: client.config_resetstat())
    read()
    asked = link.call(lambda client: client.info("commandstats"))
    assert {name: stats["calls"] for name, stats in asked.items() if "config" not in name} == {"cmdstat_mget": 1}


@pytest.mark.parametrize("value", [None, [], 0, "", {"a": [1, None]}])
def test_what_is_not_there_is_kept_too(value: object) -> None:
    computed: list[object] = []

    def compute() -> object:
        computed.append(value)
        return value

    found = [get_or_compute(PLAIN, practice=None, parts=[], compute=compute) for _ in range(2)]
    assert found == [value, value]
    assert len(computed) == 1


def test_whoever_computes_a_value_is_given_what_others_are() -> None:
    found = [get_or_compute(PLAIN, practice=1, parts=[], compute=lambda: {1: (2, 3)}) for _ in range(2)]
    assert found == [{"1": [2, 3]}] * 2


def test_no_two_questions_share_a_value() -> None:
    shapes = [(PLAIN, 1, ["a", "b"]), (PLAIN, 1, ["ab"]), (PLAIN, 1, ["a,b"]), (PLAIN, 2, ["a", "b"])]
    shapes += [(PLAIN, None, ["a", "b"]), (PLAIN, 1, ["1"]), (PLAIN, 1, [1]), (PLAIN, 1, [None])]
    shapes += [(Entry("tests.plain", ttl=HOUR, schema=2), 1, ["a", "b"]), (Entry("tests.other", ttl=HOUR), 1, ["ab"])]
    assert len({keys_of(*shape).value for shape in shapes}) == len(shapes)


@pytest.mark.parametrize("name", ["", "Guidance", "a:b", "a b", "a.", "été"])
def test_a_name_has_nothing_in_it_that_keys_are_made_of(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        Entry(name, ttl=HOUR)


def test_values_end_before_their_time_and_not_all_together() -> None:
    ends = []
    for number in range(8):
        get_or_compute(PLAIN, practice=1, parts=[number], compute=lambda: 1)
        ends.append(link.call(lambda client, at=number: client.pttl(keys_of(PLAIN, 1, [at]).value)))
    assert all(0.89 * 3_600_000 < end <= 3_600_000 for end in ends)
    assert max(ends) - min(ends) > 1000


def test_a_value_that_is_too_large_is_computed_by_everybody(settings: Settings) -> None:
    settings.CACHE_MAX_BYTES = 10
    read = lambda: get_or_compute(PLAIN, practice=1, parts=[], compute=lambda: "x" * 9)  # noqa: E731
    assert counted("tests.plain", read) == {"misses": 1}
    assert counted("tests.plain", read) == {"uncached": 1}
    assert read() == "x" * 9


def test_an_error_of_the_computation_is_the_callers_and_the_next_one_computes() -> None:
    with pytest.raises(ZeroDivisionError):
        get_or_compute(PLAIN, practice=1, parts=["x"], compute=lambda: 1 // 0)
    assert counted("tests.plain", reader()) == {"misses": 1}


def test_what_json_does_not_have_is_refused_at_once() -> None:
    with pytest.raises(TypeError):
        get_or_compute(PLAIN, practice=1, parts=["x"], compute=lambda: HOUR)
    assert reader()() == 1


def test_a_bump_ends_the_values_of_its_name_and_practice_and_no_others() -> None:
    mine, other, all_of_them = reader(), reader(practice=2), reader(practice=None)
    assert [mine(), other(), all_of_them()] == [1, 1, 1]
    bump()
    assert [mine(), other(), all_of_them()] == [2, 1, 1]


def test_what_was_computed_before_a_bump_and_stored_after_it_is_not_believed() -> None:
    def compute() -> str:
        bump()
        return "old"

    get_or_compute(PLAIN, practice=1, parts=["x"], compute=compute)
    assert get_or_compute(PLAIN, practice=1, parts=["x"], compute=lambda: "new") == "new"


@pytest.mark.django_db(transaction=True)
def test_a_bump_takes_effect_with_the_commit() -> None:
    read = reader()
    assert read() == 1
    with transaction.atomic():
        invalidate("tests.plain", practice=1)
        in_another_thread(lambda: check(read() == 1))
    assert read() == 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_leaves_the_values() -> None:
    read = reader()
    assert read() == 1
    with transaction.atomic():
        invalidate("tests.plain", practice=1)
        transaction.set_rollback(True)
    assert read() == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_neither_believes_nor_keeps() -> None:
    read = reader()
    assert read() == 1
    with transaction.atomic():
        assert counted("tests.plain", read) == {"uncached": 1}
    assert read() == 1


@pytest.mark.django_db
def test_in_a_test_that_is_rolled_back_a_service_is_seen_by_the_reads_after_it() -> None:
    read = reader()
    assert [read(), read()] == [1, 1]
    with transaction.atomic():
        invalidate("tests.plain", practice=1)
    assert [read(), read()] == [2, 3]


def test_a_value_past_its_time_is_given_out_while_one_caller_computes() -> None:
    read = reader(AGEING)
    assert read() == 1
    time.sleep(0.01)
    assert counted("tests.ageing", lambda: check(read() == 1)) == {"stale": 1}
    assert read() == 2


@pytest.mark.django_db
def test_in_a_request_the_computation_waits_until_the_answer_has_gone_out() -> None:
    read = reader(AGEING)
    assert read() == 1
    request_finished.disconnect(close_old_connections)
    try:
        request_started.send(sender=None)
        time.sleep(0.01)
        assert counted("tests.ageing", lambda: [read(), read()]) == {"stale": 2}
        assert read() == 1
        request_finished.send(sender=None)
        assert read() == 2
    finally:
        request_finished.connect(close_old_connections)


def test_threads_wait_for_one_computation() -> None:
    computed: list[int] = []

    def compute() -> int:
        time.sleep(0.1)
        computed.append(1)
        return 7

    found: list[int] = []
    read = lambda: found.append(get_or_compute(PLAIN, practice=1, parts=["x"], compute=compute))  # noqa: E731
    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [7] * 8
    assert len(computed) == 1


def slow(log: Path) -> int:
    with log.open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(0.7)
    return 7


def read_slowly(log: Path, out: Path) -> None:
    value = get_or_compute(PLAIN, practice=1, parts=["x"], compute=lambda: slow(log))
    (out / f"value-{os.getpid()}").write_text(str(value))


@pytest.mark.parametrize("killed", [False, True])
def test_processes_wait_for_one_computation_and_take_over_from_a_leader_that_was_killed(
    tmp_path: Path, settings: Settings, killed: bool
) -> None:
    settings.CACHE_LEASE_SECONDS = 0.3  # shorter than the computation: it must be renewed
    log = tmp_path / "computed"
    callers = [get_context("fork").Process(target=read_slowly, args=(log, tmp_path)) for _ in range(3)]
    for caller in callers:
        caller.start()
    if killed:
        leader = wait_for_leader(log)
        os.kill(leader, signal.SIGKILL)
    for caller in callers:
        caller.join(20)
    assert len(log.read_text().split()) == (2 if killed else 1)
    assert [path.read_text() for path in tmp_path.glob("value-*")] == ["7"] * (2 if killed else 3)


def wait_for_leader(log: Path) -> int:
    deadline = time.monotonic() + 20
    while not (log.exists() and log.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(log.read_text().split()[0])


def test_a_leader_that_lost_its_lease_does_not_write_over_a_later_value() -> None:
    keys = keys_of(PLAIN, 1, ["x"])
    late = claim(keys, refresh=False).lease
    assert late is not None
    link.call(lambda client: client.delete(keys.lease))
    read = reader()
    assert read() == 1
    store(late, b"99", fresh_ms=1000, keep_ms=1000)
    assert read() == 1


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
def test_without_redis_values_are_computed_and_nothing_is_raised() -> None:
    read = reader()
    assert counted("tests.plain", read) == {"misses": 1, "errors": 1}
    bump()
    assert read() == 2


def test_a_flushed_redis_is_filled_again_and_old_values_do_not_come_back() -> None:
    read = reader()
    read()
    keys = keys_of(PLAIN, 1, ["x"])
    old = link.call(lambda client: client.get(keys.value))
    link.call(lambda client: client.flushall())
    link.call(lambda client: client.set(keys.value, old))
    assert read() == 2


def test_a_bump_that_redis_did_not_get_is_delivered_before_redis_is_believed_again() -> None:
    read = reader()
    assert read() == 1
    link.breaker.fail()
    bump()
    link.breaker.succeed()
    assert [read(), read()] == [2, 2]


def test_it_is_delivered_by_whichever_process_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    read = reader()
    assert read() == 1
    link.breaker.fail()
    bump()
    link.breaker.succeed()
    monkeypatch.setattr("lightpoint.cache.reading.pending", PendingBumps())
    assert read() == 2


def test_it_is_not_forgotten_where_the_folder_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    settings.CACHE_BUMPS_DIR = tmp_path / "file"
    settings.CACHE_BUMPS_DIR.write_text("in the way")
    read = reader()
    assert read() == 1
    link.breaker.fail()
    bump()
    link.breaker.succeed()
    assert [read(), read()] == [2, 2]


def test_a_claimed_bump_of_a_process_that_died_is_delivered_too(settings: Settings) -> None:
    read = reader()
    assert read() == 1
    link.breaker.fail()
    bump()
    link.breaker.succeed()
    (kept,) = Path(settings.CACHE_BUMPS_DIR).glob("*/*")
    kept.rename(kept.with_name(kept.name + bumps.CLAIMED + "1"))
    assert [read(), read()] == [2, 2]
    assert list(Path(settings.CACHE_BUMPS_DIR).glob("*/*")) == []


def in_another_thread(work: Callable[[], object]) -> None:
    faults: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            faults.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert faults == []


def check(holds: bool) -> None:
    assert holds
