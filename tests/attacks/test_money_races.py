"""Money that two people want in the same moment, or that a process dies over: nothing stays reserved for what is not.

Whoever wants more reserves it before it is written down, and may lose that write, or die before it. Afterwards the
ledger has what is written down and no cent more, for the people who wanted it, and the deadline at AWS is the lease's.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import ROUND_CEILING, Decimal
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from redis import Redis

from bot.access import Access
from bot.controller.crash_points import crashing
from bot.controller.model import Key
from bot.errors import Refused, Unavailable
from bot.leases import tags
from bot.leases.deadlines import at_the_latest
from bot.leases.model import LEASE_SCHEMA
from bot.leases.purchase import entry_of
from bot.spending.budgets import Budget, Over
from bot.spending.ledger import Entry, EntryState
from bot.spending.votes import Choice
from storage.keys import Keys
from storage.redis_ledger import RedisLedger
from storage.redis_models import RedisModels
from storage.redis_resources import RedisResources
from tests.attacks.test_deciding import Asked, asked
from tests.attacks.test_extensions import MODEL, house, running
from tests.attacks.test_many_at_once import at_once, pressed
from tests.doubles.bought import SAMPLES
from tests.doubles.ledger import MILLIONTH
from tests.doubles.memberships import FakeMemberships
from tests.doubles.world import Crash, World
from tests.examples import examples
from tests.tables import table

MONTH = "2026-11"
PEOPLE = Access(
    frozenset({"UTRAIN", "UBOSS", "UCHIEF"}), frozenset({"UBOSS", "UCHIEF"}), people=FakeMemberships()
)


@contextmanager
def at(point: str, do: Callable[[], object]) -> Iterator[list[bool]]:
    """Do something the first time that the crash point is passed; what is yielded says whether it was."""
    done: list[bool] = []

    def hook(passed: str) -> None:
        if passed == point and not done:
            done.append(True)
            do()

    with crashing(hook):
        yield done


@contextmanager
def killed(world: World, point: str) -> Iterator[None]:
    """Whatever is done meanwhile ends at that point, as a process does: not even its last word is heard."""
    real = world.endpoints.tag

    def die() -> None:
        world.store.down = True
        raise Crash

    def tag(region: str, arn: str, marks: Mapping[str, str]) -> None:
        real(region, arn, marks)
        if point == "tag":
            die()

    with patch.object(world.endpoints, "tag", tag), at(point, die), pytest.raises((Crash, Unavailable)):
        yield
    assert world.store.down, "it never came so far"
    world.store.down = False


def awake(minutes: int = 60) -> tuple[World, str]:
    """A lease in service: a minute more than three hours needs an approver."""
    world = house(access=PEOPLE)
    return world, running(world, minutes=minutes)


def line(world: World) -> Entry:
    [entry] = world.ledger.entries(MONTH)
    return entry


def check_settled(world: World, lease: str) -> None:
    """See that money, sums and the deadline at AWS are those of what is written down."""
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    spec, entry = LEASE_SCHEMA.spec_of(resource), line(world)
    wanted = entry_of(spec, world.prices, entry.at)
    if entry.state is EntryState.RESERVED:
        assert (entry.committed, entry.others, entry.edition) == (
            wanted.committed, wanted.others, wanted.edition
        )  # fmt: skip
        marked = world.endpoints.only().tags
        assert tags.release_by(marked) == at_the_latest(spec, LEASE_SCHEMA.status_of(resource))
    assert entry.others == wanted.others
    counts = {scope: usd for scope, usd in world.ledger.used(entry.month).items() if usd}
    assert counts == dict.fromkeys(entry.scopes, entry.counts)


@contextmanager
def overtaken(world: World, lease: str, rival: "Move") -> Iterator[None]:
    """Have somebody else press once the money is reserved."""
    with at("after-reserve", lambda: rival(world, lease)) as met:
        yield
    assert met, "nothing was reserved"


def attempt(move: "Move", world: World, lease: str) -> bool:
    """Press it; return whether it counted."""
    return pressed(lambda: move(world, lease))


# More time: whoever loses the write, and whatever dies before it


def extend(world: World, lease: str, minutes: int = 60, by: str = "UBOSS") -> None:
    world.extensions.extend(lease, minutes, by)


def approve(world: World, lease: str) -> None:
    world.extensions.decide(lease, 1, "approve", "UCHIEF")


def asks(world: World, lease: str) -> None:
    world.extensions.extend(lease, 240, "UTRAIN")
    world.turn()


def looks(world: World, lease: str) -> None:
    world.store.enqueue_now(Key("lease", lease))
    world.turn()


Move = Callable[[World, str], object]
RIVALS: Mapping[str, Move] = {
    "declines": lambda world, lease: world.extensions.decide(lease, 1, "decline", "UBOSS"),
    "approves": lambda world, lease: world.extensions.decide(lease, 1, "approve", "UBOSS"),
    "releases": lambda world, lease: world.leases.release(lease, "UTRAIN"),
}
LONGER: Mapping[str, Move] = {
    "extends": lambda world, lease: extend(world, lease, 30, "UTRAIN"),
    "extends more": lambda world, lease: extend(world, lease, 100, "UTRAIN"),
    "releases": lambda world, lease: world.leases.release(lease, "UTRAIN"),
    "has it looked at": looks,
}


def test_an_approval_that_another_press_overtakes_leaves_no_money_reserved() -> None:
    """Tried: *Approve* has reserved the longer sum when somebody else's press is written down."""
    for name, rival in RIVALS.items():
        world, lease = awake()
        asks(world, lease)
        with overtaken(world, lease, rival), pytest.raises(Refused):
            approve(world, lease)
        world.turn()
        check_settled(world, lease)
        if name != "releases":
            assert world.leases.running(MODEL).minutes == (300 if name == "approves" else 60)


