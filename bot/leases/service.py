"""Leases, as handlers ask for them: plans and releases."""

from collections.abc import Callable
from dataclasses import replace

from bot.access import Access
from bot.clock import Clock
from bot.controller.model import Key, Resource
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.directory.service import Service
from bot.errors import NotFound, Refused
from bot.jobs.namesakes import model_of
from bot.leases import adoption, drafting, idleness, terms
from bot.leases.adoption import Foreign
from bot.leases.cards import LeaseView
from bot.leases.closing import too_late
from bot.leases.endpoint import LeasePlan
from bot.leases.extensions import Limits
from bot.leases.model import LEASE, LEASE_SCHEMA, RELEASE, RELEASES, Joined, LeaseSpec, LetEnd
from bot.leases.purchase import LeasePurchase
from bot.leases.served import served_under
from bot.leases.versions import is_of, models_at
from bot.leases.views import hour_at_most, seen_by
from bot.models.model import CustomModel
from bot.models.serving import Served, Waking, serving_of
from bot.names import bare
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.model import Serving, Term
from bot.spending import undo
from bot.spending.budget_service import BudgetService
from bot.spending.votes import Choice, check_may_decide
from bot.wording import Person, quoted, wording

MOST_JOINED = 50
"""People who may use one lease beside its owner: all of them are mentioned."""


