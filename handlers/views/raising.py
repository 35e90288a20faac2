"""The form that raises a budget."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.access import allowed
from bot.controller.model import Key
from bot.directory.raising import FIELD, Shortage
from bot.errors import BadField
from bot.figures import figure
from handlers.core import CommandContext, Invocation, Open, Reply, Say, say
from handlers.form import Accepted, Outcome, View, filled, where_opened
from handlers.metadata import Raising
from handlers.ui.forms.raising import FORM, ask_first, raise_form, raised_words


def open_for_plan(invocation: Invocation, context: CommandContext, plan: str) -> Reply:
    """Return the form for the budget that has no room for a plan; for who may not raise it, the question to who may.

    Raises:
        NotFound: nobody knows the plan.
        Refused: the budgets have room by now.
    """
    raising, access = context.services.raising, context.services.access
    short = raising.shortage(key_of(plan))
    if not allowed(lambda: access.check_raising(invocation.user)):
        if not access.raisers:
            access.check_raising(invocation.user)
        return Say(ask_first(short, access.raisers))
    return _form(invocation, short, short.least, plan)


def open_for_budget(
    invocation: Invocation, context: CommandContext, scope: str, least: str, plan: str
) -> Reply:
    """Return the form for a budget; ``least`` is what is needed at least, as its button says.

    Raises:
        NotAllowed: they may not.
        NotFound: there is no such budget.
    """
    short = context.services.raising.of(scope)
    return _form(invocation, short, max(_dollars(least), short.budget.usd), plan)


def _form(invocation: Invocation, short: Shortage, least: Decimal, plan: str) -> Reply:
    where = invocation.channel, invocation.thread_ts
    state = Raising(short.budget.scope, f"{least:f}", plan, *where, short.over.month)
    return Open(raise_form(short, least, state))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Raise it, and have the plan looked at anew."""
    state = Raising.of(view)
    usd, plan = _dollars(filled(view).get(FIELD, "")), key_of(state.plan) if state.plan else None
    budget, month = context.services.raising.raise_to(
        state.scope, usd, _dollars(state.least), plan, state.month
    )
    return Accepted(
        where_opened(invocation, state), say(raised_words(budget, month, for_plan=plan is not None))
    )


def key_of(plan: str) -> Key:
    """Return the key of a plan, ``job:abc``."""
    kind, _, plan_id = plan.partition(":")
    return Key(kind, plan_id)


def _dollars(text: str) -> Decimal:
    """Return a sum as people write it.

    Raises:
        BadField: it is none.
    """
    usd = figure(text.strip().removeprefix("$"))
    if usd is None:
        raise BadField(FIELD, "Write a sum in US dollars.", hint="For instance 300 or 299.50.")
    return usd


VIEW = View(callback_id=FORM, submit=submit)
