"""Block Kit, checked as strictly as Slack checks it: ``validate_message(blocks)`` and ``validate_view(view)``.

Both return findings, an empty list when Slack would take it. ``Finding.text`` is Slack's own wording with a JSON
pointer, such as ``[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]``.
"""

from collections.abc import Iterator
from typing import Any

from bot.playground.slack.blocks import limits
from bot.playground.slack.blocks.grammar import (
    Check,
    Finding,
    Findings,
    array,
    boolean,
    one_of,
    string,
    typed,
)
from bot.playground.slack.blocks.layout import ON_SURFACE
from bot.playground.slack.blocks.objects import plain_text
from bot.playground.slack.blocks.tables import text_length
from bot.playground.slack.blocks.translation import blocks_of
from bot.playground.slack.state import Json

__all__ = ["Finding", "too_long", "too_many", "validate_blocks", "validate_message", "validate_view"]


def validate_message(blocks: Any) -> list[Finding]:
    """Check the ``blocks`` of a message: shape, limits, and what a whole message may hold."""
    return validate_blocks(blocks, surface="message")


def validate_blocks(blocks: Any, *, surface: str) -> list[Finding]:
    """Check a list of blocks for a ``message``, a ``modal`` or the ``home`` tab; pointers begin with ``/blocks``."""
    most = limits.BLOCKS_IN_MESSAGE if surface == "message" else limits.BLOCKS_IN_VIEW
    found: Findings = []
    array(one_of(ON_SURFACE[surface]), 0, most)(blocks, "/blocks", found)
    # What holds of all blocks together supposes that each of them is right.
    if not found:
        _distinct_block_ids(blocks, found)
        _at_most(blocks, "table", limits.TABLES_IN_MESSAGE, found)
        _at_most(blocks, "data_visualization", limits.CHARTS_IN_MESSAGE, found)
        if surface == "message" and too_many(blocks):
            found.append(Finding(f"no more than {most} items allowed", "/blocks"))
        _only_in_modals(blocks, surface, found)
    return found


def validate_view(view: Any) -> list[Finding]:
    """Check a modal's or a home tab's view; pointers begin with ``/blocks``, ``/title`` and so on."""
    kind = view.get("type") if isinstance(view, dict) else None
    check = _VIEWS.get(kind) if isinstance(kind, str) else None
    if check is None:
        return [Finding(f"unsupported type: {kind}", "/type", {"type": "enum", "expected": sorted(_VIEWS)})]
    found: Findings = []
    check(view, "", found)
    return found


def too_long(blocks: list[Json]) -> bool:
    """Whether blocks that are each right hold more text together than one message may (``msg_blocks_too_long``)."""
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    return markdown > limits.MARKDOWN_IN_MESSAGE or text_length(blocks) > limits.TEXT_IN_MESSAGE


def too_many(blocks: list[Json]) -> bool:
    """Whether they are more than one message may have, once Slack has made blocks of the Markdown in them."""
    made = sum(blocks_of(each["text"]) if each["type"] == "markdown" else 1 for each in blocks)
    return made > limits.BLOCKS_IN_MESSAGE


def _distinct_block_ids(blocks: list[Json], found: Findings) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            found.append(Finding(f'`block_id` "{block_id}" already exists', f"/blocks/{index}/block_id"))
        if block_id:
            seen.add(block_id)


def _at_most(blocks: list[Json], kind: str, most: int, found: Findings) -> None:
    if sum(block["type"] == kind for block in blocks) > most:
        found.append(Finding(f"no more than {most} {kind} blocks allowed", "/blocks"))


def _only_in_modals(blocks: list[Json], surface: str, found: Findings) -> None:
    for index, block in enumerate(blocks):
        if surface != "modal" and block["type"] == "input" and block["element"]["type"] == "file_input":
            found.append(Finding("unsupported type: file_input", f"/blocks/{index}/element/type"))


def _surface_blocks(surface: str) -> Check:
    def check(value: Any, at: str, found: Findings) -> None:
        array(lambda _value, _at, _found: None, 1)(value, f"{at}", found)
        if isinstance(value, list):
            found.extend(validate_blocks(value, surface=surface))

    return check


def _submit_for_inputs(value: Json, at: str, found: Findings) -> None:
    # A form with an input needs its button (docs.slack.dev/reference/views/modal-views).
    if value.get("submit") is None and any(block["type"] == "input" for block in value["blocks"]):
        found.append(
            Finding("missing required field: submit", at, {"type": "required", "expected": "submit"})
        )


_COMMON: dict[str, Check] = {
    "private_metadata": string(most=limits.PRIVATE_METADATA),
    "callback_id": string(most=limits.CALLBACK_ID),
    "external_id": string(most=limits.EXTERNAL_ID),
}
_VIEWS: dict[str, Check] = {
    "modal": typed(
        "modal",
        {"title": plain_text(limits.VIEW_TITLE), "blocks": _surface_blocks("modal")},
        _COMMON
        | {
            "submit": plain_text(limits.VIEW_BUTTON),
            "close": plain_text(limits.VIEW_BUTTON),
            "clear_on_close": boolean(),
            "notify_on_close": boolean(),
            "submit_disabled": boolean(),
        },
        _submit_for_inputs,
    ),
    "home": typed("home", {"blocks": _surface_blocks("home")}, _COMMON),
}


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield each element that a person can use, with the block that it is in."""
    for block in blocks:
        inside: list[Json] = [block[key] for key in ("accessory", "element") if key in block]
        if block.get("type") in ("actions", "context_actions"):
            inside += block["elements"]
        if block.get("type") == "card":
            inside += block.get("actions", [])
        yield from ((block, element) for element in inside if element.get("action_id"))
        yield from interactive(block.get("child_blocks", []))
        yield from interactive(block["elements"] if block.get("type") == "carousel" else [])
