"""What every action of a person needs: the workspace, a way to the app, and the words for when it fails."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.slack import seed, shapes
from bot.playground.slack.delivery.outcome import Outcome, Parcel
from bot.playground.slack.errors import SeenByPerson
from bot.playground.slack.state import Channel, Json, Message, User
from bot.playground.slack.workspace import Workspace

TIMED_OUT = "Operation timed out. Apps need to respond within 3 seconds."
UNREACHABLE = "This app is not responding (dispatch_failed)."
MODAL_TROUBLE = "We had some trouble connecting. Try again?"


@dataclass
class Door:
    """Where a person's actions come in."""

    ws: Workspace
    interact: Callable[[Parcel], Outcome]

    def person(self, user_id: str) -> User:
        """Return the person who acts.

        Raises:
            SeenByPerson: there is no such person.
        """
        user = self.ws.store.users.get(user_id)
        if user is None or user.is_bot or user.deactivated:
            raise SeenByPerson("You are not signed in to this workspace.")
        return user

    def channel(self, user_id: str, channel_id: str) -> Channel:
        """Return a channel that a person may read.

        Raises:
            SeenByPerson: there is none, or they may not.
        """
        channel = self.ws.find_channel(channel_id)
        if channel is None or not self.ws.sees_channel(user_id, channel):
            raise SeenByPerson("That channel does not exist, or you are not in it.")
        return channel

    def joined(self, user_id: str, channel_id: str) -> Channel:
        """Return a channel that a person is a member of.

        Raises:
            SeenByPerson: they are not.
        """
        channel = self.channel(user_id, channel_id)
        if user_id not in channel.members:
            raise SeenByPerson(f"You are not in #{channel.name}. Join it to take part.")
        return channel

    def message(self, user_id: str, channel_id: str, ts: str) -> Message:
        """Return a message that a person sees.

        Raises:
            SeenByPerson: it is gone, or somebody else's ephemeral one.
        """
        channel = self.channel(user_id, channel_id)
        row = self.ws.message(channel.id, ts)
        if row is None or row.ephemeral_to not in (None, user_id):
            raise SeenByPerson("That message is gone.")
        return row

    def who(self, user: User) -> Json:
        """Return the parts of an interactive payload that say who acts, where and for which app."""
        return {
            "team": shapes.team(user),
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": seed.team_of(user)},
            "api_app_id": seed.APP_ID,
            "token": "playground-verification-token",
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def send(self, payload: Json) -> Outcome:
        """Deliver an interactive payload; once only, as Slack does.

        Raises:
            SeenByPerson: interactivity is switched off in the manifest.
        """
        if not self.ws.manifest.interactive:
            raise SeenByPerson("This app is not configured to handle interactive responses.")
        return self.interact(Parcel("interactive", payload))

    def send_or_tell(self, payload: Json) -> Outcome:
        """Deliver a button press or a shortcut.

        Raises:
            SeenByPerson: the app did not acknowledge it in time, or could not be reached.
        """
        outcome = self.send(payload)
        if not outcome.acked:
            late = outcome.reason in ("timeout", "http_timeout")
            raise SeenByPerson(TIMED_OUT if late else UNREACHABLE, code=error_code(outcome))
        return outcome


def error_code(outcome: Outcome) -> str:
    """Return Slack's name for a delivery that was not acknowledged."""
    return "operation_timeout" if outcome.reason in ("timeout", "http_timeout") else "dispatch_failed"


def channel_name(channel: Channel) -> str:
    """Return a channel's name as payloads give it."""
    return {"im": "directmessage", "group": "privategroup"}.get(channel.type, channel.name)
