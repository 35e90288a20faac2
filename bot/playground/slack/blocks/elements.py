"""Block elements: what can be pressed, chosen from or typed into."""

from typing import Any

from bot.playground.slack.blocks import limits
from bot.playground.slack.blocks.grammar import (
    Check,
    Finding,
    Findings,
    array,
    boolean,
    integer,
    just_one_of,
    record,
    string,
    typed,
)
from bot.playground.slack.blocks.objects import (
    CHOICE_OPTION,
    CONFIRM,
    DISPATCH,
    FILTER,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SELECT_OPTION,
    SLACK_FILE,
    WORKFLOW,
    plain_text,
)
from bot.playground.slack.state import Json

_ACTION_ID = string(least=1, most=limits.ACTION_ID)
_DATE = string(pattern=r"\d{4}-\d{2}-\d{2}")
_TIME = string(pattern=r"\d{2}:\d{2}")
_FOCUS: dict[str, Check] = {"action_id": _ACTION_ID, "focus_on_load": boolean()}
_PICKER: dict[str, Check] = _FOCUS | {"confirm": CONFIRM, "placeholder": plain_text(limits.PLACEHOLDER)}
_SEVERAL: dict[str, Check] = _PICKER | {"max_selected_items": integer(1)}
_TYPED: dict[str, Check] = _FOCUS | {
    "placeholder": plain_text(limits.PLACEHOLDER),
    "dispatch_action_config": DISPATCH,
}
_LABEL = string(most=limits.ACCESSIBILITY_LABEL)


def _initial_is_offered(value: Json, at: str, found: Findings) -> None:
    groups = [group["options"] for group in value.get("option_groups", [])]
    offered = {option["value"] for options in [value.get("options", []), *groups] for option in options}
    chosen = value.get("initial_options", [])
    if "initial_option" in value:
        chosen = [value["initial_option"]]
    if any(option["value"] not in offered for option in chosen):
        key = "initial_option" if "initial_option" in value else "initial_options"
        found.append(Finding("initial option must exactly match one of the options", f"{at}/{key}"))


def _range(low: str, high: str) -> Any:
    def rule(value: Json, at: str, found: Findings) -> None:
        if low in value and high in value and float(value[low]) > float(value[high]):
            found.append(Finding(f"`{low}` must not exceed `{high}`", at, {"type": "range"}))

    return rule


_OPTIONS: dict[str, Check] = {
    "options": array(SELECT_OPTION, 1, limits.OPTIONS),
    "option_groups": array(OPTION_GROUP, 1, limits.OPTION_GROUPS),
}
_DECIMAL = string(least=1, pattern=r"-?\d+(\.\d+)?")
_ID = string(least=1)

