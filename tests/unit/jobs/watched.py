"""A job that runs, and what watches a queue of Bedrock's events for it."""

from bot.jobs.dependencies import Cadence
from bot.jobs.events import Events, EventWatch
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

WEST = "us-west-2"
NAME = plan().job_name


def world_with_a_job() -> World:
    """Return one with a job that has run for a while, so that it is looked at once a minute."""
    made = World(cadence=Cadence(poll=60, refresh=60))
    started(made, NAME)
    made.pass_time(200, step=20)
    return made


def started(world: World, name: str) -> None:
    """Have one more job started."""
    job = world.jobs.propose(plan(job_name=name, model_name=name))
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()


def watch(world: World, queue: Events) -> EventWatch:
    """Return what reads the queue for that world."""
    return EventWatch(queue, world.store, world.observations, world.clock, WEST)
