"""The buttons of the menu and of the welcome: each is a command that need not be known by name."""

from collections.abc import Callable
from dataclasses import replace

from handlers.action import Action, Body
from handlers.commands.help import allowed_to
from handlers.core import ROOT, CommandContext, Invocation, Open, Reply, Who, say
from handlers.help import TASKS, of_task
from handlers.picker import PICK
from handlers.routing import route
from handlers.ui import menu
from handlers.views import ask, start


def _typed(text: str) -> Callable[[Invocation, Body, CommandContext], Reply]:
    def run(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
        return route(ROOT, replace(invocation, text=text), context)

    return run


def _pick(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return route(ROOT, replace(invocation, text=invocation.value), context)


def _plan(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return start.open_form(invocation, context, None)


def _ask(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return ask.open_form(invocation, context)


def _ask_model(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return ask.open_for(invocation, context, invocation.value)


def _sample(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    thread = invocation.thread_ts or (None if invocation.ephemeral else invocation.message_ts)
    began = context.services.uploads.try_sample(
        channel=invocation.channel, thread_ts=thread, user=invocation.user, asked_in=invocation.request
    )
    where = "in the thread" if thread else "here"
    if not began:
        return say(f"The sample is {where} already: look at its verdict there.")
    return say(
        f"I am sharing a sample {where}, and look at it as at any file: its verdict has the next step."
    )


def _task(action_id: str) -> Callable[[Invocation, Body, CommandContext], Reply]:
    def run(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
        return Open(of_task(allowed_to(invocation, context), TASKS[action_id]))

    return run


ACTIONS = (
    Action(PICK, Who.ANYONE, _pick),
    Action(menu.OPEN, Who.ANYONE, _typed("")),
    Action(menu.JOBS, Who.ANYONE, _typed("jobs running")),
    Action(menu.MODELS, Who.ANYONE, _typed("models")),
    Action(menu.COST, Who.ANYONE, _typed("cost")),
    Action(menu.EVERYTHING, Who.ANYONE, _typed("help")),
    Action(menu.PLAN, Who.TRAINER, _plan),
    Action(menu.ASK, Who.ASKER, _ask),
    Action(menu.ASK_MODEL, Who.ANYONE, _ask_model),
    Action(menu.SAMPLE, Who.CONTRIBUTOR, _sample),
    *(Action(each, Who.ANYONE, _task(each)) for each in TASKS),
)
