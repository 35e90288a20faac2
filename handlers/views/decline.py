"""The form in which an approver declines what they were asked for."""

from collections.abc import Mapping
from typing import Any

from bot.controller.model import Key
from handlers.core import CommandContext, Invocation, Nothing, Open, Reply
from handlers.form import Accepted, Outcome, View, filled
from handlers.home_tab import home_of
from handlers.metadata import Declining
from handlers.ui.forms.decline import DECLINE, REASON, decline_form


def open_form(invocation: Invocation, context: CommandContext, plan: str) -> Reply:
    """Return the form for an approver. Pressed in their App Home, where no channel is, that is drawn anew after it.

    Raises:
        NotAllowed: they are none.
    """
    context.services.access.check_approver(invocation.user)
    return Open(decline_form(Declining(plan, invocation.channel, invocation.thread_ts)))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Count the no. What comes of it is seen on the cards, which are drawn anew."""
    state = Declining.of(view)
    kind, _, plan_id = state.plan.partition(":")
    reason = filled(view).get(REASON, "").strip()
    context.services.vote(Key(kind, plan_id), "decline", invocation.user, reason=reason)
    return Accepted(invocation, Nothing() if state.channel else home_of(invocation, context))


VIEW = View(callback_id=DECLINE, submit=submit)
