"""Slash commands."""

from bot.playground.slack import seed, triggers
from bot.playground.slack.delivery.outcome import Outcome, Parcel
from bot.playground.slack.errors import SeenByPerson, SlackError
from bot.playground.slack.front import answers
from bot.playground.slack.front.door import Door, channel_name, error_code
from bot.playground.slack.manifest import SlashCommand
from bot.playground.slack.state import Channel, Json, ResponseUrl, User
from bot.playground.slack.text import from_person

_UNKNOWN = (
    '{} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as '
    "commands. If you are trying to send a message and not run a command, try preceding the “/” with an empty space."
)


def run(door: Door, user_id: str, channel_id: str, typed: str, thread_ts: str | None = None) -> None:
    """Deliver what a person typed after a slash, and show what the acknowledgement says.

    Raises:
        SeenByPerson: no such command, not in a thread, or the app did not acknowledge it within the deadline.
    """
    ws = door.ws
    name, _, text = typed.strip().partition(" ")
    with ws.store.lock:
        user, channel = door.person(user_id), door.joined(user_id, channel_id)
        ws.log.add("person", user=user_id, did="slash", channel=channel.id, command=name, text=text.strip())
        command = ws.manifest.commands.get(name)
        if command is None:
            raise SeenByPerson(_UNKNOWN.format(name))
        if thread_ts:
            raise SeenByPerson(f"{name} is not supported in threads. Sorry!")
        response_url = triggers.new_response_url(ws, user.id, channel.id)
        payload = _payload(door, command, user, channel, text.strip()) | {"response_url": response_url}
        url_id = response_url.split("/")[-2]
    outcome = door.interact(Parcel("slash_commands", payload, command=name))
    if not outcome.acked:
        raise SeenByPerson(f'{name} failed with the error "{error_code(outcome)}"', code=error_code(outcome))
    _show(door, url_id, outcome)


def _payload(door: Door, command: SlashCommand, user: User, channel: Channel, text: str) -> Json:
    ws = door.ws
    if command.should_escape:
        text = from_person(text, ws.store.users.values(), ws.store.channels.values())
    return {
        "token": "playground-verification-token",
        "team_id": seed.TEAM_ID,
        "team_domain": seed.TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command.command,
        "text": text,
        "api_app_id": seed.APP_ID,
        # As text, not as a boolean: a slash command comes as a form.
        "is_enterprise_install": "false",
        "trigger_id": triggers.new_trigger(ws, user.id),
    }


def _show(door: Door, url_id: str, outcome: Outcome) -> None:
    body = answers.as_body(outcome.body)
    if body is None:
        return
    with door.ws.store.lock:
        row: ResponseUrl | None = door.ws.store.response_urls.get(url_id)
        assert row is not None
        try:
            answers.give(door.ws, row, body)
        except SlackError as error:
            door.ws.log.add(
                "bad_answer", to="slash_commands", error=error.error, messages=list(error.messages)
            )
            raise SeenByPerson("Darn, that slash command didn't work.", code=error.error) from None
