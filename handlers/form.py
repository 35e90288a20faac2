"""What a submitted form holds, what it leads to, and what says that within Slack's three seconds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from handlers.core import CommandContext, Invocation, Nothing, Redraw, Reply, say
from handlers.metadata import Inspecting, Naming, Opened, Raising
from handlers.ui.blocks import Block


@dataclass(frozen=True, slots=True)
class Accepted:
    """The form closes; ``reply`` is said where ``where`` came from."""

    where: Invocation
    reply: Reply = field(default_factory=Nothing)


@dataclass(frozen=True, slots=True)
class Wrong:
    """The form stays, with these words beside these blocks."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Notice:
    """The form stays beneath a note that can be closed."""

    view: Block


@dataclass(frozen=True, slots=True)
class Next:
    """Another form takes its place."""

    view: Block


UNCHANGED = say("Nothing was changed: the plan stays as it is.")
"""Said when the form of an open plan is sent as it was opened."""

Outcome = Accepted | Wrong | Notice | Next


def blocks_of(view: Mapping[str, Any]) -> list[str]:
    """Return the inputs of a submitted view, in their order."""
    return [each["block_id"] for each in view.get("blocks", []) if each.get("type") == "input"]


def block_named(view: Mapping[str, Any], field: str) -> str | None:
    """Return the block of a field, where it is called as the field is."""
    return field if field in blocks_of(view) else None


def filled(view: Mapping[str, Any]) -> dict[str, str]:
    """Return what was filled in, by block. What was left empty is not there."""
    found: dict[str, str] = {}
    for block_id, elements in view.get("state", {}).get("values", {}).items():
        for state in elements.values():
            chosen = (state.get("selected_option") or {}).get("value") or state.get("selected_user")
            text = state.get("value") or chosen
            if isinstance(text, str) and text.strip():
                found[block_id] = text.strip()
    return found


def uploaded(view: Mapping[str, Any]) -> list[str]:
    """Return the IDs of the files in a form."""
    states = (
        each for elements in view.get("state", {}).get("values", {}).values() for each in elements.values()
    )
    return [
        file["id"] for state in states for file in state.get("files") or [] if isinstance(file.get("id"), str)
    ]


@dataclass(frozen=True, slots=True)
class View:
    """A form: what its submission is recognised by, and what it does with the ``view`` of the payload.

    ``block_of`` names the block beside which an error of a field belongs, given the view.
    """

    callback_id: str
    submit: Callable[[Invocation, Mapping[str, Any], CommandContext], Outcome]
    block_of: Callable[[Mapping[str, Any], str], str | None] = block_named


def where_opened(invocation: Invocation, state: Opened | Inspecting | Naming | Raising) -> Invocation:
    """Return the submission of a form as one that comes from where the form was opened: its answer goes there."""
    return replace(invocation, channel=state.channel, thread_ts=state.thread_ts, trigger_id="")


def redrawn(view: Mapping[str, Any], drawn: Block) -> Redraw:
    """Return the open form drawn anew, unless it was changed meanwhile."""
    return Redraw(str(view.get("id", "")), str(view.get("hash", "")), drawn)


def answer(outcome: Outcome) -> dict[str, Any]:
    """Return the arguments of ``ack`` that show the outcome in the form."""
    match outcome:
        case Wrong(errors):
            return {"response_action": "errors", "errors": dict(errors)}
        case Notice(view):
            return {"response_action": "push", "view": view}
        case Next(view):
            return {"response_action": "update", "view": view}
        case Accepted():
            return {}
