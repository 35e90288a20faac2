"""``tunesmith moved``, as an operator types it, with a Slack of this test's own."""

from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from typer.testing import CliRunner, Result

from bot.audit.chain import Chain
from bot.cli import build
from bot.cli.moved import ACTOR
from storage.keys import Keys
from storage.redis_audit import RedisAudit
from storage.redis_moves import RedisMoves
from tests.doubles.visibility import FakeChannelMemberships
from tests.doubles.who_is_where import answered, said_of
from tests.tables import table
from tests.unit.test_config import GOOD

pytestmark = pytest.mark.redis_server
OLD, NEW, OPEN, ALONE = "G0OLD", "C0NEW", "C0OPEN", "C0ALONE"


class House:
    """A Slack that has one private channel with the bot, by its new ID; and what the operator types."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self.moves, self._audit = RedisMoves(redis, keys), RedisAudit(redis, keys, Chain())
        self.people = FakeChannelMemberships()
        self.people.gone(OLD)
        self.people.gone(ALONE)
        self.people.private(NEW, "U1", name="claims")
        self.people.public(OPEN, "U1", name="general")

    def says(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Answer a call, in the place of the SDK's own."""
        asked = arguments.get("params") or {}
        missing = self.people.place(asked["channel"]) is None
        return answered(
            {"error": "channel_not_found"} if missing else said_of(self.people, api_method, asked)
        )

    def typed(self, *words: str, answer: str = "") -> Result:
        return CliRunner().invoke(build(["moved", "audit"]), ["moved", *words], input=answer)

    @property
    def entered(self) -> list[tuple[str, str, str]]:
        """What the audit has: who, what, of which."""
        found = [each.document() for each in self._audit.read()]
        return [
            (str(each["actor"]), str(each["what"]), f"{each['about']} {each['result']}") for each in found
        ]


@pytest.fixture
def house(
    redis_client: Redis, redis_url: str, redis_keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> House:
    monkeypatch.chdir(tmp_path)
    prefix = redis_keys.root.strip("{}")
    settings = {**{name: str(value) for name, value in GOOD.items()}, "REDIS_URL": redis_url}
    for name, value in {**settings, "TUNESMITH_REDIS_PREFIX": prefix}.items():
        monkeypatch.setenv(name, value)
    for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "TUNESMITH_AUDIT_KEY"):
        monkeypatch.delenv(name, raising=False)
    made = House(redis_client, redis_keys)
    monkeypatch.setattr(WebClient, "api_call", lambda _, method, **more: made.says(method, **more))
    return made


def test_it_is_said_entered_and_taken_back(house: House) -> None:
    said = house.typed(OLD, NEW, answer="y\n")
    assert said.exit_code == 0, said.output
    assert f"for everybody in #{NEW} ({NEW})" in said.output
    assert dict(house.moves.all()) == {NEW: OLD}
    assert house.entered == [(ACTOR, "said that it moved", f"{OLD} to {NEW}")]
    assert house.typed(OLD, NEW, "--undo").exit_code == 0
    assert dict(house.moves.all()) == {}
    assert house.entered[1:] == [(ACTOR, "took back that it moved", f"{OLD} to {NEW}")]
    assert house.typed(OLD, NEW, "--yes").exit_code == 0
    assert dict(house.moves.all()) == {NEW: OLD}


def test_what_is_not_so_is_neither_kept_nor_entered(house: House) -> None:
    house.people.private("G0THERE", "U1")
    tried = {
        "it is there still": ("G0THERE", NEW, "--yes"),
        "a channel without the bot": (OLD, ALONE, "--yes"),
        "a public one": (OLD, OPEN, "--yes"),
        "no channel": (OLD, "claims", "--yes"),
        "nothing to take back": (OLD, NEW, "--undo"),
        "not agreed to": (OLD, NEW),
    }
    with table() as row:
        for name, words in tried.items():
            with row(name):
                assert house.typed(*words, answer="n\n").exit_code != 0
                assert dict(house.moves.all()) == {}
                assert house.entered == []
