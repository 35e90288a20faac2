"""One module a feature: each card that it shows, drawn as a message. Its ``CARDS`` is all that the renderer needs."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.controller.model import Message

Cards = Mapping[type, Callable[[Any], Message]]
"""The functions of a module that draw, by the class of the card: each takes just that one."""
