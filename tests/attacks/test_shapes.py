"""Every field of every kind of payload, spoilt in every way: nothing escapes a listener, and who waits is answered.

Slack signs what it sends, so such payloads come from defects and versions rather than from people; but one that fails
is delivered again and again, and one that is swallowed leaves a person waiting.
"""

import copy
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from handlers.shapes import is_routable, tidied
from tests.attacks.test_workspace import (
    command,
    direct,
    effects,
    event,
    home,
    mention,
    press,
    shared,
    shortcut,
    submission,
)
from tests.examples import some
from tests.handlers.door import CHANNEL, DIRECT, TEAM, USER, Door, Json, make_door, words
from tests.tables import table

MISSING = object()
SPOILT: dict[str, Any] = {
    "missing": MISSING,
    "null": None,
    "empty": "",
    "a list": [],
    "a list of lists": [[[]], None, 3],
    "an object": {},
    "an object of others": {"id": 3, "text": {"text": []}, "type": None},
    "a number": -1,
    "true": True,
    "20 kB": "x" * 20_000,
    "control characters": "\x00\x1b[2J\u202e\n",
    "a lone surrogate": "\ud83d",
}


def form() -> Json:
    """Return the form of a start as it is submitted."""
    body = submission("start")
    body["view"]["private_metadata"] = '{"v": 1, "channel": "C1", "thread_ts": null}'
    body["view"]["blocks"] = [{"type": "input", "block_id": "dataset", "element": {"type": "static_select"}}]
    body["view"]["state"] = {
        "values": {
            "dataset": {"dataset": {"type": "static_select", "selected_option": {"value": "x"}}},
            "job_name": {"job_name": {"type": "plain_text_input", "value": "a"}},
            "profile": {"profile": {"type": "static_select", "selected_option": {"value": "claude-3-haiku"}}},
        }
    }
    return body


def rows() -> Json:
    """Return the form of the rows of a report as it is submitted."""
    body = submission("rows")
    body["view"]["private_metadata"] = (
        '{"v": 1, "upload": "abc", "channel": "C1", "thread_ts": null, "page": 0, "drop": [1], "repairs": true}'
    )
    body["view"]["blocks"] = [{"type": "input", "block_id": "row.0", "element": {"type": "radio_buttons"}}]
    body["view"]["state"] = {
        "values": {"row.0": {"choice": {"type": "radio_buttons", "selected_option": {"value": "drop"}}}}
    }
    return body


def upload() -> Json:
    """Return the form that takes a file as it is submitted."""
    body = submission("validate")
    body["view"]["private_metadata"] = '{"v": 1, "channel": "C1", "thread_ts": null}'
    body["view"]["state"] = {
        "values": {"file": {"file": {"type": "file_input", "files": [{"id": "F0FILE", "name": "a.jsonl"}]}}}
    }
    return body


def choice() -> Json:
    """Return a choice in the form of a start that is open."""
    body = press("start.base", "nova-micro")
    del body["channel"], body["message"]
    body["container"] = {"type": "view", "view_id": "V1"}
    body["view"] = form()["view"] | {"hash": "h"}
    body["actions"] = [
        {
            "type": "static_select",
            "action_id": "start.base",
            "block_id": "profile",
            "selected_option": {"value": "nova-micro", "text": {"type": "plain_text", "text": "x"}},
            "action_ts": "6.0",
        }
    ]
    return body


def stopped() -> Json:
    return event(type="agent_session_stopped", thread_ts="10.1", streaming_message_ts=["11.0"])


