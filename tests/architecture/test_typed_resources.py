"""A resource is read by its kind's Spec and Status: only the engine looks into its documents by a member's name."""

import ast
import re
from pathlib import Path

import pytest

import bot

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
