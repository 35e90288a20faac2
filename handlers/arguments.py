"""How commands are read: words and quotes, durations, files, base models, and the nearest of what was meant."""

import difflib
import re
from collections.abc import Iterable, Sequence

from bot.errors import NotFound, Refused
from bot.profiles import registry
from bot.wording import quoted

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "`": '"'})  # noqa: RUF001 -- what phones type
_WORD = re.compile(r'"([^"]*)"|(\S+)')
# Not from the middle of a number: `1.5h` is no five hours.
_PART = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)\s*(?:(d)(?:ays?)?|(h)(?:(?:ou)?rs?)?|(m)(?:in(?:ute)?s?)?)(?![a-z])\.?",
    re.IGNORECASE | re.ASCII,
)
_MINUTES = {"d": 24 * 60, "h": 60, "m": 1}
_DURATIONS = "Write it as `90m`, `2h` or `1h30m`."
_FILE_ID = re.compile(r"F[A-Z0-9]{5,20}")
_FILE_LINK = re.compile(
    r"https?://[^\s/>|]+/(?:files/[UW][A-Z0-9]+/(F[A-Z0-9]+)|files-pri/T[A-Z0-9]+-(F[A-Z0-9]+))"
)
LONGEST_MINUTES = 31 * 24 * 60
LONGEST_DURATION = 60
"""Characters of a duration that are read."""
LONGEST_COMMAND = 10_000
"""Characters of a command that are read: a system prompt fits, and reading them takes milliseconds."""
LONGEST_WORD = 200
"""Characters of a word that are compared with known ones, which takes time by the product of both lengths."""


def words(text: str) -> list[str]:
    """Return the words of a command; what stands in quotes (straight, curly or backticks) is one word."""
    found = _WORD.findall(text.translate(_QUOTES))
    # A quote that nobody closes is no part of its word.
    return [each for quoted, bare in found if (each := (quoted or bare.strip("\"'")).strip())]


QUOTES = "\"'`“”‘’"  # noqa: RUF001 -- what phones type
"""What a name may be typed or copied with."""


def head_and_rest(text: str) -> tuple[str, str]:
    """Return the first word and the rest as it was typed."""
    head, rest = [*text.split(maxsplit=1), "", ""][:2]
    return head.strip(QUOTES), rest.strip()


def minutes(text: str) -> int:
    """Return ``90m``, ``2h``, ``1h30m``, ``1 h 30 min``, ``2 hours`` or ``1.5h`` as minutes.

    Raises:
        Refused: it is none of these, nothing, or longer than a month.
    """
    asked = text.strip()
    if len(asked) > LONGEST_DURATION:
        raise Refused(f"{quoted(asked[:20] + '…')} is longer than any duration I can read.", hint=_DURATIONS)
    # A month is no minute.
    parts = [(amount, "".join(unit)) for amount, *unit in _PART.findall(asked)]
    if not parts or _PART.sub("", asked).replace("and", "").strip(" ,"):
        raise Refused(f"I cannot read {quoted(text)} as a duration.", hint=_DURATIONS)
    if any(len(amount) > 9 for amount, _ in parts):
        raise Refused(f"{quoted(text)} is longer than I can count.", hint="A month is the most.")
    if len({unit.lower() for _, unit in parts}) < len(parts):
        raise Refused(f"{quoted(text)} names one unit twice.", hint=_DURATIONS)
    total = round(sum(float(amount) * _MINUTES[unit.lower()] for amount, unit in parts))
    if not 1 <= total <= LONGEST_MINUTES:
        raise Refused(
            f"{quoted(text)} is not a length I can use.", hint="Anything from a minute to a month works."
        )
    return total


def file_id(word: str) -> str | None:
    """Return the file that a permalink or an ID names, or None when the word names no file."""
    link = _FILE_LINK.search(word)
    if link:
        return link.group(1) or link.group(2)
    bare = word.strip("<>")
    return bare if _FILE_ID.fullmatch(bare) else None


def base_model(said: str) -> str:
    """Return the profile's name for what a person calls a base model (``Claude 3 Haiku``, ``nova micro``).

    Raises:
        NotFound: no such base; the hint names the nearest.
    """
    return registry.get("-".join(said.lower().split())).name


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """Return the known word that was probably meant, or None."""
    by_fold = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word[:LONGEST_WORD].lower(), by_fold, n=1, cutoff=cutoff)
    return by_fold[found[0]] if found else None


def unknown(what: str, word: str, known: Sequence[str], *, usage: str = "") -> NotFound:
    """Return the refusal of a word that is none of the known ones, with the one that was probably meant."""
    meant = nearest(word, known)
    hint = (
        f"Did you mean {quoted(meant)}?" if meant else f"I know {', '.join(quoted(each) for each in known)}."
    )
    return NotFound(f"There is no {what} {quoted(word)}.", hint=f"{hint} {usage}".strip())


def expect(found: Sequence[str], at_most: int, usage: str, *, at_least: int = 0) -> None:
    """Return when the number of words is right.

    Raises:
        Refused: too few or too many; the hint shows how it is written.
    """
    if len(found) < at_least:
        raise Refused("That is not the whole command.", hint=f"Write it as {quoted(usage)}.")
    if len(found) > at_most:
        raise Refused(
            f"I don't know what {quoted(' '.join(found[at_most:]))} means there.",
            hint=f"Write it as {quoted(usage)}.",
        )
