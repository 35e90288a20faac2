"""``/tune digest``: the week in a few lines, every week, in this channel."""

import re

from bot.digests.model import DAYS, DigestSpec
from bot.errors import Refused
from bot.wording import quoted
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.ui.text import person

USAGE = "/tune digest [DAY HOUR|off]"
_HOUR = re.compile(r"(\d{1,2})(?::00)?")
DEFAULT_HOUR = 9


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show, set or switch off the channel's digest."""
    asked = [each.lower() for each in words(invocation.text) if each.lower() not in {"every", "at", "on"}]
    expect(asked, 2, USAGE)
    service = context.services.digests
    if asked == ["off"]:
        was = service.switch_off(invocation.channel)
        return say("No digest here any more." if was else "There was no digest here.")
    if not asked:
        return say(_told(service.find(invocation.channel)))
    weekday, hour = _day(asked[0]), _hour(asked[1]) if len(asked) > 1 else DEFAULT_HOUR
    return say(_told(service.set(invocation.channel, invocation.user, weekday, hour)))


def _day(word: str) -> int:
    found = [number for number, day in enumerate(DAYS) if len(word) >= 2 and day.startswith(word)]
    if len(found) != 1:
        raise Refused(
            f"{quoted(word)} is no day of the week.", hint=f"Write it as `monday 9`: {quoted(USAGE)}."
        )
    return found[0]


def _hour(word: str) -> int:
    found = _HOUR.fullmatch(word)
    if not found:
        raise Refused(f"{quoted(word)} is no hour.", hint=f"Write it as `monday 9`: {quoted(USAGE)}.")
    return int(found[1])


def _told(digest: DigestSpec | None) -> str:
    if digest is None:
        return "There is no digest here. `/tune digest monday 9` has one posted every week."
    whose = f"the time zone of {person(digest.by)}"
    about = "in all channels" if digest.everything else "from this channel"
    return (
        f"Every {DAYS[digest.weekday].capitalize()} at {digest.hour}:00, in {whose}: what was trained, served "
        f"and spent {about}. A week without anything passes in silence. `/tune digest off` ends it."
    )


COMMAND = Command(
    name="digest",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.REST,
    summary="The week in a few lines: what was trained, served and spent",
    details="Posted in this channel every week at that hour, in your time zone; it mentions nobody.",
    example="/tune digest monday 9",
    run=run,
)
