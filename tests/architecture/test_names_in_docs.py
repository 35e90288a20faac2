"""Documents and docstrings name what is there: a path, a module, a name that was moved is corrected with it."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "handlers", "storage")
BESIDE = ("tests", "benchmarks", "release")
"""What documents name, too, and docstrings of the bot do not: they may name what the bot has alone."""
FOLDERS = (*ROOMS, *BESIDE, "docs", ".github")
OF_ITS_TIME = ROOT / "CHANGELOG.md"
"""Names what there was."""
DOCUMENTS = sorted(
    {*ROOT.glob("*.md"), *(each for folder in FOLDERS for each in (ROOT / folder).rglob("*.md"))}
)
DOCUMENTS.remove(OF_ITS_TIME)

PATH = re.compile(r"(?<![\w/.-])(?:bot|handlers|storage|tests|benchmarks|docs)/[\w./<>*-]*")
MODULE = re.compile(r"(?<![\w.])(?:bot|handlers|storage)(?:\.\w+)+")
NAME = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
"""A name of ours as prose has it: in small letters, and with an underscore, so that it is no word."""
QUOTED_NAME = re.compile(
    r"(?<![\w./:@-])(?:_?[A-Za-z]\w*_\w+|_[a-z]\w+|[A-Z][a-z]+(?:[A-Z][a-z0-9]+)+)(?![\w-])"
)
"""What is a name of some program, in backquotes: it has an underscore, or two capitals."""
FILE = re.compile(r"(?<![\w./-])\w+\.(?:py|lua)\b")
"""A file that is named without its folder, beside one with it."""

COMMENT = re.compile(r"(?:^|  )\s*# .*")
"""As the formatter has it."""

OTHERS = {
    "snake_case": "a word that shows what an underscore in a word is",
    "AsyncApp": "Bolt's, and not used",
    "allowed_base_urls": "an option of vl-convert-python, which was not taken",
}
"""What looks like ours and is not. Each comes with what it is."""


def test_documents_name_paths_and_modules_that_are_there() -> None:
    assert len(DOCUMENTS) > 40
    assert _wrong([(path.name, path.read_text(encoding="utf-8")) for path in DOCUMENTS]) == []


@pytest.mark.slow
def test_documents_name_functions_classes_tests_and_files_that_are_there() -> None:
    names = _names() | _read(BESIDE)[1]
    files = {path.name for room in (*ROOMS, *BESIDE) for path in (ROOT / room).rglob("*.*")}

    assert [
        f"{path.name}: {name}"
        for path in DOCUMENTS
        for quoted in _quoted(path.read_text(encoding="utf-8"))
        for name in (*QUOTED_NAME.findall(quoted), *FILE.findall(quoted))
        if name not in names | files | OTHERS.keys()
    ] == []


def test_what_a_how_to_says_is_generated_is_as_much_as_it_counts() -> None:
    how_tos = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n### ")[1:]
    wrong = []
    for text in how_tos:
        counted = re.search(r"(\d+) files(.*)", text)
        assert counted, text
        parts = {
            what: int(count)
            for count, what in re.findall(r"(\d+) (new|edited|generated|of tests)", counted[2])
        }
        written = re.findall(r"`[\w/-]+\.\w+`", "".join(re.findall(r"`\./tunesmith gen` writes (.+)", text)))
        if len(written) != parts.get("generated", 0) or sum(parts.values()) > int(counted[1]):
            wrong.append(text.partition("\n")[0])

    assert len(how_tos) > 5
    assert wrong == []


def test_the_table_of_attacks_names_every_file_of_them() -> None:
    """The other way round, a file that it names and that is gone, is held above."""
    table = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/attacks").glob("test_*.py"))
    assert files
    assert [each for each in files if f"({each})" not in table] == []


@pytest.mark.slow
def test_docstrings_name_paths_modules_and_names_that_are_there() -> None:
    ours, beside = _names(), _names() | _read(BESIDE)[1]
    texts = [(where, text, ours) for where, text in _docstrings()]
    texts += [(where, text, beside) for where, text in _read(BESIDE)[0]]
    gone = [
        f"{where}: {name}"
        for where, text, names in texts
        for name in re.findall(r"``([^`\s]+)``", text)
        if NAME.fullmatch(name) and name not in names and name not in OTHERS
    ]

    assert _wrong([(where, text) for where, text, _ in texts]) + gone == []


@pytest.mark.slow
def test_what_is_excepted_is_said() -> None:
    everything = "".join(text for _, text in _docstrings())
    everything += "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)

    assert [name for name in OTHERS if name not in everything] == []


def _wrong(texts: list[tuple[str, str]]) -> list[str]:
    return [
        f"{where}: {name}"
        for where, text in texts
        for name in [*PATH.findall(text), *_modules(text)]
        if name not in OTHERS and not (_is_there(name) if "/" in name else _is_known(name))
    ]


def _modules(text: str) -> Iterator[str]:
    """Yield what stands in backquotes and begins like a module of ours; elsewhere it may be an address."""
    for quoted in _quoted(text):
        yield from MODULE.findall(quoted)


def _quoted(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


@cache
def _is_there(path: str) -> bool:
    """Return whether it is a file or folder. A pattern (``bot/<feature>/service.py``) fits at least one."""
    pattern = re.sub(r"<\w+>", "*", path.rstrip("./"))
    return any(ROOT.glob(pattern)) if "*" in pattern else (ROOT / pattern).exists()


def _is_known(dotted: str) -> bool:
    """Return whether it is a module, or a name that stands in one."""
    *module, name = dotted.split(".")
    if _is_there("/".join([*module, name])) or _is_there("/".join([*module, name]) + ".py"):
        return True
    place = ROOT.joinpath(*module)
    source = place.with_suffix(".py") if place.with_suffix(".py").exists() else place / "__init__.py"
    if source.exists():
        return (
            re.search(rf"^\s*(?:class |def )?{name}\b", source.read_text(encoding="utf-8"), re.M) is not None
        )
    return len(module) > 1 and _is_known(".".join(module))  # a method: its class is a name of the module


def _docstrings() -> list[tuple[str, str]]:
    """Return every docstring, also those under a constant or a field, with the file it stands in."""
    return _read(ROOMS)[0]


def _names() -> set[str]:
    """Return every name in the code, and every word of its strings and scripts."""
    return _read(ROOMS)[1]


@cache
def _read(folders: tuple[str, ...]) -> tuple[list[tuple[str, str]], set[str]]:
    docstrings, names = [], set[str]()
    for path in (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))):
        where, source = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        prose = [*_prose(ast.parse(source).body)]
        docstrings += [(where, str(text.value)) for text in prose]
        names |= set(Path(where).with_suffix("").parts) | _words(source, prose)
    for script in (ROOT / "storage" / "scripts").glob("*.lua"):
        names |= set(re.findall(r"\w+", script.read_text(encoding="utf-8")))
    return docstrings, names


def _prose(body: Iterable[ast.stmt]) -> Iterator[ast.Constant]:
    """Yield each text that stands alone, in whatever is nested: no expression is gone through for it."""
    for statement in body:
        if isinstance(statement, ast.Expr):
            if isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
                yield statement.value
            continue
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _prose(getattr(statement, part, ()))


def _words(source: str, prose: Iterable[ast.Constant]) -> set[str]:
    """Return the words of the code and of its strings: all but those of docstrings and comments."""
    lines = source.splitlines()
    for text in prose:
        assert text.end_lineno is not None
        lines[text.lineno - 1 : text.end_lineno] = [""] * (text.end_lineno - text.lineno + 1)
    return set(re.findall(r"\w+", "\n".join(COMMENT.sub("", line) for line in lines)))
