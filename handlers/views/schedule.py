"""The form in which an open plan of office hours is changed: another model, other hours, more weeks."""

from collections.abc import Mapping
from typing import Any

from bot.controller.model import Key
from bot.errors import BadField, Refused
from bot.profiles.model import Serving
from bot.schedules.hours import parse
from bot.schedules.model import KIND
from handlers.commands.serve import weeks_of
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import UNCHANGED, Accepted, Outcome, View, filled, where_opened
from handlers.metadata import Opened
from handlers.ui.forms.plans import SCHEDULE, schedule_form
from handlers.ui.text import code


def open_change(invocation: Invocation, context: CommandContext, plan_id: str) -> Reply:
    """Return the form, filled from an open plan.

    Raises:
        NotFound: there is no such plan.
        NotAllowed: they may not start it.
        Refused: it was decided already.
    """
    context.services.votes.check_open(Key(KIND, plan_id), invocation.user)
    plan = context.services.schedules.find(plan_id)
    models = [
        each.name
        for each in context.services.serving.models().lines
        if each.may_serve and each.way is Serving.PROVISIONED_THROUGHPUT
    ]
    where = Opened(invocation.channel, invocation.thread_ts, changes=plan_id)
    return Open(schedule_form(models, plan.model_name, str(plan.hours), plan.weeks, where.dump()))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Plan it anew, in the place of the plan that was open."""
    where, values = Opened.of(view), filled(view)
    there = where_opened(invocation, where)
    before = context.services.schedules.find(where.changes)
    try:
        hours = parse(values.get("hours", ""))
    except Refused as error:
        raise BadField("hours", error.message, hint=error.hint) from None
    try:
        weeks = weeks_of(values.get("weeks", ""))
    except Refused as error:
        raise BadField("weeks", error.message, hint=error.hint) from None
    model = values.get("model", before.model_name)
    if (model, hours, weeks) == (before.model_name, before.hours, before.weeks):
        return Accepted(there, UNCHANGED)
    context.services.schedules.propose(
        model=model,
        hours=hours,
        weeks=weeks,
        owner=invocation.user,
        channel=where.channel,
        request=invocation.request,
        thread_ts=where.thread_ts,
        idle=before.idle,
    )
    # Once what is filled in holds: two open plans for a moment are better than none.
    context.services.votes.make_way(Key(KIND, where.changes), invocation.user)
    return Accepted(there, say(f"The price of these office hours of {code(model)} follows here."))


VIEW = View(callback_id=SCHEDULE, submit=submit)
