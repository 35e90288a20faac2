"""The glossary names modules that are there, in the order of the alphabet; no class calls another thing by its word."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
TERM = re.compile(r"- \*\*(?P<term>[^*]+)\*\*(?: of an? [a-z]+)?(?: \(`(?P<module>[^`]+)`\))?: \S")
PORTS = "ports.py"
"""Describes what stands elsewhere, under the same word."""
PLANNED: set[str] = set()
"""Words for what is not built yet; they come without a module."""


def _entries() -> list[tuple[str, str | None]]:
    lines = [line for line in GLOSSARY.splitlines() if line.startswith("- ")]
    found = [TERM.match(line) for line in lines]
    assert [line for line, match in zip(lines, found, strict=True) if match is None] == []
    return [(match["term"], match["module"]) for match in found if match]


def test_the_glossary_is_in_the_order_of_the_alphabet() -> None:
    terms = [term for term, _ in _entries()]

    assert len(terms) > 40
    assert [(one, other) for one, other in pairwise(terms) if one > other] == []


def test_every_word_names_the_module_where_it_lives() -> None:
    assert {term for term, module in _entries() if module is None} == PLANNED


def test_every_module_that_the_glossary_names_is_there() -> None:
    named = set(re.findall(r"`((?:bot|handlers|storage)/[\w/.]+)`", GLOSSARY))

    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


@pytest.mark.slow
def test_a_class_that_is_called_as_a_term_is_what_the_glossary_says() -> None:
    terms = {"".join(word.capitalize() for word in term.split()) for term, _ in _entries()}
    paths = [path for room in ("bot", "handlers", "storage") for path in (ROOT / room).rglob("*.py")]
    called = [
        (node.name, path.relative_to(ROOT).as_posix())
        for path in paths
        if path.name != PORTS and "playground" not in path.parts
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name in terms
    ]

    assert len(called) > 20
    assert [f"{path}: {name}" for name, path in called if f"`{path}`" not in GLOSSARY] == []
