"""One process of the chaos run: it follows until it is killed, now and then by itself at a crash point."""

import logging
import os
import random
import signal
import sys
import threading

from redis import Redis

from bot.clock import SystemClock
from bot.controller.controller import Controller, Pace
from bot.controller.crash_points import crashing
from bot.controller.lanes import Lanes
from bot.controller.outbox.messages import Outbox
from storage.clients import worker
from storage.keys import Keys
from storage.redis_resources import RedisResources
from tests.chaos.tracked_job import reconciler
from tests.chaos.world import World
from tests.doubles.kinds import BARE

PREFIX = "chaos"
PACE = Pace(lanes=Lanes(work=4), lease=1.5, busy=0.02, idle=0.1, away=0.3, first_retry=0.05, last_retry=0.5)
GRACE, CALL = 0.8, 0.3
"""Seconds. As in earnest, but twenty times as fast."""
EVERY = 0.25
HARM = 0.05
"""The share of calls to Slack and AWS that go wrong in each way."""
SUICIDE = 0.002
"""The share of crash points at which the process kills itself."""


def main(engine: str, world_url: str, seed: int) -> None:
    """Follow for ever."""
    logging.basicConfig(level=logging.WARNING)
    numbers = random.Random(seed)
    clock = SystemClock()

    def perhaps_die(_: str) -> None:
        if numbers.random() < SUICIDE:
            os.kill(os.getpid(), signal.SIGKILL)

    world = World(Redis.from_url(world_url, decode_responses=True), numbers, HARM)
    work = reconciler(Outbox(world, clock, grace=GRACE, call=CALL, tries=50), world, every=EVERY, call=CALL)
    store = RedisResources(worker(engine), Keys(PREFIX), clock)
    with crashing(perhaps_die):
        Controller(store, {"job": work}, clock, PACE, kinds=BARE).run(threading.Event())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
