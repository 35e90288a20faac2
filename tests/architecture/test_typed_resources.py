"""A resource is read by its kind's Spec and Status: only the engine looks into its documents by a member's name."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import bot
from bot.kinds import KINDS

ROOT = Path(str(bot.__file__)).resolve().parents[1]
ROOMS = ("bot", "handlers", "storage")
ENGINE = "bot/controller/"
WHATEVER_THE_KIND = {
    "bot/audit/decisions.py": "finds who decided what in documents of every kind, before and after a write",
    "bot/log_context.py": "says whose a resource is for the log, though its document may be damaged",
    "bot/spending/record.py": "a schema itself: which round is wanted says how the status is read",
    "bot/deployments/kind.py": "its end is looked for where its own code fails (`Kind.ends_spending`)",
    "bot/strays/kind.py": "its end is looked for where its own code fails (`Kind.ends_spending`)",
}
"""Modules that read documents as they are stored, each with the reason."""

DOCUMENTS = {"spec", "status"}
OF_A_CONTEXT = {"wanted", "saved"}
"""What a context calls its resource's documents, as attributes: as a variable the words mean anything."""
ASKED = {"get", "items", "keys", "pop", "setdefault", "values"}
SUSPECT = re.compile(
    r"(?:spec|status|wanted|saved)(?:\[[\"']|\.(?:get|items|keys|pop|setdefault|values)\(| \| \{)"
)
"""A module without it need not be parsed."""


UNTYPED = {
    "bot.account.telling.Untold.lines": "cards of several features, each as its own class dumps it",
    "bot.notifications.reconciler.NotificationSpec.blocks": "Block Kit, drawn before",
    "bot.notifications.reconciler.NotificationSpec.details": "Block Kit, drawn before",
}
"""Members of what is kept that may hold anything, each with the reason."""


def reads(text: str) -> list[str]:
    """Return the expressions that take a spec or a status for a bag of members."""
    if not SUSPECT.search(text):
        return []
    return [ast.unparse(node) for node in ast.walk(ast.parse(text)) if _is_read(node)]


def _is_read(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        return _is_document(node.value) and _is_text(node.slice)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ASKED and _is_document(node.func.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _is_document(node.left) and isinstance(node.right, ast.Dict)
    return False


def _is_document(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in DOCUMENTS | OF_A_CONTEXT
    return isinstance(node, ast.Name) and node.id in DOCUMENTS


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.slow
def test_a_resource_is_read_by_its_kinds_types() -> None:
    found = {}
    for path in (each for room in ROOMS for each in (ROOT / room).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(ENGINE) and (raw := reads(path.read_text(encoding="utf-8"))):
            found[name] = raw

    assert {name: raw for name, raw in found.items() if name not in WHATEVER_THE_KIND} == {}, (
        "read it by its schema: `SCHEMA.spec_of(resource).plan`, `SCHEMA.status_of(resource).phase`"
    )
    assert set(WHATEVER_THE_KIND) - set(found) == set(), "no longer needed"


@pytest.mark.parametrize(
    "planted",
    [
        'resource.spec["plan"]["job_name"]',
        'context.saved["outbox"]',
        'spec.get("votes")',
        'each.status.get("phase")',
        'spec | {"stopped_by": user}',
        "for name in status.values(): pass",
    ],
)
def test_reading_a_bag_is_seen(planted: str) -> None:
    assert len(reads(planted)) == 1


@pytest.mark.parametrize(
    "fine", ["SCHEMA.spec_of(one).plan", "status[:3]", 'wanted.get("And")', "spec | other"]
)
def test_what_is_typed_or_something_else_is_let_be(fine: str) -> None:
    assert reads(fine) == []


def untyped(of: Any, where: str, seen: set[object]) -> Iterator[str]:
    """Name the members that may hold anything, in a type and all that it is made of."""
    if of is Any or of is dict or of is object:
        yield where
    for each in get_args(of):
        yield from untyped(each, where, seen)
    if is_dataclass(of) and isinstance(of, type) and of not in seen:
        seen.add(of)
        hints = get_type_hints(of)
        for member in fields(of):
            yield from untyped(hints[member.name], f"{of.__module__}.{of.__name__}.{member.name}", seen)


def test_no_member_of_what_is_kept_is_a_bag_of_anything() -> None:
    seen: set[object] = set()
    schemas = [kind.schema for kind in KINDS.values()]
    found = [
        name for each in schemas for of in (each.spec, each.status) for name in untyped(of, each.name, seen)
    ]

    assert len(seen) > 80
    assert sorted(set(found)) == sorted(UNTYPED)
