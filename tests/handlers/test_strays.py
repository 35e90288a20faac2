"""What runs in the account beside our own, through the front door: the list, its buttons and its form."""

from datetime import timedelta

import pytest

from bot.controller.documents import dump
from bot.controller.model import RequeueAfter
from bot.profiles.model import Serving
from bot.strays.model import KIND, Stray, StrayStatus
from tests.handlers.door import Door, words

REGION, BOSS = "us-west-2", "UBOSS"


@pytest.fixture
def one(door: Door) -> str:
    """Have one been seen, and return what its buttons carry."""
    door.user = BOSS
    door.command("models elsewhere")
    assert "Nobody has looked yet" in door.said
    now = door.clock.now()
    model = (
        f"arn:aws:bedrock:{REGION}:123456789012:custom-model/anthropic.claude-3-haiku-20240307-v1:0:200k/x"
    )
    seen = Stray("arn:x", "notebook", REGION, Serving.PROVISIONED_THROUGHPUT, now - timedelta(days=3), model)
    for claim in door.store.claim(10, {KIND: 30.0}):
        strays = (seen,) if claim.resource.key.id == REGION else ()
        status = dump(StrayStatus(at=now, strays=strays))
        door.store.commit(claim, {KIND: status}, RequeueAfter(300))
    door.webhooks.clear()
    return f"{REGION} {seen.id}"


def test_it_is_listed_deleted_and_kept(door: Door, one: str) -> None:
    door.command("models elsewhere")
    assert "`notebook`" in door.said
    assert "$8.00 an hour" in door.said
    assert "arn:" not in door.said
    door.webhooks.clear()
    door.press("stray.delete", one)
    assert "Deleting `notebook` in 10 s" in door.said
    door.webhooks.clear()
    door.press("stray.take_back", one)
    assert "Kept: `notebook`" in door.said


def test_its_form_asks_how_long_and_nobody_else_gets_that_far(door: Door, one: str) -> None:
    door.press("stray.adopt", one)
    form = door.opened
    assert "$8.00 an hour" in words(form)
    assert "How long" in words(form)
    door.user = "UTRAIN"
    for press in ("stray.adopt", "stray.delete", "stray.take_back"):
        door.webhooks.clear()
        door.press(press, one)
        assert "for the operator and the approvers" in door.said, press
    door.webhooks.clear()
    door.command("models elsewhere")
    assert "notebook" not in door.said
