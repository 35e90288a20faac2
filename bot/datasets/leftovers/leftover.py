"""Keys that a base's record has no place for: where they stand, what is in them, and how a row is without them."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.datasets.leftovers.bookkeeping import excludes, folded, is_inert
from bot.datasets.records import Json
from bot.datasets.spelling import shown

SHOWN = 60
"""Characters of a value that are shown as an example."""

Steps = tuple[str | int, ...]
"""The way to a key through objects and lists: ``("messages", 0, "name")``."""


@dataclass(frozen=True, slots=True, eq=False)
class Leftover:
    """A key that is not taken over. ``inert`` when it is bookkeeping, which nobody learns from.

    ``excludes`` when it says that its row, or the answer that it stands beside, is not for training.
    """

    steps: Steps
    value: Any
    inert: bool
    excludes: bool = False

    @property
    def key(self) -> str:
        """The key itself."""
        return str(self.steps[-1])

    @property
    def path(self) -> str:
        """Its place in the row as findings have it: ``messages[0].name``."""
        path = ""
        for step in self.steps:
            path += f"[{step}]" if isinstance(step, int) else f".{shown(step)}" if path else shown(step)
        return path


def leftovers(value: Json, used: Collection[str], at: Steps = (), role: str = "") -> Iterator[Leftover]:
    """Yield the keys of an object that are not ``used``; ``at`` is where it stands, ``role`` whose turn it is."""
    for key, inner in value.items():
        if key not in used:
            yield Leftover((*at, key), inner, is_inert(key, inner, role), excludes(key, inner, role))


def settled(found: Iterable[Leftover]) -> tuple[Leftover, ...]:
    """Return the leftovers of one row, those that belong together alike: what counts in one turn counts in all.

    A flag that is set for one turn says something by not being set for the next.
    """
    known = tuple(found)
    counting = {folded(each.key) for each in known if not each.inert}
    return tuple(replace(each, inert=each.inert and folded(each.key) not in counting) for each in known)


def repeated(found: Iterable[Leftover], texts: Collection[str]) -> tuple[Leftover, ...]:
    """Return the leftovers; those beside the messages that repeat one of ``texts`` lose nothing."""
    said = {text.strip() for text in texts}
    return tuple(
        replace(each, inert=True) if len(each.steps) == 1 and _is_said(each.value, said) else each
        for each in found
    )


def _is_said(value: Any, said: Collection[str]) -> bool:
    return isinstance(value, str) and value.strip() in said


def moved(found: Iterable[Leftover], to: Steps, since: int = 0) -> tuple[Leftover, ...]:
    """Return leftovers of a part of a row with their places in the row: ``to`` goes before all but ``since`` steps."""
    return tuple(replace(each, steps=(*to, *each.steps[since:])) for each in found)


def example(value: Any) -> str:
    """Return a value as it is shown beside its key: as JSON, short, without what would end a quotation."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    text = text.replace("`", "'")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def without(value: Json, gone: Iterable[Leftover]) -> Json:
    """Return the row without these keys. Changes nothing."""
    tree: dict[str | int, Any] = {}
    for each in gone:
        branch = tree
        for step in each.steps[:-1]:
            branch = branch.setdefault(step, {})
        branch[each.steps[-1]] = None
    rest: Json = _without(value, tree)
    return rest


def _without(value: Any, tree: dict[str | int, Any]) -> Any:
    """Return the value without what the tree has None for."""
    if isinstance(value, list):
        return [_without(each, tree[index]) if index in tree else each for index, each in enumerate(value)]
    return {
        key: _without(each, tree[key]) if key in tree else each
        for key, each in value.items()
        if key not in tree or tree[key] is not None
    }


_MEANINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "It marks answers that must not be learned, or not as much as others; here every answer is learned alike.",
        ("weight", "train", "loss", "learn", "mask", "ignore", "skip", "exclu"),
    ),
    (
        "The row leans on pictures, sound or files that the model would not see.",
        ("image", "picture", "photo", "img", "video", "audio", "sound", "file", "attachment", "pixel"),
    ),
    ("The row leans on tools, which cannot be tuned.", ("tool", "function", "plugin")),
    ("The reasoning was written to be learned, and would not be.", ("reason", "think", "thought", "rationale", "cot")),
    ("It is the worse of two answers: this way of training does not learn from it.", ("reject", "dispref", "worse")),
    ("The row is marked for something else than training.", ("split", "partition", "subset", "fold")),
    ("It says how good the row is: rows that were found bad would be learned like the good ones.",
     ("rating", "score", "reward", "quality", "vote", "feedback", "grade", "prefer")),
    ("There are other answers beside the one that would be learned.",
     ("candidate", "choice", "option", "alternative", "answers", "responses", "completions", "outputs")),
    ("Turns that went before would be left out.", ("history", "previous", "turns")),
    ("Who speaks would be lost.", ("name", "speaker", "author", "sender")),
)  # fmt: skip
"""What it means to lose a key, by how a word of its name begins; the first that fits is said."""

_FOUND_BY = tuple((said, re.compile(rf"(?:^|_)(?:{'|'.join(parts)})")) for said, parts in _MEANINGS)
_ELSE = "Nothing would be learned from it."


def meaning(key: str) -> str:
    """Return in a sentence what it would mean to drop a key that is no bookkeeping."""
    return next((said for said, beginning in _FOUND_BY if beginning.search(folded(key))), _ELSE)
