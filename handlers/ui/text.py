"""Text that came from outside, made safe to show.

File names, rows of datasets, names of models, words of people and of models all pass through here: nothing in
them may ping a channel, forge a mention, hide a link or break out of its place. Objects of mrkdwn are built with
``verbatim``, so that Slack links nothing by itself either.
"""

import re
from datetime import UTC, datetime

from bot.wording import BACKTICK, Channel, Clock, Named, Person, clean, escape, mention, mrkdwn, parts_of
from handlers.ui.limits import SECTION_TEXT, clip, length

__all__ = [
    "block_of_code",
    "channel",
    "clean",
    "clock_time",
    "code",
    "count",
    "day",
    "escape",
    "escape_marked",
    "person",
    "plain",
    "sentence",
    "size",
    "thread_link",
    "unmarked",
    "when",
    "whole_sentences",
]

_MARKUP = re.compile(r"`|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])")
"""What Slack would take as formatting; within a word (``snake_case``) it takes nothing."""
_ADDRESS = re.compile(r"https?://[^\s<>|]{1,2000}")
_CODE_SPAN = re.compile(r"`([^`]*)`")
_END_OF_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z`*<])")
_JOINER = "\u2060"


def plain(text: str, limit: int = 300) -> str:
    """Return outside text as one run of mrkdwn without formatting of its own, at most ``limit`` long."""
    flat = " ".join(_MARKUP.sub(lambda found: _JOINER + found.group() + _JOINER, clean(text)).split())
    return clip(escape_marked(flat), limit)


def escape_marked(text: str) -> str:
    """Escape text that :func:`clean` has been through already."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str, limit: int = 120) -> str:
    """Return outside text as a code span on one line: for names and IDs."""
    flat = " ".join(clean(text).replace("`", BACKTICK).split()) or " "
    return f"`{clip(escape_marked(flat), limit)}`"


def block_of_code(text: str, limit: int = 1_500) -> str:
    """Return outside text in a code fence, as it was but for its length."""
    return f"```{clip(escape(text).replace('`', BACKTICK), limit) or ' '}```"


def sentence(text: str, limit: int = 1_500) -> str:
    """Return one of our own sentences that may quote outside text: its code spans work.

    Whoever a :class:`bot.wording.Wording` names by type is mentioned; what merely reads like a mention is text.
    """
    return clip(mrkdwn(text), limit)


def whole_sentences(text: str, limit: int) -> str:
    """Return as many whole sentences of ours as ``limit`` has room for, and one at least, to end with that.

    For the face of a card whose *Details* say all of it. Only what quotes somebody at great length is cut.
    """
    taken, *others = _sentences(mrkdwn(text))
    for each in others:
        if length(longer := f"{taken} {each}") > limit:
            break
        taken = longer
    return clip(taken, SECTION_TEXT // 4)


def _sentences(shown: str) -> list[str]:
    """Return the sentences of mrkdwn. What stands in a code span is of one."""
    said: list[str] = []
    for part in _END_OF_SENTENCE.split(shown):
        if said and said[-1].count("`") % 2:
            said[-1] += f" {part}"
        else:
            said.append(part)
    return said


def unmarked(text: str) -> str:
    """Return one of our own sentences for a place that shows no markup: code spans become quotes.

    Nor does it show who is named: of whoever was just chosen there it says *that person*.
    """
    said = "".join(each if isinstance(each, str) else _in_plain(each) for each in parts_of(text))
    return _CODE_SPAN.sub("\u201c\\1\u201d", clean(said[:1].upper() + said[1:]))


def _in_plain(named: Named) -> str:
    match named:
        case Person():
            return "that person"
        case Channel():
            return "that channel"
    return f"{named.at.astimezone(UTC):%H:%M} UTC"


def person(user: str) -> str:
    """Return a mention of a Slack user, or the ID as text when it is not one."""
    return mention(Person(user))


def channel(channel_id: str) -> str:
    """Return a link to a Slack channel, or the ID as text when it is none. It pings nobody."""
    return mention(Channel(channel_id))


def thread_link(address: str) -> str:
    """Return *Open thread* as a link, empty without an address."""
    return f"<{address}|Open thread>" if _ADDRESS.fullmatch(address) else ""


def when(moment: datetime) -> str:
    """Return a time that Slack shows in each reader's own zone, as a date and never as a day next to theirs.

    These times are AWS's or ours, and "today", "tomorrow" or "ago" would hold them against the clock of whoever reads:
    what is past would be in the future for somebody (docs.slack.dev/messaging/formatting-message-text, the tokens that
    end in ``_pretty``, and ``ago``).
    """
    stamp = int(moment.timestamp())
    fallback = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{stamp}^{{date_short}} {{time}}|{fallback}>"


def day(moment: datetime) -> str:
    """Return the day in each reader's own zone."""
    fallback = moment.astimezone(UTC).strftime("%Y-%m-%d")
    return f"<!date^{int(moment.timestamp())}^{{date_short}}|{fallback}>"


def clock_time(moment: datetime) -> str:
    """Return the time of day in each reader's own zone."""
    return mention(Clock(moment))


def count(number: int, singular: str, plural: str = "") -> str:
    """Return ``1 record`` or ``1,234 records``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def size(number: int) -> str:
    """Return bytes in a unit that reads well: ``812 B``, ``3.4 MB``."""
    amount = float(number)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1_000 or unit == "GB":
            return f"{int(amount)} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1_000
    raise AssertionError
