"""People in Slack: ``bot.notifications.ports.People`` on the Web API."""

from slack_sdk import WebClient

from bot.adapters.slack_errors import slack_call


class SlackPeople:
    """Asks Slack about a person."""

    def __init__(self, reading: WebClient) -> None:
        self._reading = reading

    def zone(self, user: str) -> str:
        """Return the name of the person's time zone."""
        with slack_call("users.info", writes=False):
            found = self._reading.api_call("users.info", params={"user": user})["user"]
        return str(found.get("tz") or "UTC")
