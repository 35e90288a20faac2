"""What stands around an answer that is none of the model's words: a line over it, and a fence around JSON."""

from bot.questions.endings import FENCE

_OPEN, _CLOSE = f"{FENCE}json\n", f"\n{FENCE}"
_BEGINS = {"{": '"}', "[": '[{"]'}
"""What stands behind the bracket of an object, and of a list of objects, lists or strings: prose may begin with
``[1]``."""
_MOST_HELD = 200
"""Characters that are kept back at most: an answer that begins with more blanks than these is shown as it comes."""


class Decoration:
    """Puts it there while the answer comes: code is shown as such from its first word on, and links nothing."""

    def __init__(self, head: str = "") -> None:
        self._head = head
        self._held = ""
        self._begun = False
        self._fence = _Fence()

    def add(self, piece: str) -> str:
        """Take a piece and return what is shown of it; it is kept back while it is unclear how it begins."""
        if self._begun:
            return self._fence.add(piece)
        self._held += piece
        is_unclear = self._held.strip() in {"", *_BEGINS} and len(self._held) <= _MOST_HELD
        return "" if is_unclear else self._begin()

    def end(self) -> str:
        """Return what was kept back, and the decoration's end."""
        held = self._begin() if self._held.strip() else ""
        return held + self._fence.end()

    def bare(self, text: str) -> str:
        """Return the model's own words in a text that has all of it, or the beginning of it."""
        return self._fence.bare(text.removeprefix(self._head))

    def _begin(self) -> str:
        held, self._held, self._begun = self._held, "", True
        if not _is_json(held):
            return self._head + held
        return self._head + self._fence.begin() + self._fence.add(held.lstrip())


class _Fence:
    """The fence around the JSON that an answer begins with; what is said after it stands outside."""

    def __init__(self) -> None:
        self._used = self._open = False
        self._depth = self._length = 0
        self._in_string = self._escaped = False
        self._waits = self._broken = False
        """Whether a line has to end behind the fence, and whether one was ended for that."""

    def begin(self) -> str:
        """Return its beginning."""
        self._used = self._open = True
        return _OPEN

    def add(self, text: str) -> str:
        """Take more of the text and return it with the fence's end where the JSON ends."""
        if self._open:
            for at, character in enumerate(text, start=1):
                self._step(character)
                if self._depth == 0:
                    self._open, self._waits, self._length = False, True, self._length + at
                    return text[:at] + _CLOSE + self._behind(text[at:])
            self._length += len(text)
            return text
        return self._behind(text)

    def end(self) -> str:
        """Return its end, where the JSON has none."""
        return _CLOSE if self._open else ""

    def bare(self, text: str) -> str:
        """Return the text without it."""
        if not self._used:
            return text
        own = text.removeprefix(_OPEN)
        behind = own[self._length :].removeprefix(_CLOSE)
        return own[: self._length] + (behind[1:] if self._broken else behind)

    def _behind(self, text: str) -> str:
        if not (self._waits and text):
            return text
        self._waits, self._broken = False, not text.startswith("\n")
        return f"\n{text}" if self._broken else text

    def _step(self, character: str) -> None:
        if self._in_string:
            if self._escaped:
                self._escaped = False
            elif character == "\\":
                self._escaped = True
            elif character == '"':
                self._in_string = False
        elif character == '"':
            self._in_string = True
        elif character in "[{":
            self._depth += 1
        elif character in "]}":
            self._depth -= 1


def _is_json(text: str) -> bool:
    """Whether an answer that begins so is JSON."""
    begins = text.lstrip()
    behind = begins[1:].lstrip()[:1]
    return bool(behind) and behind in _BEGINS.get(begins[:1], "")
