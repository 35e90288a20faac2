"""The row inspector: pages through the rows of a report, and makes a copy with what was chosen of them."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.datasets.inspecting.inspection import Inspection
from bot.figures import whole
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import Accepted, Outcome, View, Wrong, blocks_of, redrawn, where_opened
from handlers.metadata import Inspecting
from handlers.ui.blocks import Block
from handlers.ui.forms.rows import ROWS, decided, editor, inspector
from handlers.ui.text import count

_NOTHING = "Nothing is left out yet, and no repair is ticked: the copy would be the same."


def open_form(invocation: Invocation, context: CommandContext) -> Reply:
    """Return the first page. The rows were kept with the verdict, so they are there within Slack's three seconds.

    Raises:
        NotFound: nobody remembers them.
        Refused: the person may not see the file.
    """
    found = context.services.uploads.rows(invocation.value, invocation.user)
    if not found.rows:
        return say("The report is about the file as a whole: there is no single row to look at.")
    thread = invocation.thread_ts or invocation.message_ts
    state = Inspecting(invocation.value, invocation.channel, thread, repairs=bool(found.effects))
    return Open(inspector(found, state))


def turn(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Reply:
    """Return another page; what was chosen on this one goes along."""
    return _page(invocation, view, context, inspector)


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Have the copy made."""
    state = decided(view, Inspecting.of(view))
    context.services.access.check_channel(state.channel)
    context.services.access.check_contributor(invocation.user)
    found = context.services.uploads.rows(state.upload, invocation.user)
    edited = [each for each in found.rows if each.edited and each.position not in state.drop]
    if not state.drop and not state.repairs and not edited:
        return Wrong({blocks_of(view)[0]: _NOTHING})
    began = context.services.uploads.repair(
        state.upload,
        channel=state.channel,
        thread_ts=state.thread_ts,
        user=invocation.user,
        repairs=None if state.repairs else (),
        drop=state.drop,
        with_drafts=True,
    )
    return Accepted(where_opened(invocation, state), say(_said(state, len(edited), began=began)))


def edit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Reply:
    """Return the form in which the row of a page is edited; what was chosen on the page goes along."""
    return _page(invocation, view, context, editor)


def _page(
    invocation: Invocation,
    view: Mapping[str, Any],
    context: CommandContext,
    draw: Callable[[Inspection, Inspecting], Block],
) -> Reply:
    state = decided(view, Inspecting.of(view))
    found = context.services.uploads.rows(state.upload, invocation.user)
    page = whole(invocation.value) or 0
    return redrawn(view, draw(found, state.turned_to(min(page, len(found.rows) - 1))))


def _said(state: Inspecting, edited: int, *, began: bool) -> str:
    if not began:
        return "That very copy was asked for before: it is in the thread, or comes there in a moment."
    what = [f"with {count(edited, 'row')} as edited"] if edited else []
    what += [f"without {count(len(state.drop), 'row')}"] if state.drop else []
    what += ["with every safe repair"] if state.repairs and (edited or not state.drop) else []
    return f"I am making the copy {' and '.join(what)}; it follows in the thread with its verdict."


VIEW = View(callback_id=ROWS, submit=submit)
