"""A bot of a few lines on Socket Mode, with which the page meets the real Slack stand-in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.playground.slack import SlackStandIn
from tests.page import cards
from tests.playground.slack.support import connected, new_app

Json = dict[str, Any]


def _form(channel: str, thread_ts: str) -> Json:
    name = {"type": "plain_text_input", "action_id": "name"}
    file = {"type": "file_input", "action_id": "file", "filetypes": ["jsonl"], "max_files": 1}
    blocks = [
        {"type": "input", "block_id": "name", "label": cards.plain("Model name"), "element": name},
        {"type": "input", "block_id": "file", "label": cards.plain("Validation file"), "element": file},
    ]
    titles = {
        "title": cards.plain("Repair"),
        "submit": cards.plain("Repair it"),
        "close": cards.plain("Cancel"),
    }
    metadata = f"{channel}/{thread_ts}"
    return {
        "type": "modal",
        "callback_id": "repair",
        "private_metadata": metadata,
        "blocks": blocks,
        **titles,
    }


def _listen(app: App) -> None:
    @app.event({"type": "message", "subtype": "file_share"})
    def uploaded(event: Json, client: WebClient) -> None:
        where = {"channel": event["channel"], "thread_ts": event["ts"]}
        client.chat_postMessage(text="verdict", blocks=cards.verdict(), **where)

    @app.action("repair")
    def repair(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        view = _form(body["channel"]["id"], body["message"]["thread_ts"])
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("repair")
    def repaired(ack: Ack, body: Json, view: Json, client: WebClient) -> None:
        values = view["state"]["values"]
        if values["name"]["name"]["value"] == "taken":
            ack(response_action="errors", errors={"name": "That name is taken."})
            return
        ack()
        channel, thread_ts = view["private_metadata"].split("/")
        stream = client.chat_stream(
            channel=channel,
            thread_ts=thread_ts,
            recipient_user_id=body["user"]["id"],
            recipient_team_id=body["team"]["id"],
        )
        file = values["file"]["file"]["files"][0]["name"]
        stream.append(markdown_text=f"Repaired **{values['name']['name']['value']}**")
        stream.stop(markdown_text=f" with `{file}`")

    @app.command("/play")
    def play(ack: Ack, command: Json) -> None:
        ack(f"You said *{command['text']}*")

    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        if event["tab"] == "home":
            blocks = cards.app_home()["blocks"]
            client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    for name in ("message", "file_shared", "app_mention"):
        app.event(name)(lambda: None)


@contextmanager
def running(slack: SlackStandIn) -> Iterator[None]:
    """Run the bot until the block is left."""
    app = new_app(slack)
    _listen(app)
    with connected(slack, app):
        yield
