"""Looks for all patterns in one pass of RE2 over a record's texts, and masks what must not be shown."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import re2

from bot.datasets.content import personal, secrets, wording
from bot.datasets.content.pattern import Pattern
from bot.datasets.findings import Finding
from bot.datasets.model import Cause
from bot.datasets.records import Record, joined
from bot.wording import quoted

_JOINED_DIGITS = re.compile(rb"\d\.\d")
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


class Scanner:
    """A compiled set of patterns. Texts go to RE2 as UTF-8, with lone surrogates replaced."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._compiled: dict[int, Any] = {}
        self._set = re2.Set.SearchSet(_OPTIONS)
        for each in self._patterns:
            self._set.Add(each.regex)
        self._set.Compile()

    def candidates(self, texts: bytes | bytearray) -> list[int]:
        """Return which patterns may stand in joined texts; mostly none, and this is all that most records cost."""
        found = self._set.Match(texts)
        return sorted(found) if found else []

    def findings(self, record: Record, candidates: Iterable[int]) -> Iterator[Finding]:
        """Yield what stands in which text of the record: each kind once a text, however often it is there."""
        answers = {each.path for turn in record.turns if turn.role == "assistant" for each in turn.texts}
        for index in candidates:
            pattern = self._patterns[index]
            for text in record.texts():
                if pattern.in_answers and text.path not in answers:
                    continue
                value = next(self._values(index, joined([text.text])), None)
                if value is not None:
                    shown = pattern.shown(value).replace("`", "'")
                    words = f"What looks like {pattern.name} stands in a text: {quoted(shown)}."
                    yield pattern.rule.at(record.line, text.path, words)

    def masked(self, text: str) -> str:
        """Return the text fit to be shown: without what a pattern with a mask finds, and without half characters."""
        data = joined([text])
        found = self._set.Match(data)
        text = data.decode()
        if not found:
            return text
        for index in found:
            pattern = self._patterns[index]
            if pattern.mask:
                for value in set(self._values(index, data)):
                    text = text.replace(value, pattern.mask(value))
        return text

    def _values(self, index: int, data: bytes) -> Iterator[str]:
        accept = self._patterns[index].accept
        if index not in self._compiled:  # one by one: most are never needed
            self._compiled[index] = re2.compile(self._patterns[index].regex, _OPTIONS)
        for match in self._compiled[index].finditer(data):
            value = match.group().decode("utf-8", "replace")
            if accept(value) and not _is_within_a_number(data, *match.span()):
                yield value


def _is_within_a_number(data: bytes, start: int, end: int) -> bool:
    """Whether the match is a piece of a longer number, such as the first digits of 4532015112830366.5."""
    before, after = data[max(0, start - 2) : start + 1], data[end - 1 : end + 2]
    return bool(_JOINED_DIGITS.fullmatch(before) or _JOINED_DIGITS.fullmatch(after))


SCANNER = Scanner((*secrets.PATTERNS, *personal.PATTERNS, *wording.PATTERNS))


def masked(cause: Cause) -> Cause:
    """Return the cause fit to be shown: rules quote keys, roles and placeholders, and those may hold anything."""
    return replace(
        cause,
        path=SCANNER.masked(cause.path),
        message=SCANNER.masked(cause.message),
        hint=SCANNER.masked(cause.hint),
    )
