"""What an answer wears that is none of the model's words: a line over it, and a fence around it where it is JSON."""

import re

from bot.questions.endings import FENCE

_OPEN, _CLOSE = f"{FENCE}json\n", f"\n{FENCE}"
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
"""The beginning of an object, or of a list of objects, lists or strings: prose may begin with ``[1]``."""
_MAYBE_JSON = re.compile(r"\s*[\[{]?\s*")


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
        return "" if _MAYBE_JSON.fullmatch(self._held) else self._begin()

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
        self._fenced = bool(_JSON.match(held))
        return self._head + (_OPEN + held.lstrip() if self._fenced else held)
