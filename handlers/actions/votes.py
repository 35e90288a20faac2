"""The buttons of every plan. What they change is seen on the card itself, which is drawn anew."""

from collections.abc import Callable
from contextlib import suppress

from bot.controller.model import Key
from bot.distillations.model import KIND as DISTILLATION
from bot.errors import NotFound, Refused
from bot.jobs.record import KIND as JOB
from bot.leases.model import LEASE
from bot.leases.purchase import AlreadyAwake
from bot.schedules.model import KIND as SCHEDULE
from bot.spending.votes import Choice, MadeWay
from bot.sweeps.model import KIND as SWEEP
from handlers.action import Action, Body
from handlers.commands.serve import join
from handlers.core import CommandContext, Invocation, Nothing, Reply, Who, say
from handlers.lookup import find
from handlers.ui.cards.datasets import label_of
from handlers.ui.parts.plans import CHANGE, CHECK_AGAIN, INSTEAD, KEEP, read_vote, vote_action
from handlers.ui.text import code
from handlers.views import decline, distill, lease, override, schedule, start, sweep


def _vote(choice: Choice) -> Callable[[Invocation, Body, CommandContext], Reply]:
    def run(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
        plan, shown = read_vote(invocation.value)
        if shown is None and choice in ("start", "approve"):
            raise Refused(
                "This button does not say what it agrees to: it is from before I was updated. Nothing was started.",
                hint="The plan gets another within five minutes: look at its price, and press there.",
            )
        kind, _, plan_id = plan.partition(":")
        try:
            context.services.vote(Key(kind, plan_id), choice, invocation.user, shown)
        except AlreadyAwake:
            if choice == "start" and (joined := _join(invocation, context, plan_id)):
                return joined
            raise
        return Nothing()

    return run


def _join(invocation: Invocation, context: CommandContext, plan_id: str) -> Reply | None:
    """Use the lease that keeps the model of a planned one awake, which nobody needs then; None: nobody sees that."""
    planned = context.services.leases.find(plan_id)
    place = planned.channel or invocation.channel
    joined = join(invocation, context, planned.model_name, place, planned.minutes)
    if joined:
        with suppress(Refused):  # somebody settled it in this moment
            context.services.votes.make_way(Key(LEASE, plan_id), invocation.user, MadeWay.LEASE)
    return joined


def _keep(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    kind, _, plan_id = invocation.value.partition(":")
    context.services.votes.keep(Key(kind, plan_id), invocation.user)
    return Nothing()  # the plan is there again


def _decline(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    plan, _ = read_vote(invocation.value)
    return decline.open_form(invocation, context, plan)


def _override(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return override.open_form(invocation, context)


def _look_again(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    kind, _, plan_id = invocation.value.partition(":")
    context.services.votes.look_again(Key(kind, plan_id), invocation.user)
    return say("I am looking again: the plan changes by itself if anything has.")


_FORMS = {
    JOB: start.open_change,
    LEASE: lease.open_change,
    SWEEP: sweep.open_change,
    DISTILLATION: distill.open_change,
    SCHEDULE: schedule.open_change,
}
"""By the kind of the plan: what opens its form."""


def _unknown() -> NotFound:
    return NotFound("I do not know this plan.", hint="Type the command again, and you get one that works.")


def _change(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    kind, _, plan_id = invocation.value.partition(":")
    if kind not in _FORMS:
        raise _unknown()
    return _FORMS[kind](invocation, context, plan_id)


def _instead(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    """Have the dataset of an open plan converted, and the job or sweep planned on that base."""
    plan, _, profile = invocation.value.partition(" ")
    kind, _, plan_id = plan.partition(":")
    context.services.votes.check_open(Key(kind, plan_id), invocation.user)
    if kind not in (JOB, SWEEP):
        raise _unknown()
    plans = context.services.jobs if kind == JOB else context.services.sweeps
    old = plans.plan(plan_id)
    plans.check_instead(plan_id, profile)
    dataset = find(context, old.dataset_id)
    _, conversion = context.services.derivations.conversion(
        dataset,
        profile,
        channel=old.channel,
        thread_ts=invocation.thread_ts or invocation.message_ts,
        user=invocation.user,
        asked_in=f"instead of {plan_id}",
    )
    plans.plan_instead(plan_id, profile, conversion, invocation.user)
    without = " without its validation set, which has the old format" if old.validation_dataset_id else ""
    return say(
        f"I am converting {code(dataset.name)} for {label_of(profile)}; the plan on it follows in the thread{without}. "
        "Nothing is spent before you press *Start* there."
    )


ACTIONS = (
    Action(INSTEAD, Who.TRAINER, _instead),
    Action(CHANGE, Who.TRAINER, _change),
    Action(CHECK_AGAIN, Who.TRAINER, _look_again),
    Action(vote_action("start"), Who.TRAINER, _vote("start")),
    Action(vote_action("cancel"), Who.ENDER, _vote("cancel")),
    Action(KEEP, Who.ENDER, _keep),
    Action(vote_action("approve"), Who.APPROVER, _vote("approve")),
    Action(vote_action("override"), Who.OPERATOR, _override),
    Action(vote_action("decline"), Who.APPROVER, _decline),
)
