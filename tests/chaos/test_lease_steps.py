"""A lease that gets a newer model and is then asked by nobody, killed at every place: each thing is done and told once.

Deterministic: kills are exceptions that nothing catches, time is a fake clock, AWS and Slack are twins.
"""

from collections.abc import Sequence

import pytest

from tests.doubles.world import World
from tests.tables import table
from tests.unit.leases.test_idleness import running
from tests.unit.leases.test_lease import MODEL
from tests.unit.leases.test_swapping import NEW, OLD

pytestmark = [pytest.mark.chaos, pytest.mark.slow]

POINTS = [
    *(
        (f"{place}-{name}", 1)
        for name in ("swap-model", "tag-lease", "idle", "delete-endpoint", "released", "post")
        for place in ("before", "after")
    ),
    *((f"{place}-commit", number) for place in ("before", "after") for number in (1, 2, 3, 5, 8)),
]


def _lives(point: str, occurrence: int) -> Sequence[bool]:
    world = World()
    world.models.save(OLD)
    world.models.save(NEW)
    lease = running(world)
    deaths: list[bool] = []

    def dies(minutes: float) -> None:
        """Kill whoever takes it next, once in each step; the next claim comes when the dead one's is over."""
        deaths.append(world.crash_at(point, occurrence))
        world.clock.advance(35)
        world.turn()
        world.pass_time(minutes * 60, step=60)

    world.swaps.swap(model=NEW.name, lease=lease, by="UTRAIN", channel="C1")
    dies(2)
    world.endpoints.swapped()
    world.clock.advance(16)
    dies(1)
    world.pass_time(31 * 60, step=31 * 60)  # nobody asks it
    world.clock.advance(60)
    dies(4)
    for _ in range(8):  # the minutes between the notice and the release
        world.clock.advance(120)
        if world.crash_at(point, occurrence):
            deaths.append(True)
            break
    world.clock.advance(35)
    world.pass_time(900, step=60)

    assert world.endpoints.calls["create"] == 1
    assert world.endpoints.swaps == [NEW.arn]
    assert world.endpoints.endpoints == {}, "no throughput without a live lease"
    assert len(world.endpoints.deleted) == 1
    said = [each.message.text for each in world.said("LeaseMilestone: ")]
    for words in (f"answers now in place of `{MODEL}`", "No question for", "Nobody had asked it for"):
        assert len([each for each in said if words in each]) == 1, (words, said)
    return deaths


def test_each_step_of_a_swap_and_of_an_idle_release_is_survived() -> None:
    died: set[str] = set()
    with table() as row:
        for point, occurrence in POINTS:
            with row(point, occurrence):
                if any(_lives(point, occurrence)):
                    died.add(point)
    assert {
        f"{place}-{name}" for name in ("swap-model", "tag-lease", "idle") for place in ("before", "after")
    } <= died
