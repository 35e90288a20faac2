"""The row inspector: pages through the rows of a report, and makes a copy with what was chosen of them."""

from collections.abc import Mapping
from typing import Any

from handlers.arguments import whole
from handlers.core import CommandContext, Invocation, Open, Redraw, Reply, say
from handlers.form import Accepted, Outcome, View, Wrong, blocks_of
from handlers.metadata import Inspecting, load_inspecting
from handlers.ui.inspector import ROWS, decided, editor, inspector
from handlers.ui.text import count

_NOTHING = "Nothing is left out yet, and no repair is ticked: the copy would be the same."


def open_form(invocation: Invocation, front: CommandContext) -> Reply:
    """Return the first page. The rows were kept with the verdict, so they are there within Slack's three seconds.

    Raises:
        NotFound: nobody remembers them.
        Refused: the person may not see the file.
    """
    found = front.services.uploads.rows(invocation.value, invocation.user)
    if not found.rows:
        return say("The report is about the file as a whole: there is no single row to look at.")
    thread = invocation.thread_ts or invocation.message_ts
    state = Inspecting(invocation.value, invocation.channel, thread, repairs=bool(found.effects))
    return Open(inspector(found, state))


def turn(invocation: Invocation, view: Mapping[str, Any], front: CommandContext) -> Reply:
    """Return another page; what was chosen on this one goes along."""
    state = decided(view, load_inspecting(str(view.get("private_metadata", ""))))
    found = front.services.uploads.rows(state.upload, invocation.user)
    page = whole(invocation.value) or 0
    drawn = inspector(found, state.turned_to(min(page, len(found.rows) - 1)))
    return Redraw(str(view.get("id", "")), str(view.get("hash", "")), drawn)


def submit(invocation: Invocation, view: Mapping[str, Any], front: CommandContext) -> Outcome:
    """Have the copy made."""
    state = decided(view, load_inspecting(str(view.get("private_metadata", ""))))
    front.services.access.check_channel(state.channel)
    front.services.access.check_contributor(invocation.user)
    found = front.services.uploads.rows(state.upload, invocation.user)
    edited = [each for each in found.rows if each.edited and each.position not in state.drop]
    if not state.drop and not state.repairs and not edited:
        return Wrong({blocks_of(view)[0]: _NOTHING})
    began = front.services.uploads.repair(
        state.upload,
        channel=state.channel,
        thread_ts=state.thread_ts,
        user=invocation.user,
        repairs=None if state.repairs else (),
        drop=state.drop,
        with_drafts=True,
    )
    return Accepted(_there(invocation, state), say(_said(state, len(edited), began=began)))


def edit(invocation: Invocation, view: Mapping[str, Any], front: CommandContext) -> Reply:
    """Return the form in which the row of a page is edited; what was chosen on the page goes along."""
    state = decided(view, load_inspecting(str(view.get("private_metadata", ""))))
    found = front.services.uploads.rows(state.upload, invocation.user)
    page = whole(invocation.value) or 0
    drawn = editor(found, state.turned_to(min(page, len(found.rows) - 1)))
    return Redraw(str(view.get("id", "")), str(view.get("hash", "")), drawn)


def _said(state: Inspecting, edited: int, *, began: bool) -> str:
    if not began:
        return "That very copy was asked for before: it is in the thread, or comes there in a moment."
    what = [f"with {count(edited, 'row')} as edited"] if edited else []
    what += [f"without {count(len(state.drop), 'row')}"] if state.drop else []
    what += ["with every safe repair"] if state.repairs and (edited or not state.drop) else []
    return f"I am making the copy {' and '.join(what)}; it follows in the thread with its verdict."


def _there(invocation: Invocation, state: Inspecting) -> Invocation:
    return Invocation(
        request=invocation.request,
        user=invocation.user,
        team=invocation.team,
        channel=state.channel,
        thread_ts=state.thread_ts,
    )


def block_of(view: Mapping[str, Any], field: str) -> str | None:
    """Return the block of a field."""
    return field if field in blocks_of(view) else None


VIEW = View(callback_id=ROWS, submit=submit, block_of=block_of)
