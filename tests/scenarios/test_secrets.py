"""What people send and what the bot holds, looked for in the log at DEBUG: none of it is there."""

import logging
from collections.abc import Iterator

import pytest

from bot.clock import SystemClock
from bot.logs import configure
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, HOUR, claude_rows

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

NOISY = ("botocore", "boto3", "urllib3", "slack_sdk", "slack_bolt")
CARD, KEY, QUESTION, SYSTEM = "4111 1111 1111 1111", "AKIAIOSFODNN7EXAMPLE", "zanzibar", "quixotic"
"""A card number, a key, a word that is asked and one of a system prompt: nothing of it is for the log."""


@pytest.fixture
def at_debug(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log as ``TUNESMITH_LOG_LEVEL=DEBUG`` has it."""
    root = logging.getLogger()
    kept = root.handlers[:]
    noisy = {each: logging.getLogger(each).level for each in NOISY}
    formatters = [each.formatter for each in kept]
    filters = [each.filters[:] for each in kept]
    with caplog.at_level(logging.DEBUG):
        configure("DEBUG", SystemClock())
        yield caplog
    for name, level in noisy.items():
        logging.getLogger(name).setLevel(level)
    for handler, formatter, its in zip(kept, formatters, filters, strict=True):
        handler.setFormatter(formatter)
        handler.filters[:] = its


def test_no_word_key_or_token_is_in_the_log_at_debug(
    open_house: OpenHouse, at_debug: pytest.LogCaptureFixture
) -> None:
    house = open_house()
    rows = claude_rows({f"My card is {CARD} and my key {KEY}": "I do not keep it."}, 40)
    house.uploads(rows.replace(b"You answer questions about claims.", f"You are {SYSTEM}.".encode()))
    house.waits("claims")
    house.model()
    house.lease()
    house.trainer.slash("/ask", f"claims-router What of {QUESTION}?", CHANNEL)
    house.waits(QUESTION)
    house.passes(HOUR)

    log = "\n".join(f"{each.getMessage()} {each.exc_text or ''}" for each in at_debug.records)
    ours = [each for each in at_debug.records if each.name.startswith(("bot", "handlers", "storage"))]
    assert ours, "something was logged"
    secrets = [
        house.environment[name] for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
    ]
    for each in (CARD, KEY, QUESTION, SYSTEM, *secrets):
        assert each not in log
