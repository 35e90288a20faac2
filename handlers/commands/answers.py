"""``/tune answers``: whether ``/ask`` is answered before all in a channel, or to whoever asks alone."""

from bot.errors import Refused
from bot.questions.answerer import ChannelSettings
from bot.wording import quoted
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.ui.text import person, when

USAGE = "/tune answers [public | private | base | no base]"
_PRIVATE = {"private": True, "public": False}
_BASE = {"base": True, "no base": False}


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Set it, or say how it is."""
    wanted = " ".join(invocation.text.lower().replace("-", " ").split())
    if not wanted:
        return say(_words(context.services.channels.settings()))
    if wanted not in _PRIVATE and wanted not in _BASE:
        raise Refused("Public, or private? Or is it about the base?", hint=f"Write it as {quoted(USAGE)}.")
    private, base = _PRIVATE.get(wanted), _BASE.get(wanted)
    return say(_words(context.services.channels.set(invocation.user, private=private, base_meanwhile=base)))


def _words(settings: ChannelSettings | None) -> str:
    since = f", since {when(settings.at)} by {person(settings.by)}" if settings else ""
    said = f"`/ask` in this channel is answered here, for all{since}. `/ask --private` answers you directly."
    if settings and settings.private:
        said = (
            f"`/ask` in this channel is answered to whoever asks, directly{since}; they may share it here. "
            "`/ask --public` answers here."
        )
    return f"{said} {_base_words(settings)}"


def _base_words(settings: ChannelSettings | None) -> str:
    if settings and not settings.base_meanwhile:
        return "While a model is asleep, nobody answers in its place: the question is kept."
    return "While a model is asleep, its base answers where that is allowed, and the question is kept."


COMMAND = Command(
    name="answers",
    usage=USAGE,
    who=Who.ASKER,
    task=Task.MODELS,
    summary="Whether /ask is answered here for all, and by whom while a model is asleep",
    details=(
        "Trainers set it for the channel. A private answer comes as a direct message, and whoever asked may share it. "
        "`/ask --private` and `/ask --public` go before it. Mentions and threads are answered where they are. With "
        "`no base` nobody answers in the place of a model that is asleep."
    ),
    example="/tune answers private",
    run=run,
)
