"""What else may go wrong than a kill at one place: storms, resets, outages, clocks that jump, replicas that freeze."""

from collections.abc import Callable
from typing import Any, Final

from bot.questions.reconciler.question import ASKS
from tests.chaos.harness import stores
from tests.chaos.harness.allowances import (
    DEPLOYED,
    DEPLOYED_AGAIN,
    DEPLOYED_EMPTIED,
    EMPTIED,
    GIVEN_UP,
    SERVED,
    SERVED_EMPTIED,
    SERVED_OVER,
    Allowance,
)
from tests.chaos.harness.boundaries import Fault, Scheme, Side, undisturbed
from tests.chaos.harness.deploying import Deploying
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
    Throughout,
)
from tests.chaos.harness.serving import Serving


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


_SIDES: Final[tuple[Side, ...]] = ("before", "after")


def _at(chapter: str, name: str, side: Side) -> Callable[[int], Scheme]:
    return lambda _seed: stores.At(chapter, name, side, stores.is_emptied)


def _over(chapter: str, name: str, lags: str = "redis commit resource deployment") -> Callable[[int], Scheme]:
    return lambda _seed: stores.FailedOver(chapter, lags, name, "after")


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

_SHORT = 4.0
"""Seconds of real time for which a store does not do what it should."""
_SERVES = ("lease", "release")


def _ill_stores(kinds: tuple[str, ...]) -> dict[str, Meanwhile]:
    return {
        "away": stores.is_away(_SHORT),
        "full": stores.is_full(_SHORT),
        "written by a newer release": stores.is_of_another_version(kinds, _SHORT),
    }


SERVING: Final[tuple[Disturbance, ...]] = tuple(
    Disturbance(
        f"{'nobody releases, and ' if forgets else ''}a store that is {how} ({chapter})",
        at={chapter: happening},
        allowed=GIVEN_UP,
        forgets=forgets,
        seconds=_SHORT,
    )
    for how, happening in _ill_stores(("lease", "release")).items()
    for chapter in _SERVES
    for forgets in (False, True)
)
"""A store that is no help while a lease begins, or ends: by a person, or by its time."""

_CREATE, _UPDATE, _REMOVE = (
    "bedrock POST model-customization/…",
    "bedrock PATCH model-customization/…",
    "bedrock DELETE model-customization/…",
)


def _deploying(
    name: str,
    scheme: Callable[[int], Scheme] = lambda _seed: undisturbed,
    allowed: tuple[Allowance, ...] = DEPLOYED,
    **more: Any,
) -> Disturbance:
    return Disturbance(f"deployments: {name}", scheme, allowed=allowed, journey=Deploying, **more)


DEPLOYMENTS: Final[tuple[Disturbance, ...]] = (
    _deploying("kills anywhere", _kills),
    _deploying("kills anywhere, two replicas", _kills, replicas=2),
    _deploying("AWS throttles", _aws_throttled),
    _deploying("500s and HTML", _html),
    _deploying("connections reset", _resets),
    *(
        _deploying(f"Redis killed and started again ({chapter})", at={chapter: stores.dies})
        for chapter in ("deploy", "replace", "remove")
    ),
    *(
        _deploying(f"a store that is {how} ({chapter})", at={chapter: happening}, seconds=_SHORT)
        for how, happening in _ill_stores(("deployment",)).items()
        for chapter in ("deploy", "replace", "remove")
    ),
    *(
        _deploying(
            f"Redis emptied {side} {name} ({chapter})",
            _at(chapter, name, side),
            DEPLOYED_EMPTIED,
        )
        for chapter, name in (("deploy", _CREATE), ("replace", _UPDATE), ("remove", _REMOVE))
        for side in _SIDES
    ),
    _deploying(
        "Redis emptied while it is in service", at={"alias": stores.is_emptied}, allowed=DEPLOYED_EMPTIED
    ),
    *(
        _deploying(
            f"a fail-over after {name}, which forgets what was just done ({chapter})",
            _over(chapter, name),
            (*DEPLOYED, DEPLOYED_AGAIN),
        )
        for chapter, name in (("deploy", _CREATE), ("replace", _UPDATE), ("remove", _REMOVE))
    ),
)
"""Deployments and aliases, where it hurts."""

