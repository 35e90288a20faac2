"""Probes on a port of their own."""

import json
import re
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from bot.cli.health import FRESH, Readiness, probes
from bot.errors import Misconfigured
from bot.monitoring import CONTENT_TYPE

ROOT = Path(__file__).resolve().parents[2]


class Probed:
    def __init__(self) -> None:
        self.is_stuck: list[str] = []
        self.wrong: list[str] = []
        self.looked = 0

    def stuck(self) -> list[str]:
        return self.is_stuck

    def problems(self) -> list[str]:
        self.looked += 1
        return self.wrong

    def metrics(self) -> bytes:
        return b"tunesmith_up 1\n"


@pytest.fixture
def bot() -> Probed:
    return Probed()


@pytest.fixture
def port(bot: Probed) -> Iterator[int]:
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        free = int(spare.getsockname()[1])
    with probes(bot, free) as opened:
        yield opened


def asked(port: int, path: str) -> tuple[int, list[str]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, json.load(answer)["problems"]
    except HTTPError as refusal:
        with refusal:
            body = refusal.read()
        return refusal.code, json.loads(body)["problems"] if body.startswith(b"{") else []


def test_all_is_well(port: int) -> None:
    assert asked(port, "/livez") == asked(port, "/readyz") == asked(port, "/healthz") == (200, [])


def test_a_redis_or_token_that_is_away_makes_it_unready_and_leaves_it_alive(bot: Probed, port: int) -> None:
    bot.wrong = ["Redis is away."]
    assert asked(port, "/livez") == (200, [])
    assert asked(port, "/readyz") == (503, ["Redis is away."])
    assert asked(port, "/healthz") == (200, [])


def test_a_stuck_loop_is_neither_alive_nor_ready(bot: Probed, port: int) -> None:
    bot.is_stuck = ["It has not turned."]
    assert asked(port, "/livez") == asked(port, "/healthz") == asked(port, "/readyz")
    assert asked(port, "/healthz") == (503, ["It has not turned."])


def test_what_is_ready_is_looked_at_once_in_some_seconds(bot: Probed) -> None:
    now = [0.0]
    readiness = Readiness(bot, lambda: now[0])
    assert [readiness.problems() for _ in range(5)] == [[]] * 5
    assert bot.looked == 1
    bot.wrong = ["Redis is away."]
    now[0] += FRESH + 0.1
    assert readiness.problems() == ["Redis is away."]


DEPLOY = [Path("Dockerfile"), Path("docs/deploy/ecs-listener.json"), Path("docs/deploy/ecs-worker.json")]


@pytest.mark.parametrize("written", DEPLOY, ids=str)
def test_a_container_asks_itself_and_not_the_proxy(
    written: Path, port: int, bot: Probed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot behind a proxy for Slack and AWS would be taken for dead, and replaced again and again."""
    [command] = re.findall(r'"(import [^"]*healthz[^"]*)"', (ROOT / written).read_text(encoding="utf-8"))
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("TUNESMITH_HEALTH_PORT", str(port))
    asking = compile(command.replace(":8081/", f":{port}/"), str(written), "exec")
    exec(asking, {})
    bot.is_stuck = ["The loop has ended."]
    with pytest.raises(HTTPError):
        exec(asking, {})


def test_the_figures_are_there_for_prometheus(port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        assert (answer.headers["Content-Type"], answer.read()) == (CONTENT_TYPE, b"tunesmith_up 1\n")


def test_it_listens_at_the_address_that_is_set_and_says_which_cannot_be(bot: Probed) -> None:
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        free = int(spare.getsockname()[1])
    with pytest.raises(Misconfigured, match=r"at 192\.0\.2\.1"), probes(bot, free, "192.0.2.1"):
        pass


def test_other_addresses_are_404(port: int) -> None:
    assert asked(port, "/slack/events")[0] == 404


def test_half_sent_requests_do_not_silence_it(port: int) -> None:
    halves = [socket.create_connection(("127.0.0.1", port)) for _ in range(60)]
    for each in halves:
        each.sendall(b"GET /livez")
    assert asked(port, "/livez") == (200, [])
    for each in halves:
        each.close()


def test_a_port_that_is_taken_is_said(bot: Probed, port: int) -> None:
    with pytest.raises(Misconfigured, match="cannot be opened"), probes(bot, port):
        pass


def test_no_port_is_opened_unless_one_is_set(bot: Probed) -> None:
    with probes(bot, None) as opened:
        assert opened == 0
