"""What a shortcut is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from handlers.core import CommandContext, Invocation, Reply, Who


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a message's menu, or of the global one. ``run`` gets the whole payload: the message is in it."""

    callback_id: str
    type: Literal["message", "global"]
    name: str
    """At most 24 characters."""
    description: str
    who: Who
    run: Callable[[Invocation, Mapping[str, Any], CommandContext], Reply]
