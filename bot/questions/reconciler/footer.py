"""What is told under an answer: noted when the model has said its last word, and drawn from that ever after."""

from dataclasses import replace
from decimal import Decimal

from bot.clock import Clock
from bot.errors import TunesmithError
from bot.questions import offers
from bot.questions.answerer import Answerer, Asleep, Ending
from bot.questions.cards import AnswerFooter, AnswerOffers
from bot.questions.context import QuestionContext
from bot.questions.model import Facts, Offers
from bot.questions.reconciler.budget import Billing
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.visibility import is_direct


class Timing:
    """How long an answer takes, from when the model is asked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._first: float | None = None

    def heard(self) -> None:
        """Note that a word came."""
        if self._first is None:
            self._first = self.seconds()

    @property
    def first(self) -> float:
        """Seconds until the first word."""
        return self._first or 0.0

    def seconds(self) -> float:
        """Return the seconds until now."""
        return self._clock.monotonic() - self._began


def note_facts(
    question: QuestionContext, answerer: Answerer, ending: Ending, timing: Timing, billing: Billing | None
) -> None:
    """Note what there is to tell of an answer that has come to its end. Save the question."""
    usd, of_base = billing.cost_of(answerer, ending.usage) if billing else (None, False)
    other = billing.at_most(answerer, question.prompt.turns) if billing else None
    # Of two the base is paid for by the token; the model in its place may be paid for by the hour already.
    closed = billing is not None and not answerer.of_base and not billing.may_spend(question)
    closed = closed or question.status.asleep is not None  # the other one cannot be asked
    question.status.facts = Facts(
        model=answerer.model_name,
        base=answerer.profile,
        version=answerer.version,
        made=answerer.made,
        dataset=answerer.dataset,
        dataset_id=answerer.dataset_id,
        input=ending.usage.input if ending.usage else None,
        output=ending.usage.output if ending.usage else None,
        seconds=timing.seconds(),
        first=timing.first,
        hourly=not answerer.by_token,
        usd=None if usd is None else str(usd),
        at_base_price=of_base,
        of_base=answerer.of_base,
        temperature=answerer.temperature,
        stop=list(answerer.stop),
        max_tokens=answerer.max_tokens if answerer.set_length else None,
        other_prompt=answerer.other_prompt,
        alias=answerer.alias,
        awaits=answerer.awaits,
        other_at_most=None if other is None else str(other),
        closed=closed,
    )


def offered(
    question: QuestionContext, error: TunesmithError, dependencies: QuestionDependencies
) -> Offers | None:
    """Return what is offered after an error; in place of a model that is asleep its base, at its price."""
    found = offers.of_error(error)
    if found is None or not isinstance(error, Asleep) or dependencies.billing is None:
        return found
    if not dependencies.billing.may_spend(question):
        return found
    asked = replace(question.asked, model=error.model, of_base=True)
    try:
        base = dependencies.asking.answerer(asked)
    except TunesmithError:
        return found
    turns = dependencies.asking.prompt(question.heard, question.thread).turns
    usd = dependencies.billing.at_most(base, turns)
    at_most = None if usd is None else str(usd)
    return replace(found, instead_of=error.model, base=base.profile, at_most=at_most)


def under(question: QuestionContext) -> AnswerFooter | AnswerOffers | None:
    """Return what stands under the answer, or what is offered under the words in its place; None for nothing."""
    key, given = question.context.key.id, question.status.offers
    if given is not None:
        return AnswerOffers(
            question=key,
            again=given.again,
            wake=given.wake,
            wake_base=given.wake_base,
            instead_of=given.instead_of,
            base=given.base,
            at_most=None if given.at_most is None else Decimal(given.at_most),
            which=given.which,
        )
    facts = question.status.facts
    return None if facts is None else _footer(question, facts)


def _may_be_shared(question: QuestionContext) -> bool:
    asked = question.asked
    return asked.private and bool(question.status.said) and not is_direct(asked.home)


def _footer(question: QuestionContext, facts: Facts) -> AnswerFooter:
    return AnswerFooter(
        question=question.context.key.id,
        model=facts.model,
        base=facts.base,
        version=facts.version,
        made=facts.made,
        dataset=facts.dataset,
        dataset_id=facts.dataset_id,
        tokens_in=facts.input,
        tokens_out=facts.output,
        seconds=facts.seconds,
        first=facts.first,
        hourly=facts.hourly,
        usd=None if facts.usd is None else Decimal(facts.usd),
        at_base_price=facts.at_base_price,
        of_base=facts.of_base,
        temperature=facts.temperature,
        stop=tuple(facts.stop),
        max_tokens=facts.max_tokens,
        other_prompt=facts.other_prompt,
        alias=facts.alias,
        awaits=facts.awaits,
        other_at_most=None if facts.other_at_most is None else Decimal(facts.other_at_most),
        compares=question.asked.compares,
        closed=facts.closed,
        share=question.asked.home if _may_be_shared(question) else "",
    )
