"""The layout blocks, and on which surface each may stand."""

from bot.playground.slack.blocks import limits
from bot.playground.slack.blocks.elements import (
    CONTEXT_ACTIONS,
    ELEMENTS,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    URL_SOURCE,
    elements,
)
from bot.playground.slack.blocks.grammar import (
    Check,
    Finding,
    Findings,
    any_of,
    array,
    boolean,
    just_one_of,
    later,
    one_of,
    string,
    typed,
)
from bot.playground.slack.blocks.objects import SLACK_FILE, any_text, mrkdwn, plain_text
from bot.playground.slack.blocks.rich_text import RICH_TEXT
from bot.playground.slack.blocks.tables import DATA_TABLE, DATA_VISUALIZATION, TABLE
from bot.playground.slack.state import Json

_ID: dict[str, Check] = {"block_id": string(most=limits.BLOCK_ID)}


def _distinct_action_ids(value: Json, at: str, found: Findings) -> None:
    seen: set[str] = set()
    for index, element in enumerate(value["elements"]):
        action_id = element.get("action_id")
        if action_id is not None and action_id in seen:
            found.append(
                Finding(f'`action_id` "{action_id}" already exists', f"{at}/elements/{index}/action_id")
            )
        seen.add(action_id)


_TEXT_OR_IMAGE = {
    "mrkdwn": mrkdwn(),
    "plain_text": plain_text(),
    "image": ELEMENTS["image"],
}
_TASK_FIELDS: dict[str, Check] = {
    "details": RICH_TEXT,
    "output": RICH_TEXT,
    "sources": array(URL_SOURCE),
}


def _inner_block() -> Check:
    return one_of(
        {name: check for name, check in BLOCKS.items() if name not in ("container", "input", "file")}
    )


_TASK_STATUS = string(enum=("pending", "in_progress", "complete", "error"))
_CARD = typed(
    "card",
    {},
    _ID
    | {
        "hero_image": ELEMENTS["image"],
        "icon": ELEMENTS["image"],
        "slack_icon": typed("icon", {"name": string(least=1)}, {}),
        "title": any_text(limits.CARD_TITLE),
        "subtitle": any_text(limits.CARD_SUBTITLE),
        "body": any_text(limits.CARD_BODY),
        "subtext": any_text(limits.CARD_SUBTEXT),
        "actions": array(one_of(elements(("button",))), 1, limits.CARD_ACTIONS),
    },
    any_of("hero_image", "title", "body", "actions"),
)

BLOCKS: dict[str, Check] = {
    "section": typed(
        "section",
        {},
        _ID
        | {
            "text": any_text(limits.SECTION_TEXT),
            "fields": array(any_text(limits.SECTION_FIELD), 1, limits.SECTION_FIELDS),
            "accessory": one_of(elements(IN_SECTION)),
            "expand": boolean(),
        },
        any_of("text", "fields"),
    ),
    "header": typed("header", {"text": plain_text(limits.HEADER)}, _ID),
    "divider": typed("divider", {}, _ID),
    "context": typed("context", {"elements": array(one_of(_TEXT_OR_IMAGE), 1, limits.CONTEXT)}, _ID),
    "actions": typed(
        "actions",
        {"elements": array(one_of(elements(IN_ACTIONS)), 1, limits.ACTIONS)},
        _ID,
        _distinct_action_ids,
    ),
    "input": typed(
        "input",
        {"label": plain_text(limits.INPUT_LABEL), "element": one_of(elements(IN_INPUT))},
        _ID | {"hint": plain_text(limits.INPUT_HINT), "optional": boolean(), "dispatch_action": boolean()},
    ),
    "image": typed(
        "image",
        {"alt_text": string(least=1, most=limits.IMAGE_ALT)},
        _ID
        | {
            "image_url": string(least=1, most=limits.URL),
            "slack_file": SLACK_FILE,
            "title": plain_text(limits.IMAGE_TITLE),
        },
        just_one_of("image_url", "slack_file"),
    ),
    "markdown": typed("markdown", {"text": string(least=1, most=limits.MARKDOWN)}, _ID),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "file": typed("file", {"external_id": string(least=1), "source": string(enum=("remote",))}, _ID),
    "video": typed(
        "video",
        {
            "alt_text": string(least=1, most=limits.VIDEO_ALT),
            "thumbnail_url": string(least=1, most=limits.URL),
            "title": plain_text(limits.VIDEO_TITLE),
            "video_url": string(least=1, most=limits.URL),
        },
        _ID
        | {
            "author_name": string(most=limits.VIDEO_AUTHOR),
            "description": plain_text(limits.VIDEO_DESCRIPTION),
            "provider_icon_url": string(most=limits.URL),
            "provider_name": string(most=limits.VIDEO_PROVIDER),
            "title_url": string(most=limits.URL),
        },
    ),
    "context_actions": typed(
        "context_actions", {"elements": array(one_of(CONTEXT_ACTIONS), 1, limits.CONTEXT_ACTIONS)}, _ID
    ),
    "task_card": typed(
        "task_card",
        {"task_id": string(least=1), "title": string(least=1), "status": _TASK_STATUS},
        _ID | _TASK_FIELDS,
    ),
    "plan": typed(
        "plan",
        {"title": string(least=1), "tasks": array(later(lambda: _TASK))},
        _ID,
    ),
    "alert": typed(
        "alert",
        {"text": any_text(limits.ALERT)},
        _ID | {"level": string(enum=("default", "info", "warning", "error", "success"))},
    ),
    "card": _CARD,
    "carousel": typed(
        "carousel", {"elements": array(one_of({"card": _CARD}), 1, limits.CAROUSEL_CARDS)}, _ID
    ),
    "container": typed(
        "container",
        {"child_blocks": array(later(_inner_block), 1, limits.CONTAINER_BLOCKS)},
        _ID
        | {
            "title": any_text(limits.CONTAINER_TITLE),
            "rich_text_title": RICH_TEXT,
            "subtitle": any_text(limits.CONTAINER_SUBTITLE),
            "icon": ELEMENTS["image"],
            "width": string(enum=("narrow", "standard", "wide", "full")),
            "is_collapsible": boolean(),
            "default_collapsed": boolean(),
            "has_header_divider": boolean(),
        },
        just_one_of("title", "rich_text_title"),
    ),
}


def _task(value: object, at: str, found: Findings) -> None:
    """A plan's task is a task card that need not say its type."""
    card = {"type": "task_card", **value} if isinstance(value, dict) else value
    BLOCKS["task_card"](card, at, found)


_TASK: Check = _task
_MESSAGE_ONLY = (
    "card", "carousel", "container", "context_actions", "data_table", "data_visualization", "file", "markdown",
    "plan", "table", "task_card",
)  # fmt: skip
ON_SURFACE: dict[str, dict[str, Check]] = {
    "message": BLOCKS,
    "modal": {name: check for name, check in BLOCKS.items() if name not in _MESSAGE_ONLY},
    "home": {name: check for name, check in BLOCKS.items() if name not in _MESSAGE_ONLY},
}
"""Each block page of Slack's reference says on which surfaces it stands."""
