"""What people type becomes Slack's markup."""

import pytest

from bot.playground.slack.state import Channel, User
from bot.playground.slack.text import escape, from_person, mentioned, rich_text, unescape

USERS = [User(id="U1", name="tess", real_name="Tess"), User(id="U2", name="amir.h", real_name="Amir")]
CHANNELS = [Channel(id="C1", name="claims-ai")]


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("hey @tess, and @amir.h.", "hey <@U1>, and <@U2>."),
        ("mail me@tess.example.", "mail <mailto:me@tess.example|me@tess.example>."),
        ("call +1 555 012-3456, now", "call <tel:+15550123456|+1 555 012-3456>, now"),
        ("+12 and a+15550123456", "+12 and a+15550123456"),
        ("@nobody", "@nobody"),
        ("see #claims-ai and #other", "see <#C1|claims-ai> and #other"),
        ("@here", "<!here>"),
        ("<!channel> <@U1>", "&lt;!channel&gt; <@U1>"),
        ("go to https://example.com/a?b=1&c=2 now", "go to <https://example.com/a?b=1&amp;c=2> now"),
    ],
)
def test_becomes_markup(typed: str, markup: str) -> None:
    assert from_person(typed, USERS, CHANNELS) == markup


def test_escaping_can_be_undone() -> None:
    assert unescape(escape("<&amp;>")) == "<&amp;>"


def test_finds_mentions() -> None:
    assert mentioned("<@U1> and <@U2|amir> but not U3 or <#C1>") == {"U1", "U2"}


def test_rich_text_has_the_parts() -> None:
    block = rich_text("a &lt; <@U1> <#C1|claims-ai> <!here>", "b1")
    elements = block["elements"][0]["elements"]
    assert [element["type"] for element in elements] == [
        "text",
        "user",
        "text",
        "channel",
        "text",
        "broadcast",
    ]
    assert elements[0]["text"] == "a < "


def test_rich_text_has_links_as_such() -> None:
    block = rich_text("<https://a.example/?b=1&amp;c=2> or <tel:+15550123456|+1 555 0123456>", "b1")
    link, _, call = block["elements"][0]["elements"]
    assert link == {"type": "link", "url": "https://a.example/?b=1&c=2"}
    assert call == {"type": "link", "url": "tel:+15550123456", "text": "+1 555 0123456"}