def test_more_time_that_another_overtakes_is_reserved_for_what_comes_of_both() -> None:
    with table() as row:
        for name, rival in LONGER.items():
            with row(name):
                world, lease = awake()
                with overtaken(world, lease, rival):
                    attempt(extend, world, lease)
                world.turn()
                check_settled(world, lease)


WAYS: Mapping[str, tuple[Move | None, Move]] = {"extend": (None, extend), "approve": (asks, approve)}


@pytest.mark.slow
def test_a_process_that_dies_before_more_time_is_written_down_leaves_no_money_reserved() -> None:
    """Each death on the way, then each death of who mends it."""
    mending = ("", "after-correct", "after-edition", "before-commit", "after-commit")
    with table() as row:
        for (way, (before, move)), point, second in product(WAYS.items(), ("after-reserve", "tag"), mending):
            with row(way, point, second):
                world, lease = awake()
                if before:
                    before(world, lease)
                with killed(world, point):
                    move(world, lease)
                assert line(world).edition == 1, "it was reserved"
                if second:
                    world.store.enqueue_now(Key("lease", lease))
                    assert world.crash_at(second)
                world.rebuilt().pass_time(120)
                check_settled(world, lease)
                assert world.leases.running(MODEL).minutes == 60
                move(world, lease)
                world.pass_time(60)
                check_settled(world, lease)
                assert world.leases.running(MODEL).minutes == (300 if before else 120)


def test_a_tag_that_arrives_after_all_was_mended_is_put_back() -> None:
    """Tried: the one who lost moves the deadline at AWS only when the lease has been looked at, and dies."""
    world, lease = awake()
    real = world.endpoints.before

    def looked_at(method: str) -> None:
        world.endpoints.before = real
        LONGER["has it looked at"](world, lease)

    world.endpoints.before = looked_at
    with killed(world, "tag"):
        extend(world, lease)
    world.pass_time(70)
    check_settled(world, lease)
    tagged = world.endpoints.calls["tag"]
    world.pass_time(600)
    assert world.endpoints.calls["tag"] - tagged <= 2, "it is not written at each look for ever"


@pytest.mark.slow
def test_what_died_before_the_end_is_right_after_it() -> None:
    for minutes in (None, 61):
        world, lease = awake()
        with killed(world, "after-reserve"):
            extend(world, lease)
        if minutes is None:
            world.leases.release(lease, "UTRAIN")
        world.pass_time(62 * 60, step=20)
        entry = line(world)
        assert (entry.state, entry.others) == (EntryState.SETTLED, ())
        check_settled(world, lease)


# In the same moment, by threads


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def stores(request: pytest.FixtureRequest) -> Callable[[World, int], None]:
    """Puts a world on the twins, or on a real server, under keys of its own."""

    def on_twins(world: World, _: int) -> None:
        world.rebuilt()

    if request.param == "twin":
        return on_twins
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")

    def on_redis(world: World, number: int) -> None:
        own = Keys(f"{keys.root[1:-1]}{number}")
        ledger: Any = RedisLedger(client, own)
        store: Any = RedisResources(client, own, world.clock)
        models: Any = RedisModels(client, own)
        for each in world.models.all():
            models.save(each)
        world.ledger, world.store, world.models = ledger, store, models
        world.rebuilt()

    return on_redis


