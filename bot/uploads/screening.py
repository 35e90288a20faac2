"""A ready file's rows read by the operator's guardrail: the price is told and reserved first, what came of it after.

It is the same for every file that a job can start from, however it came about: dropped, repaired, split off,
converted, or answered by a teacher.

What is written down before each effect: the message's intent before the price is told; that it is asked (``runs``)
before it is reserved and asked. A process that dies while it asks has been billed for what nobody knows: it counts as
what it costs at most, and the rows are screened again.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.effects import Effect, passing
from bot.controller.outbox.messages import Outbox
from bot.controller.outbox.replies import Request
from bot.controller.ports import Renderer
from bot.controller.retry_limits import at_last, is_worth_waiting
from bot.datasets.model import Report
from bot.datasets.screening import Guardrail, Sampled, sample, screen
from bot.datasets.workers import Workers
from bot.errors import Misconfigured, NotAllowed, Refused, TunesmithError, Unavailable
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


@dataclass(frozen=True, slots=True)
class Screening:
    """Has rows screened where the operator has named a guardrail, by region."""

    guardrails: Mapping[str, Guardrail]
    budget_service: BudgetService
    prices: PriceBook
    approvers: reservation.Approvers
    outbox: Outbox
    renderer: Renderer
    clock: Clock

    def look(
        self,
        context: Context[Any, S],
        request: Request,
        path: Path,
        report: Report,
        profile: Profile,
        workers: Workers,
    ) -> None:
        """Have a sample of the rows screened, once. Trouble with it is told and harms nothing else.

        It costs money, so it is done for who may spend, where money may be spent: anybody may drop a file.

        Raises:
            NotReady, Throttled, Unavailable: not now, and the loop should try again.
        """
        guardrail = self.guardrails.get(profile.region)
        if guardrail is None or context.status.screening.words:
            return
        if not context.status.screening.runs and (closed := self._closed(request)):
            self._show(context, request, ScreeningEnded(closed))
            context.status.screening.words = closed
            context.save()
            return
        sampled = workers.run(sample, path, profile, report.records)
        words = self._begin(context, request, guardrail, sampled, report)
        if not words:
            words = self._ask(context, guardrail, sampled, report)
            self._account(context, request, report.profile, sampled)
        context.status.screening.words = words
        context.save()

    def tell(self, context: Context[Any, S]) -> None:
        """Say what came of it, in the place of the price."""
        words = context.status.screening.words
        if words:
            self.outbox.show(context, SCREENING, self.renderer.render(ScreeningEnded(words)))

    # How

    def _closed(self, request: Request) -> str:
        """Return why nothing is spent on it, empty when it may be."""
        try:
            self.approvers.access.check_spending(request.user, request.channel)
        except NotAllowed as closed:
            return f"The guardrail has not read this file. {closed.message}"
        return ""

    def _show(self, context: Context[Any, S], request: Request, card: object) -> None:
        self.outbox.post_once(
            context,
            SCREENING,
            self.renderer.render(card),
            channel=request.channel,
            thread_ts=request.thread_ts,
            since=request.asked_at,
            owner=request.user,
        )

    def _begin(
        self,
        context: Context[Any, S],
        request: Request,
        guardrail: Guardrail,
        sampled: list[Sampled],
        report: Report,
    ) -> str:
        """Tell the price and reserve it; return why it is not spent, empty when it is."""
        usd, units = self._price(sampled), sum(each.units for each in sampled)
        begun = ScreeningBegun(guardrail.name, len(sampled), report.records, units, usd)
        self._show(context, request, begun)
        screening = context.status.screening
        if not screening.runs:
            # The same may be asked for once more when the store has forgotten it, and is billed again then.
            screening.entry = f"@{request.asked_at:%Y%m%dT%H%M%S}"
        screening.runs += 1
        context.save()
        entry = self._entry(context, request, report.profile, sampled)
        short = reservation.reserve(self.budget_service, self.approvers, [entry], self.clock.now())
        if short is None:
            return ""
        screening.runs -= 1
        if screening.runs:
            self._account(context, request, report.profile, sampled)
        return f"The guardrail has not read this file. {short.sentence} {short.mend}"

    def _ask(
        self, context: Context[Any, S], guardrail: Guardrail, sampled: list[Sampled], report: Report
    ) -> str:
        try:
            with passing(SCREEN):
                return screen(guardrail, sampled).sentence(guardrail.name, report.records)
        except (Refused, Misconfigured, Unavailable) as trouble:
            if is_worth_waiting(context, trouble):
                raise
            return _unread(context, trouble)

    def _account(self, context: Context[Any, S], request: Request, base: str, sampled: list[Sampled]) -> None:
        entry = self._entry(context, request, base, sampled)
        with passing(ACCOUNT):
            # A guardrail is billed by what it is sent, so that what it costs at most is what it cost.
            self.budget_service.settle(entry, entry.committed)

    def _price(self, sampled: list[Sampled]) -> Decimal | None:
        quote = self.prices.screening()
        return None if quote.usd is None else quote.usd * sum(each.units for each in sampled) / 1000

    def _entry(self, context: Context[Any, S], request: Request, base: str, sampled: list[Sampled]) -> Entry:
        usd = self._price(sampled)
        key, which = context.key, context.status.screening.entry
        return Entry(
            id=(str(key) if key.kind == KIND else f"screening:{key}") + which,  # others have a line, too
            kind=SpendingKind.SCREENING,
            owner=request.user,
            channel=request.channel,
            model="guardrail",
            base=base,
            dataset="",
            at=request.asked_at,
            committed=None if usd is None else usd * context.status.screening.runs,
        )


def _unread(context: Context[Any, S], trouble: TunesmithError) -> str:
    log.warning("%s: its rows were not screened: %s %s", context.key, trouble.sentence, trouble.detail)
    return f"The guardrail has not read this file. {at_last(trouble)}"
