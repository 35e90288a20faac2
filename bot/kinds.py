"""Every durable kind, found as commands are: a feature that has some declares them in its module ``kind``.

Beside its kinds it declares what people buy by them, if they do, and how what it has at AWS is found again.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from bot.account.reconciler import KIND as ACCOUNT
from bot.controller.damage import Called
from bot.controller.effects import Effect
from bot.controller.kind import AnyKind
from bot.controller.schema import Schema
from bot.directory.directory import SourcesByKind
from bot.discovery import modules_called
from bot.errors import Misconfigured
from bot.spending.comparing import Recovery
from bot.spending.purchase import PurchaseType


def gathered(package: str = "bot") -> Mapping[str, AnyKind]:
    """Return the kinds of all features in the package, by name.

    Raises:
        Misconfigured: a feature's declaration cannot be used, or two have one name. Nothing may start then: resources
            of the missing kind would lie there, and some of them end what is billed.
    """
    found: dict[str, tuple[AnyKind, str]] = {}
    for module, kind in _declared(package, "KINDS"):
        if kind.name in found:
            raise _clash(f"kinds are called {kind.name}", found[kind.name][1], module)
        found[kind.name] = kind, module
    return {name: kind for name, (kind, _) in found.items()}


def recoveries(package: str = "bot") -> tuple[Recovery[Any], ...]:
    """Return the recoveries of all features in the package.

    Raises:
        Misconfigured: as for kinds.
    """
    found: dict[str, tuple[Recovery[Any], str]] = {}
    for module, each in _declared(package, "RECOVERIES"):
        if each.name in found:
            raise _clash(f"recoveries are called {each.name}", found[each.name][1], module)
        found[each.name] = each, module
    return tuple(each for each, _ in found.values())


def purchases(package: str = "bot") -> Mapping[str, PurchaseType]:
    """Return what can be bought by all features in the package, by kind.

    Raises:
        Misconfigured: as for kinds.
    """
    found: dict[str, tuple[PurchaseType, str]] = {}
    for module, each in _declared(package, "PURCHASES"):
        name = each.schema.name
        if name in found:
            raise _clash(f"purchases are called {name}", found[name][1], module)
        found[name] = each, module
    return {kind: each for kind, (each, _) in found.items()}


def _declared(package: str, what: str) -> Iterator[tuple[str, Any]]:
    """Return what the features declare under that name, each with its module; only kinds must be there."""
    for module in modules_called(package, "kind"):
        try:
            declaration = import_module(module)
            each = declaration.KINDS if what == "KINDS" else getattr(declaration, what, ())
        except Exception as error:
            raise Misconfigured(
                f"The kinds of {module} cannot be used: {type(error).__name__}: {error}.",
                hint="Nothing starts without them, since some end what is billed. Mend that module.",
            ) from error
        yield from ((module, one) for one in each)


def _clash(what: str, first: str, second: str) -> Misconfigured:
    return Misconfigured(
        f"Two {what}: one in {first}, one in {second}.",
        hint="Give one of them another name: what is kept of both would lie in the same place.",
    )


KINDS: Mapping[str, AnyKind] = gathered()
"""Every kind that the bot follows, by name."""

RECOVERIES: tuple[Recovery[Any], ...] = recoveries()
"""How what the store has forgotten is found again, whatever it is."""

PURCHASES: Mapping[str, PurchaseType] = purchases()
"""What can be bought, by kind: votes are counted, and waiting plans are listed, by these."""


def effects_of_kinds() -> Mapping[str, tuple[Effect, ...]]:
    """Return what each kind does on the outside, by its name; the account does what the recoveries do."""
    recovered = tuple(each for recovery in RECOVERIES for each in recovery.effects)
    return {name: kind.effects + (recovered if name == ACCOUNT else ()) for name, kind in KINDS.items()}


SCHEMAS: Mapping[str, Schema[Any, Any]] = {name: kind.schema for name, kind in KINDS.items()}
"""How each is read."""

UNAUDITED: frozenset[str] = frozenset(name for name, kind in KINDS.items() if kind.unaudited)
"""Those of which nothing stands in the audit; each says why."""

SOURCES: SourcesByKind = {name: kind.sources_of for name, kind in KINDS.items() if kind.sources}
"""Where each that has a name or an ID came from."""

CALLED: Mapping[str, Called] = {name: kind.called for name, kind in KINDS.items()}
"""What people call each."""
