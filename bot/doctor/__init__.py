"""``tunesmith doctor`` and ``/tune doctor``: all that the bot needs is looked at, each line with what mends it.

A look is one module in ``bot/doctor/checks``, found by its place.
"""

from bot.doctor.looking import EveryLook, looks
from bot.doctor.surroundings import Surroundings

__all__ = ["EveryLook", "Surroundings", "looks"]
