"""The limiter: one contract, held against the twin and a real server."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pytest
from redis import Redis

from bot.controller.ports import RateLimiter, Turn
from bot.controller.rate_limits import EDIT, POST, REFRESH, RateLimit
from storage.keys import Keys
from storage.redis_rate_limits import RedisRateLimiter
from tests.doubles.clock import FakeClock
from tests.doubles.pacing import InMemoryRateLimiter
from tests.fixtures.redis import rewind

LINE, POSTS, READS = "a line", "posts", "reads"
RATE_LIMITS = {
    EDIT: RateLimit(3, 60.0),
    REFRESH: RateLimit(2, 60.0, behind=EDIT),
    LINE: RateLimit(2, 60.0, line=3),
    f"{LINE} person": RateLimit(1, 60.0, line=1),
    "no line": RateLimit(1, 60.0, line=0),
    POSTS: RateLimit(4, 10.0),
    f"{POSTS} channel": RateLimit(1, 10.0),
    READS: RateLimit(2, 60.0, further=3),
}


@dataclass
class Bench:
    """Two processes that share what is kept, and time."""

    one: RateLimiter
    other: RateLimiter
    wait: Callable[[float], None]


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def bench(request: pytest.FixtureRequest) -> Bench:
    if request.param == "twin":
        clock = FakeClock()
        twin = InMemoryRateLimiter(clock, RATE_LIMITS)
        return Bench(
            twin, twin, lambda seconds: clock.advance(seconds) if seconds > 0 else clock.step(seconds)
        )
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    one, other = RedisRateLimiter(client, keys, RATE_LIMITS), RedisRateLimiter(client, keys, RATE_LIMITS)
    return Bench(one, other, lambda seconds: rewind(client, keys, seconds))


def test_what_the_budget_has_is_given_at_once_and_no_more(bench: Bench) -> None:
    assert [bench.one.ask(EDIT, who) for who in "abc"] == [0, 0, 0]
    assert bench.other.ask(EDIT, "d") == pytest.approx(60, abs=2)
    bench.wait(61)
    assert bench.other.ask(EDIT, "d") == 0


def test_what_weighs_is_had_by_the_minute_in_turn_and_put_right(bench: Bench) -> None:
    assert bench.one.weigh("m", "a", 600, 1000) == Turn(0.0)
    bench.wait(20)
    assert bench.other.weigh("m", "b", 300, 1000) == Turn(0.0)
    waits = bench.one.weigh("m", "c", 300, 1000)
    assert waits.wait == pytest.approx(40, abs=2)
    assert waits.ahead == 0
    assert bench.other.weigh("m", "small", 50, 1000).ahead == 1, "nobody overtakes"
    assert bench.one.weigh("other", "c", 300, 1000).wait == 0
    bench.one.correct("m", "a", 100)
    assert bench.one.weigh("m", "c", 300, 1000) == Turn(0.0)
    assert bench.one.weigh("m", "small", 50, 1000) == Turn(0.0)
    bench.wait(61)
    bench.one.correct("m", "a", 900)  # long over
    assert bench.one.weigh("m", "d", 1000, 1000) == Turn(0.0)


def test_what_is_heavier_than_a_minute_is_had_when_nothing_else_is(bench: Bench) -> None:
    assert bench.one.weigh("m", "a", 10, 1000) == Turn(0.0)
    assert bench.one.weigh("m", "huge", 5000, 1000).wait > 0
    bench.wait(61)
    assert bench.one.weigh("m", "huge", 5000, 1000) == Turn(0.0)


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


def test_a_wish_from_before_the_clock_was_set_back_stops_nothing_for_as_long_as_that(bench: Bench) -> None:
    for method in (EDIT, READS):
        assert bench.one.ask(method, "a") == 0
        bench.one.hold(method, 30)
    bench.wait(-3600)
    assert [bench.other.ask(method, "b") for method in (EDIT, READS)] == [0, 0]
    assert bench.other.ask(READS, "b") == 0, "and what goes on with a turn"
    bench.one.hold(EDIT, 20)
    assert bench.other.ask(EDIT, "c") == pytest.approx(20, abs=2), "a new one counts"


def test_what_goes_on_with_a_turn_waits_for_nobody_and_others_wait_for_it(bench: Bench) -> None:
    for who in "ab":
        assert bench.one.ask(READS, who) == 0
    assert [bench.other.ask(READS, "c") > 0 for _ in range(2)] == [True, True], "it has had no turn"
    bench.wait(20)
    assert bench.other.ask(READS, "a") == 0, "in whichever process"
    bench.wait(41)
    assert bench.one.ask(READS, "c") == 0
    assert bench.one.ask(READS, "d") == pytest.approx(19, abs=2)
    assert bench.other.ask(READS, "b") > 0, "its turn was too long ago"
    bench.one.hold(READS, 20)
    assert bench.other.ask(READS, "c") == pytest.approx(20, abs=2)
    bench.wait(21)
    assert [bench.one.ask(READS, "c") > 0 for _ in range(4)] == [False, False, False, True], (
        "and so often, no more"
    )
    assert [bench.one.ask(EDIT, "x") for _ in range(4)] == [0, 0, 0, pytest.approx(60, abs=2)], (
        "nothing goes on with an edit"
    )


def test_a_method_without_a_budget_is_only_held(bench: Bench) -> None:
    assert {bench.one.ask("chat.delete", str(number)) for number in range(50)} == {0}
    bench.one.hold("chat.delete", 20)
    assert bench.other.ask("chat.delete", "x") == pytest.approx(20, abs=2)


def post(rate_limiter: RateLimiter, who: str, channel: str) -> float:
    return rate_limiter.ask(POSTS, who, (f"channel:{channel}",))


def test_a_share_in_a_place_is_that_place_s_alone(bench: Bench) -> None:
    assert [post(bench.one, who, who) for who in "abc"] == [0, 0, 0]
    assert post(bench.other, "a2", "a") == pytest.approx(10, abs=2)
    assert post(bench.other, "d", "d") == 0, "who waits in a channel waits there alone"
    assert post(bench.one, "e", "e") == pytest.approx(10, abs=2), "and there is a bound for all channels"
    bench.wait(11)
    assert [post(bench.one, "a2", "a"), post(bench.other, "e", "e")] == [0, 0]


def test_a_call_that_waits_for_one_budget_uses_nothing_of_the_other(bench: Bench) -> None:
    assert post(bench.one, "a", "a") == 0
    for number in range(20):
        assert post(bench.one, f"a{number}", "a") > 0
    assert [post(bench.other, who, who) for who in "bcd"] == [0, 0, 0]


def test_a_channel_with_a_long_line_holds_up_no_other(bench: Bench) -> None:
    assert [post(bench.one, who, who) for who in "bcde"] == [0, 0, 0, 0]
    crowd = [f"a{number:02d}" for number in range(20)]
    for who in crowd:
        assert post(bench.one, who, "a") > 0  # all of them stand in the line for all channels
        bench.wait(0.01)
    bench.wait(10.5)
    assert [who for who in crowd if post(bench.one, who, "a") == 0] == crowd[:1], (
        "they wait for their channel"
    )
    assert [post(bench.other, who, who) for who in "fg"] == [0, 0], "and nobody for them"
    bench.wait(10.5)
    assert [who for who in reversed(crowd) if post(bench.one, who, "a") == 0] == crowd[1:2], (
        "each in its turn"
    )


def test_in_a_channel_nobody_overtakes(bench: Bench) -> None:
    post(bench.one, "first", "a")
    for who in "xyz":
        post(bench.one, who, "a")
        bench.wait(0.01)
    done = []
    for _ in range(3):
        bench.wait(10.5)
        done += [who for who in "zyx" if post(bench.other, who, "a") == 0]
        for each in done:
            assert each in "xyz"
    assert done == ["x", "y", "z"]


def test_who_waits_is_told_how_many_are_in_front(bench: Bench) -> None:
    turns = []
    for who in "abcde":
        turns.append(bench.one.turn(LINE, who))
        bench.wait(0.01)
    assert [turn.ahead for turn in turns] == [0, 0, 0, 1, 2]
    assert [round(turn.wait, -1) for turn in turns] == [0, 0, 60, 60, 120]
    assert {turn.full for turn in turns} == {""}


def test_a_line_that_is_full_takes_nobody_and_says_which_it_is(bench: Bench) -> None:
    for who in "abcde":
        bench.one.turn(LINE, who)
    turned_away = bench.other.turn(LINE, "f")
    assert turned_away.full == LINE
    assert turned_away.wait > 50
    assert bench.one.turn(LINE, "c").full == "", "who has a place keeps it"
    bench.wait(61)
    assert [bench.one.ask(LINE, who) for who in "cd"] == [0, 0]
    assert bench.one.turn(LINE, "f").full == "", "there is room again"


def test_who_finds_one_line_full_waits_in_none(bench: Bench) -> None:
    mine = ("person:U1",)
    assert bench.one.turn(LINE, "a", mine).wait == 0
    assert bench.one.turn(LINE, "b", mine).full == ""
    for number in range(30):
        assert bench.other.turn(LINE, f"more {number}", mine).full == f"{LINE} person:U1"
    assert bench.one.turn(LINE, "x", ("person:U2",)).wait == 0, "others have their turns as before"


def test_without_a_line_it_is_now_or_not_at_all(bench: Bench) -> None:
    assert bench.one.ask("no line", "a") == 0
    assert bench.one.ask("no line", "b") == pytest.approx(60, abs=2)
    bench.wait(61)
    assert bench.other.ask("no line", "c") == 0, "b has no place before it"
    bench.one.hold("no line", 90)
    assert bench.other.ask("no line", "d") == pytest.approx(90, abs=2)
    bench.wait(91)
    assert bench.one.ask("no line", "e") == 0


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
