"""The limiter: one contract, held against the twin and a real server."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pytest
from redis import Redis

from bot.following.pacing import EDIT, POST, REFRESH, Budget
from bot.following.ports import Limiter
from storage.keys import Keys
from storage.redis_pacing import RedisLimiter
from tests.doubles.clock import FakeClock
from tests.doubles.pacing import InMemoryLimiter
from tests.fixtures.redis import rewind

BUDGETS = {EDIT: Budget(3, 60.0), REFRESH: Budget(2, 60.0, behind=EDIT)}


@dataclass
class Bench:
    """Two processes that share what is kept, and time."""

    one: Limiter
    other: Limiter
    wait: Callable[[float], None]


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def bench(request: pytest.FixtureRequest) -> Bench:
    if request.param == "twin":
        clock = FakeClock()
        twin = InMemoryLimiter(clock, BUDGETS)
        return Bench(
            twin, twin, lambda seconds: clock.advance(seconds) if seconds > 0 else clock.step(seconds)
        )
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    one, other = RedisLimiter(client, keys, BUDGETS), RedisLimiter(client, keys, BUDGETS)
    return Bench(one, other, lambda seconds: rewind(client, keys, seconds))


def test_what_the_budget_has_is_given_at_once_and_no_more(bench: Bench) -> None:
    assert [bench.one.ask(EDIT, who) for who in "abc"] == [0, 0, 0]
    assert bench.other.ask(EDIT, "d") == pytest.approx(60, abs=2)
    bench.wait(61)
    assert bench.other.ask(EDIT, "d") == 0


def test_one_that_asks_often_waits_once_and_nobody_overtakes(bench: Bench) -> None:
    for who in "abc":
        bench.one.ask(EDIT, who)
    for _ in range(5):
        assert bench.one.ask(EDIT, "d") > 50
    bench.wait(1)
    assert bench.other.ask(EDIT, "e") > 50
    bench.wait(60)
    assert bench.one.ask(EDIT, "f") == 0, "d and e have a place each, and one is left"
    bench.wait(0.01)
    assert bench.one.ask(EDIT, "g") > 0
    assert [bench.one.ask(EDIT, who) for who in "ed"] == [0, 0]
    assert bench.one.ask(EDIT, "g") == pytest.approx(60, abs=2)


def test_those_far_behind_are_told_to_wait_for_more_than_one_window(bench: Bench) -> None:
    waits = []
    for number in range(9):
        bench.wait(0.01)
        waits.append(bench.one.ask(EDIT, f"w{number}"))
    assert waits[:3] == [0, 0, 0]
    assert waits[3:6] == pytest.approx([60] * 3, abs=2)
    assert waits[6:] == pytest.approx([120] * 3, abs=2)


def test_one_that_never_comes_back_loses_its_place(bench: Bench) -> None:
    for who in "abcd":
        bench.one.ask(EDIT, who)
    bench.wait(61)
    assert [bench.one.ask(EDIT, who) for who in "ef"] == [0, 0]
    assert bench.one.ask(EDIT, "g") > 0, "d is still waited for"
    bench.wait(35)
    assert bench.one.ask(EDIT, "g") == 0
    assert bench.one.ask(EDIT, "d") > 0


def test_one_that_is_late_holds_nobody_up_and_still_goes_first(bench: Bench) -> None:
    for who in "abc":
        bench.one.ask(EDIT, who)
    bench.wait(1)
    for who in "defghi":
        bench.one.ask(EDIT, who)
        bench.wait(0.01)
    bench.wait(64)
    assert [bench.other.ask(EDIT, who) for who in "hi"] == [0, 0], (
        "d, e, f and g are late, if they come at all"
    )
    assert bench.other.ask(EDIT, "e") == 0, "who comes late has kept its place"
    assert bench.other.ask(EDIT, "g") == pytest.approx(60, abs=2)
    bench.wait(60)
    assert bench.one.ask(EDIT, "j") == 0
    assert [bench.one.ask(EDIT, who) for who in "gk"] == [0, 0]


def test_those_who_go_behind_wait_while_anybody_in_front_does_and_keep_their_places(bench: Bench) -> None:
    for who in "abcd":
        bench.one.ask(EDIT, who)
    assert bench.other.ask(REFRESH, "x") == pytest.approx(60, abs=2), "d waits for an edit"
    bench.wait(0.01)
    assert bench.other.ask(REFRESH, "y") == pytest.approx(60, abs=2)
    bench.wait(61)
    assert bench.one.ask(EDIT, "d") == 0
    assert [bench.one.ask(REFRESH, who) for who in "xy"] == [0, 0]
    assert bench.one.ask(REFRESH, "z") > 50


def test_those_who_go_behind_wait_for_nobody_who_does_not_come(bench: Bench) -> None:
    for who in "abcd":
        bench.one.ask(EDIT, who)
    bench.wait(65)
    assert bench.other.ask(REFRESH, "x") == 0


def test_slacks_wish_is_heeded_by_everybody(bench: Bench) -> None:
    bench.one.hold(EDIT, 30)
    bench.one.hold(EDIT, 10)
    assert bench.other.ask(EDIT, "a") == pytest.approx(30, abs=2)
    assert bench.other.ask(POST, "a") == 0
    bench.wait(31)
    assert bench.other.ask(EDIT, "a") == 0


def test_a_method_without_a_budget_is_only_held(bench: Bench) -> None:
    assert {bench.one.ask("chat.delete", str(number)) for number in range(50)} == {0}
    bench.one.hold("chat.delete", 20)
    assert bench.other.ask("chat.delete", "x") == pytest.approx(20, abs=2)


def test_a_clock_that_is_set_back_stops_nobody_for_long(bench: Bench) -> None:
    for who in "abcd":
        bench.one.ask(EDIT, who)
    bench.wait(-3600)
    assert [bench.one.ask(EDIT, who) for who in "efg"] == [0, 0, 0]


def test_nobody_waits_for_more_than_a_round_of_all_others(bench: Bench) -> None:
    """Each comes back when it was told to, or a moment later; each wants another edit at once."""
    due = dict.fromkeys((f"job{number}" for number in range(7)), 0.0)
    edits: list[tuple[float, str]] = []
    now = 0.0
    while now < 600:
        who = min(due, key=lambda each: due[each])
        if due[who] > now:
            bench.wait(due[who] - now)
            now = due[who]
        wait = bench.one.ask(EDIT, who)
        if not wait:
            edits.append((now, who))
        due[who] = now + max(wait, 1.0)
    times = [at for at, _ in edits]
    assert all(later - first >= 59 for first, later in zip(times, times[3:], strict=False))
    assert len(edits) >= 27
    for who in due:
        mine = [at for at, each in edits if each == who]
        assert all(later - first <= 3 * 60 + 2 for first, later in pairwise([0.0, *mine])), (who, mine)
