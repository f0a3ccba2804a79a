"""That callers share calls, that nobody pays for another one's text, and that nobody hangs."""

import os
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence

import pytest

from knowledge.embeddings import EmbeddingError
from knowledge.embeddings.gathering import Gatherer, Limits


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


class Shelf:
    """A store in memory that tells what it was asked for."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.looks = 0

    def find(self, names: Collection[str]) -> Mapping[str, str]:
        self.looks += 1
        return {name: self.values[name] for name in names if name in self.values}

    def keep(self, values: Mapping[str, str]) -> None:
        self.values |= values


def gathering(call: Callable[[list[str]], Sequence[str]], limits: Limits = Limits()) -> Gatherer[str]:  # noqa: B008
    return Gatherer(call, limits, Shelf())


def ask(gatherer: Gatherer[str], texts: Sequence[str], seconds: float = 10.0) -> list[object]:
    """What each text got."""
    found = gatherer.ask({text: text for text in texts}, time.monotonic() + seconds)
    return [found[text] for text in texts]


def ask_together(gatherer: Gatherer[str], texts: Sequence[str], seconds: float = 10.0) -> list[object]:
    """What each text got, each asked for by a thread of its own."""
    barrier = threading.Barrier(len(texts))
    found: list[object] = [None] * len(texts)

    def one(place: int) -> None:
        barrier.wait()
        found[place] = ask(gatherer, [texts[place]], seconds)[0]

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_sixty_four_callers_share_few_calls_and_each_gets_its_own() -> None:
    calls = Calls()
    texts = [f"text {number}" for number in range(64)]
    assert ask_together(gathering(calls), texts) == [text.upper() for text in texts]
    assert len(calls.made) <= 8
    assert sorted(text for made in calls.made for text in made) == sorted(texts)


def test_a_lone_caller_waits_for_the_window_at_most() -> None:
    gatherer = gathering(Calls(seconds=0), Limits(window=0.010))
    took = []
    other = threading.Event()
    threading.Thread(target=other.wait, daemon=True).start()  # so that somebody could come
    for number in range(20):
        started = time.perf_counter()
        ask(gatherer, [str(number)])
        took.append(time.perf_counter() - started)
    other.set()
    assert sorted(took)[10] < 0.012


def test_a_full_batch_does_not_wait_for_the_window() -> None:
    gatherer = gathering(Calls(seconds=0), Limits(window=5.0, batch=4))
    started = time.perf_counter()
    assert ask(gatherer, list("abcdefgh")) == list("ABCDEFGH")
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("fault", ["text", "unknown"])
def test_a_bad_text_fails_its_own_caller_alone(fault: str) -> None:
    calls = Calls(seconds=0, error=lambda: EmbeddingError("refused", fault))
    texts = [f"text {number}" for number in range(30)] + ["bad one", "bad two"]
    found = ask_together(gathering(calls, Limits(window=0.2)), texts)
    assert found[:30] == [text.upper() for text in texts[:30]]
    assert all(isinstance(outcome, EmbeddingError) for outcome in found[30:])


def test_any_exception_of_a_provider_is_an_embedding_error_of_the_text_that_caused_it() -> None:
    gatherer = gathering(Calls(seconds=0, error=lambda: ValueError("secret words")))
    good, bad = ask(gatherer, ["good", "bad"])
    assert good == "GOOD"
    assert isinstance(bad, EmbeddingError)
    assert "secret" not in str(bad)


@pytest.mark.parametrize(("fault", "most"), [("service", 1), ("unknown", 9)])
def test_an_outage_is_not_asked_about_for_each_text(fault: str, most: int) -> None:
    calls = Calls(seconds=0, error=lambda: EmbeddingError("away", fault))
    found = ask(gathering(calls), [f"bad {number}" for number in range(64)])
    assert len(found) == 64
    assert all(isinstance(outcome, EmbeddingError) for outcome in found)
    assert len(calls.made) <= most


def test_an_answer_of_another_length_is_an_error() -> None:
    (outcome,) = ask(gathering(lambda _texts: ["one", "two"]), ["a"])
    assert isinstance(outcome, EmbeddingError)


def test_callers_do_not_wait_past_their_deadline() -> None:
    gatherer = gathering(Calls(seconds=1.0), Limits(window=0.05))
    leader = threading.Thread(target=ask, args=(gatherer, ["first"]))
    leader.start()
    time.sleep(0.01)
    started = time.perf_counter()
    (outcome,) = ask(gatherer, ["second"], 0.2)
    assert isinstance(outcome, EmbeddingError)
    assert time.perf_counter() - started < 0.5
    leader.join()


def test_the_line_is_bounded() -> None:
    gatherer = gathering(Calls(seconds=0.5), Limits(window=0, batch=2, waiting=2))
    leader = threading.Thread(target=ask, args=(gatherer, ["a", "b"]))
    leader.start()
    time.sleep(0.1)
    (outcome,) = ask(gatherer, ["c"], 0.1)
    assert isinstance(outcome, EmbeddingError)
    leader.join()
    assert ask(gatherer, ["c"]) == ["C"]


def test_a_leader_that_is_ended_takes_nobody_with_it() -> None:
    calls = Calls(seconds=0)

    def end_the_first(texts: list[str]) -> Sequence[str]:
        if threading.current_thread() is leader:
            raise SystemExit
        return calls(texts)

    gatherer = gathering(end_the_first, Limits(window=0.1))

    def lead() -> None:
        with pytest.raises(SystemExit):
            ask(gatherer, ["first", "both"])

    leader = threading.Thread(target=lead)
    leader.start()
    time.sleep(0.02)
    started = time.perf_counter()
    assert ask(gatherer, ["second", "both"]) == ["SECOND", "BOTH"]
    leader.join()
    assert time.perf_counter() - started < 1


def test_what_is_kept_is_not_called_for_and_is_looked_for_once_for_all() -> None:
    calls, shelf = Calls(seconds=0), Shelf()
    shelf.values = {f"text {number}": "kept" for number in range(20)}
    gatherer = Gatherer(calls, Limits(window=0.2), shelf)
    assert ask_together(gatherer, [f"text {number}" for number in range(20)]) == ["kept"] * 20
    assert calls.made == []
    assert shelf.looks == 1
    assert ask(gatherer, ["text 1", "new"]) == ["kept", "NEW"]
    assert shelf.values["new"] == "NEW"


def test_a_text_in_flight_is_waited_for_and_there_before_it_is_kept() -> None:
    calls, keeping, go = Calls(seconds=0), threading.Event(), threading.Event()

    class Slow(Shelf):
        def keep(self, values: Mapping[str, str]) -> None:
            keeping.set()
            go.wait(5)
            super().keep(values)

    gatherer = Gatherer(calls, Limits(), Slow())
    leader = threading.Thread(target=ask, args=(gatherer, ["one"]))
    leader.start()
    assert keeping.wait(5)
    assert ask(gatherer, ["one"]) == ["ONE"]
    go.set()
    leader.join()
    assert calls.made == [["one"]]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_child_of_a_fork_does_not_wait_for_the_threads_of_its_parent() -> None:
    gatherer = gathering(Calls(seconds=0), Limits(window=1.0))
    leader = threading.Thread(target=ask, args=(gatherer, ["parent"]))
    leader.start()
    time.sleep(0.05)
    child = os.fork()
    if child == 0:
        answered = ask(gatherer, ["child"], 3) == ["CHILD"]
        os._exit(0 if answered else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    leader.join()
