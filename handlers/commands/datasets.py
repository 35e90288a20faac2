"""``/tune datasets``."""

from bot.derivations.cards import VersionList
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, show
from handlers.lookup import dataset_links, newest

USAGE = "/tune datasets"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show the stored datasets, newest first."""
    expect(words(invocation.text), 0, USAGE)
    found = newest(context)
    return show(VersionList(tuple(found), dataset_links(context, found)))


COMMAND = Command(
    name="datasets",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.DATA,
    summary="Stored datasets: verdicts, who sent them, what they were made from",
    details="Content is kept once, under its digest; a name is a label of it in the channel that it was shared in, "
    "and the newest version answers to it. What others call the same content changes no name of yours.",
    example="/tune datasets",
    run=run,
)
