"""The price book: what the operator set goes before what a profile quotes, and nothing is invented."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from bot.pricing.model import Quote
from bot.profiles.model import Price, PriceKind, Profile, Serving, Term

NO_PRICE = "no published price; the operator can set one"

HOUR_OF: Mapping[Term | None, PriceKind] = {
    None: PriceKind.MODEL_UNIT_HOUR,
    Term.ONE_MONTH: PriceKind.MODEL_UNIT_HOUR_1_MONTH,
    Term.SIX_MONTHS: PriceKind.MODEL_UNIT_HOUR_6_MONTHS,
}
"""Which price an hour of a model unit has that is bought for a term, or for none."""


class Priced(Protocol):
    """A base model or a teacher: it has a name, and prices that were published."""

    @property
    def name(self) -> str:
        """What people call it."""

    def price(self, kind: PriceKind) -> Price | None:
        """Return the published price of that kind, or None."""


GUARDRAIL = "guardrail"
"""What the price of screening is set for: ``guardrail.screening_per_1k_text_units``. Which policies a guardrail
has, and so what a text unit costs in all, is known to its owner alone."""


class PriceBook:
    """Prices in US dollars by base model and kind."""

    def __init__(self, overrides: Mapping[tuple[str, PriceKind], Decimal]) -> None:
        """Take the operator's own prices, by (profile name, kind)."""
        self._overrides = dict(overrides)

    def quote(self, profile: Priced, kind: PriceKind) -> Quote:
        """Return the price with where it comes from; ``usd`` is None when nobody has set or published one."""
        override = self._overrides.get((profile.name, kind))
        if override is not None:
            return Quote(kind, override, "set by the operator")
        published = profile.price(kind)
        if published is None:
            return Quote(kind, None, NO_PRICE)
        return Quote(kind, published.usd, f"{published.source}, as of {published.as_of:%Y-%m-%d}")

    def of_tuned(self, profile: Priced, kind: PriceKind) -> Quote:
        """Return what answers of a model that was tuned from this base cost, by the token.

        AWS publishes no price of these: the base's own is taken, and says that it is (``of_base``). What the operator
        set is taken as it is, since they read their bill.
        """
        quoted = self.quote(profile, kind)
        if quoted.usd is None or (profile.name, kind) in self._overrides:
            return quoted
        return replace(quoted, of_base=True)

    def screening(self) -> Quote:
        """Return what a thousand text units cost under the operator's guardrail."""
        usd = self._overrides.get((GUARDRAIL, PriceKind.SCREENING))
        return Quote(PriceKind.SCREENING, usd, NO_PRICE if usd is None else "set by the operator")

    def serving_hour(self, profile: Profile, serving: Serving, term: Term | None = None) -> Quote:
        """Return what an hour in service costs: a model unit's hour, or nothing for an on-demand deployment.

        The hour of a ``term`` has a price of its own, and is never guessed from that of an hour without one.
        """
        if serving is Serving.ON_DEMAND_DEPLOYMENT:
            note = "an on-demand deployment costs nothing while idle; questions are billed by the token"
            return Quote(PriceKind.MODEL_UNIT_HOUR, Decimal(0), note)
        return self.quote(profile, HOUR_OF[term])
