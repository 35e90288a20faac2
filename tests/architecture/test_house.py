"""The house stays small-roomed: budgets for files and functions, a tidy top level, clean locks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "handlers", "storage")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

# Lines. A file that needs a map, or a function that needs scrolling, wants to be two.
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
# Members that one class of dependencies or ports declares itself. With more of them its type no longer says what a part
# can reach: let each part name its own, and have the whole inherit them (`bot/jobs/dependencies.py`).
MOST_DEPENDENCIES = 14
ALL_PORTS = "bot/wiring/ports.py"

POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")
HARMLESS_THERE = {
    "bot/datasets/reading/literals.py": 4,
    "bot/datasets/reading/parsing.py": 1,
    "bot/datasets/reading/spanning.py": 1,
}
"""How many of them: what is repeated begins with one character that decides, but for a backslash at the text's end."""

TOP_LEVEL = {
    ".ci",
    ".dockerignore",
    ".git",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "Dockerfile",
    "LICENSE",
    "README.md",
    "benchmarks",
    "bot",
    "compose.yaml",
    "docs",
    "handlers",
    "manifest.json",
    "pyproject.toml",
    "release",
    "requirements-runtime.lock",
    "requirements.lock",
    "storage",
    "tests",
    "tunesmith",
}

CONVENTION = {
    ".editorconfig": "editors look for it in the folders above a file",
    ".pre-commit-config.yaml": "pre-commit reads it at the top and nowhere else",
    "CONTRIBUTING.md": "GitHub links it beside a new issue or pull request",
    "SECURITY.md": "GitHub shows it as the security policy",
}
"""Files that a tool or a host finds by their name at the top. Each comes with who looks for it there."""


def test_the_top_level_holds_what_convention_puts_there() -> None:
    # What a checkout collects by being used is in .gitignore, so git's own view is the one that counts.
    ignored = {line.strip("/\n") for line in (ROOT / ".gitignore").read_text().splitlines()}
    found = {path.name for path in ROOT.iterdir()} - ignored

    assert found - TOP_LEVEL - set(CONVENTION) == set()


def test_no_file_needs_a_map() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}

    assert {_name(path): length for path, length in lines.items() if length > LONGEST_FILE} == {}


def test_groups_are_repeated_possessively_only_where_all_pythons_do_it_alike() -> None:
    """Python 3.11.0 to 3.11.4 keep what a group that does not fit has read (github.com/python/cpython/issues/106052).

    An atomic group, ``(?>(?:…)*)``, says the same and is right everywhere.
    """
    found = {_name(path): len(POSSESSIVE_GROUP.findall(path.read_text(encoding="utf-8"))) for path in MODULES}
    assert {name: count for name, count in found.items() if count} == HARMLESS_THERE


@pytest.mark.slow
def test_no_function_needs_scrolling() -> None:
    long = [
        f"{_name(path)}: {node.name} ({lines} lines)"
        for path in MODULES
        for node, lines in _functions(ast.parse(path.read_text(encoding="utf-8")))
        if lines > LONGEST_FUNCTION
    ]

    assert long == []


@pytest.mark.slow
def test_no_bag_of_dependencies_hides_what_a_part_can_reach() -> None:
    counted = {
        f"{_name(path)}: {name}": members
        for path in MODULES
        for name, members in _dependencies(path.read_text(encoding="utf-8"))
    }
    found = {name: members for name, members in counted.items() if members > MOST_DEPENDENCIES}

    assert len(counted) > 20
    # One value has all that there is, and nobody is handed it: each kind takes the protocol of its own.
    assert [name for name in found if not name.startswith(ALL_PORTS)] == []


def _dependencies(text: str) -> Iterator[tuple[str, int]]:
    if not re.search(r"^class \w*(Dependencies|Ports|Needs)\b", text, re.MULTILINE):
        return
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and re.search(r"(Dependencies|Ports|Needs)$", node.name):
            yield node.name, sum(isinstance(each, ast.AnnAssign) for each in node.body)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body:
                yield node, node.end_lineno - body[0].lineno + 1


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-runtime.lock"])
def test_locks_pin_every_package_by_hash_and_name_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    pinned = re.findall(r"^[a-z0-9][\w.\-\[\]]*==\S+", text, re.MULTILINE)
    assert len(pinned) > 20
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    assert len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) == len(pinned)
    assert text.count("--hash=sha256:") >= len(pinned)


@pytest.mark.parametrize("name", ["tunesmith", "Dockerfile", "release/launcher/__main__.py"])
def test_however_the_bot_is_started_its_threads_share_two_arenas(name: str) -> None:
    """Else its memory grows with every thread that ever ran: by glibc's rules, eight arenas for each core."""
    assert re.search(
        r"(?m)MALLOC_ARENA_MAX=(2\b|\"\$\{MALLOC_ARENA_MAX:-2\}\")|^ARENAS = \"2\"",
        (ROOT / name).read_text(encoding="utf-8"),
    )


@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".ci/run"])
def test_a_commit_is_checked_as_ci_checks_it(name: str) -> None:
    assert "./tunesmith check\n" in (ROOT / name).read_text(encoding="utf-8")
