"""Signed requests of other workspaces, and people who are no members of ours: refused at the door, by every way in."""

import copy
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.access import Access
from bot.errors import Unavailable
from bot.memberships import Membership
from bot.visibility import Sight, Viewer
from handlers.register import all_actions, all_shortcuts, all_views
from handlers.workspace import MOST_LOGGED, Gate, Workspace, is_ours
from tests.doubles.memberships import FakeMemberships
from tests.doubles.visibility import FakeChannelMemberships
from tests.handlers.door import BOT, CHANNEL, DIRECT, RESPONSE_URL, TEAM, USER, Door, Json, make_door, words
from tests.tables import table
from tests.unit.jobs.samples import ACCESS

OTHER = "T0OTHER"


def command(text: str = "jobs", slash: str = "/tune") -> Json:
    return {
        "command": slash,
        "text": text,
        "user_id": USER,
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "trigger_id": "t1",
        "response_url": RESPONSE_URL,
    }


def press(action_id: str = "plan.start", value: str = "job:x") -> Json:
    return {
        "type": "block_actions",
        "user": {"id": USER, "team_id": TEAM},
        "team": {"id": TEAM},
        "channel": {"id": CHANNEL},
        "container": {"type": "message", "message_ts": "5.0", "channel_id": CHANNEL},
        "message": {"ts": "5.0"},
        "trigger_id": "t1",
        "response_url": RESPONSE_URL,
        "actions": [
            {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "6.0"}
        ],
    }


def shortcut(callback_id: str = "validate_file") -> Json:
    return {
        "type": "message_action",
        "callback_id": callback_id,
        "user": {"id": USER, "team_id": TEAM},
        "team": {"id": TEAM},
        "channel": {"id": CHANNEL},
        "message": {"ts": "5.0", "files": [{"id": "F0FILE", "name": "a.jsonl"}]},
        "message_ts": "5.0",
        "trigger_id": "t1",
        "response_url": RESPONSE_URL,
    }


def submission(callback_id: str = "start") -> Json:
    return {
        "type": "view_submission",
        "user": {"id": USER, "team_id": TEAM},
        "team": {"id": TEAM},
        "trigger_id": "t1",
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": "{}",
            "blocks": [],
            "state": {"values": {}},
        },
    }


def event(**event: Any) -> Json:
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": "Ev1",
        "event": {"user": USER, "team": TEAM, "ts": "10.1", "channel": CHANNEL} | event,
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "enterprise_id": None}],
    }


def mention() -> Json:
    return event(type="app_mention", text=f"<@{BOT}> hello there")


def direct() -> Json:
    return event(type="message", channel=DIRECT, channel_type="im", text="hello there")


def shared() -> Json:
    files = [{"id": "F0FILE", "name": "a.jsonl"}]
    return event(type="message", subtype="file_share", channel_type="channel", text="look", files=files)


def home() -> Json:
    return event(type="app_home_opened", tab="home", channel=DIRECT)


WAYS: dict[str, Json] = {
    "a command": command(),
    "a question": command("hello", "/ask"),
    "a command without words": command(""),
    "a mention": mention(),
    "a direct message": direct(),
    "a file in a channel": shared(),
    "the home": home(),
    **{f"the button {each.action_id}": press(each.action_id) for each in all_actions()},
    "a button of an older version": press("old.one"),
    **{f"the shortcut {each.callback_id}": shortcut(each.callback_id) for each in all_shortcuts()},
    **{f"the form {each.callback_id}": submission(each.callback_id) for each in all_views()},
}
EVENTS = ("a mention", "a direct message", "a file in a channel", "the home")


def told(door: Door, response: Any) -> str:
    """Return everything that was said, wherever."""
    calls = [arguments for _, arguments in door.client.made]
    return "\n".join([words({"x": door.webhooks}), words({"x": calls}), str(response.body or "")])


def effects(door: Door) -> list[Any]:
    """Return what was asked of the services."""
    return [*door.uploads.calls, *door.questions.asked, *door.leases.calls, *door.store.of_kind("job")]


def of_another(body: Json, way: str) -> Json:
    """Return the payload as another workspace would send it."""
    changed = copy.deepcopy(body)
    if "event" in changed:
        changed |= {"team_id": OTHER, "authorizations": [{"team_id": OTHER, "user_id": BOT, "is_bot": True}]}
    elif "team" in changed:
        changed |= {"team": {"id": OTHER}, "user": {"id": USER, "team_id": OTHER}}
    else:
        changed |= {"team_id": OTHER}
    return changed


