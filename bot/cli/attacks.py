"""The table of attacks: what was tried, and what must happen, read off the tests that try it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.cli.reference import page, table

FOLDER = Path("tests") / "attacks"
TRIED = "Tried: "
"""How the docstring of a case begins that says what was tried in it."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case: ``tried`` is what somebody did, ``must`` what has to come of it, both in words."""

    file: str
    name: str
    tried: str
    must: str


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one file, and what all of them are about."""

    file: str
    about: str
    cases: tuple[Case, ...]


def groups(root: Path) -> list[Group]:
    """Return the cases that say what was tried, by file; ``root`` is the checkout."""
    found = (_group(path) for path in sorted((root / FOLDER).glob("test_*.py")))
    return [each for each in found if each.cases]


def document(root: Path) -> str:
    """Return the page."""
    found = groups(root)
    count = sum(len(each.cases) for each in found)
    parts: list[list[str]] = []
    for each in found:
        link = f"[{each.file}](../../{(FOLDER / each.file).as_posix()})"
        rows = [(case.tried, case.must, f"`{case.name}`") for case in each.cases]
        parts += [[f"## {_title(each.file)}"], [f"{each.about} In {link}:"]]
        parts.append(list(table(("tried", "what must happen", "case"), rows)))
    about = (
        f"{count} cases in which somebody tries what they must not get, each with what must happen instead. There are "
        "more in the same files; [Security](../../SECURITY.md) says who might try what. Run them with "
        "`./tunesmith test tests/attacks`."
    )
    return page("Attacks that are tried", about, *parts)


def _group(path: Path) -> Group:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    about = _sentences(ast.get_docstring(tree) or "")
    return Group(path.name, about, tuple(_cases(path.name, tree)))


def _cases(file: str, tree: ast.Module) -> Iterator[Case]:
    for node in tree.body:
        said = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and said and TRIED in said:
            tried = _sentences(said.partition(TRIED)[2])
            must = node.name.removeprefix("test_").replace("_", " ")
            yield Case(file, node.name, _capital(tried), f"{_capital(must)}.")


def _sentences(docstring: str) -> str:
    """Return the first paragraph as one line of Markdown."""
    line = re.sub(r"\s+", " ", docstring.strip().partition("\n\n")[0])
    return line.replace("``", "`").replace("<", "&lt;")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _title(file: str) -> str:
    return _capital(file.removeprefix("test_").removesuffix(".py").replace("_", " "))
