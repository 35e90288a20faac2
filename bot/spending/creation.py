"""Creating what was agreed to, once, whatever is repeated or cut off: look, adopt, create, refuse, call off.

Its cost is reserved, then the intent is written down. AWS is asked by name before each attempt, since a first one may
have taken effect without an answer; the plan's digest as token keeps even two attempts at once from making two.

==============================  =======================================================================================
When                            Then, for all kinds
==============================  =======================================================================================
nobody may look                 told at once, tried again in a minute; never called a refusal, nor nothing once it was
                                asked for; the log has it as a fault, by which the operator hears of it
found, made by this plan        adopted
found, made by another          refused with what mends it
the answer was lost             looked for in five seconds, no second call before
AWS is away, asks for patience  the loop tries again, and tells
the account may have no more    it waits in line where the kind has one; else refused
a role that is not known yet    tried again for two minutes
refused                         looked for once more: somebody may have taken the name; else refused in AWS's words
to be stopped, or kept          nothing is reserved and nothing is created before one of the two is certain
whoever has it may not spend    asked before each attempt: refused, with what to do; what was asked for goes on
stopped                         before the intent cancelled; after it once nothing can appear of what was tried
was there, and is not shown     never created again; gone once AWS has not known it for ten minutes
recovered                       looked for and entered in the ledger, never created; once AWS has not known it for ten
                                minutes, refused
==============================  =======================================================================================
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Generic, TypeVar

from bot.clock import Clock
from bot.controller.effects import passing
from bot.controller.model import RequeueAfter
from bot.errors import (
    Misconfigured,
    NoIdentity,
    QuotaReached,
    Refused,
    Unavailable,
    UnknownOutcome,
)
from bot.spending import missing, role_waiting, standing, undo
from bot.spending.cards import CannotLook
from bot.spending.creator import Creator, Observed, PurchaseContext
from bot.spending.failures import explain_error, note_denied
from bot.wording import Said

C = TypeVar("C", bound=PurchaseContext)
Found = TypeVar("Found", bound=Observed)
T = TypeVar("T")

CALL = 20.0
"""Seconds that a creation may take, its own retries included."""
_UNCLEAR = 5.0
_BLOCKED = 60.0
"""Seconds between two looks while AWS does not let us look."""
_QUEUED = 60.0
"""Seconds between two tries while the account may have no more of it."""
_GRACE = timedelta(seconds=60)
"""How long after a wish to stop it may still appear whose creation was under way: AWS's calls end before."""

log = logging.getLogger(__name__)


class _CannotLook(Exception):
    """AWS does not let us look; what was to be done with the look is left."""

    def __init__(self, error: Misconfigured) -> None:
        super().__init__(error.sentence)
        self.error = error


