"""Slack's limits on text and blocks, and the helpers that keep us within them.

Sources: docs.slack.dev/reference/block-kit (each block's and element's page), docs.slack.dev/reference/methods/
chat.update (``msg_too_long``) and docs.slack.dev/reference/views, read in November 2026.
"""

from collections.abc import Sequence
from typing import TypeVar

from bot.wording import clip, length

__all__ = ["clip", "first", "length"]

T = TypeVar("T")

MESSAGE_TEXT = 4_000
"""``chat.update`` refuses more, and every message of ours may be edited."""
MESSAGE_BLOCKS = 50
MESSAGE_TOTAL_TEXT = 12_000
"""All block text together; measured refusals (``msg_blocks_too_long``) begin at about 13,200."""
VIEW_BLOCKS = 100
SECTION_TEXT = 3_000
SECTION_FIELDS = 10
FIELD_TEXT = 2_000
CONTEXT_ELEMENTS = 10
ACTION_ELEMENTS = 25
HEADER_TEXT = 150
IMAGE_ALT = 2_000
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
OPTION_TEXT = 75
OPTION_VALUE = 150
SELECT_OPTIONS = 100
PLACEHOLDER = 150
INPUT_LABEL = 2_000
INPUT_HINT = 2_000
INPUT_INITIAL = 3_000
VIEW_TITLE = 24
VIEW_BUTTON = 24
PRIVATE_METADATA = 3_000
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30


def first(items: Sequence[T], limit: int) -> tuple[Sequence[T], int]:
    """Return at most ``limit`` items from the front, and how many were left out."""
    return items[:limit], max(len(items) - limit, 0)
