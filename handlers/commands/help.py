"""``/tune help``."""

from dataclasses import replace

from bot.access import allowed
from handlers import help as pages
from handlers.arguments import words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who, check_who


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show all commands, or one."""
    asked = [each.lstrip("/") for each in words(invocation.text)]
    asked = asked[1:] if asked[:1] == ["tune"] else asked
    return Say(
        pages.page(context.commands, asked) if asked else pages.overview(allowed_to(invocation, context))
    )


def allowed_to(invocation: Invocation, context: CommandContext) -> list[Command]:
    """Return the commands that whoever asks may use, wherever they ask: the list is of what they may do at all."""
    anywhere = replace(invocation, channel="")

    def may(command: Command) -> bool:
        return allowed(lambda: check_who(command.who, anywhere, context))

    return [each for each in context.commands.values() if may(each)]


COMMAND = Command(
    name="help",
    usage="/tune help [WORD]",
    who=Who.ANYONE,
    task=Task.REST,
    summary="All that I can do, one command, or what a word is about",
    details="WORD is a command, or what you are looking for: `/tune help price` finds those about money. `/tune` alone "
    "shows what is going on now, and what you can do next.",
    example="/tune help serve",
    run=run,
)
