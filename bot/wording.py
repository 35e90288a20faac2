"""Sentences in which people and channels are named by type, and outside text made fit to stand in them.

A mention is made of an ID of our own, never found in text: a row's key that reads ``<@U012345>`` is those ten
characters to everybody. So a sentence that names somebody is a :class:`Wording`: its parts are text, :class:`Person`,
:class:`Channel` and :class:`Clock`, and only what is no text becomes a mention or a time. Whatever handles it as an
ordinary ``str`` (joins it, cuts it, formats it into another) gets text, in which nothing is a mention: forgetting the
type shows an ID and pings nobody.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import PlainSerializer, PlainValidator

_LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, direction marks and overrides, characters without width, tags, lone surrogates. The two joiners
of scripts and emoji (U+200C and U+200D) stay: words in Persian and families of emoji are made with them."""
_UNSEEN = re.compile(
    # White space and control characters, what Unicode calls default-ignorable, and blank letters of Hangul and braille.
    "[\\s\x00-\x1f\x80-\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]+"
)
"""All in which nothing can be seen by itself; more than what is taken out of text, some of which other letters need."""
_PERSON = re.compile(r"[UW][A-Z0-9]{1,20}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")
_CUT_SHORT = re.compile(r"(&[a-z]{0,4}|<[^<>]*)$")
_FORMATTING = re.compile(
    r"(?P<ours>`[^`\n]+`|<[@#][A-Z0-9]+>|(?<![A-Za-z0-9])\*[A-Z][A-Za-z0-9' ]{0,60}\*(?![A-Za-z0-9]))"
    r"|`|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])"
)
"""Code spans, mentions and names of buttons, which our sentences are written with, and whatever else would format."""
_JOINER = "\u2060"
_SAID = "said"
BACKTICK = "\u02cb"
"""Looks like a backtick and ends no code span."""


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user, by ID: shown as their name, and pinged where the message is new."""

    id: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A Slack channel, by ID: shown as a link to it. It pings nobody."""

    id: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, by its moment: shown in each reader's own zone, and as UTC where nothing but text is shown.

    ``dated``: it may be days away, so that its date is shown, too.
    """

    at: datetime
    dated: bool = False


Named = Person | Channel | Clock
Part = str | Named


class Wording(str):
    """One of our sentences, with who and what it names kept apart from its text. Made by :func:`wording`."""

    __slots__ = ("parts",)
    parts: tuple[Part, ...]

    def __new__(cls, parts: tuple[Part, ...]) -> Self:
        """Return the sentence; as a ``str`` it has the IDs in it as they are written in mrkdwn, which is only text."""
        made = super().__new__(
            cls, "".join(each if isinstance(each, str) else _token(each) for each in parts)
        )
        made.parts = parts
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how a copy is made: by its parts."""
        return Wording, (self.parts,)


def wording(*said: Part) -> str:
    """Return the parts as one sentence. A part that is a :class:`Wording` itself keeps what it names."""
    parts = tuple(part for each in said for part in parts_of(each) if part != "")
    if all(isinstance(each, str) for each in parts):
        return "".join(str(each) for each in parts)
    return Wording(parts)


def listed(named: Iterable[Named]) -> str:
    """Return who or what it is, with commas between."""
    parts = [part for each in named for part in (", ", each)]
    return wording(*parts[1:])


def parts_of(said: Part) -> tuple[Part, ...]:
    """Return what a sentence is made of; text alone is one part."""
    return said.parts if isinstance(said, Wording) else (said,)


def clean(text: str) -> str:
    """Return ``text`` without control characters, direction overrides and lone surrogates; lines end in a line feed."""
    return _INVISIBLE.sub("", _LINE_BREAKS.sub("\n", text))


def without_hidden(text: str) -> str:
    """Return ``text`` without what :func:`clean` takes out; line breaks stay, it may be a piece of a longer one."""
    return _INVISIBLE.sub(lambda found: found[0] if found[0] in "\r\x85" else "", text)


def is_blank(text: str) -> bool:
    """Tell a text in which nothing can be seen."""
    return not text or _UNSEEN.fullmatch(text) is not None


