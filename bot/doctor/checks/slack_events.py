"""Whether a process is at work, and whether what Slack sends really arrives; *Stop* has a subscription of its own."""

from collections.abc import Iterator
from datetime import timedelta

from bot.checkup import Line, Look, good, warning
from bot.clock import duration
from bot.doctor.surroundings import Surroundings
from storage.redis_inbox import RedisHeartbeats, RedisInbox

ABOUT = "Slack's events"
STOP = "agent_session_stopped"
_MANIFEST = "paste what `tunesmith manifest` prints into the app's *App Manifest*, and install it anew."


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask Redis what was taken in."""
    beats = RedisHeartbeats(surroundings.redis, surroundings.keys).last()
    if not beats:
        yield warning(
            "The bot", "No process of it was at work within the last hour.", "Start it: `tunesmith run`"
        )
    else:
        yield good("The bot", f"{len(beats)} at work; the last sign is {_ago(min(beats.values()))} old.")
    arrived = RedisInbox(surroundings.redis, surroundings.keys).arrived(surroundings.events)
    others = {name: seconds for name, seconds in arrived.items() if name != STOP}
    if others:
        newest = min(others, key=others.__getitem__)
        yield good(ABOUT, f"The last one ({newest}) came {_ago(others[newest])} ago.")
    else:
        said = "None has arrived within 30 days."
        yield warning(ABOUT, said, f"Write to the bot directly. If this stays, {_MANIFEST}")
    if STOP in arrived:
        yield good("Slack's Stop", f"It was last pressed, and heard, {_ago(arrived[STOP])} ago.")
    else:
        yield warning(
            "Slack's Stop",
            f"No press of it has been heard; Slack does not tell whether the app is subscribed to {STOP}.",
            f"Press Stop on an answer. If nothing happens, {_MANIFEST}",
        )


def _ago(seconds: float) -> str:
    return duration(timedelta(seconds=seconds))


LOOK = Look(ABOUT, at)
