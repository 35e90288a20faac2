"""Somebody was in a private channel, saw what came from it, and has left: they reach for it at every door there is.

What must happen: the same as for somebody who was never there, whatever Slack says meanwhile. Here the bot asks a Slack
of its own, through the adapter, so that what is remembered of who is where is tried as well.
"""

import itertools
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import pytest
from redis import Redis
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.adapters.slack_channel_memberships import CHECKED, REMEMBERED, SlackChannelMemberships
from bot.adapters.slack_clients import Ourselves
from bot.errors import Throttled
from bot.lately import Lately
from bot.visibility import Viewer
from storage.keys import Keys
from storage.redis_memberships import RedisMembers
from tests.attacks.test_private_channels import _seen, everything
from tests.attacks.two_channels import BOSS, INSIDER, OUTSIDER, PRIVATE, PUBLIC, SECRET, TwoChannels
from tests.doubles.visibility import FakeChannelMemberships
from tests.doubles.who_is_where import answered, said_of
from tests.examples import some
from tests.tables import table


class Workspace(WebClient):
    """Slack, as far as it says who is where. ``refuses``: it answers no such question for now."""

    def __init__(self, people: FakeChannelMemberships) -> None:
        super().__init__(token="xoxb-test")
        self._people = people
        self.refuses = False

    def api_call(self, api_method: str, **kwargs: Any) -> SlackResponse:
        refused = self.refuses and api_method != "auth.test"
        asked = kwargs.get("params") or {}
        return answered(
            {"error": "ratelimited"} if refused else said_of(self._people, api_method, asked), self
        )


class Left:
    """A house whose outsider was in the private channel a moment ago, and asked for what is there."""

    def __init__(self, store: RedisMembers, *, secrets: bool) -> None:
        self.house = TwoChannels(secrets=secrets)
        self.clock, self.store = self.house.world.clock, store
        people = self.house.world.memberships
        people.private(PRIVATE, INSIDER, BOSS, OUTSIDER)
        self.slack = Workspace(people)
        self.seeing = SlackChannelMemberships(self.slack, Ourselves(self.slack), self.clock, others=store)
        cast("Any", self.house.world).memberships = self.seeing
        inside = self.house.services_for(Viewer(OUTSIDER, PUBLIC)).datasets.find(SECRET)
        assert bool(inside) is secrets, "they saw it"
        self.seeing.conversations(OUTSIDER)
        people.leave(PRIVATE, OUTSIDER)

    def told(self) -> None:
        """Have Slack tell it here."""
        event = {"type": "member_left_channel", "user": OUTSIDER, "channel": PRIVATE, "channel_type": "G"}
        self.house.door.event(event)
        self.house.told()

    def told_elsewhere(self) -> None:
        """Have Slack tell it to another process; this one has nothing in hand of the person's own."""
        self.store.forget(PRIVATE)
        self.seeing._known = Lately()
        self.clock.advance(CHECKED)

    def later(self) -> None:
        """Have Slack tell nobody, for as long as anything is believed."""
        self.clock.advance(REMEMBERED + 1)

    def refusing(self) -> None:
        """Have Slack refuse to say anything from now on, as somebody has just found out."""
        self.slack.refuses = True
        with suppress(Throttled):
            self.seeing.place("CELSEWHERE")


STATES: dict[str, tuple[Callable[[Left], None], ...]] = {
    "told": (Left.told,),
    "told, and Slack refuses to say more": (Left.told, Left.refusing),
    "told to another process": (Left.told_elsewhere,),
    "told to another process, and Slack refuses": (Left.told_elsewhere, Left.refusing),
    "told to nobody": (Left.later,),
    "told to nobody, and Slack refuses": (Left.later, Left.refusing),
}


Pair = tuple[Left, Left]


@pytest.mark.redis_server
@pytest.mark.slow
def test_who_left_reaches_nothing_at_any_door(redis_client: Redis, redis_keys: Keys) -> None:
    """Tried: every door, each in one of the states in which the bot may be when they come."""
    ids, number = TwoChannels().ids, itertools.count()

    def after(state: str) -> Pair:
        keys = [Keys(f"{redis_keys.root[1:-1]}-{next(number)}") for _ in range(2)]
        full, empty = (
            Left(RedisMembers(redis_client, own), secrets=secrets)
            for own, secrets in zip(keys, (True, False), strict=True)
        )
        for left in (full, empty):
            for happens in STATES[state]:
                happens(left)
            left.house.told()
        return full, empty

    ready: dict[str, Pair] = {}
    with table() as row:
        for (name, attack), state in zip(some(everything().items()), itertools.cycle(STATES), strict=False):
            with row(name, state):
                pair = ready.pop(state, None) or after(state)
                seen = [_seen(each.house, attack, ids) for each in pair]
                assert seen[0] == seen[1]
                if not seen[0]["made"]:
                    ready[state] = pair