PAYLOADS: dict[str, Json] = {
    "a command": command("serve claims-router for 2h"),
    "a question": command("hello there", "/ask"),
    "a button": press("plan.start", "job:x"),
    "a choice in a form": choice(),
    "a form": form(),
    "a form of rows": rows(),
    "a form with a file": upload(),
    "a shortcut": shortcut(),
    "a mention": mention(),
    "a direct message": direct(),
    "a shared file": shared(),
    "the home": home(),
    "the messages": event(type="app_home_opened", tab="messages", channel=DIRECT),
    "a file event": event(type="file_shared", file_id="F0FILE", user_id=USER, channel_id=CHANNEL),
    "a stop": stopped(),
    "an uninstall": event(type="app_uninstalled"),
    "revoked tokens": event(type="tokens_revoked", tokens={"oauth": [], "bot": [USER]}),
}
WAITS = (
    "a command",
    "a question",
    "a button",
    "a form",
    "a form of rows",
    "a form with a file",
    "a shortcut",
)
"""Somebody waits for the answer, whatever is in it: here a payload may not end in silence."""
NEEDED = {
    ("type",),
    ("response_url",),
    ("user", "id"),
    ("user",),
    ("user_id",),
    ("channel",),
    ("channel_id",),
    ("channel", "id"),
}
"""Without these nobody can be reached, or nobody knows what it is."""


