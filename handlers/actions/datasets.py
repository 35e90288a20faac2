"""The buttons of a verdict: all repairs, one repair, and a look at the rows."""

from collections.abc import Collection
from dataclasses import replace

from handlers.action import Action, Body, without_pressed
from handlers.core import CommandContext, Invocation, Nothing, Reply, Who, say
from handlers.other_files import CHECK, SHOWN
from handlers.ui.cards.datasets import REPAIR_BUTTONS, REPAIR_MENU
from handlers.ui.forms.rows import EDIT, TURN_BACK, TURN_ON
from handlers.ui.text import code, person
from handlers.views import rows


def _repair(invocation: Invocation, body: Body, context: CommandContext) -> Reply:
    return _repaired(invocation, body, context, invocation.value)


def _repair_one(invocation: Invocation, body: Body, context: CommandContext) -> Reply:
    name, _, upload = invocation.value.partition(" ")
    return _repaired(invocation, body, context, upload, {name})


def _repaired(
    invocation: Invocation,
    body: Body,
    context: CommandContext,
    upload: str,
    repairs: Collection[str] | None = None,
) -> Reply:
    began = context.services.uploads.repair(
        upload,
        channel=invocation.channel,
        thread_ts=invocation.thread_ts or invocation.message_ts,
        user=invocation.user,
        repairs=repairs,
    )
    if not began:
        return say(
            "That was pressed before: the corrected copy is in the thread, or comes there in a moment."
        )
    what = " and ".join(sorted(code(each) for each in repairs or ())) or "*Repair all*"
    used = f"{what} was chosen by {person(invocation.user)}: the corrected copy and its verdict come in the thread."
    # Once all is repaired no single repair is left to make.
    spent = without_pressed(body, used, also=() if repairs else (REPAIR_MENU, *REPAIR_BUTTONS))
    if spent and not invocation.ephemeral:
        return Nothing(spent)
    return say("I am repairing it; the corrected copy and its verdict follow in the thread.")


def _look(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return rows.open_form(invocation, context)


def _check(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    """Have a table judged that was left alone; the verdict comes in the thread of the message that it was shared in."""
    file, _, ts = invocation.value.partition(" ")
    context.services.uploads.receive(
        file_id=file, channel=invocation.channel, thread_ts=ts or invocation.thread_ts, user=invocation.user
    )
    return replace(say("I am looking at it; the verdict follows in its thread."), replace=True)


def _turn(invocation: Invocation, body: Body, context: CommandContext) -> Reply:
    return rows.turn(invocation, body.get("view", {}), context)


def _edit(invocation: Invocation, body: Body, context: CommandContext) -> Reply:
    return rows.edit(invocation, body.get("view", {}), context)


ACTIONS = (
    Action("dataset.repair", Who.CONTRIBUTOR, _repair),
    *(Action(each, Who.CONTRIBUTOR, _repair_one) for each in (REPAIR_MENU, *REPAIR_BUTTONS)),
    *(Action(f"{CHECK}.{number}", Who.CONTRIBUTOR, _check) for number in range(1, SHOWN + 1)),
    Action("dataset.rows", Who.CONTRIBUTOR, _look),
    Action(EDIT, Who.CONTRIBUTOR, _edit),
    Action(TURN_BACK, Who.ANYONE, _turn),
    Action(TURN_ON, Who.ANYONE, _turn),
)
