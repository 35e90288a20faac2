"""Batch jobs that the store has forgotten: found by their tags, and followed again where they were told."""

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePosixPath

from bot.clock import Clock
from bot.controller.documents import dump
from bot.controller.model import Key, Registration
from bot.controller.outbox.entries import marker_of
from bot.controller.ports import Messages, ResourceStore
from bot.distillations.cards import AnswersRecovered
from bot.distillations.context import END
from bot.distillations.model import KIND, SCHEMA, DistillationSpec, Offered, Recovered
from bot.distillations.plan import OVER, BatchObservation, DistillationPlan, Prepared, PromptSource, Tokens
from bot.distillations.ports import Batches
from bot.distillations.purchase import FORM, Ordered
from bot.distillations.tags import BASE, TEACHER
from bot.distillations.teachers.registry import TEACHERS
from bot.errors import Refused
from bot.profiles.registry import PROFILES
from bot.spending import tags
from bot.spending.archive import PlanKeeper
from bot.spending.comparing import LOOK_BACK, Looked, compare, matters
from bot.spending.recovery import Found
from bot.spending.tags import Origin
from bot.spending.votes import PATIENCE, Vote, Votes

_BEFORE = timedelta(hours=1)
"""What was said of a job is looked for from so long before its creation on: Slack's clock is another."""
_PLANNED = timedelta(seconds=2 * PATIENCE)
"""How long before it was ordered it may have been planned, and its card be posted: people decide twice."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LostBatches:
    """Compares a region's batch jobs with the store. ``bot`` is what this bot is called among several."""

    batches: Batches
    messages: Messages
    store: ResourceStore
    plans: PlanKeeper
    clock: Clock
    bot: str = ""

    def look(self, region: str, strangers: Collection[str]) -> Looked:
        """Compare; ``strangers`` are the ARNs that were none of our business the last time."""
        since = self.clock.now() - LOOK_BACK
        return compare(
            lambda: [each for each in self.batches.list_since(region, since) if matters(each, OVER)],
            lambda: set(self._known()),
            strangers,
            lambda seen: self._one(region, seen),
        )

    def _known(self) -> Iterator[str]:
        for resource in self.store.of_kind(KIND):
            # A missing one reads `None`, which is the ARN of nothing.
            found_again = SCHEMA.spec_of(resource).found_again
            yield str(found_again.arn if found_again else None)
            yield str(SCHEMA.status_of(resource).arn)

    def _one(self, region: str, seen: BatchObservation) -> list[Found] | None:
        """Return what there is to be told of one job; None when it is none of ours, or nothing is left to do."""
        marked = self.batches.tags(region, seen.arn)
        origin = tags.origin(marked) if tags.is_ours(marked, self.bot) else None
        if origin is None:
            return None
        kept = self.plans.find(region, FORM, origin.digest)
        ordered = kept or self._rebuilt(region, seen, origin, marked)
        if ordered is None or not _is_known(ordered.spec.plan):
            log.warning("%s is tagged as ours, and is not what I order", seen.arn)
            return None
        key = Key(KIND, ordered.spec.plan.id)
        if self.store.get(key):
            return None  # it is followed, though not among the last thousand, or is just being written down
        if seen.status in OVER and self._is_told(key, seen, origin):
            return None
        log.warning("%s was forgotten; it is followed again", seen.arn)
        news = AnswersRecovered(seen.name, region, origin.channel, with_plan=kept is not None)
        resources = (Registration(key, dump(self._followed(ordered, seen, origin))),)
        if kept is None:
            return [Found(news, resources, origin.channel, origin.owner)]
        return [Found(news, resources)]

    def _is_told(self, key: Key, seen: BatchObservation, origin: Origin) -> bool:
        """Return whether its end is in Slack: then its file was shared, and nobody wants a second one."""
        try:
            return bool(
                self.messages.find(
                    origin.channel,
                    marker_of(key, END),
                    since=seen.submitted - _BEFORE,
                    thread_ts=origin.thread_ts,
                )
            )
        except Refused:
            return False  # the place is gone, and its end goes to the owner

    def _followed(self, ordered: Ordered, seen: BatchObservation, origin: Origin) -> DistillationSpec:
        """Return the distillation to be followed. What people wanted since its start is lost, and not guessed."""
        return replace(
            ordered.spec,
            thread_ts=None if origin.opened else origin.thread_ts,  # then its card is there to be found
            stop=None,
            found_again=Recovered(self.clock.now(), seen.arn, ordered.offered),
        )

    def _rebuilt(
        self, region: str, seen: BatchObservation, origin: Origin, marked: Mapping[str, str]
    ) -> Ordered | None:
        """Return what can be told without the plan, or None when that is too little to make a dataset of it."""
        how = self.batches.describe(region, seen.arn)
        if how is None:
            return None
        plan = DistillationPlan(
            # Its folder is called by its plan's ID.
            id=PurePosixPath(how.output_uri).name,
            job_name=seen.name,
            teacher=marked.get(TEACHER, ""),
            model_id=how.model_id,
            region=region,
            profile=marked.get(BASE, ""),
            source=PromptSource(name=seen.name),
            role_arn=how.role_arn,
            output_uri=how.output_uri,
            owner=origin.owner,
            channel=origin.channel,
        )
        nothing = Tokens(0, 0)
        records = seen.total or seen.processed or 0
        prepared = Prepared(seen.name, "", how.input_uri, 0, records, (), nothing, nothing)
        # It was agreed to, or there would be no job; by whom is lost.
        votes = Votes(started=Vote("start", origin.owner, seen.submitted))
        return Ordered(
            # From this moment on its messages are looked for, and its card was posted before it was
            # ordered.
            DistillationSpec(plan, asked_at=seen.submitted - _PLANNED - _BEFORE, votes=votes),
            Offered(prepared),
        )


def _is_known(plan: DistillationPlan) -> bool:
    """Return whether a dataset can be made of it: its teacher and its base are ones that we have."""
    return plan.teacher in TEACHERS and plan.profile in PROFILES
