"""The form in which a dataset or a model is given another name."""

from collections.abc import Mapping
from typing import Any

from bot.datasets.model import Dataset
from bot.directory.renaming import DATASET, FIELD, MODEL
from bot.names import bare
from handlers.core import CommandContext, Invocation, Open, Reply, say
from handlers.form import Accepted, Outcome, View, filled, where_opened
from handlers.metadata import Naming
from handlers.ui.forms.rename import RENAME, rename_form, renamed_words


def open_form(
    invocation: Invocation, context: CommandContext, name: str, what: str = "", called: str = ""
) -> Reply:
    """Return the form for what bears that name, for whoever may rename it.

    Raises:
        NotFound: nothing does.
        NotAllowed: somebody else's.
    """
    found = context.services.renaming.named(name, what, called=called)
    is_dataset = isinstance(found, Dataset)
    owner = found.source.user if isinstance(found, Dataset) else found.owner
    context.services.access.check_owning(invocation.user, owner)
    state = Naming(
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
        what=DATASET if is_dataset else MODEL,
        name=bare(name),
        called=found.name if called else "",
    )
    return Open(rename_form(found.name, state))


def submit(invocation: Invocation, view: Mapping[str, Any], context: CommandContext) -> Outcome:
    """Rename it."""
    state = Naming.of(view)
    context.services.access.check_channel(state.channel)
    new = filled(view).get(FIELD, "")
    renamed = context.services.renaming.rename(state.name, new, state.what, called=state.called)
    there = where_opened(invocation, state)
    return Accepted(there, say(renamed_words(renamed)))


VIEW = View(callback_id=RENAME, submit=submit)
