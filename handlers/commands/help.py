"""``/tune help``."""

from handlers import help as pages
from handlers.arguments import words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Who


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Show all commands, or one."""
    asked = [each.lstrip("/") for each in words(invocation.text)]
    asked = asked[1:] if asked[:1] == ["tune"] else asked
    page = pages.one(front.commands, asked[0]) if asked else pages.overview(front.commands)
    return Say(page)


COMMAND = Command(
    name="help",
    usage="/tune help [COMMAND]",
    who=Who.ANYONE,
    summary="What I can do, or more about one command",
    details="The list is made from the commands themselves, so it is never out of date.",
    example="/tune help serve",
    run=run,
)
