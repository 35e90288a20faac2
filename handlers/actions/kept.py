"""The buttons of kept questions."""

from dataclasses import replace

from bot.access import allowed
from bot.controller.model import Message
from bot.errors import Refused
from bot.profiles.model import Serving
from bot.visibility import is_direct
from handlers.action import Action, Body
from handlers.commands.serve import Asked, join, serve
from handlers.core import CommandContext, Invocation, Nothing, Reply, Say, Who, say
from handlers.ui.blocks import actions, section
from handlers.ui.cards.kept import ASK, FORGET, WAKE, WAKE_MINUTES
from handlers.ui.cards.models import serve_button
from handlers.ui.parts.plans import read_vote
from handlers.ui.text import channel as shown_channel
from handlers.ui.text import code, person


def _wake(pressed: Invocation, _body: Body, context: CommandContext) -> Reply:
    """Have the model woken at the figure of the button; who presses after another uses the same lease.

    It is told in the question's thread, wherever the button was.
    """
    kept_id, shown = read_vote(pressed.value)
    if not is_direct(pressed.channel):
        context.services.access.check_spending(pressed.user, pressed.channel)
    if shown is None:
        raise Refused("That button says no price.", hint="Ask again, and press the new one.")
    model = context.services.kept.model_of(kept_id)
    channel, thread_ts = context.services.kept.place_of(kept_id, pressed.channel)
    invocation = replace(pressed, channel=channel, thread_ts=thread_ts or pressed.thread_ts)
    if context.services.serving.way_of(model) is not Serving.PROVISIONED_THROUGHPUT:
        served = serve(invocation, context, Asked(model))
        elsewhere = channel != pressed.channel and isinstance(served, Nothing)
        return say(f"{code(model)} is being deployed, in {shown_channel(channel)}.") if elsewhere else served
    if joined := join(invocation, context, model, channel, WAKE_MINUTES):
        return joined
    plan = context.services.waking.wake(
        model=model,
        minutes=WAKE_MINUTES,
        by=invocation.user,
        channel=channel,
        request=invocation.request,
        thread_ts=invocation.thread_ts,
        shown=shown,
    )
    context.services.kept.woken(kept_id, plan.id)
    return say(f"{code(model)} is being woken. Its kept questions are answered once it is awake.")


def _ask(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    """Ask whoever may wake the model, directly; who may themselves is shown how."""
    access = context.services.access
    if allowed(lambda: access.check_spending(invocation.user, invocation.channel)):
        model = context.services.kept.model_of(invocation.value)
        [line] = context.services.serving.models(model).lines
        said = f"You may have {code(model)} woken yourself."
        return Say(Message(said, [section(said), *actions(serve_button(model, line.base, style="primary"))]))
    link = context.links.thread(invocation.channel, invocation.thread_ts or "")
    asked = context.services.kept.ask_to_wake(invocation.value, invocation.user, link)
    return say(f"I have asked {person(asked)} directly.")


def _forget(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    context.services.kept.forget(invocation.value, invocation.user)
    return say("Forgotten: I ask it no more.")


ACTIONS = (
    Action(WAKE, Who.TRAINER, _wake),
    Action(ASK, Who.ASKER, _ask),
    Action(FORGET, Who.ASKER, _forget),
)
