"""The whole journey in real processes: the bot, a Redis server, the stand-ins; killed in the middle."""

import io
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from bot.playground import bot_process
from bot.playground.stack import Options, Stack
from bot.playground.story import CHAPTERS, tell
from handlers import manifest


@pytest.mark.scenario
@pytest.mark.redis_server
@pytest.mark.timeout(300)
def test_the_whole_journey_holds_though_the_bot_is_killed_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for turns at Slack, or until what ends something can no longer be taken back."""
    monkeypatch.setattr(bot_process, "COMMAND", (sys.executable, "-m", "tests.scenarios.hurried", "run"))
    transcript = io.StringIO()
    options = Options(tmp_path, speed=400, chunk_delay=0.0)
    stack = Stack(manifest.build("socket", None), options)
    stack.start()
    try:
        passed = tell(stack, Console(file=transcript, width=120))
    finally:
        stack.stop()

    log = (tmp_path / "bot.log").read_text(encoding="utf-8", errors="replace")
    assert passed, f"{transcript.getvalue()}\n--- the bot's log ---\n{log[-5000:]}"
    assert all(title in transcript.getvalue() for title, _ in CHAPTERS)
    assert "Traceback" not in log
    told = dict(
        zip(
            [title for title, _ in CHAPTERS],
            re.split(r"\n\d+\. .+\n", transcript.getvalue())[1:],
            strict=True,
        )
    )
    assert "`claims-router`* · in service" in told["Throughput is leased, with an approval"]
    assert "`claims-router` · " in told["The tuned model answers in the channel"], "another model answered"
