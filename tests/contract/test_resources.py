"""The work queue's contract, held against the twin in memory and the store on a real server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import pytest
from redis import Redis

from bot.controller.lanes import Room
from bot.controller.model import Claim, Document, Done, Key, Registration, RequeueAfter, StaleClaim
from bot.controller.ports import ResourceStore
from storage.keys import Keys
from storage.redis_resources import RedisResources
from tests.attacks.test_many_at_once import at_once
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources
from tests.fixtures.redis import rewind
from tests.tables import table

JOB = Key("job", "a1b2")
OTHER = Key("job", "c3d4")
RELEASE = Key("release", "arn:aws:bedrock:us-west-2:1:provisioned-model/x")


@dataclass
class Bench:
    """A store and the power over its time. ``wait`` with a negative time sets the store's clock back."""

    store: ResourceStore
    clock: FakeClock
    wait: Callable[[float], None]

    def claim_one(self, lease: float = 30.0) -> Claim:
        [claim] = self.store.claim(1, lease)
        return claim

    def want(self, key: Key, spec: Document) -> int:
        """Put another spec in place of what is wanted, and return its generation."""
        changed = self.store.amend(key, lambda _: spec)
        assert changed is not None
        assert changed.spec == spec
        return changed.generation


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    clock = FakeClock()
    if request.param == "twin":

        def wait(seconds: float) -> None:
            (clock.advance if seconds >= 0 else clock.step)(seconds)

        yield Bench(InMemoryResources(clock), clock, wait)
        return
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")

    def let_pass(seconds: float) -> None:
        clock.advance(max(seconds, 0))
        rewind(client, keys, seconds)

    yield Bench(RedisResources(client, keys, clock), clock, let_pass)


def test_a_registered_thing_is_there_and_due(bench: Bench) -> None:
    assert bench.store.register(Registration(JOB, {"v": 1, "owner": "Ümit 🙂"}))
    resource = bench.store.get(JOB)
    assert resource is not None
    assert (resource.key, resource.spec, resource.generation, resource.status, resource.done) == (
        JOB,
        {"v": 1, "owner": "Ümit 🙂"},
        1,
        {},
        False,
    )
    assert resource.due_at == pytest.approx(bench.store.now(), abs=5)
    assert bench.claim_one().resource.key == JOB


def test_registering_twice_changes_nothing(bench: Bench) -> None:
    assert bench.store.register(Registration(JOB, {"n": 1}))
    assert not bench.store.register(Registration(JOB, {"n": 2}))
    resource = bench.store.get(JOB)
    assert resource is not None
    assert resource.spec == {"n": 1}


def test_an_unknown_thing_is_none_and_poking_it_makes_nothing(bench: Bench) -> None:
    assert bench.store.get(JOB) is None
    bench.store.enqueue_now(JOB)
    assert bench.store.get(JOB) is None
    assert bench.store.claim(10, 30) == []
    assert bench.store.amend(JOB, lambda spec: spec) is None


def test_nothing_is_claimed_before_it_is_due(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}, due_in=60))
    assert bench.store.claim(10, 30) == []
    bench.wait(59)
    assert bench.store.claim(10, 30) == []
    bench.wait(1)
    assert bench.claim_one().resource.key == JOB


