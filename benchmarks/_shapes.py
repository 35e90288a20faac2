"""Files of six shapes for the validator: good records of varied text, in which no passage stands twice."""

import json
import random
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

SEED = 3
_LETTERS = "etaoinshrdlcumwfgypbvk"
_WORDS, _HAN = 20_000, 3000
_STATEMENTS = (
    "    {0} = {1}.{2}({3}, key=lambda x: x['{4}'])",
    "    if {0} > 7 and {1} != '{2}':\n        return {{'{3}': {4}}}",
    "    for {0} in range(len({1})):\n        {2}[{0}] += {3}({4}[{0}:])  # {1} {2}",
)
_PAUSES = "\uff0c\uff0c\uff0c\u3002\u3002\uff1f"
"""Chinese commas, full stops and question marks."""


class Texts:
    """Texts without end. Words are made up and as frequent as real ones are (Zipf)."""

    def __init__(self, seed: int = SEED) -> None:
        self.dice = random.Random(seed)
        weights = range(len(_LETTERS), 0, -1)
        self._words = [
            "".join(self.dice.choices(_LETTERS, weights, k=self.dice.randint(2, 10))) for _ in range(_WORDS)
        ]
        self._han = [chr(0x4E00 + number) for number in range(_HAN)]
        self._frequent = list(accumulate(1 / (rank + 10) for rank in range(_WORDS)))

    def words(self, number: int) -> list[str]:
        """Return so many words."""
        return self.dice.choices(self._words, cum_weights=self._frequent, k=number)

    def sentences(self, number: int) -> str:
        """Return sentences with commas and full stops."""
        return " ".join(self._sentence() for _ in range(number))

    def _sentence(self) -> str:
        words = self.words(self.dice.randint(6, 22))
        if len(words) > 12:
            words[7] += ","
        return " ".join(words).capitalize() + self.dice.choice(".....?!")

    def functions(self, number: int) -> str:
        """Return code: functions of some lines each."""
        return "\n".join(self._function() for _ in range(number))

    def _function(self) -> str:
        one, two, three, four, five = self.words(5)
        lines = [f'def {one}_{two}({three}: int, {four}: str = "{five}") -> dict[str, int]:']
        for _ in range(self.dice.randint(3, 8)):
            one, two, three, four, five = self.words(5)
            lines.append(self.dice.choice(_STATEMENTS).format(one, two, three, four, five))
        return "\n".join([*lines, ""])

    def clauses(self, number: int) -> str:
        """Return Chinese clauses with their punctuation."""
        frequent = self._frequent[:_HAN]
        return "".join(
            "".join(self.dice.choices(self._han, cum_weights=frequent, k=self.dice.randint(5, 22)))
            + self.dice.choice(_PAUSES)
            for _ in range(number)
        )


def _prose(texts: Texts) -> list[str]:
    return [_paragraphs(texts, 2), _paragraphs(texts, texts.dice.randint(2, 6))]


def _paragraphs(texts: Texts, number: int) -> str:
    return "\n\n".join(texts.sentences(4) for _ in range(number))


def _chats(texts: Texts) -> list[str]:
    return [texts.sentences(1) for _ in range(2 * texts.dice.randint(1, 3))]


def _answers(texts: Texts) -> list[str]:
    dice = texts.dice
    answer: dict[str, Any] = {
        "id": dice.randint(1, 10**9),
        "queue": dice.choice(["dental", "vision", "pharmacy", "other"]),
        "urgent": dice.random() < 0.5,
        "amounts": [round(dice.uniform(1, 900), 2) for _ in range(dice.randint(1, 6))],
        "parties": [
            {"name": " ".join(texts.words(2)).title(), "note": texts.sentences(1)}
            for _ in range(dice.randint(1, 4))
        ],
        "summary": texts.sentences(2),
    }
    return [texts.sentences(dice.randint(2, 5)), json.dumps(answer)]


def _code(texts: Texts) -> list[str]:
    return [texts.sentences(2), texts.functions(texts.dice.randint(4, 12))]


def _bare(texts: Texts) -> list[str]:
    return [" ".join(texts.words(texts.dice.randint(least, 6 * least))) for least in (50, 100)]


def _chinese(texts: Texts) -> list[str]:
    return [texts.clauses(texts.dice.randint(5, 30)), texts.clauses(texts.dice.randint(20, 60))]


SHAPES: dict[str, Callable[[Texts], list[str]]] = {
    "prose": _prose,
    "short chats": _chats,
    "JSON answers": _answers,
    "code": _code,
    "no punctuation": _bare,
    "Chinese": _chinese,
}
"""The texts of one record by shape: questions and answers in turn."""


def write(path: Path, shape: str, size: int) -> int:
    """Write good records of that shape until the file has ``size`` bytes, and return how many there are."""
    texts, records = Texts(), 0
    system = texts.sentences(5)
    with path.open("wb") as file:
        while file.tell() < size:
            messages = [
                {"role": ("user", "assistant")[place % 2], "content": text}
                for place, text in enumerate(SHAPES[shape](texts))
            ]
            row = json.dumps({"system": system, "messages": messages}, ensure_ascii=False)
            file.write(row.encode() + b"\n")
            records += 1
    return records
