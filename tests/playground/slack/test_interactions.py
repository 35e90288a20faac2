"""Buttons, selects, shortcuts, modals and App Home."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.slack import Person, SeenByPerson, SlackStandIn
from tests.playground.slack.support import (
    ManualClock,
    button,
    client_of,
    connected,
    error_of,
    modal,
    new_app,
    section,
    text_input,
)

CHANNEL = "C0CLAIMSAI"
Json = dict[str, Any]


def opened_by(app: App, view: Json, then: Callable[[Json], None] = lambda _answer: None) -> None:
    """Have the global shortcut of the default manifest open a view."""

    @app.shortcut("begin")
    def begin(ack: Ack, shortcut: Json, client: WebClient) -> None:
        ack()
        answer = client.views_open(trigger_id=shortcut["trigger_id"], view=view)
        then(answer.data)  # type: ignore[arg-type]


def options(*values: str) -> list[Json]:
    return [{"text": {"type": "plain_text", "text": value.upper()}, "value": value} for value in values]


def test_a_button_carries_its_stored_value(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    app, seen = new_app(slack), []

    @app.action("press")
    def press(ack: Ack, body: Json) -> None:
        seen.append(body)
        ack()

    blocks = [section(accessory=button(value="kept"))]
    client.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)
    with connected(slack, app):
        trainer.clicks(trainer.sees("claims-ai")[0], "press")
    body = seen[0]
    action = body["actions"][0]
    assert (action["value"], action["type"], action["text"]["text"]) == ("kept", "button", "Press")
    assert body["container"] == {
        "type": "message",
        "message_ts": body["message"]["ts"],
        "channel_id": CHANNEL,
        "is_ephemeral": False,
    }
    assert (body["user"]["id"], body["channel"]["name"], body["team"]["id"]) == (
        trainer.id,
        "claims-ai",
        slack.team_id,
    )
    assert {"response_url", "trigger_id", "api_app_id", "state"} <= body.keys()


def test_a_button_of_an_ephemeral_message(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    app, seen = new_app(slack), []

    @app.action("press")
    def press(ack: Ack, body: Json, respond: Callable[..., object]) -> None:
        ack()
        seen.append(body)
        respond(delete_original=True)

    blocks = [{"type": "actions", "elements": [button()]}]
    client.chat_postEphemeral(channel=CHANNEL, user=trainer.id, text="x", blocks=blocks)
    with connected(slack, app):
        trainer.clicks(trainer.sees("claims-ai")[0], "press")
        assert slack.wait_for(lambda: trainer.sees("claims-ai") == [])
    assert "message" not in seen[0]
    assert seen[0]["container"]["is_ephemeral"] is True


CHOICES: list[tuple[Json, Any, str, Any]] = [
    ({"type": "static_select", "options": options("a", "b")}, "b", "selected_option", options("b")[0]),
    (
        {"type": "multi_static_select", "options": options("a", "b")},
        ["a", "b"],
        "selected_options",
        options("a", "b"),
    ),
    ({"type": "overflow", "options": options("a")}, "a", "selected_option", options("a")[0]),
    ({"type": "checkboxes", "options": options("a", "b")}, ["a"], "selected_options", options("a")),
    ({"type": "radio_buttons", "options": options("a")}, "a", "selected_option", options("a")[0]),
    ({"type": "users_select"}, "U0ASKER001", "selected_user", "U0ASKER001"),
    ({"type": "channels_select"}, CHANNEL, "selected_channel", CHANNEL),
    ({"type": "conversations_select"}, CHANNEL, "selected_conversation", CHANNEL),
    ({"type": "datepicker"}, "2026-11-22", "selected_date", "2026-11-22"),
    ({"type": "timepicker"}, "09:30", "selected_time", "09:30"),
]


@pytest.mark.parametrize(("element", "choice", "key", "expected"), CHOICES, ids=lambda v: str(v)[:30])
def test_a_choice_arrives_in_full(
    slack: SlackStandIn,
    client: WebClient,
    trainer: Person,
    element: Json,
    choice: Any,
    key: str,
    expected: Any,
) -> None:
    app, seen = new_app(slack), []

    @app.action("choose")
    def choose(ack: Ack, body: Json) -> None:
        seen.append(body)
        ack()

    blocks = [{"type": "actions", "block_id": "row", "elements": [element | {"action_id": "choose"}]}]
    client.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)
    with connected(slack, app):
        trainer.selects(trainer.sees("claims-ai")[0], "choose", choice)
    assert seen[0]["actions"][0][key] == expected
    if element["type"] != "overflow":
        assert seen[0]["state"]["values"]["row"]["choose"][key] == expected


def test_what_is_not_on_offer_cannot_be_chosen(
    slack: SlackStandIn, client: WebClient, trainer: Person
) -> None:
    select = {"type": "static_select", "action_id": "s", "options": options("a")}
    client.chat_postMessage(channel=CHANNEL, text="x", blocks=[section(accessory=select)])
    message = trainer.sees("claims-ai")[0]
    with pytest.raises(SeenByPerson, match="not one of the options"):
        trainer.selects(message, "s", "z")
    with pytest.raises(SeenByPerson, match="no longer there"):
        trainer.clicks(message, "other")


def test_a_press_without_acknowledgement(impatient: SlackStandIn) -> None:
    client, trainer = client_of(impatient), impatient.person("trainer")
    client.chat_postMessage(channel=CHANNEL, text="x", blocks=[section(accessory=button())])
    with connected(impatient, new_app(impatient)), pytest.raises(SeenByPerson, match="within 3 seconds"):
        trainer.clicks(trainer.sees("claims-ai")[0], "press")


def test_a_message_shortcut(slack: SlackStandIn, trainer: Person) -> None:
    app, seen = new_app(slack), []

    @app.shortcut("look")
    def look(ack: Ack, body: Json) -> None:
        seen.append(body)
        ack()

    trainer.uploads("claims-ai", "a.jsonl", b"{}")
    with connected(slack, app):
        trainer.uses_shortcut("look", trainer.sees("claims-ai")[0])
    body = seen[0]
    assert (body["type"], body["message"]["files"][0]["name"]) == ("message_action", "a.jsonl")
    assert body["message_ts"] == body["message"]["ts"]
    with pytest.raises(SeenByPerson, match="does not exist"):
        trainer.uses_shortcut("nonsense")


def test_a_form_from_trigger_to_submission(slack: SlackStandIn, trainer: Person) -> None:
    app, states = new_app(slack), []
    number = {"type": "number_input", "action_id": "count", "is_decimal_allowed": False, "initial_value": "2"}
    count = text_input("count") | {"element": number}
    files = text_input("file") | {
        "element": {"type": "file_input", "action_id": "file", "filetypes": ["jsonl"]}
    }
    opened_by(app, modal(text_input("name", max_length=5), count, files, private_metadata="secret"))

    @app.view("form")
    def submitted(ack: Ack, view: Json) -> None:
        states.append(view)
        ack()

    with connected(slack, app):
        trainer.uses_shortcut("begin")
        view = trainer.wait_for(trainer.view)
        incomplete = trainer.submits(view, {"name": "too long", "count": "x"})
        assert incomplete["errors"] == {
            "name_block": "Please use fewer than 6 characters.",
            "count_block": "Please enter a whole number.",
            "file_block": "Please complete this required field.",
        }
        file = trainer.uploads(None, "rows.jsonl", b"{}")
        result = trainer.submits(view, {"name": "bob", "file": [file["id"]]})
        assert result["response_action"] is None
    values = states[0]["state"]["values"]
    assert values["name_block"]["name"] == {"type": "plain_text_input", "value": "bob"}
    assert values["count_block"]["count"]["value"] == "2"
    assert values["file_block"]["file"]["files"][0]["url_private_download"].endswith("/download/rows.jsonl")
    assert states[0]["private_metadata"] == "secret"
    assert trainer.view() is None
    assert client_of(slack).files_info(file=file["id"])["file"]["name"] == "rows.jsonl"


def test_a_form_answered_with_errors_update_push_and_clear(slack: SlackStandIn, trainer: Person) -> None:
    app = new_app(slack)
    opened_by(app, modal(text_input()))
    answers: list[Json] = [
        {"response_action": "errors", "errors": {"name_block": "not that one"}},
        {"response_action": "update", "view": modal(text_input(), callback_id="form", private_metadata="2")},
        {"response_action": "push", "view": modal(text_input())},
        {"response_action": "clear"},
    ]

    @app.view("form")
    def submitted(ack: Ack) -> None:
        ack(**answers.pop(0))

    with connected(slack, app):
        trainer.uses_shortcut("begin")
        first = trainer.wait_for(trainer.view)
        assert trainer.submits(first, {"name": "x"})["errors"] == {"name_block": "not that one"}
        updated = trainer.submits(first, {"name": "x"})["view"]
        assert (updated["id"], updated["private_metadata"]) == (first["id"], "2")
        pushed = trainer.submits(updated, {"name": "x"})["view"]
        assert (pushed["previous_view_id"], pushed["root_view_id"]) == (first["id"], first["id"])
        assert trainer.submits(pushed, {"name": "x"})["response_action"] == "clear"
    assert trainer.view() is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ],
)
def test_an_answer_to_a_form_that_slack_would_not_take(
    slack: SlackStandIn, trainer: Person, answer: Json
) -> None:
    app = new_app(slack)
    opened_by(app, modal(text_input()))

    @app.view("form")
    def submitted(ack: Ack) -> None:
        ack(**answer)

    with connected(slack, app):
        trainer.uses_shortcut("begin")
        with pytest.raises(SeenByPerson, match="We had some trouble connecting"):
            trainer.submits(trainer.wait_for(trainer.view), {"name": "x"})
    assert slack.log.of("bad_answer")
    assert trainer.view() is not None


def test_a_form_without_acknowledgement_stays_open(slack: SlackStandIn, trainer: Person) -> None:
    app = new_app(slack)
    opened_by(app, modal(text_input()))
    with connected(slack, app):
        trainer.uses_shortcut("begin")
        view = trainer.wait_for(trainer.view)
        slack.ack_deadline = 0.05
        with pytest.raises(SeenByPerson, match="We had some trouble connecting"):
            trainer.submits(view, {"name": "x"})
    assert trainer.view() is not None


def test_closing_tells_the_app_when_it_asked(slack: SlackStandIn, trainer: Person) -> None:
    app, closed = new_app(slack), []
    opened_by(app, modal(notify_on_close=True))

    @app.view_closed("form")
    def on_close(ack: Ack, body: Json) -> None:
        closed.append((body["type"], body["is_cleared"]))
        ack()

    with connected(slack, app):
        trainer.uses_shortcut("begin")
        view = trainer.wait_for(trainer.view)
        trainer.closes(view)
        with pytest.raises(SeenByPerson, match="closed"):
            trainer.submits(view)
    assert closed == [("view_closed", False)]


def test_a_trigger_is_good_once_for_three_seconds(
    slack: SlackStandIn, trainer: Person, clock: ManualClock
) -> None:
    app, triggers = new_app(slack), []

    @app.shortcut("begin")
    def begin(ack: Ack, shortcut: Json) -> None:
        triggers.append(shortcut["trigger_id"])
        ack()

    client = client_of(slack)
    with connected(slack, app):
        trainer.uses_shortcut("begin")
        trainer.uses_shortcut("begin")
    client.views_open(trigger_id=triggers[0], view=modal())
    assert error_of(client.views_open, trigger_id=triggers[0], view=modal()) == "exchanged_trigger_id"
    clock.advance(3.1)
    assert error_of(client.views_open, trigger_id=triggers[1], view=modal()) == "expired_trigger_id"
    assert error_of(client.views_open, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
    assert error_of(client.views_push, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"


def test_updates_of_a_form_are_protected_by_its_hash(slack: SlackStandIn, trainer: Person) -> None:
    app, client = new_app(slack), client_of(slack)
    opened_by(app, modal(external_id="mine"))
    with connected(slack, app):
        trainer.uses_shortcut("begin")
        view = trainer.wait_for(trainer.view)
        updated = client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("two")))[
            "view"
        ]
        stale = error_of(client.views_update, view_id=view["id"], hash=view["hash"], view=modal())
        assert stale == "hash_conflict"
        assert trainer.view() == updated
        assert error_of(client.views_update, external_id="mine", view=modal()) == "not_found"
        assert error_of(client.api_call, "views.update", json={"view": modal()}) == "invalid_arguments"
        trainer.closes(view)
        assert error_of(client.views_update, view_id=view["id"], view=modal()) == "not_found"


def test_refuses_views_that_slack_refuses(slack: SlackStandIn, trainer: Person) -> None:
    app, errors = new_app(slack), []

    @app.shortcut("begin")
    def begin(ack: Ack, shortcut: Json, client: WebClient) -> None:
        ack()
        bad: list[Json] = [
            modal(private_metadata="x" * 3001),
            modal() | {"title": {"type": "plain_text", "text": "x" * 25}},
            modal(*[section("x" * 2_999)] * 99),
            {"type": "home", "blocks": [section()]},
        ]
        for view in bad:
            try:
                client.views_open(trigger_id=shortcut["trigger_id"], view=view)
            except SlackApiError as error:
                errors.append(error.response["error"])
        client.views_open(trigger_id=shortcut["trigger_id"], view=modal())

    with connected(slack, app):
        trainer.uses_shortcut("begin")
        trainer.wait_for(trainer.view)
    assert errors == ["invalid_arguments", "invalid_arguments", "view_too_large", "invalid_arguments"]


def test_a_person_has_at_most_three_forms_on_each_other(slack: SlackStandIn, trainer: Person) -> None:
    app = new_app(slack)
    opened_by(app, modal(section(accessory=button())))

    @app.action("press")
    def press(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        with suppress(SlackApiError):
            client.views_push(trigger_id=body["trigger_id"], view=modal(section(accessory=button())))

    with connected(slack, app):
        trainer.uses_shortcut("begin")
        ids = [trainer.wait_for(trainer.view)["id"]]
        for _ in range(2):
            trainer.clicks(trainer.view() or {}, "press")
            ids.append(trainer.wait_for(lambda: (v := trainer.view()) and v["id"] not in ids and v)["id"])
        trainer.clicks(trainer.view() or {}, "press")
        assert slack.wait_for(lambda: slack.log.calls("views.push", ok=False))
    assert slack.log.calls("views.push", ok=False)[0]["error"] == "push_limit_reached"


def test_app_home(slack: SlackStandIn, trainer: Person) -> None:
    app, opened = new_app(slack), []
    home = {"type": "home", "blocks": [section("welcome", accessory=button())]}

    @app.event("app_home_opened")
    def on_open(event: Json, client: WebClient) -> None:
        opened.append(event)
        client.views_publish(user_id=event["user"], view=home)

    @app.action("press")
    def press(ack: Ack, body: Json) -> None:
        opened.append(body)
        ack()

    with connected(slack, app):
        assert trainer.opens_home() is None
        view = trainer.wait_for(trainer.home)
        trainer.clicks(view, "press")
        again = trainer.opens_home()
    assert (opened[0]["tab"], opened[0]["channel"]) == ("home", trainer.dm)
    assert opened[1]["container"] == {"type": "view", "view_id": view["id"]}
    assert again is not None
    stale = error_of(client_of(slack).views_publish, user_id=trainer.id, view=home, hash="1.x")
    assert stale == "hash_conflict"
    nobody = error_of(client_of(slack).views_publish, user_id="U0NOBODY", view=home)
    assert nobody == "invalid_arguments"