def test_a_leased_thing_is_not_claimed_until_the_lease_ends(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    first = bench.claim_one(30)
    bench.wait(29)
    assert bench.store.claim(10, 30) == []
    bench.wait(1.5)
    second = bench.claim_one(30)
    assert second.resource.resource_version == first.resource.resource_version + 1
    assert second.holder != first.holder


def test_a_lease_is_measured_by_the_monotonic_clock(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    claim = bench.claim_one(30)
    assert claim.lease_ends == bench.clock.monotonic() + 30
    bench.wait(10)
    claim = bench.store.commit(claim, {}, None)
    assert claim.lease_ends == bench.clock.monotonic() + 30
    assert claim.lease == 30


def test_the_longest_due_comes_first_and_no_more_than_asked_for(bench: Bench) -> None:
    for number in range(5):
        bench.store.register(Registration(Key("job", str(number)), {}, due_in=50 - 10 * number))
    bench.wait(100)
    taken = [claim.resource.key.id for claim in bench.store.claim(3, 30)]
    assert taken == ["4", "3", "2"]
    assert [claim.resource.key.id for claim in bench.store.claim(3, 30)] == ["1", "0"]


def test_only_wanted_kinds_are_claimed_each_for_its_own_lease(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    bench.store.register(Registration(RELEASE, {}))
    bench.store.register(Registration(Key("question", "q"), {}))
    claims = bench.store.claim(10, {"release": 20.0, "job": 120.0})
    assert {(claim.resource.key, claim.lease) for claim in claims} == {(JOB, 120.0), (RELEASE, 20.0)}
    bench.wait(25)
    assert {claim.resource.key for claim in bench.store.claim(10, 30)} == {RELEASE, Key("question", "q")}


def test_each_room_takes_its_own_and_the_first_comes_first(bench: Bench) -> None:
    for number in range(5):
        bench.store.register(Registration(Key("job", str(number)), {}))
    bench.wait(10)
    bench.store.register(Registration(RELEASE, {}))
    rooms = [Room(4, {"release": 30.0, "question": 30.0}), Room(2, {"job": 20.0}), Room(0, {"poll": 30.0})]
    taken = bench.store.claim_for(rooms)
    assert [(each.resource.key.kind, each.lease) for each in taken] == [
        ("release", 30.0),
        ("job", 20.0),
        ("job", 20.0),
    ]
    assert len(bench.store.claim_for(rooms)) == 2
    assert len(bench.store.claim(10, 30)) == 1


def test_turns_are_shared_out_among_channels(bench: Bench) -> None:
    """Whoever has the fewest in hand is next, however many of another's have been due for longer."""
    asked = ["A"] * 6 + ["B", "C", "B", ""]
    for number, channel in enumerate(asked):
        spec = {"question": {"channel": channel}} if channel else {"question": None}
        bench.store.register(Registration(Key("question", f"{channel}{number}"), spec))
        bench.wait(1)
    room = Room(4, {"question": 30.0}, {"question": ("question", "channel")}, {"C": 1}, most=3)
    taken = [each.resource.key.id for each in bench.store.claim_for([room])]
    assert taken == ["A0", "B6", "9", "A1"]
    room = replace(room, free=9, in_hand={"A": 2, "B": 1, "C": 1})
    assert [each.resource.key.id for each in bench.store.claim_for([room])] == ["C7", "B8", "A2"]
    assert bench.store.claim_for([replace(room, in_hand={"A": 3})]) == [], (
        "no group has more than the room says"
    )


@pytest.mark.parametrize("held", [1.0, 20.0])
def test_what_becomes_due_is_found_though_nothing_of_its_kind_was_there(bench: Bench, held: float) -> None:
    """A claim may keep in mind where there is nothing; that must never hide anything."""
    assert bench.store.claim(10, {"job": 30.0, "release": 30.0}) == []
    bench.store.register(Registration(OTHER, {}, due_in=held))
    bench.store.register(Registration(JOB, {}, due_in=held + 5))
    bench.wait(held)
    [other] = bench.store.claim(10, {"job": 30.0, "release": 30.0})
    assert other.resource.key == OTHER
    bench.store.commit(other, {}, RequeueAfter(100), also=[Registration(RELEASE, {}, due_in=50)])
    bench.wait(6)
    assert [claim.resource.key for claim in bench.store.claim(10, {"job": 30.0, "release": 30.0})] == [JOB]
    bench.wait(30.5)
    assert [claim.resource.key for claim in bench.store.claim(10, {"job": 30.0, "release": 30.0})] == [JOB]
    bench.wait(14)
    assert [claim.resource.key for claim in bench.store.claim(10, {"job": 30.0, "release": 30.0})] == [
        RELEASE
    ]


@pytest.mark.slow
def test_all_that_is_not_done_is_read_however_much(bench: Bench) -> None:
    for number in range(1_205):
        bench.store.register(Registration(Key("job", str(number)), {"n": number}))
    for claim in bench.store.claim(3, {"job": 30.0}):
        bench.store.commit(claim, {}, Done())
    left = bench.store.unfinished("job")
    assert len(left) == 1_202
    assert {each.key.id for each in left} == {str(each.spec["n"]) for each in left}
    assert all(each.due_at is not None and not each.done and each.resource_version == 0 for each in left)
    assert bench.store.unfinished("release") == []


def test_a_commit_writes_the_status_and_the_next_due_time(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {"a": 1}))
    claim = bench.store.commit(
        bench.claim_one(), {"phase": "training", "outbox": {"card": {"ts": "1.2"}}}, RequeueAfter(60)
    )
    resource = bench.store.get(JOB)
    assert resource is not None
    assert (
        resource.status == {"phase": "training", "outbox": {"card": {"ts": "1.2"}}} == claim.resource.status
    )
    assert resource.resource_version == claim.resource.resource_version == 2
    assert resource.due_at == pytest.approx(bench.store.now() + 60, abs=5)
    bench.wait(59)
    assert bench.store.claim(1, 30) == []
    bench.wait(1.5)
    assert bench.claim_one().resource.status == resource.status


def test_a_save_keeps_the_lease_and_moves_the_fence(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    claim = bench.claim_one(30)
    bench.wait(20)
    claim = bench.store.commit(claim, {"step": 1}, None)
    bench.wait(20)
    assert bench.store.claim(1, 30) == []
    claim = bench.store.commit(claim, {"step": 2}, None)
    bench.store.commit(claim, {"step": 3}, RequeueAfter(0))
    assert bench.claim_one().resource.status == {"step": 3}


def test_a_stale_claim_changes_nothing(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    stale = bench.claim_one(10)
    bench.wait(11)
    fresh = bench.claim_one(10)
    for outcome in (None, RequeueAfter(0), Done()):
        with pytest.raises(StaleClaim):
            bench.store.commit(stale, {"by": "stale"}, outcome, also=[Registration(OTHER, {})])
    assert bench.store.get(OTHER) is None
    resource = bench.store.get(JOB)
    assert resource is not None
    assert resource.status == {}
    assert bench.store.claim(1, 10) == []
    bench.store.commit(fresh, {"by": "fresh"}, Done())


def test_what_was_committed_is_no_longer_the_callers(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {"v": 1}))
    status = {"outbox": {"card": "posted"}}
    claim = bench.store.commit(bench.claim_one(), status, None)
    status["outbox"]["card"] = "changed since"

    resource = bench.store.get(JOB)
    assert resource is not None
    assert resource.status == claim.resource.status == {"outbox": {"card": "posted"}}


def test_a_claim_that_was_committed_cannot_commit_something_else(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    claim = bench.claim_one()
    bench.store.commit(claim, {"n": 1}, None)
    with pytest.raises(StaleClaim):
        bench.store.commit(claim, {"n": 2}, None)


def test_a_forged_holder_is_refused_even_at_the_right_rev(bench: Bench) -> None:
    """What a store that forgot its last second does: it gives the same rev out twice."""
    bench.store.register(Registration(JOB, {}))
    claim = bench.claim_one()
    with pytest.raises(StaleClaim):
        bench.store.commit(replace(claim, holder="somebody else"), {"n": 1}, Done())


def test_a_lapsed_claim_that_nobody_took_may_still_commit(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    claim = bench.claim_one(10)
    bench.wait(60)
    bench.store.commit(claim, {"n": 1}, Done())
    resource = bench.store.get(JOB)
    assert resource is not None
    assert resource.done


@pytest.mark.parametrize("outcome", [None, RequeueAfter(30), Done()])
def test_a_commit_whose_answer_was_lost_may_be_repeated(
    bench: Bench, outcome: RequeueAfter | Done | None
) -> None:
    bench.store.register(Registration(JOB, {}))
    claim = bench.claim_one()
    first = bench.store.commit(claim, {"n": 1}, outcome, also=[Registration(OTHER, {})])
    second = bench.store.commit(claim, {"n": 1}, outcome, also=[Registration(OTHER, {})])
    assert second.resource.resource_version == first.resource.resource_version
    assert second.resource.done == first.resource.done
    assert bench.store.get(OTHER) is not None


def test_a_repeated_commit_is_stale_once_somebody_else_claimed(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    claim = bench.claim_one()
    bench.store.commit(claim, {"n": 1}, RequeueAfter(0))
    bench.claim_one()
    with pytest.raises(StaleClaim):
        bench.store.commit(claim, {"n": 1}, RequeueAfter(0))


def test_done_leaves_the_due_set_and_is_kept_for_a_week(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {"a": 1}))
    bench.store.commit(bench.claim_one(), {"n": 1}, Done())
    bench.store.enqueue_now(JOB)
    bench.wait(3600)
    assert bench.store.claim(1, 30) == []
    resource = bench.store.get(JOB)
    assert resource is not None
    assert (resource.done, resource.due_at, resource.status) == (True, None, {"n": 1})
    assert not bench.store.register(Registration(JOB, {}))
    assert [each.key for each in bench.store.of_kind("job")] == [JOB]
    bench.wait(7 * 86400)
    assert bench.store.get(JOB) is None
    assert bench.store.of_kind("job") == []
    assert bench.store.register(Registration(JOB, {}))


def test_a_new_spec_brings_a_done_thing_back_for_good(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {"a": 1}))
    bench.store.commit(bench.claim_one(), {"n": 1}, Done())
    assert bench.want(JOB, {"a": 2}) == 2
    claim = bench.claim_one()
    assert (claim.resource.spec, claim.resource.status, claim.resource.done) == ({"a": 2}, {"n": 1}, False)
    bench.store.commit(claim, {"n": 1}, RequeueAfter(200))
    bench.wait(8 * 86400)
    assert bench.claim_one().resource.generation == 2


def test_a_new_spec_makes_a_waiting_thing_due(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}, due_in=200))
    bench.want(JOB, {"a": 2})
    assert bench.claim_one().resource.spec == {"a": 2}


@pytest.mark.parametrize("outcome", [RequeueAfter(200), Done()])
@pytest.mark.parametrize("saves", [0, 1])
def test_a_spec_that_changed_under_a_lease_is_seen_at_once(
    bench: Bench, outcome: RequeueAfter | Done, saves: int
) -> None:
    bench.store.register(Registration(JOB, {"a": 1}))
    claim = bench.claim_one()
    bench.want(JOB, {"a": 2})
    assert bench.store.claim(1, 30) == [], "it is leased"
    for _ in range(saves):
        claim = bench.store.commit(claim, {"n": 0}, None)
        assert claim.resource.generation == 1, "the holder still works on what it claimed"
    after = bench.store.commit(claim, {"n": 1}, outcome)
    assert not after.resource.done
    again = bench.claim_one()
    assert (again.resource.spec, again.resource.generation, again.resource.status) == ({"a": 2}, 2, {"n": 1})


def test_enqueuing_now_makes_a_waiting_resource_due(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}, due_in=200))
    bench.store.register(Registration(RELEASE, {}, due_in=200))
    bench.store.enqueue_now(JOB, RELEASE)
    assert {claim.resource.key for claim in bench.store.claim(10, 30)} == {JOB, RELEASE}


