"""Keeping a plan outside of the store before what it plans is created, and finding it again when the store is lost.

It is a net: a start waits for it a little, and goes on without it. What is started then is followed again after a
loss with what AWS tells of it.
"""

import logging
from typing import TypeVar

from bot.errors import Misconfigured, Refused, TunesmithError, Unavailable
from bot.following import giving_up
from bot.following.crash_points import crash_point
from bot.following.step import Step
from bot.jobs.kept_plans import Form, Unreadable
from bot.jobs.ports import PlanArchive

Kept = TypeVar("Kept")

TRIES = 3
"""Tries in a row after which a start goes on without its plan kept."""
_CALL = 25.0
"""Seconds that keeping one may take, the first look at the bucket included."""

log = logging.getLogger(__name__)


class PlanKeeping:
    """Keeps plans in an archive, and finds them there."""

    def __init__(self, archive: PlanArchive) -> None:
        self._archive = archive

    def keep(self, step: Step, region: str, form: Form[Kept], value: Kept) -> None:
        """Keep what is about to be created. Repeating it is harmless, and so is a plan that comes to nothing.

        Raises:
            Unavailable: the archive did not answer, and it is worth another try.
            OutOfTime: the lease is too short; let it pass through.
        """
        step.save()  # a full lease for the calls
        step.ensure_time(_CALL)
        try:
            self._archive.put(region, form.digest_of(value), form.write(value))
        except (Refused, Misconfigured, Unavailable) as trouble:
            if isinstance(trouble, Unavailable) and giving_up.waits(step.status) < TRIES:
                raise
            log.warning("%s: its plan is not kept: %s %s", step.key, trouble.sentence, trouble.detail)
        crash_point("after-plan-kept")

    def find(self, region: str, form: Form[Kept], digest: str) -> Kept | None:
        """Return what was kept of the plan with that digest; None when there is nothing that could be used.

        Raises:
            Unavailable: the archive did not answer: it may be there all the same.
        """
        try:
            content = self._archive.get(region, digest)
            return form.read(content, digest) if content is not None else None
        except Unavailable:
            raise
        except TunesmithError as trouble:
            log.warning("The plan %s cannot be read: %s %s", digest, trouble.sentence, trouble.detail)
        except Unreadable as wrong:
            log.warning("What is kept as the plan %s is ignored: %s", digest, wrong)
        return None
