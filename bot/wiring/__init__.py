"""The composition root: the only place that builds clients and puts the parts together."""

from bot.process import Bot
from bot.wiring.composition import build, reconcilers

__all__ = ["Bot", "build", "reconcilers"]
