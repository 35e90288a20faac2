"""What a form remembers of where it was opened, in its ``private_metadata``."""

import json
from dataclasses import asdict, dataclass

from bot.errors import Refused

VERSION = 1


@dataclass(frozen=True, slots=True)
class Opened:
    """Where a form was opened: its answer goes there."""

    channel: str
    thread_ts: str | None = None

    def dump(self) -> str:
        """Return it as the form keeps it."""
        return json.dumps({"v": VERSION, **asdict(self)})


def load(text: str) -> Opened:
    """Return what :meth:`Opened.dump` wrote.

    Raises:
        Refused: the form was opened by another version of the bot, and cannot be understood any more.
    """
    try:
        found = json.loads(text)
        if found.pop("v") == VERSION:
            return Opened(**found)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise Refused("This form is from before an update.", hint="Close it and open it again.")