def test_enqueuing_under_a_lease_counts_when_the_holder_commits(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    claim = bench.claim_one()
    bench.store.enqueue_now(JOB)
    assert bench.store.claim(1, 30) == []
    claim = bench.store.commit(claim, {}, None)
    bench.store.commit(claim, {}, RequeueAfter(200))
    bench.store.commit(bench.claim_one(), {}, RequeueAfter(200))
    assert bench.store.claim(1, 30) == [], "enqueued once, looked at once"


def test_due_times_are_cut_to_five_minutes(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}, due_in=7 * 86400))
    bench.wait(301)
    bench.store.commit(bench.claim_one(), {}, RequeueAfter(86400))
    bench.wait(299)
    assert bench.store.claim(1, 30) == []
    bench.wait(2)
    bench.claim_one()


def test_a_clock_that_was_set_back_freezes_nothing(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}, due_in=100))
    bench.wait(-3600)
    claim = bench.claim_one()
    bench.store.commit(claim, {}, RequeueAfter(10))
    assert bench.store.claim(1, 30) == [], "and the new due time is by the new clock"


def test_other_things_are_registered_in_the_same_commit(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {}))
    also = [
        Registration(RELEASE, {"at": 5}, due_in=100),
        Registration(OTHER, {}),
        Registration(JOB, {"new": 1}),
    ]
    bench.store.commit(bench.claim_one(), {}, RequeueAfter(200), also=also)
    release = bench.store.get(RELEASE)
    assert release is not None
    assert release.spec == {"at": 5}
    resource = bench.store.get(JOB)
    assert resource is not None
    assert resource.spec == {}
    assert bench.claim_one().resource.key == OTHER
    assert bench.store.claim(10, 30) == []
    assert [each.key for each in bench.store.of_kind("job")] == [OTHER, JOB]