def _is_ending(spec: LeaseSpec) -> bool:
    return bool(spec.release or spec.over)


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

    def plan(
        self,
        *,
        model: str,
        minutes: int = 0,
        owner: str,
        channel: str,
        request: str,
        term: Term | None = None,
    ) -> LeasePlan:
        """Return the frozen plan, for so many minutes or for a ``term``. Nothing is written down yet.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
            Refused: it lasts too long or too short, or nothing is bought for that term.
            AlreadyAwake: the model is awake already; ``join`` uses that lease.
            NotAllowed: the person or the channel may not.
        """
        self._access.check_spending(owner, channel)
        if term:
            self.check_term(term, owner)
        found = self._model(model)
        self._directory.check_answers(found, channel)
        if not self.is_for(found):
            raise Refused(
                f"{quoted(found.name)} needs no lease: it is deployed, and costs nothing while idle.",
                hint=f"`/tune serve {found.name}` does that.",
            )
        plan = drafting.freeze(
            found,
            minutes=minutes,
            longest=self._limits.longest,
            owner=owner,
            channel=channel,
            request=request,
            term=term,
        )
        self._purchase.check_alone(plan, self._directory.for_rules(LEASE))
        return plan

    def check_term(self, term: Term | None, user: str) -> None:
        """Return when throughput may be bought for that term (None: for none that AWS sells), or raise Refused."""
        terms.check_allowed(term, self._limits.terms, self._access, user)

    def propose(self, plan: LeasePlan, *, thread_ts: str | None = None, idle: int | None = None) -> str:
        """Have the lease priced and shown; return its ID. The same request twice is one lease.

        ``idle``: minutes without a question after which it is released early, 0: it is not; None: as the operator set.
        """
        wanted = 0 if plan.term else self._limits.idle if idle is None else idle
        spec = LeaseSpec(plan=plan, asked_at=self._clock.now(), thread_ts=thread_ts, idle=wanted)
        self._store.register(LEASE_SCHEMA.wanted(plan.id, self._purchase.offered_anew(spec)))
        return plan.id

    def adopt(
        self, foreign: Foreign, *, minutes: int, owner: str, channel: str, request: str, model_name: str = ""
    ) -> str:
        """Have throughput that was made elsewhere priced and shown as a lease; return its ID.

        It is agreed to as any other; from its start on it ends by itself. The same request twice is one lease.

        Args:
            foreign: what a look at the account saw.
            minutes: how long it may go on.
            owner: who wants it.
            channel: where it is told.
            request: the ID of what asked.
            model_name: what people call its model, where that is known here.

        Raises:
            Refused: too long or too short, of a base without a profile, or its model is awake under a lease already.
            NotAllowed: the person or the channel may not.
        """
        self._access.check_spending(owner, channel)
        plan = adoption.freeze(
            foreign,
            model_name or foreign.name,
            minutes=minutes,
            longest=self._limits.longest,
            owner=owner,
            channel=channel,
            request=request,
        )
        self._purchase.check_alone(plan, self._directory.for_rules(LEASE))
        spec = LeaseSpec(plan=plan, asked_at=self._clock.now(), adopts=foreign.arn)
        self._store.register(LEASE_SCHEMA.wanted(plan.id, self._purchase.offered_anew(spec)))
        return plan.id

    # While it runs

    def join(self, model: str, by: str, channel: str) -> LeaseView | None:
        """Return the lease that keeps a model awake, which whoever asks uses from now on; None: there is none.

        One that is told where they cannot read it is none, even of a model that is shared with them, and neither is one
        that is about to be released. Repeating it is harmless.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
            Refused: the model does not answer there, or too many use its lease already.
            NotAllowed: the person or the channel may not.
        """
        self._access.check_spending(by, channel)
        found = self._model(model)
        self._directory.check_answers(found, channel)
        running = (each for each in self._live() if is_of(each, found.arn) and self._purchase.is_awake(each))
        resource = next(running, None)
        if resource is None or _is_ending(spec := LEASE_SCHEMA.spec_of(resource)):
            return None
        if not self._directory.sight.sees_channel(spec.plan.channel):
            return None
        at = self._clock.now()

        def change(now: LeaseSpec) -> LeaseSpec:
            if _is_ending(now) or by in (now.owner, *now.joint):
                return now
            if len(now.joint) >= MOST_JOINED:
                raise Refused(
                    f"{MOST_JOINED} people use this lease already.",
                    hint="You can ask it with `/ask` all the same.",
                )
            return replace(now, joined=(*now.joined, Joined(by, at)))

        changed = self._amend(resource.key, change)
        return None if _is_ending(LEASE_SCHEMA.spec_of(changed)) else self._view(changed)

    def release(self, model_or_id: str, by: str, *, of_another: bool = False) -> LeaseView:
        """End a running lease now. Repeating it is harmless.

        Args:
            model_or_id: which.
            by: whoever has it, a trainer, or an approver.
            of_another: they know that somebody else has it, who is told.

        Raises:
            NotFound: there is no such lease or model.
            NotAllowed: they may not end it.
            Refused: the model is asleep already, somebody else released it before (who), it is somebody else's and
                they do not know that, or it is bought for a term that still runs.
        """
        resource = self.resource_of(model_or_id)
        spec = LEASE_SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.owner, spec.plan.channel)
        terms.check_unbound(resource)
        if spec.owner != by and not of_another:
            raise Refused(
                wording(Person(spec.owner), " has this lease."), hint="`/tune release` asks you first."
            )
        at = self._store.now()
        wish = undo.wished(by, self._clock.now(), at)
        changed = self._amend(resource.key, lambda now: undo.ask(now, RELEASES, wish, too_late))
        self._store.enqueue_now(Key(RELEASE, resource.key.id))
        return replace(self._view(changed), ends_in=undo.left(LEASE_SCHEMA.spec_of(changed).release, at))

    def keep(self, lease_id: str, by: str) -> LeaseView:
        """Take back that it is to be released, as long as that can be.

        Raises:
            NotFound: there is no such lease.
            NotAllowed: they may not.
            Refused: nobody asked to release it; or it is released, or was kept before, and by whom.
        """
        resource = self._resource(lease_id)
        spec = LEASE_SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.owner, spec.plan.channel)
        at, now = self._clock.now(), self._store.now()
        return self._view(self._amend(resource.key, lambda spec: undo.keep(spec, RELEASES, by, at, now)))

    def let_end(self, lease_id: str, by: str) -> LeaseView:
        """Write down that it is to end as planned, so that nobody is warned of that any more. Repeating it is harmless.

        Raises:
            NotFound: there is no such lease.
            NotAllowed: they may not end it.
            Refused: it is over or being released already.
        """
        resource = self._resource(lease_id)
        spec = LEASE_SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.owner, spec.plan.channel)
        terms.check_unbound(resource)
        if not self._purchase.is_awake(resource):
            raise too_late(LEASE_SCHEMA.spec_of(resource))
        at = self._clock.now()

        def change(now: LeaseSpec) -> LeaseSpec:
            if now.release or now.over:
                raise too_late(now)
            return replace(now, let_end=now.is_let_end or LetEnd(by, at, now.minutes))

        return self._view(self._amend(resource.key, change))

    def keep_awake(self, lease_id: str, by: str) -> LeaseView:
        """Write down that it is needed for an hour though nobody asks it; its time ends when it would have.

        Raises:
            NotFound: there is no such lease.
            NotAllowed: they may not spend.
            Refused: it is over or being released already, and why.
        """
        resource = self._resource(lease_id)
        self._access.check_spending(by, LEASE_SCHEMA.spec_of(resource).plan.channel)
        if not self._purchase.is_awake(resource):
            raise too_late(LEASE_SCHEMA.spec_of(resource))
        at = self._clock.now()
        return self._view(self._amend(resource.key, lambda now: idleness.kept(now, by, at)))

    def called(self, model_or_id: str) -> list[LeaseView]:
        """Return the leases that are meant by a name, of each model the newest: none, one, or several of one name."""
        return [self._view(each) for each in self._called(bare(model_or_id))]

    def running(self, model_or_id: str) -> LeaseView:
        """Return the lease that keeps a model awake.

        Raises:
            NotFound: there is no such lease or model.
            Refused: the model is asleep, or several leases are called so.
        """
        return self._view(self.resource_of(model_or_id))

    # Looking

    def find(self, lease_id: str) -> LeaseView:
        """Return the lease of that ID, running or over; ``NotFound`` when there is none."""
        return self._view(self._resource(lease_id))

    def live(self) -> list[LeaseView]:
        """Return the leases under which something may be running, newest first."""
        return [self._view(resource) for resource in self._live()]

    def live_by_model(self) -> dict[str, LeaseView]:
        """Return for each model, by its ARN, the newest lease under which something of it may be running."""
        newest: dict[str, LeaseView] = {}
        for resource in self._live():
            for each in models_at(resource):
                newest.setdefault(each.arn, self._view(resource))
        return newest

    # As a way of serving

    def served(self) -> list[Served]:
        """Return what is served under leases, newest first."""
        return [each for resource in self._live() for each in served_under(resource)]

    def is_for(self, model: CustomModel) -> bool:
        """Return whether the model is served by throughput, which is leased."""
        return serving_of(model) is Serving.PROVISIONED_THROUGHPUT

    def waking(self, model: CustomModel) -> Waking:
        """Return how a lease of an hour is asked for, and what it costs at most."""
        profile = registry.get(model.profile)
        price = hour_at_most(self._prices.serving_hour(profile, Serving.PROVISIONED_THROUGHPUT))
        return Waking(f"/tune serve {model.name} for 1h", price)

    # How

    def _view(self, resource: Resource) -> LeaseView:
        return seen_by(self._directory, self._access, resource, self._prices)

    def _live(self) -> list[Resource]:
        leases = self._directory.resources(LEASE, unfinished=True)
        return [resource for resource in leases if self._purchase.is_live(resource)]

    def _amend(self, key: Key, change: Callable[[LeaseSpec], LeaseSpec]) -> Resource:
        changed = self._store.amend(key, LEASE_SCHEMA.on_documents(change))
        if changed is None:
            raise NotFound(
                f"There is no lease {quoted(key.id)}.", hint="`/tune models` shows what is in service."
            )
        return changed

    def asked_about(self, lease_id: str, by: str, decision: Choice) -> Resource:
        """Return the lease that an approver was asked about, wherever it is from. Raises NotAllowed or NotFound."""
        check_may_decide(self._access, decision, by)
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
            Refused: the model is asleep, or several leases are called so.
        """
        wanted = bare(model_or_id)
        resource = self._directory.resource(LEASE, wanted)
        if resource and self._purchase.is_live(resource):
            return resource
        if resource and ((spec := LEASE_SCHEMA.spec_of(resource)).release or spec.over):
            raise too_late(spec)  # of this very lease: another of the model is not meant by its button
        # Whoever sees a lease may end it, even where its model is not shared any more.
        if resource:
            wanted = models_at(resource)[0].name
        running = self._called(wanted)
        if len(running) > 1:
            ids = ", ".join(quoted(each.key.id) for each in running)
            raise Refused(
                f"{len(running)} leases are called {quoted(wanted)}.",
                hint=f"Say which by its ID: {ids}. `/tune models` shows them.",
            )
        if not running:
            model = self._model(wanted)
            raise Refused(f"{quoted(model.name)} is asleep: nothing runs and nothing is billed by the hour.")
        return running[0]

    def _called(self, wanted: str) -> list[Resource]:
        """Return the live leases of that ID or name, of each model the newest.

        One that was adopted may be called as another model is.
        """
        live = self._live()
        if own := [each for each in live if each.key.id == wanted]:
            return own
        model = self._directory.stored_model(wanted)
        found: dict[str, Resource] = {}
        for each in live:
            serves = models_at(each)
            is_called = wanted.lower() in {it.name.lower() for it in serves}
            if is_called or (model is not None and is_of(each, model.arn)):
                found.setdefault(serves[0].arn, each)
        return [*found.values()]

    def _model(self, name: str) -> CustomModel:
        return self._directory.known_model(name, lambda wanted: model_of(wanted, self._directory))
