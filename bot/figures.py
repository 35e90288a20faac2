"""Figures as people write them, in forms, commands and buttons: the whole text is one, or none is read.

Only ASCII digits, with thousands set apart properly or not at all: ``1000``, ``1,000``, ``1_000``, ``0.5``, ``.5``. No
sign, no exponent, no ``nan``, and no more digits than anybody means, so that what is checked is what is converted.
"""

import re
from decimal import Decimal

_GROUPED = r"\d{1,3}(?:[,_]\d{3})"
_WHOLE = re.compile(rf"\d{{1,9}}|{_GROUPED}{{1,2}}", re.ASCII)
_FIGURE = re.compile(rf"(?:\d{{1,12}}|{_GROUPED}{{1,3}})(?:\.\d{{0,40}})?|\.\d{{1,40}}", re.ASCII)
_APART = str.maketrans("", "", ",_")


def whole(text: str) -> int | None:
    """Return a whole number below a thousand millions, or None."""
    said = text.strip()
    return int(said.translate(_APART)) if _WHOLE.fullmatch(said) else None


def figure(text: str) -> Decimal | None:
    """Return a figure of at most twelve digits before the point and forty after it, or None. It is never negative."""
    said = text.strip()
    return Decimal(said.translate(_APART)) if _FIGURE.fullmatch(said) else None


def is_plain(text: str) -> bool:
    """Return whether a number that may have a sign and an exponent is written without what ``Decimal`` lets pass.

    It takes digits of any script, and underscores anywhere.
    """
    return text.isascii() and "_" not in text
