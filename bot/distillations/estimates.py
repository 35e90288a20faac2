"""What answers in batch cost, before they are ordered and after they came."""

from decimal import Decimal

from bot.distillations.plan import DistillationTerms, Prepared, Usage
from bot.distillations.teachers.model import Teacher
from bot.pricing.book import PriceBook
from bot.pricing.model import Quote
from bot.profiles.model import PriceKind
from bot.spending.approval import ApprovalLimits, offered

SHARE = Decimal("0.5")
"""A batch's price over the on-demand price. AWS's pricing page and its page on capacity and cost say 50 % less
(docs.aws.amazon.com/bedrock/latest/userguide/capacity-limits-cost-optimization.html, read on 2026-11-22); what a
price list says otherwise, the operator sets in TUNESMITH_PRICES."""

_ON_DEMAND = {
    PriceKind.BATCH_INPUT: PriceKind.INPUT,
    PriceKind.BATCH_OUTPUT: PriceKind.OUTPUT,
}
_MILLION = 1_000_000


def quote(book: PriceBook, teacher: Teacher, kind: PriceKind) -> Quote:
    """Return the price of a million tokens in batch: the operator's own, or half of what they cost on demand."""
    own = book.quote(teacher, kind)
    if own.usd is not None:
        return own
    on_demand = book.quote(teacher, _ON_DEMAND[kind])
    if on_demand.usd is None:
        return own
    return Quote(kind, on_demand.usd * SHARE, f"half of the price on demand ({on_demand.source})")


def offer(book: PriceBook, teacher: Teacher, prepared: Prepared, limits: ApprovalLimits) -> DistillationTerms:
    """Return the terms of answering the prompts, at the prices of now."""
    per_input = quote(book, teacher, PriceKind.BATCH_INPUT)
    per_output = quote(book, teacher, PriceKind.BATCH_OUTPUT)
    least = cost(per_input, per_output, prepared.input_tokens.least, prepared.output_tokens.least)
    most = cost(per_input, per_output, prepared.input_tokens.most, prepared.output_tokens.most)
    whole = offered(most, limits)
    return DistillationTerms(
        per_1m_input=per_input,
        per_1m_output=per_output,
        least=least,
        most=most,
        needs_approval=whole.needs_approval,
        own_is_fine=whole.own_is_fine,
    )


def cost(per_input: Quote, per_output: Quote, tokens_in: int, tokens_out: int) -> Decimal | None:
    """Return what so many tokens cost in US dollars, or None when a price is unknown."""
    if per_input.usd is None or per_output.usd is None:
        return None
    return (per_input.usd * tokens_in + per_output.usd * tokens_out) / _MILLION


def spent(terms: DistillationTerms, used: Usage) -> Decimal | None:
    """Return what the answers cost at the prices of the plan; None when a price, or what was billed, is unknown."""
    if used.untold:
        return None
    return cost(terms.per_1m_input, terms.per_1m_output, used.tokens_in, used.tokens_out)
