"""The ``rich_text`` block and what may be in it."""

from bot.playground.slack.blocks import limits
from bot.playground.slack.blocks.grammar import Check, array, boolean, integer, one_of, record, string, typed

_STYLE = record(
    {},
    {
        name: boolean()
        for name in (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        )
    },
)
_STYLED: dict[str, Check] = {"style": _STYLE}
_ID = string(least=1)

INLINE: dict[str, Check] = {
    "text": typed("text", {"text": string(least=1)}, _STYLED),
    "link": typed(
        "link", {"url": string(least=1, most=limits.URL)}, _STYLED | {"text": string(), "unsafe": boolean()}
    ),
    "user": typed("user", {"user_id": _ID}, _STYLED),
    "channel": typed("channel", {"channel_id": _ID}, _STYLED),
    "usergroup": typed("usergroup", {"usergroup_id": _ID}, _STYLED),
    "team": typed("team", {"team_id": _ID}, _STYLED),
    "emoji": typed("emoji", {"name": _ID}, _STYLED | {"unicode": string(), "skin_tone": integer(1, 6)}),
    "color": typed("color", {"value": string(pattern="#[0-9a-fA-F]{3,8}")}, _STYLED),
    "broadcast": typed("broadcast", {"range": string(enum=("here", "channel", "everyone"))}, _STYLED),
    "date": typed(
        "date",
        {"timestamp": integer(0), "format": string(least=1)},
        _STYLED | {"url": string(), "fallback": string()},
    ),
}

_SECTION = typed("rich_text_section", {"elements": array(one_of(INLINE))}, {})
_BORDER: dict[str, Check] = {"border": integer(0)}
_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": typed(
        "rich_text_list",
        {"style": string(enum=("bullet", "ordered")), "elements": array(_SECTION)},
        _BORDER | {"indent": integer(0, 8), "offset": integer(0)},
    ),
    "rich_text_preformatted": typed(
        "rich_text_preformatted", {"elements": array(one_of(INLINE))}, _BORDER | {"language": string()}
    ),
    "rich_text_quote": typed("rich_text_quote", {"elements": array(one_of(INLINE))}, _BORDER),
}

RICH_TEXT = typed(
    "rich_text", {"elements": array(one_of(_PARTS))}, {"block_id": string(most=limits.BLOCK_ID)}
)
