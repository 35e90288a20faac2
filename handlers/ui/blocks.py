"""The few blocks and elements that Tunesmith uses, as plain dictionaries within Slack's limits.

Arguments named ``mrkdwn`` are our own markup with outside text already made safe by ``handlers.ui.text``;
arguments named ``text`` are shown as they are (plain text).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.controller.model import Message
from bot.wording import mrkdwn
from handlers.ui import limits
from handlers.ui.limits import clip
from handlers.ui.text import clean

Block = dict[str, Any]
Element = dict[str, Any]


def plain_text(text: str, limit: int) -> Element:
    """Return a plain-text object."""
    return {"type": "plain_text", "text": clip(" ".join(clean(text).split()) or "-", limit), "emoji": True}


def mrkdwn_text(mrkdwn: str, limit: int) -> Element:
    """Return a mrkdwn object in which Slack links nothing by itself."""
    return {"type": "mrkdwn", "text": clip(mrkdwn.strip() or "-", limit), "verbatim": True}


def section(mrkdwn: str, *, accessory: Element | None = None) -> Block:
    """Return a paragraph, with a button or select beside it if given."""
    block: Block = {"type": "section", "text": mrkdwn_text(mrkdwn, limits.SECTION_TEXT)}
    return block | {"accessory": accessory} if accessory else block


def fields(pairs: Iterable[tuple[str, str]]) -> list[Block]:
    """Return label and value pairs in two columns, which Slack stacks on a phone; ten to a block."""
    cells = [mrkdwn_text(f"*{label}*\n{value}", limits.FIELD_TEXT) for label, value in pairs]
    step = limits.SECTION_FIELDS
    return [{"type": "section", "fields": cells[at : at + step]} for at in range(0, len(cells), step)]


def context(*mrkdwn: str) -> Block:
    """Return small print."""
    elements = [mrkdwn_text(each, limits.FIELD_TEXT) for each in mrkdwn[: limits.CONTEXT_ELEMENTS]]
    return {"type": "context", "elements": elements}


def in_words(said: str) -> Message:
    """Return a sentence as a message: only whom it names by type is mentioned, and Slack links nothing in it."""
    shown = mrkdwn(said)
    return Message(text=clip(shown, limits.MESSAGE_TEXT), blocks=(section(shown),))


def image(file_id: str, text: str) -> Block:
    """Return a picture that Slack has, with what it shows in words for whoever cannot see it."""
    shown = clip(" ".join(clean(text).split()) or "-", limits.IMAGE_ALT)
    return {"type": "image", "slack_file": {"id": file_id or "-"}, "alt_text": shown}


def header(text: str) -> Block:
    """Return a large line."""
    return {"type": "header", "text": plain_text(text, limits.HEADER_TEXT)}


def divider() -> Block:
    """Return a thin rule."""
    return {"type": "divider"}


def actions(*elements: Element | None) -> list[Block]:
    """Return a row of buttons, without those that are None; no block when none is left."""
    there = [each for each in elements if each is not None]
    return [{"type": "actions", "elements": there[: limits.ACTION_ELEMENTS]}] if there else []


def button(
    text: str, action_id: str, value: str, *, style: str | None = None, confirm: Element | None = None
) -> Element:
    """Return a button. ``style`` is ``primary`` or ``danger``; ``value`` is an ID, never state."""
    element: Element = {
        "type": "button",
        "text": plain_text(text, limits.BUTTON_TEXT),
        "action_id": action_id,
        "value": clip(clean(value), limits.BUTTON_VALUE),
    }
    return element | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def feedback(action_id: str, good: str, bad: str) -> Block:
    """Return two thumbs; the values are what a press carries. Where a workspace takes none they are sent as buttons."""
    positive = {
        "text": plain_text("Good answer", limits.BUTTON_TEXT),
        "value": clip(clean(good), limits.BUTTON_VALUE),
        "accessibility_label": "Good answer",
    }
    negative = {
        "text": plain_text("Bad answer", limits.BUTTON_TEXT),
        "value": clip(clean(bad), limits.BUTTON_VALUE),
        "accessibility_label": "Bad answer",
    }
    element = {
        "type": "feedback_buttons",
        "action_id": action_id,
        "positive_button": positive,
        "negative_button": negative,
    }
    return {"type": "context_actions", "elements": [element]}


def confirm(title: str, mrkdwn: str, yes: str, no: str = "Not now") -> Element:
    """Return the question that stands between a press and its effect."""
    return {
        "title": plain_text(title, limits.CONFIRM_TITLE),
        "text": mrkdwn_text(mrkdwn, limits.CONFIRM_TEXT),
        "confirm": plain_text(yes, limits.CONFIRM_BUTTON),
        "deny": plain_text(no, limits.CONFIRM_BUTTON),
    }


def option(text: str, value: str) -> Element:
    """Return one choice of a select."""
    return {"text": plain_text(text, limits.OPTION_TEXT), "value": clip(clean(value), limits.OPTION_VALUE)}


def select(
    action_id: str, options: Sequence[Element], *, chosen: str | None = None, placeholder: str = "Choose"
) -> Element:
    """Return a select; ``chosen`` is the value that it shows at first, ignored when it is no option."""
    shown = list(options[: limits.SELECT_OPTIONS])
    initial = next((each for each in shown if each["value"] == chosen), None)
    element: Element = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(placeholder, limits.PLACEHOLDER),
        "options": shown,
    }
    return element | ({"initial_option": initial} if initial else {})


def text_input(action_id: str, *, initial: str = "", placeholder: str = "") -> Element:
    """Return a one-line text field."""
    element: Element = {"type": "plain_text_input", "action_id": action_id}
    if initial:
        element["initial_value"] = clip(clean(initial), limits.INPUT_INITIAL)
    if placeholder:
        element["placeholder"] = plain_text(placeholder, limits.PLACEHOLDER)
    return element


def field_input(  # the parts of one labelled input belong together
    block_id: str,
    label: str,
    element: Element,
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """Return a labelled input of a form; with ``dispatch`` a change is told at once."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, limits.INPUT_LABEL),
        "element": element,
        "optional": optional,
        "dispatch_action": dispatch,
    }
    return block | ({"hint": plain_text(hint, limits.INPUT_HINT)} if hint else {})


