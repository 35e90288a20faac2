"""Which channels Slack gave another ID, as the store has it and Slack confirms it."""

from functools import partial

from bot.adapters.slack_clients import posting_client
from bot.adapters.slack_moves import has_moved
from bot.clock import Clock
from bot.config import Settings
from bot.moved_channels import ChannelMoves, KeptMoves


def channel_moves(settings: Settings, kept: KeptMoves, clock: Clock) -> ChannelMoves:
    """Return what exchanges the IDs. Nothing is called yet; Slack is asked by a client that exchanges none itself."""
    plain = posting_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    return ChannelMoves(kept, partial(has_moved, plain), clock)
