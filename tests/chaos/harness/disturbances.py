"""What else may go wrong than a kill at one place: storms, resets, outages, clocks that jump, replicas that freeze."""

import threading
from typing import Final

from tests.chaos.harness import stores
from tests.chaos.harness.allowances import EMPTIED, GIVEN_UP
from tests.chaos.harness.boundaries import Fault, Scheme, Side
from tests.chaos.harness.lost_stores import EMPTIED_STORES, FAIL_OVERS
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.schemes import (
    AWS_429,
    AWS_500,
    KILL,
    RESET,
    S3_SLOW,
    SLACK_429,
    SLACK_500,
    AtTheDoor,
    Disturbance,
    Meanwhile,
    Once,
    Sometimes,
)


def _throttled(seed: int) -> Scheme:
    return Sometimes(seed, 0.3, {"slack ": [SLACK_429]})


def _aws_throttled(seed: int) -> Scheme:
    return Sometimes(seed, 0.3, {"bedrock ": [AWS_429], "s3 ": [S3_SLOW]})


def _html(seed: int) -> Scheme:
    return Sometimes(seed, 0.2, {"slack ": [SLACK_500], "bedrock ": [AWS_500], "s3 ": [AWS_500]})


def _resets(seed: int) -> Scheme:
    return Sometimes(
        seed, 0.1, {"slack ": RESET, "bedrock ": RESET, "s3 ": RESET, "redis ": RESET, "door ": RESET}
    )


def _slow(seed: int) -> Scheme:
    waits = [Fault("delay", side, seconds=wait) for side in ("before", "after") for wait in (0.3, 1.0)]
    late: list[Side] = ["after"]
    timeouts = [Fault("delay", side, seconds=6.0) for side in late]
    return Sometimes(
        seed, 0.1, {"slack chat.": [*waits, *timeouts], "slack": waits, "bedrock": waits}, most=15
    )


def _kills(seed: int) -> Scheme:
    return Sometimes(
        seed, 0.06, {"slack ": KILL, "bedrock ": KILL, "s3 ": KILL, "redis ": KILL, "door ": KILL}, most=30
    )


def _redis_away(seconds: float) -> Meanwhile:
    def away(playground: Playground) -> None:
        for replica in playground.replicas:
            replica.exits.away.add("redis")
            replica.redis.cut()
        threading.Event().wait(seconds)
        for replica in playground.replicas:
            replica.exits.away.discard("redis")

    return away


def _clock_set_back(playground: Playground) -> None:
    """An hour back: everything that is due seems to be an hour ahead."""
    playground.shift(-3600.0)


def _clock_set_ahead(playground: Playground) -> None:
    playground.shift(1800.0)


def _aws_clock_jumps(playground: Playground) -> None:
    playground.bedrock.clock.advance(600)


BEHIND_HTTP: Final[tuple[Disturbance, ...]] = (
    Disturbance("behind HTTP, killed and reset at the door", AtTheDoor, http=True, allowed=GIVEN_UP),
    Disturbance(
        "behind HTTP, killed and reset at the door, two replicas",
        AtTheDoor,
        http=True,
        allowed=GIVEN_UP,
        replicas=2,
    ),
    Disturbance("behind HTTP, kills anywhere", _kills, http=True, allowed=GIVEN_UP),
    Disturbance("behind HTTP, kills anywhere, two replicas", _kills, http=True, replicas=2, allowed=GIVEN_UP),
    Disturbance("behind HTTP, connections reset", _resets, http=True, allowed=GIVEN_UP),
    Disturbance(
        "behind HTTP, Redis emptied while a job trains",
        at={"train": stores.is_emptied},
        allowed=EMPTIED,
        http=True,
    ),
)

LONGER_THAN_A_LEASE = 33.0

DISTURBANCES: Final[tuple[Disturbance, ...]] = (
    Disturbance("kills anywhere", _kills, allowed=GIVEN_UP),
    Disturbance("kills anywhere, two replicas", _kills, allowed=GIVEN_UP, replicas=2),
    Disturbance("kills anywhere, three replicas", _kills, allowed=GIVEN_UP, replicas=3),
    Disturbance("kills anywhere, and nobody releases", _kills, allowed=GIVEN_UP, forgets=True),
    Disturbance("connections reset, before and after the server acted", _resets),
    Disturbance("Slack asks to slow down, again and again", _throttled),
    Disturbance("AWS throttles", _aws_throttled),
    Disturbance("500s and HTML", _html),
    Disturbance("slow answers, some later than the client waits", _slow),
    Disturbance("Redis killed and started again", at=dict.fromkeys(("start", "train", "lease"), stores.dies)),
    Disturbance("Redis's clock set back by an hour", at=dict.fromkeys(("train", "release"), _clock_set_back)),
    Disturbance("Redis's clock set ahead", at=dict.fromkeys(("plan", "train", "rest"), _clock_set_ahead)),
    Disturbance("AWS's clock jumps", at=dict.fromkeys(("plan", "start", "serve"), _aws_clock_jumps)),
    *EMPTIED_STORES,
    *FAIL_OVERS,
    *BEHIND_HTTP,
)
"""Those that take no longer than the journey itself."""

LONG: Final[tuple[Disturbance, ...]] = (
    Disturbance("a minute without Redis", at={"train": _redis_away(60.0)}, seconds=60),
    Disturbance(
        "a replica frozen for longer than its lease, before it keeps what it did",
        lambda _seed: Once("start", "redis commit resource job", Fault("pause", seconds=LONGER_THAN_A_LEASE)),
        replicas=2,
        seconds=LONGER_THAN_A_LEASE,
    ),
    Disturbance(
        "a replica frozen for longer than its lease, in the middle of a post",
        lambda _seed: Once("train", "slack chat.postMessage", Fault("pause", seconds=LONGER_THAN_A_LEASE)),
        replicas=2,
        copies=1,
        seconds=LONGER_THAN_A_LEASE,
    ),
)
"""Those that hold everything up for as long as they say: no clock of a living process can be hurried."""

__all__ = ["DISTURBANCES", "LONG", "Disturbance", "Meanwhile"]
