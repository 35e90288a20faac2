"""Channels that people of other workspaces are in, too: what is not from there is not judged where they read along."""

from pathlib import Path

from tests.unit.uploads.test_upload import World


def test_a_file_of_the_workspace_is_not_judged_where_partners_read_it(tmp_path: Path) -> None:
    """Tried: the link of a file of a public channel, given to the bot in a channel that is shared with partners."""
    for foreign in (False, True):
        world = World(tmp_path, private_channels=(), public_channels=("CGENERAL",))
        world.files.foreign = {"C1"} if foreign else set()
        world.receive(user="U2")
        world.run()
        [text] = world.texts()
        assert text.startswith("problem") is foreign, text
        assert len(world.repository.datasets) == (not foreign), "else whoever is in that channel has the data"


def test_who_sent_it_and_where_it_is_shared_decide_as_ever(tmp_path: Path) -> None:
    for more in ({"user": "U1"}, {"user": "U2", "channel": "DU2", "thread_ts": None}):
        world = World(tmp_path, private_channels=(), public_channels=("CGENERAL",))
        world.files.foreign = {"C1"}
        world.receive(**more)
        world.run()
        assert len(world.repository.datasets) == 1
