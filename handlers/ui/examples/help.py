"""Help, made from the commands themselves."""

from handlers.commands import catalogue
from handlers.help import one, overview
from handlers.ui.examples import Examples

_COMMANDS = {each.key: each for each in catalogue()}

EXAMPLES: Examples = {
    "help": overview(_COMMANDS.values()),
    **{f"help, {name}": one(_COMMANDS, name) for name in _COMMANDS},
}
