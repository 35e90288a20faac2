"""A ready file's rows read by the operator's guardrail: the price is told and reserved first, what came of it after.

It is the same for every file that a job can start from, however it came about: dropped, repaired, split off,
converted, or answered by a teacher.

What is written down before each effect: the message's intent before the price is told; that it is asked (``runs``)
before it is reserved and asked. A process that dies while it asks has been billed for what nobody knows: it counts as
what it costs at most, and the rows are screened again.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.effects import Effect, passing
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.controller.retry_limits import at_last, is_worth_waiting
from bot.datasets.model import Report
from bot.datasets.screening import Guardrail, Sampled, sample, screen
from bot.datasets.workers import Workers
from bot.errors import Misconfigured, Refused, TunesmithError, Unavailable
from bot.pricing.book import PriceBook
from bot.profiles.model import Profile
from bot.spending import reservation
from bot.spending.budget_service import BudgetService
from bot.spending.ledger import Entry, SpendingKind
from bot.spending.reservation import ACCOUNT
from bot.uploads.cards import ScreeningBegun, ScreeningEnded
from bot.uploads.model import KIND, ScreeningStatus

SCREENING = "screening"
"""The message that tells the price, and then what came of it."""
SCREEN = Effect(
    "screen",
    "having rows read by the operator's guardrail",
    "one run too many, which is counted before it and accounted for; it is done again",
)

log = logging.getLogger(__name__)


class Screened(Protocol):
    """The status of whatever has a file screened."""

    screening: ScreeningStatus


S = TypeVar("S", bound=Screened)


class Order(Protocol):
    """Whose file it is, and where its verdict is told."""

    @property
    def channel(self) -> str:
        """Where its verdict is told."""

    @property
    def thread_ts(self) -> str | None:
        """The thread there, None for a message of its own."""

    @property
    def user(self) -> str:
        """Who pays for it."""

    @property
    def asked_at(self) -> datetime:
        """When they asked for it."""


@dataclass(frozen=True, slots=True)
class Screening:
    """Has rows screened where the operator has named a guardrail, by region."""

    guardrails: Mapping[str, Guardrail]
    budget_service: BudgetService
    prices: PriceBook
    store: ResourceStore
    approvers: Collection[str]
    outbox: Outbox
    renderer: Renderer
    clock: Clock

    def look(
        self,
        step: Context[Any, S],
        order: Order,
        path: Path,
        report: Report,
        profile: Profile,
        workers: Workers,
    ) -> None:
        """Have a sample of the rows screened, once. Trouble with it is told and harms nothing else.

        Raises:
            NotReady, Throttled, Unavailable: not now, and the loop should try again.
        """
        guardrail = self.guardrails.get(profile.region)
        if guardrail is None or step.status.screening.words:
            return
        sampled = workers.run(sample, path, profile, report.records)
        words = self._begin(step, order, guardrail, sampled, report)
        if not words:
            words = self._ask(step, guardrail, sampled, report)
            self._account(step, order, report.profile, sampled)
        step.status.screening.words = words
        step.save()

    def tell(self, step: Context[Any, S]) -> None:
        """Say what came of it, in the place of the price."""
        words = step.status.screening.words
        if words:
            self.outbox.show(step, SCREENING, self.renderer.render(ScreeningEnded(words)))

    # How

    def _begin(
        self,
        step: Context[Any, S],
        order: Order,
        guardrail: Guardrail,
        sampled: list[Sampled],
        report: Report,
    ) -> str:
        """Tell the price and reserve it; return why it is not spent, empty when it is."""
        usd, units = self._price(sampled), sum(each.units for each in sampled)
        begun = ScreeningBegun(guardrail.name, len(sampled), report.records, units, usd)
        self.outbox.post_once(
            step,
            SCREENING,
            self.renderer.render(begun),
            channel=order.channel,
            thread_ts=order.thread_ts,
            since=order.asked_at,
            owner=order.user,
        )
        step.status.screening.runs += 1
        step.save()
        entry = self._entry(step, order, report.profile, sampled)
        approvers = reservation.Approvers(self.approvers, self.store, self.renderer)
        short = reservation.reserve(self.budget_service, approvers, [entry], self.clock.now())
        if short is None:
            return ""
        step.status.screening.runs -= 1
        if step.status.screening.runs:
            self._account(step, order, report.profile, sampled)
        return f"The guardrail has not read this file. {short.sentence} {short.mend}"

    def _ask(
        self, step: Context[Any, S], guardrail: Guardrail, sampled: list[Sampled], report: Report
    ) -> str:
        try:
            with passing(SCREEN):
                return screen(guardrail, sampled).sentence(guardrail.name, report.records)
        except (Refused, Misconfigured, Unavailable) as trouble:
            if is_worth_waiting(step, trouble):
                raise
            return _unread(step, trouble)

    def _account(self, step: Context[Any, S], order: Order, base: str, sampled: list[Sampled]) -> None:
        entry = self._entry(step, order, base, sampled)
        with passing(ACCOUNT):
            self.budget_service.settle(entry, entry.committed)

    def _price(self, sampled: list[Sampled]) -> Decimal | None:
        quote = self.prices.screening()
        return None if quote.usd is None else quote.usd * sum(each.units for each in sampled) / 1000

    def _entry(self, step: Context[Any, S], order: Order, base: str, sampled: list[Sampled]) -> Entry:
        usd = self._price(sampled)
        return Entry(
            id=str(step.key) if step.key.kind == KIND else f"screening:{step.key}",  # others have a line, too
            kind=SpendingKind.SCREENING,
            owner=order.user,
            channel=order.channel,
            model="guardrail",
            base=base,
            dataset="",
            at=order.asked_at,
            committed=None if usd is None else usd * step.status.screening.runs,
        )


def _unread(step: Context[Any, S], trouble: TunesmithError) -> str:
    log.warning("%s: its rows were not screened: %s %s", step.key, trouble.sentence, trouble.detail)
    return f"The guardrail has not read this file. {at_last(trouble)}"
