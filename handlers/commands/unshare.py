"""``/tune unshare``: a model's owner closes it to a channel again."""

from bot.directory.sharing import Shared
from handlers.commands.share import read
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who
from handlers.lookup import model_called
from handlers.picker import which_model
from handlers.ui.cards.sharing import shared_card

USAGE = "/tune unshare MODEL [with #channel]"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Take the share back, and show what is left; without a channel, show those there are, with a button each."""
    if not invocation.text.strip():
        return which_model(context, "unshare {}", USAGE)
    said, channel = read(invocation.text, USAGE, "with", "from", "in")
    sharing, model = context.services.sharing, model_called(context, said)
    shared = withdrawn(context, model, channel) if channel else sharing.shown(model)
    return Say(shared_card(shared, invocation.user))


def withdrawn(context: CommandContext, model: str, channel: str) -> Shared:
    """Take the share back, and have the channel told what its aliases stand for then; return what is left."""
    shared = context.services.sharing.withdraw(model, channel)
    context.services.aliases.tell_fallen()
    return shared


COMMAND = Command(
    name="unshare",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.MODELS,
    summary="Close a model of yours to a channel that you shared it with",
    details="From then on it is neither seen nor answers there. A lease of it runs on until it is released.",
    example="/tune unshare claims-router with #claims-ai",
    run=run,
)
