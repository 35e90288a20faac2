"""Help, made from the commands themselves."""

from collections.abc import Iterable, Mapping

from bot.controller.model import Message
from bot.wording import quoted
from handlers.arguments import unknown
from handlers.core import Command
from handlers.ui.blocks import Block, context, divider, fields, section
from handlers.ui.text import escape


def overview(commands: Mapping[str, Command]) -> Message:
    """Draw all commands, two lines each."""
    lines = [f"{quoted(escape(each.usage))}\n{escape(each.summary)}" for each in commands.values()]
    blocks: list[Block] = [
        section(
            "*Tunesmith* takes a JSONL file and ends with a fine-tuned model that answers here. "
            "Drop a `.jsonl` file into a channel that I am in, and I say what is wrong with it."
        ),
        divider(),
        *(section("\n".join(each)) for each in _groups(lines, 8)),
        context("`/tune help serve` says more about one of them. You see a price before anything is spent."),
    ]
    return Message(text="What Tunesmith can do: /tune help", blocks=blocks)


def _groups(lines: list[str], step: int) -> Iterable[list[str]]:
    return (lines[at : at + step] for at in range(0, len(lines), step))


def one(commands: Mapping[str, Command], name: str) -> Message:
    """Draw all that there is to say of one command.

    Raises:
        NotFound: no such command; the hint names the nearest.
    """
    command = find(commands, name)
    blocks = [
        section(
            f"*{quoted(escape(command.usage))}*\n{escape(command.summary)}.\n\n{escape(command.details)}"
        ),
        *fields([("For", escape(command.who.value)), ("Example", quoted(escape(command.example)))]),
    ]
    return Message(text=escape(f"{command.usage}: {command.summary}"), blocks=blocks)


def find(commands: Mapping[str, Command], name: str) -> Command:
    """Return the command that is called so, with or without its slash.

    Raises:
        NotFound: no such command; the hint names the nearest.
    """
    wanted = name.lower()
    for key in (wanted, f"/{wanted}"):
        if key in commands:
            return commands[key]
    raise unknown("command", name, list(commands), usage="`/tune help` shows them all.")
