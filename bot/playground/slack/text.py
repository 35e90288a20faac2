"""Text as Slack keeps it: three characters escaped, mentions by ID."""

import re
from collections.abc import Iterable

from bot.playground.slack.state import Channel, Json, User

_TOKEN = re.compile(r"(<(?:[@#!]|[a-z]+:)[^>]+>|https?://[^\s<>|]+)")
_MAIL = r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}"
_PHONE = r"\+\d(?:[ -]?\d){7,14}"
"""What phones make a link of: github.com/fplbot/fplbot/issues/320."""
_BROADCASTS = {"here": "<!here>", "channel": "<!channel>", "everyone": "<!everyone>"}


def escape(text: str) -> str:
    """Replace ``&``, ``<`` and ``>`` by their entities, as Slack does with what people type."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo ``escape``."""
    # The ampersand last, since it was escaped first.
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def from_person(text: str, users: Iterable[User], channels: Iterable[Channel]) -> str:
    """Turn what a person typed into Slack's markup: escaped, with @names, #channels and links resolved."""
    by_name = {user.name.lower(): f"<@{user.id}>" for user in users} | _BROADCASTS
    by_channel = {c.name.lower(): f"<#{c.id}|{c.name}>" for c in channels if c.kind == "channel"}

    def mention(match: re.Match[str]) -> str:
        return by_name.get(match[1].lower(), match[0])

    def channel(match: re.Match[str]) -> str:
        return by_channel.get(match[1].lower(), match[0])

    # IDs that were typed are carried through the escaping in characters that nobody types.
    kept = re.sub(r"<@([UW][A-Z0-9]+)>", "\x00\\1\x01", text)
    escaped = re.sub(r"\x00([A-Z0-9]+)\x01", r"<@\1>", escape(kept))
    escaped = re.sub(r"(?<![\w<])@([a-zA-Z0-9._-]*[a-zA-Z0-9_-])", mention, escaped)
    escaped = re.sub(r"(?<![\w<&])#([a-z0-9_-]+)", channel, escaped)
    linked = re.sub(r"(?<![<|\w])(https?://[^\s<>|]+)", r"<\1>", escaped)
    linked = re.sub(rf"(?<!\S)({_MAIL})(?![^\s,.])", r"<mailto:\1|\1>", linked)
    return re.sub(rf"(?<!\S)({_PHONE})(?![^\s,.])", lambda found: _call(found[1]), linked)


def _call(number: str) -> str:
    return f"<tel:{re.sub('[^+0-9]', '', number)}|{number}>"


def mentioned(text: str) -> set[str]:
    """Return the IDs of the users that a text mentions."""
    return set(re.findall(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", text))


def rich_text(text: str, block_id: str) -> Json:
    """Return the ``rich_text`` block that Slack adds to a message that a person typed."""
    elements = [_element(part) for part in _TOKEN.split(text) if part]
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _element(part: str) -> Json:
    if part.startswith("<@"):
        return {"type": "user", "user_id": part[2:-1].partition("|")[0]}
    if part.startswith("<#"):
        return {"type": "channel", "channel_id": part[2:-1].partition("|")[0]}
    if part.startswith("<!"):
        return {"type": "broadcast", "range": part[2:-1].partition("|")[0]}
    if part.startswith(("<", "http://", "https://")):
        url, _, label = unescape(part.strip("<>")).partition("|")
        return {"type": "link", "url": url} | ({"text": label} if label else {})
    return {"type": "text", "text": unescape(part)}
