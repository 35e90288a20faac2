"""The form in which an open plan of a lease is changed: another model, another length."""

from collections.abc import Mapping
from typing import Any

from bot.clock import duration_of_minutes
from bot.controller.model import Key
from bot.errors import BadField, Refused
from bot.leases.model import LEASE as KIND
from bot.leases.purchase import AlreadyAwake
from bot.profiles.model import Serving, Term
from handlers.arguments import minutes
from handlers.commands.serve import join, term_of
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import UNCHANGED, Accepted, Outcome, View, filled, where_opened
from handlers.metadata import Opened
from handlers.ui.forms.plans import LEASE, lease_form
from handlers.ui.parts import lease_terms
from handlers.ui.text import code


def open_change(invocation: Invocation, context: CommandContext, plan_id: str) -> Reply:
    """Return the form, filled from an open plan.

    Raises:
        NotFound: there is no such plan.
        NotAllowed: they may not start it.
        Refused: it was decided already.
    """
    context.services.votes.check_open(Key(KIND, plan_id), invocation.user)
    leases = context.services.leases
    view = leases.find(plan_id)
    models = [
        each.name
        for each in context.services.serving.models().lines
        if each.may_serve and each.way is Serving.PROVISIONED_THROUGHPUT
    ]
    where = Opened(invocation.channel, invocation.thread_ts, changes=plan_id)
    return Open(lease_form(models, view.model_name, lease_terms.length(view), where.dump()))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Plan it anew, in the place of the plan that was open."""
    where, values, leases = Opened.of(view), filled(view), context.services.leases
    there = where_opened(invocation, where)
    before, length = leases.find(where.changes), _length(values.get("length", ""))
    model = values.get("model", before.model_name)
    if (model, length) == (before.model_name, before.term or before.minutes):
        return Accepted(there, UNCHANGED)
    term, lasts = (length, 0) if isinstance(length, Term) else (None, length)
    try:
        plan = leases.plan(
            model=model,
            minutes=lasts,
            term=term,
            owner=invocation.user,
            channel=where.channel,
            request=invocation.request,
        )
    except AlreadyAwake:
        joined = join(there, context, model, where.channel, length)
        if joined is None:
            raise
        context.services.votes.make_way(Key(KIND, where.changes), invocation.user)
        return Accepted(there, joined)
    # Once what is filled in holds: with the plan called off, nobody starts both of them.
    context.services.votes.make_way(Key(KIND, where.changes), invocation.user)
    leases.propose(plan, thread_ts=where.thread_ts, idle=before.idle)
    words = term.words if term else duration_of_minutes(lasts)
    said = f"The price of {words} of {code(plan.model_name)} follows here."
    return Accepted(there, say(said))


def _length(text: str) -> int | Term:
    if term := term_of(text):
        return term
    try:
        return minutes(text)
    except Refused as error:
        raise BadField("length", error.message, hint=error.hint) from None


VIEW = View(callback_id=LEASE, submit=submit)
