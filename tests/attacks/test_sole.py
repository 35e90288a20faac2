"""What there may be only one of, wanted twice in the same moment: one is bought, and the other is told so.

Whoever starts a lease looks whether the model is awake and then writes. Nothing but the leases themselves says which
model is taken, so nothing has to be given back, whatever ends a lease and whatever dies before.
"""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any
from unittest.mock import patch

import pytest

from bot.access import Access
from bot.controller.model import Key
from bot.directory.renaming import RenamingService
from bot.errors import Refused, TunesmithError
from bot.jobs.model import JobPlan
from bot.jobs.record import SCHEMA, JobSpec
from bot.jobs.transitions import NEVER_STARTED
from bot.models.model import ModelLabel
from bot.spending import undo
from bot.spending.votes import PATIENCE, Choice
from tests.attacks.test_extensions import MODEL
from tests.attacks.test_many_at_once import at_once, pressed
from tests.attacks.test_money_races import stores  # noqa: F401 -- a fixture
from tests.attacks.two_channels import TwoChannels
from tests.doubles.bedrock import Fault
from tests.doubles.bought import CHEAP, DEAR
from tests.doubles.memberships import FakeMemberships
from tests.doubles.world import World
from tests.handlers.door import Door, words
from tests.tables import table
from tests.unit.jobs.samples import model, plan

PEOPLE = Access(
    frozenset({"UTRAIN", "UBOSS", "UCHIEF"}), frozenset({"UBOSS", "UCHIEF"}), people=FakeMemberships()
)
RACES = 8
"""Races of each row, each with another seed."""

Stores = Callable[[World, int], None]


def house(*, dear: bool = False) -> World:
    """A world with a model; ``dear``: whatever is started needs an approver."""
    world = World(prices=DEAR if dear else CHEAP, access=PEOPLE)
    world.models.save(model())
    return world.rebuilt()


def planned(world: World, request: str, owner: str = "UTRAIN") -> str:
    wanted = world.leases.plan(model=MODEL, minutes=60, owner=owner, channel="C1", request=request)
    return world.leases.propose(wanted)


def press(world: World, lease: str, choice: Choice, by: str) -> None:
    world.press("lease", lease, choice, by)


def two(world: World, *, dear: bool) -> list[Callable[[], object]]:
    """Two people plan a lease of one model; return the presses that would buy each."""
    leases = [planned(world, "a", "UTRAIN"), planned(world, "b", "UBOSS")]
    world.turn()
    if not dear:
        return [
            partial(press, world, lease, "start", by)
            for lease, by in zip(leases, ("UTRAIN", "UBOSS"), strict=True)
        ]
    for lease in leases:
        press(world, lease, "start", "UTRAIN")
    world.turn()
    return [
        partial(press, world, lease, "approve", by)
        for lease, by in zip(leases, ("UBOSS", "UCHIEF"), strict=True)
    ]


def bought(world: World) -> int:
    for lease in world.store.of_kind("lease"):
        world.store.enqueue_now(lease.key)  # a real server's time does not pass as the world's does
    world.turn()
    return world.endpoints.calls["create"]


def reserved(world: World) -> int:
    return len(world.ledger.entries("2026-11"))


@pytest.mark.slow
@pytest.mark.parametrize("dear", [False, True], ids=["start", "approve"])
def test_two_leases_of_one_model_in_the_same_moment_are_one(stores: Stores, dear: bool) -> None:  # noqa: F811
    """Tried: two people press *Start* on leases of one model in the same moment."""
    for seed in range(RACES):
        world = house(dear=dear)
        stores(world, seed)
        presses = two(world, dear=dear)
        random.Random(seed).shuffle(presses)
        taken = at_once([partial(pressed, each) for each in presses])
        assert sorted(taken) == [False, True], seed
        assert (bought(world), reserved(world)) == (1, 1), seed


