"""The way in for channels' IDs: what Slack calls a channel now becomes what it is known by here, before it is read."""

from collections.abc import Callable
from typing import Any

from bot.moved_channels import ChannelMoves
from handlers.payloads import event_of

_TELLS = "channel_id_changed"
"""The event that tells of a change names both IDs, and means them."""


class MovedChannels:
    """The middleware that every delivery passes, first of all."""

    def __init__(self, moves: ChannelMoves) -> None:
        self._moves = moves

    def __call__(self, body: dict[str, Any], next: Callable[[], None]) -> None:  # noqa: A002 -- Bolt's name for it
        """Let it pass, with each channel by the ID that it is known by here."""
        if event_of(body).get("type") != _TELLS:
            body.update(self._moves.inward(body))
        next()
