"""That callers share calls, that nobody pays for another one's text, and that nobody hangs."""

import os
import threading
import time
from collections.abc import Callable, Sequence

import pytest

from knowledge.embeddings import EmbeddingError
from knowledge.embeddings.gathering import Gatherer, Limits

DEADLINE = 10.0


class Calls:
    """Turns texts into capitals, slowly, and refuses some."""

    def __init__(self, seconds: float = 0.02, error: Callable[[], Exception] | None = None) -> None:
        self.made: list[list[str]] = []
        self.seconds = seconds
        self.error = error or (lambda: EmbeddingError("refused", "text"))

    def __call__(self, texts: list[str]) -> Sequence[str]:
        self.made.append(texts)
        time.sleep(self.seconds)
        if any("bad" in text for text in texts):
            raise self.error()
        return [text.upper() for text in texts]


def ask_together(gatherer: Gatherer[str], texts: Sequence[str], seconds: float = DEADLINE) -> list[object]:
    """What each text got, each asked for by a thread of its own."""
    barrier = threading.Barrier(len(texts))
    found: list[object] = [None] * len(texts)

    def one(place: int) -> None:
        barrier.wait()
        found[place] = gatherer.ask([texts[place]], time.monotonic() + seconds)[0]

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_sixty_four_callers_share_few_calls_and_each_gets_its_own() -> None:
    calls = Calls()
    texts = [f"text {number}" for number in range(64)]
    assert ask_together(Gatherer(calls, Limits()), texts) == [text.upper() for text in texts]
    assert len(calls.made) <= 8
    assert sorted(text for made in calls.made for text in made) == sorted(texts)


def test_a_lone_caller_waits_for_the_window_at_most() -> None:
    gatherer = Gatherer(Calls(seconds=0), Limits(window=0.010))
    took = []
    other = threading.Event()
    threading.Thread(target=other.wait, daemon=True).start()  # so that somebody could come
    for number in range(20):
        started = time.perf_counter()
        gatherer.ask([str(number)], time.monotonic() + DEADLINE)
        took.append(time.perf_counter() - started)
    other.set()
    assert sorted(took)[10] < 0.012


def test_a_full_batch_does_not_wait_for_the_window() -> None:
    gatherer = Gatherer(Calls(seconds=0), Limits(window=5.0, batch=4))
    started = time.perf_counter()
    assert gatherer.ask(list("abcdefgh"), time.monotonic() + DEADLINE) == list("ABCDEFGH")
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("fault", ["text", "unknown"])
def test_a_bad_text_fails_its_own_caller_alone(fault: str) -> None:
    calls = Calls(seconds=0, error=lambda: EmbeddingError("refused", fault))
    texts = [f"text {number}" for number in range(30)] + ["bad one", "bad two"]
    found = ask_together(Gatherer(calls, Limits(window=0.2)), texts)
    assert found[:30] == [text.upper() for text in texts[:30]]
    assert all(isinstance(outcome, EmbeddingError) for outcome in found[30:])


def test_any_exception_of_a_provider_is_an_embedding_error_of_the_text_that_caused_it() -> None:
    gatherer = Gatherer(Calls(seconds=0, error=lambda: ValueError("secret words")), Limits())
    good, bad = gatherer.ask(["good", "bad"], time.monotonic() + DEADLINE)
    assert good == "GOOD"
    assert isinstance(bad, EmbeddingError)
    assert "secret" not in str(bad)


@pytest.mark.parametrize(("fault", "most"), [("service", 1), ("unknown", 9)])
def test_an_outage_is_not_asked_about_for_each_text(fault: str, most: int) -> None:
    calls = Calls(seconds=0, error=lambda: EmbeddingError("away", fault))
    found = Gatherer(calls, Limits()).ask([f"bad {number}" for number in range(64)], time.monotonic() + DEADLINE)
    assert len(found) == 64
    assert all(isinstance(outcome, EmbeddingError) for outcome in found)
    assert len(calls.made) <= most


def test_an_answer_of_another_length_is_an_error() -> None:
    (outcome,) = Gatherer(lambda _texts: ["one", "two"], Limits()).ask(["a"], time.monotonic() + DEADLINE)
    assert isinstance(outcome, EmbeddingError)


def test_callers_do_not_wait_past_their_deadline() -> None:
    gatherer = Gatherer(Calls(seconds=1.0), Limits(window=0.05))
    leader = threading.Thread(target=gatherer.ask, args=(["first"], time.monotonic() + DEADLINE))
    leader.start()
    time.sleep(0.01)
    started = time.perf_counter()
    (outcome,) = gatherer.ask(["second"], time.monotonic() + 0.2)
    assert isinstance(outcome, EmbeddingError)
    assert time.perf_counter() - started < 0.5
    leader.join()


def test_the_line_is_bounded() -> None:
    gatherer = Gatherer(Calls(seconds=0.5), Limits(window=0, batch=2, waiting=2))
    leader = threading.Thread(target=gatherer.ask, args=(["a", "b"], time.monotonic() + DEADLINE))
    leader.start()
    time.sleep(0.1)
    (outcome,) = gatherer.ask(["c"], time.monotonic() + 0.1)
    assert isinstance(outcome, EmbeddingError)
    leader.join()
    assert gatherer.ask(["c"], time.monotonic() + DEADLINE) == ["C"]


def test_a_leader_that_is_ended_takes_nobody_with_it() -> None:
    def end(_texts: list[str]) -> Sequence[str]:
        raise SystemExit

    gatherer: Gatherer[str] = Gatherer(end, Limits(window=0.1))

    def lead() -> None:
        with pytest.raises(SystemExit):
            gatherer.ask(["first"], time.monotonic() + DEADLINE)

    leader = threading.Thread(target=lead)
    leader.start()
    time.sleep(0.02)
    started = time.perf_counter()
    (outcome,) = gatherer.ask(["second"], time.monotonic() + DEADLINE)
    leader.join()
    assert isinstance(outcome, EmbeddingError)
    assert time.perf_counter() - started < 1


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_child_of_a_fork_does_not_wait_for_the_threads_of_its_parent() -> None:
    gatherer = Gatherer(Calls(seconds=0), Limits(window=1.0))
    leader = threading.Thread(target=gatherer.ask, args=(["parent"], time.monotonic() + DEADLINE))
    leader.start()
    time.sleep(0.05)
    child = os.fork()
    if child == 0:
        answered = gatherer.ask(["child"], time.monotonic() + 3) == ["CHILD"]
        os._exit(0 if answered else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    leader.join()
