"""What cannot be read hides nothing else, does not vanish, and never lets anything run on that is billed."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from redis import Redis

from bot.account import reconciler as account
from bot.controller.damage import Damage, noticing, words_for
from bot.controller.model import Key, Message, Registration, RequeueAfter
from bot.controller.ports import ResourceStore
from bot.controller.schema import Reading
from bot.errors import Unreadable
from bot.jobs.history import Run
from bot.kinds import CALLED, KINDS, SCHEMAS
from bot.models.model import Share
from bot.notifications.model import Reader
from bot.questions.answerer import Turn
from bot.spending.ledger import Entry, SpendingKind
from bot.wiring import reconcilers
from handlers.core import Open, Publish, Say, attempt
from storage.keys import Keys
from storage.redis_resources import RedisResources
from storage.stores import Stores
from tests.attacks.kinds import DAMAGES, STANDING, THINGS, Row, row_of
from tests.attacks.settings import SETTINGS
from tests.attacks.test_silent_store import OPERATOR, Processes
from tests.doubles.clock import START, FakeClock
from tests.doubles.dataset_values import dataset
from tests.doubles.resources import InMemoryResources
from tests.doubles.world import World
from tests.fixtures.redis import new_keys, rewind
from tests.tables import table
from tests.unit.jobs.samples import model

NEWER = ("a row of a newer version", "a row of no version")


def damaged(kind: str, damage: str) -> Row:
    return DAMAGES[damage](row_of(kind))


ON_REDIS = ("job", "release", "account")
"""Kinds that are tried on a real server, too; how a kind is read is no business of the store's."""
STORES = [
    pytest.param("twin", sorted(THINGS), id="twin"),
    pytest.param("redis", ON_REDIS, id="redis", marks=pytest.mark.redis_server),
]
stores = pytest.mark.parametrize(("make_bench", "kinds"), STORES, indirect=["make_bench"])


