"""A question to a model that is asleep: its base answers meanwhile, where that is open, and the question is kept."""

from collections.abc import Sequence
from dataclasses import replace

from bot.access import allowed
from bot.controller.model import Registration
from bot.controller.ports import ResourceStore
from bot.errors import TunesmithError
from bot.questions import kept
from bot.questions.answerer import Answerer, Asleep
from bot.questions.context import QuestionContext
from bot.questions.kept import KEPT_FOR, KeptSpec
from bot.questions.model import Sleeping
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.wording import Person


def note_asleep(question: QuestionContext, asleep: Asleep, dependencies: QuestionDependencies) -> None:
    """Note what a question is for, and whether it is kept for it. Save the question.

    What was kept before, stands beside an answer, or was stopped is not kept.
    """
    asked, meanwhile = question.asked, dependencies.meanwhile
    is_new = not (asked.kept or asked.compares or question.stopped)
    if meanwhile is None or not asleep.arn or not is_new:
        question.status.asleep = None
        return
    named = asked.model or dependencies.asking.partner(question.heard, question.thread) or asleep.model
    question.status.asleep = Sleeping(
        model=asleep.model,
        arn=asleep.arn,
        base=asleep.base,
        name=named,
        by_alias=named.casefold() != asleep.model.casefold(),
        may_wake=asleep.may_wake and _may_spend(question, dependencies),
        waker=asleep.waker.id if isinstance(asleep.waker, Person) else "",
        full=_no_room(question, asleep, dependencies.store),
    )


def base_in_place(
    question: QuestionContext, asleep: Asleep, dependencies: QuestionDependencies
) -> Answerer | None:
    """Return the base that answers in the place of the model that is asleep; None where it does not."""
    there, billing, meanwhile = question.status.asleep, dependencies.billing, dependencies.meanwhile
    if there is None or billing is None or meanwhile is None or not billing.may_spend(question):
        return None
    if not meanwhile.base_may_answer(question.asked.home):
        return None
    try:
        base = dependencies.asking.answerer(replace(question.asked, model=asleep.model, of_base=True))
    except TunesmithError:
        return None
    there.based = True
    return replace(base, alias=there.name if there.by_alias else "")


def registered(question: QuestionContext) -> Sequence[Registration]:
    """Return what has the question kept, with the place that its answer went to; nothing where it is not."""
    there, asked = question.status.asleep, question.asked
    if there is None or there.full or question.stopped:
        return ()
    offers, facts = question.status.offers, question.status.facts
    again = replace(
        asked.going_on_in(question.channel, question.thread),
        id=kept.again_id(question.context.key.id),
        model=there.name,
        repeats=asked.repeats or asked.id,
        kept=True,
    )
    spec = KeptSpec(
        question=again,
        asked=question.context.key.id,
        model=there.model,
        arn=there.arn,
        base=there.base,
        asked_at=question.spec.asked_at,
        until=question.spec.asked_at + KEPT_FOR,
        by_alias=there.by_alias,
        may_wake=there.may_wake,
        waker=there.waker,
        based=facts is not None,
        base_at_most=offers.at_most if offers and offers.instead_of and facts is None else None,
    )
    return (kept.registration(spec),)


def _may_spend(question: QuestionContext, dependencies: QuestionDependencies) -> bool:
    billing = dependencies.billing
    return billing is None or allowed(lambda: billing.access.check_spending_in(question.channel))


def _no_room(question: QuestionContext, asleep: Asleep, store: ResourceStore) -> str:
    mine = kept.key_of(question.context.key.id)
    others = [each for each in store.unfinished(kept.KIND) if each.key != mine]
    return kept.no_room(others, asleep.arn, question.asked.user)
