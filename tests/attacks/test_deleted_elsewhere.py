"""A model of a private channel, deleted from a public one: nobody reads there what it was called."""

from bot.deletions.service import DeletionService, key_of
from bot.spending import undo
from tests.unit.deletions.test_deletion import MADE, NAME, known
from tests.unit.jobs.samples import PRICES


def test_the_end_of_a_private_model_is_told_where_its_name_may_be_read() -> None:
    """Tried: an owner who deletes their model of a private channel while they are in a public one, or in none."""
    told = []
    for here in ("C1", "CPUBLIC", ""):
        world = known()
        world.memberships.private("C1", "UTRAIN")
        service = DeletionService(
            world.store, world.directory("UTRAIN", here), PRICES, world.access, world.clock
        )
        assert service.delete(NAME, key_of(MADE.arn), channel=here, thread_ts=None)
        world.clock.advance(undo.SECONDS)
        world.turn()
        told += [each.channel for each in world.said("ModelDeleted")]
    assert told == ["C1", "DUTRAIN", "DUTRAIN"]
