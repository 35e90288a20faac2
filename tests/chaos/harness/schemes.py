"""What may be done at calls, and what a disturbance is."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.harness.allowances import Allowance
from tests.chaos.harness.boundaries import Boundary, Fault, Scheme, undisturbed
from tests.chaos.harness.journey import Journey
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


class Throughout:
    """A scheme with a fault at each call of that name in that chapter, ``most`` times in all, in turn."""

    def __init__(self, chapter: str, name: str, faults: Sequence[Fault], *, most: int = 100) -> None:
        self._at, self._faults, self._most = (chapter, name), faults, most
        self.done = 0

    def __call__(self, boundary: Boundary, _replica: int) -> Fault | None:
        """Say what to do at this call."""
        if self.done == self._most or (boundary.chapter, boundary.name) != self._at:
            return None
        self.done += 1
        return self._faults[self.done % len(self._faults)]


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
    http: bool = False
    """Behind HTTP, instead of by Socket Mode."""
    forgets: bool = False
    """Whether nobody ends the lease."""
    journey: type[Journey] = Journey
    """Which journey is disturbed."""
    allowed: tuple[Allowance, ...] = ()
    """What may legitimately differ."""
    copies: int = 0
    seconds: float = 0.0
    """Real seconds that it holds everything up, of themselves."""


class AtTheDoor(Sometimes):
    """A scheme that disturbs deliveries, but never three in a row: Slack brings an event four times and no more."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, 0.4, {"door ": [*KILL, *RESET]}, most=14)
        self._in_a_row = 0

    def __call__(self, boundary: Boundary, replica: int) -> Fault | None:
        """Say what to do at this call."""
        if not boundary.name.startswith("door "):
            return None
        fault = super().__call__(boundary, replica) if self._in_a_row < 2 else None
        self._in_a_row = self._in_a_row + 1 if fault else 0
        return fault
