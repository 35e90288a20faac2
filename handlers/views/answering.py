"""The form in which is set how a model answers."""

from collections.abc import Mapping
from typing import Any

from bot.directory.answering import MAX_TOKENS, STOP, SYSTEM, TEMPERATURE
from bot.directory.renaming import MODEL
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import Accepted, Outcome, View, filled, where_opened
from handlers.lookup import model_called
from handlers.metadata import Naming
from handlers.ui.forms.answering import ANSWERING, answering_form, answers_words


def open_form(invocation: Invocation, context: CommandContext, name: str) -> Reply:
    """Return the form for that model, for whoever may set it.

    Raises:
        NotFound: there is no such model.
        NotAllowed: somebody else's.
    """
    now = context.services.answering.of(model_called(context, name))
    state = Naming(MODEL, now.model.name, "", invocation.channel, invocation.thread_ts)
    return Open(answering_form(now, state))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Set it."""
    state, given = Naming.of(view), filled(view)
    context.services.access.check_channel(state.channel)
    now = context.services.answering.set(
        state.name,
        temperature=given.get(TEMPERATURE, ""),
        max_tokens=given.get(MAX_TOKENS, ""),
        stop=given.get(STOP, ""),
        system=given.get(SYSTEM, ""),
    )
    return Accepted(where_opened(invocation, state), say(answers_words(now)))


VIEW = View(callback_id=ANSWERING, submit=submit)