@pytest.mark.parametrize("dear", [False, True], ids=["start", "approve"])
def test_who_is_overtaken_between_the_look_and_the_write_is_told_of_the_other(
    stores: Stores,  # noqa: F811
    dear: bool,
) -> None:
    world = house(dear=dear)
    stores(world, 0)
    mine, others = two(world, dear=dear)
    real = world.store.amend
    met: list[bool] = []

    def amend(key: Key, change: Callable[[dict[str, Any]], Any], sole: str = "") -> Any:
        def overtaken(spec: dict[str, Any]) -> Any:
            after = change(spec)
            if not met:
                met.append(True)
                others()
            return after

        return real(key, overtaken, sole)

    with patch.object(world.store, "amend", amend), pytest.raises(Refused, match="already") as refused:
        mine()
    assert met
    assert "/ask" in refused.value.hint
    assert bought(world) == 1


def test_an_approval_of_what_is_awake_meanwhile_costs_nothing_and_may_be_had_later() -> None:
    """Tried: a plan waits for an approver who does not see the other lease, which is started in the meantime."""
    world = house(dear=True)
    waits = planned(world, "a")
    world.turn()
    press(world, waits, "start", "UTRAIN")
    world.prices = CHEAP
    world.rebuilt()
    other = planned(world, "b")
    world.turn()
    press(world, other, "start", "UTRAIN")
    assert bought(world) == 1

    world.leases = world.lease_service(world.directory("UCHIEF", "DCHIEF"))
    with pytest.raises(Refused, match="already"):
        press(world, waits, "approve", "UCHIEF")
    assert (bought(world), reserved(world)) == (1, 1)
    press(world, other, "start", "UTRAIN")
    assert bought(world) == 1, "their own press again"

    world.rebuilt().leases.release(other, "UTRAIN")
    world.pass_time(120)
    press(world, waits, "approve", "UCHIEF")
    assert bought(world) == 2


def starts(world: World, lease: str) -> None:
    press(world, lease, "start", "UTRAIN")


def called_off(world: World, lease: str) -> None:
    press(world, lease, "cancel", "UTRAIN")


def released(world: World, lease: str) -> None:
    starts(world, lease)
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.leases.release(lease, "UTRAIN")


def released_before_it_is_bought(world: World, lease: str) -> None:
    starts(world, lease)
    world.leases.release(lease, "UTRAIN")


def refused_by_aws(world: World, lease: str) -> None:
    world.endpoints.order("create", Fault(Refused("No.")))
    starts(world, lease)


def over_budget(world: World, lease: str) -> None:
    starts(world, lease)
    world.budgets["all"] = Decimal("0.01")
    world.rebuilt()


def lapses(world: World, lease: str) -> None:
    world.clock.advance(PATIENCE + 900)


ENDS: Mapping[str, Callable[[World, str], None]] = {
    each.__name__: each
    for each in (called_off, released, released_before_it_is_bought, refused_by_aws, over_budget, lapses)
}
POINTS = (
    "",
    "after-reserve",
    "before-commit",
    "after-commit",
    "before-create-endpoint",
    "after-create-endpoint",
)


@pytest.mark.slow
def test_a_model_can_be_served_again_however_a_lease_of_it_ended_and_whatever_died_over_it() -> None:
    with table() as row:
        for (name, end), point in product(ENDS.items(), POINTS):
            with row(name, point):
                world = house()
                first = planned(world, "a")
                world.turn()
                end(world, first)
                if point:
                    world.crash_at(point)
                world.rebuilt().pass_time(300)
                world.budgets.clear()
                world.rebuilt()
                assert not world.endpoints.endpoints
                before = bought(world)
                second = planned(world, "b")
                world.turn()
                starts(world, second)
                assert bought(world) == before + 1


