"""Every durable kind, found as commands are: a feature that has some declares them in its module ``kind``."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from bot.controller.damage import Called
from bot.controller.kind import Kind
from bot.controller.schema import Schema
from bot.directory.directory import SourcesByKind
from bot.discovery import modules_called
from bot.errors import Misconfigured


def gathered(package: str = "bot") -> Mapping[str, Kind[Any]]:
    """Return the kinds of all features in the package, by name.

    Raises:
        Misconfigured: a feature's declaration cannot be used, or two have one name. Nothing may start then: resources
            of the missing kind would lie there, and some of them end what is billed.
    """
    found: dict[str, Kind[Any]] = {}
    declared: dict[str, str] = {}
    for module in modules_called(package, "kind"):
        for kind in _declared_in(module):
            if kind.name in found:
                raise Misconfigured(
                    f"Two kinds are called {kind.name}: one in {declared[kind.name]}, one in {module}.",
                    hint="Give one of them another name: what is kept of both would lie under the same keys.",
                )
            found[kind.name], declared[kind.name] = kind, module
    return found


def _declared_in(module: str) -> tuple[Kind[Any], ...]:
    try:
        kinds: tuple[Kind[Any], ...] = import_module(module).KINDS
    except Exception as error:
        raise Misconfigured(
            f"The kinds of {module} cannot be used: {type(error).__name__}: {error}.",
            hint="Nothing starts without them, since some end what is billed. Mend that module.",
        ) from error
    return kinds


KINDS: Mapping[str, Kind[Any]] = gathered()
"""Every kind that the bot follows, by name."""

SCHEMAS: Mapping[str, Schema] = {name: kind.schema for name, kind in KINDS.items()}
"""How each is read."""

SOURCES: SourcesByKind = {name: kind.sources for name, kind in KINDS.items() if kind.sources}
"""Where each that has a name or an ID came from."""

CALLED: Mapping[str, Called] = {name: kind.called for name, kind in KINDS.items()}
"""What people call each."""
