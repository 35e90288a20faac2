"""Composition objects: texts, options, confirmations."""

from bot.playground.slack.blocks import limits
from bot.playground.slack.blocks.grammar import (
    Check,
    array,
    boolean,
    just_one_of,
    one_of,
    record,
    string,
    typed,
)


def plain_text(most: int = limits.TEXT, least: int = 1) -> Check:
    """A ``plain_text`` object."""
    return one_of({"plain_text": _plain(most, least)})


def mrkdwn(most: int = limits.TEXT, least: int = 1) -> Check:
    """A ``mrkdwn`` object."""
    return one_of({"mrkdwn": _mrkdwn(most, least)})


def any_text(most: int = limits.TEXT, least: int = 1) -> Check:
    """A text object of either kind."""
    return one_of({"plain_text": _plain(most, least), "mrkdwn": _mrkdwn(most, least)})


def _plain(most: int, least: int) -> Check:
    return typed("plain_text", {"text": string(least=least, most=most)}, {"emoji": boolean()})


def _mrkdwn(most: int, least: int) -> Check:
    return typed("mrkdwn", {"text": string(least=least, most=most)}, {"verbatim": boolean()})


CONFIRM = record(
    {
        "title": plain_text(limits.CONFIRM_TITLE),
        "text": any_text(limits.CONFIRM_TEXT),
        "confirm": plain_text(limits.CONFIRM_BUTTON),
        "deny": plain_text(limits.CONFIRM_BUTTON),
    },
    {"style": string(enum=("primary", "danger"))},
)


def option(text: Check, *, url: bool = False) -> Check:
    """An option; only those of an overflow menu may have a URL."""
    optional = {"description": any_text(limits.OPTION_DESCRIPTION)}
    if url:
        optional["url"] = string(most=limits.URL)
    return record({"text": text, "value": string(least=1, most=limits.OPTION_VALUE)}, optional)


SELECT_OPTION = option(plain_text(limits.OPTION_TEXT))
CHOICE_OPTION = option(any_text(limits.OPTION_TEXT))
OVERFLOW_OPTION = option(plain_text(limits.OPTION_TEXT), url=True)

OPTION_GROUP = record(
    {"label": plain_text(limits.OPTION_GROUP_LABEL), "options": array(SELECT_OPTION, 1, limits.OPTIONS)}, {}
)

DISPATCH = record(
    {"trigger_actions_on": array(string(enum=("on_enter_pressed", "on_character_entered")), 1)}, {}
)

FILTER = record(
    {},
    {
        "include": array(string(enum=("im", "mpim", "private", "public")), 1),
        "exclude_external_shared_channels": boolean(),
        "exclude_bot_users": boolean(),
    },
)

SLACK_FILE = record({}, {"id": string(least=1), "url": string(least=1)}, just_one_of("id", "url"))

WORKFLOW = record(
    {
        "trigger": record(
            {"url": string(least=1)},
            {"customizable_input_parameters": array(record({"name": string(), "value": string()}, {}))},
        )
    },
    {},
)
