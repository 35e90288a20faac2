"""Every ten minutes, what runs in the account is held against what is known: the net under everything else.

It finds throughput and deployments by their tags, even when the store has forgotten all. What has no release gets
one, made from its tags; what is there although its release is done is deleted here. It never touches what
Tunesmith did not make.
"""

import logging
from datetime import datetime
from random import Random

from bot.clock import Clock
from bot.errors import TunesmithError
from bot.following.model import Again, Key, Outcome, Registration
from bot.following.ports import ThingStore
from bot.following.step import Step
from bot.jobs.documents import dump
from bot.profiles.model import Serving
from bot.serving import tags
from bot.serving.model import EndpointObservation
from bot.serving.ports import Endpoints
from bot.serving.record import RELEASE, ReleaseSpec

KIND = "sweep"

log = logging.getLogger(__name__)


def registration(region: str) -> Registration:
    """Return the sweep of a region, which stands for as long as a process runs."""
    return Registration(Key(KIND, region), {"v": 1, "region": region})


class SweepReconciler:
    """Looks at everything of ours in a region. ``interval`` is seconds."""

    def __init__(
        self,
        endpoints: Endpoints,
        store: ThingStore,
        clock: Clock,
        random: Random,
        *,
        interval: float = 600.0,
    ) -> None:
        self._endpoints = endpoints
        self._store = store
        self._clock = clock
        self._random = random
        self._interval = interval

    def __call__(self, step: Step) -> Outcome:
        """Sweep when it is time. The store never waits longer than five minutes, so the time is kept here."""
        now = step.now()
        next_at = float(step.status.get("next_at", now))
        if now < next_at <= now + 2 * self._interval:
            return Again(next_at - now)
        region = step.spec["region"]
        for serving in Serving:
            for seen in self._endpoints.list_all(region, serving):
                self._hold(region, serving, seen)
        wait = self._interval * self._random.uniform(0.9, 1.1)
        step.status["next_at"] = now + wait
        return Again(wait)

    def _hold(self, region: str, serving: Serving, seen: EndpointObservation) -> None:
        """One endpoint. Trouble with it keeps nobody from looking at the next."""
        try:
            marked = self._endpoints.tags(region, seen.arn)
            if not tags.is_ours(marked):
                return
            lease_id, deadline = marked.get(tags.LEASE, ""), tags.release_by(marked)
            if not lease_id or deadline is None:
                log.warning("%s is tagged as ours but names no lease or deadline; it is left alone", seen.arn)
                return
            self._ensure_release(region, serving, seen, lease_id, deadline)
        except TunesmithError as error:
            log.warning("%s could not be looked at: %s %s", seen.arn, error.sentence, error.detail)

    def _ensure_release(
        self, region: str, serving: Serving, seen: EndpointObservation, lease_id: str, deadline: datetime
    ) -> None:
        key = Key(RELEASE, lease_id)
        known = self._store.get(key)
        if known is None:
            log.warning("%s was forgotten; it is released by %s", seen.arn, deadline.isoformat())
            now = self._clock.now()
            wanted = ReleaseSpec(lease_id, region, serving, seen.name, now, deadline)
            self._store.register(Registration(key, dump(wanted)))
        elif (
            known.done
        ):  # it was read back as gone before that was written down, so nobody waits for this one
            log.warning("%s was released, and is there again; it is deleted", seen.arn)
            self._endpoints.delete(region, serving, seen.arn)
