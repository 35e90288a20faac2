"""AWS in trouble while models are deployed, woken, swapped, removed and on in office hours.

After each: what was wanted is there once and nothing else is, whoever waits has read why, no message stands twice, and
the log has one line of the fault and one of its end.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.controller.context import AnyReconciler
from bot.controller.controller import Controller
from bot.controller.failure_reporting import FailureReporter
from bot.denials import no_aws_identity
from bot.errors import Misconfigured, QuotaReached, TunesmithError, Unavailable
from bot.kinds import KINDS
from bot.leases.endpoint import EndpointStatus
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.schedules.hours import parse
from handlers.ui.render import BlockKitRenderer
from tests.attacks.test_clocks import Clocks
from tests.doubles.log import LogBench, log_bench
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import model

MINUTE, HOUR = 60.0, 3600.0
ON_DEMAND, ON_DEMAND_2 = (model(name, profile="nova-lite") for name in ("claims-nova", "claims-nova-2"))
HOURLY = model()
HOURLY_2 = replace(model("claims-router-2"), created=HOURLY.created + timedelta(days=1))


EVERY = ("create", "get", "list_all", "update", "swap", "delete", "tags", "tag", "lifecycle")


class House(World):
    """A bot whose failures are told as in a process."""

    def __init__(self, bench: LogBench) -> None:
        prices = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(1)})
        super().__init__(clock=bench.clock, prices=prices)
        self.bench = bench
        for each in (HOURLY, HOURLY_2, ON_DEMAND, ON_DEMAND_2):
            self.models.save(each)
        self.hears = ("UOPS",)
        self.rebuilt()
        self.controller = Controller(
            self.store, self.reconcilers(), self.clock, random=lambda: 0.0, kinds=KINDS
        )

    def reconcilers(self) -> Mapping[str, AnyReconciler]:
        return {
            kind: FailureReporter(KINDS[kind], each, self.outbox, BlockKitRenderer(), hears=("UOPS",))
            for kind, each in super().reconcilers().items()
        }

    def lets_pass(self, seconds: float) -> None:
        while seconds > 0:
            self.pass_time(min(30.0, seconds), step=30)
            self.bench.watch.look()
            seconds -= 30

    def ready(self) -> None:
        for each in self.endpoints.endpoints.values():
            if each.status is not EndpointStatus.CREATING:
                continue
            self.endpoints.in_service(each.plan.endpoint_name)
        self.deployments.active()

    def breaks(self, error: TunesmithError | None, *methods: str) -> None:
        for service in (self.endpoints, self.deployments, self.customization):
            service.denied.clear()
            if error:
                service.denied.update(dict.fromkeys(methods or EVERY, error))

    def wake(self, idle: int = 0) -> None:
        plan = self.leases.plan(model=HOURLY.name, minutes=240, owner="UTRAIN", channel="C1", request="r")
        lease = self.leases.propose(plan, idle=idle)
        self.turn()
        self.press("lease", lease, "start", "UTRAIN")

    def awake(self, idle: int = 0) -> str:
        self.wake(idle)
        self.lets_pass(MINUTE)
        self.ready()
        self.lets_pass(2 * MINUTE)
        return self.leases.live()[0].id

    def deploy(self) -> str:
        return self.deploying.deploy(model=ON_DEMAND.name, owner="UTRAIN", channel="C1", request="d")

    def deployed(self) -> str:
        made = self.deploy()
        self.lets_pass(MINUTE)
        self.ready()
        self.lets_pass(2 * MINUTE)
        return made

    def agreed(self, hours: str = "sun/10-16") -> str:
        """Office hours that begin in an hour; the world begins on a Sunday at 9:00 UTC."""
        made = self.schedules.propose(
            model=HOURLY.name, hours=parse(hours), weeks=1, owner="UTRAIN", channel="C1", request="s"
        )
        self.turn()
        self.press("schedule", made, "start", "UTRAIN")
        self.turn()
        return made

    def faults(self) -> list[str]:
        warned = (each.getMessage() for each in self.bench.lines.records if each.levelno >= logging.WARNING)
        return [each for each in warned if not each.startswith("still so after")]

    def ends(self) -> list[str]:
        return [each for each in self.bench.lines.texts if each.startswith("over after")]

    def words(self) -> str:
        return "\n".join(each.message.text for each in self.messages.visible())

    def twice(self) -> list[str]:
        """Return what stands more than once in one place, live cards aside, which differ in what they are of."""
        shown = Counter((each.channel, each.thread_ts, each.message.text) for each in self.messages.visible())
        return [str(each) for each, times in shown.items() if times > 1]


@dataclass(frozen=True)
class Way:
    """What is wanted while AWS is in trouble: how it begins, what is wanted then, and what is there in the end."""

    begin: Callable[[House], object]
    want: Callable[[House, object], object]
    there: Callable[[House], bool]
    refused: Callable[[House], bool] | None = None
    """What is there where AWS's no ends it; None: it is tried until AWS lets it be done."""


