"""``tunesmith demo`` as a process: killed, it leaves nothing running and goes on where it was; Ctrl-C ends it."""

import json
import signal
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from redis import Redis

from bot.playground.narration import text_of
from bot.playground.shared_redis import SharedRedis
from bot.playground.slack import elements_of
from tests.scenarios.house import CLAIMS
from tests.scenarios.processes import Process, is_running, until

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.redis_server,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc"),
]

Json = dict[str, Any]
ME, CHANNEL = "U0TRAINER1", "C0CLAIMSAI"


class Page:
    """What the page in the browser does, by the same calls."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def gets(self, what: str, **query: str) -> Json:
        with urllib.request.urlopen(
            f"{self.address}/playground/{what}?{urlencode(query)}", timeout=10
        ) as answer:
            return _good(answer.read())

    def posts(self, what: str, **body: object) -> Json:
        content = json.dumps(body).encode()
        return self._sends(what, content, "application/json")

    def uploads(self, name: str, content: bytes) -> None:
        mark = "----tunesmith"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in (("as", ME), ("channel", CHANNEL))
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = b"".join([*parts, head, content, f"\r\n--{mark}--\r\n".encode()])
        self._sends("upload", body, f"multipart/form-data; boundary={mark}")

    def _sends(self, what: str, content: bytes, kind: str) -> Json:
        request = urllib.request.Request(f"{self.address}/playground/{what}", content, {"Content-Type": kind})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return _good(answer.read())

    def messages(self) -> list[Json]:
        """Everything in the channel, threads included."""
        found = []
        for message in self.gets("history", **{"as": ME}, channel=CHANNEL)["messages"]:
            found.append(message)
            if message.get("reply_count"):
                replies = self.gets("replies", **{"as": ME}, channel=CHANNEL, ts=message["ts"])["messages"]
                found += replies[1:]
        return found

    def waits_for_button(self, action_id: str) -> Json:
        found: list[Json] = []

        def look() -> bool:
            found[:] = [message for message in self.messages() if action_id in elements_of(message)]
            return bool(found)

        until(look, f"the button {action_id}")
        return found[-1]

    def presses(self, message: Json, action_id: str) -> None:
        block = next(
            block["block_id"]
            for block in message["blocks"]
            for element in block.get("elements", [])
            if element.get("action_id") == action_id
        )
        action = {"type": "button", "block_id": block, "action_id": action_id}
        self.posts("action", **{"as": ME}, action=action, channel=CHANNEL, message_ts=message["ts"])

    def form(self) -> Json:
        until(lambda: self.gets("state", **{"as": ME})["views"], "the form")
        view: Json = self.gets("state", **{"as": ME})["views"][-1]
        return view


def _good(answer: bytes) -> Json:
    found: Json = json.loads(answer)
    assert found["ok"], found
    return found


def _descendants(pid: int) -> dict[int, str]:
    """Return every process below one, with its command line."""
    parents, commands = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            commands[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        children = [child for child, its in parents.items() if its == parent]
        found |= {child: commands[child] for child in children}
        waiting += children
    return found


def _started(folder: Path, *more: str, **environment: str) -> tuple[Process, Page]:
    arguments = ("demo", "--port", "0", "--speed", "300", "--folder", str(folder), *more)
    process = Process(*arguments, folder=folder.parent, environment=environment)
    try:
        address = process.waits_for(r"playground is at\s+(http://127\.0\.0\.1:\d+/)")[1]
    except AssertionError:
        process.__exit__()
        raise
    return process, Page(address)


def _with_a_running_job(page: Page) -> None:
    page.uploads("claims.jsonl", CLAIMS)
    page.presses(page.waits_for_button("dataset.start"), "dataset.start")
    page.posts("view/submit", **{"as": ME}, view_id=page.form()["id"], state={"values": {}})
    page.presses(page.waits_for_button("plan.start"), "plan.start")
    page.waits_for_button("job.stop")
    until(lambda: page.gets("bedrock")["bedrock"]["jobs"], "the job at Bedrock")


def test_a_demo_that_is_killed_leaves_nothing_running_and_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    process, page = _started(folder)
    with process:
        _with_a_running_job(page)
        page.posts("bedrock", paused=True)
        before = [message["ts"] for message in page.messages()]
        children = _descendants(process.pid)
        assert any("-m bot run" in command for command in children.values()), children
        assert any("redis.conf" in command for command in children.values()), children
        process.ends(signal.SIGKILL)
        until(lambda: not any(map(is_running, children)), f"the end of {children}")

    process, page = _started(folder)
    with process:
        # In order, and maybe with a reply between: threads stand together, and the job may have gone on a little.
        again = [message["ts"] for message in page.messages()]
        assert [ts for ts in again if ts in before] == before
        assert len(page.gets("bedrock")["bedrock"]["jobs"]) == 1
        page.posts("bedrock", paused=False, speed=3600)
        page.waits_for_button("model.serve")
        assert sum("is trained" in text_of(message) for message in page.messages()) == 1

        children = _descendants(process.pid)
        assert process.ends(signal.SIGINT) == 0
        assert not any(map(is_running, children))
    assert "Traceback" not in process.output
    assert "Traceback" not in (folder / "bot.log").read_text(encoding="utf-8")


def test_a_redis_that_the_person_named_is_used_and_forgotten_with_the_demo(
    tmp_path: Path, redis_url: str, redis_client: Redis
) -> None:
    folder = tmp_path / "demo"
    mine = f"{{{SharedRedis.of(redis_url, folder).prefix}}}:*"
    process, page = _started(folder, REDIS_URL=redis_url)
    with process:
        page.uploads("claims.jsonl", CLAIMS)
        page.waits_for_button("dataset.start")
        assert not any("redis.conf" in each for each in _descendants(process.pid).values())
        assert process.ends(signal.SIGINT) == 0
    before = set(redis_client.scan_iter(match=mine))
    assert before
    assert not (folder / "redis").exists()

    process, page = _started(folder, "--fresh", REDIS_URL=redis_url)
    with process:
        assert page.messages() == []
        assert process.ends(signal.SIGINT) == 0
    kept = [
        each for each in redis_client.scan_iter(match=mine) if ":resource:upload" in each or "dataset" in each
    ]
    assert kept == []
