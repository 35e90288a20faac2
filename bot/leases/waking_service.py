"""Waking a model in one press, at a figure that stood on the button: a lease whose *Start* is pressed already."""

from dataclasses import replace

from bot.access import Access
from bot.clock import Clock
from bot.controller.model import Registration
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.errors import Refused
from bot.leases.endpoint import LeasePlan
from bot.leases.extensions import Limits
from bot.leases.model import LEASE, LEASE_SCHEMA, LeaseSpec, LeaseStatus
from bot.leases.purchase import LeasePurchase
from bot.leases.service import LeaseService
from bot.leases.versions import is_of
from bot.pricing.book import PriceBook
from bot.pricing.money import at_most
from bot.spending import offers
from bot.spending.budget_service import BudgetService
from bot.spending.model import Decision
from bot.spending.purchase import Proposal
from bot.spending.votes import Vote, Votes, press
from bot.wording import quoted


class WakingService:
    """Writes a lease down that somebody has agreed to by one press. Nothing is waited for.

    It is what a plan and a *Start* on it are together: the same figure, limits, budgets and approvers. Whether its base
    gets new throughput is looked at before anything is bought, and it is called off where it does not.
    """

    def __init__(
        self,
        store: SpecWriter,
        leases: LeaseService,
        directory: Directory,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        budget_service: BudgetService,
        limits: Limits,
    ) -> None:
        self._store = store
        self._leases = leases
        self._directory = directory
        self._access = access
        self._clock = clock
        self._budget_service = budget_service
        self._purchase = LeasePurchase(prices, limits)
        self._idle = limits.idle

    def wake(
        self,
        *,
        model: str,
        minutes: int,
        by: str,
        channel: str,
        request: str,
        thread_ts: str | None,
        shown: offers.Shown,
    ) -> LeasePlan:
        """Have a model leased for so many minutes, at no more than was ``shown``; the same request twice is one lease.

        Raises:
            NotFound: there is no such model.
            NotAllowed: the person or the channel may not, or nobody could approve what they ask for.
            Refused: it is awake already, or an approver is asked already (by whom); it costs more by now; or a budget
                has no room for it.
            Unavailable: the store did not answer; nothing was started.
        """
        plan = self._leases.plan(model=model, minutes=minutes, owner=by, channel=channel, request=request)
        self._check_alone(plan)
        spec = self._purchase.offered_anew(
            LeaseSpec(plan=plan, asked_at=self._clock.now(), thread_ts=thread_ts, idle=self._idle)
        )
        spec = replace(spec, votes=self._started(spec, by, shown, plan.model_name))
        self._budget_service.check(self._purchase.entry(Proposal(spec, LeaseStatus()), spec.asked_at))

        def make() -> Registration:
            self._check_alone(plan)
            return LEASE_SCHEMA.wanted(plan.id, spec)

        self._store.register_sole(self._purchase.sole(spec), make)
        return plan

    def _started(self, spec: LeaseSpec, by: str, shown: offers.Shown, model: str) -> Votes:
        it = Proposal(spec, LeaseStatus())
        offer, vote = self._purchase.offer(it), Vote("start", by, spec.asked_at)
        if offers.is_dearer(offer.usd, shown.usd):
            raise Refused(
                f"This costs {at_most(offer.usd)} by now, and {at_most(shown.usd)} stood on the button. Nothing was "
                "started.",
                hint="The button in the question's thread shows the new price in a minute, and "
                f"`/tune serve {model}` does at once.",
            )
        return press(
            Votes(),
            vote,
            offer.needs_approval,
            access=self._access,
            owner=by,
            channel=spec.plan.channel,
            own_is_fine=offer.own_is_fine,
        )

    def _check_alone(self, plan: LeasePlan) -> None:
        """Return when nobody else has it woken, or has asked an approver for that."""
        leases = self._directory.for_rules(LEASE)
        self._purchase.check_alone(plan, leases)
        for resource in leases:
            if resource.key.id == plan.id or resource.done or not is_of(resource, plan.model_arn):
                continue
            it = self._purchase.read(resource)
            waits = it.spec.votes.decision(self._purchase.reason(it)) is Decision.REQUESTED
            undecided = it.status.phase in self._purchase.phases.undecided
            if waits and undecided and not self._purchase.is_over_undecided(it, self._clock.now()):
                raise Refused(
                    f"An approver is asked for that already: {quoted(plan.model_name)} is woken once they agree.",
                    hint="You need not ask again.",
                )
