"""Which manifests the stand-in makes an app of: those of which Slack does."""

import copy
from collections.abc import Callable

import pytest

from bot.playground.slack.manifest import DEFAULT, InvalidManifest, Manifest
from bot.playground.slack.state import Json


def without_scope(document: Json, scope: str) -> None:
    document["oauth_config"]["scopes"]["bot"].remove(scope)


def only_optional(document: Json, scope: str) -> None:
    without_scope(document, scope)
    document["oauth_config"]["scopes"]["bot_optional"] = [scope]


WRONG: list[tuple[str, Callable[[Json], object]]] = [
    ("canvases:write is not among bot", lambda each: only_optional(each, "canvases:write")),
    ("chat:write is not among user", lambda each: each["oauth_config"]["scopes"].update(user_optional=["chat:write"])),
    ("requires_commands_bot_scope", lambda each: without_scope(each, "commands")),
    ("no fewer than 1 item", lambda each: each["features"].update(slash_commands=[])),
    ("message.im: requires one of im:history", lambda each: without_scope(each, "im:history")),
]  # fmt: skip


@pytest.mark.parametrize(("words", "spoil"), WRONG, ids=[words for words, _ in WRONG])
def test_what_slack_refuses_is_refused(words: str, spoil: Callable[[Json], object]) -> None:
    document = copy.deepcopy(DEFAULT)
    spoil(document)
    with pytest.raises(InvalidManifest, match=words):
        Manifest(document)


def test_an_optional_scope_is_asked_for_with_the_others() -> None:
    document = copy.deepcopy(DEFAULT)
    document["oauth_config"]["scopes"]["bot_optional"] = ["canvases:write"]
    assert Manifest(document).scopes == tuple(DEFAULT["oauth_config"]["scopes"]["bot"])
