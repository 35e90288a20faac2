"""More time for leases that run, as handlers ask for it: priced, extended, and decided by approvers."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.access import Access
from bot.clock import Clock
from bot.controller.model import Key, Resource
from bot.controller.ports import Renderer, SpecWriter
from bot.errors import Misconfigured, NotFound, Refused, Unavailable
from bot.leases import extensions, tags
from bot.leases.cards import LongerLease
from bot.leases.closing import too_late
from bot.leases.deadlines import at_the_latest
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LEASE_SCHEMA, RELEASE, Extension, LeaseSpec, LeaseStatus
from bot.leases.ports import Endpoints
from bot.leases.purchase import entry_of
from bot.leases.service import LeaseService
from bot.leases.transitions import ENDED
from bot.leases.views import cost_at_most, lease_view, total
from bot.pricing.book import PriceBook
from bot.spending import reservation
from bot.spending.budget_service import BudgetService
from bot.spending.offers import Shown, check_shown, offered_anew
from bot.spending.votes import (
    LONGEST_REASON,
    Choice,
    Vote,
    Votes,
    check_may_press,
    check_somebody_decides,
    press,
)
from bot.wording import one_line

_NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)


class ExtensionService:
    """What people want of leases that run: more time. Writes it down, and waits for AWS with the deadline's tag alone.

    Every method may raise ``Unavailable`` when the store does not answer; nothing was changed then.
    """

    def __init__(  # noqa: PLR0913 -- what it works with, each by name
        self,
        store: SpecWriter,
        leases: LeaseService,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        budget_service: BudgetService,
        limits: extensions.Limits,
        *,
        renderer: Renderer,
        endpoints: Endpoints | None = None,
    ) -> None:
        """``endpoints`` is where the deadline is moved first, on a client for people; None: nowhere."""
        self._store = store
        self._leases = leases
        self._prices = prices
        self._access = access
        self._clock = clock
        self._budget_service = budget_service
        self._limits = limits
        self._renderer = renderer
        self._endpoints = endpoints

    def offer(self, model_or_id: str, minutes: int) -> LongerLease:
        """Return what a running lease would cost with so many minutes more. Nothing is changed.

        Raises:
            NotFound, Refused, NotAllowed: as ``extend`` does.
        """
        resource = self._leases.resource_of(model_or_id)
        spec, wanted = LEASE_SCHEMA.spec_of(resource), extensions.Wanted(minutes, "", self._clock.now())
        after = extensions.extended(spec, wanted, self._prices, self._limits)
        if after.extensions != spec.extensions:
            self._check_can_be_decided(replace(after.extensions[-1], votes=Votes()), after)
        return self._longer(resource, spec, after, minutes, done=False)

    def extend(
        self, model_or_id: str, minutes: int, by: str, shown: extensions.ShownLonger | None = None
    ) -> LongerLease:
        """Make a running lease longer, or ask an approver for it; return it as it is then.

        It is a new decision by the rules of the lease itself, on the whole sum. ``shown`` is what the picture of the
        button said; None: it is of no picture.

        Raises:
            NotFound: there is no such lease or model.
            Refused: the model is asleep or being released, it would last longer than a lease may, an approver is asked
                for more already, it costs more than was shown or was made longer since, or a budget has no room for
                that.
            NotAllowed: the person may not spend, or nobody else could approve it.
        """
        resource = self._leases.resource_of(model_or_id)
        self._access.check_spending(by, LEASE_SCHEMA.spec_of(resource).plan.channel)
        self._check_not_releasing(resource)
        wanted = extensions.Wanted(minutes, by, self._clock.now())
        before: list[LeaseSpec] = []

        def change(spec: LeaseSpec) -> LeaseSpec:
            before[:] = [spec]
            extensions.check_shown(spec, minutes, self._prices, shown)
            after = extensions.extended(spec, wanted, self._prices, self._limits)
            # Before it is written down: what is reserved and not written is corrected by the lease's next turn.
            if after.extensions == spec.extensions:
                self._reserve(after)
                self._move_deadline(after, LEASE_SCHEMA.status_of(resource))
            else:
                self._check_can_be_decided(after.extensions[-1], after)
                self._check_room(spec, minutes, by)
            return after

        changed = self._amend_money(resource.key, change)
        return self._longer(changed, before[0], LEASE_SCHEMA.spec_of(changed), minutes, done=True)

    def decide(
        self,
        lease_id: str,
        number: int,
        decision: Choice,
        by: str,
        shown: Shown | None = None,
        reason: str = "",
    ) -> None:
        """Count an approver's press of *Approve* or *Decline* on more minutes. The first decision wins.

        Raises:
            NotFound: there is no such lease, or nothing of that number was asked for.
            NotAllowed: they may not press this, or asked for it themselves.
            Refused: it was decided already (by whom), the lease is over, it costs more by now and is offered anew, or a
                budget has no room for it.
        """
        resource = self._leases.asked_about(lease_id, by, decision)
        if decision not in ("approve", "decline", "override"):
            raise Refused("More time is approved or declined.", hint="`/tune extend` asks for it.")
        plan = LEASE_SCHEMA.spec_of(resource).plan
        check_may_press(self._access, decision, by, owner=plan.owner, channel=plan.channel)
        wanted = Vote(decision, by, self._clock.now(), one_line(reason)[:LONGEST_REASON])

        if decision != "decline":
            self._check_price(resource, number)

        def change(spec: LeaseSpec) -> LeaseSpec:
            found = _asked_for(spec, number)
            check_shown(found.votes, wanted, found.needs_approval, found.usd, shown)
            votes = press(
                found.votes,
                wanted,
                found.needs_approval,
                access=self._access,
                owner=spec.plan.owner,
                channel=spec.plan.channel,
                own_is_fine=found.own_is_fine,
            )
            after = extensions.decided(spec, number, votes, self._limits)
            if after.minutes > spec.minutes:
                self._check_not_releasing(resource)
                self._reserve(after)
                self._move_deadline(after, LEASE_SCHEMA.status_of(resource))
            return after

        self._amend_money(resource.key, change)  # the lease tells who has to hear of it

    def press(
        self, asked: str, decision: Choice, by: str, shown: Shown | None = None, reason: str = ""
    ) -> None:
        """Count a press on more minutes. ``asked`` is the lease and the number of what was asked for.

        Raises:
            NotFound, NotAllowed, Refused: as ``decide`` does; NotFound for what names no lease and number, too.
        """
        lease_id, _, number = asked.partition(" ")
        if not _NUMBER.fullmatch(number):
            raise _not_asked_for()
        self.decide(lease_id, int(number), decision, by, shown, reason)

    # How

    def _check_price(self, resource: Resource, number: int) -> None:
        """Return when more time costs no more than an approver was asked for; else ask them anew."""
        spec = LEASE_SCHEMA.spec_of(resource)
        before = _asked_for(spec, number)
        after = extensions.offered_anew(spec, number, self._prices, self._limits).extensions[number - 1]
        if after == before:
            return
        self._amend(
            resource.key, lambda now: extensions.offered_anew(now, number, self._prices, self._limits)
        )
        raise offered_anew(after.usd, before.usd)

    def _check_can_be_decided(self, asked: Extension, spec: LeaseSpec) -> None:
        check_somebody_decides(
            asked.votes,
            asked.needs_approval,
            self._access,
            owner=spec.plan.owner,
            channel=spec.plan.channel,
            own_is_fine=asked.own_is_fine,
        )

    def _longer(
        self, resource: Resource, before: LeaseSpec, after: LeaseSpec, minutes: int, *, done: bool
    ) -> LongerLease:
        """Return a lease with what it costs by so many minutes more, and why that needs an approver."""
        why = extensions.reason(before, minutes, self._prices, self._limits)
        longer = extensions.longer(before, minutes, self._prices)
        shown = after if done and not why else before
        view = lease_view(shown, LEASE_SCHEMA.status_of(resource), self._prices)
        usd = cost_at_most(longer, self._prices)
        return LongerLease(view, minutes, total(longer, self._prices), usd, why, done)

    def _reserve(self, longer: LeaseSpec) -> None:
        """Reserve what the longer lease costs at most, all of it.

        Raises:
            Refused: a budget has no room for it.
        """
        now = self._clock.now()
        approvers = reservation.Approvers(self._access, self._store, self._renderer)
        # All of the longer lease under its one name, and not what is added: the ledger grows the entry, so that a
        # repeated press reserves nothing twice.
        entry = entry_of(longer, self._prices, now)
        short = reservation.reserve(self._budget_service, approvers, [entry], now, more=True)
        if short:
            raise Refused(short.sentence, hint=short.mend)

    def _move_deadline(self, longer: LeaseSpec, status: LeaseStatus) -> None:
        """Move it at AWS before it counts here: a process that is cut off from the store ends what its tag calls over.

        Raises:
            Unavailable, Refused: it was not moved, and the lease is as long as it was.
        """
        until = at_the_latest(longer, status)
        if self._endpoints is None or status.arn is None or until is None:
            return
        name = longer.plan.model_name
        as_it_was = f"The deadline could not be moved at AWS, so `{name}` ends when it would have."
        try:
            self._endpoints.tag(longer.plan.region, status.arn, tags.until(until, longer.minutes))
        except Unavailable as away:
            raise Unavailable(f"{as_it_was} {away.message}", hint="Try again in a minute.") from away
        except NotFound as gone:
            raise too_late(longer) from gone
        except (Refused, Misconfigured) as error:
            raise Refused(f"{as_it_was} {error.message}", hint=error.hint, detail=error.detail) from error

    def _check_room(self, spec: LeaseSpec, minutes: int, by: str) -> None:
        """Return when the budgets have room for what so many minutes add, before an approver is asked."""
        now = self._clock.now()
        before = entry_of(spec, self._prices, now)
        longer = replace(
            spec, extra_minutes=spec.extra_minutes + minutes, extended_by=(*spec.extended_by, by)
        )
        after = entry_of(longer, self._prices, now)
        if after.committed is not None and before.committed is not None:
            after = replace(after, committed=after.committed - before.committed)
        self._budget_service.check(after, more=True)

    def _check_not_releasing(self, resource: Resource) -> None:
        if LEASE_SCHEMA.status_of(resource).phase in ENDED | {LeasePhase.RELEASING}:
            raise too_late(LEASE_SCHEMA.spec_of(resource))

    def _amend_money(self, key: Key, change: Callable[[LeaseSpec], LeaseSpec]) -> Resource:
        """Amend what may be reserved first. Whatever comes of it, the lease and its release look at it at once."""
        try:
            return self._amend(key, change)
        finally:
            self._store.enqueue_now(key, Key(RELEASE, key.id))

    def _amend(self, key: Key, change: Callable[[LeaseSpec], LeaseSpec]) -> Resource:
        changed = self._store.amend(key, LEASE_SCHEMA.on_documents(change))
        if changed is None:
            raise self._unknown(key.id)
        return changed

    def _unknown(self, lease_id: str) -> NotFound:
        return NotFound(f"There is no lease `{lease_id}`.", hint="`/tune models` shows what is in service.")


def _asked_for(spec: LeaseSpec, number: int) -> Extension:
    if not 0 < number <= len(spec.extensions):
        raise _not_asked_for()
    return spec.extensions[number - 1]


def _not_asked_for() -> NotFound:
    return NotFound("Nobody has asked for this.", hint="`/tune extend` asks for more time.")
