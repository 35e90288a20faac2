"""Nothing is there for tests alone, and the names that the look for dead code passes over are all needed."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from vulture import Vulture

ROOT = Path(__file__).resolve().parents[2]
SETTING = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
CALLED_BY_ITS_PLACE = {"__getattr__", "EXAMPLES", "KINDS", "LOOK", "PURCHASES", "RECOVERIES"}
"""What the language or discovery asks a module for."""


@pytest.mark.slow
def test_every_name_that_is_passed_over_would_be_found() -> None:
    look = Vulture()
    look.scavenge([ROOT / each for each in SETTING["paths"]], exclude=SETTING["exclude"])
    found = {str(each.name) for each in look.get_unused_code(min_confidence=SETTING["min_confidence"])}

    assert len(found) > 40
    passed_over = SETTING["ignore_names"]
    assert [each for each in passed_over if not any(fnmatchcase(name, each) for name in found)] == []


@pytest.mark.slow
def test_what_a_module_has_is_used_there_or_imported_from_it() -> None:
    """Vulture takes a name for used that is used anywhere; this one asks for the module's own, and for no method."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for folder in (*SETTING["paths"], "release")
        for path in (ROOT / folder).rglob("*.py")
    }
    seen = {path: _seen(tree) for path, tree in trees.items()}
    imported = {each for module in seen.values() for each in module.imported}
    by_attribute = {name for module in seen.values() for name in module.attributes}
    passed_over = CALLED_BY_ITS_PLACE.union(SETTING["ignore_names"])

    assert [
        f"{path.relative_to(ROOT)}: {name}"
        for path, tree in trees.items()
        if "playground" not in path.parts
        and path.relative_to(ROOT).parts[0] in ("bot", "handlers", "storage")
        for name in set(_defined(tree)) - seen[path].read - by_attribute - passed_over
        if (_module(path), name) not in imported
    ] == []


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@dataclass
class _Seen:
    """What one module reads."""

    imported: set[tuple[str, str]] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=lambda: {"__all__"})
    """Names, those in quoted annotations among them, and those that it gives away."""


def _seen(tree: ast.Module) -> _Seen:
    seen = _Seen()
    for node in ast.walk(tree):  # once: a walk through all modules takes seconds
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                seen.imported |= {(module, each.name) for each in names}
            case ast.Attribute(attr=name):
                seen.attributes.add(name)
            case ast.Name(id=name, ctx=ast.Load()):
                seen.read.add(name)
            case ast.Constant(value=str(text)):
                seen.read.add(text.partition("[")[0])
    return seen


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
