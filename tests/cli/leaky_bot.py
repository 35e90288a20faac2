"""The bot as ever, with four leaks planted in it: memory, threads, files, and keys without an end."""

import os
import runpy
import threading
import time
from typing import Any

from redis import Redis

EVERY = 0.05
"""Seconds between two drops of each."""


def _leak() -> None:
    store, kept = Redis.from_url(os.environ["REDIS_URL"]), []
    root = "{" + os.environ["TUNESMITH_REDIS_PREFIX"] + "}"
    while True:
        time.sleep(EVERY)
        waiting = threading.Thread(target=threading.Event().wait, daemon=True)
        waiting.start()
        drop: tuple[Any, ...] = (os.urandom(32 * 1024), os.open(__file__, os.O_RDONLY), waiting)
        kept.append(drop)
        store.set(f"{root}:seen:leak{len(kept)}", "1")


if __name__ == "__main__":
    threading.Thread(target=_leak, daemon=True).start()
    runpy.run_module("bot", run_name="__main__")