_HOURLY = ("lease", "release", "schedule", "kept", "stray")
_ASK = "bedrock POST model/converse-stream"
_BUY = "bedrock POST provisioned-model-throughput"
_SWAP, _END = (f"bedrock {each} provisioned-model-throughput/…" for each in ("PATCH", "DELETE"))
_POST, _EDIT = "slack chat.postMessage", "slack chat.update"


def _serving(
    name: str,
    scheme: Callable[[int], Scheme] = lambda _seed: undisturbed,
    allowed: tuple[Allowance, ...] = SERVED,
    **more: Any,
) -> Disturbance:
    return Disturbance(f"serving: {name}", scheme, allowed=allowed, journey=Serving, **more)


BY_THE_HOUR: Final[tuple[Disturbance, ...]] = (
    _serving("kills anywhere", _kills),
    _serving("kills anywhere, two replicas", _kills, replicas=2),
    _serving("kills anywhere, and nobody releases", _kills, forgets=True),
    _serving("AWS throttles", _aws_throttled),
    _serving("500s and HTML", _html),
    _serving("connections reset", _resets),
    _serving("its base does not answer", lambda _seed: Throughout("asleep", _ASK, [AWS_500])),
    _serving("killed whenever its base is asked", lambda _seed: Throughout("asleep", _ASK, KILL, most=ASKS)),
    *(
        _serving(f"Redis killed and started again ({chapter})", at={chapter: stores.dies})
        for chapter in ("wake", "replace", "hours", "adopt")
    ),
    *(
        _serving(f"a store that is {how} ({chapter})", at={chapter: happening}, seconds=_SHORT)
        for how, happening in _ill_stores(_HOURLY).items()
        for chapter in ("wake", "longer", "replace", "hours", "off", "adopt", "end")
    ),
    *(
        _serving(
            f"Redis emptied while it is in service ({chapter})",
            at={chapter: stores.is_emptied},
            allowed=SERVED_EMPTIED,
        )
        for chapter in ("longer", "end")
    ),
    *(
        _serving(
            f"a fail-over after {name}, which forgets everything from {lags} on ({chapter})",
            _over(chapter, name, lags),
            SERVED_OVER,
        )
        for chapter, lags, name in (
            ("asleep", "redis commit resource question", "slack chat.stopStream"),
            ("asleep", "redis commit resource kept", _POST),
            ("wake", "redis commit resource lease", _BUY),
            ("wake", _BUY, _POST),
            ("longer", "redis put_spec resource lease", _EDIT),
            ("replace", "redis commit resource lease", _SWAP),
            ("replace", _SWAP, _POST),
            ("hours", "redis commit resource schedule", _BUY),
            ("hours", "redis commit resource lease", _BUY),
            ("off", "redis put_spec resource schedule", _EDIT),
            ("off", "redis commit resource lease", _END),
            ("stray", "redis SET seen press", _END),
            ("adopt", "redis register resource lease", _POST),
            ("adopt", "redis commit resource lease", "bedrock POST tagResource"),
            ("end", "redis commit resource lease", _END),
        )
    ),
    _serving("fail-overs that forget the last writes", stores.FailOvers, SERVED_OVER),
)
"""What is served by the hour: kept questions, longer leases, newer models, office hours, what others made."""

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
    *SERVING,
    *DEPLOYMENTS,
    *BY_THE_HOUR,
)
"""Those that take no longer than the journey itself."""

LONG: Final[tuple[Disturbance, ...]] = (
    Disturbance("a minute without Redis", at={"train": stores.is_away(60.0)}, seconds=60),
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
