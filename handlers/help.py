"""Help, made from the commands themselves: all of them by task, one of them, and those that a word is about."""

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.controller.model import Message
from bot.errors import NotFound
from bot.wording import quoted
from handlers.arguments import LONGEST_WORD, nearest, unknown
from handlers.core import Command, Task
from handlers.ui.blocks import Block, button, context, fields, modal, section
from handlers.ui.folding import folded
from handlers.ui.text import escape

MOST_FOUND = 6
"""Commands that are shown for a word."""

_SPELT = 0.75
"""How like a command what was typed has to be for a slip of the fingers: below that its meaning says more."""
_WORDS = re.compile(r"[a-z]{3,40}")
_SAID_FOR = {
    "awake": "serve", "bill": "cost", "cancel": "stop", "charge": "cost", "check": "validate", "clean": "validate",
    "deploy": "serve", "dollars": "cost", "duplicates": "validate", "error": "validate",
    "file": "validate", "finetune": "start",
    "fix": "validate", "host": "serve", "kill": "stop", "lease": "serve", "longer": "extend", "money": "cost",
    "notify": "follow", "pause": "quiet", "plan": "start", "price": "cost", "prices": "cost", "progress": "status",
    "promote": "alias", "question": "ask", "remove": "release", "repair": "validate", "retry": "again",
    "rollback": "alias", "run": "start", "silence": "mute", "sleep": "release",
    "spend": "budget", "train": "start", "training": "start", "tune": "start", "upload": "validate", "wake": "serve",
    "week": "digest",
}  # fmt: skip
"""What people say for a command, where its own words do not have it."""


_ACTIONS = {task: f"help.{task.name.lower()}" for task in Task}
TASKS = {action: task for task, action in _ACTIONS.items()}
"""By the action of each button that opens the commands of a task: which."""


def overview(commands: Iterable[Command]) -> Message:
    """Draw a button for each task, which opens a line for each of its commands; all of them are behind *Details*.

    ``commands`` are those that whoever reads it may use.
    """
    known = list(commands)
    there = [each for each in Task if any(command.task is each for command in known)]
    more = "`/tune help serve` says more about one, and `/tune help price` finds those that a word is about."
    opens = [button(each.value, _ACTIONS[each], "help") for each in there]
    groups = [_group(each, known) for each in there]
    return folded(
        "What Tunesmith can do: /tune help",
        [section("What would you like to do?"), context(more)],
        groups,
        *opens,
    )


def of_task(commands: Iterable[Command], task: Task) -> Block:
    """Draw the modal that says of each command of a task what it does."""
    return modal("help", task.value, [_group(task, commands)])


def _group(task: Task, commands: Iterable[Command]) -> Block:
    lines = [_line(each) for each in commands if each.task is task]
    return section("\n".join([f"*{task.value}*", *lines]))


def _line(command: Command) -> str:
    return f"{quoted(escape(_typed(command)))} {escape(command.summary)}"


def _typed(command: Command) -> str:
    return command.slash if command.slash == command.key else f"{command.slash} {command.name}"


def page(commands: Mapping[str, Command], asked: Sequence[str]) -> Message:
    """Draw what was asked for: one command, or those that the words are about.

    Raises:
        NotFound: nothing is near; the hint names the nearest command.
    """
    name = asked[0].lower()
    if len(asked) == 1 and (name in commands or f"/{name}" in commands):
        return one(commands, name)
    found = about(commands, asked)
    if not found:
        raise unknown("command", " ".join(asked), list(commands), usage="`/tune help` shows them all.")
    said = " ".join(asked)[:LONGEST_WORD]
    lines = [f"{quoted(escape(each.usage))}\n{escape(each.summary)}" for each in found]
    blocks = [section("\n".join([f"*About {quoted(escape(said))}*", *lines]))]
    return Message(text=escape(f"Commands about {said}"), blocks=[*blocks, context(_example(found[0]))])


def _example(command: Command) -> str:
    return f"For instance {quoted(escape(command.example))}; `/tune help {escape(command.name)}` says more."


def about(commands: Mapping[str, Command], asked: Sequence[str]) -> list[Command]:
    """Return the commands that words are about, the best first; of a word that none has, those of the nearest.

    The help itself is about none: what it names are its examples.
    """
    known = {each.key: _said(each) for each in commands.values() if each.key != "help"}
    scores: dict[str, int] = {}
    for word in _WORDS.findall(" ".join(asked).lower()[:LONGEST_WORD]):
        for key, score in _scores(word, commands, known).items():
            scores[key] = scores.get(key, 0) + score
    order = list(commands)
    best = sorted(scores, key=lambda key: (-scores[key], order.index(key)))
    return [commands[key] for key in best[:MOST_FOUND]]


def _scores(
    word: str, commands: Mapping[str, Command], known: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    """Return how much each command is about a word."""
    vocabulary = {each for words in known.values() for each in words} | set(_SAID_FOR)
    if word not in vocabulary:
        meant = nearest(word, vocabulary, cutoff=0.7)
        if meant is None:
            return {}
        word = meant
    found = {key: words[word] for key, words in known.items() if word in words}
    said_for = _SAID_FOR.get(word)
    if said_for:
        key = said_for if said_for in commands else f"/{said_for}"
        found[key] = found.get(key, 0) + 4
    return found


def _said(command: Command) -> dict[str, int]:
    """Return the words of a command and how much each says of it: its name most, its details least."""
    found: dict[str, int] = {}
    for text, worth in ((command.details, 1), (command.usage, 2), (command.summary, 3), (command.name, 8)):
        for word in _WORDS.findall(text.lower()):
            for form in {word, word.removesuffix("s")}:
                found[form] = max(worth, found.get(form, 0))
    return found


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
    misspelt = nearest(wanted, commands, cutoff=_SPELT)
    meant = [misspelt] if misspelt else [each.key for each in about(commands, [name])]
    if meant:
        hint = f"Did you mean {quoted(meant[0])}? `/tune help` shows them all."
        raise NotFound(f"There is no command {quoted(name)}.", hint=hint)
    raise unknown("command", name, list(commands), usage="`/tune help` shows them all.")
