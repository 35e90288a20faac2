"""The best prompt that rows suggest, and the rows that it is tried on: the same ones however often it is asked.

Rows are taken by the digest of their text, so that neither the order of the file nor a second try changes which. Those
that are tried stand in no example of the prompt, nor does another row with the same question.
"""

import hashlib
import heapq
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.datasets.rows import Row, rows
from bot.profiles.model import Profile
from bot.wording import clip

CASES = 20
EXAMPLES = 8
PROMPT_BYTES = 6_000
"""Bytes of the prompt that all rows share, and of each row: what is longer is left out."""
_KEPT = 400
_LABELS = 30
WHOLE = ""
"""The field that stands for a whole answer."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row that is tried: what is asked, and the answer that it has."""

    system: str
    turns: tuple[str, ...]
    """Texts of the user's and the assistant's turns, as they alternate; the last is the user's."""
    answer: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is tried. ``instruction`` is what was added to the rows' own system prompts, without its examples."""

    cases: tuple[Case, ...]
    instruction: str
    examples: int


def fields_of(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of an answer that are compared: the whole of it where whole answers are labels."""
    return (WHOLE,) if WHOLE in labels else tuple(labels)


def prepare(path: Path, profile: Profile, fields: Sequence[str]) -> Prepared:
    """Return the rows to try and the prompt for them. Called in a worker: it reads the whole file.

    Raises:
        OSError: the file cannot be read.
    """
    chosen = _chosen(path, profile)
    cases, rest = chosen[:CASES], chosen[CASES:]
    asked = {each.texts[-2] for each in cases}
    examples = _examples([each for each in rest if each.texts[-2] not in asked], fields)
    instruction = _instruction(rest, fields)
    shared = _with_examples(instruction, examples)
    made = [
        Case("\n\n".join(filter(None, [each.system, shared[0]])), tuple(each.texts[:-1]), each.texts[-1])
        for each in cases
    ]
    return Prepared(tuple(made), instruction, shared[1])


def _chosen(path: Path, profile: Profile) -> list[Row]:
    """Return the rows with the smallest digests, as many as are kept, of those that are short enough to be tried."""
    kept: list[tuple[int, int, Row]] = []
    for row in rows(path, profile):
        # What is asked about a picture cannot be asked without it.
        if row.said[:-1] != row.texts[:-1]:
            continue
        if len(row.texts) < 2 or len(row.texts) % 2 or _bytes(row.system or "", *row.texts) > PROMPT_BYTES:
            continue
        digest = int.from_bytes(
            hashlib.sha256("\x00".join(row.texts).encode("utf-8", "replace")).digest()[:8]
        )
        heapq.heappush(kept, (-digest, row.line, row))
        if len(kept) > _KEPT:
            heapq.heappop(kept)
    return [row for _, _, row in sorted(kept, key=lambda each: (-each[0], each[1]))]


def _examples(rest: Sequence[Row], fields: Sequence[str]) -> list[Row]:
    """Return the shortest row of each answer, of the most frequent answers first."""
    by_key: dict[tuple[str, ...], list[Row]] = {}
    for row in rest:
        key = compared(row.texts[-1], fields)
        if key is not None:
            by_key.setdefault(key, []).append(row)
    frequent = sorted(by_key.values(), key=len, reverse=True)[:EXAMPLES]
    return [min(each, key=lambda row: len(row.texts[-2])) for each in frequent]


def _instruction(rest: Sequence[Row], fields: Sequence[str]) -> str:
    if WHOLE in fields:
        counted = Counter(each.texts[-1].strip() for each in rest).most_common(_LABELS)
        labels = "; ".join(clip(each, 80) for each, _ in counted)
        return f"Answer with exactly one of these, and with nothing else: {labels}."
    return f"Answer with one JSON object and nothing else. Its keys: {', '.join(fields)}, as in the examples."


def _with_examples(instruction: str, examples: Sequence[Row]) -> tuple[str, int]:
    """Return the prompt with as many examples as fit, and how many those are."""
    text, count = instruction, 0
    for row in examples:
        more = f"{text}\n\nExample:\n{row.texts[-2].strip()}\nAnswer: {row.texts[-1].strip()}"
        if _bytes(more) > PROMPT_BYTES:
            break
        text, count = more, count + 1
    return text, count


def compared(answer: str, fields: Sequence[str]) -> tuple[str, ...] | None:
    """Return what is compared of an answer; None for one that has not got it."""
    if WHOLE in fields:
        return (_normal(answer),)
    value = _object(answer)
    if value is None or not all(field in value for field in fields):
        return None
    return tuple(_normal(str(value[field])) for field in fields)


def is_right(answer: str, wanted: str, fields: Sequence[str]) -> bool:
    """Return whether an answer says what the row's own says, spelling of case and marks around it apart."""
    said = compared(answer, fields)
    return said is not None and said == compared(wanted, fields)


def _normal(text: str) -> str:
    return " ".join(text.casefold().strip(" \t\r\n\"'`.*").split())


def _object(answer: str) -> Mapping[str, Any] | None:
    """Return the JSON object in an answer, which may stand in a code block or between words."""
    begin, end = answer.find("{"), answer.rfind("}")
    if begin < 0 or end < begin:
        return None
    try:
        value = json.loads(answer[begin : end + 1])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _bytes(*texts: str) -> int:
    return sum(len(each.encode("utf-8", "replace")) for each in texts)
