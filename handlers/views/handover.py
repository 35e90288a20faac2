"""The form in which somebody is chosen to take over a job, a lease, a deployment or office hours."""

from collections.abc import Mapping
from typing import Any

from bot.serving.handover_service import FIELD
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import Accepted, Outcome, View, Wrong, filled, where_opened
from handlers.metadata import Naming
from handlers.ui.forms.handover import HANDOVER, handed_words, handover_form, in_words


def open_form(invocation: Invocation, context: CommandContext, name: str) -> Reply:
    """Return the form for what is called so, for whoever may hand it over.

    Raises:
        NotFound: nothing is.
        NotAllowed: somebody else's.
    """
    theirs = context.services.handovers.theirs(name)
    what = in_words(context.services.handovers.what(theirs))
    state = Naming("handover", name, "", invocation.channel, invocation.thread_ts)
    return Open(handover_form(f"{what[0].upper()}{what[1:]}", state))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Hand it over."""
    state, person = Naming.of(view), filled(view).get(FIELD, "")
    context.services.access.check_channel(state.channel)
    if not person:
        return Wrong({FIELD: "Choose somebody first."})
    handed = context.services.handovers.hand_over(state.name, person)
    there = where_opened(invocation, state)
    return Accepted(there, say(handed_words(handed)))


VIEW = View(callback_id=HANDOVER, submit=submit)
