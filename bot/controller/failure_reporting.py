"""A failure must not hide in the log: a step that goes on failing is told to people, and so is that it is given up.

The loop tries a failing step again, ever more slowly, and ends it after many failures (``giving_up``). What counts for
people is time, not tries: the owner is told in the thread within two minutes, with what is billed meanwhile, and so is
whoever hears of what goes wrong (the operator, or the approvers), unless the owner can act. When it works again they
are told that, too; before the end they are told that it is given up, and what to do. A vendor that is away or asks to
slow down is told to the owner only where somebody waits for an answer, as soon as that: it goes on by itself. The
operator hears of an outage from the log, once for all that meets it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from bot.controller import giving_up
from bot.controller.cards import (
    Concerned,
    Failing,
    FailureForOperator,
    FailureForOwner,
    GivenUp,
    Waiting,
    WorksAgain,
)
from bot.controller.context import AnyContext, AnyReconciler, NotReady, OutOfTime
from bot.controller.kind import AnyKind
from bot.controller.model import Outcome, StaleClaim
from bot.controller.outbox.entries import (
    ABSENT,
    GIVEN_UP,
    TROUBLE,
    WAITS,
    WORKS,
    EnginesName,
    entry_of,
    numbered,
)
from bot.controller.outbox.fallbacks import is_elsewhere
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer
from bot.errors import HeldUp, Misconfigured, NoIdentity, Refused, Throttled, TunesmithError, Unavailable

log = logging.getLogger(__name__)

_SOON = 30.0
_RECENTLY = timedelta(hours=1)


class FailureReporter:
    """A reconciler whose failures are told, once for each resource.

    Args:
        kind: of what it reconciles: what is said of one, and when.
        reconciler: whose exceptions are told, but for vendors that are away.
        outbox: to tell people.
        renderer: draws what is told.
        hears: who else is told, people or channels by ID: the operator, or the approvers where nobody is one.
    """

    def __init__(
        self,
        kind: AnyKind,
        reconciler: AnyReconciler,
        outbox: Outbox,
        renderer: Renderer,
        hears: Sequence[str] = (),
    ) -> None:
        self.kind = kind
        self.reconciler = reconciler
        self._outbox = outbox
        self._renderer = renderer
        self._hears = tuple(hears)
        self._after = giving_up.LAST_TOLD_AFTER if kind.has_own_words else giving_up.TOLD_AFTER

    def __call__(self, context: AnyContext) -> Outcome:
        """Do the step. What goes wrong is raised all the same, for the loop."""
        try:
            outcome = self.reconciler(context)
        except (StaleClaim, NotReady, OutOfTime):
            raise
        except (Unavailable, NoIdentity) as away:
            if isinstance(away, HeldUp) or (self.kind.is_waited_for and self._is_late(context, away)):
                self._tell_that_it_waits(context, away)
            raise
        except Exception as error:
            self._tell(context, error)
            raise
        self._tell_that_it_works(context)
        return outcome

    def _is_late(self, context: AnyContext, away: Unavailable | NoIdentity) -> bool:
        """Return whether whoever waits has waited for long enough to be told why; if not, it is tried again by then."""
        age = giving_up.waiting_for(context.engine.failing, context.now())
        if isinstance(away, Throttled):  # it is not tried again before the vendor allows that
            return age + away.retry_after >= giving_up.TOLD_AFTER
        if age < giving_up.TOLD_AFTER:
            context.come_back_in(giving_up.TOLD_AFTER - age)
        return age >= giving_up.TOLD_AFTER

    def _tell(self, context: AnyContext, error: Exception) -> None:
        """Say what is due, once it has failed for long enough, or for the last time.

        Raises:
            NotReady, Unavailable: that it is given up could not be told yet, so that it is not.
        """
        failures = giving_up.failures(context.engine.failing, context.generation) + 1
        last = failures >= giving_up.TRIES
        age = giving_up.failing_for(context.engine.failing, context.generation, context.now())
        if not last and age < self._after:
            context.come_back_in(self._after - age)
            return
        # What follows saves the context, and a step that failed half-way proves nothing.
        context.revert()
        about = _About(self.kind, context)
        if last and not self.kind.ends_spending(context.wanted, context.saved):
            self._tell_both(
                context, about, GIVEN_UP, GivenUp(failures, type(error).__name__, _said(error)), error
            )
            context.told_of_its_end = True
            return
        if isinstance(error, Misconfigured) and not about.place:
            return  # nobody's in particular: its cause is told once from the log, whatever meets it
        try:
            name = numbered(TROUBLE, context.engine.troubles_over)
            event = Failing(failures, type(error).__name__, _said(error))
            # Whoever owns it can act on a refusal, so that nobody else need hear.
            owner_acts = isinstance(error, Refused) and bool(about.place)
            self._tell_both(context, about, name, event, error, operator=not owner_acts)
        except StaleClaim:
            raise
        except (TunesmithError, NotReady, OutOfTime) as trouble:
            _not_yet(context, "its trouble", trouble, logging.WARNING)

    def _tell_that_it_works(self, context: AnyContext) -> None:
        """Tell whoever was told of trouble that it is over. What cannot be told yet is told at the next turn."""
        told = numbered(TROUBLE, context.engine.troubles_over)
        notes = [told, *(_for_operator(told, each, self._hears) for each in self._hears)]
        # By what was told and not by what failed: whoever heard of no trouble would wonder what works again.
        if all(entry_of(context, each).state == ABSENT for each in notes):
            return
        about, name = _About(self.kind, context), numbered(WORKS, context.engine.troubles_over)
        try:
            self._tell_both(context, about, name, WorksAgain(), after=told)
        except StaleClaim:
            raise
        except (TunesmithError, NotReady, OutOfTime) as trouble:
            _not_yet(context, "that it works again", trouble)
            context.come_back_in(trouble.seconds if isinstance(trouble, NotReady) else _SOON)
        else:
            context.engine.troubles_over += 1

    def _tell_both(
        self,
        context: AnyContext,
        about: "_About",
        name: str,
        event: Failing | GivenUp | WorksAgain,
        error: Exception | None = None,
        *,
        after: str = "",
        operator: bool = True,
    ) -> None:
        """Tell the owner and the operator; with ``after``, the name of another message, only who was told that.

        Where others read along, the operator reads by which reference it is found, and neither what people call it nor
        what a refusal says, which may name that.
        """
        if about.place and _was_told(context, after):
            self._tell_owner(context, name, about, event)
        for each in self._hears if operator else ():
            if _was_told(context, after and _for_operator(after, each, self._hears)):
                of, said = about.concerned, event
                if is_elsewhere(each, about.place):
                    of = replace(of, name=of.key)
                    said = replace(event, why="") if _is_refused(event, error) else event
                card = self._renderer.render(FailureForOperator(of, said))
                known_as = _for_operator(name, each, self._hears)
                self._outbox.post_once(context, known_as, card, channel=each, since=_begun(context))

    def _tell_that_it_waits(self, context: AnyContext, away: Unavailable | NoIdentity) -> None:
        context.revert()
        about = _About(self.kind, context)
        try:
            if about.place:
                # What mends it is for the operator, and no advice to whoever waits; who waits for a place in line
                # reads all of it.
                why = away.sentence if isinstance(away, HeldUp) else away.message
                self._tell_owner(context, WAITS, about, Waiting(why, isinstance(away, (HeldUp, NoIdentity))))
        except StaleClaim:
            raise
        except (TunesmithError, NotReady, OutOfTime) as trouble:
            _not_yet(context, "that it waits", trouble)

    def _tell_owner(
        self, context: AnyContext, name: str, about: "_About", event: Failing | GivenUp | Waiting | WorksAgain
    ) -> None:
        """Say it where the resource is told."""
        self._outbox.post_once(
            context,
            name,
            self._renderer.render(FailureForOwner(about.concerned, event)),
            channel=about.place,
            thread_ts=about.thread,
            since=_begun(context),
            owner=about.concerned.owner or None,
        )


def _for_operator(name: str, who: str, hears: Sequence[str]) -> EnginesName:
    return EnginesName(f"{name}-operator" if who == hears[0] else f"{name}-operator:{who}")


def _was_told(context: AnyContext, name: str) -> bool:
    return not name or entry_of(context, name).state != ABSENT


def _not_yet(context: AnyContext, what: str, trouble: Exception, level: int = logging.INFO) -> None:
    """Note that something could not be told yet; what only waits for its turn is no news, however many do."""
    waits = isinstance(trouble, (NotReady, OutOfTime))
    log.log(logging.DEBUG if waits else level, "%s: %s could not be told yet: %s", context.key, what, trouble)


class _About:
    """What can be said of a resource whose own code fails, and where: its documents are read as they are."""

    def __init__(self, kind: AnyKind, context: AnyContext) -> None:
        plan = _mapping(context.wanted.get("plan"))
        asked = plan or _mapping(context.wanted.get("question")) or context.wanted
        name = plan.get("job_name") or plan.get("model_name") or asked.get("model_name") or context.key
        self.concerned = Concerned(
            key=str(context.key),
            name=str(name),
            planned=bool(plan),
            owner=str(_holder(context) or asked.get("owner") or asked.get("user") or asked.get("by") or ""),
            billed=kind.billed,
            when_given_up=kind.when_given_up,
        )
        thread = context.wanted.get("thread_ts") or asked.get("thread_ts")
        self.place = str(asked.get("channel") or self.concerned.owner)
        self.thread: str | None = thread or entry_of(context, "plan").ts


def _holder(context: AnyContext) -> object:
    """Return in whose care it was given last; None: whoever asked for it has it."""
    handed = context.wanted.get("handed")
    last = handed[-1] if isinstance(handed, Sequence) and handed else None
    return _mapping(last).get("to")


def _mapping(value: object) -> Mapping[str, Any]:
    """Return it if it is one: what cannot be read may be anything."""
    return value if isinstance(value, Mapping) else {}


def _is_refused(
    event: Failing | GivenUp | WorksAgain, error: Exception | None
) -> TypeGuard[Failing | GivenUp]:
    return isinstance(error, Refused) and not isinstance(event, WorksAgain)


def _said(error: Exception) -> str:
    return error.sentence if isinstance(error, TunesmithError) else ""


def _begun(context: AnyContext) -> datetime:
    """Return from when on its messages are looked for; what stands for ever has its trouble now."""
    try:
        return datetime.fromisoformat(str(context.wanted.get("asked_at")))
    except ValueError:
        return datetime.fromtimestamp(context.now(), UTC) - _RECENTLY
