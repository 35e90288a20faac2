"""Words whose UTF-8 was read as Windows-1252: ``FÃ¼r`` for ``Für``. What they were is known by turning that around.

Such letters stand beside each other in no language, so the ones that are certain are mended and nothing else is: an
``É`` before a dash may be just that.
"""

import re

_TYPOGRAPHIC = bytes(byte for byte in range(0x80, 0xA0)).decode("cp1252", errors="ignore")
_FOLLOWING = f"\u0080-\u00bf{_TYPOGRAPHIC}"
"""What the bytes 0x80 to 0xBF are as Windows-1252; five of them are nothing there, and are kept as they are."""
_QUOTES = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u201e\u201a\u203a\u2039\u00bb\u00ab"
_TWO = f"[\u00c2-\u00df][{_FOLLOWING}]"
_THREE = f"[\u00e0-\u00ef][{_FOLLOWING}]{{2}}"
_FOUR = f"[\u00f0-\u00f4][{_FOLLOWING}]{{3}}"
_ANY = f"(?:{_TWO}|{_THREE}|{_FOUR})"
_CERTAIN = (
    f"\u00c3(?![{_QUOTES}])[{_FOLLOWING}]"  # the accented letters of Western Europe
    f"|[\u00c4-\u00c6](?![\u00a0{_QUOTES}])[{_FOLLOWING}]"  # and those of its neighbours
    "|\u00c2[\u00a0-\u00bf]"  # its signs
    f"|\u00e2(?:\u20ac[{_FOLLOWING}]|\u201a\u00ac|\u201e\u00a2)"  # quotes, dashes, the euro
    f"|\u00f0\u0178[{_FOLLOWING}]{{2}}"  # emoji
    f"|(?:{_TWO}){{3,}}|(?:{_THREE}){{2,}}"  # other scripts
)
_BEFORE = 20
"""Such letters that may stand before the certain one: without an end, a long text of them would take hours."""
PATTERN = re.compile(f"(?:{_ANY}){{0,{_BEFORE}}}?(?:{_CERTAIN})(?:{_ANY})*")
"""A run of such letters, of which one is certain."""


def may_stand_in(text: str) -> bool:
    """Whether such a run stands in the text, told soon where there is none."""
    # It begins with a letter from U+00C2 to U+00F4: in UTF-8 with 0xC3, as those from U+00C0 to U+00FF alone do.
    return (
        not text.isascii() and b"\xc3" in text.encode("utf-8", "replace") and PATTERN.search(text) is not None
    )


def fixed(text: str) -> str:
    """Return the text with every such run as it was meant; one that cannot be turned around stays."""
    return text if text.isascii() else PATTERN.sub(lambda match: _meant(match[0]), text)


def example(text: str) -> tuple[str, str] | None:
    """Return the first such word and what it was meant to be, None when there is none that can be mended."""
    if text.isascii():
        return None
    for match in PATTERN.finditer(text):
        if _meant(match[0]) != match[0]:
            start = max(text.rfind(" ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
            word = re.match(r"\S{1,40}", text[start:])
            if word:
                return word[0], fixed(word[0])
    return None


def _meant(run: str) -> str:
    try:
        return b"".join(map(_byte, run)).decode("utf-8")
    except UnicodeDecodeError:
        return run


def _byte(character: str) -> bytes:
    return bytes([ord(character)]) if character <= "\xff" else character.encode("cp1252")
