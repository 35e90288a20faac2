"""Joins what a batch job wrote with what it was asked, and makes a dataset of it.

Bedrock does not promise the order of the answers, so they are found by ``recordId``; the dataset has the order of the
prompts. Only places in the files are held in memory, not the answers themselves.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bot.datasets.content import aloud
from bot.datasets.formats.conversion import write
from bot.datasets.formats.dialogue import Dialogue
from bot.distillations.batch import Tally, row_of
from bot.distillations.plan import LeftOut, Usage
from bot.profiles.model import RecordFormat

MISSING = "Bedrock gave neither an answer nor an error"
STOPPED = "the batch job was stopped before it was answered"
EXPIRED = "the time of the batch job was over before it was answered"
EMPTY = "the answer is empty"
CUT = "the answer was cut off at the limit of tokens"
DAMAGED = "the answer cannot be read"
_BREATH = 500
_ENDED_WELL = frozenset({"end_turn", "stop_sequence"})


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of it: records of the dataset, what is missing in it and why, and what the teacher was billed for.

    ``told`` is how many answers say that, those too of which nothing can be taught.
    """

    records: int
    left_out: tuple[LeftOut, ...]
    usage: Usage
    told: int = 0


class NoAnswer(Exception):
    """This record has no answer that can be taught; the text says why."""


def join(
    asked: Path,
    answered: Sequence[Path],
    out: Path,
    record_format: RecordFormat,
    breathe: Callable[[], None] = lambda: None,
    *,
    missing: str = MISSING,
) -> Joined:
    """Write a record for every prompt that has a whole answer.

    Args:
        asked: the input of the batch job.
        answered: the files that the job wrote; lines that cannot be read count as missing.
        out: where the dataset goes.
        record_format: its format.
        breathe: called now and then.
        missing: why a prompt of which Bedrock says nothing has no answer.

    Raises:
        OSError: a file cannot be read or written.
    """
    found = _Answers(answered, breathe, missing)
    tally, records = Tally(), 0
    try:
        with asked.open("rb") as questions, out.open("wb") as file:
            for count, line in enumerate(questions):
                if count % _BREATH == 0:
                    breathe()
                record = json.loads(line)
                try:
                    text = _without_thoughts(found.answer(record["recordId"]), record["modelInput"])
                except NoAnswer as why:
                    tally.add(str(why), row_of(record["recordId"]))
                    continue
                row = write(_dialogue(record["modelInput"], text), record_format)
                # Half of a surrogate pair may be escaped in JSON, and has no UTF-8.
                file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
                records += 1
    finally:
        found.close()
    return Joined(records, tally.result(), found.usage, found.told)


class _Answers:
    """Where each record's answer stands: an answer goes before an error, and the first before the others."""

    def __init__(self, paths: Sequence[Path], breathe: Callable[[], None], missing: str) -> None:
        self._missing = missing
        self._files: list[BinaryIO] = []
        self._places: dict[str, tuple[int, int]] = {}
        self._errors: dict[str, str] = {}
        self.told = 0
        """How many answers say what was billed."""
        self._tokens_in = self._tokens_out = self._untold = 0
        for path in paths:
            self._index(path, breathe)

    @property
    def usage(self) -> Usage:
        """What all answers together used, those too that are not taken."""
        return Usage(self._tokens_in, self._tokens_out, self._untold)

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()

    def answer(self, record_id: str) -> str:
        """Return the text of the record's answer.

        Raises:
            NoAnswer: there is none that can be taught.
        """
        place = self._places.get(record_id)
        if place is None:
            raise NoAnswer(self._errors.get(record_id, self._missing))
        number, offset = place
        self._files[number].seek(offset)
        return _text(json.loads(self._files[number].readline())["modelOutput"])

    def _index(self, path: Path, breathe: Callable[[], None]) -> None:
        file = path.open("rb")
        self._files.append(file)
        number, offset = len(self._files) - 1, 0
        for count, line in enumerate(file):
            if count % _BREATH == 0:
                breathe()
            self._note(line, (number, offset))
            offset += len(line)

    def _note(self, line: bytes, place: tuple[int, int]) -> None:
        said = _object(line)
        record_id, output = said.get("recordId"), said.get("modelOutput")
        if not isinstance(record_id, str):
            # What is no error may well be an answer that was billed, and cannot be read.
            self._untold += bool(line.strip()) and "error" not in said
        elif record_id in self._places:
            return
        elif isinstance(output, dict):
            self._places[record_id] = place
            self._use(output)
        else:
            self._untold += "error" not in said
            self._errors.setdefault(record_id, _error(said.get("error")))

    def _use(self, output: dict[str, Any]) -> None:
        usage = output.get("usage")
        put_in, given_out = _count(usage, "inputTokens"), _count(usage, "outputTokens")
        if put_in is None or given_out is None:
            self._untold += 1
            return
        self.told += 1
        self._tokens_in += put_in
        self._tokens_out += given_out


def _object(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _count(usage: Any, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _error(error: Any) -> str:
    """Return Bedrock's words for one record: ``{"errorCode": 400, "errorMessage": ...}``."""
    if not isinstance(error, dict):
        return MISSING
    code, words = error.get("errorCode", ""), " ".join(str(error.get("errorMessage", "")).split())
    return f"Bedrock's error {code}: {words[:200]}".strip().rstrip(":")


def _text(output: dict[str, Any]) -> str:
    try:
        content = output["output"]["message"]["content"]
        texts = [block["text"] for block in content if isinstance(block.get("text"), str)]
    except (KeyError, TypeError, AttributeError):
        raise NoAnswer(DAMAGED) from None
    text, reason = "\n".join(texts).strip(), str(output.get("stopReason", "end_turn"))
    # A model that is taught on answers which break off learns to break off.
    if reason == "max_tokens":
        raise NoAnswer(CUT)
    if reason not in _ENDED_WELL:
        raise NoAnswer(f"the answer ended early: {reason[:60]}")
    if not text:
        raise NoAnswer(EMPTY)
    return text


def _without_thoughts(text: str, asked: dict[str, Any]) -> str:
    """Return the answer without what the teacher thought aloud, unless it was asked to.

    Raises:
        NoAnswer: nothing else is there.
    """
    answer = aloud.answer_of(text).strip()
    # Most say nothing aloud, and of those no prompt has to be looked through.
    if answer == text or aloud.is_asked_for(json.dumps(asked, ensure_ascii=False)):
        return text
    if not answer:
        raise NoAnswer(EMPTY)
    return answer


def _dialogue(asked: dict[str, Any], answer: str) -> Dialogue:
    system = "\n".join(block["text"] for block in asked.get("system", ())) or None
    turns = [(each["role"], each["content"][0]["text"]) for each in asked["messages"]]
    return Dialogue(system, (*turns, ("assistant", answer)))
