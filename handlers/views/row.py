"""The form in which one row of a report is edited: held to the rules, then back to the rows."""

from collections.abc import Mapping
from typing import Any

from handlers.core import CommandContext, Invocation
from handlers.form import Next, Outcome, View, blocks_of
from handlers.metadata import load_inspecting
from handlers.ui.inspector import FIELD, ROW, inspector


def submit(invocation: Invocation, view: Mapping[str, Any], front: CommandContext) -> Outcome:
    """Keep what was written for the next copy, and show the rows again."""
    state = load_inspecting(str(view.get("private_metadata", "")))
    front.services.access.check_channel(state.channel)
    front.services.access.check_contributor(invocation.user)
    uploads = front.services.uploads
    found = uploads.rows(state.upload, invocation.user)
    row = found.rows[min(state.page, len(found.rows) - 1)]
    written = view.get("state", {}).get("values", {}).get(FIELD, {}).get(FIELD, {}).get("value")
    found = uploads.edit(state.upload, row.position, str(written or ""), invocation.user)
    return Next(inspector(found, state.keeping(row.position)))


def block_of(view: Mapping[str, Any], field: str) -> str | None:
    """Return the block of a field."""
    return field if field in blocks_of(view) else None


VIEW = View(callback_id=ROW, submit=submit, block_of=block_of)