class Creation(Generic[C, Found]):
    """Brings a plan that was agreed to into being."""

    def __init__(self, purchase: Creator[C, Found], clock: Clock) -> None:
        self._purchase = purchase
        self._clock = clock

    def reconcile(self, c: C) -> RequeueAfter | None:
        """Create it, or adopt it when it is there. Return when to look again, or None when it is settled."""
        purchase = self._purchase
        if c.status.intent_at is None and not purchase.recovered(c):
            if purchase.is_held(c):
                return RequeueAfter(undo.SECONDS)
            # What was found again is there, whoever stops it before its first turn: it goes on to its end.
            if purchase.stopped_at(c) and not purchase.was_there(c):
                purchase.cancelled(c)
                return None
            if not self._intend(c):
                return None
        if purchase.gave_up(c):
            return None
        try:
            return self._bring_about(c)
        except _CannotLook as denied:
            return self._blocked(c, denied.error)

    def _intend(self, c: C) -> bool:
        """Reserve what it costs and write down that it is about to be created; return whether that may be, and fits."""
        if why := c.not_allowed:
            self._refuse(c, why, standing.MEND)
            return False
        short = self._purchase.reserve(c)
        if short:
            self._refuse(c, short.sentence, short.mend)
            return False
        self._purchase.keep_plan(c)
        c.status.intent_at = self._clock.now()
        c.save(also=self._purchase.with_intent(c))
        return True

    def _bring_about(self, c: C) -> RequeueAfter | None:
        found = _asked(lambda: self._purchase.look(c))
        c.status.explanation = c.status.mend = ""  # it may have been held up until now
        if found:
            c.status.missing_since = None
        if self._purchase.recovered(c):
            return self._recover(c, found)
        if found:
            self._settle_by(c, found)
            return None
        if stopped := self._purchase.stopped_at(c):
            left = stopped + _GRACE - self._clock.now()
            if left > timedelta():
                return RequeueAfter(min(left.total_seconds(), _UNCLEAR))
            self._purchase.cancelled(c)
            return None
        if self._purchase.was_there(c):
            return self._missing(c)
        return RequeueAfter(undo.SECONDS) if self._purchase.is_held(c) else self._create(c)

    def _missing(self, c: C) -> RequeueAfter | None:
        if wait := self._until_it_is_gone(c):
            return wait
        self._purchase.gone(c)
        return None

    def _create(self, c: C) -> RequeueAfter | None:
        if not c.status.asked_for and (why := c.not_allowed):  # it may have waited in line for hours
            self._refuse(c, why, standing.MEND)
            return None
        before, c.status.asked_for = c.status.asked_for, True
        c.save()  # a full lease for the call
        c.context.ensure_time(self._purchase.effect.longest)
        try:
            with passing(self._purchase.effect):
                arn = self._purchase.create(c)
        except UnknownOutcome:
            return RequeueAfter(_UNCLEAR)
        # What passes, and what holds everything up, says nothing of this plan: the loop tries again.
        except (Unavailable, NoIdentity):
            raise
        except (Refused, Misconfigured) as error:
            # AWS said no: nothing of this attempt can appear.
            c.status.asked_for = before
            return self._not_created(c, error)
        self._purchase.begun(c, arn, None)
        return None

    def _not_created(self, c: C, error: Refused | Misconfigured) -> RequeueAfter | None:
        if isinstance(error, QuotaReached) and (line := _asked(lambda: self._purchase.full(c, error))):
            self._purchase.say(c, "queued", line)
            return RequeueAfter(_QUEUED)
        if again := role_waiting.wait(error, c.status, self._clock.now()):
            return again
        # Somebody may have taken the name between the look and the call.
        found = _asked(lambda: self._purchase.look(c))
        if found:
            self._settle_by(c, found)
            return None
        note_denied(c.context.key, error)
        meaning = explain_error(error)
        c.status.raw_failure = error.detail
        self._refuse(c, meaning.cause, meaning.mend, meaning.who.value)
        return None

    def _settle_by(self, c: C, found: Found) -> None:
        """Something of that name is there: adopt it when it is the plan's, refuse the name otherwise."""
        if _asked(lambda: self._purchase.is_ours(c, found)):
            self._purchase.begun(c, found.arn, found)
        else:
            self._refuse(c, *_asked(lambda: self._purchase.taken(c, found)))

    def _recover(self, c: C, found: Found | None) -> RequeueAfter | None:
        if found:
            self._purchase.enter(c)
            self._purchase.begun(c, found.arn, found)
            return None
        if wait := self._until_it_is_gone(c):
            return wait
        self._refuse(c, *self._purchase.lost())
        return None

    def _until_it_is_gone(self, c: C) -> RequeueAfter | None:
        """Return when to look again for what was there and is not shown; None: AWS has not known it for long."""
        if missing.is_gone(c.status, c.context.now()):
            return None
        c.save()
        return RequeueAfter(missing.BETWEEN_LOOKS)

    def _refuse(self, c: C, explanation: Said, mend: str, who: str = "") -> None:
        c.status.explanation, c.status.mend = explanation, mend
        self._purchase.refused(c, who)

    def _blocked(self, c: C, error: Misconfigured) -> RequeueAfter:
        """An earlier attempt may have made it, so what cannot be read is not called a refusal."""
        log.warning("%s cannot be looked for: %s", c.context.key, error.sentence)
        c.status.explanation, c.status.mend = error.message, error.hint
        asked_for = c.status.asked_for or self._purchase.recovered(c)
        self._purchase.say(c, "unseen" if asked_for else "blocked", CannotLook(error.sentence, asked_for))
        return RequeueAfter(_BLOCKED)


def _asked(look: Callable[[], T]) -> T:
    try:
        return look()
    except Misconfigured as error:
        raise _CannotLook(error) from error
