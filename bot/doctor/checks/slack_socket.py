"""The app-level token: whether Socket Mode lets us in. The address that it gives is not used."""

from collections.abc import Iterator

from bot.adapters.slack_app import SlackApp
from bot.checkup import Level, Line, Look, good
from bot.doctor.surroundings import Surroundings

ABOUT = "Slack's Socket Mode"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask for an address."""
    token = surroundings.settings.slack_app_token
    if token is None:
        yield good(ABOUT, "It is not used: Slack's requests come by HTTP.")
        return
    SlackApp(surroundings.slack).check_socket(token.get_secret_value())
    yield good(ABOUT, "The app-level token is taken.")


LOOK = Look(ABOUT, at, unclear=Level.BAD)
