"""A question and the budgets: reserved before the model is asked, each time, and accounted for at its end.

Money is reserved only where answers are billed by the token: what is paid for by the hour is the lease's, and of such
an answer its tokens are entered at the end. The bill is saved before what is reserved, so that nothing reserved is
forgotten; a process that dies in between has noted one asking too many, and whatever nobody knows counts as what it
costs at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.access import Access, allowed
from bot.clock import Clock
from bot.controller.effects import passing
from bot.errors import Refused, Unavailable
from bot.pricing.book import PriceBook
from bot.pricing.money import at_most, upwards
from bot.questions import costs
from bot.questions.answerer import Answerer, Turn, Usage
from bot.questions.context import QuestionContext
from bot.questions.model import KIND, Bill
from bot.spending import reservation
from bot.spending.budget_service import BudgetService
from bot.spending.ledger import Entry, SpendingKind, Tokens
from bot.spending.reservation import ACCOUNT


@dataclass(frozen=True, slots=True)
class Billing:
    """What questions are paid from."""

    budget_service: BudgetService
    prices: PriceBook
    approvers: reservation.Approvers
    clock: Clock
    access: Access
    """Where money may be spent: what leases have paid for is answered everywhere, and what tokens cost only there."""

    def may_spend(self, question: QuestionContext) -> bool:
        """Return whether answers that are paid for by the token are given where it was asked."""
        return allowed(lambda: self.access.check_spending_in(question.asked.home))

    def reserve(self, question: QuestionContext, answerer: Answerer, turns: Sequence[Turn]) -> None:
        """Reserve what asking this costs at most.

        Raises:
            NotAllowed: nothing may be spent where it was asked.
            Refused: a budget has no room for it, or it is more than was agreed to.
        """
        if not answerer.by_token:
            _enter(question, answerer, Decimal(0))
            return
        self.access.check_spending_in(question.asked.home)
        usd = costs.at_most(self.prices, answerer, turns)
        _check_agreed(question, usd)
        bill = _enter(question, answerer, usd)
        bill.reserved = True
        question.save()
        more = len(bill.at_most) > 1
        try:
            short = reservation.reserve(
                self.budget_service, self.approvers, [_entry(question, bill)], self.clock.now(), more=more
            )
        except Unavailable:
            take_back(question)  # nobody is asked
            question.save()
            raise
        if short:
            take_back(question)
            raise Refused(short.sentence, hint=short.mend)

    def cost_of(self, answerer: Answerer, usage: Usage | None) -> tuple[Decimal | None, bool]:
        """Return what one answer cost in US dollars, None where nobody knows, and whether at the base's price."""
        return costs.of_answer(self.prices, answerer, usage)

    def at_most(self, answerer: Answerer, turns: Sequence[Turn]) -> Decimal | None:
        """Return what asking this by the token costs at most, in US dollars; None where a price is unknown."""
        return costs.at_most(self.prices, answerer, turns)

    def account(self, question: QuestionContext) -> None:
        """Write down what the answer cost; where nobody told, what it costs at most goes on counting."""
        bill = question.status.bill
        if bill is None:
            return
        with passing(ACCOUNT):
            if bill.at_most:
                self.budget_service.settle(self._settled(question, bill), self._actual(bill))
            elif _is_reserved(bill):
                self.budget_service.free(_entry(question, bill))

    def _settled(self, question: QuestionContext, bill: Bill) -> Entry:
        """Return the entry with what is known at the end: the tokens, and whose price was taken for them."""
        tokens = None if bill.untold else Tokens(bill.input, bill.output)
        of_base = not (bill.hourly or question.of_base) and costs.is_at_base_price(self.prices, bill.base)
        return replace(_entry(question, bill), tokens=tokens, of_base=of_base)

    def _actual(self, bill: Bill) -> Decimal | None:
        if bill.hourly:
            return Decimal(0)
        if bill.untold:
            return None
        return costs.cost(self.prices, bill.base, prompt=bill.input, answer=bill.output)


def _enter(question: QuestionContext, answerer: Answerer, usd: Decimal | None) -> Bill:
    """Put one more asking on the bill, at most at so many US dollars, and return that."""
    bill = question.status.bill = _bill_of(question, answerer)
    bill.at_most.append(None if usd is None else str(usd))
    bill.untold += 1
    question.billed = True
    return bill


def _bill_of(question: QuestionContext, answerer: Answerer) -> Bill:
    """Return the bill that one more asking goes on.

    A lease may end, or begin, while its question waits, so that it is asked by the hour and by the token. What the
    hours paid for costs nothing, and is on no bill of tokens; what may be billed by the token stays on it.
    """
    bill = question.status.bill
    if bill is None:
        return Bill(answerer.profile, hourly=not answerer.by_token)
    if not bill.at_most or (bill.hourly and answerer.by_token):
        return Bill(answerer.profile, hourly=not answerer.by_token, reserved=_is_reserved(bill))
    return bill


def _is_reserved(bill: Bill) -> bool:
    """Return whether something may be reserved for it; a bill from before that was kept says so by how it is paid."""
    return bill.reserved or not bill.hourly


def _check_agreed(question: QuestionContext, usd: Decimal | None) -> None:
    """Return when it costs no more than whoever asked was told, if they were.

    Raises:
        Refused: it does by now.
    """
    agreed = question.asked.agreed
    if agreed and (usd is None or usd > Decimal(agreed)):
        raise Refused(
            f"This would cost {at_most(usd)} by now, which is more than the {upwards(Decimal(agreed))} that was said.",
            hint="Ask the model again, and compare with that answer.",
        )


def note_usage(question: QuestionContext, usage: Usage | None) -> None:
    """Note what the last asking was billed for, if the service said so. Save the question."""
    if usage is not None:
        question.taken.were(usage.input + usage.output)
    bill = question.status.bill
    if bill is not None and usage is not None:
        bill.untold -= 1
        bill.input += usage.input
        bill.output += usage.output


def take_back(question: QuestionContext) -> None:
    """Note that this asking was none: it was refused before its first word. Save the question.

    What did not get as far as the bill, since it waits in a line of ours, takes nothing off it.
    """
    bill = question.status.bill
    if bill is not None and question.billed:
        bill.at_most.pop()
        bill.untold -= 1
        question.billed = False


def _entry(question: QuestionContext, bill: Bill) -> Entry:
    figures = [None if each is None else Decimal(each) for each in bill.at_most]
    return Entry(
        id=f"{KIND}:{question.context.key.id}",
        kind=SpendingKind.QUESTION,
        owner=question.asked.user,
        channel=question.asked.home,
        model=bill.base if question.of_base else question.status.model,
        base=bill.base,
        dataset="",
        at=question.spec.asked_at,
        committed=None
        if None in figures
        else sum((each for each in figures if each is not None), Decimal(0)),
    )
