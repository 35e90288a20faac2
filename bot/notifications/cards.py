"""What operators are told of what is kept and cannot be read."""

from dataclasses import dataclass

from bot.controller.damage import Called


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that is kept cannot be read, and ``why``, in words. It is left as it is, and left out."""

    called: Called
    name: str
    """Its ID; empty where others read along who may not see it: it stands in the log."""
    why: str


@dataclass(frozen=True, slots=True)
class Readable:
    """It can be read again."""

    called: Called
    name: str
    """As in ``Unread``."""
