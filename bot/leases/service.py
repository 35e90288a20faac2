"""Leases, as handlers ask for them: plans, releases, and which model answers."""

from collections.abc import Callable
from dataclasses import replace

from bot.access import Access, allowed
from bot.clock import Clock
from bot.controller.model import Key, Resource
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.directory.service import Service
from bot.errors import NotFound, Refused
from bot.jobs.namesakes import model_of
from bot.jobs.record import KIND as JOB
from bot.leases import drafting
from bot.leases.cards import LeaseView, ModelLine, ModelList
from bot.leases.endpoint import LeasePhase, LeasePlan
from bot.leases.extensions import Limits, too_late
from bot.leases.model import LEASE, LEASE_SCHEMA, RELEASE, LeaseSpec
from bot.leases.purchase import LeasePurchase, is_of
from bot.leases.views import hour_at_most, may_serve, seen_by, state_of
from bot.models.model import CustomModel
from bot.names import bare
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.model import Serving
from bot.questions.answerer import Answerer, Asleep
from bot.spending.budget_service import BudgetService
from bot.spending.model import Request
from bot.wording import Person, quoted, wording


class LeaseService(Service):
    """What people want of leases and models. Writes it down for the reconciler; never waits for Slack or AWS.

    Every method may raise ``Unavailable`` when the store does not answer; nothing was started then.
    """

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        budget_service: BudgetService,
        limits: Limits,
    ) -> None:
        super().__init__(store, directory, clock)
        self._prices = prices
        self._access = access
        self._budget_service = budget_service
        self._limits = limits
        self._purchase = LeasePurchase(prices, limits)

    # Planning

    def plan(self, *, model: str, minutes: int, owner: str, channel: str, request: str) -> LeasePlan:
        """Return the frozen plan. Nothing is written down yet.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
            Refused: it lasts too long or too short, or the model is awake already.
            NotAllowed: the person or the channel may not.
        """
        self._access.check_spending(owner, channel)
        found = self._model(model)
        self._directory.check_answers(found, channel)
        plan = drafting.freeze(
            found,
            minutes=minutes,
            longest=self._limits.longest,
            owner=owner,
            channel=channel,
            request=request,
        )
        self._purchase.check_alone(plan, self._directory.for_rules(LEASE))
        return plan

    def propose(self, plan: LeasePlan, *, thread_ts: str | None = None) -> str:
        """Have the lease priced and shown; return its ID. The same request twice is one lease."""
        spec = LeaseSpec(plan=plan, asked_at=self._clock.now(), thread_ts=thread_ts)
        self._store.register(LEASE_SCHEMA.wanted(plan.id, self._purchase.offered_anew(spec)))
        return plan.id

    # While it runs

    def release(self, model_or_id: str, by: str, *, of_another: bool = False) -> LeaseView:
        """End a running lease now. Repeating it is harmless.

        Args:
            model_or_id: which.
            by: whoever has it, a trainer, or an approver.
            of_another: they know that somebody else has it, who is told.

        Raises:
            NotFound: there is no such lease or model.
            NotAllowed: they may not end it.
            Refused: the model is asleep already, somebody else released it before (who), or it is somebody else's and
                they do not know that.
        """
        resource = self.resource_of(model_or_id)
        owner = LEASE_SCHEMA.spec_of(resource).owner
        self._access.check_ending(by, owner)
        if owner != by and not of_another:
            raise Refused(wording(Person(owner), " has this lease."), hint="`/tune release` asks you first.")
        wish = Request(by, self._clock.now())

        def change(now: LeaseSpec) -> LeaseSpec:
            if now.release and now.release.by != by:
                raise too_late(now)
            return replace(now, release=now.release or wish)

        changed = self._amend(resource.key, change)
        self._store.enqueue_now(Key(RELEASE, resource.key.id))
        return self._view(changed)

    def running(self, model_or_id: str) -> LeaseView:
        """Return the lease that keeps a model awake.

        Raises:
            NotFound: there is no such lease or model.
            Refused: the model is asleep.
        """
        return self._view(self.resource_of(model_or_id))

    # Looking

    def find(self, lease_id: str) -> LeaseView:
        """Return the lease of that ID, running or over; ``NotFound`` when there is none."""
        return self._view(self._resource(lease_id))

    def live(self) -> list[LeaseView]:
        """Return the leases under which something may be running, newest first."""
        return [self._view(resource) for resource in self._live()]

    def models(self, name: str | None = None) -> ModelList:
        """Return the models that the viewer sees, or the one of that name: the awake first, then the newest.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
        """
        wanted = [self._model(name)] if name else self._directory.models()
        leases = self._live()
        makers = {each.key.id: each.spec["plan"]["owner"] for each in self._directory.resources(JOB)}
        lines = [self._line(model, leases, makers.get(model.job_id, "")) for model in wanted]
        return ModelList(tuple(sorted(lines, key=lambda each: each.lease is None)))

    def answerer(self, model: str | None, channel: str) -> Answerer:
        """Return what answers: the model named, or the channel's own.

        Without a name it is the model that was served last in the channel and is in service; else the only one in
        service that answers there. While none is, the one that is waking is meant, which is paid for already. What is
        raised is told in the channel: it names no model that does not answer there.

        Raises:
            NotFound: there is no such model, or none at all.
            Refused: it does not answer there; it is asleep, with how to wake it and what an hour costs; or a name has
                to be given.
        """
        serving = [
            resource
            for resource in self._live()
            if LEASE_SCHEMA.status_of(resource).phase is LeasePhase.IN_SERVICE
        ]
        if model:
            return self._named(model, channel, serving)
        able = [(resource, found) for resource in serving if (found := self._answering(resource, channel))]
        here = [each for each in able if each[0].spec["plan"]["channel"] == channel]
        chosen = here[:1] or (able if len(able) == 1 else [])
        if chosen:
            return self._answers(*chosen[0])
        raise self._nothing_awake(channel, [found.name for _, found in able])

    # How

    def _named(self, model: str, channel: str, serving: list[Resource]) -> Answerer:
        found = self._model(model)
        if not self._directory.answers(found, channel):
            raise Refused(
                "The model that was meant does not answer here.",
                hint="Its owner can share it with this channel: `/tune share`.",
            )
        awake = [resource for resource in serving if is_of(resource, found.arn)]
        if not awake:
            raise self._asleep(found)
        return self._answers(awake[0], found)

    def _answering(self, lease: Resource, channel: str) -> CustomModel | None:
        """Return the model of a lease when it answers in the channel."""
        found = self._directory.model(lease.spec["plan"]["model_name"])
        return found if found and self._directory.answers(found, channel) else None

    def _answers(self, resource: Resource, model: CustomModel) -> Answerer:
        arn = LEASE_SCHEMA.status_of(resource).arn
        assert arn is not None, "what is in service was seen"
        return Answerer(
            model_name=model.name,
            profile=model.profile,
            region=model.region,
            endpoint_arn=arn,
            system_prompt=model.system_prompt,
            max_tokens=min(registry.get(model.profile).max_answer_tokens, self._limits.answer),
            by_token=resource.spec["plan"]["serving"] == Serving.ON_DEMAND_DEPLOYMENT,
        )

    def _asleep(self, model: CustomModel) -> Asleep:
        if any(is_of(each, model.arn) for each in self._waking()):
            return Asleep(
                f"{quoted(model.name)} is waking up.",
                hint="Ask again once it is in service: `/tune models` shows when it is.",
                model=model.name,
            )
        profile = registry.get(model.profile)
        price = hour_at_most(self._prices.serving_hour(profile, profile.serving[0]))
        command, waker = f"`/tune serve {model.name} for 1h`", self._waker(model)
        return Asleep(
            f"{quoted(model.name)} is asleep.",
            hint=wording("Ask ", waker, f" to wake it with {command}.")
            if waker
            else f"Wake it with {command}: {price}.",
            model=model.name,
        )

    def _waker(self, model: CustomModel) -> Person | str:
        """Return who is to be asked to wake a model; empty where the viewer may do it."""
        if allowed(lambda: self._access.check_trainer(self._directory.viewer.user)):
            return ""
        return self._access.trainer_for(model.owner)

    def _waking(self) -> list[Resource]:
        """Return the leases that are to be in service and are not yet known to be released, newest first."""
        return [each for each in self._live() if self._purchase.is_awake(each)]

    def _nothing_awake(self, channel: str, serving: list[str]) -> Refused:
        if serving:
            names = ", ".join(quoted(each) for each in serving)
            return Refused("Several models are in service.", hint=f"Say which: {names}.")
        known = [each for each in self._directory.models() if self._directory.answers(each, channel)]
        if not known:
            return NotFound(
                "There is no tuned model yet that answers here.",
                hint="`/tune start` makes one; the owner of another can share it: `/tune share`.",
            )
        waking = [
            (each.spec["plan"]["channel"] == channel, found)
            for each in self._waking()
            if (found := self._answering(each, channel))
        ]
        if waking:
            return self._asleep(max(waking, key=lambda each: each[0])[1])
        return self._asleep(next((each for each in known if each.channel == channel), known[0]))

    def _line(self, model: CustomModel, leases: list[Resource], trained_by: str) -> ModelLine:
        lease = next((self._view(each) for each in leases if is_of(each, model.arn)), None)
        return ModelLine(
            name=model.name,
            base=model.profile,
            dataset=self._directory.dataset_name_of(model),
            owner=model.owner,
            created=model.created,
            serving=state_of(lease),
            training_loss=model.training_loss,
            validation_loss=model.validation_loss,
            lease=lease,
            job_id=model.job_id,
            may_serve=may_serve(model, self._directory, self._access),
            is_theirs=allowed(lambda: self._access.check_owning(self._directory.viewer.user, model.owner)),
            trained_by=trained_by,
        )

    def _view(self, resource: Resource) -> LeaseView:
        return seen_by(self._directory, self._access, resource, self._prices)

    def _live(self) -> list[Resource]:
        leases = self._directory.resources(LEASE)
        return [resource for resource in leases if self._purchase.is_live(resource)]

    def _amend(self, key: Key, change: Callable[[LeaseSpec], LeaseSpec]) -> Resource:
        changed = self._store.amend(key, LEASE_SCHEMA.on_documents(change))
        if changed is None:
            raise NotFound(
                f"There is no lease {quoted(key.id)}.", hint="`/tune models` shows what is in service."
            )
        return changed

    def asked_about(self, lease_id: str, by: str) -> Resource:
        """Return the lease that an approver was asked about, wherever it is from: they decide on what they were told.

        Raises:
            NotAllowed: they are none.
            NotFound: there is no such lease.
        """
        self._access.check_approver(by)
        return self._directory.asked_to_decide(LEASE, lease_id) or self._resource(lease_id)

    def _resource(self, lease_id: str) -> Resource:
        resource = self._directory.resource(LEASE, lease_id)
        if resource is None:
            raise NotFound(
                f"There is no lease {quoted(lease_id)}.", hint="`/tune models` shows what is in service."
            )
        return resource

    def resource_of(self, model_or_id: str) -> Resource:
        """Return the lease that keeps a model awake, as it is kept.

        Raises:
            NotFound: there is no such lease or model.
            Refused: the model is asleep.
        """
        wanted = bare(model_or_id)
        resource = self._directory.resource(LEASE, wanted)
        if resource and self._purchase.is_live(resource):
            return resource
        if resource and (spec := LEASE_SCHEMA.spec_of(resource)).release:
            raise too_late(spec)  # of this very lease: another of the model is not meant by its button
        # Whoever sees a lease may end it, even where its model is not shared any more.
        live = self._live()
        running = [each for each in live if each.spec["plan"]["model_name"].lower() == wanted.lower()]
        if running:
            return running[0]
        model = self._model(resource.spec["plan"]["model_name"] if resource else wanted)
        running = [each for each in live if is_of(each, model.arn)]
        if not running:
            raise Refused(f"{quoted(model.name)} is asleep: nothing runs and nothing is billed by the hour.")
        return running[0]

    def _model(self, name: str) -> CustomModel:
        return self._directory.known_model(name, lambda wanted: model_of(wanted, self._directory))
