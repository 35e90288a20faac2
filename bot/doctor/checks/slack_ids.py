"""Whether there is somebody under each ID that a setting names: one that is nobody's is no error, only silence."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from bot.adapters.slack_app import SlackApp
from bot.checkup import Line, Look, bad, good
from bot.config import Settings
from bot.doctor.checks.slack_roles import roles_of
from bot.doctor.surroundings import Surroundings
from bot.rosters import people_of
from bot.spending.ledger import WORKSPACE

ABOUT = "Slack IDs"
MOST = 30
"""IDs that are asked about at once: Slack answers about fifty such calls a minute, and the bot needs some itself."""


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask Slack about each of them."""
    yield from found(ids_of(surroundings.settings), SlackApp(surroundings.slack).knows)


def ids_of(settings: Settings) -> dict[str, AbstractSet[str]]:
    """Return which people and conversations each setting names; a role's groups and channels have their own look."""
    people = {setting: people_of(named) for setting, named in roles_of(settings).items()}
    return people | {
        "TUNESMITH_OPERATOR": {settings.operator} - {""},
        "TUNESMITH_GUESTS": settings.guests,
        "TUNESMITH_ALLOWED_CHANNELS": settings.allowed_channels,
        "TUNESMITH_BUDGETS": settings.budgets.keys() - {WORKSPACE},
    }


def found(named: Mapping[str, AbstractSet[str]], knows: Callable[[str], bool]) -> Iterator[Line]:
    """Tell of each that Slack does not know.

    Raises:
        Unavailable: Slack does not say right now.
    """
    every = sorted(frozenset[str]().union(*named.values()))
    nobody = [each for each in every[:MOST] if not knows(each)]
    for each in nobody:
        settings = " and ".join(setting for setting, ids in named.items() if each in ids)
        if each.startswith(("C", "G")):
            said = f"{each} in {settings} is no channel that I see."
            yield bad(ABOUT, said, "Correct it; into one that is private, invite the bot.")
        else:
            yield bad(
                ABOUT, f"{each} in {settings} is nobody here, or has left.", "Correct it, or take it out."
            )
    if not every:
        yield good(ABOUT, "The settings name nobody and no channel by ID.")
    elif len(every) > MOST:
        yield good(
            ABOUT, f"Of the {len(every)} IDs that the settings name, Slack was asked about the first {MOST}."
        )
    elif not nobody:
        yield good(ABOUT, "Slack knows everybody and every channel that the settings name.")


LOOK = Look(ABOUT, at, seconds=15)
