"""Whatever is bought and runs is listed wherever people look for what runs, and by one rule."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.controller.documents import dump
from bot.controller.model import RequeueAfter
from bot.distillations.model import KIND as DISTILLATION
from bot.distillations.model import DistillationStatus
from bot.distillations.plan import DistillationPhase
from bot.jobs.cards import JobList
from bot.pricing.model import Quote
from bot.profiles.model import PriceKind
from bot.schedules.model import KIND as SCHEDULE
from bot.schedules.model import SchedulePhase, ScheduleStatus
from bot.spending.deciding import WAIT
from handlers.lookup import running
from handlers.ui.cards.jobs import job_list
from handlers.ui.cards.pricing import overview
from handlers.ui.home import Belongings, home
from handlers.ui.menu import Offered, menu
from handlers.ui.money import storage
from handlers.ui.parts.running import Running
from tests.attacks.two_channels import INSIDER, OUTSIDER, TwoChannels
from tests.doubles.bought import CHEAP, SAMPLES, house
from tests.doubles.classroom import Classroom
from tests.handlers.door import Door
from tests.unit.jobs.samples import model


def runs(world: Classroom) -> Running:
    services = SimpleNamespace(
        jobs=world.jobs,
        leases=world.leases,
        distillations=world.service,
        deployments=world.deploying,
        schedules=world.schedules,
        directory=SimpleNamespace(read_ahead=lambda *_: None),
    )
    links = SimpleNamespace(thread=lambda _channel, _ts: "")
    context: Any = SimpleNamespace(services=services, links=links)
    return running(context)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_bought_and_runs_is_listed_everywhere(tmp_path: Path, name: str) -> None:
    sample, world = SAMPLES[name], house(tmp_path, CHEAP)
    plan = sample.propose(world, "UTRAIN")
    world.turn()
    world.turn()
    assert {each.id for each in _all(runs(world))} == set(), "what is only planned does not run"

    world.press(sample.kind, plan, "start", "UTRAIN")
    for _ in range(3):
        world.turn()

    now = runs(world)
    new = _all(now)
    assert len(new) == sample.bought + (sample.kind == "schedule"), "its lease of today is one, too"
    _is_listed(now)


def test_what_is_deployed_is_listed_everywhere(tmp_path: Path) -> None:
    world = house(tmp_path, CHEAP)
    world.models.save(model("claims-nova", profile="nova-lite"))
    world.deploying.deploy(model="claims-nova", owner="UTRAIN", channel="C1", request="r")
    world.turn()
    now = runs(world)
    assert [each.model_name for each in now.deployments] == ["claims-nova"]
    _is_listed(now)


def _is_listed(now: Running) -> None:
    drawn = {
        "jobs": job_list(JobList(tuple(now.jobs), "running"), now),
        "cost": overview(now, []),
        "home": home(now, Belongings()),
        "menu": menu(now, Offered(checks=True, spends=True)),
    }
    for where, shown in drawn.items():
        for each in _all(now):
            called = each.name if each in (*now.jobs, *now.distillations) else each.model_name
            assert called in str(shown), (where, called)
        assert "Nothing runs" not in str(shown), where
        assert "Nothing is running" not in str(shown), where


def _all(now: Running) -> list[Any]:
    return [*now.jobs, *now.leases, *now.distillations, *now.deployments, *now.schedules]


HOME = {"tab": "home", "type": "app_home_opened", "channel": "D1"}
PLACES: dict[str, Callable[[Door, str], object]] = {
    "the menu": lambda door, who: door.command("", user_id=who),
    "cost": lambda door, who: door.command("cost", user_id=who),
    "jobs running": lambda door, who: door.command("jobs running", user_id=who),
    "jobs all": lambda door, who: door.command("jobs all", user_id=who),
    "status": lambda door, who: door.command("status", user_id=who),
    "Home": lambda door, who: door.event({**HOME, "user": who}),
}


@pytest.mark.parametrize("place", PLACES)
def test_distillations_and_office_hours_are_shown_at_each_place_to_who_sees_their_channel(place: str) -> None:
    house = TwoChannels()
    began = {
        DISTILLATION: dump(DistillationStatus(phase=DistillationPhase.RUNNING)),
        SCHEDULE: dump(ScheduleStatus(phase=SchedulePhase.RUNNING)),
    }
    house.world.clock.advance(WAIT + 1)
    for claim in house.world.store.claim(100, 30):
        kind = claim.resource.key.kind
        begun = {kind: began[kind]} if kind in began else {}
        house.world.store.commit(claim, begun, RequeueAfter(60))
    [there] = house.world.store.of_kind(DISTILLATION)
    shown = {}
    for who in (INSIDER, OUTSIDER):
        house.door.user = who
        house.told()
        PLACES[place](house.door, who)
        shown[who] = str(house.told())
    name = str(there.spec["plan"]["job_name"])
    assert name in shown[INSIDER]
    assert name not in shown[OUTSIDER]
    assert "office hours" in shown[INSIDER] or place == "the menu", (
        "which names three things, the others go first"
    )
    assert "office hours" not in shown[OUTSIDER]


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        (["1.95"], "1 model, $1.95 a month"),
        (["1.95"] * 3, "3 models, $5.85 a month"),
        (["1.95", None], "2 models, $1.95 a month for 1 of them; price unknown for 1"),
        ([None, None], "2 models, price unknown"),
    ],
)
def test_storage_is_said_with_what_nobody_knows(prices: list[str | None], said: str) -> None:
    quotes = [Quote(PriceKind.STORAGE, Decimal(each) if each else None, "") for each in prices]

    assert storage(quotes) == said
    assert f"Storage: {said}" in str(overview(Running(), [], quotes).blocks)
