"""The audit is published: a minute after a decision, what is new goes to the bucket as a sealed segment.

What the store keeps is bounded: the newest entries stay, and older ones are cut where a published segment ends, never
within one, and never while something is wrong with the chain. A segment is named by its numbers and its last code, so
that the same again is the same object, and another is kept beside it.
"""

import logging
from typing import Protocol

from bot.audit.chain import Head
from bot.audit.model import SealStatus
from bot.audit.ports import Segments, Trail
from bot.controller.context import Context
from bot.controller.effects import Effect, passing
from bot.controller.model import Done, Outcome, RequeueAfter
from bot.controller.schema import OfRegion
from bot.errors import FaultText, Misconfigured, NoIdentity

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds between two segments: as long may the end be cut off unseen by who can write to Redis."""
LARGEST = 1000
"""Entries of a segment."""
KEEP = 10_000
"""Entries that stay in the store: some 4 MB."""
SOON = 1.0
DENIED = 300.0
"""Seconds until a bucket that cannot be written to is tried again: somebody has to mend that first."""

PUBLISH = Effect(
    "publish-audit",
    "keeping a sealed segment of the audit in the bucket",
    "a segment that is there: it is put again under the same name, with the same content",
    longest=20.0,
)
CUT = Effect(
    "cut-audit",
    "forgetting entries that were published, but for the newest",
    "entries that are gone from the store: forgetting them again changes nothing",
)


class SealDependencies(Protocol):
    """What the audit is published with."""

    trail: Trail
    segments: Segments


class SealReconciler:
    """Publishes what is new, and cuts what is old."""

    def __init__(self, dependencies: SealDependencies) -> None:
        self._trail = dependencies.trail
        self._segments = dependencies.segments

    def __call__(self, context: Context[OfRegion, SealStatus]) -> Outcome:
        """Go as far as one turn gets."""
        if context.spec.region != self._segments.region:
            return Done()  # another bucket has the audit since
        status, now = context.status, context.now()
        # A time that is ahead was written down before the store's clock was set back.
        left = 0.0 if status.at is None or status.at > now else EVERY - (now - status.at)
        if left > 0:
            return RequeueAfter(left)
        head = self._trail.head()
        try:
            more = self._publish(context, head) if head.number != status.number else False
        except NoIdentity:
            raise
        except Misconfigured as denied:
            # It waits for whoever mends it, however long that takes: the log tells the operator, once.
            log.warning("the audit cannot be published: %s", denied.sentence)
            return RequeueAfter(DENIED)
        if not status.broken and (up_to := min(status.number, head.number - KEEP)) > 0:
            with passing(CUT):
                self._trail.cut(up_to)
        return RequeueAfter(SOON if more else EVERY)

    def _publish(self, context: Context[OfRegion, SealStatus], head: Head) -> bool:
        """Publish one segment; return whether there is more."""
        status = context.status
        if head.number < status.number:
            # A store that was lost, or put back as it was before: numbers begin anew from there.
            self._broken(status, f"it ends at {head.number}, and was published up to {status.number}")
            status.number, status.code = head.number, head.code
            context.save()
            return False
        entries = self._trail.read(status.number, LARGEST)
        if not entries:
            return False
        last = Head(entries[-1].number, entries[-1].code)
        anchor = {status.number: status.code} if status.number else {}
        ends = head if len(entries) < LARGEST else last
        broken = self._trail.chain.verify(entries, ends, anchor).breaks
        self._broken(status, broken[0].sentence if broken else "")
        with passing(PUBLISH):
            self._segments.put(entries[0].number, last, "".join(each.line() for each in entries).encode())
        status.number, status.code = last.number, last.code
        more = last.number < head.number
        status.at = None if more else context.now()
        context.save()
        return more

    def _broken(self, status: SealStatus, sentence: str) -> None:
        status.broken = sentence
        if sentence:
            # The log tells the operator. What was found stands in the segment, too, as it was found.
            log.error("%s", FaultText(f"The audit does not hold: {status.broken}.", "the audit"))


__all__ = ["CUT", "KEEP", "PUBLISH", "SealDependencies", "SealReconciler"]