def fields(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the path of every field, the first of each list included."""
    if isinstance(node, dict):
        for key, each in node.items():
            yield (*path, key)
            yield from fields(each, (*path, key))
    elif isinstance(node, list) and node:
        yield (*path, 0)
        yield from fields(node[0], (*path, 0))


def spoil(body: Json, path: tuple[Any, ...], value: Any) -> Json:
    changed = copy.deepcopy(body)
    node: Any = changed
    for key in path[:-1]:
        node = node[key]
    if value is not MISSING:
        node[path[-1]] = value
    elif isinstance(node, list):
        node.pop(path[-1])
    else:
        del node[path[-1]]
    return changed


def said(door: Door, response: Any) -> str:
    calls = [arguments for _, arguments in door.client.made]
    return words({"x": [*door.webhooks, *calls]}) + str(response.body or "")


class Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def deliver(door: Door, body: Json) -> Any:
    """Deliver it and return Bolt's answer; whatever escapes, or is a defect in the log, fails the test."""
    # In the place of all handlers: pytest's own would send lone surrogates between its processes, which cannot be.
    root, log = logging.getLogger(), Kept()
    before, root.handlers = root.handlers, [log]
    try:
        response = door.deliver(body)
    finally:
        root.handlers = before
    assert [
        ascii(each.getMessage()) for each in log.records if each.levelno >= logging.ERROR or each.exc_info
    ] == []
    return response


@pytest.mark.slow
@pytest.mark.parametrize("kind", PAYLOADS)
def test_nothing_escapes_a_listener_whatever_a_field_holds(kind: str) -> None:
    body = PAYLOADS[kind]
    with table() as row:
        for how, value in SPOILT.items():
            for path in some(each for each in fields(body) if each != ("response_url",)):
                with row(how, path):
                    door = make_door()

                    response = deliver(door, spoil(body, path, value))

                    assert response.status == 200
                    if kind in WAITS and path not in NEEDED:
                        assert said(door, response).strip() or effects(door)


NOTHING_FOR: list[Json] = [
    {"team_id": TEAM},
    {"team_id": TEAM, "type": "nothing"},
    {"team_id": TEAM, "type": 3},
    {"team_id": TEAM, "type": "view_closed", "view": {}},
    event(type="reaction_added"),
    event(type=""),
    press() | {"type": "interactive_message", "callback_id": "x"},
    press() | {"type": "block_suggestion", "action_id": "x", "value": "y"},
    submission() | {"type": "view_closed"},
    shortcut("another") | {"type": "shortcut"},
    shortcut("another"),
    press() | {"type": "dialog_submission", "callback_id": "x"},
]
"""Kinds that nobody knows, and kinds that we have nothing for."""


def test_what_nothing_here_is_for_is_acknowledged() -> None:
    with table() as row:
        for body in NOTHING_FOR:
            with row(body):
                assert deliver(make_door(), body).status == 200


def test_a_command_that_is_none_of_ours_is_answered() -> None:
    door = make_door()

    assert "/tune help" in said(door, deliver(door, command("x", "/other")))


def test_that_slack_withholds_events_is_logged_once_for_each_minute(caplog: pytest.LogCaptureFixture) -> None:
    door = make_door()
    body = {
        "type": "app_rate_limited",
        "token": "x",
        "team_id": TEAM,
        "api_app_id": "A1",
        "minute_rate_limited": 7,
    }

    with caplog.at_level(logging.WARNING):
        statuses = [door.deliver(body | {"minute_rate_limited": minute}).status for minute in (7, 7, 8)]

    assert statuses == [200, 200, 200]
    assert len([each for each in caplog.records if "withholds events" in each.message]) == 2


EDITED = event(
    type="message", channel=DIRECT, channel_type="im", subtype="message_changed", message={"text": "hello"}
)
DELETED = event(
    type="message", channel=DIRECT, channel_type="im", subtype="message_deleted", deleted_ts="1.0"
)


def _hidden(subtype: str, **more: object) -> Json:
    return event(type="message", channel=DIRECT, channel_type="im", subtype=subtype, **more)


NO_TIME: list[Any] = [None, 3, {}, ["1.0"], ""]
NO_QUESTION: list[tuple[Json, list[str]]] = [
    (EDITED, []),
    (DELETED, ["take_back"]),
    (event(type="message", channel_type="im", bot_id="B2", text="hi"), []),
    *((_hidden("message_deleted", deleted_ts=each), []) for each in NO_TIME),
    *((_hidden("message_changed", message=each), []) for each in [*NO_TIME, {"subtype": "tombstone"}]),
    (_hidden("message_deleted", deleted_ts="1.0", previous_message={"thread_ts": 3}), ["take_back"]),
]
"""With what comes of each: a question that is deleted is taken back."""


def test_what_no_person_wrote_just_now_is_no_question() -> None:
    with table() as row:
        for body, comes in NO_QUESTION:
            with row(body):
                door = make_door()

                assert door.deliver(body).status == 200
                assert effects(door) == comes
                assert door.client.made == []


def test_several_files_in_one_message_are_each_taken_once() -> None:
    door = make_door()
    body = shared()
    body["event"]["files"] = [{"id": f"F0FILE{number}", "name": "a.jsonl"} for number in range(3)]

    for number in range(2):
        door.deliver(body | {"event_id": f"Ev{number}"})

    assert {call[0] for call in door.uploads.calls} == {"F0FILE0", "F0FILE1", "F0FILE2"}


NULLS: Json = {"enterprise": None, "is_enterprise_install": False, "response_urls": [], "function_data": None}
"""What Slack sends beside the rest of an installation in no organisation."""


def test_what_can_be_read_is_left_as_it_is() -> None:
    with table() as row:
        for kind, payload in PAYLOADS.items():
            with row(kind):
                body = copy.deepcopy(payload) | NULLS
                if "view" in body:
                    body["view"]["blocks"] = [*body["view"]["blocks"], {"type": "divider"}]

                assert tidied(body) == body
                assert is_routable(body)


def test_what_bolt_finds_no_way_with_is_not_given_to_it() -> None:
    bodies: list[Json] = [
        press() | {"actions": []},
        press() | {"actions": [3]},
        press() | {"team": 3},
        submission() | {"view": {"type": "modal"}},
        submission() | {"view": None},
        mention() | {"event": "x"},
        mention() | {"authorizations": [None]},
        event(type="message", channel=3),
    ]
    with table() as row:
        for body in bodies:
            with row(body):
                assert not is_routable(body)
                assert is_routable(tidied(body))


def test_what_slack_writes_as_null_is_as_good_as_not_there() -> None:
    for body in PAYLOADS.values():
        for name in ("enterprise", "team", "channel"):
            whole = body | {name: None}
            assert tidied(whole) == whole, "or a press behind the HTTP door is turned away"


@pytest.mark.parametrize(
    "failure", [ValueError("unknown url type: '\\x00'"), OSError("used up"), KeyError("url")]
)
def test_an_address_for_the_answer_that_is_none_leads_to_another_way(failure: Exception) -> None:
    door = make_door()
    door.webhook_error = failure

    deliver(door, command("help"))

    assert "What Tunesmith can do" in said(door, deliver(door, command("help") | {"trigger_id": "t2"}))