def cases(kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Return these kinds with every damage that changes anything about them."""
    return [(kind, each) for kind in kinds for each in DAMAGES if damaged(kind, each) != row_of(kind)]


@dataclass
class Bench:
    store: ResourceStore
    damage: Damage
    spoil: Callable[[Key, Row], None]
    wait: Callable[[float], None]


def _on_twin() -> Bench:
    clock, damage = FakeClock(), Damage(CALLED)
    twin = InMemoryResources(clock, Reading(SCHEMAS, damage))

    def write(key: Key, row: Row) -> None:
        kept = twin._rows[key]
        kept.v, kept.spec, kept.status = row["v"], row["spec"], row["status"]

    return Bench(twin, damage, write, clock.advance)


def _on_redis(client: Redis, keys: Keys) -> Bench:
    clock, damage = FakeClock(), Damage(CALLED)

    def let_pass(seconds: float) -> None:
        clock.advance(seconds)
        rewind(client, keys, seconds)

    return Bench(
        RedisResources(client, keys, clock, Reading(SCHEMAS, damage)),
        damage,
        lambda key, row: client.hset(keys.resource(key), mapping=dict(row)),  # type: ignore[arg-type]
        let_pass,
    )


@pytest.fixture
def make_bench(request: pytest.FixtureRequest) -> Callable[[], Bench]:
    """Each with a store of its own, in which nothing is yet."""
    if request.param == "twin":
        return _on_twin
    client: Redis = request.getfixturevalue("redis_client")
    return lambda: _on_redis(client, new_keys())


def test_every_kind_that_the_bot_follows_has_a_schema_and_a_sample() -> None:
    assert set(SCHEMAS) == set(THINGS) == set(reconcilers(SETTINGS))


@pytest.mark.parametrize(
    "make_bench", ["twin", pytest.param("redis", marks=pytest.mark.redis_server)], indirect=True
)
def test_what_the_bot_writes_can_be_read(make_bench: Callable[[], Bench]) -> None:
    with table() as row:
        for kind in sorted(THINGS):
            with row(kind):
                bench = make_bench()
                bench.store.register(Registration(Key(kind, "us-west-2"), THINGS[kind][0]))
                bench.spoil(Key(kind, "us-west-2"), row_of(kind))
                assert bench.store.get(Key(kind, "us-west-2")) is not None
                assert len(bench.store.claim(10, {kind: 30.0})) == 1
                assert not bench.damage.ids(kind)


def _spoilt(bench: Bench, kind: str, damage: str) -> tuple[Key, Key]:
    """Register two of a kind and damage one; return that one and the other."""
    bad, good = Key(kind, "us-west-2"), Key(kind, "us-east-1")
    for key in (bad, good):
        bench.store.register(Registration(key, THINGS[kind][0]))
    bench.spoil(bad, damaged(kind, damage))
    return bad, good


@pytest.mark.slow
@stores
def test_one_that_cannot_be_read_hides_no_other_and_is_said_to_be_missing(
    make_bench: Callable[[], Bench], kinds: Sequence[str], caplog: pytest.LogCaptureFixture
) -> None:
    with table() as row, caplog.at_level(logging.WARNING):
        for kind, damage in cases(kinds):
            with row(kind, damage), noticing() as left_out:
                caplog.clear()
                bench = make_bench()
                bad, good = _spoilt(bench, kind, damage)

                assert [each.key for each in bench.store.of_kind(kind)] == [good]
                assert [each.key for each in bench.store.unfinished(kind)] == [good]
                with pytest.raises(Unreadable, match="cannot be read"):
                    bench.store.get(bad)
                assert left_out == [KINDS[kind].called] * 3
                assert bench.damage.ids(kind) == {bad.id}
                assert len(caplog.records) == 1, "it is logged once"
                assert [each[:2] for each in bench.damage.take_untold()] == [(kind, bad.id)]


@pytest.mark.slow
@stores
def test_one_that_cannot_be_read_is_left_as_it_is_and_keeps_no_other_from_being_followed(
    make_bench: Callable[[], Bench], kinds: Sequence[str]
) -> None:
    with table() as row:
        for kind, damage in cases(kinds):
            with row(kind, damage):
                _is_left_as_it_is(make_bench(), kind, damage)


def _is_left_as_it_is(bench: Bench, kind: str, damage: str) -> None:
    store = bench.store
    bad, good = _spoilt(bench, kind, damage)

    claimed = store.claim(10, {kind: 30.0})
    assert [each.resource.key for each in claimed] == [good]
    store.commit(claimed[0], claimed[0].resource.status, RequeueAfter(300))
    if kind in STANDING and damage not in NEWER:
        [anew] = store.claim(10, {kind: 30.0})
        empty = {name: each for name, each in anew.resource.spec.items() if each not in ([], None)}
        assert (anew.resource.key, empty) == (bad, {"v": 1, "region": "us-west-2"})
        return
    for _ in range(5):
        bench.wait(10)
        assert store.claim(10, {kind: 30.0}) == [], "it is not looked at again and again"
    with pytest.raises(Unreadable):
        store.get(bad)

    bench.spoil(bad, row_of(kind))
    bench.wait(300)
    assert bad in [each.resource.key for each in store.claim(10, {kind: 30.0})], (
        "once it can be read, it goes on"
    )
    assert not bench.damage.ids(kind)


# Repositories

TEXTS: Mapping[str, Callable[[str], str]] = {
    "cut short": lambda text: text[:-4],
    "empty": lambda _: "",
    "a list": lambda _: "[]",
    "null": lambda _: "null",
    "without its members": lambda text: json.dumps({**json.loads(text), "doc": {}, "turns": [{}]}),
    "without an envelope": lambda _: '{"x": 1}',
    "of a newer version": lambda text: json.dumps({**json.loads(text), "v": 2}),
    "of no version": lambda text: json.dumps({**json.loads(text), "v": None}),
}
DATASETS = {each: dataset(each) for each in ("a", "b")}
TURNS = (Turn("user", "Why?"), Turn("assistant", "Because."))


def run(name: str) -> Run:
    return Run(name, "claude-3-haiku", 10, 2, (), 60.0, START)


def entry(name: str) -> Entry:
    return Entry(name, SpendingKind.SERVING, "U1", "C1", "m", "b", "d", START, Decimal(1))


@dataclass(frozen=True)
class Shelf:
    """A repository: how ``a`` and ``b`` are put there, where ``a`` is, and how both are read."""

    where: str
    first: str
    put: Callable[[Stores, str], None]
    key: Callable[[Keys], str]
    read: Callable[[Stores], Sequence[object]]


SHELVES = [
    Shelf(
        "datasets",
        DATASETS["a"].label,
        lambda on, name: on.datasets.save(DATASETS[name]),
        lambda keys: keys.document("datasets", DATASETS["a"].label),
        lambda on: on.datasets.newest_from(["C1"]),
    ),
    Shelf(
        "datasets",
        DATASETS["a"].label,
        lambda on, name: on.datasets.save(DATASETS[name]),
        lambda keys: keys.document("datasets", DATASETS["a"].label),
        lambda on: [each for name in "ab" for each in on.datasets.labels(DATASETS[name].id)],
    ),
    Shelf(
        "models",
        "a",
        lambda on, name: on.models.save(model(name=name)),
        lambda keys: keys.document("models", "a"),
        lambda on: on.models.all(),
    ),
    Shelf(
        "shares",
        "a C1",
        lambda on, name: on.shares.save(Share("m", name, "C1", "U1", START)),
        lambda keys: keys.document("shares", "a C1"),
        lambda on: on.shares.all(),
    ),
    Shelf(
        "runs",
        "a",
        lambda on, name: on.history.save(run(name)),
        lambda keys: keys.document("runs", "a"),
        lambda on: on.history.newest("claude-3-haiku"),
    ),
    Shelf(
        "readers",
        "a",
        lambda on, name: on.readers.save(Reader(name, None, START)),
        lambda keys: keys.document("readers", "a"),
        lambda on: [each for name in "ab" if (each := on.readers.get(name))],
    ),
]


@pytest.mark.slow
@pytest.mark.redis_server
@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.where)
def test_a_document_that_cannot_be_read_hides_no_other(
    shelf: Shelf, redis_client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    with table() as row, caplog.at_level(logging.WARNING):
        for damage in sorted(TEXTS):
            with row(damage):
                caplog.clear()
                _hides_no_other(shelf, TEXTS[damage], redis_client, new_keys(), caplog)


def _hides_no_other(
    shelf: Shelf, spoil: Callable[[str], str], client: Redis, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    reading = Reading(SCHEMAS)
    on = Stores.on(client, keys, reading)
    for each in "ab":
        shelf.put(on, each)
    whole = str(client.get(shelf.key(keys)))
    client.set(shelf.key(keys), spoil(whole))

    with noticing() as left_out:
        assert len(shelf.read(on)) == 1
        assert len(shelf.read(on)) == 1
    assert set(left_out) == {reading.damage.called(shelf.where)}
    assert len(caplog.records) == 1
    assert reading.damage.ids(shelf.where) == {shelf.first}

    client.set(shelf.key(keys), whole)
    assert len(shelf.read(on)) == 2
    assert not reading.damage.ids(shelf.where)
    client.set(shelf.key(keys), spoil(whole))
    shelf.put(on, "a")
    assert len(shelf.read(on)) == 2, "what cannot be read is replaced when it is saved anew"


@pytest.mark.redis_server
def test_a_newest_one_that_cannot_be_read_gives_way_to_an_older_one(
    redis_client: Redis, redis_keys: Keys
) -> None:
    on = Stores.on(redis_client, redis_keys)
    for number in range(6):
        on.datasets.save(dataset("claims", seed=number))
    newest = on.datasets.newest_from(["C1"], limit=6)
    for each in newest[:5]:
        redis_client.set(redis_keys.document("datasets", each.label), "{")
    assert on.datasets.named("claims", limit=1) == [newest[5]]
    assert on.datasets.newest_from(["C1"], limit=1) == [newest[5]]


@pytest.mark.redis_server
def test_turns_that_cannot_be_read_hide_no_others(redis_client: Redis) -> None:
    with table() as row:
        for damage in sorted(TEXTS):
            with row(damage):
                keys, reading = new_keys(), Reading(SCHEMAS)
                on = Stores.on(redis_client, keys, reading)
                for each in "ab":
                    on.conversations.append("C1", "1.0", each, *TURNS)
                key = keys.conversation("C1", "1.0")
                redis_client.lset(key, 0, TEXTS[damage](str(redis_client.lindex(key, 0))))

                assert on.conversations.turns("C1", "1.0") == list(TURNS)
                assert reading.damage.ids("conversations") == {"C1:1.0"}
                on.conversations.append("C1", "1.0", "c", *TURNS)
                assert on.conversations.turns("C1", "1.0") == [*TURNS, *TURNS], "and the thread goes on"


SPENDINGS: list[dict[str, str]] = [
    {"v": "2"},
    {"doc": "{"},
    {"doc": "{}"},
    {"doc": "[]"},
    {"at": "x"},
    {"state": "x"},
    {"committed": "x"},
    {"v": ""},
]


@pytest.mark.redis_server
def test_a_spending_that_cannot_be_read_hides_no_other(redis_client: Redis) -> None:
    with table() as row:
        for damage in SPENDINGS:
            with row(damage):
                keys, reading = new_keys(), Reading(SCHEMAS)
                on = Stores.on(redis_client, keys, reading)
                on.ledger.reserve([entry("a"), entry("b")], [])
                redis_client.hset(keys.spending("a"), mapping=dict(damage))  # type: ignore[arg-type]

                assert [each.id for each in on.ledger.entries(entry("b").month)] == ["b"]
                assert reading.damage.ids("ledger") == {"a"}


@pytest.mark.redis_server
def test_an_observation_that_cannot_be_read_is_as_good_as_none(redis_client: Redis) -> None:
    with table() as row:
        for damage in sorted(set(TEXTS) - {"without its members"}):
            with row(damage):
                keys = new_keys()
                on = Stores.on(redis_client, keys)
                on.observations.put("us-west-2", {"a": {"n": 1}, "b": {"n": 2}})
                key = keys.observed("us-west-2", "a")
                redis_client.set(key, TEXTS[damage](str(redis_client.get(key))))
                assert on.observations.get("us-west-2", "a", "b") == [None, {"n": 2}]
                assert on.observations.changed("us-west-2", {"a": {"n": 1}, "b": {"n": 2}}) == ["a"]


# What people read


@pytest.mark.parametrize(
    ("reply", "place"),
    [
        (Say(Message("Two jobs.", blocks=[{"type": "divider"}])), lambda reply: reply.message.blocks),
        (Open({"type": "modal", "blocks": []}), lambda reply: reply.view["blocks"]),
        (Publish({"type": "home", "blocks": []}), lambda reply: reply.view["blocks"]),
    ],
)
def test_every_answer_says_what_it_had_to_leave_out(reply: Any, place: Callable[[Any], list[Any]]) -> None:
    damage = Damage()

    def work() -> Any:
        for each in ("a", "b"):
            damage.report("job", each, "it is no JSON")
        damage.report("datasets", "c", "it is no JSON")
        return reply

    told = json.dumps(list(place(attempt(work))))
    assert "1 dataset and 2 jobs cannot be read and are left out here. The operator is told." in told


def test_nothing_is_said_where_nothing_is_missing() -> None:
    assert words_for([]) == ""
    reply = Say(Message("Two jobs."))
    assert attempt(lambda: reply) is reply


# Money


MONEY = [
    (kind, damage)
    for kind in ("lease", "release")
    for damage in DAMAGES
    if "members" in damage or "version" in damage or "cut" in damage or "notes" in damage
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "damage"), MONEY)
def test_what_is_billed_is_ended_by_its_tags_and_told_once(
    kind: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    world.store.reading = Reading(SCHEMAS, Damage())
    bot = Processes(2, world, world.store.reading.damage)
    lease = bot.serve()
    world.store.register(account.registration("us-west-2"))
    bot.let_pass(600, step=20)
    row = world.store._rows[Key(kind, lease)]
    spoilt = DAMAGES[damage]({"v": row.v, "spec": row.spec, "status": row.status})
    row.v, row.spec, row.status = spoilt["v"], spoilt["spec"], spoilt["status"]
    with caplog.at_level(logging.WARNING):
        bot.let_pass(3600 - 600 - 65 - 60, step=20)
        assert len(bot.running) == 1, "not a moment early"
        bot.let_pass(240, step=5)
    assert bot.running == []
    assert len(world.endpoints.deleted) == 1

    bot.let_pass(4 * 3600, step=60)
    assert (
        len([each for each in caplog.records if "cannot be read and is left out" in each.getMessage()]) == 1
    )
    assert len([each for each in caplog.records if each.levelno >= logging.ERROR]) == 1
    told = [each.message.text for each in world.messages.visible(f"D{OPERATOR}")]
    assert len([each for each in told if f"I cannot read what I keep of the {kind} `{lease}`" in each]) == 1
    if kind == "release":
        assert len(bot.told("is released: its time was over")) + len(bot.told("Released: AWS confirms")) == 1
        assert bot.phase(lease) == "released"
        [spent] = world.ledger.kept.values()
        assert spent.actual is not None
        assert 12 <= spent.actual <= 16
