"""An event of Bedrock's about a batch job: its end is told at once; a flood of them asks about it now and then."""

from collections.abc import Sequence
from pathlib import Path

from bot.distillations.running import running
from bot.jobs.events import PATIENCE, SPACING, EventWatch, Notice
from tests.doubles.classroom import Classroom
from tests.doubles.following_logs import InMemoryObservations

EAST, WEST = "us-east-1", "us-west-2"


class Queue:
    """A queue that has the same notices again whenever it is asked."""

    def __init__(self, *arns: str) -> None:
        self.notices = [Notice("r", each) for each in arns]
        self.asked: list[int] = []

    def receive(self, seconds: int) -> Sequence[Notice]:
        self.asked.append(seconds)
        return self.notices

    def forget(self, notices: Sequence[Notice]) -> None:
        pass


def watched(world: Classroom, queue: Queue) -> EventWatch:
    def batches() -> object:
        return running(world.store, EAST)

    return EventWatch(queue, world.store, InMemoryObservations(), world.clock, EAST, batches)  # type: ignore[arg-type]


def test_its_end_is_told_at_once_and_a_flood_asks_about_it_now_and_then(tmp_path: Path) -> None:
    world = Classroom(tmp_path)
    started = world.started()
    world.pass_time(200)  # it is looked at once a minute by now
    arn = world.jobs_at_bedrock.only().arn
    assert set(running(world.store, EAST)) == {arn}
    assert running(world.store, WEST) == {}
    queue = Queue(arn, arn.replace("model-invocation-job/", "model-invocation-job/x"))
    watching = watched(world, queue)
    world.turn()
    before = world.jobs_at_bedrock.calls["get"]
    for _ in range(20):
        assert watching.attempt() == 0.0
        world.turn()
        world.clock.advance(1)
    assert 20 / SPACING <= world.jobs_at_bedrock.calls["get"] - before <= 20 / SPACING + 2
    waited = (
        "it does not wait twenty seconds with a look to come, or with one that nobody knew to be judged again"
    )
    assert {PATIENCE, 4, 3, 2, 1, 0} == set(queue.asked), waited

    world.clock.advance(SPACING)
    world.jobs_at_bedrock.end("Completed")
    watching.attempt()
    world.turn()
    assert world.end().view.id == started
