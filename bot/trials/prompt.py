"""The best prompt that rows suggest, and the rows that it is tried on: the same ones however often it is asked.

Rows are taken by the digest of their questions, so that neither the order of the file nor a second try changes which.
Of rows with one question, or nearly the same one, one is taken: twenty copies tell as much as one row, and none of what
is tried may stand in an example of the prompt.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.datasets.file_statistics.labels import LONGEST
from bot.datasets.file_statistics.sketches import Common, Likes, sketches
from bot.datasets.records import alike, joined
from bot.datasets.rows import Row, rows
from bot.datasets.tokens import of_texts
from bot.profiles.model import Profile
from bot.trials.comparing import WHOLE, compared, values_in

CASES = 20
EXAMPLES = 8
ANSWER_TOKENS = 500
"""Tokens that each answer may have."""
PROMPT_BYTES = 6_000
"""Bytes of the prompt that all rows share, and of each row: what is longer is left out."""
_CHOICES_BYTES = 4_000
"""Bytes of the answers to choose from: beside them there is room for the names of all fields."""
_KEPT = 400


@dataclass(frozen=True, slots=True)
class Case:
    """One row that is tried: what is asked, and the answer that it has."""

    system: str
    turns: tuple[str, ...]
    """Texts of the user's and the assistant's turns, as they alternate; the last is the user's."""
    answer: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is tried. ``instruction`` is what was added to the rows' own system prompts, without its examples.

    ``commonest`` is how many of the cases have the most frequent answer: always giving that gets so many right.
    """

    cases: tuple[Case, ...]
    instruction: str
    examples: int
    commonest: int


def prepare(path: Path, profile: Profile, fields: Sequence[str]) -> Prepared:
    """Return the rows to try and the prompt for them: of few rows half, so that as many are left for the prompt.

    Called in a worker: it reads the whole file.

    Raises:
        OSError: the file cannot be read.
    """
    chosen = _different(_chosen(path, profile, fields))
    tried = min(CASES, len(chosen) // 2)
    cases, rest = chosen[:tried], chosen[tried:]
    asked = {_said(each.texts[-2:-1]) for each in cases}
    examples = _examples([each for each in rest if _said(each.texts[-2:-1]) not in asked], fields)
    instruction = _instruction(rest, fields)
    shared = _with_examples(instruction, examples)
    made = [
        Case("\n\n".join(filter(None, [each.system, shared[0]])), tuple(each.texts[:-1]), each.texts[-1])
        for each in cases
    ]
    answers = Counter(compared(each.answer, fields) for each in made)
    return Prepared(tuple(made), instruction, shared[1], max(answers.values(), default=0))


def _chosen(path: Path, profile: Profile, fields: Sequence[str]) -> list[Row]:
    """Return the rows whose questions have the smallest digests, as many as are kept, of those that can be tried.

    Of rows with one question that of the smallest answer is taken, wherever it stands.
    """
    heap: list[int] = []
    kept: dict[int, Row] = {}
    for row in rows(path, profile):
        if not _can_be_tried(row, fields):
            continue
        digest = _digest([row.system or "", *row.texts[:-1]])
        if digest in kept:
            kept[digest] = min(kept[digest], row, key=lambda each: each.texts[-1])
            continue
        heapq.heappush(heap, -digest)
        kept[digest] = row
        if len(heap) > _KEPT:
            del kept[-heapq.heappop(heap)]
    return [kept[digest] for digest in sorted(kept)]


def _can_be_tried(row: Row, fields: Sequence[str]) -> bool:
    # What is asked about a picture cannot be asked without it.
    if row.said[:-1] != row.texts[:-1] or len(row.texts) < 2 or len(row.texts) % 2:
        return False
    if _bytes(row.system or "", *row.texts) > PROMPT_BYTES or compared(row.texts[-1], fields) is None:
        return False
    # Else a right answer would be cut off before its end, and count as wrong.
    return of_texts(row.texts[-1:]).high <= ANSWER_TOKENS


def _different(chosen: Sequence[Row]) -> list[Row]:
    """Return the rows without those that ask nearly what one before them asks."""
    questions = [joined([each.system or "", *each.texts[:-1]]) for each in chosen]
    common = Common()
    common.count(questions)
    common.learn()
    likes, different = Likes(), []
    for number, (row, sketch) in enumerate(zip(chosen, sketches(questions, common), strict=True), 1):
        if not likes.find(sketch):
            different.append(row)
        likes.remember(number, sketch)
    return different


def _digest(texts: Iterable[str]) -> int:
    return int.from_bytes(hashlib.sha256(_said(texts).encode("utf-8", "replace")).digest()[:8])


def _said(texts: Iterable[str]) -> str:
    """Return texts as they are told apart: not by case and white space."""
    return "\x00".join(map(alike, texts))


def _examples(rest: Sequence[Row], fields: Sequence[str]) -> list[Row]:
    """Return the shortest row of each answer, of the most frequent answers first."""
    by_key: dict[tuple[str, ...] | None, list[Row]] = {}
    for row in rest:
        by_key.setdefault(compared(row.texts[-1], fields), []).append(row)
    frequent = sorted(by_key.values(), key=len, reverse=True)[:EXAMPLES]
    return [min(each, key=lambda row: len(row.texts[-2])) for each in frequent]


def _instruction(rest: Sequence[Row], fields: Sequence[str]) -> str:
    if WHOLE in fields:
        labels, all_of_them = _choices(each.texts[-1].strip() for each in rest)
        which = "exactly one of these, and with" if all_of_them else "one label such as these, and with"
        return f"Answer with {which} nothing else: {labels}."
    return " ".join(
        [
            "Answer with one JSON object and nothing else. Its keys:",
            f"{', '.join(fields)}, as in the examples.",
            *_values_of(rest, fields),
        ]
    )


def _choices(values: Iterable[str], most: int = _CHOICES_BYTES) -> tuple[str, bool]:
    """Return the values, the most frequent first, as many as fit, and whether these are all."""
    text, counted = "", Counter(values)
    for value, _ in counted.most_common():
        more = f"{text}; {value}" if text else value
        if _bytes(more) > most:
            return text, False
        text = more
    return text, True


def _values_of(rest: Sequence[Row], fields: Sequence[str]) -> Iterator[str]:
    """Yield what each field chooses from; nothing of one that chooses from more than fits."""
    said = [values_in(each.texts[-1], fields) for each in rest]
    for field in fields:
        labels, all_of_them = _choices(
            (each[field] for each in said if 0 < len(each.get(field, "")) <= LONGEST),
            _CHOICES_BYTES // len(fields),
        )
        if labels and all_of_them:
            yield f"{field} is one of: {labels}."


def _with_examples(instruction: str, examples: Sequence[Row]) -> tuple[str, int]:
    """Return the prompt with as many examples as fit, and how many those are."""
    text, count = instruction, 0
    for row in examples:
        more = f"{text}\n\nExample:\n{row.texts[-2].strip()}\nAnswer: {row.texts[-1].strip()}"
        if _bytes(more) > PROMPT_BYTES:
            break
        text, count = more, count + 1
    return text, count


def _bytes(*texts: str) -> int:
    return sum(len(each.encode("utf-8", "replace")) for each in texts)
