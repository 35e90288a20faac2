"""What an answer wears that is none of the model's words: a line over it, and a fence around it where it is JSON."""

from bot.questions.endings import FENCE

_OPEN, _CLOSE = f"{FENCE}json\n", f"\n{FENCE}"
_BEGINS = {"{": '"}', "[": '[{"]'}
"""What stands behind the bracket of an object, and of a list of objects, lists or strings: prose may begin with
``[1]``."""
_MOST_HELD = 200
"""Characters that are kept back at most: an answer that begins with more blanks than these is shown as it comes."""


class Dress:
    """Puts it on while the answer comes: code is shown as such from its first word on, and links nothing."""

    def __init__(self, head: str = "") -> None:
        self._head = head
        self._held = ""
        self._begun = False
        self._fenced = False

    def over(self, piece: str) -> str:
        """Take a piece and return what is shown of it; it is kept back while it is unclear how it begins."""
        if self._begun:
            return piece
        self._held += piece
        is_unclear = self._held.strip() in {"", *_BEGINS} and len(self._held) <= _MOST_HELD
        return "" if is_unclear else self._begin()

    def end(self) -> str:
        """Return what was kept back, and what ends the answer's dress."""
        held = self._begin() if self._held.strip() else ""
        return held + (_CLOSE if self._fenced else "")

    def bare(self, text: str) -> str:
        """Return the model's own words in a text that wears all of it, or the beginning of it."""
        own = text.removeprefix(self._head)
        if not self._fenced:
            return own
        return own.removeprefix(_OPEN).removesuffix(_CLOSE)

    def _begin(self) -> str:
        held, self._held, self._begun = self._held, "", True
        self._fenced = _is_json(held)
        return self._head + (_OPEN + held.lstrip() if self._fenced else held)


def _is_json(text: str) -> bool:
    """Whether an answer that begins so is JSON."""
    begins = text.lstrip()
    behind = begins[1:].lstrip()[:1]
    return bool(behind) and behind in _BEGINS.get(begins[:1], "")