WAYS = {
    "a wake": Way(
        lambda _: None,
        lambda h, _: h.wake(),
        lambda h: len(h.endpoints.endpoints) == 1,
        lambda h: not h.endpoints.endpoints and "Nothing was bought" in h.words(),
    ),
    "a swap": Way(
        House.awake,
        lambda h, it: h.swaps.swap(model=HOURLY_2.name, lease=str(it), by="UBOSS", channel="C1"),
        lambda h: h.endpoints.calls["create"] == 1 and h.endpoints.only().model_arn == HOURLY_2.arn,
        lambda h: h.endpoints.only().model_arn != HOURLY_2.arn and "goes on answering" in h.words(),
    ),
    "a lease's end": Way(
        House.awake,
        lambda h, it: h.leases.release(str(it), "UTRAIN"),
        lambda h: h.endpoints.endpoints == {},
    ),
    "a schedule's start": Way(
        House.agreed,
        lambda h, _: h.lets_pass(45 * MINUTE),
        lambda h: len(h.endpoints.endpoints) == 1,
        lambda h: not h.endpoints.endpoints and "Nothing was bought" in h.words(),
    ),
    "a deployment": Way(
        lambda _: None,
        lambda h, _: h.deploy(),
        lambda h: len(h.deployments.made) == len(h.deployments.there) == 1,
        lambda h: not h.deployments.made and "Nothing was billed" in h.words(),
    ),
    "a replacement": Way(
        House.deployed,
        lambda h, it: h.deploying.replace(
            model=ON_DEMAND_2.name, deployment=str(it), by="UTRAIN", channel="C1"
        ),
        lambda h: h.deployments.updates == [ON_DEMAND_2.arn],
        lambda h: h.deployments.updates == [] and "goes on answering" in h.words(),
    ),
    "a removal": Way(
        House.deployed,
        lambda h, it: h.deploying.remove(str(it), "UTRAIN"),
        lambda h: h.deployments.there == {} and len(h.deployments.deleted) == 1,
    ),
}
EXPIRED = no_aws_identity("ExpiredTokenException: The security token included in the request is expired")
DENIED = Misconfigured("AWS does not allow me to do this.", cause="AWS does not allow it")


