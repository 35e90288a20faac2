"""What somebody means by a name: datasets, files, jobs, models; the one rule for all commands that take one."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.datasets.model import Dataset, Role, Verdict
from bot.distillations.cards import DistillationView
from bot.errors import NotFound, Refused, Unavailable
from bot.uploads.lineage import KnownFile, descends, newest_of
from bot.wording import quoted
from handlers.arguments import nearest
from handlers.core import CommandContext, Invocation


def newest(front: CommandContext, limit: int = 50) -> list[Dataset]:
    """Return stored datasets, newest first."""
    return list(front.services.datasets.newest(limit=limit))


def find(front: CommandContext, name_or_id: str, called: str = "") -> Dataset:
    """Return the dataset of that name or ID; ``called``: under which name, where the same bytes have several.

    Where none is called so, the newest copy of such a file is meant: ``claims`` finds ``claims.repaired``.

    Raises:
        NotFound: there is none; the hint has the nearest name.
    """
    found = front.services.datasets.find(name_or_id, called)
    if found is not None:
        return found
    known = newest(front)
    copies = [each for each in known if descends(each.name, name_or_id)]
    if copies:
        return max(copies, key=lambda each: each.stored_at)
    meant = nearest(name_or_id, [each.name for each in known])
    hint = (
        f"Did you mean {quoted(meant)}?"
        if meant
        else "`/tune datasets` lists them; drop a JSONL file here to add one."
    )
    raise NotFound(f"There is no dataset {quoted(name_or_id)}.", hint=hint)


def file_called(front: CommandContext, invocation: Invocation, name: str) -> KnownFile:
    """Return the file of that name among what the person shared lately, or the newest of its copies.

    It is looked for in this channel's messages and among what was judged lately, threads included; a dataset that is
    called so is the file that it was kept from.

    Raises:
        NotFound: there is none; the hint has the nearest name.
        Refused, Unavailable: this channel cannot be looked through, and nothing that was judged is called so.
    """
    judged = front.services.uploads.lately(invocation.user)
    found = newest_of(judged, name)
    try:
        shared = front.uploads.by(invocation.user, invocation.channel)
    except (Refused, Unavailable):
        if found:
            return found
        raise
    every = [*judged, *shared]
    if found := newest_of(every, name):
        return found
    dataset = front.services.datasets.find(name)
    if dataset and dataset.source.file_id:
        return KnownFile(dataset.source.file_id, dataset.report.file, dataset.stored_at)
    meant = nearest(name, [each.name for each in every])
    hint = (
        f"Did you mean {quoted(meant)}?"
        if meant
        else "Give me the file's link (its menu, *Copy link*), or drop the file here again."
    )
    raise NotFound(f"Among the files that you shared lately none is called {quoted(name)}.", hint=hint)


def newest_file(
    front: CommandContext, invocation: Invocation, may_be: Callable[[Mapping[str, Any]], bool]
) -> KnownFile | None:
    """Return the newest file that the person shared in this channel and whose name says what it may be, or None.

    Raises:
        Refused: the bot may not look there; the hint says what to do.
        Unavailable: Slack did not answer.
    """
    shared = front.uploads.by(invocation.user, invocation.channel)
    return next((each for each in shared if may_be({"name": each.name})), None)


def with_role(datasets: list[Dataset], role: Role) -> list[Dataset]:
    """Return those that were checked for that role and are ready."""
    return [each for each in datasets if each.report.role is role and each.report.verdict is Verdict.READY]


def distillation(front: CommandContext, name_or_id: str) -> DistillationView | None:
    """Return the distillation of that name or ID, or None: then a job may be meant."""
    try:
        return front.services.distillations.find(name_or_id)
    except NotFound:
        return None
