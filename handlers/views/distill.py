"""The form in which an open plan of a distillation is changed."""

from collections.abc import Mapping
from typing import Any

from bot.controller.model import Key
from bot.distillations.model import KIND
from bot.errors import BadField
from bot.figures import whole
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import UNCHANGED, Accepted, Outcome, View, filled, where_opened
from handlers.metadata import Opened
from handlers.ui.forms.plans import DISTILLATION, distillation_form
from handlers.ui.text import code


def open_change(invocation: Invocation, context: CommandContext, plan_id: str) -> Reply:
    """Return the form, filled from an open plan.

    Raises:
        NotFound: there is no such plan.
        NotAllowed: they may not start it.
        Refused: it was decided already.
    """
    context.services.votes.check_open(Key(KIND, plan_id), invocation.user)
    plan, prompts = context.services.distillations.plan(plan_id)
    where = Opened(invocation.channel, invocation.thread_ts, changes=plan_id)
    return Open(
        distillation_form(
            prompts, plan.teacher, plan.profile, plan.max_tokens, plan.system or "", where.dump()
        )
    )


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Have the prompts read and priced anew, in the place of the plan that was open."""
    where, values, distillations = Opened.of(view), filled(view), context.services.distillations
    there = where_opened(invocation, where)
    before, _ = distillations.plan(where.changes)
    longest = whole(values.get("max_tokens", ""))
    if longest is None:
        raise BadField("max_tokens", "Write a whole number of tokens.", hint="For instance 500.")
    wanted = values.get("teacher", ""), values.get("profile", ""), longest, values.get("system")
    if wanted == (before.teacher, before.profile, before.max_tokens, before.system):
        return Accepted(there, UNCHANGED)
    teacher, profile, max_tokens, system = wanted
    draft = distillations.draft(
        source=before.source,
        teacher=teacher,
        profile=profile,
        owner=invocation.user,
        channel=where.channel,
        system=system,
        max_tokens=max_tokens,
        asked_in=invocation.request,
    )
    # Once what is filled in holds: with the plan called off, nobody starts both of them.
    context.services.votes.make_way(Key(KIND, where.changes), invocation.user)
    distillations.propose_drafted(draft, thread_ts=where.thread_ts)
    return Accepted(
        there, say(f"I am reading the prompts again. The plan {code(draft.job_name)} follows here.")
    )


VIEW = View(callback_id=DISTILLATION, submit=submit)
