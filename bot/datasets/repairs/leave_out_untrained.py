"""Leaves out rows whose own bookkeeping says that they are not for training: a decision, made only when chosen.

A row is left out whole: the base learns every answer of a row, so one that holds a single answer that must not be
learned cannot be kept in part without making another conversation of it.
"""

from bot.datasets.leftovers.leftover import Leftover
from bot.datasets.records import Json
from bot.datasets.repairs.drop_content_keys import content_of
from bot.datasets.repairs.row import Words
from bot.datasets.rules.content_keys import LEAVE_OUT
from bot.profiles.model import Profile

DECISION = LEAVE_OUT
WORDS = Words("Leave out {rows} not for training", "Left out {rows} not for training")


def marks(value: Json, profile: Profile) -> tuple[Leftover, ...]:
    """Return the keys by which the row says that it, or an answer in it, is not for training; mostly none."""
    return tuple(each for each in content_of(value, profile) if each.excludes)