RACES = examples(20)
"""Races of each kind, each with another seed."""


@pytest.mark.slow
def test_two_presses_in_the_same_moment_leave_what_is_written_down(
    stores: Callable[[World, int], None],
) -> None:
    rivals = {"approve": approve, **RIVALS, "looks": LONGER["has it looked at"]}
    for seed in range(RACES):
        chance = random.Random(seed)
        world = house(access=PEOPLE)
        stores(world, seed)
        lease = running(world)
        resource = Key("lease", lease)
        world.store.enqueue_now(resource)  # a real server's time does not pass as the world's does
        world.turn()
        if chance.random() < 0.5:
            asks(world, lease)
            moves = [approve, rivals[chance.choice(list(rivals))]]
        else:
            moves = [extend, LONGER[chance.choice(list(LONGER))]]
        chance.shuffle(moves)
        at_once([partial(attempt, move, world, lease) for move in moves])
        world.store.enqueue_now(resource)
        world.turn()
        check_settled(world, lease)


# More time at the very end


def on_its_last_second() -> tuple[World, str]:
    """A lease whose hour is over, and at which nobody has looked since."""
    world, lease = awake()
    world.pass_time(55 * 60, step=20)
    world.clock.advance(6 * 60)
    return world, lease


def note(told: list[bool], world: World, lease: str) -> None:
    told.append(attempt(extend, world, lease))


def goes_on(world: World, lease: str) -> bool:
    """See that it either runs as long as somebody was told, or is gone and paid for as long as it ran."""
    world.turn()
    world.pass_time(120)
    check_settled(world, lease)
    state = line(world).state
    assert state is (EntryState.RESERVED if world.endpoints.endpoints else EntryState.SETTLED)
    return bool(world.endpoints.endpoints)


@pytest.mark.slow
def test_more_time_that_is_written_down_while_its_end_is_looked_at_is_had() -> None:
    """Tried: the look has read how long it may run, and finds that it is over, when somebody makes it longer."""
    with table() as row:
        for nth in (1, 2):
            with row(nth):
                world, lease = on_its_last_second()
                looks_at = 0
                told: list[bool] = []

                def before(method: str, w: World = world, one: str = lease, nth: int = nth) -> None:
                    nonlocal looks_at
                    looks_at += method == "get"
                    if looks_at == nth and not told:  # noqa: B023
                        told.append(False)  # noqa: B023
                        told[0] = attempt(extend, w, one)  # noqa: B023

                world.endpoints.before = before
                went_on = goes_on(world, lease)
                assert told == [went_on]
                assert went_on or nth > 1


@pytest.mark.slow
def test_more_time_that_comes_after_its_end_was_written_down_is_refused() -> None:
    for point in ("after-over", "before-delete-endpoint", "after-delete-endpoint", "after-released"):
        world, lease = on_its_last_second()
        told: list[bool] = []
        with at(point, partial(note, told, world, lease)) as met:
            assert not goes_on(world, lease)
        assert met, point
        assert told == [False], point


@pytest.mark.slow
def test_who_reserves_more_time_while_its_end_is_paid_for_and_gets_none_pays_nothing() -> None:
    """Tried: more is reserved between the last look at what is reserved and the moment in which it is paid for."""
    world, lease = on_its_last_second()
    told: list[bool] = []
    reserve, settle = world.ledger.reserve, world.ledger.settle

    def after_its_end(entries: Sequence[Entry], budgets: Sequence[Budget]) -> list[Over]:
        late: list[list[Over]] = []

        def paid_for(entry: Entry, usd: Decimal | None) -> None:
            late.append(reserve(entries, budgets))
            settle(entry, usd)

        with patch.object(world.ledger, "settle", paid_for):
            world.turn()
            world.pass_time(120)
        assert late == [[]], "it was reserved, and in between"
        return late[0]

    with patch.object(world.ledger, "reserve", after_its_end):
        note(told, world, lease)
    assert told == [False]
    assert not goes_on(world, lease)
    assert "UBOSS" not in line(world).scopes


@pytest.mark.slow
def test_a_process_that_dies_when_its_end_is_written_down_is_followed_by_one_that_releases() -> None:
    for point in ("after-over", "before-commit", "after-commit", "before-delete-endpoint"):
        world, lease = on_its_last_second()
        assert world.crash_at(point)
        told = attempt(extend, world, lease)
        world.rebuilt().pass_time(90)
        assert goes_on(world, lease) is told


