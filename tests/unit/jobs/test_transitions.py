import pytest

from bot.jobs.model import Phase
from bot.jobs.record import JobProgress
from bot.jobs.transitions import ENDED, NEVER_STARTED, RUNNING, TABLE, advance


def test_every_phase_is_in_the_table() -> None:
    assert set(TABLE) == set(Phase)


@pytest.mark.parametrize("phase", sorted(ENDED))
def test_nothing_leaves_an_end(phase: Phase) -> None:
    assert not TABLE[phase]


def test_every_end_can_be_reached_from_the_plan() -> None:
    reached, edge = {Phase.PLANNED}, {Phase.PLANNED}
    while edge:
        edge = {to for phase in edge for to in TABLE[phase]} - reached
        reached |= edge

    assert reached == set(Phase)


def test_the_table_has_no_way_back() -> None:
    def reach(phase: Phase) -> set[Phase]:
        return {*TABLE[phase], *(far for to in TABLE[phase] for far in reach(to))}

    assert [phase for phase in Phase if phase in reach(phase)] == []


def test_advancing_changes_the_phase_once() -> None:
    job = JobProgress(phase=Phase.STARTING)

    assert advance(job, Phase.TRAINING)
    assert not advance(job, Phase.TRAINING)
    assert job.phase is Phase.TRAINING


def test_an_older_observation_moves_nothing() -> None:
    job = JobProgress(phase=Phase.TRAINING)

    assert not advance(job, Phase.VALIDATING)
    assert job.phase is Phase.TRAINING


def test_the_groups_do_not_overlap() -> None:
    assert not RUNNING & ENDED
    assert NEVER_STARTED < ENDED