def test_kinds_are_listed_newest_first_and_cut(bench: Bench) -> None:
    for number in range(12):
        bench.store.register(Registration(Key("job", f"{number}"), {"n": number}))
    bench.store.register(Registration(RELEASE, {}))
    assert [each.spec["n"] for each in bench.store.of_kind("job")] == list(range(11, -1, -1))
    assert [each.spec["n"] for each in bench.store.of_kind("job", 3)] == [11, 10, 9]
    assert bench.store.of_kind("upload") == []
    both = bench.store.of_kinds(["release", "upload", "job"], 2)
    assert {kind: [each.key.id for each in found] for kind, found in both.items()} == {
        "release": [RELEASE.id],
        "upload": [],
        "job": ["11", "10"],
    }


def test_only_what_was_registered_since_is_listed(bench: Bench) -> None:
    for number in range(3):
        bench.store.register(Registration(Key("job", f"{number}"), {"n": number}))
    bench.wait(7200)
    since = bench.store.now() - 60
    for number in range(3, 6):
        bench.store.register(Registration(Key("job", f"{number}"), {"n": number}))
    assert [each.spec["n"] for each in bench.store.of_kind("job", since=since)] == [5, 4, 3]
    assert [each.spec["n"] for each in bench.store.of_kind("job", 2, since=since)] == [5, 4]
    assert [each.spec["n"] for each in bench.store.of_kind("job", since=since - 7200)] == [5, 4, 3, 2, 1, 0]
    late = bench.store.of_kinds(["job", "upload"], unfinished=True, since=since)
    assert {kind: [each.spec["n"] for each in found] for kind, found in late.items()} == {
        "job": [5, 4, 3],
        "upload": [],
    }


