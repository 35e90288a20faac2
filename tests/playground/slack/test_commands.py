"""Slash commands, their answers, and what a person sees when the app says nothing."""

import pytest
from slack_bolt import Ack, App, Respond

from bot.playground.slack import Person, SeenByPerson, SlackStandIn
from tests.playground.slack.support import ManualClock, connected, new_app, section


def test_delivers_what_was_typed(slack: SlackStandIn, trainer: Person) -> None:
    app, seen = new_app(slack), []

    @app.command("/play")
    def play(ack: Ack, command: dict[str, str]) -> None:
        seen.append(command)
        ack()

    with connected(slack, app):
        trainer.slash("/play", "a <b> & @amir")
        trainer.slash("/play", "", trainer.dm)
    first, second = seen
    assert first["text"] == "a <b> & @amir"
    assert (first["user_id"], first["user_name"], first["channel_name"]) == (trainer.id, "tess", "claims-ai")
    assert {
        "team_id",
        "team_domain",
        "api_app_id",
        "response_url",
        "trigger_id",
        "is_enterprise_install",
    } <= set(first)
    assert (second["channel_name"], second["text"]) == ("directmessage", "")


def test_escapes_when_the_manifest_says_so(clock: ManualClock) -> None:
    manifest = {
        "display_information": {"name": "X"},
        "features": {"slash_commands": [{"command": "/x", "description": "x", "should_escape": True}]},
        "oauth_config": {"scopes": {"bot": ["commands"]}},
        "settings": {"socket_mode_enabled": True},
    }
    with SlackStandIn(manifest, clock=clock) as slack:
        app, seen = new_app(slack), []

        @app.command("/x")
        def run(ack: Ack, command: dict[str, str]) -> None:
            seen.append(command["text"])
            ack()

        with connected(slack, app):
            slack.person("trainer").slash("/x", "@amir #claims-ai <b>")
    assert seen == ["<@U0APPROVE1> <#C0CLAIMSAI|claims-ai> &lt;b&gt;"]


def test_shows_what_the_acknowledgement_says(slack: SlackStandIn, trainer: Person) -> None:
    app = new_app(slack)

    @app.command("/play")
    def play(ack: Ack, command: dict[str, str]) -> None:
        if command["text"] == "aloud":
            ack("for all", response_type="in_channel")
        else:
            ack(blocks=[section("for you")], text="for you")

    with connected(slack, app):
        trainer.slash("/play", "quietly")
        trainer.slash("/play", "aloud")
    assert [(m["text"], m["ephemeral"]) for m in trainer.sees("claims-ai")] == [
        ("for you", True),
        ("for all", False),
    ]
    assert [m["text"] for m in slack.person("asker").sees("claims-ai")] == ["for all"]


def test_an_answer_that_slack_would_not_take(slack: SlackStandIn, trainer: Person) -> None:
    app = new_app(slack)

    @app.command("/play")
    def play(ack: Ack) -> None:
        ack(blocks=[{"type": "nonsense"}], text="x")

    with connected(slack, app), pytest.raises(SeenByPerson, match="didn't work"):
        trainer.slash("/play")
    assert "unsupported type: nonsense" in slack.log.of("bad_answer")[0].data["messages"][0]


def test_answers_later_by_response_url(slack: SlackStandIn, trainer: Person) -> None:
    app = new_app(slack)

    @app.command("/play")
    def play(ack: Ack, respond: Respond) -> None:
        ack()
        respond("later")

    with connected(slack, app):
        trainer.slash("/play")
        message = trainer.waits_for_message("claims-ai", lambda m: m["text"] == "later")
    assert message["ephemeral"]


def test_no_acknowledgement_in_time(impatient: SlackStandIn) -> None:
    with connected(impatient, new_app(impatient)), pytest.raises(SeenByPerson) as seen:
        impatient.person("trainer").slash("/play")
    assert seen.value.text == '/play failed with the error "operation_timeout"'


def test_no_app_there(slack: SlackStandIn, trainer: Person) -> None:
    with pytest.raises(SeenByPerson, match='/play failed with the error "dispatch_failed"'):
        trainer.slash("/play")


def test_no_such_command(slack: SlackStandIn, trainer: Person) -> None:
    with pytest.raises(SeenByPerson, match="/nonsense is not a valid command"):
        trainer.slash("/nonsense", "x")


def test_not_in_a_channel_that_one_is_not_in(slack: SlackStandIn, trainer: Person) -> None:
    with pytest.raises(SeenByPerson, match="does not exist, or you are not in it"):
        trainer.slash("/play", "", "board")


def test_bolt_sees_no_lost_arguments(slack: SlackStandIn, trainer: Person) -> None:
    app: App = new_app(slack)
    users = []

    @app.command("/play")
    def play(ack: Ack, context: dict[str, str]) -> None:
        users.append((context["user_id"], context["channel_id"], context["team_id"], context["bot_user_id"]))
        ack()

    with connected(slack, app):
        trainer.slash("/play")
    assert users == [(trainer.id, "C0CLAIMSAI", slack.team_id, slack.bot_user_id)]
