"""``/tune quiet``: hours in which nobody is pinged, in their own time zone."""

import re

from bot.errors import Refused
from bot.notifications.model import Quiet
from bot.wording import quoted
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say

USAGE = "/tune quiet [22-7|off]"
_HOURS = re.compile(r"(\d{1,2})(?::00)?\s*(?:-|–|to|until)\s*(\d{1,2})(?::00)?")  # noqa: RUF001 -- what phones type


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show or set the person's quiet hours."""
    asked = words(invocation.text)
    expect(asked, 5, USAGE)
    service, said = context.services.readers, " ".join(asked).lower()
    if said == "off":
        service.set_quiet(invocation.user, None)
        return say(
            "You have no quiet hours any more: a job of yours mentions you as soon as it ends. Was something held "
            "back, it comes within a quarter of an hour."
        )
    if said:
        service.set_quiet(invocation.user, _hours(said))
    return say(_told(service.quiet(invocation.user)))


def _hours(said: str) -> Quiet:
    found = _HOURS.fullmatch(said)
    if not found:
        raise Refused(
            f"I cannot read {quoted(said)} as hours.", hint=f"Write them as `22-7`: {quoted(USAGE)}."
        )
    return Quiet(int(found[1]), int(found[2]))


def _told(quiet: Quiet | None) -> str:
    if quiet is None:
        return "You have no quiet hours. `/tune quiet 22-7` sets them, in your own time zone."
    return (
        f"Quiet from {quiet.begins}:00 to {quiet.ends}:00, in the time zone that Slack has for you. What ends in "
        "these hours is posted in its channel without mentioning you, and I write to you when they are over."
    )


COMMAND = Command(
    name="quiet",
    usage=USAGE,
    who=Who.ANYONE,
    task=Task.REST,
    summary="Hours of the day in which nothing pings you",
    details="In your own time zone. Nothing is lost: channels are told at once, and you when the hours are over.",
    example="/tune quiet 22-7",
    run=run,
)