def test_of_those_that_are_not_done_as_many_are_listed_as_are_wanted(bench: Bench) -> None:
    for number in range(8):
        bench.store.register(Registration(Key("job", f"{number}"), {"n": number}))
    for claim in bench.store.claim(8, 60):
        if claim.resource.spec["n"] % 3:
            bench.store.commit(claim, {}, Done())
    found = bench.store.of_kinds(["job", "upload"], unfinished=True)
    assert {kind: [each.spec["n"] for each in every] for kind, every in found.items()} == {
        "job": [6, 3, 0],
        "upload": [],
    }
    assert [each.spec["n"] for each in bench.store.of_kinds(["job"], 2, unfinished=True)["job"]] == [6, 3]
    assert len(bench.store.of_kind("job")) == 8


@pytest.mark.slow
def test_who_goes_by_all_of_a_kind_passes_over_none(bench: Bench) -> None:
    """Tried: more of a kind than one look used to read; most are done, and the oldest is not."""
    for number in range(1_100):
        bench.store.register(Registration(Key("job", f"{number:04}"), {"n": number}))
    done = 0
    while claims := bench.store.claim(200, 60):
        for claim in claims:
            is_last = claim.resource.spec["n"] in (0, 7)
            bench.store.commit(claim, {}, RequeueAfter(200) if is_last else Done())
            done += not is_last
    assert done == 1_098
    assert [each.spec["n"] for each in bench.store.of_kind("job")] == list(range(1_099, -1, -1))
    left = bench.store.of_kinds(["job"], unfinished=True)["job"]
    assert [each.spec["n"] for each in left] == [7, 0]
    assert all(each.due_at and not each.done for each in left)


def test_amending_starts_over_on_a_conflict(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {"count": 1}))
    interruptions, seen = iter([True, False]), []

    def add(spec: dict[str, object]) -> dict[str, object]:
        seen.append(dict(spec))
        if next(interruptions):
            assert bench.want(JOB, {"count": 10}) == 2
        return {"count": int(str(spec["count"])) + 1}

    resource = bench.store.amend(JOB, add)
    assert seen == [{"count": 1}, {"count": 10}], (
        "what was read before another wrote is never written over it"
    )
    assert resource is not None
    assert (resource.spec, resource.generation) == ({"count": 11}, 3)


