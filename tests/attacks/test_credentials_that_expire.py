"""AWS credentials that expire while everything runs: one line, one message, nothing given up, and all of it goes on."""

import logging
from collections.abc import Iterator, Mapping

import pytest

from bot.account import reconciler as sweep
from bot.controller.context import AnyReconciler
from bot.controller.controller import Controller
from bot.controller.failure_reporting import FailureReporter
from bot.controller.model import Key
from bot.denials import no_aws_identity
from bot.faults import QUIETEST
from bot.jobs.model import Phase
from bot.kinds import KINDS
from handlers.ui.render import BlockKitRenderer
from tests.doubles.log import LogBench, log_bench
from tests.doubles.world import World
from tests.unit.jobs.samples import model, plan

OPERATOR = "UOPS"
MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
def bench() -> Iterator[LogBench]:
    with log_bench() as made:
        yield made


class House(World):
    """A job that trains, a lease in service, and what is made and watched around them; AWS may not know us."""

    def __init__(self, bench: LogBench) -> None:
        super().__init__(clock=bench.clock)
        self.bench = bench
        self.models.save(model())
        self.hears = (OPERATOR,)
        self.rebuilt()
        self.controller = Controller(
            self.store, self.reconcilers(), self.clock, random=lambda: 0.0, kinds=KINDS
        )
        self.store.register(sweep.registration("us-west-2"))
        self.store.register(sweep.registration("us-east-1"))

    def reconcilers(self) -> Mapping[str, AnyReconciler]:
        kinds = super().reconcilers()
        return {
            kind: FailureReporter(KINDS[kind], each, self.outbox, BlockKitRenderer(), hears=(OPERATOR,))
            for kind, each in kinds.items()
        }

    def trains(self) -> None:
        self.jobs.propose(plan())
        self.turn()
        self.press("job", plan().id, "start", "UTRAIN")
        self.lets_pass(MINUTE)
        self.customization.training(plan().job_name)

    def serves(self) -> str:
        wanted = self.leases.plan(
            model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r"
        )
        lease = self.leases.propose(wanted)
        self.turn()
        self.press("lease", lease, "start", "UTRAIN")
        self.turn()
        self.endpoints.in_service(wanted.endpoint_name)
        self.lets_pass(65)
        return lease

    def expires(self, *, expired: bool = True) -> None:
        def before(_: str) -> None:
            if expired:
                raise no_aws_identity(
                    "ExpiredTokenException: The security token included in the request is expired"
                )

        for service in (self.customization, self.endpoints):
            service.before = before

    def lets_pass(self, seconds: float, step: float = 20.0) -> None:
        while seconds > 0:
            self.pass_time(min(step, seconds), step=10)
            self.bench.watch.look()
            seconds -= step

    def to_the_operator(self) -> list[str]:
        return [each.message.text for each in self.messages.visible(f"D{OPERATOR}")] + self.bench.told

    def in_the_thread(self, words: str) -> list[str]:
        return [each.message.text for each in self.messages.visible("C1") if words in each.message.text]

    def faults(self) -> list[str]:
        """Return what is wrong in the log's words, but for the hourly word that it still is."""
        warned = (each.getMessage() for each in self.bench.lines.records if each.levelno >= logging.WARNING)
        return [each for each in warned if not each.startswith("still so after")]

    def ends(self) -> list[str]:
        return [each for each in self.bench.lines.texts if each.startswith("over after")]


@pytest.mark.slow
def test_a_while_without_credentials_is_one_line_and_one_message_and_all_of_it_goes_on(
    bench: LogBench,
) -> None:
    house = House(bench)
    house.trains()
    lease = house.serves()
    before = len(house.messages.everything_posted)
    house.expires()
    house.lets_pass(25 * MINUTE)
    assert len(house.faults()) == 1, house.faults()
    [told] = house.to_the_operator()
    assert "I have no AWS credentials that work." in told
    assert len(house.messages.everything_posted) == before, "nobody else has to hear of it"

    house.expires(expired=False)
    house.lets_pass(QUIETEST + MINUTE)
    assert len(house.ends()) == 1
    assert len(house.to_the_operator()) == 2
    assert house.to_the_operator()[1].startswith("That is over after")

    house.customization.complete(plan().job_name, training_loss=0.4)
    house.lets_pass(HOUR)
    assert house.jobs.find(plan().job_name).phase is Phase.COMPLETED
    assert len(house.in_the_thread("JobEnded")) == 1
    assert house.endpoints.endpoints == {}
    assert phase(house, lease) == "released"
    assert len(house.faults()) == 1, house.faults()


@pytest.mark.slow
def test_a_night_without_credentials_gives_nothing_up_and_what_is_billed_meanwhile_is_told_once(
    bench: LogBench,
) -> None:
    house = House(bench)
    house.trains()
    lease = house.serves()
    house.expires()
    house.lets_pass(8 * HOUR, step=MINUTE)
    assert len(house.faults()) == 1, house.faults()
    [money, fault] = house.to_the_operator()
    assert "it is billed until it is deleted" in money
    assert "I have no AWS credentials that work." in fault
    assert len(house.in_the_thread("it is billed until it is deleted")) == 1
    assert house.in_the_thread("give up") == []

    house.customization.before = house.endpoints.before = lambda _: None
    house.customization.complete(plan().job_name, training_loss=0.4)
    house.expires(expired=False)
    house.lets_pass(HOUR)
    assert house.jobs.find(plan().job_name).phase is Phase.COMPLETED
    assert phase(house, lease) == "released"
    assert len(house.endpoints.deleted) == 1
    assert len([each for each in house.to_the_operator() if "works again" in each]) == 1


def test_what_is_started_and_bought_meanwhile_waits_and_is_made_once(bench: LogBench) -> None:
    house = House(bench)
    house.jobs.propose(plan())
    wanted = house.leases.plan(model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = house.leases.propose(wanted)
    house.turn()
    house.expires()
    house.press("job", plan().id, "start", "UTRAIN")
    house.press("lease", lease, "start", "UTRAIN")
    house.lets_pass(5 * MINUTE)
    assert house.customization.jobs == {}
    assert len(house.faults()) == 1, house.faults()

    house.expires(expired=False)
    house.lets_pass(6 * MINUTE)
    assert len(house.customization.jobs) == 1
    assert len(house.endpoints.endpoints) == 1
    assert house.jobs.find(plan().job_name).phase is Phase.VALIDATING


def phase(world: World, lease: str) -> str:
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    return str(resource.status["lease"]["phase"])
