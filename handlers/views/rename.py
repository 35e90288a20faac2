"""The form in which a dataset or a model is given another name."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.datasets.model import Dataset
from bot.directory.renaming import DATASET, FIELD, MODEL
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import Accepted, Outcome, View, blocks_of
from handlers.metadata import Naming, load_naming
from handlers.ui.forms import filled
from handlers.ui.renaming import RENAME, rename_form, renamed_words


def open_form(
    invocation: Invocation, front: CommandContext, name: str, what: str = "", called: str = ""
) -> Reply:
    """Return the form for what bears that name, for whoever may rename it.

    Raises:
        NotFound: nothing does.
        NotAllowed: somebody else's.
    """
    found = front.services.renaming.named(name, what, called=called)
    is_dataset = isinstance(found, Dataset)
    owner = found.source.user if isinstance(found, Dataset) else found.owner
    front.services.access.check_owning(invocation.user, owner)
    state = Naming(
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
        what=DATASET if is_dataset else MODEL,
        name=name.strip().strip("`"),
        called=found.name if called else "",
    )
    return Open(rename_form(found.name, state))


def submit(invocation: Invocation, view: Mapping[str, Any], front: CommandContext) -> Outcome:
    """Rename it."""
    state = load_naming(str(view.get("private_metadata", "")))
    front.services.access.check_channel(state.channel)
    new = filled(view).get(FIELD, "")
    renamed = front.services.renaming.rename(state.name, new, state.what, called=state.called)
    there = replace(invocation, channel=state.channel, thread_ts=state.thread_ts, trigger_id="")
    return Accepted(there, say(renamed_words(renamed)))


def block_of(view: Mapping[str, Any], field: str) -> str | None:
    """Return the block of a field."""
    return field if field in blocks_of(view) else None


VIEW = View(callback_id=RENAME, submit=submit, block_of=block_of)
