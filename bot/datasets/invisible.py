"""Texts in which nothing can be seen, however many characters they have."""

import re
from collections.abc import Sequence

_INVISIBLE = re.compile(
    # White space and control characters, what Unicode calls default-ignorable, and blank letters of Hangul and braille.
    "[\\s\x00-\x1f\x80-\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]*"
)


def is_blank(text: str) -> bool:
    """Tell a text in which nothing can be seen."""
    return _INVISIBLE.fullmatch(text) is not None


def any_blank(texts: Sequence[str], joined: str) -> bool:
    """Whether nothing can be seen in one of the texts, which ``joined`` holds as one."""
    # A blank text of ASCII begins with a space or a control character, and so does then the least of all texts.
    return (min(texts, default="") < "!" or not joined.isascii()) and any(map(is_blank, texts))
