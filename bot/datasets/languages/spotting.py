"""Finds the rows that are in another language than the rest, at a fraction of what asking about each would cost.

The detector is asked about the first rows, and their words are learnt. A row whose words are mostly known is like
those before, and only about others the detector is asked again; what it calls another language than the leading one
is never learnt. Questions and answers are gone through apart: translations are no mistake.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bot.datasets.languages.naming import is_surely, language_of, window

_EXCERPT = 30
"""Characters before and behind the middle of a text whose words are compared with known ones."""

_SHORTEST = 12
_PROSE = 48
"""Characters below which an answer is rather a label."""

_FEW_WORDS = 3
"""Up to so many words an excerpt is short, or of a script that writes none."""

_LEARNT = 2000
_MOST_WORDS = 20_000
_KNOWN, _LEAST_KNOWN, _STEP = 0.6, 0.35, 0.05
"""The share of known words that makes a row one of the leading language. Each time that the detector has agreed so
often without one exception it may be lower: languages with many forms of a word have fewer known ones."""

_AGREED = 128
_LINES = 10

_LEADING = 0.8
"""The share of rows that must be in one language for others to be strays."""

_STRAY = 0.05
"""The share up to which rows of a language are strays; more of them are meant."""

_FEW_ROWS = 20
_MIXED_ROWS, _MUTE_ROWS = 256, 64
"""Texts without a leading language after so many, or hardly any with one, have no strays: then some are enough for the
shares."""

_SAMPLED, _GROWN = 31, 32
"""Of those one in 31 is judged, and from some 1,000 on one each time that they have grown by a 32nd: of a long file as
many as tell its shares. An odd number, so that languages which take turns are all met."""


@dataclass(frozen=True, slots=True)
class StrayRows:
    """Rows in another language. ``part`` is what of them is: ``question`` or ``answer``."""

    language: str
    leading: str
    part: str
    count: int
    lines: tuple[int, ...]


@dataclass(slots=True)
class _Side:
    """The questions, or the answers."""

    name: str
    asked: Counter[str] = field(default_factory=Counter)
    """Texts by language, of those that the detector was asked about; empty is what it could not tell."""
    lines: dict[str, list[int]] = field(default_factory=dict)
    is_mute: bool = False
    """Whether hardly any of them tells its language: codes, JSON, noise."""
    _leader: str = ""
    _usual: int = 0
    """Texts that are like those before, and so in the leading language."""
    _words: set[str] = field(default_factory=set)
    _wanted: float = _KNOWN
    _agreed: int = 0
    _seen: int = 0
    _skipping: int = 0
    """How many more texts are not judged."""

    def add(self, line: int, text: str) -> None:
        """Take the text of one more row. Nearly all end after some lines of this: their cost is this rule's cost."""
        self._seen += 1
        if self._skipping:
            self._skipping -= 1
            return
        middle = len(text) >> 1
        words = text[middle - _EXCERPT : middle + _EXCERPT].split() if middle > _EXCERPT else text.split()
        if len(self._words.intersection(words)) >= self._wanted * len(words) > _FEW_WORDS * self._wanted:
            self._usual += 1
        elif len(words) > _FEW_WORDS or not self._is_usual_without_spaces(text):
            self._ask(line, text)

    def counts(self) -> Counter[str]:
        """Return how many texts are in which language; empty is what cannot be told."""
        return self.asked + Counter({self._leader: self._usual})

    def strays(self) -> Iterator[StrayRows]:
        """Yield the languages of few rows, when there is one of nearly all."""
        counts = self.told()
        rows = counts.total()
        if rows < _FEW_ROWS or counts[self._leader] < _LEADING * rows:
            return
        for language, count in counts.items():
            if count <= max(2, _STRAY * rows):
                yield StrayRows(language, self._leader, self.name, count, tuple(self.lines[language]))

    def told(self) -> Counter[str]:
        """Return how many texts are in which language, without those that cannot be told."""
        counts = self.counts()
        del counts[""]
        return counts

    def _is_usual_without_spaces(self, text: str) -> bool:
        """Judge a text of few words: by its pairs of characters, for scripts without spaces; a short one not at all."""
        if len(text) < _SHORTEST:
            return True
        excerpt = window(text)[:_EXCERPT]
        usual = is_surely(excerpt, self._leader) or self._knows(_pairs(excerpt))
        self._usual += usual
        return usual

    def _knows(self, pieces: set[str]) -> bool:
        return len(self._words.intersection(pieces)) >= self._wanted * len(pieces)

    def _ask(self, line: int, text: str) -> None:
        if self._is_pointless():
            self._skipping = max(_SAMPLED, self._seen // _GROWN) - 1
        language = language_of(text, self._leader) or ""
        self.asked[language] += 1
        if language:
            lines = self.lines.setdefault(language, [])
            if len(lines) < _LINES:
                lines.append(line)
        if self.asked[""] >= _FEW_ROWS:
            counts = self.counts()
            self.is_mute = counts[""] > _LEADING * counts.total()
        if language in ("", self._leader):
            self._learn(text)
            return
        self._agreed = 0
        if self.asked[language] > self.told()[self._leader]:
            self._change_leader(language)

    def _is_pointless(self) -> bool:
        asked = self.asked.total()
        if asked < (_MUTE_ROWS if self.is_mute else _MIXED_ROWS):
            return False
        told = self.told()
        return self.is_mute or told[self._leader] < _LEADING * told.total()

    def _change_leader(self, language: str) -> None:
        self.asked[self._leader] += self._usual
        self._leader, self._wanted, self._usual = language, _KNOWN, 0
        self._words.clear()

    def _learn(self, text: str) -> None:
        if len(self._words) < _MOST_WORDS:
            part = text[:_LEARNT]
            words = part.split()
            self._words.update(words if len(words) > _FEW_WORDS else _pairs(part))
        self._agreed += 1
        if self._agreed % _AGREED == 0:
            self._wanted = max(_LEAST_KNOWN, self._wanted - _STEP)


def _pairs(text: str) -> set[str]:
    return {one + other for one, other in pairwise(text)}


class Languages:
    """The languages of a file, row by row. Memory is bounded.

    A row is judged by its answer, which is what the model learns to write; where answers are labels or data, by its
    question.
    """

    def __init__(self) -> None:
        self._questions = _Side("question")
        self._answers = _Side("answer")

    def add(self, line: int, texts: list[str]) -> None:
        """Take the texts of one more record, its question first and its answer last."""
        answer = texts[-1]
        if self._answers.is_mute or len(answer) < (_PROSE if answer.isascii() else _PROSE // 3):
            self._questions.add(line, texts[0])
        else:
            self._answers.add(line, answer)

    def shares(self) -> dict[str, int]:
        """Return how many records are in which language, most first, of those whose language can be told."""
        return dict((self._answers.told() + self._questions.told()).most_common())

    def strays(self) -> Iterator[StrayRows]:
        """Yield the rows that are in another language than nearly all others."""
        yield from self._answers.strays()
        yield from self._questions.strays()
