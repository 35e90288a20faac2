"""Many things begun in the same moment under one budget: no more of them than it has room for, whoever is first."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

import pytest
from redis import Redis

from bot.errors import Refused
from bot.spending.budgets import Budget
from bot.spending.ports import Ledger
from storage.keys import Keys
from storage.redis_ledger import RedisLedger
from tests.contract.test_ledger import NOVEMBER, entry
from tests.doubles.ledger import InMemoryLedger
from tests.unit.jobs.samples import model
from tests.unit.jobs.test_budgets import MODEL, capped, counted, other

T = TypeVar("T")
EIGHT = range(1, 9)


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of it in the same moment, and return what came of it."""
    made: list[T] = []
    ready = threading.Barrier(len(works))

    def one(work: Callable[[], T]) -> None:
        ready.wait(10)
        made.append(work())

    threads = [threading.Thread(target=one, args=(each,)) for each in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return made


@pytest.mark.redis_server
@pytest.mark.parametrize("scope", ["all", "C1", "U1"])
def test_eight_reservations_at_once_never_go_over_a_budget(
    redis_client: Redis, redis_keys: Keys, scope: str
) -> None:
    ledger: Ledger = RedisLedger(redis_client, redis_keys)
    budget = Budget(scope, Decimal(30))
    over = at_once([lambda n=n: ledger.reserve([entry(n)], [budget]) for n in EIGHT])  # type: ignore[misc]
    assert sorted(map(bool, over)) == [False] * 3 + [True] * 5
    assert ledger.used(NOVEMBER)[scope] == 30


def pressed(press: Callable[[], object]) -> bool:
    try:
        press()
    except Refused:
        return False
    return True


def test_eight_jobs_that_are_started_at_once_are_as_many_as_fit() -> None:
    """Each costs $8.40 of $20."""
    world = capped(all="20")
    jobs = [world.jobs.propose(other(n)) for n in EIGHT]
    world.turn()
    at_once([lambda job=job: pressed(lambda: world.press("job", job, "start", "UTRAIN")) for job in jobs])  # type: ignore[misc]
    world.pass_time(60)
    assert world.customization.calls["create"] == 2
    assert counted(world) == Decimal("16.8")


def test_eight_leases_that_are_started_at_once_are_as_many_as_fit() -> None:
    """Each costs $24 of $50, its start-up included."""
    world = capped(all="50")
    names = [f"{MODEL}-{n}" for n in EIGHT]
    for name in names:
        world.models.save(replace(model(name), arn=f"arn:aws:bedrock:us-west-2:1:custom-model/{name}"))
    plans = [
        world.leases.plan(model=name, minutes=60, owner="UTRAIN", channel="C1", request=name)
        for name in names
    ]
    leases = [world.leases.propose(each) for each in plans]
    world.turn()
    at_once([lambda one=one: pressed(lambda: world.press("lease", one, "start", "UTRAIN")) for one in leases])  # type: ignore[misc]
    world.pass_time(60)
    assert world.endpoints.calls["create"] == 2
    assert counted(world) <= 50


def test_eight_extensions_at_once_are_held_to_the_budget_as_a_whole() -> None:
    world = capped(all="50")
    plan = world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    at_once([lambda: pressed(lambda: world.extensions.extend(lease, 60, "UTRAIN"))] * 8)
    assert counted(world) <= 50
    assert world.leases.running(MODEL).minutes <= 180


def test_the_twin_of_the_ledger_keeps_to_it_too() -> None:
    ledger = InMemoryLedger()
    budget = Budget("all", Decimal(30))
    over = [ledger.reserve([entry(n)], [budget]) for n in EIGHT]
    assert sum(map(bool, over)) == 5