def test_a_model_can_be_served_again_when_the_store_forgot_the_lease() -> None:
    """Tried: a fail-over loses the start; what was bought under it comes back by its tags, and is the one there is."""
    world = house()
    first, second = planned(world, "a"), planned(world, "b")
    world.turn()
    image = world.store.image()
    starts(world, first)
    world.store.roll_back(image)
    starts(world, second)
    assert bought(world) == 1
    with pytest.raises(Refused, match="already"):
        starts(world, first)


# Names of plans, which AWS gives once


def first_job(world: World) -> str:
    world.jobs.propose(plan())
    world.turn()
    return plan().job_name


def again(world: World, job: str, epochs: int, by: str) -> JobPlan:
    """``/tune again`` of one person."""
    jobs = world.jobs
    return jobs.propose_drafted(
        lambda: jobs.repeat(job, {"epochCount": str(epochs)}, owner=by, channel="C1"), thread_ts=None
    )


def typed(world: World, name: str, by: str) -> JobPlan:
    """The form, with a name that was typed or suggested."""
    values = world.jobs.draft
    return world.jobs.propose_drafted(
        lambda: values(
            dataset="claims",
            profile="claude-3-haiku",
            job_name=name,
            model_name=name,
            hyperparameters={},
            validation_dataset=None,
            owner=by,
            channel="C1",
        )
    )


def names_of(world: World) -> list[str]:
    return [
        each.spec["plan"][key] for each in world.store.of_kind("job") for key in ("job_name", "model_name")
    ]


@pytest.mark.slow
def test_plans_of_a_job_again_in_the_same_moment_have_names_of_their_own(stores: Stores) -> None:  # noqa: F811
    """Tried: two people have one job planned again; both found the same name free, and one start was refused."""
    for seed in range(RACES):
        world = house()
        stores(world, seed)
        job = first_job(world)
        works = [partial(again, world, job, epochs, by) for epochs, by in ((3, "UTRAIN"), (4, "UBOSS"))]
        random.Random(seed).shuffle(works)
        made = at_once(works)
        assert len(made) == 2
        assert len(set(names_of(world))) == len(names_of(world)) == 6, seed


def test_a_name_that_two_type_in_the_same_moment_is_given_to_one(stores: Stores) -> None:  # noqa: F811
    for seed in range(RACES):
        world = house()
        stores(world, seed)
        works = [partial(typed, world, name, by) for name, by in (("Mine", "UTRAIN"), ("mine", "UBOSS"))]
        assert sorted(at_once([partial(pressed, each) for each in works])) == [False, True], seed
        assert len(names_of(world)) == 2, seed


def renaming(world: World, taken: Callable[[], Collection[str]] | None = None) -> RenamingService:
    names = taken or (lambda: world.jobs.taken().models)
    directory = world.directory("UTRAIN", "C1")
    return RenamingService(world.datasets, world.models, directory, world.access, world.clock, names)


def two_models(world: World) -> None:
    for name in ("first", "second"):
        world.models.save(
            replace(model(name), arn=f"arn:aws:bedrock:us-west-2:1:custom-model/{name}", owner="UTRAIN")
        )


def test_a_name_that_two_models_are_given_in_the_same_moment_is_ones(stores: Stores) -> None:  # noqa: F811
    for seed in range(RACES):
        world = house()
        two_models(world)
        stores(world, seed)
        works = [partial(renaming(world).rename, name, "triage") for name in ("first", "second")]
        assert sorted(at_once([partial(pressed, each) for each in works])) == [False, True], seed
        assert [each.name for each in world.models.labels()] == ["triage"], seed


def renamed_otherwise(world: World) -> None:
    renaming(world).rename("second", "Triage")


def planned_under_it(world: World) -> None:
    typed(world, "triage", "UBOSS")


def deleted(world: World) -> None:
    made = world.models.find("first")
    assert made
    gone = ModelLabel(made.arn, made.job_id, "first", "first", "UBOSS", world.clock.now(), deleted=True)
    world.models.label(lambda: gone)


