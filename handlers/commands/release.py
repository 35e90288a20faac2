"""``/tune release``."""

from bot.clock import duration_of_minutes
from bot.controller.model import Message
from bot.deployments.cards import DeploymentView
from bot.leases.cards import LeaseView
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who, undoable
from handlers.lookup import model_called
from handlers.picker import which_lease, which_of_one_name
from handlers.ui.blocks import actions, button, confirm, section
from handlers.ui.cards.deployments import REMOVE_ANOTHER, TAKE_BACK
from handlers.ui.cards.leases import KEEP_LEASE
from handlers.ui.parts.plans import ends, keep_button
from handlers.ui.text import code, day, person

USAGE = "/tune release MODEL"
RELEASE_ANOTHER = "lease.release_another"
_CONFIRMED = "; I say so in its thread once AWS has confirmed it"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """End the lease now; the lease's own message says when AWS has confirmed it."""
    asked = words(invocation.text)
    if not asked:
        return which_lease(context, "release {}", USAGE)
    expect(asked, 1, USAGE)
    return end(invocation, context, model_called(context, asked[0]))


def end(
    invocation: Invocation, context: CommandContext, model_or_id: str, *, of_another: bool = False
) -> Reply:
    """End a lease; somebody else's only once the person was asked, and knows it."""
    leases, deployed = context.services.leases, context.services.deployments.running(model_or_id)
    called = leases.called(model_or_id)
    if len(called) + bool(deployed) > 1:
        return which_of_one_name("release {}", called, deployed)
    if deployed:
        return remove(invocation, context, deployed, of_another=of_another)
    view = leases.running(model_or_id)
    context.services.access.check_ending(invocation.user, view.owner, view.channel)
    if view.owner != invocation.user and not of_another and not view.is_bound:
        return _ask(view)
    left = leases.release(view.id, invocation.user, of_another=of_another).ends_in
    keep, card = keep_button(KEEP_LEASE, view.id), context.links.thread(view.channel, view.thread_ts)
    return undoable(ends(f"Releasing {code(view.model_name)}", left, invocation.user, _CONFIRMED, keep, card))


def remove(
    invocation: Invocation, context: CommandContext, view: DeploymentView, *, of_another: bool = False
) -> Reply:
    """Remove a deployment; somebody else's only once the person was asked, and knows it."""
    context.services.access.check_ending(invocation.user, view.owner, view.channel)
    if view.owner != invocation.user and not of_another:
        return _ask_of_deployment(view)
    left = context.services.deployments.remove(view.id, invocation.user, of_another=of_another).ends_in
    keep, card = keep_button(TAKE_BACK, view.id), context.links.thread(view.channel, view.thread_ts)
    return undoable(ends(f"Removing {code(view.model_name)}", left, invocation.user, _CONFIRMED, keep, card))


def _ask_of_deployment(view: DeploymentView) -> Reply:
    asked = f", and somebody asked it on {day(view.last_asked)}" if view.last_asked else ""
    said = (
        f"{person(view.owner)} deployed {code(view.model_name)}{asked}. If you remove it, it answers nobody any more, "
        f"and {person(view.owner)} is told that it was you."
    )
    ask = confirm(
        "Remove it?",
        f"{code(view.model_name, 63)} answers nobody any more, and {person(view.owner)} is told that it was you.",
        "Remove it",
        "Keep it",
    )
    press = button("Remove it all the same", REMOVE_ANOTHER, view.id, style="danger", confirm=ask)
    return Say(Message(text=said, blocks=[section(said), *actions(press)]))


def _ask(view: LeaseView) -> Reply:
    left = f", {duration_of_minutes(view.left_minutes)} are left" if view.left_minutes is not None else ""
    said = (
        f"{person(view.owner)} has {code(view.model_name)} in service for {duration_of_minutes(view.minutes)}{left}. "
        f"If you release it, it answers nobody any more, and {person(view.owner)} is told that it was you."
    )
    ask = confirm(
        "Release it?",
        f"{code(view.model_name, 63)} falls asleep, and {person(view.owner)} is told that it was you.",
        "Release it",
        "Keep it",
    )
    press = button("Release it all the same", RELEASE_ANOTHER, view.id, style="danger", confirm=ask)
    return Say(Message(text=said, blocks=[section(said), *actions(press)]))


COMMAND = Command(
    name="release",
    usage=USAGE,
    who=Who.ENDER,
    task=Task.MODELS,
    summary="Release a model now: its lease ends, or its deployment is removed",
    details=(
        "The model falls asleep; it stays, and `/tune serve` wakes it again. For somebody else's I ask first, "
        "and tell them who released it."
    ),
    example="/tune release claims-router",
    run=run,
)
