"""Makes odd files out of ordinary ones: rows are changed as values, lines as text, files as bytes. Seeded."""

import gzip
import json
import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bot.datasets.formats.conversion import write
from bot.datasets.formats.dialogue import Dialogue
from bot.profiles.model import RecordFormat
from tests.unit.datasets.samples import cases, file_of

_LARGEST_SEED = 20_000

ODD_TEXTS = (
    "", " ", "\u200b", "\x01", "\0", "\n", "\u2028", "\ufeff", "\ud800", "\udfff\ud800", "é", "あ", "\U0001f600",
    "a" * 400,
    "\nHuman:", "User:", "[EOS]", "<image>", "{{name}}", "TODO", "AKIAIOSFODNN7EXAMPLE", "4532 0151 1283 0366",
    "`", "```", "*_~<&>", "null", "\\", '"', "user", "assistant", "system", "User ", "ASSISTANT", "human", "tool",
)  # fmt: skip
KEYS = (
    "messages", "system", "role", "content", "schemaVersion", "text", "type", "id", "Messages", "message", "role ",
    "prompt", "completion", "response", "instruction", "input", "output", "conversations", "from", "value", "chosen",
    "rejected", "reference_answer", "tools", "tool_calls", "weight", "image", "video", "reasoningContent", "name", "",
    "\ud800", "a.b[0]", "`", "\u202e",
)  # fmt: skip
NUMBERS = (0, 1, -1, 0.5, 1e308, 10**30, True, False, None)
TOKENS = (
    b"\xef\xbb\xbf", b"\0", b"\r", b"\r\n", b"\n", b"\n\n", b" ", b"\t", b"\xe2\x80\xa8", b"\xc0\xaf", b"\xed\xa0\x80",
    b"\xff", b"\x80", b"\xf4\x90\x80\x80",
    b"\\ud83d", b"\\u0000", b'"', b"'", b"\\", b"{", b"}", b"[", b"]", b",", b":",
    b"{}", b"[]", b"[{", b"}]", b"},{", b"NaN", b"-Infinity", b"1e999", b"9" * 4400, b"[" * 120, b'{"a":' * 120, b"//",
    b"None", b"True", b"null", b'"messages":[],', b'"\\u006dessages":[],',
    b'{"messages":', b"<html>", b"a,b\n", b"\x1f\x8b", b"PK\x03\x04",
    b"\x0c", b"\xa0", b"\xc2\xa0", b"\x1e", b"\x85",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "shift-jis", "cp1252", "utf-7")


@lru_cache(maxsize=1)
def seeds() -> tuple[bytes, ...]:
    """Return the files of all cases that are no longer than some kilobytes, without the good rows that pad them."""
    files = [file_of(case | {"pad": 2} if "pad" in case or "rows" in case else case) for case in cases()]
    return tuple(dict.fromkeys(file for file in files if len(file) <= _LARGEST_SEED))


