"""Where long work on files is done: in this process, or in others, so that nobody waits for it who needs an answer."""

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Workers(Protocol):
    """Does work elsewhere and waits for it."""

    def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the function gives. It, its arguments and its result can be pickled: it is a module's own.

        Raises:
            Refused: what did it has died, more than once: it is too much for this machine.
            Unavailable: the bot is to end. What was half written stays where it was told to write.
            Exception: whatever the function raised.
        """


class InThisProcess:
    """Does it here and now."""

    def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the function gives."""
        return function(*args, **kwargs)
