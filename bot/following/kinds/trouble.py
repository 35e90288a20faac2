"""A defect must not hide in the log: a step that goes on failing for no known reason is told to people.

The loop tries a failing step again for ever, ever more slowly, which is right for a vendor that is away and leaves a
defect unseen. So after some failures in a row the owner is told in the thread, and whoever
hears of what goes wrong: the operator, or the approvers. What is billed meanwhile is said with it.
"""

import copy
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import TunesmithError
from bot.following.kinds.billing import billed
from bot.following.model import Message, Outcome, StaleClaim
from bot.following.notices import Notices
from bot.following.step import Later, OutOfTime, Reconciler, Step

log = logging.getLogger(__name__)

AFTER = 6
"""Failures in a row until a defect is told: with the loop's backoff, after about a minute."""
_RECENTLY = timedelta(hours=1)


class Told:
    """A reconciler whose defects are told, once for each thing.

    Args:
        reconciler: whose unexpected exceptions are told. Known errors (``TunesmithError``) pass: what they mean is
            the reconciler's own business.
        notices: to tell people.
        hears: who else is told, people or channels by ID: the operator, or the approvers where nobody is one.
        after: failures in a row until it is told: more where the reconciler finds words of its own first.
    """

    def __init__(
        self, reconciler: Reconciler, notices: Notices, hears: Sequence[str] = (), after: int = AFTER
    ) -> None:
        self._reconciler = reconciler
        self._notices = notices
        self._hears = tuple(hears)
        self._after = after

    def __call__(self, step: Step) -> Outcome:
        """Do the step. What goes wrong is raised all the same, for the loop."""
        try:
            return self._reconciler(step)
        except (TunesmithError, Later, OutOfTime):
            raise
        except Exception as error:
            if int(step.saved.get("tries", 0)) + 1 >= self._after:
                self._tell(step, error)
            raise

    def _tell(self, step: Step, error: Exception) -> None:
        # What the failed step has changed and not saved proves nothing.
        step.status = copy.deepcopy(dict(step.saved))
        about = _About(step)
        try:
            if about.channel:
                self._say(step, "trouble", about.for_the_owner(), about)
            for each in self._hears:
                name = "trouble-operator" if each == self._hears[0] else f"trouble-operator:{each}"
                self._say(step, name, about.for_the_operator(self._after, error), None, each)
        except StaleClaim:
            raise
        except (TunesmithError, Later, OutOfTime) as trouble:
            log.warning("%s: its trouble could not be told yet: %s", step.key, trouble)

    def _say(self, step: Step, name: str, text: str, about: "_About | None", to: str = "") -> None:
        """Say it where the thing is told, or to somebody else when ``about`` is None."""
        self._notices.post_once(
            step,
            name,
            Message(text=text),
            channel=about.channel if about else to,
            thread_ts=about.thread if about else None,
            since=_begun(step),
            owner=(about.owner or None) if about else None,
        )


class _About:
    """What can be said of a thing whose own code fails: its documents are read as they are."""

    def __init__(self, step: Step) -> None:
        plan: Mapping[str, Any] = step.spec.get("plan", {})
        asked: Mapping[str, Any] = plan or step.spec.get("question") or step.spec
        notes: Mapping[str, Any] = step.status.get("notes", {})
        self.key = str(step.key)
        self.planned = bool(plan)
        self.name = str(plan.get("job_name") or plan.get("model_name") or asked.get("model_name") or step.key)
        self.billed = f"{words} " if (words := billed(step.key.kind)) else ""
        self.channel = str(asked.get("channel", ""))
        self.owner = str(asked.get("owner") or asked.get("user") or asked.get("by") or "")
        thread = step.spec.get("thread_ts") or asked.get("thread_ts")
        self.thread: str | None = thread or notes.get("plan", {}).get("ts")

    def for_the_owner(self) -> str:
        who = f"<@{self.owner}> " if self.owner else ""
        if not self.planned:
            return (
                f"{who}Something is broken on my side, and I cannot go on with this for now. {self.billed}I go on "
                f"trying. Give the operator the reference `{self.key}`."
            )
        return (
            f"{who}Something is broken on my side with `{self.name}`, and I cannot follow it for now. I go on trying, "
            f"and what runs at AWS runs on: look at it there. {self.billed}Give the operator the reference "
            f"`{self.key}`."
        )

    def for_the_operator(self, failures: int, error: Exception) -> str:
        named = f" (`{self.name}`)" if self.name != self.key else ""
        return (
            f"`{self.key}`{named} has failed {failures} times in a row with `{type(error).__name__}`. "
            f"{self.billed}The log has the traceback under that reference; it is tried again every few minutes."
        )


def _begun(step: Step) -> datetime:
    """Return from when on its messages are looked for; what stands for ever has its trouble now."""
    try:
        return datetime.fromisoformat(str(step.spec.get("asked_at")))
    except ValueError:
        return datetime.fromtimestamp(step.now(), UTC) - _RECENTLY
