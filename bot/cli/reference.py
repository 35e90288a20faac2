"""The reference: pages of ``docs/reference`` that say what there is, made from where it is declared."""

import pkgutil
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from importlib import import_module
from itertools import groupby
from typing import Any

import typer

import bot.datasets
from bot import cli
from bot.datasets.model import Severity
from bot.datasets.repairs.registry import DECISIONS, REPAIRS
from bot.datasets.repairs.row import Words
from bot.datasets.rule import OWN, Rule
from handlers.commands import catalogue
from handlers.core import Command, Task

WRITTEN = "<!-- Written by `./tunesmith gen`: change what it is made from. -->"


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def page(title: str, about: str, *parts: Iterable[str]) -> str:
    """Return a page of the reference."""
    return "\n\n".join([f"# {title}", WRITTEN, about, *("\n".join(part) for part in parts)]) + "\n"


def commands() -> str:
    """Return every command of Slack with all that is known of it."""
    order = list(Task)
    parts = []
    for task, each in groupby(
        sorted(catalogue(), key=lambda one: order.index(one.task)), lambda one: one.task
    ):
        parts.append([f"## {task.value}"])
        parts += [_command(one) for one in each]
    return page(
        "Commands in Slack",
        "What stands in brackets may be left out. `/tune help WORD` says the same in Slack. In a thread, where Slack "
        "has no slash commands, mention the bot with the command: `@Tunesmith tune serve claims-router for 1h`.",
        *parts,
    )


def _command(command: Command) -> list[str]:
    return [
        f"### {command.key if command.key.startswith('/') else f'/tune {command.key}'}",
        "",
        f"`{command.usage}`",
        "",
        f"{command.summary}. {prose(command.details)}",
        "",
        f"Who: {command.who}. Example: `{command.example}`",
    ]


def terminal() -> str:
    """Return every command of the command line that is there wherever Tunesmith is."""
    whole = typer.main.get_command(cli.build(cli.COMMANDS))
    parts = [_terminal_command(name, each) for name, each in getattr(whole, "commands", {}).items()]
    return page(
        "Commands in a terminal",
        "In a checkout `./tunesmith`, installed `tunesmith`. `tunesmith COMMAND --help` says the same. Exit status of "
        "what judges a file: 0 a job can start from it, 1 it cannot, 2 wrong use.",
        *parts,
    )


def _terminal_command(name: str, command: Any) -> list[str]:
    given = sorted(command.params, key=lambda each: each.param_type_name == "option")
    rows = [
        (
            f"`{_given(each)}`",
            prose(_plain(each.help or "")),
            "**required**" if each.required else _default(each),
        )
        for each in given
    ]
    lines = [f"## {name}", "", prose(_plain(command.help or ""))]
    return [*lines, "", *table(("what is given", "meaning", "default"), rows)] if rows else lines


def _given(parameter: Any) -> str:
    what = parameter.metavar or parameter.name.upper()
    if parameter.param_type_name == "argument":
        return str(what)
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    return names if parameter.is_flag else f"{names} {what}"


def _default(option: Any) -> str:
    """Return the default as ``--help`` shows it; none where it would be another on each machine."""
    if isinstance(option.show_default, str):
        return option.show_default
    value = option.default.value if isinstance(option.default, Enum) else option.default
    return (
        f"`{value}`"
        if isinstance(value, int | float | str) and not isinstance(value, bool) and value != ""
        else ""
    )


def _plain(markup: str) -> str:
    """Return rich's markup as Markdown, in one line."""
    return re.sub(r"\[bold\](.*?)\[/\w*\]", r"`\1`", " ".join(markup.split()))


def rules() -> str:
    """Return every rule for datasets, and every repair."""
    found = sorted(_rules(), key=repr)
    parts = []
    for severity, title, about in (
        (
            Severity.ERROR,
            "Errors",
            "A job cannot start from a file with one of these: it would fail at Bedrock, or lose data.",
        ),
        (Severity.WARNING, "Warnings", "A job can start. Each costs quality, money or trust later."),
    ):
        rows = [_rule(rule) for rule in found if rule.severity is severity]
        parts += [[f"## {title}"], [about], table(("rule", "what is wrong", "what to do", "mended by"), rows)]
    return page(
        "Rules for datasets",
        "What a verdict may name, by its stable code. Where a rule is published, its code is a link; the others are "
        "Tunesmith's own: what is seen to make jobs fail, to lose data or to waste training. Each finding says its "
        "lines, and may say more than the words here.",
        *parts,
        ["## Repairs"],
        [
            "Made together by *Repair all* or `tunesmith repair`, or one by one by `--only NAME`. None guesses."
        ],
        table(("repair", "what it does"), _repairs(REPAIRS)),
        ["## Decisions"],
        [
            "Each changes what is learned, and is made only where a person names it: `--only NAME`, or its own button."
        ],
        table(("decision", "what it does"), _repairs(DECISIONS)),
    )


def _rule(rule: Rule) -> tuple[str, ...]:
    link = rule.source.split(" and ")[0]
    code = f"`{rule.code}`" if rule.source == OWN else f"[`{rule.code}`]({link})"
    mended = [f"`{each}`" for each in ((rule.repair,) if rule.repair else ()) + rule.decisions]
    return code, prose(rule.message), prose(rule.hint), ", ".join(mended)


def _repairs(words: Mapping[str, Words]) -> Iterable[tuple[str, ...]]:
    said = {"{rows}": "rows", "{lines}": "blank lines", "{copies}": "exact copies"}
    for name, each in words.items():
        order = each.order
        for field, text in said.items():
            order = order.replace(field, text)
        yield f"`{name}`", prose(order)


def _rules() -> set[Rule]:
    modules = (
        import_module(each.name) for each in pkgutil.walk_packages(bot.datasets.__path__, "bot.datasets.")
    )
    return {value for module in modules for value in vars(module).values() if isinstance(value, Rule)}


def prose(text: str) -> str:
    """Return a text of ours without tags or links in it; what stands in backquotes stays as it is."""
    parts = text.split("`")
    return "`".join(
        part if index % 2 else re.sub(r"([<>\[\]])", r"\\\1", part) for index, part in enumerate(parts)
    )
