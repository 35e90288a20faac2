"""A killed stand-in goes on where it was."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from slack_bolt import Ack

from bot.playground.slack import SlackStandIn
from bot.playground.slack.store import Store, read_lines
from tests.playground.slack.support import ManualClock, button, client_of, connected, modal, new_app, section

CHANNEL = "C0CLAIMSAI"


def test_everything_is_there_after_a_restart(tmp_path: Path, clock: ManualClock) -> None:
    with SlackStandIn(clock=clock, data_dir=tmp_path) as slack:
        trainer, client = slack.person("trainer"), client_of(slack)
        file = trainer.uploads("claims-ai", "rows.jsonl", b"{}\n", "look")
        parent = client.chat_postMessage(channel=CHANNEL, text="card", blocks=[section(accessory=button())])
        client.chat_postMessage(channel=CHANNEL, text="reply", thread_ts=parent["ts"])
        client.views_publish(user_id=trainer.id, view={"type": "home", "blocks": [section("home")]})
        before, calls = trainer.sees("claims-ai"), len(slack.log.entries())
    with SlackStandIn(clock=clock, data_dir=tmp_path) as slack:
        trainer = slack.person("trainer")
        after = trainer.sees("claims-ai")
        assert [(m["ts"], m["text"], m["reply_count"]) for m in after] == [
            (m["ts"], m["text"], m["reply_count"]) for m in before
        ]
        assert trainer.downloads(file["id"]) == b"{}\n"
        assert trainer.home() is not None
        assert len(slack.log.entries()) >= calls
        assert client_of(slack).files_info(file=file["id"])["file"]["url_private"].startswith(slack.url)
        fresh = client_of(slack).chat_postMessage(channel=CHANNEL, text="more")["ts"]
        assert fresh > max(m["ts"] for m in before)
        assert trainer.uploads(None, "b", b"1")["id"] != file["id"]


def test_an_open_stream_and_an_open_form_survive(tmp_path: Path, clock: ManualClock) -> None:
    with SlackStandIn(clock=clock, data_dir=tmp_path) as slack:
        trainer, client = slack.person("trainer"), client_of(slack)
        root = trainer.says(trainer.dm, "hello")
        ts = client.chat_startStream(channel=trainer.dm, thread_ts=root["ts"], markdown_text="a")["ts"]
        app = new_app(slack)

        @app.shortcut("begin")
        def begin(ack: Ack, shortcut: dict[str, str]) -> None:
            ack()
            client_of(slack).views_open(trigger_id=shortcut["trigger_id"], view=modal())

        with connected(slack, app):
            trainer.uses_shortcut("begin")
            view = trainer.wait_for(trainer.view)
    with SlackStandIn(clock=clock, data_dir=tmp_path) as slack:
        client = client_of(slack)
        client.chat_appendStream(channel=trainer.dm, ts=ts, markdown_text="b")
        assert client.chat_stopStream(channel=trainer.dm, ts=ts)["message"]["text"] == "ab"
        assert slack.person("trainer").view() == view


def test_an_undelivered_event_is_retried_by_the_next_process(tmp_path: Path, clock: ManualClock) -> None:
    with SlackStandIn(clock=clock, data_dir=tmp_path) as slack:
        slack.person("trainer").says("claims-ai", "x")
        slack.wait_until_delivered()
        sent = [e.data["payload"]["event_id"] for e in slack.log.of("delivery")]
    clock.advance(60)
    with SlackStandIn(clock=clock, data_dir=tmp_path) as slack:
        slack.wait_until_delivered()
        last = slack.log.of("delivery")[-1].data
    assert (last["payload"]["event_id"], last["attempt"]) == (sent[0], 2)


@pytest.mark.chaos
def test_survives_a_kill(tmp_path: Path) -> None:
    program = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from bot.playground.slack import SlackStandIn
        slack = SlackStandIn(data_dir=Path({str(tmp_path)!r}))
        slack.start()
        trainer = slack.person("trainer")
        for number in range(200):
            trainer.says("claims-ai", f"message {{number}}")
            print(number, flush=True)
        """
    )
    root = Path(__file__).resolve().parents[3]
    environment = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        acknowledged = -1
        for line in process.stdout:
            acknowledged = int(line)
            if acknowledged == 20:
                process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    with SlackStandIn(data_dir=tmp_path) as slack:
        texts = [m["text"] for m in slack.person("trainer").sees("claims-ai")]
    assert texts[: acknowledged + 1] == [f"message {number}" for number in range(acknowledged + 1)]


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.next_id("F0")
    store.close()
    path = tmp_path / "state.jsonl"
    path.write_bytes(path.read_bytes() + b'{"t":"counters","k":"F0","v":{"id"')
    reopened = Store(tmp_path)
    assert reopened.next_id("F0") == "F000000002"
    reopened.close()
    assert all(line["t"] for line in read_lines(path))
