"""``/tune share``: a model's owner opens it to another channel."""

from bot.errors import Refused
from bot.wording import quoted
from handlers.arguments import words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who
from handlers.lookup import model_called
from handlers.picker import which_model
from handlers.ui.cards.sharing import shared_card

USAGE = "/tune share MODEL [with #channel]"


def read(text: str, usage: str, *joining: str) -> tuple[str, str]:
    """Return the model's name and the channel as they were typed; the channel is empty when none was.

    Raises:
        Refused: no model, or words that fit nowhere.
    """
    model, *rest = words(text) or [""]
    if rest and rest[0].lower() in joining:
        rest = rest[1:] or [""]
    if not model or len(rest) > 1 or rest == [""]:
        raise Refused("Which model, and with which channel?", hint=f"Write it as {quoted(usage)}.")
    return model, rest[0] if rest else ""


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Share the model; without a channel, show with which it is shared."""
    if not invocation.text.strip():
        return which_model(context, "share {}", USAGE)
    model, channel = read(invocation.text, USAGE, "with", "in", "to")
    model = model_called(context, model)
    sharing = context.services.sharing
    shared = sharing.share(model, channel) if channel else sharing.shown(model)
    return Say(shared_card(shared, invocation.user))


COMMAND = Command(
    name="share",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.MODELS,
    summary="Let a model of yours answer in another channel, too",
    details=(
        "A model answers in the channel that it came from, and in direct messages with those who see that one. Its "
        "owner can share it with other channels: whoever is there sees it then, and may ask it. `/tune unshare` takes "
        "that back. Without a channel, it shows with which the model is shared."
    ),
    example="/tune share claims-router with #claims-ai",
    run=run,
)
