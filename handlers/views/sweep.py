"""The form in which a sweep is planned, or an open plan of one is changed."""

from collections.abc import Mapping
from typing import Any

from bot.controller.model import Key
from bot.errors import BadField, Refused
from bot.profiles import registry
from bot.sweeps.model import KIND
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import UNCHANGED, Accepted, Outcome, View, filled, where_opened
from handlers.metadata import Opened
from handlers.ui.forms.plans import SWEEP, sweep_form


def open_form(invocation: Invocation, context: CommandContext, source: str, called: str) -> Reply:
    """Return the form of a sweep over an earlier job or a dataset, which people know as ``called``.

    Raises:
        NotFound: there is neither.
        Refused, BadField, NotAllowed: it cannot be planned now, and why.
    """
    profile = context.services.sweeps.base_of(source, owner=invocation.user, channel=invocation.channel)
    where = Opened(invocation.channel, invocation.thread_ts, source=source)
    varied = registry.get(profile).hyperparameters
    return Open(sweep_form(called, varied, varied[0].name, "", where.dump(), changes=False))


def open_change(invocation: Invocation, context: CommandContext, plan_id: str) -> Reply:
    """Return the form, filled from an open plan.

    Raises:
        NotFound: there is no such plan.
        NotAllowed: they may not start it.
        Refused: it was decided already, or is from before it was kept what it was made from.
    """
    context.services.votes.check_open(Key(KIND, plan_id), invocation.user)
    asked = context.services.sweeps.asked(plan_id)
    where = Opened(invocation.channel, invocation.thread_ts, changes=plan_id, source=asked.source)
    varied = registry.get(asked.profile).hyperparameters
    values = ", ".join(asked.values)
    return Open(sweep_form(asked.called, varied, asked.hyperparameter, values, where.dump(), changes=True))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Have the sweep looked at, priced and shown."""
    where, values, sweeps = Opened.of(view), filled(view), context.services.sweeps
    there = where_opened(invocation, where)
    try:
        spec = sweeps.draft(
            source=where.source,
            hyperparameter=values.get("hyperparameter", ""),
            values=listed(values.get("values", "")),
            owner=invocation.user,
            channel=where.channel,
            thread_ts=where.thread_ts,
        )
    except BadField:
        raise
    except Refused as error:
        raise BadField("values", error.message, hint=error.hint) from None
    if where.changes:
        if spec.id == where.changes:
            return Accepted(there, UNCHANGED)
        # Once what is filled in holds: with the plan called off, nobody starts both of them.
        context.services.votes.make_way(Key(KIND, where.changes), invocation.user)
    sweeps.propose_drafted(spec)
    said = "The plan of a job for each value follows here, with the price of all that start. Nothing is spent yet."
    return Accepted(there, say(said))


def listed(text: str) -> list[str]:
    """Return values that were written with commas, or spaces, between them."""
    return text.replace(",", " ").split()


VIEW = View(callback_id=SWEEP, submit=submit)
