"""What a process knows of itself."""

import signal
import threading
import weakref
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.cli.ending import LOST, stop_on_signals, wait_for
from bot.errors import Unavailable
from bot.listening import COMPUTING, WAITING, ListenerThreads, waiting
from bot.monitoring import Monitoring
from bot.process import STUCK, Bot, Dependencies
from bot.readiness import Readiness
from bot.scratch import Scratch
from handlers.listeners import left_to_slack
from tests.doubles.clock import FakeClock


class Loop:
    """A loop that runs until it is told to end, or breaks."""

    def __init__(self) -> None:
        self.still = 0.0
        self.over = threading.Event()

    def run(self, _: threading.Event) -> int:
        self.over.wait(10)
        return 0

    def wake(self) -> None:
        self.over.set()

    def still_for(self) -> float:
        return self.still


def process(loop: Loop, folder: Path, listeners: ListenerThreads | None = None) -> Bot:
    anything: Any = SimpleNamespace(tell=print)
    return Bot(
        Dependencies(
            settings=anything,
            app=anything,
            controller=cast("Any", loop),
            watchdog=cast("Any", SimpleNamespace(run=lambda stop: stop.wait(10))),
            front=anything,
            keys=anything,
            listeners=listeners or ListenerThreads(1),
            readiness=Readiness({}, FakeClock()),
            scratch=Scratch(folder),
            operators=anything,
            monitoring=Monitoring([], FakeClock()),
        )
    )


def test_a_loop_that_turns_no_more_is_stuck_and_one_that_ended_too(tmp_path: Path) -> None:
    loop = Loop()
    bot = process(loop, tmp_path)
    assert bot.stuck() == []  # it has not begun
    bot.start_following()
    assert bot.stuck() == []
    loop.still = STUCK + 1
    assert "61 s" in bot.stuck()[0]
    loop.over.set()
    assert bot._thread is not None
    bot._thread.join(5)
    assert "has ended" in bot.stuck()[0]
    bot.stop()
    assert bot.stuck() == []  # as it should


def test_what_was_acknowledged_is_done_before_the_end(tmp_path: Path) -> None:
    listeners, done = ListenerThreads(2), list[int]()
    may_end = threading.Event()

    def listen(number: int) -> None:
        may_end.wait(5)
        done.append(number)

    for number in range(5):
        listeners.submit(listen, number)
    bot = process(Loop(), tmp_path, listeners)
    threading.Timer(0.05, may_end.set).start()
    assert bot.stop() == 0
    assert sorted(done) == [0, 1, 2, 3, 4]
    assert list(tmp_path.iterdir()) == []


def test_however_much_waits_to_be_done_the_next_delivery_is_acknowledged() -> None:
    listeners, may_end, done = ListenerThreads(1), threading.Event(), list[int]()

    def work(number: int) -> None:
        assert may_end.wait(20)
        done.append(number)

    for number in range(9):
        listeners.later(partial(work, number))
    assert listeners.submit(lambda: "acknowledged").result(20) == "acknowledged"
    assert listeners.drain(0.01) == 9
    may_end.set()
    assert listeners.drain(20) == 0
    assert done == list(range(9))


def test_beyond_a_bound_more_is_turned_away_until_something_is_done() -> None:
    listeners, may_end, done = ListenerThreads(1, most=3), threading.Event(), list[int]()

    def work(number: int) -> None:
        assert may_end.wait(20)
        listeners.later(partial(done.append, number))  # what is done already goes on however much waits

    for number in range(3):
        listeners.later(partial(work, number))
    for refused in (listeners.check_room, partial(listeners.later, partial(work, 3))):
        with pytest.raises(Unavailable):
            refused()
    assert listeners.submit(lambda: "acknowledged").result(20) == "acknowledged"
    may_end.set()
    assert listeners.drain(20) == 0
    listeners.check_room()
    assert done == [0, 1, 2]


@pytest.mark.slow
def test_when_nothing_gets_its_turn_any_more_a_delivery_fails_and_is_not_queued(
    caplog: pytest.LogCaptureFixture,
) -> None:
    listeners, may_end, said = ListenerThreads(1, most=1), threading.Event(), list[str]()
    app = App(
        signing_secret="s",
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1"),
        listener_executor=listeners,
    )

    def listen(ack: Ack) -> None:
        said.append("taken")
        ack()

    app.command("/tune")(listen)
    app.error(left_to_slack)
    command = {"command": "/tune", "team_id": "T1", "user_id": "U1"}
    for _ in range(2):
        listeners.submit(may_end.wait, 20)
    assert app.dispatch(BoltRequest(body=dict(command), mode="socket_mode")).status == 500
    assert "Slack sends it again" in caplog.text
    assert said == []
    may_end.set()
    assert listeners.drain(20) == 0
    assert app.dispatch(BoltRequest(body=dict(command), mode="socket_mode")).status == 200


