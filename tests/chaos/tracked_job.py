"""A small job as the engine sees it, with every kind of effect: a card, its edits, an end notice, a release.

It is one tracked job without Tunesmith's own knowledge: the crash table and the chaos run share it.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from bot.controller.context import AnyContext, AnyReconciler
from bot.controller.crash_points import crash_point
from bot.controller.model import Message, Outcome, RequeueAfter
from bot.controller.outbox.messages import Outbox
from bot.errors import NotFound


class Cloud(Protocol):
    """The part of AWS that the small job needs."""

    def phase(self, name: str) -> str:
        """Return ``training`` or ``completed``."""

    def release(self, name: str) -> None:
        """Delete the throughput. Raises NotFound when it is gone."""


def card(phase: str) -> Message:
    return Message(f"The job is {phase}.")


def reconciler(outbox: Outbox, cloud: Cloud, *, every: float = 60.0, call: float = 6.0) -> AnyReconciler:
    """Return what brings one tracked job to its end."""

    def reconcile(context: AnyContext) -> Outcome:
        name, channel = context.key.id, context.spec["channel"]
        since = datetime.fromtimestamp(context.spec["since"], UTC)
        phase = cloud.phase(name)
        outbox.post_once(context, "card", card(phase), channel=channel, since=since)
        root = outbox.show(context, "card", card(phase))
        if phase != "completed":
            return RequeueAfter(every)
        outbox.post_once(
            context, "end", Message("It is completed."), channel=channel, thread_ts=root, since=since
        )
        _release(context, cloud, call)
        outbox.post_once(
            context, "released", Message("It is released."), channel=channel, thread_ts=root, since=since
        )
        return outbox.settle(context, {"card": card(phase)})

    return reconcile


def _release(context: AnyContext, cloud: Cloud, call: float) -> None:
    if context.status.get("throughput") == "released":
        return
    context.ensure_time(call)
    crash_point("before-release")
    with suppress(NotFound):  # it is gone: that is what was wanted
        cloud.release(context.key.id)
    crash_point("after-release")
    context.status["throughput"] = "released"
    context.save()


class Killed(BaseException):
    """What a kill -9 looks like from inside: nothing below ``BaseException`` may hold it up."""


def kill_at(occurrence: int, name: str | None = None) -> Callable[[str], None]:
    """Return a hook that kills at the so-many-th crash point, of that name if one is given; 1 is the first."""
    left = occurrence

    def hook(passed: str) -> None:
        nonlocal left
        if name in (None, passed):
            left -= 1
            if left == 0:
                raise Killed(passed)

    return hook