CLAIMS: dict[str, Callable[[Json], Json]] = {
    "another workspace": lambda body: of_another(body, ""),
    "another organisation": lambda body: (
        body | {"authorizations": [{"team_id": TEAM, "enterprise_id": "E0OTHER"}]}
        if "event" in body
        else body | {"enterprise": {"id": "E0OTHER"}, "enterprise_id": "E0OTHER"}
    ),
    "no workspace": lambda body: (
        {
            key: {"id": USER} if key == "user" else each
            for key, each in body.items()
            if key not in ("team", "team_id", "authorizations")
        }
        | (
            {"event": {key: each for key, each in body["event"].items() if key != "team"}}
            if "event" in body
            else {}
        )
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS)
def test_a_request_of_another_workspace_does_nothing_and_is_logged_once(
    claim: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Tried: requests that Slack signed for another workspace that has the app."""
    with table() as row, caplog.at_level(logging.WARNING):
        for way, payload in WAYS.items():
            with row(way):
                caplog.clear()
                door = make_door()
                body = CLAIMS[claim](payload)

                first = door.deliver(body)
                door.deliver(body | {"trigger_id": "t2", "event_id": "Ev2"})

                assert first.status == 200
                assert effects(door) == []
                assert len([each for each in caplog.records if "is refused" in each.message]) == 1
                if way in EVENTS:
                    assert door.client.calls("chat.postEphemeral") + door.client.calls("views.publish") == []
                else:
                    assert "another workspace" in told(door, first)


def test_an_event_of_another_workspace_is_not_ours_for_its_authorization_alone() -> None:
    ours = Workspace(TEAM)
    body = mention()

    assert is_ours(body, ours)
    assert not is_ours(body | {"team_id": OTHER}, ours)
    assert is_ours(body | {"team_id": OTHER, "is_ext_shared_channel": True}, ours), (
        "its author's, in a shared channel"
    )
    assert not is_ours(body | {"authorizations": [{"team_id": OTHER}], "is_ext_shared_channel": True}, ours)
    assert not is_ours(body | {"enterprise_id": "E1"}, ours)
    assert is_ours(body | {"enterprise_id": "E1"}, Workspace(TEAM, "E1"))


def test_however_many_workspaces_knock_the_log_stays_short(caplog: pytest.LogCaptureFixture) -> None:
    door = make_door()

    with caplog.at_level(logging.WARNING):
        for number in range(3 * MOST_LOGGED):
            door.deliver(command() | {"team_id": f"T{number}", "trigger_id": f"t{number}"})

    assert len([each for each in caplog.records if "is refused" in each.message]) == MOST_LOGGED


# People who are no members


OUTSIDERS = (Membership.GUEST, Membership.PARTNER, Membership.DEACTIVATED, Membership.UNKNOWN)


def access(is_what: Membership, **changes: Any) -> Access:
    return replace(ACCESS, people=FakeMemberships(**{USER: is_what}), **changes)


@pytest.mark.slow
@pytest.mark.parametrize("is_what", OUTSIDERS)
def test_who_is_no_member_does_nothing_and_is_told_so(is_what: Membership) -> None:
    """Tried: guests and people of other workspaces, by every way in."""
    with table() as row:
        for way, payload in WAYS.items():
            with row(way):
                door = make_door(access(is_what))

                response = door.deliver(payload)

                assert effects(door) == []
                assert f"you are {is_what.value}" in told(door, response)
                assert "open it for you" in told(door, response)


def test_whom_the_operator_has_opened_it_for_is_let_in() -> None:
    with table() as row:
        for way in ("a command", "a question", "a mention", "a direct message", "the home"):
            with row(way):
                door = make_door(access(Membership.GUEST, guests=frozenset({USER})))

                response = door.deliver(WAYS[way])

                assert "open it for you" not in told(door, response)
                assert told(door, response).strip() or effects(door)


def test_a_partner_of_a_shared_channel_is_told_by_the_payload_whatever_slack_says_of_them() -> None:
    with table() as row:
        for way in ("a mention", "a direct message", "a file in a channel", "a command", "the form start"):
            with row(way):
                door = make_door()

                response = door.deliver(_of_a_partner(WAYS[way]))

                assert response.status == 200
                assert effects(door) == []
                if way == "a file in a channel":
                    assert door.client.made == []
                else:
                    assert "another workspace" in told(door, response)


def _of_a_partner(payload: Json) -> Json:
    body = copy.deepcopy(payload)
    if "event" in body:
        body |= {"is_ext_shared_channel": True, "team_id": OTHER}
        body["event"] |= {"user_team": OTHER, "source_team": OTHER, "team": OTHER}
    else:
        body["user"] = {"id": USER, "team_id": OTHER}
    return body


PARTNERS_WAYS = {
    **{f"the button {each.action_id}": press(each.action_id) for each in all_actions()},
    **{f"the shortcut {each.callback_id}": shortcut(each.callback_id) for each in all_shortcuts()},
    **{f"the form {each.callback_id}": submission(each.callback_id) for each in all_views()},
}
"""What somebody of another workspace can reach in a shared channel, and what our app opens for them."""


def by_partner(way: str, *, ours: bool = True) -> Json:
    """Return it as somebody of another workspace does it: it names theirs. ``ours``: our app opened the form."""
    body = copy.deepcopy(WAYS[way]) | {"team": {"id": OTHER}, "user": {"id": USER, "team_id": OTHER}}
    if "view" in body:
        body["view"]["app_installed_team_id"] = TEAM if ours else OTHER
    return body


def test_a_partner_is_let_in_exactly_where_the_operator_opened_it_and_the_bot_meets_them() -> None:
    """A press in a shared channel names the workspace of whoever pressed. Tried: each way, with each thing missing."""
    opened = frozenset({USER})
    rows = [
        # opened for them; the channel is shared, and the bot is in it; our app's form
        (opened, True, True, True, True),
        (frozenset[str](), True, True, True, False),
        (frozenset({"UELSE"}), True, True, True, False),
        (opened, False, True, True, False),
        (opened, True, False, True, False),
        (opened, True, True, False, False),
    ]
    wrong: list[Any] = []
    for guests, foreign, joined, ours, let_in in rows:
        memberships = FakeChannelMemberships()
        memberships.public(CHANNEL, foreign=foreign, joined=joined)
        door = make_door(access(Membership.PARTNER, guests=guests), memberships=memberships)
        gate = Gate(door.access, Sight(Viewer("", ""), memberships).is_shared_with_others)
        for way in PARTNERS_WAYS:
            is_form = way.startswith("the form")
            expected = let_in or (is_form and ours and guests == opened)
            if is_form or ours:
                refused = gate.refusal(by_partner(way, ours=ours), Workspace(TEAM))
                if (refused is None) is not expected:
                    wrong.append((way, guests, foreign, joined, ours, refused))
    assert wrong == []


def test_whom_it_was_opened_for_has_no_other_way_in_by_naming_another_workspace() -> None:
    memberships = FakeChannelMemberships()
    memberships.public(CHANNEL, foreign=True)
    gate = Gate(
        access(Membership.PARTNER, guests=frozenset({USER})),
        Sight(Viewer("", ""), memberships).is_shared_with_others,
    )
    third = press() | {"team": {"id": "T0THIRD"}, "user": {"id": USER, "team_id": OTHER}}
    tried = {
        "a workspace that is not theirs": third,
        "a command": command() | {"team_id": OTHER},
        "an event": of_another(mention(), ""),
        "a direct message": by_partner("the button plan.start") | {"channel": {"id": DIRECT}},
        "no channel": {k: v for k, v in by_partner("the button plan.start").items() if k != "channel"},
        "a form of another installation": by_partner("the form start", ours=False),
    }
    assert [name for name, body in tried.items() if gate.refusal(body, Workspace(TEAM)) is None] == []


def test_a_partners_press_is_done_and_one_elsewhere_is_refused_with_words() -> None:
    """Tried: a partner's press in a channel that is not shared with them."""
    for foreign in (True, False):
        memberships = FakeChannelMemberships()
        memberships.public(CHANNEL, foreign=foreign)
        door = make_door(access(Membership.PARTNER, guests=frozenset({USER})), memberships=memberships)
        answer = told(door, door.deliver(by_partner("the button validate.form")))
        assert ("another workspace" in answer) is not foreign
        assert bool(door.client.calls("views.open")) is foreign


def test_while_slack_does_not_say_what_a_channel_is_a_partner_is_asked_to_try_again() -> None:
    memberships = FakeChannelMemberships()
    memberships.away = Unavailable("Slack did not answer.")
    door = make_door(access(Membership.PARTNER, guests=frozenset({USER})), memberships=memberships)
    response = door.deliver(by_partner("the button validate.form"))
    assert response.status == 200
    assert "Try again in a minute" in told(door, response)
    assert "another workspace" not in told(door, response)
    assert door.client.calls("views.open") == []


def test_while_slack_does_not_say_who_somebody_is_nothing_is_done_and_a_question_comes_again() -> None:
    people = FakeMemberships()
    people.down = True
    door = make_door(replace(ACCESS, people=people))

    assert door.deliver(mention()).status == 500, "so Slack delivers it again"
    door.deliver(command())
    assert effects(door) == []
    assert "could not be reached" in door.said