@pytest.mark.slow
def test_more_time_and_the_end_in_the_same_moment_agree_on_what_was_told() -> None:
    for seed in range(RACES):
        world, lease = on_its_last_second()
        told: list[bool] = []
        moves: list[Callable[[], object]] = [partial(note, told, world, lease), world.controller.tick]
        random.Random(seed).shuffle(moves)
        at_once([*moves, world.controller.tick])
        assert told == [goes_on(world, lease)]


# Every kind that is bought


def every_kind(folder: Path) -> Iterator[tuple[str, Asked]]:
    """Each kind, planned. What it costs needs an approver."""
    for kind in SAMPLES:
        yield kind, asked(folder, kind)


def check_nothing_else_is_reserved(it: Asked) -> None:
    """See that each thing that is bought has one line, and nothing else has any."""
    it.world.rebuilt().pass_time(90)
    kept = it.world.ledger.entries(MONTH)
    assert len(kept) == it.bought, [(each.id, each.state) for each in kept]
    used = sum(each.counts.quantize(MILLIONTH, ROUND_CEILING) for each in kept)
    assert it.world.ledger.used(MONTH).get("all", 0) == used


PAIRS: tuple[tuple[Choice, Choice], ...] = (
    ("start", "cancel"),
    ("approve", "decline"),
    ("approve", "cancel"),
    ("decline", "cancel"),
)


@pytest.mark.slow
def test_opposite_presses_at_once_reserve_for_what_is_bought_alone(tmp_path: Path) -> None:
    by: dict[Choice, str] = {"start": "UTRAIN", "cancel": "UTRAIN", "approve": "UCHIEF", "decline": "UBOSS"}
    with table() as row:
        for number, (pair, order) in enumerate(product(PAIRS, (1, -1))):
            for kind, it in every_kind(tmp_path / str(number)):
                with row(kind, pair, order):
                    if "approve" in pair or "decline" in pair:
                        it.started()
                    press_both(it, pair[::order], by)
                    check_nothing_else_is_reserved(it)


def press_both(it: Asked, pair: Sequence[Choice], by: Mapping[Choice, str]) -> None:
    def press(choice: Choice) -> Callable[[], object]:
        return lambda: pressed(lambda: it.press(choice, by[choice]))

    at_once([*map(press, pair), it.world.turn])


@pytest.mark.slow
def test_what_is_called_off_by_a_process_that_dies_is_not_reserved(tmp_path: Path) -> None:
    """Each death while it is bought, and its end wanted before the next process looks."""
    points = ("after-reserve", "before-commit", "after-commit", "after-account")
    with table() as row:
        for number, (point, nth) in enumerate(product(points, (1, 2, 3))):
            for kind, it in every_kind(tmp_path / str(number)):
                with row(kind, point, nth):
                    it.started()
                    it.press("approve", "UCHIEF")
                    it.world.crash_at(point, nth)
                    end(it, kind)
                    it.world.crash_at(point, nth)
                    check_nothing_else_is_reserved(it)


@pytest.mark.slow
def test_a_budget_that_is_lowered_while_an_approver_is_asked_is_kept(tmp_path: Path) -> None:
    """Tried: *Start* fits, the operator lowers the budget, and then it is approved; or it is lowered after a death."""
    with table() as row:
        for number, point in enumerate(("", "after-reserve")):
            for kind, it in every_kind(tmp_path / str(number)):
                with row(kind, point):
                    it.started()
                    if point:
                        it.press("approve", "UCHIEF")
                        assert it.world.crash_at(point)
                    it.world.budgets["all"] = Decimal(1)
                    it.world.rebuilt()
                    if not point:
                        pressed(partial(it.press, "approve", "UCHIEF"))
                    check_nothing_else_is_reserved(it)
                    expected = SAMPLES[kind].bought if point else 0
                    assert it.bought == expected, "what was reserved was agreed to"


def end(it: Asked, kind: str) -> None:
    """Want the end of what there is of it."""
    world = it.world
    for resource in world.store.of_kind("job"):
        pressed(partial(world.jobs.stop, resource.key.id, "UTRAIN"))
    if kind == "lease":
        pressed(lambda: world.leases.release(world.store.of_kind("lease")[0].key.id, "UTRAIN"))
    if kind == "distillation":
        pressed(lambda: world.service.stop(world.store.of_kind("distillation")[0].key.id, "UTRAIN"))
