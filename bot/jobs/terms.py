"""What a plan was offered for, frozen with it: prices and limits that change later decide nothing anew."""

from dataclasses import dataclass, replace

from bot.jobs.model import JobPlan
from bot.pricing import estimates
from bot.pricing.book import PriceBook
from bot.pricing.model import Quote, TrainingEstimate
from bot.profiles import registry
from bot.profiles.model import PriceKind
from bot.spending.approval import ApprovalLimits, offered
from bot.spending.model import Offer


@dataclass(frozen=True, slots=True)
class Terms:
    """The prices of a plan when it was proposed, and who has to agree to them."""

    training: TrainingEstimate
    storage_month: Quote
    serving_hour: Quote | None
    needs_approval: str
    """Why an approver has to agree; empty when nobody has to."""
    own_is_fine: bool = False
    """Whether an approver may approve it who asked for it themselves."""

    @property
    def offer(self) -> Offer:
        """What it comes to: at most how much, and who has to agree."""
        return Offer(self.training.usd, self.needs_approval, self.own_is_fine)


def offer(plan: JobPlan, prices: PriceBook, limits: ApprovalLimits, *, agreed: bool = False) -> Terms:
    """Return the terms of a plan as of now. ``agreed``: it is part of something that has its approval already."""
    profile, training = registry.get(plan.profile), estimate(plan, prices)
    whole = offered(training.usd, limits)
    return Terms(
        training=training,
        storage_month=prices.quote(profile, PriceKind.STORAGE),
        serving_hour=prices.serving_hour(profile, profile.serving[0]),
        needs_approval="" if agreed else whole.needs_approval,
        own_is_fine=whole.own_is_fine,
    )


def unpriced(plan: JobPlan, prices: PriceBook, limits: ApprovalLimits) -> Terms:
    """Return the terms of a job whose plan nobody has: its tokens, and so its cost, are unknown."""
    terms = offer(plan, prices, limits, agreed=True)
    return replace(terms, training=replace(terms.training, usd=None))


def estimate(plan: JobPlan, prices: PriceBook) -> TrainingEstimate:
    """Return what training by the plan costs at most, at the prices of now."""
    profile = registry.get(plan.profile)
    return estimates.training(prices, profile, tokens=plan.tokens, hyperparameters=plan.hyperparameters)