def seen(text: str) -> str:
    """Return what can be seen of ``text``, with one blank for whatever lies between: for how much somebody has said."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def one_line(text: str) -> str:
    """Return ``text`` cleaned and on one line: for names of files, titles and lines of a log.

    Empty where nothing of it can be seen.
    """
    line = " ".join(clean(text).split())
    return "" if is_blank(line) else line


def escape(text: str) -> str:
    """Return ``text`` for mrkdwn, so that every character stands for itself to Slack's parser of links and mentions."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """Return outside text as a code span in one of our sentences: nothing in it ends the span.

    The one way to put a row's key, a role, a value or a name of a file into a sentence. Once the sentence is put
    together nobody can tell whose its backticks are. A line break ends a span, too.
    """
    return f"`{' '.join(text.replace('`', BACKTICK).splitlines())}`"


def counted(number: int, word: str) -> str:
    """Return ``1 record`` or ``1,234 records``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def mrkdwn(said: Part) -> str:
    """Return a sentence as mrkdwn: its text escaped, its code spans working, people and channels as mentions.

    Of formatting only what our sentences have works: code spans and names of buttons (``*Repair all*``). What
    would format besides stands for itself, so that not even a span that somebody's text has ended opens a way.
    """
    shown = "".join(escape(each) if isinstance(each, str) else mention(each) for each in parts_of(said))
    return inert(shown)


def inert(shown: str) -> str:
    """Return escaped text in which nothing formats but code spans and names of buttons."""
    return _FORMATTING.sub(
        lambda found: found[0] if found["ours"] else f"{_JOINER}{found[0]}{_JOINER}", shown
    )


def mention(named: Named) -> str:
    """Return what Slack shows as a name, or a time; an ID that is none is shown as it is, as code."""
    if isinstance(named, Clock):
        shown = "{date_short} {time}" if named.dated else "{time}"
        return f"<!date^{int(named.at.timestamp())}^{shown}|{_token(named)}>"
    pattern = _PERSON if isinstance(named, Person) else _CHANNEL
    if pattern.fullmatch(named.id):
        return _token(named)
    return f"`{one_line(escape(named.id).replace('`', ''))[:40] or ' '}`"


def _token(named: Named) -> str:
    if isinstance(named, Clock):
        return f"{named.at.astimezone(UTC):{'%Y-%m-%d ' if named.dated else ''}%H:%M} UTC"
    return f"<@{named.id}>" if isinstance(named, Person) else f"<#{named.id}>"


# Length


def length(text: str) -> int:
    """Return the length as Slack's strictest counter sees it: in UTF-16 units, where an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """Return ``text``, or its beginning and an ellipsis when it is longer than ``limit``.

    Never ends in half of an entity (``&am``) or of a link (``<https://exam``), so that escaped text stays escaped.
    """
    if length(text) <= limit:
        return text
    short = text[: limit - 1]
    while length(short) > limit - 1:
        short = short[: len(short) - max(1, (length(short) - limit + 1) // 2)]
    return _CUT_SHORT.sub("", short).rstrip() + "…"


# As it is kept


def kept(said: str) -> object:
    """Return a sentence as JSON: its text, or its parts where it names somebody."""
    if not isinstance(said, Wording):
        return said
    return {_SAID: [each if isinstance(each, str) else _part_kept(each) for each in said.parts]}


def _part_kept(named: Named) -> dict[str, str | bool]:
    if isinstance(named, Clock):
        return {"clock": named.at.isoformat()} | ({"dated": True} if named.dated else {})
    return {"person" if isinstance(named, Person) else "channel": named.id}


def read_back(document: object) -> str:
    """Return the sentence that :func:`kept` made the document of. Text stays text, whatever it says.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(document, str):
        return document
    if isinstance(document, dict) and isinstance(document.get(_SAID), list):
        return wording(*(_part(each) for each in document[_SAID]))
    raise ValueError("a sentence is text, or the parts of it")


def _part(document: object) -> Part:
    match document:
        case str():
            return document
        case {"person": str(user)}:
            return Person(user)
        case {"channel": str(channel)}:
            return Channel(channel)
        case {"clock": str(at), "dated": True}:
            return Clock(datetime.fromisoformat(at), dated=True)
        case {"clock": str(at)}:
            return Clock(datetime.fromisoformat(at))
    raise ValueError("a part of a sentence is text, a person, a channel or a time")


Said = Annotated[str, PlainValidator(read_back), PlainSerializer(kept, when_used="json")]
"""The type of a field that keeps a sentence: in a document it is text, or its parts where it names somebody. Text
never becomes parts, whatever it says, since parts are no string."""
