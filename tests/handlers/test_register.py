"""What Bolt demands of listeners, and what Slack demands of an app: held against what is registered."""

import re
from pathlib import Path

import pytest
from slack_bolt.listener import CustomListener

import handlers
from handlers.commands import catalogue
from handlers.core import Command
from handlers.register import all_actions, all_events, all_shortcuts, all_views
from tests.handlers.door import Door, words

HANDLERS = Path(str(handlers.__file__)).parent
BOLT_FILLS = {
    "logger", "client", "req", "request", "resp", "response", "context", "body", "options", "shortcut", "action",
    "view", "command", "event", "message", "step", "ack", "say", "respond", "complete", "fail", "next", "next_",
    "payload",
}  # fmt: skip


def test_every_argument_of_every_listener_is_one_that_bolt_fills(door: Door) -> None:
    seen = 0
    for listener in door.app._listeners:
        assert isinstance(listener, CustomListener)
        assert set(listener.arg_names) <= BOLT_FILLS, listener.ack_function
        for middleware in listener.middleware:
            assert set(getattr(middleware, "arg_names", ())) <= BOLT_FILLS
            seen += 1

    assert seen >= len(all_events())


def test_everything_that_is_found_is_registered_once(door: Door) -> None:
    ids = [each.action_id for each in all_actions()]
    assert len(ids) == len(set(ids))
    assert len({each.callback_id for each in all_views()}) == len(all_views())
    assert len({each.callback_id for each in all_shortcuts()}) == len(all_shortcuts())
    assert len({each.name for each in all_events()}) == len(all_events())
    slashes = {each.slash for each in catalogue()}
    # All buttons have one listener, and all forms.
    everything = len(slashes) + 1 + len(all_shortcuts()) + 1 + len(all_events())
    assert len(door.app._listeners) == everything


@pytest.mark.slow
@pytest.mark.parametrize("command", catalogue(), ids=lambda each: each.key)
def test_every_command_explains_itself(door: Door, command: Command) -> None:
    assert re.match(rf"{command.slash}( {command.name})?( |$)", command.usage)
    assert command.example.startswith(command.slash)
    assert command.details.endswith(".")
    assert not command.summary.endswith(".")
    assert len(command.summary) <= 75
    door.command(f"help {command.name}")
    assert len(door.webhooks) == 1


@pytest.mark.slow
@pytest.mark.parametrize("command", catalogue(), ids=lambda each: each.key)
def test_the_example_of_every_command_is_understood(door: Door, command: Command) -> None:
    text = command.example.removeprefix(command.slash).strip()

    assert door.command(text, slash=command.slash).status == 200

    said = "\n".join(words(body) for body in door.webhooks)
    assert not re.search("I don't know what|I cannot read|missing|is no file|Something broke", said)


def test_every_button_that_is_drawn_has_a_listener() -> None:
    known = {each.action_id for each in all_actions()}
    source = "\n".join(path.read_text() for path in HANDLERS.rglob("*.py"))
    drawn = set(
        re.findall(
            r'button\([^()]*?(?:\([^()]*\)[^()]*?)*"((?:job|lease|model|dataset|validate)\.\w+)"', source
        )
    )

    assert drawn
    assert drawn <= known
