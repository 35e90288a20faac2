"""A store that comes back empty, or as it was a moment ago, where it hurts."""

from typing import Final

from tests.chaos.harness import stores
from tests.chaos.harness.allowances import ASKED_OVER, EMPTIED, FAILED_OVER
from tests.chaos.harness.boundaries import Scheme, Side
from tests.chaos.harness.schemes import Disturbance


def _emptied_at(chapter: str, name: str, side: Side, *, dead: bool = False) -> Disturbance:
    """The store comes back empty at the first such call. ``dead``: the bot dies with it, so the call is not made."""
    happening = stores.is_emptied_and_everything_dies if dead else stores.is_emptied
    with_it = ", and everything dies with it" if dead else ""
    return Disturbance(
        f"Redis emptied {side} {name} ({chapter}){with_it}",
        lambda _seed: stores.At(chapter, name, side, happening),
        allowed=EMPTIED,
    )


def _emptied_anywhere(seed: int) -> Scheme:
    return stores.Somewhere(seed, stores.is_emptied)


_CREATE_JOB = "bedrock POST model-customization-jobs"
_CREATE_LEASE = "bedrock POST provisioned-model-throughput"
_RELEASE = "bedrock DELETE provisioned-model-throughput/…"

EMPTIED_STORES: Final[tuple[Disturbance, ...]] = (
    _emptied_at("file", "redis register resource upload", "after"),
    _emptied_at("file", "slack chat.postMessage", "after"),
    _emptied_at("plan", "slack chat.postMessage", "after"),
    _emptied_at("start", _CREATE_JOB, "before", dead=True),
    _emptied_at("start", _CREATE_JOB, "before"),
    _emptied_at("start", _CREATE_JOB, "after"),
    _emptied_at("start", "slack chat.postMessage", "after"),
    Disturbance("Redis emptied while a job trains", at={"train": stores.is_emptied}, allowed=EMPTIED),
    _emptied_at("train", "slack chat.postMessage", "before"),
    _emptied_at("serve", "slack chat.postMessage", "after"),
    _emptied_at("lease", _CREATE_LEASE, "before", dead=True),
    _emptied_at("lease", _CREATE_LEASE, "before"),
    _emptied_at("lease", _CREATE_LEASE, "after"),
    _emptied_at("lease", "slack chat.postMessage", "after"),
    _emptied_at("ask", "slack chat.startStream", "after"),
    Disturbance(
        "Redis emptied while a model is in service", at={"release": stores.is_emptied}, allowed=EMPTIED
    ),
    _emptied_at("release", _RELEASE, "before", dead=True),
    _emptied_at("release", _RELEASE, "after"),
    Disturbance(
        "nobody releases, and Redis is emptied after the throughput was bought",
        lambda _seed: stores.At("lease", _CREATE_LEASE, "after", stores.is_emptied),
        allowed=EMPTIED,
        forgets=True,
    ),
    Disturbance(
        "nobody releases, and Redis is emptied while the model is in service",
        at={"release": stores.is_emptied},
        allowed=EMPTIED,
        forgets=True,
    ),
    Disturbance(
        "nobody releases, and everything dies before the throughput is deleted",
        lambda _seed: stores.At("release", _RELEASE, "before", stores.is_emptied_and_everything_dies),
        allowed=EMPTIED,
        forgets=True,
    ),
    Disturbance("Redis emptied anywhere", _emptied_anywhere, allowed=EMPTIED),
    Disturbance("Redis emptied anywhere, two replicas", _emptied_anywhere, allowed=EMPTIED, replicas=2),
)


def _failed_over(chapter: str, lags: str, at: str, side: Side) -> Disturbance:
    return Disturbance(
        f"a fail-over {side} {at}, which forgets everything from {lags} on ({chapter})",
        lambda _seed: stores.FailedOver(chapter, lags, at, side),
        allowed=ASKED_OVER if chapter == "ask" else FAILED_OVER,
    )


_POST, _EDIT = "slack chat.postMessage", "slack chat.update"
FAIL_OVERS: Final[tuple[Disturbance, ...]] = (
    _failed_over("file", "redis commit resource upload", _POST, "after"),
    _failed_over("plan", "redis commit resource job", _POST, "after"),
    _failed_over("start", "redis commit resource job", _CREATE_JOB, "after"),
    _failed_over("start", "bedrock GET model-customization-jobs/…", _POST, "after"),
    _failed_over("train", "redis commit resource job", _EDIT, "after"),
    _failed_over("train", "redis commit resource job", _POST, "after"),
    _failed_over("train", _POST, "slack files.completeUploadExternal", "after"),
    _failed_over("lease", "redis commit resource lease", _CREATE_LEASE, "after"),
    _failed_over("lease", _CREATE_LEASE, _POST, "after"),
    _failed_over("ask", "redis GET conversation-model", "slack chat.startStream", "after"),
    _failed_over("ask", "redis GET conversation-model", "slack chat.stopStream", "after"),
    _failed_over("release", "redis commit resource release", _RELEASE, "after"),
    _failed_over("release", _RELEASE, _POST, "after"),
    Disturbance("fail-overs that forget the last writes", stores.FailOvers, allowed=FAILED_OVER),
    Disturbance(
        "fail-overs that forget the last writes, two replicas",
        stores.FailOvers,
        allowed=FAILED_OVER,
        replicas=2,
    ),
)
