"""The form that takes a question, from the menu."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.errors import Refused
from handlers.commands.ask import Asked, hand_in
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import Accepted, Outcome, View, Wrong, filled, where_opened
from handlers.lookup import where_asked
from handlers.metadata import Opened
from handlers.ui.forms.ask import ASK, OF_THE_CHANNEL, ask_form


def open_for(invocation: Invocation, context: CommandContext, model: str) -> Reply:
    """Return the form for one model: where one stands, or, from the home, for where the model came from.

    Raises:
        NotFound: there is no such model.
        NotAllowed: the operator has not opened that channel.
        Refused: it does not answer there for them.
    """
    if invocation.channel:
        return open_form(invocation, context, model)
    place = where_asked(context, model)
    return open_form(replace(invocation, channel=place, thread_ts=None), context, model, place)


def open_form(invocation: Invocation, context: CommandContext, model: str = "", place: str = "") -> Reply:
    """Return the form; a question to a model that is asleep is kept. Where there is none at all, who wakes one."""
    context.services.access.check_asker(invocation.user, invocation.channel)
    awake = context.services.serving.awake_names()
    aliases = [
        each for each in context.services.aliases.names() if _is_awake(each, invocation.channel, context)
    ]
    answering = [*aliases, *sorted(each for each in awake if _answers(each, invocation.channel, context))]
    lines = context.services.serving.models().lines
    asleep = [
        each.name
        for each in lines
        if each.name not in awake and _answers(each.name, invocation.channel, context)
    ]
    if not answering and not asleep:
        return say(
            "No model is in service here: `/tune models` shows them all, and `/tune serve MODEL` wakes one."
        )
    where = Opened(channel=invocation.channel, thread_ts=invocation.thread_ts)
    chosen = model if model in {*answering, *asleep} else OF_THE_CHANNEL
    return Open(ask_form(answering, where.dump(), asleep, chosen=chosen, place=place))


def _answers(name: str, channel: str, context: CommandContext) -> bool:
    directory = context.services.directory
    model = directory.stored_model(name)
    return model is not None and directory.answers(model, channel)


def _is_awake(alias: str, channel: str, context: CommandContext) -> bool:
    """Return whether what the alias stands for, or stood for before, answers in the channel now."""
    try:
        context.services.serving.answerer(alias, channel)
    except Refused:
        return False
    return True


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Hand the question in; the answer comes where the form was opened."""
    where = Opened.of(view)
    values = filled(view)
    if "question" not in values:
        return Wrong({"question": "Write a question first."})
    context.services.access.check_channel(where.channel)
    model = values.get("model", OF_THE_CHANNEL)
    there = where_opened(invocation, where)
    named = None if model == OF_THE_CHANNEL else model
    return Accepted(
        there, hand_in(there, context, Asked(named, values["question"]), thread_ts=where.thread_ts)
    )


VIEW = View(callback_id=ASK, submit=submit)
