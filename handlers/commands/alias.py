"""``/tune alias``: a name that stands for a model, and for another one later."""

from dataclasses import replace

from bot.directory.aliasing import AliasCard
from bot.errors import NotFound, Refused
from bot.serving.cards import ModelLine
from bot.wording import quoted
from handlers.arguments import words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who, say, show
from handlers.lookup import model_called
from handlers.ui.text import code, person

USAGE = "/tune alias [NAME [MODEL]]"
_BACK, _OFF = "back", "off"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """List the aliases, show one, have it stand for a model, or for what it stood for before; or end it."""
    asked = words(invocation.text)
    aliases = context.services.aliases
    if not asked:
        return show(aliases.listed())
    name, *rest = asked
    if rest and rest[0].lower() in ("to", "is", "for"):
        rest = rest[1:]
    if len(rest) > 1:
        raise Refused("One name, and one model.", hint=f"Write it as {quoted(USAGE)}.")
    if not rest:
        return show(with_state(context, aliases.find(name)))
    if rest[0].lower() == _OFF:
        ended = aliases.remove(name, invocation.user)
        by = person(invocation.user)
        return replace(say(f"{by} ended {code(ended)}: it stands for no model any more."), public=True)
    if rest[0].lower() == _BACK:
        return told(context, aliases.back(name, invocation.user))
    if name.lower() in context.commands:
        raise Refused(f"{quoted(name)} is a command.", hint="Give the alias another name.")
    return told(context, aliases.point(name, model_called(context, rest[0]), invocation.user))


def told(context: CommandContext, changed: AliasCard) -> Reply:
    """Return what an alias stands for now, for all who ask it there."""
    return Say(show(with_state(context, changed)).message, public=True)


def with_state(context: CommandContext, card: AliasCard) -> AliasCard:
    """Return the card with whether its model is in service."""
    line = _line(context, card.now.model)
    if line is None:
        return card
    asleep = not _answers(line)
    before = _line(context, card.before) if asleep and card.before else None
    serves = card.may_change and line.may_serve and line.is_asleep
    return replace(
        card,
        asleep=asleep,
        before_answers=before is not None and _answers(before),
        base=line.base if serves else "",
    )


def _line(context: CommandContext, model: str) -> ModelLine | None:
    try:
        [line] = context.services.serving.models(model).lines
    except (NotFound, ValueError):
        return None
    return line


def _answers(line: ModelLine) -> bool:
    return line.serving.startswith("in service")


COMMAND = Command(
    name="alias",
    usage=USAGE,
    who=Who.ASKER,
    task=Task.MODELS,
    summary="A name that stands for a model: promote another one, and roll back",
    details=(
        "People ask the name wherever they would name a model. Trainers set it: `/tune alias NAME MODEL` has it stand "
        "for that model in this channel, `/tune alias NAME back` for the one before, `/tune alias NAME off` ends it. "
        "While the new model is not in service, the one before answers."
    ),
    example="/tune alias support claims-v3",
    run=run,
)
