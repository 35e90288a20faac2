"""Slack gives a private channel another ID: its members see what came from it as before, and nobody else anything.

Tried: an event that names a channel whose members the attacker is one of (Slack signs what it sends, so that one is not
forged; it may be late, be sent again, or be about something that is over), and every door there is, from the channel of
the new ID and from elsewhere. Slack is one of this test's own, asked through the adapters.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.adapters.slack_channel_memberships import REMEMBERED, SlackChannelMemberships
from bot.adapters.slack_clients import Ourselves, posting_client
from bot.adapters.slack_moves import has_moved
from bot.moved_channels import ASKED_AGAIN, ChannelMoves
from bot.visibility import Origin, Provenance, Viewer
from tests.attacks.test_private_channels import _seen, everything
from tests.attacks.two_channels import BOSS, INSIDER, MODEL, OUTSIDER, PRIVATE, PUBLIC, SECRET, TwoChannels
from tests.doubles.moves import InMemoryMoves
from tests.doubles.visibility import FakeChannelMemberships
from tests.doubles.who_is_where import answered, said_of
from tests.examples import some
from tests.tables import table
from tests.unit.jobs.samples import dataset

LATER, OTHERS, ALONE, OPEN = "C0LATER", "CSTRANGE", "CALONE", "COPEN"
"""The private channel by its new ID; one of the outsider's own with the bot; two of theirs without it."""


