"""The load of ``bench ask``, tried small: what it says of a server that takes its time is what that server did."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest

from benchmarks import _ask_reference
from benchmarks._ask_load import Load
from benchmarks.ask import MIX, _summed

SECRET = "a-secret"


@pytest.mark.slow
@pytest.mark.parametrize(("secret", "status"), [(SECRET, "200"), ("another", "401")])
def test_each_command_is_sent_when_it_is_due_and_counted_from_then(
    monkeypatch: pytest.MonkeyPatch, secret: str, status: str
) -> None:
    class Slow(_ask_reference._Handler):
        def do_POST(self) -> None:  # noqa: N802 -- the base class's name
            time.sleep(0.05)
            super().do_POST()

    monkeypatch.setattr("sys.argv", ["server", "0", secret])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = False  # waited for at the end
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    people = [{"user": f"U{n}", "name": f"n{n}", "channel": f"D{n}"} for n in range(2)]
    load = Load([server.server_address[1]], SECRET, 100, 0.2, people, [list(each) for each in MIX], rest=0)
    began = time.perf_counter()
    with ThreadPoolExecutor(1) as apart:  # a browser's tests leave an event loop running in this thread
        found = _summed(apart.submit(lambda: asyncio.run(load.run())).result())
    server.shutdown()
    server.server_close()

    assert (found["sent"], dict(found["statuses"])) == (20, {status: 20})
    assert found["acknowledged after"]["p50 ms"] >= 50
    assert time.perf_counter() - began < 20 * 0.05 + 1, "nobody waited for the one before"
