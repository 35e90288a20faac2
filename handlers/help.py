"""Help, made from the commands themselves."""

from collections.abc import Iterable, Mapping

from bot.controller.model import Message
from bot.wording import quoted
from handlers.arguments import unknown
from handlers.core import Command
from handlers.ui.blocks import Block, context, fields, section
from handlers.ui.folding import folded
from handlers.ui.text import escape

FIRST = ("validate", "start", "status", "serve", "/ask", "cost")
"""What most people want, in the order in which they come to it."""


def overview(commands: Mapping[str, Command]) -> Message:
    """Draw the commands that lead from a file to an answer; all of them, two lines each, are one press away."""
    lines = [f"{quoted(escape(each.usage))}\n{escape(each.summary)}" for each in commands.values()]
    wanted = [commands[each] for each in FIRST if each in commands]
    face: list[Block] = [
        section(
            "*Tunesmith* takes a JSONL file and ends with a fine-tuned model that answers here. "
            "Drop a `.jsonl` file into a channel that I am in."
        ),
        section("\n".join(f"{quoted(_typed(each))} {escape(each.summary)}" for each in wanted)),
        context("`/tune help serve` says more about one of them. You see a price before anything is spent."),
    ]
    details = [section("\n".join(each)) for each in _groups(lines, 8)]
    return folded("What Tunesmith can do: /tune help", face, details)


def _typed(command: Command) -> str:
    """Return what is typed without what may follow it."""
    return command.slash if command.key == command.slash else f"{command.slash} {command.name}"


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
