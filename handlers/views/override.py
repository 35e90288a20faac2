"""The form in which an operator starts in an emergency what an approver would have to agree to."""

from collections.abc import Mapping
from typing import Any

from bot.controller.model import Key
from handlers.core import CommandContext, Invocation, Nothing, Open, Reply
from handlers.form import Accepted, Outcome, View, filled
from handlers.metadata import Overriding
from handlers.ui.forms.override import OVERRIDE, REASON, override_form
from handlers.ui.parts.plans import read_vote


def open_form(invocation: Invocation, context: CommandContext) -> Reply:
    """Return the form for an operator.

    Raises:
        NotAllowed: they are none, or it is not open.
    """
    context.services.access.check_breaking_glass(invocation.user)
    return Open(override_form(Overriding(invocation.value, invocation.channel, invocation.thread_ts)))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Count it. What comes of it is seen on the cards, which are drawn anew, and told to everyone concerned."""
    plan, shown = read_vote(Overriding.of(view).plan)
    reason = filled(view).get(REASON, "").strip()
    kind, _, plan_id = plan.partition(":")
    context.services.vote(Key(kind, plan_id), "override", invocation.user, shown, reason)
    return Accepted(invocation, Nothing())


VIEW = View(callback_id=OVERRIDE, submit=submit)
"""The form in which an operator says why something cannot wait for an approver."""