class Slack:
    """Who is where, as Slack says it to the bot: of what it does not see, nothing."""

    def __init__(self, people: FakeChannelMemberships) -> None:
        self.people = people
        people.private(OTHERS, OUTSIDER)
        people.gone(ALONE)
        people.public(OPEN, OUTSIDER, joined=False)

    def says(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Answer a call, in the place of the SDK's own."""
        asked = arguments.get("params") or {}
        place = self.people.place(asked["channel"]) if "channel" in asked else None
        missing = "channel" in asked and place is None
        said = {"error": "channel_not_found"} if missing else said_of(self.people, api_method, asked)
        return answered(said)


class Moved:
    """A house between Slack and its adapters, as in the bot: IDs are exchanged where calls are made and taken in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, secrets: bool = True) -> None:
        house = TwoChannels(secrets=secrets)
        self.slack, self.clock = Slack(house.world.memberships), house.world.clock
        monkeypatch.setattr(WebClient, "api_call", self.slack.says)
        plain = posting_client("xoxb-1", "https://slack.example/api/")
        house.moves = ChannelMoves(InMemoryMoves(), partial(has_moved, plain), self.clock)
        client = posting_client("xoxb-1", "https://slack.example/api/", house.moves)
        seeing = SlackChannelMemberships(client, Ourselves(client), self.clock, known_as=house.moves.here)
        cast("Any", house.world).memberships = seeing
        house.door = house._door()
        self.house = house

    def moves(self) -> None:
        """Have Slack give the private channel its other ID, with the people who are in it, and tell it."""
        self.slack.people.gone(PRIVATE)
        self.slack.people.private(LATER, INSIDER, BOSS)
        self.told(PRIVATE, LATER)
        self.clock.advance(REMEMBERED + 1)

    def told(self, former: str, later: str) -> None:
        """Have Slack tell of a change."""
        event = {"type": "channel_id_changed", "old_channel_id": former, "new_channel_id": later}
        assert self.house.door.event(event).status == 200
        self.clock.advance(ASKED_AGAIN)
        self.house.told()

    def found(self, user: str, here: str) -> list[str]:
        """Return what they find of the channel's when they ask from there, as deliveries say it."""
        known = self.house.moves.inward(here)
        services = self.house.services_for(Viewer(user, known))
        seen = [services.datasets.find(SECRET), services.directory.typed_model(MODEL)]
        return [each.name for each in seen if each is not None]


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Moved:
    return Moved(monkeypatch)


def test_its_members_see_what_they_saw_and_nobody_else_does(moved: Moved) -> None:
    """Tried: the names of what came from a channel that has another ID since, from within it and from elsewhere."""
    before = moved.found(INSIDER, PRIVATE)
    assert before
    moved.moves()
    expected = {
        (INSIDER, LATER): before,
        (INSIDER, PUBLIC): before,
        (BOSS, ""): before,
        (INSIDER, ""): before,
        (OUTSIDER, PUBLIC): [],
        (OUTSIDER, OTHERS): [],
        (OUTSIDER, ""): [],
        ("USTRANGER", PUBLIC): [],
    }
    with table() as row:
        for (user, here), sees in expected.items():
            with row(user, here):
                assert moved.found(user, here) == sees


def test_what_was_brought_there_before_anybody_said_so_is_worked_with_as_what_came_from_it(
    moved: Moved,
) -> None:
    """Tried: what came from a channel under an ID that nobody knew for another one, after an operator said it."""
    house = moved.house
    made = dataset("later", sha256="fe" * 32)
    house.world.datasets.save(replace(made, source=replace(made.source, channel=LATER, user=INSIDER)))
    moved.slack.people.gone(PRIVATE)
    moved.slack.people.private(LATER, INSIDER, BOSS)
    moved.clock.advance(REMEMBERED + 1)
    house.moves.check_may_be_said(PRIVATE, LATER)
    house.moves.changed(PRIVATE, LATER)
    moved.clock.advance(ASKED_AGAIN)
    origins = Provenance.of(Origin(LATER, INSIDER))
    with table() as row:
        for user, here, sees in (
            (INSIDER, LATER, True),
            (INSIDER, PUBLIC, True),
            (BOSS, "", True),
            (OUTSIDER, PUBLIC, False),
            (OUTSIDER, OTHERS, False),
            (OUTSIDER, "", False),
        ):
            with row(user, here):
                services = house.services_for(Viewer(user, house.moves.inward(here)))
                assert (services.datasets.find("later") is not None) is sees
                sight = services.directory.sight
                assert sight.may_show(origins, PRIVATE), "it is the channel in which it may be told"
                assert not sight.may_show(origins, PUBLIC)
                assert not sight.may_show(origins, OTHERS)


def test_who_leaves_it_afterwards_or_came_by_the_sharing_is_judged_by_who_is_in_it_now(moved: Moved) -> None:
    """Tried: the same by somebody who left the channel after it got another ID."""
    moved.moves()
    moved.slack.people.leave(LATER, INSIDER)
    moved.house.door.event({"type": "member_left_channel", "user": INSIDER, "channel": LATER})
    assert moved.found(INSIDER, PUBLIC) == []
    assert moved.found(BOSS, PUBLIC)


def _is_there_as_ever(moved: Moved) -> None:
    """Leave the private channel as it is."""


def _is_gone(moved: Moved) -> None:
    moved.slack.people.gone(PRIVATE)
    moved.clock.advance(REMEMBERED + 1)


EVENTS: dict[str, tuple[Callable[[Moved], None], list[tuple[str, str]]]] = {
    "into a channel of theirs, while it is there": (_is_there_as_ever, [(PRIVATE, OTHERS)]),
    "into a public one, while it is there": (_is_there_as_ever, [(PRIVATE, PUBLIC)]),
    "into one that the bot is not in": (_is_gone, [(PRIVATE, ALONE)]),
    "into a public one that the bot is not in": (_is_gone, [(PRIVATE, OPEN)]),
    "by a chain, into one that the bot is not in": (_is_gone, [(PRIVATE, "C0GONE"), ("C0GONE", ALONE)]),
    "round and round": (_is_gone, [(PRIVATE, ALONE), (ALONE, PRIVATE), (PRIVATE, ALONE)]),
    "after it moved": (Moved.moves, [(PRIVATE, OTHERS), (PRIVATE, ALONE)]),
    "onward, while it is there": (Moved.moves, [(LATER, OTHERS)]),
    "another into it": (Moved.moves, [(OTHERS, LATER), (OTHERS, PRIVATE)]),
}


def test_no_event_opens_anything_to_whoever_is_not_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried: events by which the private channel is one of the outsider's now: untrue, late, in chains and circles."""
    with table() as row:
        for name, (happens, told) in EVENTS.items():
            with row(name):
                moved = Moved(monkeypatch)
                happens(moved)
                for former, later in told:
                    moved.told(former, later)
                for here in (PUBLIC, OTHERS, ALONE, OPEN, ""):
                    assert moved.found(OUTSIDER, here) == [], here


@pytest.mark.slow
def test_an_outsider_cannot_tell_at_any_door_that_anything_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried: every door of the bot, by an outsider, after the private channel got another ID."""
    ids = TwoChannels().ids

    def built() -> list[Moved]:
        pair = []
        for secrets in (True, False):
            pair.append(Moved(monkeypatch, secrets=secrets))
            pair[-1].moves()
            pair[-1].house.told()
        return pair

    pair = built()
    with table() as row:
        for name, attack in some(everything().items()):
            with row(name):
                seen = []
                for each in pair:
                    monkeypatch.setattr(WebClient, "api_call", each.slack.says)
                    seen.append(_seen(each.house, attack, ids))
                assert seen[0] == seen[1]
                if seen[0]["made"]:
                    pair = built()
