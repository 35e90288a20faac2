"""A newer model in the place of another that is in service under a lease, as handlers ask for it."""

from dataclasses import replace

from bot.access import Access
from bot.clock import Clock
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.directory.service import Service
from bot.errors import NotFound
from bot.jobs.namesakes import model_of
from bot.leases.cards import LeaseView, SwapOffer
from bot.leases.closing import too_late
from bot.leases.deadlines import billed_at_most
from bot.leases.extensions import Limits
from bot.leases.model import LEASE, LEASE_SCHEMA, LeaseSpec
from bot.leases.purchase import LeasePurchase, sole_of
from bot.leases.service import LeaseService
from bot.leases.versions import check_place, has_place, is_newer, is_of, models_at
from bot.leases.views import seen_by
from bot.models.model import CustomModel
from bot.models.versions import ModelVersion
from bot.pricing import estimates
from bot.pricing.book import PriceBook
from bot.pricing.money import at_most
from bot.profiles import registry
from bot.profiles.model import Serving


class SwapService(Service):
    """What people want of the model under a lease. Writes it down; never waits for Slack or AWS.

    Every method may raise ``Unavailable`` when the store does not answer; nothing was changed then.
    """

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        leases: LeaseService,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        limits: Limits,
    ) -> None:
        super().__init__(store, directory, clock)
        self._leases = leases
        self._prices = prices
        self._access = access
        self._purchase = LeasePurchase(prices, limits)

    def swap(self, *, model: str, lease: str, by: str, channel: str) -> LeaseView:
        """Have another model answer under a lease, at the same price and to the same end. Repeating it is harmless.

        Args:
            model: which model.
            lease: the lease's ID, or the name of the model that answers there.
            by: a trainer, since it changes what others are answered by.
            channel: where it is asked for: the model has to answer there.

        Raises:
            NotFound: there is no such model or lease.
            NotAllowed: they may not.
            Refused: the bases differ, it does not answer where the lease is told, or the lease is not in service, or
                not for long any more.
            AlreadyAwake: another lease keeps the model awake.
        """
        self._access.check_spending(by, channel)
        found, resource = self._model(model), self._leases.resource_of(lease)
        told_in = LEASE_SCHEMA.spec_of(resource).plan.channel
        # A trainer by the channel that they ask in is none of that one.
        self._access.check_spending(by, told_in)
        self._directory.check_answers(found, told_in)
        check_place(resource, found)
        version = ModelVersion(found.arn, found.name, by, self._clock.now())

        def change(now: LeaseSpec) -> LeaseSpec:
            if now.release or now.over:
                raise too_late(now)
            if is_of(resource, found.arn) and (now.versions or [version])[-1].arn == found.arn:
                return now
            others = self._directory.for_rules(LEASE)
            self._purchase.check_asleep(found.arn, found.name, resource.key.id, others)
            return replace(now, versions=(*now.versions, version))

        changed = self._store.amend(resource.key, LEASE_SCHEMA.on_documents(change), sole_of(found.arn))
        if changed is None:
            raise NotFound(
                "There is no such lease any more.", hint="`/tune models` shows what is in service."
            )
        return seen_by(self._directory, self._access, changed, self._prices)

    def offer(self, model: str, minutes: int, idle: int | None = None) -> SwapOffer | None:
        """Return the lease under which an older version of the model is in service, if it may take its place there.

        ``minutes`` and ``idle`` are what is asked for otherwise: a lease of its own.

        Raises:
            NotFound: there is no such model.
        """
        found = self._model(model)
        for resource in self._directory.resources(LEASE):
            serves = models_at(resource)[0]
            before = self._directory.stored_model(serves.name, serves.arn)
            channel = LEASE_SCHEMA.spec_of(resource).plan.channel
            if before is None or not is_newer(found, before) or not self._directory.answers(found, channel):
                continue
            if has_place(resource, found) and self._may_spend(channel):
                hour = self._prices.serving_hour(registry.get(found.profile), Serving.PROVISIONED_THROUGHPUT)
                usd = estimates.throughput(hour, billed_at_most(minutes), 1)
                view = seen_by(self._directory, self._access, resource, self._prices)
                return SwapOffer(found.name, view, at_most(usd), minutes, idle)
        return None

    def _model(self, name: str) -> CustomModel:
        return self._directory.known_model(name, lambda wanted: model_of(wanted, self._directory))
