"""What else may go wrong than a kill at one place: storms, resets, outages, clocks that jump, replicas that freeze."""

import json
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.chaos.harness.boundaries import Boundary, Fault, Scheme, Side, undisturbed
from tests.chaos.harness.playground import Playground

HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"

SLACK_429 = Fault(
    "answer",
    status=429,
    headers={"Retry-After": "1", "Content-Type": "application/json"},
    body=json.dumps({"ok": False, "error": "ratelimited"}).encode(),
)
SLACK_500 = Fault("answer", status=502, headers={"Content-Type": "text/html"}, body=HTML)
AWS_429 = Fault(
    "answer",
    status=429,
    headers={"x-amzn-ErrorType": "ThrottlingException", "Content-Type": "application/json"},
    body=b'{"message": "Rate exceeded"}',
)
AWS_500 = Fault("answer", status=500, headers={"Content-Type": "text/html"}, body=HTML)
S3_SLOW = Fault(
    "answer",
    status=503,
    headers={"Content-Type": "application/xml"},
    body=b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>",
)
KILL = tuple(Fault("kill", side) for side in ("before", "after"))
RESET = tuple(Fault("cut", side) for side in ("before", "after"))


class Sometimes:
    """A scheme that disturbs a share of the calls whose names begin so, ``most`` times in all, by a seed."""

    def __init__(
        self, seed: int, share: float, faults: Mapping[str, Sequence[Fault]], *, most: int = 60
    ) -> None:
        self._random = random.Random(seed)
        self._share = share
        self._faults = dict(faults)
        self._left = most
        self.done = 0

    def __call__(self, boundary: Boundary, _replica: int) -> Fault | None:
        """Say what to do at this call."""
        faults = next((f for start, f in self._faults.items() if boundary.name.startswith(start)), None)
        if not faults or self._left == 0 or self._random.random() >= self._share:
            return None
        self._left -= 1
        self.done += 1
        return self._random.choice(faults)


class Once:
    """A scheme with one fault, at the first call of that name in that chapter, by whichever replica makes it."""

    def __init__(self, chapter: str, name: str, fault: Fault) -> None:
        self._at = (chapter, name)
        self._fault = fault
        self.done = 0

    def __call__(self, boundary: Boundary, _replica: int) -> Fault | None:
        """Say what to do at this call."""
        if self.done or (boundary.chapter, boundary.name) != self._at:
            return None
        self.done = 1
        return self._fault


Meanwhile = Callable[[Playground], None]
"""What happens to the playground when the journey comes to a chapter."""


@dataclass(frozen=True)
class Disturbance:
    """One way of disturbing a journey.

    ``scheme`` makes the scheme from a seed; ``at`` says what happens at the beginning of a chapter. ``copies`` is how
    many messages may have been posted twice, if the second was deleted: nothing can stop a call that a process makes
    after it was frozen between its last look at its lease and the call.
    """

    name: str
    scheme: Callable[[int], Scheme] = lambda _seed: undisturbed
    at: Mapping[str, Meanwhile] = field(default_factory=dict)
    replicas: int = 1
    copies: int = 0
    seconds: float = 0.0
    """Real seconds that it holds everything up, of themselves."""


def _throttled(seed: int) -> Scheme:
    return Sometimes(seed, 0.3, {"slack ": [SLACK_429]})


def _aws_throttled(seed: int) -> Scheme:
    return Sometimes(seed, 0.3, {"bedrock ": [AWS_429], "s3 ": [S3_SLOW]})


def _html(seed: int) -> Scheme:
    return Sometimes(seed, 0.2, {"slack ": [SLACK_500], "bedrock ": [AWS_500], "s3 ": [AWS_500]})


def _resets(seed: int) -> Scheme:
    return Sometimes(seed, 0.1, {"slack ": RESET, "bedrock ": RESET, "s3 ": RESET, "redis ": RESET})


def _slow(seed: int) -> Scheme:
    waits = [Fault("delay", side, seconds=wait) for side in ("before", "after") for wait in (0.3, 1.0)]
    late: list[Side] = ["after"]
    timeouts = [Fault("delay", side, seconds=6.0) for side in late]
    return Sometimes(
        seed, 0.1, {"slack chat.": [*waits, *timeouts], "slack": waits, "bedrock": waits}, most=15
    )


def _kills(seed: int) -> Scheme:
    return Sometimes(seed, 0.06, {"slack ": KILL, "bedrock ": KILL, "s3 ": KILL, "redis ": KILL}, most=30)


def _redis_away(seconds: float) -> Meanwhile:
    def away(playground: Playground) -> None:
        for replica in playground.replicas:
            replica.exits.away.add("redis")
            replica.redis.cut()
        threading.Event().wait(seconds)
        for replica in playground.replicas:
            replica.exits.away.discard("redis")

    return away


def _redis_dies(playground: Playground) -> None:
    """Kill -9 the server; it comes back with what its append-only file has."""
    playground.redis.kill()
    threading.Event().wait(0.5)
    playground.redis.start()


def _clock_set_back(playground: Playground) -> None:
    """An hour back: everything that is due seems to be an hour ahead."""
    playground.shift(-3600.0)


def _clock_set_ahead(playground: Playground) -> None:
    playground.shift(1800.0)


def _aws_clock_jumps(playground: Playground) -> None:
    playground.bedrock.clock.advance(600)


LONGER_THAN_A_LEASE = 33.0

DISTURBANCES: Final[tuple[Disturbance, ...]] = (
    Disturbance("kills anywhere", _kills),
    Disturbance("kills anywhere, two replicas", _kills, replicas=2),
    Disturbance("kills anywhere, three replicas", _kills, replicas=3),
    Disturbance("connections reset, before and after the server acted", _resets),
    Disturbance("Slack asks to slow down, again and again", _throttled),
    Disturbance("AWS throttles", _aws_throttled),
    Disturbance("500s and HTML", _html),
    Disturbance("slow answers, some later than the client waits", _slow),
    Disturbance("Redis killed and started again", at=dict.fromkeys(("start", "train", "lease"), _redis_dies)),
    Disturbance("Redis's clock set back by an hour", at=dict.fromkeys(("train", "release"), _clock_set_back)),
    Disturbance("Redis's clock set ahead", at=dict.fromkeys(("plan", "train", "rest"), _clock_set_ahead)),
    Disturbance("AWS's clock jumps", at=dict.fromkeys(("plan", "start", "serve"), _aws_clock_jumps)),
)
"""Those that take no longer than the journey itself."""

LONG: Final[tuple[Disturbance, ...]] = (
    Disturbance("a minute without Redis", at={"train": _redis_away(60.0)}, seconds=60),
    Disturbance(
        "a replica frozen for longer than its lease, before it keeps what it did",
        lambda _seed: Once("start", "redis commit thing job", Fault("pause", seconds=LONGER_THAN_A_LEASE)),
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
