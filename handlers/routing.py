"""From what was typed to the command that runs: after a slash, or after a mention where Slack has no slash commands."""

from dataclasses import replace

from bot.errors import Refused
from handlers.arguments import LONGEST_COMMAND, head_and_rest
from handlers.core import ROOT, CommandContext, Invocation, Nothing, Reply, Say, check_who
from handlers.greeting import greeting
from handlers.help import find


def typed_command(text: str, context: CommandContext) -> tuple[str, str] | None:
    """Return the slash command that a message spells out, and what follows it; None: it is no command.

    ``/tune serve MODEL`` and ``tune serve MODEL`` are meant alike: a message that begins with a slash is hard to send.
    """
    first, *more = text.split(maxsplit=1) or [""]
    said, rest = first.lower(), "".join(more).strip()
    if said == ROOT or (said.startswith("/") and said in context.commands):
        return said, rest
    # A question may begin with the bare word, too.
    follows = head_and_rest(rest)[0].lower()
    return (ROOT, rest) if said == ROOT.lstrip("/") and (not follows or follows in context.commands) else None


def run_typed(text: str, invocation: Invocation, context: CommandContext) -> Reply:
    """Run the command that a message spells out, as if it had been typed where the message stands."""
    found = typed_command(text, context)
    if found is None:
        return Nothing()
    slash, rest = found
    return route(slash, replace(invocation, text=rest), context)


def route(slash: str, invocation: Invocation, context: CommandContext) -> Reply:
    """Run the command that was typed.

    Raises:
        NotFound: there is no such sub-command; the hint has the nearest.
        Refused: it is longer than is read.
    """
    if slash == ROOT and len(invocation.text) > LONGEST_COMMAND:
        raise Refused(
            f"That command has {len(invocation.text):,} characters; I read at most {LONGEST_COMMAND:,}.",
            hint="Put what is long into a file.",
        )
    if slash != ROOT:
        chosen, rest = find(context.commands, slash), invocation.text
    elif not invocation.text:
        return Say(greeting(invocation, context))
    else:
        head, rest = head_and_rest(invocation.text)
        chosen = find(context.commands, head)
    check_who(chosen.who, invocation, context)
    return chosen.run(replace(invocation, text=rest), context)