ELEMENTS: dict[str, Check] = {
    "button": typed(
        "button",
        {"text": plain_text(limits.BUTTON_TEXT)},
        {
            "action_id": _ACTION_ID,
            "url": string(least=1, most=limits.URL),
            "value": string(most=limits.BUTTON_VALUE),
            "style": string(enum=("primary", "danger")),
            "confirm": CONFIRM,
            "accessibility_label": _LABEL,
            "agent_prompt": string(most=4_000),
            "visible_to_user_ids": array(string(), 0, limits.VISIBLE_TO),
        },
    ),
    "workflow_button": typed(
        "workflow_button",
        {"text": plain_text(limits.BUTTON_TEXT), "workflow": WORKFLOW},
        {"action_id": _ACTION_ID, "style": string(enum=("primary", "danger")), "accessibility_label": _LABEL},
    ),
    "overflow": typed(
        "overflow",
        {"options": array(OVERFLOW_OPTION, 1, limits.OVERFLOW_OPTIONS)},
        {"action_id": _ACTION_ID, "confirm": CONFIRM},
    ),
    "static_select": typed(
        "static_select",
        {},
        _PICKER | _OPTIONS | {"initial_option": SELECT_OPTION},
        just_one_of("options", "option_groups"),
        _initial_is_offered,
    ),
    "multi_static_select": typed(
        "multi_static_select",
        {},
        _SEVERAL | _OPTIONS | {"initial_options": array(SELECT_OPTION)},
        just_one_of("options", "option_groups"),
        _initial_is_offered,
    ),
    "external_select": typed(
        "external_select", {}, _PICKER | {"initial_option": SELECT_OPTION, "min_query_length": integer(0)}
    ),
    "multi_external_select": typed(
        "multi_external_select",
        {},
        _SEVERAL | {"initial_options": array(SELECT_OPTION), "min_query_length": integer(0)},
    ),
    "users_select": typed("users_select", {}, _PICKER | {"initial_user": _ID}),
    "multi_users_select": typed("multi_users_select", {}, _SEVERAL | {"initial_users": array(_ID)}),
    "channels_select": typed(
        "channels_select", {}, _PICKER | {"initial_channel": _ID, "response_url_enabled": boolean()}
    ),
    "multi_channels_select": typed("multi_channels_select", {}, _SEVERAL | {"initial_channels": array(_ID)}),
    "conversations_select": typed(
        "conversations_select",
        {},
        _PICKER
        | {
            "initial_conversation": _ID,
            "default_to_current_conversation": boolean(),
            "response_url_enabled": boolean(),
            "filter": FILTER,
        },
    ),
    "multi_conversations_select": typed(
        "multi_conversations_select",
        {},
        _SEVERAL
        | {
            "initial_conversations": array(_ID),
            "default_to_current_conversation": boolean(),
            "filter": FILTER,
        },
    ),
    "checkboxes": typed(
        "checkboxes",
        {"options": array(CHOICE_OPTION, 1, limits.CHOICES)},
        _FOCUS | {"initial_options": array(CHOICE_OPTION, 1), "confirm": CONFIRM},
        _initial_is_offered,
    ),
    "radio_buttons": typed(
        "radio_buttons",
        {"options": array(CHOICE_OPTION, 1, limits.CHOICES)},
        _FOCUS | {"initial_option": CHOICE_OPTION, "confirm": CONFIRM},
        _initial_is_offered,
    ),
    "datepicker": typed("datepicker", {}, _PICKER | {"initial_date": _DATE}),
    "timepicker": typed("timepicker", {}, _PICKER | {"initial_time": _TIME, "timezone": string()}),
    "datetimepicker": typed(
        "datetimepicker",
        {},
        _FOCUS | {"confirm": CONFIRM, "initial_date_time": integer(1_000_000_000, 9_999_999_999)},
    ),
    "plain_text_input": typed(
        "plain_text_input",
        {},
        _TYPED
        | {
            "initial_value": string(most=limits.INPUT_LENGTH),
            "multiline": boolean(),
            "min_length": integer(0, limits.INPUT_LENGTH),
            "max_length": integer(1, limits.INPUT_LENGTH),
        },
        _range("min_length", "max_length"),
    ),
    "number_input": typed(
        "number_input",
        {"is_decimal_allowed": boolean()},
        _TYPED | {"initial_value": _DECIMAL, "min_value": _DECIMAL, "max_value": _DECIMAL},
        _range("min_value", "max_value"),
    ),
    "email_text_input": typed("email_text_input", {}, _TYPED | {"initial_value": string()}),
    "url_text_input": typed("url_text_input", {}, _TYPED | {"initial_value": string()}),
    "rich_text_input": typed(
        "rich_text_input", {}, _TYPED | {"initial_value": lambda _value, _at, _found: None}
    ),
    "file_input": typed(
        "file_input",
        {},
        {
            "action_id": _ACTION_ID,
            "filetypes": array(string(least=1)),
            "max_files": integer(1, limits.INPUT_FILES),
        },
    ),
    "image": typed(
        "image",
        {"alt_text": string(least=1, most=limits.IMAGE_ALT)},
        {"image_url": string(least=1, most=limits.URL), "slack_file": SLACK_FILE},
        just_one_of("image_url", "slack_file"),
    ),
}

_FEEDBACK = record(
    {"text": plain_text(limits.BUTTON_TEXT), "value": string(most=limits.BUTTON_VALUE)},
    {"accessibility_label": _LABEL},
)
CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": typed(
        "feedback_buttons",
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        {"action_id": _ACTION_ID},
    ),
    "icon_button": typed(
        "icon_button",
        {"icon": string(least=1), "text": plain_text(limits.BUTTON_TEXT)},
        {
            "action_id": _ACTION_ID,
            "value": string(most=limits.BUTTON_VALUE),
            "confirm": CONFIRM,
            "accessibility_label": _LABEL,
            "visible_to_user_ids": array(string(), 0, limits.VISIBLE_TO),
        },
    ),
}
URL_SOURCE = typed("url", {"url": string(least=1, most=limits.URL), "text": string(least=1)}, {})

_CHOOSERS = (
    "checkboxes", "datepicker", "multi_channels_select", "multi_conversations_select", "multi_external_select",
    "multi_static_select", "multi_users_select", "radio_buttons", "channels_select", "conversations_select",
    "external_select", "static_select", "users_select", "timepicker",
)  # fmt: skip
IN_SECTION = (*_CHOOSERS, "button", "image", "overflow", "workflow_button")
IN_ACTIONS = (*_CHOOSERS, "button", "datetimepicker", "overflow", "workflow_button")
IN_INPUT = (
    *_CHOOSERS, "datetimepicker", "email_text_input", "file_input", "number_input", "plain_text_input",
    "rich_text_input", "url_text_input",
)  # fmt: skip


def elements(names: tuple[str, ...]) -> dict[str, Check]:
    """Return the checks of some elements."""
    return {name: ELEMENTS[name] for name in names}
