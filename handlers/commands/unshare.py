"""``/tune unshare``: a model's owner closes it to a channel again."""

from bot.errors import Refused
from bot.wording import quoted
from handlers.commands.share import read
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who
from handlers.lookup import model_called
from handlers.ui.cards.sharing import shared_card

USAGE = "/tune unshare MODEL with #channel"


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Take the share back, and show what is left."""
    model, channel = read(invocation.text, USAGE, "with", "from", "in")
    if not channel:
        raise Refused("Which channel?", hint=f"Write it as {quoted(USAGE)}.")
    return Say(
        shared_card(front.services.sharing.withdraw(model_called(front, model), channel), invocation.user)
    )


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
