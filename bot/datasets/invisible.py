"""Texts in which nothing can be seen, however many characters they have."""

from collections.abc import Sequence

from bot.wording import is_blank


def any_blank(texts: Sequence[str], joined: str) -> bool:
    """Whether nothing can be seen in one of the texts, which ``joined`` holds as one."""
    # A blank text of ASCII begins with a space or a control character, and so does then the least of all texts.
    return (min(texts, default="") < "!" or not joined.isascii()) and any(map(is_blank, texts))
