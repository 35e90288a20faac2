"""The form in which one row of a report is edited: held to the rules, then back to the rows."""

from collections.abc import Mapping
from typing import Any

from handlers.core import CommandContext, Invocation
from handlers.form import Next, Outcome, View
from handlers.metadata import Inspecting
from handlers.ui.forms.rows import FIELD, ROW, inspector


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Keep what was written for the next copy, and show the rows again."""
    state = Inspecting.of(view)
    context.services.access.check_channel(state.channel)
    context.services.access.check_contributor(invocation.user)
    uploads = context.services.uploads
    found = uploads.rows(state.upload, invocation.user)
    row = found.rows[min(state.page, len(found.rows) - 1)]
    written = view.get("state", {}).get("values", {}).get(FIELD, {}).get(FIELD, {}).get("value")
    found = uploads.edit(state.upload, row.position, str(written or ""), invocation.user)
    return Next(inspector(found, state.keeping(row.position)))


VIEW = View(callback_id=ROW, submit=submit)