class Mutator:
    """Draws one odd file after the other."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def file(self) -> bytes:
        """Return the next file, most often small."""
        dice = self._dice
        if dice.random() < 0.4:
            data = b"".join(
                self.row() + dice.choice((b"\n", b"\n", b"\n", b"\r\n", b""))
                for _ in range(dice.randint(1, 6))
            )
        else:
            data = dice.choice(seeds())[:_LARGEST_SEED]
        for _ in range(dice.choice((0, 1, 1, 2, 3, 6))):
            data = dice.choice(_CHANGES)(self, data)[: 4 * _LARGEST_SEED]
        return data

    def row(self) -> bytes:
        """Return one line without its end: a good record that was changed in a few places."""
        value: Any = self._record()
        for _ in range(self._dice.choice((0, 0, 1, 1, 2, 3))):
            value = self._changed(value)
        return self._written(value)

    def _record(self) -> Any:
        dice = self._dice
        texts = [
            dice.choice(("How much?", "Two.", "Zürich", "日本語", "x" * 30)) + str(dice.randint(0, 3))
            for _ in range(4)
        ]
        turns = tuple(zip(("user", "assistant") * 2, texts, strict=True))[: dice.choice((2, 2, 4))]
        system = dice.choice((None, "Be brief."))
        style = dice.randint(0, 6)
        if style <= 3:
            target = RecordFormat.CLAUDE_MESSAGES if style <= 1 else RecordFormat.BEDROCK_CONVERSATION
            return write(Dialogue(system, turns), target)
        if style == 4:
            return {"prompt": texts[0], "completion": texts[1]}
        if style == 5:
            return {"instruction": texts[0], "input": texts[1], "output": texts[2]}
        return {"conversations": [{"from": role, "value": text} for role, text in turns]}

    def _changed(self, value: Any) -> Any:
        """Return a copy of ``value`` with one change at a random place in it."""
        dice = self._dice
        if isinstance(value, dict) and value and dice.random() < 0.8:
            return self._changed_object(value)
        if isinstance(value, list) and value and dice.random() < 0.8:
            place = dice.randrange(len(value))
            kind = dice.randint(0, 7)
            if kind == 0:
                return value[:place] + value[place + 1 :]
            if kind == 1:
                return [*value, dice.choice(value)]
            if kind == 2:
                return value[::-1]
            return [self._changed(each) if index == place else each for index, each in enumerate(value)]
        return self._odd(value)

    def _changed_object(self, value: dict[str, Any]) -> Any:
        dice = self._dice
        key = dice.choice(list(value))
        kind = dice.randint(0, 9)
        if kind == 0:
            return {name: each for name, each in value.items() if name != key}
        if kind == 1:
            return {dice.choice(KEYS) if name == key else name: each for name, each in value.items()}
        if kind == 2:
            return value | {dice.choice(KEYS): self._odd(dice.choice(list(value.values())))}
        if kind == 3:
            return dict(reversed(value.items()))
        return value | {key: self._changed(value[key])}

    def _odd(self, value: Any) -> Any:
        dice = self._dice
        text = dice.choice(ODD_TEXTS)
        choices: tuple[Callable[[], Any], ...] = (
            lambda: text, lambda: text, lambda: f"{value}{text}"[:900], lambda: f"{text}{value}"[:900],
            lambda: dice.choice(NUMBERS), lambda: [value], lambda: {dice.choice(KEYS): value}, list,
            dict, lambda: [{"text": value}], lambda: [{"type": "text", "text": text}, {"text": "b"}],
            lambda: {"role": dice.choice(ODD_TEXTS), "content": value}, lambda: [{"image": {"source": text}}],
            lambda: [{"type": "image_url", "image_url": {"url": text}}],
            lambda: value.upper() if isinstance(value, str) else value,
        )  # fmt: skip
        return dice.choice(choices)()

    def _written(self, value: Any) -> bytes:
        dice = self._dice
        kind = dice.randint(0, 11)
        if kind == 0:
            text = json.dumps(value, indent=dice.choice((0, 1, 2)))
        elif kind == 1:
            text = str(value)
        elif kind == 2:
            text = json.dumps(value, separators=(",", ":"))
        elif kind <= 5:
            text = json.dumps(value, ensure_ascii=False)
        else:
            text = json.dumps(value)
        if kind == 11:
            text += dice.choice((",", ";", " ", text, "," + text, "#"))
        return text.encode("utf-8", "surrogatepass")


def _token(mutator: Mutator, data: bytes) -> bytes:
    place = mutator._dice.randint(0, len(data))
    return data[:place] + mutator._dice.choice(TOKENS) + data[place:]


def _head(mutator: Mutator, data: bytes) -> bytes:
    return mutator._dice.choice(TOKENS) + data


def _flip(mutator: Mutator, data: bytes) -> bytes:
    place = mutator._dice.randrange(len(data)) if data else 0
    return data[:place] + bytes([mutator._dice.randrange(256)]) + data[place + 1 :]


def _cut(mutator: Mutator, data: bytes) -> bytes:
    return data[: mutator._dice.randint(0, len(data))]


def _range(mutator: Mutator, data: bytes) -> tuple[int, int]:
    start = mutator._dice.randint(0, len(data))
    return start, min(len(data), start + mutator._dice.choice((1, 2, 5, 20, 200)))


def _without(mutator: Mutator, data: bytes) -> bytes:
    start, end = _range(mutator, data)
    return data[:start] + data[end:]


def _doubled(mutator: Mutator, data: bytes) -> bytes:
    start, end = _range(mutator, data)
    return data[:end] + data[start:]


def _shuffled(mutator: Mutator, data: bytes) -> bytes:
    rows = data.split(b"\n")
    mutator._dice.shuffle(rows)
    return b"\n".join(rows)


def _spliced(mutator: Mutator, data: bytes) -> bytes:
    other = mutator._dice.choice(seeds())
    return _cut(mutator, data) + other[mutator._dice.randint(0, len(other)) :]


def _another_row(mutator: Mutator, data: bytes) -> bytes:
    rows = data.split(b"\n")
    rows.insert(mutator._dice.randint(0, len(rows)), mutator.row())
    return b"\n".join(rows)


def _array(mutator: Mutator, data: bytes) -> bytes:
    separator = mutator._dice.choice((b",", b",\n", b"\n,", b" , "))
    return (
        b"["
        + separator.join(row for row in data.split(b"\n") if row.strip())
        + mutator._dice.choice((b"]", b"]\n", b""))
    )


def _endings(mutator: Mutator, data: bytes) -> bytes:
    return data.replace(b"\n", mutator._dice.choice((b"\r\n", b"\r", b"\n\n", b"\n\r", b" ", b"")))


def _encoded(mutator: Mutator, data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode(mutator._dice.choice(ENCODINGS), "replace")


def _packed(mutator: Mutator, data: bytes) -> bytes:
    return gzip.compress(data, mtime=0) if mutator._dice.random() < 0.2 else data


_CHANGES: tuple[Callable[[Mutator, bytes], bytes], ...] = (
    _token, _token, _token, _head, _flip, _flip, _cut, _without, _without, _doubled, _shuffled, _spliced, _another_row,
    _another_row, _array, _endings, _encoded, _packed,
)  # fmt: skip
