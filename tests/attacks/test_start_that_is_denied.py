"""After *Start*, AWS lets nobody look whether it is there already: told at once, in words that fit, and mended alone.

Whoever pressed reads within two minutes what is wrong, what mends it and that nothing was bought; nobody reads that
anything is billed; the operator, who alone can act, hears of it once and of its end; then it starts by itself, once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.schedules import hours
from bot.spending.ledger import EntryState
from tests.doubles import bedrock
from tests.doubles.bedrock import Orders
from tests.doubles.classroom import Classroom
from tests.doubles.log import LogBench, log_bench
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import PRICES, model, plan

DENIED = Misconfigured("AWS does not let me look.", hint="Allow bedrock:GetWhatIsThere.")
REFUSED = Misconfigured("AWS does not let me create it.", hint="Allow bedrock:CreateIt.")
APPROVERS = ("UBOSS", "UCHIEF")
Start = Callable[[], None]


@dataclass(frozen=True)
class Purchase:
    """Something that is bought: how it is planned up to *Start*, and where AWS has it."""

    planned: Callable[[Classroom], Start]
    at_aws: Callable[[Classroom], Orders]
    look: str
    bought: int = 1


def job(world: Classroom) -> Start:
    world.jobs.propose(plan())
    return lambda: world.press("job", plan().id, "start", "UTRAIN")


def sweep(world: Classroom) -> Start:
    values = ["2", "4", "6"]
    made = world.sweeps.propose(
        source="claims", hyperparameter="epochs", values=values, owner="UTRAIN", channel="C1"
    )
    return lambda: world.press("sweep", made, "start", "UTRAIN")


def lease(world: Classroom) -> Start:
    asked = world.leases.plan(model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r")
    made = world.leases.propose(asked)
    return lambda: world.press("lease", made, "start", "UTRAIN")


def schedule(world: Classroom) -> Start:
    made = world.schedules.propose(
        model="claims-router",
        hours=hours.parse("sun/9-10"),
        weeks=1,
        owner="UTRAIN",
        channel="C1",
        request="r",
    )
    return lambda: world.press("schedule", made, "start", "UTRAIN")


def distillation(world: Classroom) -> Start:
    made = world.propose()
    return lambda: world.press("distillation", made.id, "start", "UTRAIN")


PURCHASES = {
    "job": Purchase(job, lambda world: world.customization, "get"),
    "sweep": Purchase(sweep, lambda world: world.customization, "get", bought=3),
    "lease": Purchase(lease, lambda world: world.endpoints, "get"),
    "schedule": Purchase(schedule, lambda world: world.endpoints, "get"),
    "distillation": Purchase(distillation, lambda world: world.batches, "find"),
}

ALONE = {kind: each for kind, each in PURCHASES.items() if each.bought == 1}
"""Those of which one is bought: what is denied while one of several is created holds up the others before theirs."""


def planned(folder: Path, purchase: Purchase) -> tuple[Classroom, Orders, Start]:
    folder.mkdir()
    world = Classroom(folder, PRICES)
    world.models.save(model())
    world.hears = APPROVERS
    world.rebuilt()
    start = purchase.planned(world)
    world.turn()
    return world, purchase.at_aws(world), start


def passes(world: World, bench: LogBench, seconds: float) -> None:
    for _ in range(int(seconds / 5)):
        world.pass_time(5)
        bench.passes(5)


def said(world: World, words: str) -> list[str]:
    """Return what was said so anywhere, to people or in channels."""
    places = ["C1", "DUTRAIN", *(f"D{user}" for user in APPROVERS)]
    texts = [each.message.text for place in places for each in world.messages.visible(place)]
    return [each for each in texts if words in each]


@pytest.mark.slow
def test_who_pressed_reads_that_nothing_was_bought_and_why_and_it_starts_once_that_is_mended(
    tmp_path: Path,
) -> None:
    with table() as row:
        for kind, purchase in PURCHASES.items():
            with row(kind), log_bench() as bench:
                world, aws, start = planned(tmp_path / kind, purchase)
                aws.denied[purchase.look] = DENIED
                start()
                passes(world, bench, 120)
                told = said(world, "<@UTRAIN> I can't start this yet, and nothing was bought")
                assert len(told) == purchase.bought, world.messages.visible("C1")
                assert all(DENIED.sentence in each for each in told)

                passes(world, bench, 900)
                assert len(said(world, "I can't")) == purchase.bought
                assert said(world, "billed") == []
                assert aws.calls["create"] == 0
                assert len([each for each in bench.told if DENIED.sentence in each]) == 1, bench.told

                aws.denied.clear()
                passes(world, bench, 300)
                assert aws.calls["create"] == purchase.bought
                assert len([each for each in bench.told if each.startswith("That is over")]) == 1, bench.told


def test_what_was_perhaps_bought_is_not_called_nothing_and_is_found_once_that_is_mended(
    tmp_path: Path,
) -> None:
    """The creation took effect without an answer, and then nobody may look."""
    with table() as row:
        for kind, purchase in ALONE.items():
            with row(kind), log_bench() as bench:
                world, aws, start = planned(tmp_path / kind, purchase)
                aws.before = partial(_deny_after, aws, purchase.look)
                aws.order("create", bedrock.lost_reply())
                start()
                passes(world, bench, 120)
                assert said(world, "nothing was bought") == []
                told = said(world, "<@UTRAIN> I can't see whether this was started")
                assert told, world.messages.visible("C1")
                assert all(DENIED.sentence in each and "billed" in each for each in told)

                aws.before = lambda _: None
                aws.denied.clear()
                passes(world, bench, 300)
                assert aws.calls["create"] == 1


def test_a_creation_that_is_refused_while_nobody_may_look_is_told_and_tried_again_once_that_is_mended(
    tmp_path: Path,
) -> None:
    with table() as row:
        for kind, purchase in ALONE.items():
            with row(kind), log_bench() as bench:
                world, aws, start = planned(tmp_path / kind, purchase)
                aws.before = partial(_deny_after, aws, purchase.look)
                aws.order("create", bedrock.Fault(REFUSED))
                start()
                passes(world, bench, 120)
                assert said(world, "I can't"), world.messages.visible("C1")
                assert said(world, "billed") == []

                aws.before = lambda _: None
                aws.denied.clear()
                passes(world, bench, 300)
                assert aws.calls["create"] == 2


def _deny_after(aws: Orders, look: str, method: str) -> None:
    if method == "create":
        aws.denied[look] = DENIED


def test_a_lease_that_cannot_begin_for_too_long_ends_and_nothing_was_bought(tmp_path: Path) -> None:
    world, aws, start = planned(tmp_path / "lease", PURCHASES["lease"])
    aws.denied["get"] = DENIED
    start()
    world.pass_time(3600, step=30)
    [end] = said(world, "Nothing was bought.")
    assert DENIED.sentence in end
    assert said(world, "billed") == []
    assert [each.state for each in world.ledger.kept.values()] == [EntryState.FREED]


def test_a_lease_that_is_ended_while_it_cannot_begin_is_over_at_once(tmp_path: Path) -> None:
    world, aws, start = planned(tmp_path / "lease", PURCHASES["lease"])
    aws.denied["get"] = DENIED
    start()
    world.pass_time(70)
    world.leases.release("claims-router", "UTRAIN")
    world.pass_time(70)
    assert said(world, "It was released before anything was bought.")
    assert said(world, "billed") == []
    assert [each.state for each in world.ledger.kept.values()] == [EntryState.FREED]