def modal(
    callback_id: str, title: str, body: Sequence[Block], *, submit: str = "", metadata: str = ""
) -> Block:
    """Return a modal view. ``metadata`` comes back with the submission and is at most 3,000 characters."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, limits.VIEW_TITLE),
        "close": plain_text("Cancel" if submit else "Close", limits.VIEW_BUTTON),
        "blocks": list(body[: limits.VIEW_BLOCKS]),
        "private_metadata": metadata,
    }
    return view | ({"submit": plain_text(submit, limits.VIEW_BUTTON)} if submit else {})


def notice(title: str, mrkdwn: str) -> Block:
    """Return a modal that only says something."""
    return modal("notice", title, [section(mrkdwn)])


def within_message(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that fit into one message, by number and by total text; buttons at the end are kept.

    Whatever is left out is replaced by a line that says so.
    """
    tail = [each for each in blocks if each["type"] == "actions"]
    head = [each for each in blocks if each["type"] != "actions"]
    room = limits.MESSAGE_TOTAL_TEXT - 200 - sum(_text_length(each) for each in tail)
    kept: list[Block] = []
    for block in head:
        room -= _text_length(block)
        if room < 0 or len(kept) + len(tail) >= limits.MESSAGE_BLOCKS - 1:
            return [*kept, context("There is more than fits into one message."), *tail]
        kept.append(block)
    return list(blocks)


def _text_length(node: object) -> int:
    if isinstance(node, dict):
        own = limits.length(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(_text_length(each) for each in node.values())
    if isinstance(node, list):
        return sum(_text_length(each) for each in node)
    return 0
