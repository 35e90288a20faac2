"""One module a command; its ``COMMAND`` is all that help, routing, the manifest and the reference need."""

from bot.discovery import collect
from handlers.core import Command

_FIRST = ("help", "validate", "start", "jobs", "models", "serve", "/ask")
"""What a newcomer needs, in the order of the journey; the others follow by name."""


def catalogue() -> list[Command]:
    """Return every command, in the order in which people learn them.

    Raises:
        ValueError: two commands have the same name.
    """
    found: dict[str, Command] = {}
    for command in collect(__name__, "COMMAND"):
        if found.setdefault(command.key, command) is not command:
            raise ValueError(f"two commands are called {command.key}")
    return [found.pop(key) for key in _FIRST if key in found] + [found[key] for key in sorted(found)]
