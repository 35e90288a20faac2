"""The phases of a deployment, and from which to which it may go."""

from bot.deployments.model import ENDED, DeploymentStatus
from bot.deployments.model import DeploymentPhase as Phase
from bot.deployments.transitions import TABLE, advance
from tests.tables import table


def test_every_move_is_the_tables_or_changes_nothing() -> None:
    assert set(TABLE) == set(Phase)
    with table() as row:
        for here in Phase:
            for there in Phase:
                with row(here, there):
                    status = DeploymentStatus(phase=here)
                    assert advance(status, there) is (there in TABLE[here])
                    assert status.phase is (there if there in TABLE[here] else here)


def test_nothing_leaves_an_end_and_each_can_be_reached() -> None:
    reached, edge = {Phase.REQUESTED}, {Phase.REQUESTED}
    while edge:
        edge = {to for phase in edge for to in TABLE[phase]} - reached
        reached |= edge
    assert reached == set(Phase)
    assert not [each for each in ENDED if TABLE[each]]
