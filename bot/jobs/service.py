"""Jobs, as handlers ask for them: drafts, proposals, stops, and looking them up."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from bot.access import Access
from bot.clock import Clock
from bot.controller.model import Key, Registration, Resource
from bot.controller.ports import SpecWriter
from bot.datasets.model import Dataset, Role, reference
from bot.derivations.splitting.model import other_side
from bot.directory.directory import Directory
from bot.errors import BadField, NotFound, Refused
from bot.jobs import drafting, taken_names
from bot.jobs.cards import JobList, JobView, Which
from bot.jobs.model import JobPlan, JobSettings, Phase, StartDefaults
from bot.jobs.namesakes import job_of
from bot.jobs.planning_service import PlanningService
from bot.jobs.ports import UnmanagedJobs
from bot.jobs.purchase import JobPurchase
from bot.jobs.record import KIND, SCHEMA, STOPS, Instead, JobSpec, JobStatus, check_one_base
from bot.jobs.terms import offer
from bot.jobs.transitions import ENDED, NEVER_STARTED, RUNNING, advance
from bot.jobs.views import seen_by
from bot.models.model import CustomModel
from bot.names import NAMES, bare, did_you_mean
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.hyperparameters import under_api_names
from bot.spending import undo
from bot.spending.budget_service import BudgetService
from bot.spending.model import Request
from bot.spending.votes import check_is_open, over_already, stopped_already
from bot.wording import quoted

_LOOKED_AT = 50
"""Datasets among which the other side of a split is looked for: those that the form offers."""


class JobService(PlanningService):
    """What people want of jobs. Writes it down for the reconciler; never waits for Slack or AWS.

    Every method may raise ``Unavailable`` when the store does not answer; nothing was started then.
    """

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        settings: JobSettings,
        budget_service: BudgetService,
        unmanaged: UnmanagedJobs,
    ) -> None:
        super().__init__(store, directory, prices, access, clock, settings, budget_service)
        self._unmanaged = unmanaged
        self._purchase = JobPurchase(prices, settings)

    # Planning

    def defaults(self, dataset: Dataset | None, profile: str | None = None) -> StartDefaults:
        """Return what the form is filled with. Without a profile it is the one that the dataset was validated for.

        Raises:
            NotFound: there is no such base model.
        """
        wanted = profile or (dataset.report.profile if dataset else registry.DEFAULT)
        made = drafting.defaults(dataset, registry.get(wanted), self.taken(), self._clock.now())
        if dataset is None or not made.validation_allowed:
            return made
        held_out = other_side(dataset, self._directory.datasets(limit=_LOOKED_AT))
        return replace(made, validation_dataset=held_out.id if held_out else None)

    def defaults_again(self, plan: JobPlan, dataset: Dataset) -> StartDefaults:
        """Return what the form of another run is filled with: the names that ``repeat`` gives.

        Raises:
            NotFound: there is no such base model any more.
        """
        job_name, model_name = drafting.names_again(plan, self.taken())
        made = self.defaults(dataset, plan.profile)
        return replace(made, job_name=job_name, model_name=model_name)

    def draft(  # noqa: PLR0913 -- the fields of the form, all by name
        self,
        *,
        dataset: str,
        profile: str,
        job_name: str,
        model_name: str,
        hyperparameters: Mapping[str, str],
        validation_dataset: str | None,
        owner: str,
        channel: str,
        base_model: str | None = None,
        taken: drafting.Taken | None = None,
    ) -> JobPlan:
        """Return the frozen plan. Nothing is written down yet. ``base_model`` is a custom model to train further.

        ``taken`` are the names that cannot be had, where they were read already.

        Raises:
            BadField: the field that is wrong.
            Misconfigured: no role or bucket is set.
            NotAllowed: the person or the channel may not.
        """
        self._access.check_spending(owner, channel)
        validation = validation_dataset.strip() if validation_dataset else ""
        filled = drafting.Draft(
            dataset=self._dataset("dataset", dataset, Role.TRAINING, channel),
            profile=profile,
            job_name=job_name,
            model_name=model_name,
            hyperparameters=hyperparameters,
            validation=self._dataset("validation_dataset", validation, Role.VALIDATION, channel)
            if validation
            else None,
            owner=owner,
            channel=channel,
            base=self._base_model(base_model.strip(), channel) if base_model and base_model.strip() else None,
        )
        return drafting.freeze(filled, self._settings, taken or self.taken())

    def repeat(self, name_or_id: str, changes: Mapping[str, str], *, owner: str, channel: str) -> JobPlan:
        """Return the plan of an earlier job with some hyperparameters changed, under names that are free.

        Raises:
            NotFound: there is no such job, or its dataset is gone.
            Refused: nothing is known of its data, since it was not planned here; or a hyperparameter is wrong.
        """
        plan = self.plan(name_or_id)
        if not plan.dataset_id:
            raise Refused(
                f"{quoted(plan.job_name)} was not planned here, so I do not know its dataset.",
                hint="`/tune start DATASET` plans another.",
            )
        profile = registry.get(plan.profile)
        named = under_api_names(profile, changes)
        taken = self.taken()
        job_name, model_name = drafting.names_again(plan, taken)
        return self.draft(
            dataset=reference(plan.dataset_id, plan.dataset_name),
            profile=plan.profile,
            job_name=job_name,
            model_name=model_name,
            hyperparameters={**plan.hyperparameters, **named},
            validation_dataset=plan.validation_dataset_id,
            owner=owner,
            channel=channel,
            base_model=plan.base_model_name,
            taken=taken,
        )

    def template(self, source: str, *, owner: str, channel: str) -> JobPlan:
        """Return a plan to vary: that of an earlier job, or of a dataset with all that a form has chosen already.

        Raises:
            NotFound: there is no such job or dataset; the hint has the nearest.
            Refused, BadField: it cannot be planned now, and why.
        """
        wanted = bare(source)
        dataset = self._directory.dataset(wanted, Role.TRAINING)
        if dataset is None or wanted in self.names():
            return self.repeat(wanted, {}, owner=owner, channel=channel)
        defaults = self.defaults(dataset)
        draft = partial(
            self.draft,
            dataset=dataset.reference,
            profile=defaults.profile,
            job_name=defaults.job_name,
            model_name=defaults.model_name,
            hyperparameters={each.name: each.value for each in defaults.hyperparameters},
            owner=owner,
            channel=channel,
        )
        return drafting.held_against(defaults.validation_dataset, draft)

    def propose(self, plan: JobPlan, *, thread_ts: str | None = None) -> str:
        """Have the plan looked at, priced and shown; return its ID. The same plan twice is one proposal.

        A plan that was cancelled, declined or refused before is proposed anew. Whether its names are free was told when
        it was drafted: ``propose_drafted`` has them looked at in the same moment.
        """
        return self.propose_drafted(lambda: plan, thread_ts=thread_ts).id

    def propose_drafted(self, draft: Callable[[], JobPlan], *, thread_ts: str | None = None) -> JobPlan:
        """Propose what ``draft`` returns, and return it. It is drafted anew when somebody takes names meanwhile.

        So names that are made are made of those that are free, and one that was typed is refused when it is not.

        Raises:
            whatever ``draft`` raises.
        """
        plan: JobPlan
        is_anew = False

        def make() -> Registration:
            nonlocal plan
            plan = draft()
            return SCHEMA.wanted(plan.id, self._proposed(plan, thread_ts))

        def anew(old: JobSpec) -> JobSpec:
            nonlocal is_anew
            is_anew = draft().id == plan.id and self._came_to_nothing(plan.id)
            if not is_anew:
                return old  # its names are another's by now, or somebody was quicker
            return replace(self._proposed(plan, thread_ts), round=old.round + 1)

        while not is_anew and not self._store.register_sole(NAMES, make) and self._came_to_nothing(plan.id):
            self._store.amend(Key(KIND, plan.id), SCHEMA.on_documents(anew), NAMES)
        return plan

    def check_instead(self, plan_id: str, profile: str) -> None:
        """Return when an open plan may be planned on that base, before its dataset is converted for it.

        Raises:
            NotFound: there is no such plan.
            Refused: it is being planned on another base.
        """
        check_one_base(SCHEMA.spec_of(self._resource(plan_id)).instead, registry.get(profile).name)

    def plan_instead(self, plan_id: str, profile: str, conversion: str, by: str) -> None:
        """Have an open plan planned on another base, once that piece of work has converted its dataset.

        Raises:
            NotFound: there is no such plan.
            Refused: somebody has decided on it meanwhile, or has it planned on another base.
        """
        wanted = Instead(registry.get(profile).name, conversion, by)

        def change(now: JobSpec) -> JobSpec:
            check_is_open(now.votes, self._purchase.terms(now).needs_approval)
            check_one_base(now.instead, wanted.profile)
            return replace(now, instead=wanted)

        if self._store.amend(Key(KIND, plan_id), SCHEMA.on_documents(change)) is None:
            raise self._unknown(plan_id)

    # While it runs

    def stop(self, name_or_id: str, by: str) -> JobView:
        """Ask for the job to be stopped. Repeating it is harmless.

        Raises:
            NotFound: there is no such job; the hint has the nearest name.
            Refused: it has ended already, never ran, or somebody else had it stopped before (who).
        """
        resource = self._resource(name_or_id)
        spec = SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.owner, spec.plan.channel)
        status = self._standing(resource)
        if status.phase in ENDED:
            raise over_already("That job", status.phase, spec.votes, spec.stop)
        if status.phase not in RUNNING | {Phase.STARTING}:
            raise Refused("That job has not been started.", hint="Press *Cancel* on its plan instead.")
        at = self._store.now()
        wish = undo.wished(by, self._clock.now(), at)

        def change(now: JobSpec) -> JobSpec:
            return undo.ask(now, STOPS, wish, lambda theirs: stopped_already(theirs.stop))

        changed = self._store.amend(resource.key, SCHEMA.on_documents(change)) or resource
        return replace(self._view(changed), ends_in=undo.left(SCHEMA.spec_of(changed).stop, at))

    def keep(self, name_or_id: str, by: str) -> JobView:
        """Take back that it is to be stopped, as long as that can be.

        Raises:
            NotFound: there is no such job; the hint has the nearest name.
            Refused: nobody asked to stop it; or Bedrock was asked, or it was kept before, and by whom.
        """
        resource = self._resource(name_or_id)
        spec = SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.owner, spec.plan.channel)
        at, now = self._clock.now(), self._store.now()
        return self._amend(resource, lambda spec: undo.keep(spec, STOPS, by, at, now))

    def keep_waiting(self, name_or_id: str, by: str) -> JobView:
        """Note that somebody was told of a stall and lets the job run on. The first to say so counts.

        Raises:
            NotFound: there is no such job; the hint has the nearest name.
            Refused: it is over.
        """
        self._access.check_contributor(by)
        resource = self._resource(name_or_id)
        if self._standing(resource).phase in ENDED:
            raise Refused("That job is over.", hint="There is nothing to wait for.")
        wish = Request(by, self._clock.now())

        return self._amend(resource, lambda now: replace(now, waiting=now.waiting or wish))

    # Looking

    def plan(self, name_or_id: str) -> JobPlan:
        """Return the frozen plan of a job, for another run of it.

        Raises:
            NotFound: there is none; the hint has the nearest name.
        """
        return SCHEMA.spec_of(self._resource(name_or_id)).plan

    def find(self, name_or_id: str) -> JobView:
        """Return the job of that name or ID.

        Raises:
            NotFound: there is none; the hint has the nearest name.
        """
        return self._view(self._resource(name_or_id))

    def names(self) -> list[str]:
        """Return the names of all jobs that the viewer sees, newest first."""
        return [SCHEMA.spec_of(resource).plan.job_name for resource in self._directory.resources(KIND)]

    def list(self, which: Which, user: str) -> JobList:
        """Return jobs, newest first: the user's own, those that run, or all."""
        found = self._directory.resources(KIND, unfinished=which == "running")
        if which == "mine":
            found = [each for each in found if SCHEMA.spec_of(each).owner == user]
        views = [self._view(resource) for resource in found]
        if which == "running":
            views = [each for each in views if each.phase in RUNNING | {Phase.STARTING}]
        return JobList(tuple(views), which)

    # How

    def _proposed(self, plan: JobPlan, thread_ts: str | None) -> JobSpec:
        terms = offer(plan, self._prices, self._settings)
        return JobSpec(plan=plan, asked_at=self._clock.now(), thread_ts=thread_ts, terms=terms)

    def _came_to_nothing(self, job_id: str) -> bool:
        there = self._directory.own(Key(KIND, job_id))
        if there is None:
            return False
        # It may be for a moment only: it is wanted now.
        called_off = SCHEMA.spec_of(there).votes.cancelled is not None
        return called_off or SCHEMA.status_of(there).phase in NEVER_STARTED

    def _amend(self, resource: Resource, change: Callable[[JobSpec], JobSpec]) -> JobView:
        changed = self._store.amend(resource.key, SCHEMA.on_documents(change))
        return self._view(changed or resource)

    def _view(self, resource: Resource) -> JobView:
        return seen_by(self._directory, self._access, resource, self._standing(resource), self._prices)

    def _standing(self, resource: Resource) -> JobStatus:
        """Return how far the job is; one that is decided is starting, though no worker has taken it up yet."""
        it = self._purchase.read(resource)
        if self._purchase.is_agreed(it):
            advance(it.status, Phase.STARTING)
        return it.status

    def _resource(self, name_or_id: str) -> Resource:
        wanted = bare(name_or_id)
        by_id = self._directory.resource(KIND, wanted)
        if by_id:
            return by_id
        seen = self._directory.resources(KIND)
        found = [each for each in seen if SCHEMA.spec_of(each).plan.job_name.lower() == wanted.lower()]
        if not found:
            raise self._unknown(wanted)
        # A name that was cancelled may be used again: the one that lives is meant.
        return next((each for each in found if SCHEMA.status_of(each).phase not in NEVER_STARTED), found[0])

    def _unknown(self, name: str) -> NotFound:
        region = self._unmanaged.region_of(name)
        if region:
            return NotFound(
                f"{quoted(name)} is in this AWS account ({region}), but it was not made here, so I leave it alone.",
                hint="`/tune jobs all` lists it, and has me follow it.",
            )
        return NotFound(
            f"There is no job {quoted(name)}.",
            hint=job_of(name, self._directory)
            or did_you_mean(name, self.names(), "`/tune jobs all` lists them."),
        )

    def _dataset(self, field: str, name_or_id: str, role: Role, channel: str) -> Dataset:
        found = self._directory.dataset(name_or_id, role)
        if found:
            self._directory.check_dataset(found, channel)
            return found
        known = [each.name for each in self._directory.datasets()]
        hint = did_you_mean(name_or_id, known, "Drop a JSONL file into the channel first.")
        raise BadField(field, f"There is no dataset {quoted(name_or_id)}.", hint=hint)

    def _base_model(self, name: str, channel: str) -> CustomModel:
        try:
            found = self._directory.known_model(name)
        except NotFound as unknown:
            raise BadField("base_model", unknown.message, hint=unknown.hint) from None
        self._directory.check_model(found, channel)
        return found

    def taken(self, but: str = "") -> drafting.Taken:
        """Return the names that cannot be had. Those of the plan ``but`` do not count: another takes its place."""
        return taken_names.taken(self._directory, but)
