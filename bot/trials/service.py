"""Trials, as handlers ask for them: what one would cost, and that one begins."""

import hashlib
from decimal import Decimal

from bot.clock import Clock
from bot.controller.model import Key, Registration
from bot.controller.ports import SpecWriter
from bot.datasets.model import Dataset
from bot.directory.directory import Directory
from bot.directory.service import Service
from bot.errors import NotFound, Refused
from bot.pricing.book import PriceBook
from bot.pricing.money import at_most
from bot.profiles import registry
from bot.profiles.model import PriceKind, Profile
from bot.spending.approval import ApprovalLimits, needs_approval
from bot.trials.cards import TrialOffer
from bot.trials.comparing import fields_of
from bot.trials.model import KIND, SCHEMA, Price, TrialSpec
from bot.trials.prompt import CASES
from bot.wording import quoted

__all__ = ["KIND", "TrialService"]

_FEWEST = 2 * CASES
"""Records that a dataset has at least: those that are tried, and as many to make the prompt of."""


class TrialService(Service):
    """Says what a trial costs at most, and has one made. Every method may raise ``Unavailable``."""

    def __init__(
        self, store: SpecWriter, directory: Directory, prices: PriceBook, clock: Clock, limits: ApprovalLimits
    ) -> None:
        super().__init__(store, directory, clock)
        self._prices = prices
        self._limits = limits

    def offer(self, dataset: Dataset) -> TrialOffer:
        """Return what trying the prompt on the dataset's base would cost, or why it cannot be tried."""
        base = registry.get(dataset.report.profile)
        price = self._price(base)
        usd = price.at_most if price else None
        return TrialOffer(
            dataset=dataset.name,
            dataset_id=dataset.id,
            base=base.name,
            base_label=base.label,
            rows=CASES,
            at_most=usd,
            countable=bool(_fields(dataset)),
            lacks=_FEWEST if dataset.report.records < _FEWEST else 0,
            approval=needs_approval(usd, self._limits.approval_limit),
        )

    def begin(self, dataset_id: str, agreed: Decimal, *, user: str, channel: str, asked_in: str) -> bool:
        """Have the base asked. ``agreed`` is the figure that was shown, and ``asked_in`` names the press.

        Return whether this press began it. While one of the same person, dataset and base is under way none is begun:
        each is held to the approval limit alone, so several at once would spend past it.

        Raises:
            NotFound: there is no such dataset.
            Refused: it cannot be tried, is being tried already, or costs more than was agreed to.
        """
        dataset = self._directory.dataset(dataset_id)
        if dataset is None:
            raise NotFound(
                f"There is no dataset {quoted(dataset_id[:60])}.", hint="`/tune datasets` lists them."
            )
        offer, price = self.offer(dataset), self._price(registry.get(dataset.report.profile))
        if offer.why_not or price is None:
            raise Refused(f"The prompt cannot be tried. {offer.why_not}")
        if price.at_most > agreed:
            raise Refused(
                f"That costs {at_most(price.at_most)} by now.",
                hint="Ask again with `/tune advise`, and look at it.",
            )
        spec = TrialSpec(
            dataset=dataset.id,
            name=dataset.name,
            base=offer.base,
            fields=_fields(dataset),
            price=price,
            user=user,
            channel=channel,
            asked_at=self._clock.now(),
        )
        wanted = SCHEMA.wanted(hashlib.sha256(f"{asked_in}:{user}".encode()).hexdigest()[:24], spec)

        def make() -> Registration:
            self._check_not_tried(wanted.key, spec)
            return wanted

        return self._store.register_sole(f"trial:{spec.dataset}:{spec.base}:{user}", make)

    def _check_not_tried(self, key: Key, wanted: TrialSpec) -> None:
        """Return when no other press has the same tried for the same person right now.

        Raises:
            Refused: one has.
        """
        same = (wanted.dataset, wanted.base, wanted.user)
        for each in self._directory.for_rules(KIND):
            spec = SCHEMA.spec_of(each)
            is_same = each.key != key and (spec.dataset, spec.base, spec.user) == same
            if is_same and not SCHEMA.status_of(each).over:
                raise Refused(
                    "That is being tried already.",
                    hint="I tell you directly how many rows the prompt gets right.",
                )

    def _price(self, base: Profile) -> Price | None:
        put_in, given_out = (
            self._prices.quote(base, PriceKind.INPUT),
            self._prices.quote(base, PriceKind.OUTPUT),
        )
        if put_in.usd is None or given_out.usd is None:
            return None
        return Price(put_in.usd, given_out.usd)


def _fields(dataset: Dataset) -> tuple[str, ...]:
    return fields_of([each.field for each in dataset.report.statistics.labels])
