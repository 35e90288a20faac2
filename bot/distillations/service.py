"""Prompts to be answered by a teacher, as handlers ask for it: proposals, stops, and looking them up."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import PurePath

from bot.controller.model import Resource
from bot.controller.outbox.entries import root_of
from bot.distillations import estimates
from bot.distillations.cards import DistillationView, TeacherList, TeacherRow
from bot.distillations.model import CARD, KIND, SCHEMA, STOPS, DistillationSpec
from bot.distillations.plan import ANSWER_TOKENS, DistillationPhase, DistillationPlan, PromptSource
from bot.distillations.purchase import DistillationPurchase
from bot.distillations.teachers import registry as teachers
from bot.distillations.teachers.model import Teacher
from bot.distillations.transitions import ENDED, RUNNING, UNDECIDED, advance
from bot.distillations.views import distill_view
from bot.errors import BadField, Misconfigured, NotFound, Refused
from bot.jobs.planning_service import PlanningService
from bot.names import bare, did_you_mean, short
from bot.profiles import registry
from bot.profiles.model import PriceKind, Profile
from bot.profiles.service_patterns import JOB_NAME
from bot.spending import undo
from bot.spending.model import Request
from bot.spending.votes import over_already, stopped_already
from bot.wording import quoted

_ID_DIGITS = 12


class DistillationService(PlanningService):
    """What people want of teachers. Writes it down for the reconciler; never waits for Slack or AWS.

    Every method may raise ``Unavailable`` when the store does not answer; nothing was started then.
    """

    def draft(
        self,
        *,
        source: PromptSource,
        teacher: str,
        profile: str,
        owner: str,
        channel: str,
        system: str | None = None,
        max_tokens: int = ANSWER_TOKENS,
        asked_in: str = "",
    ) -> DistillationPlan:
        """Return the plan. Nothing is written down yet. The same request (``asked_in``) twice is one plan.

        Raises:
            NotFound: there is no such teacher or base model.
            Refused: the teacher takes no batch jobs in the base's region.
            BadField: answers may not be so long.
            Misconfigured: no bucket is set for that region.
            NotAllowed: the person or the channel may not.
        """
        self._access.check_spending(owner, channel)
        found, base = teachers.get(teacher), registry.get(profile)
        _check_length(max_tokens, base)
        self._check_prompts(source, channel)
        identity = [
            source.file_id,
            source.dataset_id,
            found.name,
            base.name,
            system,
            max_tokens,
            channel,
            asked_in,
        ]
        digits = hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:_ID_DIGITS]
        return DistillationPlan(
            id=digits,
            job_name=JOB_NAME.check(_name(source, digits)),
            teacher=found.name,
            model_id=teachers.model_id(found, base.region),
            region=base.region,
            profile=base.name,
            source=source,
            role_arn=self._settings.role_arn,
            output_uri=f"s3://{self._bucket(base.region)}/distillations/{digits}/",
            owner=owner,
            channel=channel,
            system=system,
            max_tokens=max_tokens,
        )

    def propose(  # noqa: PLR0913 -- what is said in the command, all by name
        self,
        *,
        source: PromptSource,
        teacher: str,
        profile: str,
        owner: str,
        channel: str,
        system: str | None = None,
        max_tokens: int = ANSWER_TOKENS,
        thread_ts: str | None = None,
        asked_in: str = "",
    ) -> DistillationPlan:
        """Have the prompts read, priced and shown; return the plan. Nothing is spent. Raises as ``draft`` does."""
        plan = self.draft(
            source=source,
            teacher=teacher,
            profile=profile,
            owner=owner,
            channel=channel,
            system=system,
            max_tokens=max_tokens,
            asked_in=asked_in,
        )
        self.propose_drafted(plan, thread_ts=thread_ts)
        return plan

    def propose_drafted(self, plan: DistillationPlan, *, thread_ts: str | None = None) -> None:
        """Have the prompts read, priced and shown. Nothing is spent."""
        spec = DistillationSpec(plan=plan, asked_at=self._clock.now(), thread_ts=thread_ts)
        self._store.register(SCHEMA.wanted(plan.id, spec))

    def stop(self, name_or_id: str, by: str) -> DistillationView:
        """Ask for it to be stopped. Repeating it is harmless.

        Raises:
            NotFound: there is no such distillation; the hint has the nearest name.
            Refused: it has ended already, or has not been started.
        """
        resource = self._resource(name_or_id)
        spec = SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.plan.owner, spec.plan.channel)
        phase = self._view(resource).phase
        if phase in ENDED or phase is DistillationPhase.COLLECTING:
            raise over_already("That", phase, spec.votes, spec.stop)
        if phase not in RUNNING | {DistillationPhase.STARTING}:
            raise Refused("That has not been started.", hint="Press *Cancel* on its plan instead.")
        at = self._store.now()
        wish = undo.wished(by, self._clock.now(), at)

        def change(now: DistillationSpec) -> DistillationSpec:
            return undo.ask(now, STOPS, wish, lambda theirs: stopped_already(theirs.stop))

        changed = self._store.amend(resource.key, SCHEMA.on_documents(change)) or resource
        return replace(self._view(changed), ends_in=undo.left(SCHEMA.spec_of(changed).stop, at))

    def keep(self, name_or_id: str, by: str) -> DistillationView:
        """Take back that it is to be stopped, as long as that can be.

        Raises:
            NotFound: there is no such distillation; the hint has the nearest name.
            Refused: nobody asked to stop it; or Bedrock was asked, or it was kept before, and by whom.
        """
        resource = self._resource(name_or_id)
        plan = SCHEMA.spec_of(resource).plan
        self._access.check_ending(by, plan.owner, plan.channel)
        at, now = self._clock.now(), self._store.now()
        return self._amend(resource, lambda spec: undo.keep(spec, STOPS, by, at, now))

    def keep_waiting(self, name_or_id: str, by: str) -> DistillationView:
        """Note that somebody was told of a stall and lets it run on. The first to say so counts.

        Raises:
            NotFound: there is no such distillation; the hint has the nearest name.
            Refused: it is over.
        """
        self._access.check_contributor(by)
        resource = self._resource(name_or_id)
        if self._view(resource).phase not in RUNNING:
            raise Refused("That is over.", hint="There is nothing to wait for.")
        wish = Request(by, self._clock.now())

        return self._amend(resource, lambda now: replace(now, waiting=now.waiting or wish))

    # Looking

    def find(self, name_or_id: str) -> DistillationView:
        """Return the distillation of that name or ID.

        Raises:
            NotFound: there is none; the hint has the nearest name.
        """
        return self._view(self._resource(name_or_id))

    def plan(self, name_or_id: str) -> tuple[DistillationPlan, str]:
        """Return the frozen plan, and what its prompts are called.

        Raises:
            NotFound: there is none; the hint has the nearest name.
        """
        it = self._purchase.read(self._resource(name_or_id))
        return it.spec.plan, it.status.prepared.name if it.status.prepared else it.spec.plan.source.name

    def names(self) -> list[str]:
        """Return the names of all distillations that the viewer sees, newest first."""
        return [SCHEMA.spec_of(resource).plan.job_name for resource in self._directory.resources(KIND)]

    def raw_failure(self, name_or_id: str) -> str:
        """Return what Bedrock said of a failure; empty when it said nothing."""
        return self._purchase.read(self._resource(name_or_id)).status.raw_failure

    def teachers(self) -> TeacherList:
        """Return the teachers with their prices, and what is under way."""
        return TeacherList(tuple(self._row(each) for each in teachers.TEACHERS.values()), self.running())

    def running(self) -> tuple[DistillationView, ...]:
        """Return those that were agreed to and have not ended, as far as the viewer sees them, newest first."""
        views = [self._view(resource) for resource in self._directory.resources(KIND, unfinished=True)]
        return tuple(each for each in views if each.phase not in UNDECIDED | ENDED)

    # How

    @cached_property
    def _purchase(self) -> DistillationPurchase:
        return DistillationPurchase(self._prices, self._settings)

    def _check_prompts(self, source: PromptSource, channel: str) -> None:
        """Return when prompts that are a dataset's may be talked of in the channel; a file is looked at later."""
        if not source.dataset_id:
            return
        dataset = self._directory.dataset(source.dataset_id)
        if dataset is None:
            raise NotFound(f"There is no dataset {quoted(source.name)}.", hint="`/tune datasets` lists them.")
        self._directory.check_dataset(dataset, channel)

    def _row(self, teacher: Teacher) -> TeacherRow:
        return TeacherRow(
            teacher.name,
            teacher.label,
            tuple(teacher.regions),
            estimates.quote(self._prices, teacher, PriceKind.BATCH_INPUT),
            estimates.quote(self._prices, teacher, PriceKind.BATCH_OUTPUT),
        )

    def _bucket(self, region: str) -> str:
        bucket = self._settings.buckets.get(region)
        if bucket:
            return bucket
        raise Misconfigured(
            f"No bucket is set for {region}, where this base model is trained.",
            hint=f"The operator adds {quoted(f'{region}=BUCKET')} to TUNESMITH_BUCKETS.",
        )

    def _resource(self, name_or_id: str) -> Resource:
        wanted = bare(name_or_id)
        found = self._directory.resource(KIND, wanted)
        if found:
            return found
        for resource in self._directory.resources(KIND):
            if SCHEMA.spec_of(resource).plan.job_name.lower() == wanted.lower():
                return resource
        hint = did_you_mean(wanted, self.names(), "`/tune distill` lists those that are under way.")
        raise NotFound(f"There is no distillation {quoted(wanted)}.", hint=hint)

    def _amend(
        self, resource: Resource, change: Callable[[DistillationSpec], DistillationSpec]
    ) -> DistillationView:
        return self._view(self._store.amend(resource.key, SCHEMA.on_documents(change)) or resource)

    def _view(self, resource: Resource) -> DistillationView:
        """Return it as people see it; one that is decided is starting, though no worker has taken it up yet."""
        it = self._purchase.read(resource)
        if self._purchase.is_agreed(it):
            advance(it.status, DistillationPhase.STARTING)
        sees = self._directory.sight.sees_channel(it.spec.plan.channel)
        told = it.spec.thread_ts or root_of(resource, CARD)
        return replace(distill_view(it.spec, it.status), thread_ts=told if sees else "")


def _check_length(max_tokens: int, base: Profile) -> None:
    if not 1 <= max_tokens <= base.max_answer_tokens:
        raise BadField(
            "max_tokens",
            f"An answer may have 1 to {base.max_answer_tokens:,} tokens: {base.label} gives no longer ones.",
            hint=f"The default is {ANSWER_TOKENS:,}.",
        )


def _name(source: PromptSource, digits: str) -> str:
    stem = short(PurePath(source.name).stem) if source.name else "prompts"
    return f"distill-{stem}-{digits[:8]}"
