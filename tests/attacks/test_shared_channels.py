"""Channels that people of other workspaces are in, too: what is not from there is not judged where they read along."""

from pathlib import Path
from typing import Any

from slack_sdk import WebClient

from bot.adapters.slack_channel_memberships import SlackChannelMemberships
from bot.adapters.slack_clients import Ourselves
from bot.visibility import Origin, Provenance, Sight, Viewer
from tests.doubles.clock import FakeClock
from tests.unit.uploads.test_upload import World


class SlackPlaces(SlackChannelMemberships):
    """What Slack says of public channels that the bot is in."""

    def __init__(self, channels: dict[str, dict[str, Any]]) -> None:
        client = WebClient()
        super().__init__(client, Ourselves(client), FakeClock())

        def told(_method: str, *, params: dict[str, str]) -> dict[str, Any]:
            return {"channel": {"is_channel": True, "is_member": True} | channels[params["channel"]]}

        client.api_call = told  # type: ignore[assignment, method-assign]


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


def test_a_channel_of_a_whole_organisation_is_one_of_other_workspaces() -> None:
    """Tried: having what everybody in the workspace may see posted where other workspaces of the organisation read."""
    people = SlackPlaces({"COPEN": {}, "CORG": {"is_org_shared": True}, "CEXT": {"is_ext_shared": True}})
    sight = Sight(Viewer("U1"), people)
    came_from = Provenance.of(Origin("COPEN", "U1"))
    for channel, shown in (("COPEN", True), ("CORG", False), ("CEXT", False)):
        assert sight.may_show(came_from, channel) is shown
