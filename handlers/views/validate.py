"""The form that takes a file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.datasets.model import Role
from bot.profiles import registry
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import Accepted, Outcome, View, Wrong, blocks_of
from handlers.metadata import Opened, load
from handlers.ui.forms import VALIDATE, filled, uploaded, validate_form


def open_form(invocation: Invocation) -> Reply:
    """Return the form."""
    where = Opened(channel=invocation.channel, thread_ts=invocation.thread_ts)
    return Open(validate_form(registry.DEFAULT, where.dump()))


def submit(invocation: Invocation, view: Mapping[str, Any], front: CommandContext) -> Outcome:
    """Hand the file in; the verdict comes as a message of its own."""
    where = load(str(view.get("private_metadata", "")))
    files, values = uploaded(view), filled(view)
    if not files:
        return Wrong({"file": "Choose a file first."})
    front.services.access.check_channel(where.channel)
    front.services.access.check_contributor(invocation.user)
    for file_id in files:
        front.services.uploads.receive(
            file_id=file_id,
            channel=where.channel,
            thread_ts=where.thread_ts,
            user=invocation.user,
            profile=registry.get(values.get("profile", registry.DEFAULT)).name,
            role=Role(values.get("role", Role.TRAINING)),
            asked_in=invocation.request,
        )
    there = replace(invocation, channel=where.channel, thread_ts=where.thread_ts, trigger_id="")
    return Accepted(there, say("I am looking at the file; the verdict follows here."))


def block_of(view: Mapping[str, Any], field: str) -> str | None:
    """Return the block of a field."""
    return field if field in blocks_of(view) else None


VIEW = View(callback_id=VALIDATE, submit=submit, block_of=block_of)
