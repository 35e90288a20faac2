"""Writes the input of a batch job: one JSON object a line, ``{"recordId", "modelInput"}`` in Converse's form.

Form and limits: docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html, read on 2026-11-22. The same
prompts give the same bytes, so that writing it again after a crash changes nothing.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot.datasets.tokens import of_texts
from bot.distillations.plan import LeftOut, Tokens
from bot.distillations.prompts import NoPrompt, Prompt
from bot.questions.costs import AROUND

_SHOWN = 10
_BREATH = 500
TWICE = "the same is asked twice"


@dataclass(slots=True)
class Tally:
    """Counts what is left out, by reason, and keeps the first rows of each."""

    counts: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, row: int) -> None:
        """Count one row."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        shown = self.rows.setdefault(reason, [])
        if len(shown) < _SHOWN:
            shown.append(row)

    def result(self) -> tuple[LeftOut, ...]:
        """Return the reasons, the most frequent first."""
        ordered = sorted(self.counts.items(), key=lambda each: -each[1])
        return tuple(LeftOut(reason, count, tuple(self.rows[reason])) for reason, count in ordered)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many records, the digest and size of the file, what was left out, and its tokens."""

    records: int
    sha256: str
    bytes: int
    left_out: tuple[LeftOut, ...]
    input_tokens: Tokens
    output_tokens: Tokens


def write_batch(
    prompts: Iterable[Prompt | NoPrompt],
    out: Path,
    *,
    system: str | None,
    max_tokens: int,
    breathe: Callable[[], None] = lambda: None,
) -> Written:
    """Write every prompt once, and return what was written.

    Args:
        prompts: what was read.
        out: where the input goes.
        system: the system prompt of prompts that have none of their own.
        max_tokens: what an answer may have.
        breathe: called now and then.
    """
    writer = _Writer(system, max_tokens)
    with out.open("wb") as file:
        for count, each in enumerate(prompts):
            if count % _BREATH == 0:
                breathe()
            file.write(writer.line(each))
    return writer.result()


def row_of(record_id: str) -> int:
    """Return the row that a record was made of."""
    return int(record_id.removeprefix("ROW"))


class _Writer:
    def __init__(self, system: str | None, max_tokens: int) -> None:
        self._system = system
        self._max_tokens = max_tokens
        self._tally = Tally()
        self._seen: set[bytes] = set()
        self._digest = hashlib.sha256()
        self._last = self._records = self._bytes = 0
        self._input = [0, 0]
        self._answers = [0, 0]

    def line(self, each: Prompt | NoPrompt) -> bytes:
        """Return the line of a prompt; nothing for a row that asks nothing, or nothing new."""
        if isinstance(each, NoPrompt):
            self._tally.add(each.reason, each.row)
            return b""
        told = _model_input(each.system or self._system, each.turns, self._max_tokens)
        # Digests in place of the texts, which may be a gigabyte in all.
        mark = hashlib.sha256(json.dumps(told).encode()).digest()[:16]
        if mark in self._seen:
            self._tally.add(TWICE, each.row)
            return b""
        self._seen.add(mark)
        self._count(each)
        # Two elements of an array may stand on one line; a record's ID is its own all the same.
        self._last = max(each.row, self._last + 1)
        record = {"recordId": f"ROW{self._last:08d}", "modelInput": told}
        # As in the answers: half of a surrogate pair may be escaped in JSON, and has no UTF-8.
        data = (
            json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        )
        self._digest.update(data)
        self._bytes += len(data)
        return data

    def result(self) -> Written:
        """Return what was written. The least of the answers is known only when each row had one to be replaced."""
        known = self._answers[1] == self._records
        most = self._max_tokens * self._records
        return Written(
            self._records,
            self._digest.hexdigest(),
            self._bytes,
            self._tally.result(),
            Tokens(self._input[0], self._input[1]),
            Tokens(min(self._answers[0], most) if known else 0, most),
        )

    def _count(self, each: Prompt) -> None:
        self._records += 1
        texts = [text for _, text in each.turns] + [each.system or self._system or ""]
        for text in texts:
            tokens = of_texts([text])
            self._input[0] += tokens.low
            # Of short prompts that is most of what the teacher reads, and is billed.
            self._input[1] += tokens.high + AROUND
        if each.answer is not None:
            # The new answer is cut at that length, however long the one is that it replaces.
            self._answers[0] += min(of_texts([each.answer]).low, self._max_tokens)
            self._answers[1] += 1


def _model_input(
    system: str | None, turns: tuple[tuple[str, str], ...], max_tokens: int
) -> dict[str, object]:
    head: dict[str, object] = {"system": [{"text": system}]} if system and system.strip() else {}
    messages = [{"role": role, "content": [{"text": text}]} for role, text in turns]
    return head | {"messages": messages, "inferenceConfig": {"maxTokens": max_tokens}}