def test_what_waits_for_slack_holds_up_nobody_and_is_counted_again_when_it_comes_back() -> None:
    now, calls, ended = [0.0], threading.Semaphore(0), threading.Event()
    computing, over = threading.Semaphore(0), threading.Event()
    listeners = ListenerThreads(2 * COMPUTING + 2, lambda: now[0])

    def call() -> None:
        with waiting():
            calls.release()
            assert ended.wait(20)
        computing.release()
        assert over.wait(20)

    for _ in range(COMPUTING + 1):
        listeners.later(call)
    for _ in range(COMPUTING + 1):
        assert calls.acquire(timeout=20), "more than may compute at once wait for Slack"
    ended.set()
    for _ in range(COMPUTING + 1):
        assert computing.acquire(timeout=20), "what has begun goes on at once"
    begun = threading.Event()
    listeners.later(begun.set)
    assert not begun.wait(0.05), "and computes, so that nobody else begins"
    over.set()
    assert listeners.drain(20) == 0
    assert begun.is_set()


def test_a_thread_that_is_not_counted_just_waits() -> None:
    with waiting():
        pass
    listeners, done = ListenerThreads(1), threading.Event()

    def listen() -> None:
        with waiting():
            done.set()

    listeners.submit(listen).result(20)
    assert done.is_set()


def test_of_what_computes_few_are_worked_on_at_once_and_what_waits_holds_up_nobody() -> None:
    now, begun, may_end = [0.0], threading.Semaphore(0), threading.Event()
    listeners = ListenerThreads(COMPUTING + 2, lambda: now[0])

    def work() -> None:
        begun.release()
        assert may_end.wait(20)

    for _ in range(COMPUTING + 1):
        listeners.later(work)
    for _ in range(COMPUTING):
        assert begun.acquire(timeout=20)
    assert not begun.acquire(timeout=0.02)
    now[0] = WAITING  # those in hand take so long that it cannot be by computing
    listeners.later(work)
    assert begun.acquire(timeout=20)
    may_end.set()
    assert listeners.drain(20) == 0


def test_what_was_read_for_something_done_is_let_go_while_nothing_else_comes() -> None:
    class Read:
        """What a request read: lists, cards."""

    listeners, gone, read = ListenerThreads(1), threading.Event(), Read()
    kept = weakref.ref(read, lambda _: gone.set())

    listeners.later(partial(id, read))
    del read

    assert gone.wait(5.0), "its thread waits for the next, and holds it"
    assert kept() is None


def test_what_was_acknowledged_goes_on_where_it_is() -> None:
    listeners, where = ListenerThreads(1), list[str]()

    def here() -> None:
        where.append(threading.current_thread().name)

    def work() -> None:
        here()
        listeners.submit(here).result()
        listeners.later(here)

    listeners.later(work)
    assert listeners.drain(20) == 0
    assert len(where) == 3
    assert len(set(where)) == 1


def test_a_listener_that_never_ends_is_counted(tmp_path: Path) -> None:
    listeners, never = ListenerThreads(1), threading.Event()
    listeners.submit(never.wait)
    assert listeners.drain(0.01) == 1
    never.set()
    assert listeners.drain(5) == 0
    assert process(Loop(), tmp_path, listeners).stop() == 0


@pytest.mark.slow
def test_a_loop_that_hangs_is_cut_off_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(Loop):
        def wake(self) -> None:
            """Nothing reaches it: it waits for a Redis that hangs."""

    loop = Hanging()
    bot = process(loop, tmp_path)
    bot.start_following()
    monkeypatch.setattr("bot.process.ENDING", 0.05)
    assert bot.stop() == 1
    assert list(tmp_path.iterdir()) == []
    loop.over.set()


def test_a_signal_that_woke_nobody_is_noticed() -> None:
    """Python runs a handler between two instructions of the main thread: one that waits without an end has none."""

    class Waiting(threading.Event):
        waits: ClassVar[list[float | None]] = []

        def wait(self, timeout: float | None = None) -> bool:
            self.waits.append(timeout)
            return len(self.waits) == 3

    wait_for(Waiting())

    assert Waiting.waits == [LOST] * 3


def test_a_signal_that_comes_while_its_event_is_locked_neither_hangs_nor_is_lost() -> None:
    """It interrupts the main thread anywhere: between two instructions of ``Event.wait``, too."""
    stop, before = threading.Event(), [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)]
    stop_on_signals(stop.set)
    try:
        with stop._cond:  # type: ignore[attr-defined] # what `wait` holds
            signal.raise_signal(signal.SIGTERM)
            assert not stop.is_set()
        assert stop.wait(5.0)
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)