RIVALS: Mapping[Callable[[World], None], str] = {
    renamed_otherwise: "`triage` is taken",
    planned_under_it: "`triage` is taken",
    deleted: "no model `first` any more",
}


@pytest.mark.parametrize("rival", RIVALS)
def test_who_is_overtaken_between_the_look_at_names_and_the_write_is_told_so(
    stores: Stores,  # noqa: F811
    rival: Callable[[World], None],
) -> None:
    world = house()
    two_models(world)
    stores(world, 0)
    met: list[bool] = []

    def taken() -> Collection[str]:
        names = world.jobs.taken().models
        if not met:
            met.append(True)
            rival(world)
        return names

    with pytest.raises(TunesmithError, match=RIVALS[rival]):
        renaming(world, taken).rename("first", "triage")
    assert met
    assert [each.name for each in world.models.labels() if not each.deleted and each.made_as == "first"] == []


def test_a_plan_that_was_called_off_is_planned_anew_under_its_names_unless_they_are_given_meanwhile() -> None:
    with table() as row:
        for rival in (False, True):
            with row(rival):
                world = house()
                job = first_job(world)
                called_off_plan = again(world, job, 3, "UTRAIN")
                world.turn()
                press_job(world, called_off_plan.id, "cancel")
                world.clock.advance(undo.SECONDS)  # until then somebody may keep it, under its names
                world.turn()
                if rival:
                    assert again(world, job, 4, "UBOSS").job_name == called_off_plan.job_name
                anew = again(world, job, 3, "UTRAIN")
                assert (anew == called_off_plan) is not rival
                world.turn()
                press_job(world, anew.id, "start")
                world.turn()
                assert world.jobs.find(anew.job_name).phase not in NEVER_STARTED
                alive = [each.plan for each in jobs_alive(world)]
                assert len({each.job_name for each in alive}) == len(alive) == 2 + rival


def press_job(world: World, job: str, choice: Choice) -> None:
    world.press("job", job, choice, "UTRAIN")
    world.turn()


def jobs_alive(world: World) -> list[JobSpec]:
    every = world.store.of_kind("job")
    return [SCHEMA.spec_of(each) for each in every if SCHEMA.status_of(each).phase not in NEVER_STARTED]


# The same at the doors


def both(door: Door, ways: Mapping[str, Callable[[Door], object]]) -> None:
    """Have each person do theirs in the same moment."""
    at_once([partial(way, replace(door, user=who)) for who, way in ways.items()])


@pytest.mark.slow
def test_two_people_press_start_on_two_leases_of_one_model_and_one_is_told_of_the_other() -> None:
    for _ in range(RACES):
        it = TwoChannels(secrets=False, access=PEOPLE)
        leases = {who: planned(it.world, who, who) for who in ("UTRAIN", "UBOSS")}
        it.world.turn()
        usd = {who: it.world.store.get(Key("lease", lease)) for who, lease in leases.items()}

        def press_start(door: Door, it: TwoChannels = it, leases: Any = leases, usd: Any = usd) -> None:
            figure = usd[door.user].spec["usd"]
            door.press("plan.start", f"lease:{leases[door.user]}@{figure}")

        both(it.door, dict.fromkeys(leases, press_start))
        assert bought(it.world) == 1
        [said] = [words(each) for each in it.door.webhooks]
        assert "already" in said


@pytest.mark.slow
def test_two_people_type_again_in_the_same_moment_and_have_two_plans() -> None:
    for _ in range(RACES):
        it = TwoChannels(secrets=False, access=PEOPLE)
        job = first_job(it.world)

        def types(door: Door, job: str = job) -> None:
            door.command(f"again {job} epochCount=3")

        both(it.door, dict.fromkeys(("UTRAIN", "UBOSS"), types))
        assert len(set(names_of(it.world))) == len(names_of(it.world)) == 6
        assert it.door.webhooks == [], "neither was refused, and the plans are the answer"
