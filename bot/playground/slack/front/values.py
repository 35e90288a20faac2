"""What a person's choice looks like in ``actions`` and in ``state.values``, element by element."""

from collections.abc import Callable
from typing import Any

from bot.playground.slack import shapes
from bot.playground.slack.blocks import interactive
from bot.playground.slack.errors import SeenByPerson
from bot.playground.slack.state import Json
from bot.playground.slack.workspace import Workspace

FIELDS: dict[str, tuple[str, str]] = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
}
"""For each element with a state: the key of its value, and the key of what it starts with."""
# Whose value is a list, has a key in the plural.
_SEVERAL = tuple(kind for kind, (key, _initial) in FIELDS.items() if key.endswith("s"))


def options_of(element: Json) -> list[Json]:
    """Return the options of an element, those in groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def chosen(ws: Workspace, element: Json, value: Any) -> Any:
    """Return a choice as Slack writes it: options in full, files in full; a plain value or an option is taken.

    Raises:
        SeenByPerson: it is not on offer.
    """
    kind = element["type"]
    if kind in _SEVERAL:
        items = value if isinstance(value, list) else [value]
        return [_one(ws, element, item) for item in items if item is not None]
    return None if value in (None, "") else _one(ws, element, value)


def _one(ws: Workspace, element: Json, item: Any) -> Any:
    kind = element["type"]
    if kind == "file_input":
        return _file(ws, item["id"] if isinstance(item, dict) else str(item))
    if kind in ("external_select", "multi_external_select"):
        return item
    if FIELDS[kind][0].startswith("selected_option"):
        wanted = item.get("value") if isinstance(item, dict) else item
        for option in options_of(element):
            if option["value"] == wanted:
                return option
        raise SeenByPerson(f"“{wanted}” is not one of the options.")
    return item if kind in ("datetimepicker", "rich_text_input") else str(item)


def _file(ws: Workspace, file_id: str) -> Json:
    row = ws.store.files.get(file_id)
    if row is None or row.deleted:
        raise SeenByPerson("That file is gone.")
    return shapes.file(ws, row)


def collect(ws: Workspace, blocks: list[Json], given: Json) -> Json:
    """Return ``state.values`` of some blocks: what they start with, overlaid by what a person entered.

    ``given`` is ``{block_id: {action_id: value}}``, where a value may be plain or an object as in ``state.values``.
    """
    state: Json = {}
    for block, element in interactive(blocks):
        kind = element["type"]
        # An overflow menu keeps no state: what is chosen there is a press.
        if kind not in FIELDS or kind == "overflow":
            continue
        key, initial = FIELDS[kind]
        entered = given.get(block["block_id"], {})
        action_id = element["action_id"]
        value = _plain(entered[action_id], key) if action_id in entered else element.get(initial)
        values = state.setdefault(block["block_id"], {})
        values[action_id] = {"type": kind, key: chosen(ws, element, value)}
    return state


def _plain(value: Any, key: str) -> Any:
    if isinstance(value, dict) and (key in value or "type" in value):
        return value.get(key)
    return value


def by_action(view_blocks: list[Json], values: Json) -> Json:
    """Return values given by ``action_id`` (or by ``block_id``) alone in the shape that ``collect`` takes.

    Raises:
        KeyError: no input has that name.
    """
    given: Json = {}
    for name, value in values.items():
        for block, element in interactive(view_blocks):
            if name in (element["action_id"], block["block_id"]):
                given.setdefault(block["block_id"], {})[element["action_id"]] = value
                break
        else:
            names = [element["action_id"] for _block, element in interactive(view_blocks)]
            raise KeyError(f"{name}: the inputs are {', '.join(names)}")
    return given


Check = Callable[[Json, Any], str | None]


def _length(element: Json, value: Any) -> str | None:
    least, most = int(element.get("min_length", 0)), int(element.get("max_length", 3_000))
    if len(value) < least:
        return f"Please enter at least {least} characters."
    return f"Please use fewer than {most + 1} characters." if len(value) > most else None


def _number(element: Json, value: Any) -> str | None:
    try:
        number = float(value) if element.get("is_decimal_allowed") else int(value)
    except ValueError:
        return (
            "Please enter a number." if element.get("is_decimal_allowed") else "Please enter a whole number."
        )
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and number < float(low):
        return f"Please enter a number greater than or equal to {low}."
    if high is not None and number > float(high):
        return f"Please enter a number less than or equal to {high}."
    return None


FILE_INPUT_BYTES = 10_000_000
"""Size of one file in a ``file_input``: docs.slack.dev, file input element."""


def _files(element: Json, value: Any) -> str | None:
    if len(value) > int(element.get("max_files", 10)):
        return f"Please choose at most {element.get('max_files', 10)} files."
    endings = tuple(f".{kind.lower()}" for kind in element.get("filetypes", []))
    for file in value:
        if endings and not file["name"].lower().endswith(endings):
            return f"{file['name']} is not one of the file types {', '.join(endings)}."
        if file["size"] > FILE_INPUT_BYTES:
            return f"{file['name']} is larger than 10 MB."
    return None


_CHECKS: dict[str, Check] = {"plain_text_input": _length, "number_input": _number, "file_input": _files}


def complaints(blocks: list[Json], state: Json) -> dict[str, str]:
    """Return what Slack's own client says about a form before it is sent, by ``block_id``."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = state[block["block_id"]][element["action_id"]][FIELDS[element["type"]][0]]
        if value in (None, "", []):
            if not block.get("optional", False):
                found[block["block_id"]] = "Please complete this required field."
            continue
        check = _CHECKS.get(element["type"])
        message = check(element, value) if check else None
        if message:
            found[block["block_id"]] = message
    return found
