"""What cannot be read is told and logged by what is wrong with it: nothing that stands in it is quoted."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.controller.damage import Damage
from bot.controller.model import Key
from bot.controller.schema import Reading
from bot.kinds import CALLED, SCHEMAS
from tests.attacks.kinds import row_of

SECRET = "WhoEarnsWhat"
WORDS = {
    "question": ("Why?",),
    "kept": ("Why?", "claims-router"),
    "lease": ("claims-router",),
    "notification": ("Hello",),
}
"""What stands in them that only those of their channel may read, by kind."""


def _damaged(spec: Any) -> Iterator[Any]:
    """Return what becomes of a spec by each member that is missing, or of which the secret is the value."""
    if not isinstance(spec, dict):
        return
    for name, value in spec.items():
        if name == "v":
            continue  # a version is told, and is nobody's words
        yield {other: each for other, each in spec.items() if other != name}
        yield {**spec, name: SECRET}
        yield {**spec, name: [SECRET]}
        for each in _damaged(value):
            yield {**spec, name: each}


@pytest.mark.parametrize("kind", WORDS)
def test_what_is_damaged_is_not_quoted(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """Tried: reading questions and names of a private channel in the log, or as an operator, once they are damaged."""
    row = row_of(kind)
    text = row["spec"]
    for word in WORDS[kind]:
        assert word in text
        text = text.replace(word, SECRET)
    damage = Damage(CALLED)
    reading = Reading(SCHEMAS, damage)
    broken = [json.dumps(each) for each in _damaged(json.loads(text))] + [text[:-1]]
    with caplog.at_level(logging.DEBUG):
        for number, spec in enumerate(broken):
            reading.resource(Key(kind, str(number)), spec, 1, row["status"], 1, done=False, due_at=None)
    told = [why for _, _, why in damage.take_untold()]
    assert len(told) > 3
    assert [each for each in told if SECRET in each] == []
    assert SECRET not in caplog.text
