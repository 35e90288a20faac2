"""The form that asks how long throughput that was made elsewhere may go on, as a lease."""

from collections.abc import Mapping
from typing import Any

from bot.clock import duration_of_minutes
from bot.errors import BadField, Refused
from bot.strays.cards import StrayRow
from handlers.arguments import minutes
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import Accepted, Outcome, View, filled, where_opened
from handlers.metadata import Naming
from handlers.ui.cards.strays import cost_of
from handlers.ui.forms.plans import ADOPTION, adoption_form
from handlers.ui.text import code


def open_form(invocation: Invocation, row: StrayRow) -> Reply:
    """Return the form for one that may be adopted."""
    stray = row.stray
    state = Naming(
        ADOPTION, f"{stray.region} {stray.id}", stray.name, invocation.channel, invocation.thread_ts
    )
    return Open(adoption_form(stray.name, cost_of(row), state.dump()))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Have it offered as a lease."""
    state, there = Naming.of(view), filled(view)
    region, _, stray = state.name.partition(" ")
    try:
        length = minutes(there.get("length", ""))
    except Refused as error:
        raise BadField("length", error.message, hint=error.hint) from None
    row = context.services.strays.adopt(
        region, stray, minutes=length, channel=state.channel, request=invocation.request
    )
    said = f"The plan of {duration_of_minutes(length)} of {code(row.stray.name, 63)} follows here, with its price."
    return Accepted(where_opened(invocation, state), say(said))


VIEW = View(callback_id=ADOPTION, submit=submit)
