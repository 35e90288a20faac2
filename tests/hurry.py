"""The bot's turns at Slack, in a hurry: as many calls in a row as ever, and a twentieth of the time until the next.

Whole journeys otherwise wait most of their time for turns in a channel; that turns are waited for, and how long, has
tests of its own (``tests/contract/test_pacing.py``, ``tests/unit/controller/test_crowd.py``).
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.controller.rate_limits import RATE_LIMITS, RateLimit

TIMES = 20
UNDO = 0.2
"""Seconds for which what ends something can be taken back (``bot.spending.undo``): nobody does in a whole journey."""
HURRIED: Mapping[str, RateLimit] = {
    name: replace(limit, seconds=limit.seconds / TIMES) for name, limit in RATE_LIMITS.items()
}
