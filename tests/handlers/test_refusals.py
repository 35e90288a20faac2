"""Who may not do what is in the audit, at every door; and what somebody typed is not."""

from typing import Any

from bot.errors import Unavailable
from tests.handlers.door import Door


def told(door: Door) -> list[tuple[str, str, str]]:
    found = [each.document() for each in door.trail.entries]
    return [(each["what"], each["about"], each["actor"]) for each in found]


def test_each_door_tells_who_was_refused(door: Door) -> None:
    door.user = "UNOBODY"
    door.command("serve the-secret-name for 2h")
    door.press("plan.approve", "job:1@5")
    door.event(
        {
            "type": "app_mention",
            "user": "UNOBODY",
            "channel": "C1",
            "ts": "1.0",
            "text": "<@UBOT> tune serve x",
        }
    )
    assert [each for each in told(door) if each[0] != "refused" or each[2] != "UNOBODY"] == []
    assert [about for _, about, _ in told(door)][:2] == ["/tune serve", "plan.approve"]
    assert "secret" not in str(door.trail.entries)


def test_a_store_that_is_away_does_not_keep_the_refusal_from_being_said(door: Door, monkeypatch: Any) -> None:
    def away(_: object) -> None:
        raise Unavailable("Redis is away.")

    monkeypatch.setattr(door.trail, "append", away)
    door.user = "UNOBODY"
    door.command("serve claims for 2h")
    assert "trainer" in str(door.webhooks)
