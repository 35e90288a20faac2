"""Channels that Slack gave another ID: which one counts where, and what is not believed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from bot import config
from bot.errors import NotAllowed, Refused, Unavailable
from bot.moved_channels import ASKED_AGAIN, CHECKED, MOST, BudgetsHere, ChannelMoves, KnownHere
from bot.rosters import at
from bot.wiring.access import access_of
from tests.doubles.clock import FakeClock
from tests.doubles.memberships import FakeMemberships
from tests.doubles.moves import InMemoryMoves
from tests.doubles.rosters import FakeRosters, people
from tests.tables import table
from tests.unit.test_config import GOOD


class Moves:
    """``ChannelMoves``, the store behind them, and what Slack confirms: everything, unless a test says otherwise."""

    def __init__(self, *told: tuple[str, str]) -> None:
        self.kept, self.clock = InMemoryMoves(), FakeClock()
        self.confirms, self.asked = True, list[tuple[str, ...]]()
        self.silent: Unavailable | None = None
        self.here = self.another_process()
        for former, later in told:
            self.here.changed(former, later)

    def another_process(self) -> ChannelMoves:
        return ChannelMoves(self.kept, self._confirm, self.clock)

    def _confirm(self, former: Sequence[str], later: str) -> bool:
        self.asked.append((*former, later))
        if self.silent:
            raise self.silent
        return self.confirms


A, B, C, D = "G0A", "C0B", "C0C", "C0D"
MOVES: dict[str, tuple[list[tuple[str, str]], dict[str, str], dict[str, str]]] = {
    "none": ([], {A: A, B: B}, {A: A}),
    "one": ([(A, B)], {A: A, B: A, C: C}, {A: B, B: B, C: C}),
    "told twice": ([(A, B), (A, B)], {B: A}, {A: B}),
    "a chain": ([(A, B), (B, C)], {B: A, C: A}, {A: C, B: C, C: C}),
    "a chain, told from its end": ([(B, C), (A, B)], {B: A, C: A}, {A: C, B: C}),
    "back again": ([(A, B), (B, A)], {A: A, B: B}, {A: A, B: B}),
    "back again, by a third": ([(A, B), (B, C), (C, A)], {A: A, B: B, C: C}, {A: A}),
    "back in the middle": ([(A, B), (B, C), (C, B)], {B: A, C: C}, {A: B}),
    "back again, and away": ([(A, B), (B, A), (A, C)], {C: A, B: B}, {A: C}),
    "to itself": ([(A, A)], {A: A}, {A: A}),
    "two into one": ([(A, C), (B, C)], {C: A, B: B}, {A: C, B: B}),
    "one into two": ([(A, B), (A, C)], {B: A, C: C}, {A: B}),
    "into one that others moved into": ([(A, B), (C, D), (D, B)], {B: A, D: C}, {A: B, C: D}),
    "no channel": ([("U0A", B), (A, "D0B"), ("", B), (A, "C0B C0C"), (A, "*")], {B: B, A: A}, {A: A}),
}


@pytest.mark.parametrize("name", MOVES)
def test_which_id_counts_where(name: str) -> None:
    told, here, there = MOVES[name]
    moves = Moves(*told)
    for process in (moves.here, moves.another_process()):
        process.refresh()
        assert {each: process.here(each) for each in here} == here
        assert {each: process.outward(each) for each in there} == there


SAID: dict[str, tuple[list[tuple[str, str]], tuple[str, str], str]] = {
    "one that nobody heard of": ([], (A, B), ""),
    "the next of one that is known": ([(A, B)], (B, C), ""),
    "by its first ID": ([(A, B)], (A, C), "does not fit"),
    "one that is known": ([(A, B)], (A, B), "does not fit"),
    "back again": ([(A, B)], (B, A), "does not fit"),
    "into another's": ([(A, B)], (C, B), "does not fit"),
    "the same": ([], (A, A), "not the IDs"),
    "a person": ([], ("U0A", B), "not the IDs"),
    "a direct message": ([], (A, "D0B"), "not the IDs"),
    "words": ([], (A, "#claims"), "not the IDs"),
}


@pytest.mark.parametrize("name", SAID)
def test_what_an_operator_may_say_of_a_change_that_nobody_heard_of(name: str) -> None:
    told, said, refused = SAID[name]
    moves = Moves(*told)
    if refused:
        with pytest.raises(Refused, match=refused):
            moves.here.check_may_be_said(*said)
        return
    moves.here.check_may_be_said(*said)
    assert moves.asked[-1] == (*[each for each, _ in told], *said), "Slack says it of every ID on the way"
    moves.confirms = False
    with pytest.raises(Refused, match="Slack does not say"):
        moves.here.check_may_be_said(*said)
    moves.silent = Unavailable("Slack is away.")
    with pytest.raises(Unavailable):
        moves.here.check_may_be_said(*said)
    assert dict(moves.kept.all()) == {later: former for former, later in told}, "nothing is kept by a look"


def test_what_was_said_of_the_wrong_channel_is_taken_back() -> None:
    moves = Moves((A, B))
    other = moves.another_process()
    assert (other.outward(A), moves.here.here(B)) == (B, A)
    for said in ((B, A), (A, C), (C, B)):
        with pytest.raises(Refused, match="Nobody said"):
            moves.here.unsaid(*said)
    assert moves.here.unsaid(A, B) == B
    assert (moves.here.here(B), moves.here.outward(A)) == (B, A)
    moves.clock.advance(CHECKED)
    assert other.outward(A) == A
    moves.here.check_may_be_said(A, C)


def test_what_is_damaged_so_that_it_goes_round_ends() -> None:
    moves = Moves()
    for later, former in ((A, B), (B, C), (C, A), (D, D)):
        moves.kept.keep(later, former)
    moves.here.refresh()
    for each in (A, B, C, D):
        assert moves.here.here(each) in (A, B, C, D)
        assert moves.here.outward(each) in (A, B, C, D)


def test_ids_are_exchanged_wherever_they_stand_and_nowhere_else() -> None:
    moves = Moves((A, B)).here
    told: list[tuple[Any, Any]] = [
        ({"channel": B, "user": "U0B"}, {"channel": A, "user": "U0B"}),
        ({"shares": {"private": {B: [{"ts": "1.0"}]}}}, {"shares": {"private": {A: [{"ts": "1.0"}]}}}),
        (f"look at <#{B}|claims> and <#{B}>", f"look at <#{A}|claims> and <#{A}>"),
        (f"https://x.slack.com/archives/{B}/p100", f"https://x.slack.com/archives/{A}/p100"),
        (f'{{"c":"{B}"}}', f'{{"c":"{A}"}}'),
        ([B, (B, 1)], [A, (A, 1)]),
        (f"{B}X x{B} {B.lower()}", f"{B}X x{B} {B.lower()}"),
        ({"n": 1, "none": None, "yes": True, "bytes": B.encode()},) * 2,
    ]
    with table() as row:
        for outside, inside in told:
            with row(outside):
                assert moves.inward(outside) == inside
                assert moves.outward(inside) == outside


def test_nothing_is_exchanged_that_slack_does_not_confirm() -> None:
    moves = Moves((A, B))
    moves.confirms = False
    assert (moves.here.here(B), moves.here.inward({"channel": B}), moves.here.outward(A)) == (
        B,
        {"channel": B},
        A,
    )
    assert moves.asked == [(A, B)], "asked once in a while"
    moves.confirms = True
    moves.clock.advance(ASKED_AGAIN)
    assert (moves.here.here(B), moves.here.outward(A)) == (A, B)
    moves.confirms = False
    moves.clock.advance(ASKED_AGAIN)
    assert moves.here.here(B) == A, "it is for good"


def test_while_slack_is_silent_nothing_is_read_as_another_and_nothing_sent_to_a_dead_one() -> None:
    moves = Moves((A, B))
    moves.silent = Unavailable("Slack is away.")
    assert moves.here.here(B) == B
    with pytest.raises(Unavailable):
        moves.here.outward({"channel": A})
    assert moves.here.outward({"channel": C}) == {"channel": C}


def test_another_process_hears_of_it() -> None:
    moves = Moves()
    other = moves.another_process()
    assert other.outward(A) == A
    moves.here.changed(A, B)
    assert other.outward(A) == A
    moves.clock.advance(CHECKED)
    assert other.outward(A) == B
    assert not other.refresh(), "nothing new"


def test_what_is_delivered_costs_no_look_at_the_store_each_time() -> None:
    moves = Moves()
    looks = 0

    def all_of_it() -> Mapping[str, str]:
        nonlocal looks
        looks += 1
        return InMemoryMoves.all(moves.kept)

    moves.kept.all = all_of_it  # type: ignore[method-assign]
    for _ in range(5):
        assert moves.here.inward({"channel": B}) == {"channel": B}
    assert looks == 1
    moves.another_process().changed(A, B)
    moves.clock.advance(CHECKED)
    assert moves.here.inward({"channel": B}) == {"channel": A}, "what another process heard"


def test_a_silent_store_leaves_what_is_known_and_takes_nothing_in() -> None:
    moves = Moves((A, B))
    moves.kept.away = Unavailable("Redis is away.")
    moves.clock.advance(CHECKED)
    assert (moves.here.outward(A), moves.here.refresh()) == (B, False)
    with pytest.raises(Unavailable):
        moves.here.changed(B, C)


def test_so_many_are_kept_and_no_more() -> None:
    moves = Moves()
    for number in range(MOST):
        moves.kept.keep(f"C1{number}", f"G1{number}")
    moves.here.changed(A, B)
    assert len(moves.kept.all()) == MOST
    assert moves.here.here(B) == B


def test_either_id_may_be_set() -> None:
    moves = Moves((A, B)).here
    for named in ({A, "U1"}, {B, "U1"}, {A, B, "U1"}):
        known = KnownHere(named, moves)
        assert set(known) == {A, "U1"}
        assert (A in known, "U1" in known, B in known, C in known, len(known)) == (
            True,
            True,
            False,
            False,
            2,
        )
    assert not KnownHere(set(), moves)


def test_of_two_budgets_for_one_channel_the_smaller_counts() -> None:
    moves = Moves((A, B)).here
    budgets: list[Mapping[str, Decimal]] = [
        {A: Decimal(5), "all": Decimal(9)},
        {B: Decimal(5), "all": Decimal(9)},
        {A: Decimal(7), B: Decimal(5), "all": Decimal(9)},
        {A: Decimal(5), "all": Decimal(9), B: Decimal(7)},
    ]
    for each in budgets:
        assert dict(BudgetsHere(each, moves)) == {A: Decimal(5), "all": Decimal(9)}
        assert B not in BudgetsHere(each, moves)


def test_what_the_operator_set_for_a_channel_counts_under_either_id() -> None:
    rosters = FakeRosters(**{A: people("U9")})
    with table() as row:
        for named in (A, B):
            with row(named):
                given = {
                    "TUNESMITH_ALLOWED_CHANNELS": named,
                    "TUNESMITH_TRAINERS": f"U1,{named}",
                    "TUNESMITH_OPERATOR": "U0",
                }
                moves = Moves()
                access = access_of(config.load(GOOD | given), FakeMemberships(), rosters, moves.here)
                moves.here.changed(A, B)
                access.check_channel(A)
                with pytest.raises(NotAllowed):
                    access.check_channel(C)
                assert "U9" in at(access.trainers, A)
                assert "U9" not in at(access.trainers, C)