@pytest.mark.parametrize("document", [{"x": float("nan")}, {"x": object()}])
def test_what_is_no_json_is_refused_and_changes_nothing(bench: Bench, document: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        bench.store.register(Registration(JOB, document))
    bench.store.register(Registration(JOB, {}))
    claim = bench.claim_one()
    with pytest.raises((ValueError, TypeError)):
        bench.store.commit(claim, document, Done())
    bench.store.commit(claim, {}, Done())


@pytest.mark.parametrize("lease", [0, -1, 301, {"job": 301}])
def test_a_lease_is_at_most_five_minutes(bench: Bench, lease: float | dict[str, float]) -> None:
    bench.store.register(Registration(JOB, {}))
    with pytest.raises(ValueError, match="lease"):
        bench.store.claim(1, lease)


def test_ids_may_hold_anything(bench: Bench) -> None:
    odd = Key("question", "C1:1700000000.000100 ☃ {x}")
    bench.store.register(Registration(odd, {}))
    bench.store.commit(bench.claim_one(), {"n": 1}, RequeueAfter(0))
    resource = bench.store.get(odd)
    assert resource is not None
    assert resource.status == {"n": 1}


# What there may be only one of

SOLE = "lease of claims"


class Taken(Exception):
    """There is another."""


def awake(store: ResourceStore) -> list[Key]:
    return [each.key for each in store.of_kind("job") if each.spec.get("awake")]


def wakes(bench: Bench, key: Key, before: Callable[[], object] = lambda: None) -> bool:
    """Look whether another is awake and wake this one; ``before``: what happens between the two, once."""
    meanwhile = [before]

    def change(spec: dict[str, object]) -> dict[str, object]:
        if [each for each in awake(bench.store) if each != key]:
            raise Taken
        if meanwhile:
            meanwhile.pop()()
        return {**spec, "awake": True}

    try:
        return bench.store.amend(key, change, SOLE) is not None
    except Taken:
        return False


def begins(bench: Bench, key: Key, before: Callable[[], object] = lambda: None) -> bool:
    """Do the same with one that is registered as it is woken."""
    meanwhile = [before]

    def make() -> Registration:
        if [each for each in awake(bench.store) if each != key]:
            raise Taken
        if meanwhile:
            meanwhile.pop()()
        return Registration(key, {"awake": True})

    try:
        return bench.store.register_sole(SOLE, make)
    except Taken:
        return False


def test_who_looked_before_another_wrote_looks_again(bench: Bench) -> None:
    with table() as row:
        for mine, others in product((wakes, begins), repeat=2):
            with row(mine.__name__, others.__name__):
                one, other = (Key("job", f"{mine.__name__}-{others.__name__}-{each}") for each in "ab")
                for key, way in ((one, mine), (other, others)):
                    if way is wakes:
                        bench.store.register(Registration(key, {}))
                won: list[bool] = []
                assert not mine(bench, one, lambda: won.append(others(bench, other)))  # noqa: B023
                assert won == [True]
                assert awake(bench.store) == [other]
                bench.want(other, {})
                assert not awake(bench.store)
                assert mine(bench, one) or mine is begins
                for each in (one, other):
                    bench.store.amend(each, lambda _: {})


def test_what_is_written_under_another_word_or_under_none_disturbs_nobody(bench: Bench) -> None:
    for key in (JOB, OTHER):
        bench.store.register(Registration(key, {}))
    looks = 0

    def meanwhile(spec: dict[str, object]) -> dict[str, object]:
        nonlocal looks
        looks += 1
        bench.store.amend(OTHER, lambda spec: {**spec, "looks": looks})
        bench.store.amend(OTHER, lambda spec: {**spec, "looks": looks}, "another word")
        return {**spec, "awake": True}

    assert bench.store.amend(JOB, meanwhile, SOLE) is not None
    assert looks == 1


def test_whoever_raises_takes_nothing_and_keeps_nobody_out(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {"awake": True}))
    bench.store.register(Registration(OTHER, {}))
    assert not wakes(bench, OTHER)
    assert not begins(bench, Key("job", "third"))
    bench.want(JOB, {})
    assert wakes(bench, OTHER)


def test_registering_what_is_there_changes_nothing_and_writes_under_no_word(bench: Bench) -> None:
    bench.store.register(Registration(JOB, {"n": 1}))
    assert not bench.store.register_sole(SOLE, lambda: Registration(JOB, {"n": 2}))
    kept = bench.store.get(JOB)
    assert kept is not None
    assert kept.spec == {"n": 1}
    bench.store.register(Registration(OTHER, {}))
    assert wakes(bench, OTHER, lambda: bench.store.register_sole(SOLE, lambda: Registration(JOB, {})))


@pytest.mark.parametrize("way", [wakes, begins])
def test_of_eight_in_the_same_moment_one_is_first(bench: Bench, way: Callable[[Bench, Key], bool]) -> None:
    keys = [Key("job", f"{number}") for number in range(8)]
    if way is wakes:
        for key in keys:
            bench.store.register(Registration(key, {}))
    assert sorted(at_once([partial(way, bench, key) for key in keys])) == [False] * 7 + [True]
    assert len(awake(bench.store)) == 1
