"""``/tune answers``: whether ``/ask`` is answered before all in a channel, or to whoever asks alone."""

from bot.errors import Refused
from bot.questions.answerer import ChannelSettings
from bot.wording import quoted
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.ui.text import person, when

USAGE = "/tune answers [public | private]"
_PRIVATE = {"private": True, "public": False}


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Set it, or say how it is."""
    wanted = invocation.text.strip().lower()
    if not wanted:
        return say(_words(front.services.channels.settings()))
    if wanted not in _PRIVATE:
        raise Refused("Public, or private?", hint=f"Write it as {quoted(USAGE)}.")
    return say(_words(front.services.channels.set(invocation.user, private=_PRIVATE[wanted])))


def _words(settings: ChannelSettings | None) -> str:
    since = f", since {when(settings.at)} by {person(settings.by)}" if settings else ""
    if settings and settings.private:
        return (
            f"`/ask` in this channel is answered to whoever asks, directly{since}; they may share it here. "
            "`/ask --public` answers here."
        )
    return f"`/ask` in this channel is answered here, for all{since}. `/ask --private` answers you directly."


COMMAND = Command(
    name="answers",
    usage=USAGE,
    who=Who.ASKER,
    task=Task.MODELS,
    summary="Whether /ask is answered here for all, or to whoever asks",
    details=(
        "Trainers set it for the channel. A private answer comes as a direct message, and whoever asked may share it. "
        "`/ask --private` and `/ask --public` go before it. Mentions and threads are answered where they are."
    ),
    example="/tune answers private",
    run=run,
)
