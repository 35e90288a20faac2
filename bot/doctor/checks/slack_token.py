"""The bot token: whose it is, and whether the app has every scope of the manifest."""

from collections.abc import Iterator

from bot.adapters.slack_app import SlackApp
from bot.checkup import Level, Line, Look, bad, good, warning
from bot.doctor.checks.slack_roles import roles_of
from bot.doctor.surroundings import Surroundings

ABOUT = "Slack token"
SCOPES = "Slack scopes"
GROUPS = frozenset({"usergroups:read"})
"""What is needed for user groups alone."""


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask Slack who we are."""
    ours = SlackApp(surroundings.slack).identity()
    yield good(ABOUT, f"I am {ours.name} in the workspace {ours.team} ({ours.team_id}).")
    if ours.scopes is None:
        yield warning(
            SCOPES, "Slack did not say which the app has.", "Look whether a proxy takes headers away."
        )
        return
    wanted, without = set(surroundings.scopes), set(surroundings.optional_scopes) - ours.scopes
    if not any(each.startswith("S") for named in roles_of(surroundings.settings).values() for each in named):
        wanted -= GROUPS - ours.scopes  # no role names a user group
    missing, more = (
        sorted(wanted - ours.scopes),
        sorted(ours.scopes - wanted - set(surroundings.optional_scopes)),
    )
    if missing:
        yield bad(
            SCOPES,
            f"The app lacks {', '.join(missing)}.",
            "Paste what `tunesmith manifest` prints into the app's *App Manifest*, and install it anew.",
        )
    elif more:
        said = f"The app has {', '.join(more)} beside what it needs."
        yield warning(SCOPES, said, "Take them away under *OAuth & Permissions*, and install it anew.")
    elif without:
        yield good(
            SCOPES,
            f"The app has all {len(wanted)} that it needs. Without {', '.join(sorted(without))}, which it can do "
            "without, reports come as files.",
        )
    else:
        yield good(SCOPES, f"The app has all {len(wanted)} that it needs, and no other.")


LOOK = Look(ABOUT, at, unclear=Level.BAD)
