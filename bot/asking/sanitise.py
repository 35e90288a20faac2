"""Text from a model or a file, made harmless: it pings nobody, names no channel, and unfurls no link.

An invisible word joiner goes after the first character of everything that Slack would act on: ``<!here>``,
``<@U…>``, ``<#C…>``, ``<!subteam^…>``, ``@here``, ``@channel``, ``@everyone``, and the ``://`` of a link. The eye sees
the same text; Slack, whichever of its parsers looks at it, sees no token. The price: a copied link has the joiner
in it.
"""

import re
from itertools import pairwise

JOINER = "\u2060"
"""WORD JOINER: no width, no line break, and no part of any token."""

TOKENS = (
    "<!",
    "<@",
    "<#",
    "<\\",
    "@here",
    "@channel",
    "@everyone",
    "@group",
    "://",
    ":\\//",
    ":/\\/",
    ":\\/\\/",
)
"""Everything that makes Slack act, in lower case. Markdown drops a backslash before punctuation, hence those."""

_DANGEROUS = re.compile(
    "|".join(f"{re.escape(token[0])}(?={re.escape(token[1:])})" for token in TOKENS), re.IGNORECASE
)
_LONGEST = max(map(len, TOKENS))


def sanitised(text: str) -> str:
    """Return the text with every token broken. Doing it twice changes nothing more."""
    return _broken(text, len(text))


def plain(text: str) -> str:
    """Return the text without the joiners: what the model said, for the conversation's memory."""
    return text.replace(JOINER, "")


class Sanitiser:
    """The same, piece by piece: a token may be split across pieces.

    ``feed`` keeps back what may be the beginning of a token until more has come; ``end`` hands it over. All that was
    handed over, joined, is what ``sanitised`` makes of the whole.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """Take a piece and return what can be shown of it and of what was kept back."""
        text = self._held + piece
        cut = len(text) - _undecided(text)
        self._held = text[cut:]
        # Tokens overlap (``<@here``): what is shown may begin one whose second half is kept back.
        return _broken(text, cut)

    def end(self) -> str:
        """Return what was kept back: nothing more will come, so it is no token."""
        held, self._held = self._held, ""
        return sanitised(held)


def _broken(text: str, end: int) -> str:
    """Return the first ``end`` characters with the tokens broken that begin there, wherever they go on."""
    starts = [found.start() + 1 for found in _DANGEROUS.finditer(text) if found.start() < end]
    return JOINER.join(text[a:b] for a, b in pairwise([0, *starts, end]))


def _undecided(text: str) -> int:
    """Return how many characters at the end may be the beginning of a token."""
    for length in range(min(_LONGEST - 1, len(text)), 0, -1):
        tail = text[-length:].lower()
        if any(token.startswith(tail) and token != tail for token in TOKENS):
            return length
    return 0
