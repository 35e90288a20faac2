"""One of everything that people buy, for tests that hold of all of it: a new kind joins them by a sample of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bot.access import Access
from bot.kinds import PURCHASES
from bot.models.model import Lifecycle
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.schedules import hours
from bot.spending.model import Check
from tests.doubles.bedrock import Orders
from tests.doubles.classroom import Classroom
from tests.unit.jobs.samples import ACCESS, model, plan

TEACHER = "nova-pro"
BASE = "anthropic.claude-3-haiku-20240307-v1:0:200k"


def prices(training: str, hour: str, answers: str) -> PriceBook:
    """Return prices in US dollars: of 1,000 tokens that are trained, of an hour, of a million tokens of answers."""
    return PriceBook(
        {
            ("claude-3-haiku", PriceKind.TRAINING): Decimal(training),
            ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(hour),
            (TEACHER, PriceKind.BATCH_INPUT): Decimal(0),
            (TEACHER, PriceKind.BATCH_OUTPUT): Decimal(answers),
        }
    )


CHEAP = prices("0.001", "1", "1")
"""Nothing needs an approver."""
DEAR = prices("1", "30", "300")
"""Everything is over the limit of $25."""
DEARER = prices("2", "60", "600")


@dataclass(frozen=True)
class Sample:
    """A plan of one kind, and what there is of it outside."""

    kind: str
    propose: Callable[[Classroom, str], str]
    """Has it proposed by that owner, and returns its ID."""
    at_aws: Callable[[Classroom], Orders]
    look: str
    """The call by which AWS is asked whether it is there."""
    breaks: Callable[[Classroom], str]
    """Makes a check of it fail, and returns words of why."""
    is_mendable: bool = True
    """Whether a later look could find that mended."""
    bought: int = 1
    """How many things are created by it."""


def _no_role(world: Classroom) -> str:
    world.account.role_check = Check("role", False, "The role does not trust Bedrock.", "Mend it.")
    return "does not trust Bedrock"


def _legacy(world: Classroom) -> str:
    world.customization.lifecycles[BASE] = Lifecycle("LEGACY", datetime(2026, 3, 10, tzinfo=UTC))
    return "Legacy"


def _job(world: Classroom, owner: str) -> str:
    return world.jobs.propose(plan(owner=owner))


def _sweep(world: Classroom, owner: str) -> str:
    return world.sweeps.propose(
        source="claims", hyperparameter="epochCount", values=["1", "2"], owner=owner, channel="C1"
    )


def _lease(world: Classroom, owner: str) -> str:
    wanted = world.leases.plan(model="claims-router", minutes=60, owner=owner, channel="C1", request="r")
    return world.leases.propose(wanted)


def _schedule(world: Classroom, owner: str) -> str:
    return world.schedules.propose(
        model="claims-router",
        hours=hours.parse("sun/9-10"),
        weeks=1,
        owner=owner,
        channel="C1",
        request="r",
    )


def _distillation(world: Classroom, owner: str) -> str:
    world.files.join("C1", owner)
    return world.propose(teacher=TEACHER, owner=owner).id


def _job_again(world: Classroom, owner: str) -> str:
    world.jobs.propose(plan(owner="UCHIEF"))
    world.turn()
    again = world.jobs.repeat(plan().job_name, {"epochCount": "3"}, owner=owner, channel="C1")
    return world.jobs.propose(again)


SAMPLES: Mapping[str, Sample] = {
    "job": Sample("job", _job, lambda world: world.customization, "get", _no_role),
    "job again": Sample("job", _job_again, lambda world: world.customization, "get", _no_role),
    "sweep": Sample("sweep", _sweep, lambda world: world.customization, "get", _no_role, bought=2),
    "lease": Sample("lease", _lease, lambda world: world.endpoints, "get", _legacy, is_mendable=False),
    "schedule": Sample(
        "schedule", _schedule, lambda world: world.endpoints, "get", _legacy, is_mendable=False
    ),
    "distillation": Sample("distillation", _distillation, lambda world: world.batches, "find", _no_role),
}
"""By name, at least one for each of ``bot.kinds.PURCHASES``."""

assert {each.kind for each in SAMPLES.values()} == set(PURCHASES), "each kind that people buy has a sample"


def house(folder: Path, prices: PriceBook, access: Access = ACCESS) -> Classroom:
    """Return a bot for which any of the samples can be proposed."""
    world = Classroom(folder, prices, access=access)
    world.models.save(model())
    return world.rebuilt()
