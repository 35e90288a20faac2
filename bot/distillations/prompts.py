"""Reads prompts from whatever people keep them in: rows of JSON, a table, or plain lines.

A row's answer, when it has one, is left aside: it is to be replaced. What else a row holds beside its question and is
no bookkeeping (pictures, choices, tools) is part of what is asked, so such a row is named and not asked without it.
Earlier turns of a conversation stay, for the last question is asked in their light. Rows are told by their line, as a
text editor numbers them.
"""

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from bot.datasets.findings import Finding
from bot.datasets.formats import pairs
from bot.datasets.formats.detection import recognise
from bot.datasets.formats.dialogue import ContentLost, Dialogue, NotConvertible
from bot.datasets.formats.messages import is_text_block
from bot.datasets.leftovers.leftover import leftovers
from bot.datasets.reading import sniffing
from bot.datasets.reading.parsing import parse
from bot.datasets.reading.reader import Reader
from bot.datasets.records import Json
from bot.errors import Refused

PLAIN = frozenset({".txt", ".text", ".md"})
TABLES = frozenset({".csv", ".tsv"})
_PAIRS = (pairs.PROMPT_COMPLETION, pairs.ALPACA)
"""Formats whose rows may lack the answer, and are asked for the question alone."""
_LIST_KEYS = (
    ("messages", "role", frozenset({"assistant"})),
    ("conversations", "from", frozenset({"gpt", "assistant"})),
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question with what was said before it. ``turns`` are (role, text); the last one is the user's."""

    row: int
    system: str | None
    turns: tuple[tuple[str, str], ...]
    answer: str | None = None
    """The answer that is to be replaced; None when there is none."""


@dataclass(frozen=True, slots=True)
class NoPrompt:
    """A row that asks nothing, and why."""

    row: int
    reason: str


def read_prompts(path: Path, name: str) -> Iterator[Prompt | NoPrompt]:
    """Yield what each row of the file asks; the file's ``name`` tells plain lines and tables from rows of JSON.

    Raises:
        Refused: no rows can be read from the file at all; the hint says what to send.
        OSError: the file cannot be read.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in PLAIN:
        yield from _plain(path)
    elif suffix in TABLES:
        yield from _table(path, "\t" if suffix == ".tsv" else ",")
    else:
        yield from _rows(path)


# Plain lines and tables


def _plain(path: Path) -> Iterator[Prompt | NoPrompt]:
    for number, line in enumerate(_lines(path), start=1):
        if text := line.strip():
            yield Prompt(number, None, (("user", text),))


def _table(path: Path, otherwise: str) -> Iterator[Prompt | NoPrompt]:
    with path.open("rb") as file:
        delimiter = sniffing.delimiter(file.read(sniffing.HEAD)) or otherwise
    lines = _lines(path)
    first = next(lines, "")
    told = sniffing.separator_line(first)  # Excel's own line, which says what stands between the cells
    # Strict: else a quote that nobody closes makes one cell of all rows after it, without a word.
    reader = csv.DictReader(
        lines if told else itertools.chain([first], lines), delimiter=delimiter, strict=True
    )
    try:
        for row in reader:
            yield _judged(
                reader.line_num + bool(told),
                # DictReader puts cells beyond the header under None.
                {name: text for name, text in row.items() if name and text is not None},
            )
    except csv.Error as error:
        raise Refused(
            f"The table cannot be read beyond line {reader.line_num}.",
            hint="Save it as *CSV UTF-8* and send it again.",
            detail=str(error),
        ) from error


def _lines(path: Path) -> Iterator[str]:
    # Excel begins a file with a mark, and csv wants line ends as they are: a cell may have some.
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            yield from file
        except UnicodeDecodeError as error:
            raise Refused("The file is not UTF-8.", hint="Save it as UTF-8 and send it again.") from error


# Rows of JSON


def _rows(path: Path) -> Iterator[Prompt | NoPrompt]:
    fatal: list[Finding] = []

    def found(finding: Finding) -> None:
        if finding.line == 0:
            fatal.append(finding)

    with path.open("rb") as file:
        reader = Reader(file, found)
        try:
            for number, data in reader.rows():
                if data.strip():
                    yield from _values(number, data)
            if reader.kind == "csv":
                raise Refused(
                    "That is a table.", hint="Give it a name that ends in `.csv` and send it again."
                )
            if reader.kind:
                what = fatal[0] if fatal else None
                raise Refused(
                    what.message if what else "No rows can be read.", hint=what.hint if what else ""
                )
        finally:
            reader.close()


def _values(number: int, data: bytes) -> Iterator[Prompt | NoPrompt]:
    parsed = parse(data)
    if not parsed.values:
        yield NoPrompt(number, "the line is not JSON")
    for value in parsed.values:
        yield _judged(number, value)


def _judged(row: int, value: Any) -> Prompt | NoPrompt:
    try:
        return _prompt(row, value)
    except NotConvertible as obstacle:
        return NoPrompt(row, str(obstacle))


def _prompt(row: int, value: Any) -> Prompt:
    """Return what the row asks.

    Raises:
        NotConvertible: it asks nothing, or not in a way that is understood.
    """
    if isinstance(value, str):
        return _checked(row, Dialogue(None, (("user", value),)), None)
    if not isinstance(value, dict):
        raise NotConvertible("the row is neither a text nor an object")
    for key, role, answering in _LIST_KEYS:
        if isinstance(value.get(key), list):
            turns, answer = _without_answer(value[key], role, answering)
            return _checked(row, _dialogue({**value, key: turns}), answer)
    found = recognise(value)
    if found is not None and found.read is not None and found not in _PAIRS:
        return _asked(row, found.read(value))
    answers = (value[name] for name in value if pairs.is_answer(name))
    return _checked(
        row, pairs.question(value), next((each for each in answers if isinstance(each, str)), None)
    )


def _asked(row: int, dialogue: Dialogue) -> Prompt:
    """Return what a conversation in another format asks last; the answer that it ends with is to be replaced."""
    *before, (role, said) = dialogue.turns or (("", ""),)
    if role != "assistant":
        return _checked(row, dialogue, None)
    return _checked(row, replace(dialogue, turns=tuple(before)), said)


def _without_answer(turns: list[Any], role: str, answering: frozenset[str]) -> tuple[list[Any], str | None]:
    kept, answer = list(turns), None
    while kept and isinstance(kept[-1], dict) and str(kept[-1].get(role)).lower() in answering:
        turn = kept.pop()
        # Of several answers at the end the first one is what answers the question.
        answer = _plain_text(turn.get("content", turn.get("value"))) or answer
    return kept, answer


def _plain_text(content: Any) -> str:
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    return "\n".join(block["text"] for block in blocks if is_text_block(block))


def _dialogue(row: Json) -> Dialogue:
    """Return what the row says, its answer in a field beside the turns among what is left aside."""
    asked = {name: each for name, each in row.items() if not pairs.is_answer(name)}
    found = recognise(asked)
    if found is None or found.read is None:
        raise NotConvertible(found.obstacle if found else "it is in no format that is known")
    dialogue = found.read(asked)
    answers = tuple(each for each in leftovers(row, asked) if pairs.is_answer(each.key))
    return Dialogue(dialogue.system, dialogue.turns, (*dialogue.dropped, *answers))


def _checked(row: int, dialogue: Dialogue, answer: str | None) -> Prompt:
    lost = [each for each in dialogue.dropped if not each.inert and not pairs.is_answer(each.key)]
    if lost:
        raise ContentLost(lost)
    beside = (each.value for each in dialogue.dropped if pairs.is_answer(each.key))
    answer = answer or next((each for each in beside if isinstance(each, str)), None)
    turns = dialogue.turns
    if not turns or turns[-1][0] != "user":
        raise NotConvertible("it has no question")
    if any(role != ("user", "assistant")[place % 2] for place, (role, _) in enumerate(turns)):
        raise NotConvertible("user and assistant do not take turns")
    if not all(text.strip() for _, text in turns):
        raise NotConvertible("a turn is empty")
    system = dialogue.system if dialogue.system and dialogue.system.strip() else None
    return Prompt(row, system, turns, answer or None)
