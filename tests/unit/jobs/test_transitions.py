import re
from pathlib import Path

import pytest

from bot.jobs import states, transitions
from bot.jobs.model import Phase, Stage, StageState
from bot.jobs.phases import TRAINING
from bot.jobs.record import JobStatus
from bot.jobs.transitions import ENDED, NEVER_STARTED, RUNNING, STAGE_TABLE, TABLE, advance, strayed


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
    job = JobStatus(phase=Phase.STARTING)

    assert advance(job, Phase.TRAINING)
    assert not advance(job, Phase.TRAINING)
    assert job.phase is Phase.TRAINING


def test_an_older_observation_moves_nothing_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    job = JobStatus(phase=Phase.TRAINING)

    assert not advance(job, Phase.VALIDATING)
    assert job.phase is Phase.TRAINING
    assert [each.message for each in caplog.records] == [
        "A job that is training was not moved to validating: the table does not allow it"
    ]


def test_every_move_is_the_tables_or_refused() -> None:
    for here in Phase:
        for there in Phase:
            job = JobStatus(phase=here)
            assert advance(job, there) is (there in TABLE[here])
            assert job.phase is (there if there in TABLE[here] else here)


def test_nobody_else_writes_a_phase() -> None:
    """One writer for each table: of jobs, of leases, and so on."""
    root = Path(transitions.__file__).parents[1]
    writers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\.phase\s*=[^=]", path.read_text(encoding="utf-8"))
    }

    assert writers >= {"jobs/transitions.py", "leases/transitions.py"}
    assert {each for each in writers if not each.endswith("/transitions.py")} == {
        "schedules/model.py",
        "sweeps/model.py",
    }


def test_every_state_of_a_stage_is_in_its_table() -> None:
    assert set(STAGE_TABLE) == set(StageState)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (StageState.IN_PROGRESS, StageState.COMPLETED, []),
        (StageState.NOT_STARTED, StageState.COMPLETED, []),
        (StageState.COMPLETED, StageState.COMPLETED, []),
        (StageState.COMPLETED, StageState.IN_PROGRESS, ["Training: Completed to InProgress"]),
        (StageState.STOPPING, StageState.NOT_STARTED, ["Training: Stopping to NotStarted"]),
    ],
)
def test_a_stage_that_goes_back_is_told(before: StageState, after: StageState, told: list[str]) -> None:
    assert strayed([Stage(TRAINING, before)], [Stage(TRAINING, after), Stage("Another", after)]) == told


def test_the_diagram_has_every_move_and_no_other() -> None:
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", states.document(), re.MULTILINE))
    jobs = {(here.name, there.name) for here, all_ in TABLE.items() for there in all_}
    stages = {(here.name, there.name) for here, all_ in STAGE_TABLE.items() for there in all_}

    assert drawn == jobs | stages


def test_every_phase_has_its_meaning() -> None:
    assert set(states.MEANINGS) == set(Phase)


def test_the_groups_do_not_overlap() -> None:
    assert not RUNNING & ENDED
    assert NEVER_STARTED < ENDED
