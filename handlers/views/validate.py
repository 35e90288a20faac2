"""The form that takes a file."""

from collections.abc import Mapping
from typing import Any

from bot.datasets.model import Role
from bot.profiles import registry
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import Accepted, Outcome, View, Wrong, filled, uploaded, where_opened
from handlers.metadata import Opened
from handlers.ui.forms.validate import VALIDATE, validate_form


def open_form(invocation: Invocation) -> Reply:
    """Return the form."""
    where = Opened(channel=invocation.channel, thread_ts=invocation.thread_ts)
    return Open(validate_form(registry.DEFAULT, where.dump()))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Hand the file in; the verdict comes as a message of its own."""
    where = Opened.of(view)
    files, values = uploaded(view), filled(view)
    if not files:
        return Wrong({"file": "Choose a file first."})
    context.services.access.check_channel(where.channel)
    context.services.access.check_contributor(invocation.user)
    for file_id in files:
        context.services.uploads.receive(
            file_id=file_id,
            channel=where.channel,
            thread_ts=where.thread_ts,
            user=invocation.user,
            profile=registry.get(values.get("profile", registry.DEFAULT)).name,
            role=Role(values.get("role", Role.TRAINING)),
            asked_in=invocation.request,
        )
    there = where_opened(invocation, where)
    return Accepted(there, say("I am looking at the file; the verdict follows here."))


VIEW = View(callback_id=VALIDATE, submit=submit)