def lived_through(way: Way, error: TunesmithError, *methods: str) -> list[str]:
    """Return what is wrong after a while of that trouble and more than an hour without it."""
    with log_bench() as bench:
        house = House(bench)
        begun = way.begin(house)
        house.lets_pass(MINUTE)
        bench.lines.records.clear()
        house.breaks(error, *methods)
        way.want(house, begun)
        house.lets_pass(20 * MINUTE)
        lines = len(house.faults())
        heard = [each for each in house.messages.visible() if each.message.text.endswith(error.sentence)]
        house.breaks(None)
        house.lets_pass(10 * MINUTE)
        house.ready()
        if any(
            each.update_to != each.model_arn for each in house.deployments.there.values() if each.update_to
        ):
            house.deployments.updated()
        if any(each.status is EndpointStatus.UPDATING for each in house.endpoints.endpoints.values()):
            house.endpoints.swapped()
        house.lets_pass(70 * MINUTE)
        as_wanted = way.refused if methods and way.refused else way.there
        return [
            *([f"{lines} lines while it lasts: {house.faults()}"] if lines != 1 else []),
            *([f"lines since: {house.faults()}"] if len(house.faults()) > 1 else []),
            *([f"ends: {house.ends()}"] if len(house.ends()) != 1 else []),
            *([f"to the operator: {bench.told}"] if len(bench.told) not in (0, 2) else []),
            *house.twice(),
            *([] if as_wanted(house) else [f"not as it was wanted: {house.words()}"]),
            *([f"told {len(heard)} times"] if len(heard) > 2 else []),
        ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("error", "methods"),
    [(EXPIRED, ()), (DENIED, ("create", "update", "swap", "delete"))],
    ids=["credentials expire", "a permission is taken away"],
)
def test_what_is_wanted_meanwhile_is_there_once_or_refused_in_words(
    error: TunesmithError, methods: tuple[str, ...]
) -> None:
    with table() as row:
        for name, way in WAYS.items():
            with row(name):
                assert lived_through(way, error, *methods) == []


@pytest.fixture
def house() -> Iterator[House]:
    with log_bench() as bench:
        yield House(bench)


@pytest.mark.slow
def test_a_quota_that_is_used_up_refuses_a_day_of_office_hours_in_words_and_the_next_one_comes(
    house: House,
) -> None:
    full = QuotaReached("The account has no model unit left.", hint="A higher quota mends it.")
    house.agreed("daily/10-12")
    house.breaks(full, "create")
    house.lets_pass(4 * HOUR)
    assert house.endpoints.endpoints == {}
    [refused] = [each for each in house.said("LeaseMilestone") if "Nothing was bought" in each.message.text]
    assert "no model unit left" in refused.message.text
    assert len(house.faults()) == 1, house.faults()

    house.breaks(None)
    house.clock.advance(19 * HOUR)
    house.lets_pass(2 * HOUR)
    assert len(house.endpoints.endpoints) == 1
    assert house.twice() == []


@pytest.mark.slow
def test_a_cloudwatch_that_is_away_for_hours_ends_no_lease_early_and_none_late(house: House) -> None:
    """Who asked it besides us is not known: it is not called idle, and it ends with its minutes."""
    house.awake(idle=30)
    house.invocations.denied["last"] = Unavailable("CloudWatch could not be reached.")
    house.lets_pass(3.5 * HOUR)
    assert len(house.endpoints.endpoints) == 1
    assert len(house.faults()) <= 1, house.faults()
    house.lets_pass(HOUR)
    assert house.endpoints.endpoints == {}
    assert house.twice() == []
    assert "nobody has asked" not in house.words().lower()


@pytest.mark.slow
@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_a_machine_whose_clock_is_an_hour_off_has_one_lease_a_day_and_none_longer(by: float) -> None:
    clocks = Clocks()
    world = clocks.world
    world.prices = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(1)})
    world.rebuilt()
    clocks.set("local", by)
    made = world.schedules.propose(
        model=HOURLY.name, hours=parse("daily/10-12"), weeks=1, owner="UTRAIN", channel="C1", request="s"
    )
    world.turn()
    world.press("schedule", made, "start", "UTRAIN")
    begun: dict[str, datetime] = {}
    for _ in range(46 * 6):
        world.pass_time(600, step=300)
        begun |= {arn: each.created for arn, each in world.endpoints.endpoints.items()}
        for each in world.endpoints.endpoints.values():
            world.endpoints.in_service(each.plan.endpoint_name)
    assert world.endpoints.calls["create"] == len(begun) == 2
    lasted = [at - begun[arn] for arn, at in world.endpoints.deleted]
    assert len(lasted) == 2
    assert max(lasted) <= timedelta(hours=2, minutes=15), "its start-up, and the hours that were agreed to"
