"""What happens to leases: short replies in their threads, and what their owner is told directly."""

import math
from datetime import timedelta

from bot.clock import duration_of_minutes
from bot.controller.model import Message
from bot.leases.cards import (
    EndedByAnother,
    EndedWithoutStore,
    EndpointRecovered,
    EndpointThereAgain,
    HeldUpWithoutStore,
    InService,
    LastCall,
    LeaseHandedOver,
    LeaseIdle,
    LeaseJoined,
    LeaseMilestone,
    LeaseOver,
    LeaseRecovered,
    LeaseView,
    MoreTimeDecided,
    ReleaseNews,
    ReleaseTrouble,
    ReleaseWorksAgain,
    TermRenewed,
    UnseenCalls,
)
from bot.leases.endpoint import LeasePhase
from bot.models.versions import NotUpdated, Updated
from bot.spending.cards import CannotLook, Declined, Queued, StoppedBefore
from bot.spending.votes import because
from bot.wording import Channel, Clock, Person, quoted, wording
from handlers.ui.blocks import Element, actions, in_words, section
from handlers.ui.cards import Cards
from handlers.ui.cards.deployments import changed
from handlers.ui.parts import lease_terms
from handlers.ui.parts.lease_buttons import extend_button, keep_awake_button, let_end_button
from handlers.ui.parts.plans import held_up, in_others_care
from handlers.ui.text import person, sentence


def lease_milestone(card: LeaseMilestone) -> Message:
    """Draw a short reply in the lease's thread."""
    said, owner = sentence(milestone_words(card)), person(card.view.owner)
    if card.mention_owner and not said.startswith(owner):
        joint = card.view.joint if isinstance(card.event, (LastCall, LeaseIdle, LeaseOver)) else ()
        said = " ".join([owner, *(person(each) for each in joint), said])
    return Message(text=said, blocks=[section(said), *actions(*_warning_buttons(card))])


def _warning_buttons(card: LeaseMilestone) -> list[Element]:
    """Return what can be said to a warning that its end is near, as long as it is in service and that is so."""
    view, event = card.view, card.event
    if not isinstance(event, (LastCall, LeaseIdle)) or event.is_past:
        return []
    if view.phase is not LeasePhase.IN_SERVICE or view.is_undoable or view.term:
        return []
    if isinstance(event, LeaseIdle):
        return [keep_awake_button(view)] if view.may_extend and not event.kept_by else []
    buttons = [extend_button(view)] if view.may_extend else []
    return buttons + ([let_end_button(view)] if view.may_end and not event.let_by else [])


def milestone_words(card: LeaseMilestone) -> str:
    """Return what happened, in words."""
    if card.view.term and isinstance(card.event, (InService, LeaseRecovered, LastCall)):
        return _of_a_term(card.event, card.view)
    match card.event:
        case MoreTimeDecided() as decision:
            return _decided(decision, card.view.model_name)
        case EndedByAnother() as ended:
            return _ended_by_another(ended)
        case LeaseOver() as over:
            return _over(over, card.view.model_name)
        case Declined() | StoppedBefore() as event:
            return declined_or_stopped(event)
        case CannotLook() | Queued() as event:
            return held_up(event, card.view.owner)
        case LeaseIdle() | UnseenCalls() as event:
            return _unasked(event, card.view.model_name)
        case event:
            return _while_it_runs(event, card.view.model_name)


def _of_a_term(event: InService | LeaseRecovered | LastCall, view: LeaseView) -> str:
    match event:
        case InService():
            return lease_terms.begun(view)
        case LeaseRecovered():
            return lease_terms.found_again(view)
        case LastCall():
            return lease_terms.nearly_over(_left(event.left_minutes), event)


def term_renewed(card: TermRenewed) -> Message:
    """Draw for the operators that AWS has renewed a term."""
    return in_words(lease_terms.renewed(card))


def declined_or_stopped(event: Declined | StoppedBefore) -> str:
    """Return who said no to a plan before anything was started."""
    if isinstance(event, StoppedBefore):
        return wording(Person(event.by), " stopped this before it was started.")
    said = f" declined this. Nothing was started and nothing was spent.{because(event.reason)}"
    return wording(Person(event.by), said)


def _while_it_runs(
    event: InService
    | LeaseJoined
    | LastCall
    | LeaseRecovered
    | ReleaseTrouble
    | ReleaseWorksAgain
    | TermRenewed
    | Updated
    | NotUpdated,
    model: str,
) -> str:
    if isinstance(event, (Updated, NotUpdated)):
        return changed(event)
    if isinstance(event, TermRenewed):
        return lease_terms.renewed(event)
    return _of_its_time(event, model)


def _of_its_time(
    event: InService | LeaseJoined | LastCall | LeaseRecovered | ReleaseTrouble | ReleaseWorksAgain,
    model: str,
) -> str:
    match event:
        case InService(minutes, by_token):
            bills = "nothing is billed while nobody asks" if by_token else "AWS bills it since its creation"
            length = duration_of_minutes(minutes)
            return f"`{model}` is in service for {length} from now ({bills}). Ask it with `/ask`."
        case LeaseJoined(by):
            return wording(
                Person(by), f" needs `{model}` too, and uses this lease: it need not be paid twice."
            )
        case LastCall() as warning:
            return _warning(warning)
        case LeaseRecovered(0):
            return f"I had lost track of `{model}`. Its time is over, and I release it now."
        case LeaseRecovered(minutes):
            length = duration_of_minutes(minutes)
            return f"I had lost track of `{model}`, and follow it again: it is released by itself in about {length}."
        case ReleaseTrouble(why):
            return cannot_release(why)
        case ReleaseWorksAgain():
            return "I can look after this again: it is released when its time is over."


def _warning(event: LastCall) -> str:
    left = _left(event.left_minutes)
    if event.is_past:
        return f"{left} left. That was before it was made longer."
    if event.let_by:
        return wording(f"{left} left. ", Person(event.let_by), " lets it end: it is released by itself then.")
    return f"{left} left. Extend it if you need longer; otherwise it is released by itself."


def _left(count: int) -> str:
    if count == 1:
        return "1 minute is"
    return f"{count} minutes are" if count < 60 else f"{duration_of_minutes(count)} are"


def _unasked(event: LeaseIdle | UnseenCalls, model: str) -> str:
    if isinstance(event, UnseenCalls):
        return wording(
            f"`{model}` was not asked for {duration_of_minutes(event.idle)}, and I can't tell whether something else "
            "in this account asks it, so it stays until its time is over: ",
            event.why or "what I asked it myself is missing from AWS's count of calls.",
        )
    nobody = f"No question for {duration_of_minutes(event.minutes)}"
    if event.was_released:
        return f"{nobody}, nor in the {event.grace} minutes after that: I release it."
    if event.kept_by:
        until = wording(" until ", Clock(event.kept_until)) if event.kept_until else ""
        return wording(f"{nobody}. ", Person(event.kept_by), " keeps it", until, ".")
    if event.is_past:
        return f"{nobody}. That was before it was wanted again: it stays."
    so_far = f", {event.spent} so far" if event.spent else ""
    return f"{nobody}{so_far}, releasing in {event.grace} min."


def _decided(event: MoreTimeDecided, model: str) -> str:
    length = f"{duration_of_minutes(event.minutes)} more of {quoted(model)}"
    said = f"declined {length}: it ends as it was to.{because(event.reason)}"
    if event.is_overridden:
        said = f"gave {length} without approval: {quoted(event.reason)}."
    elif event.approved:
        said = f"approved {length}."
    return wording(Person(event.asked_by), ": ", Person(event.by), f" {said}")


def _over(event: LeaseOver, model: str) -> str:
    if event.phase is LeasePhase.FAILED:
        return wording("It failed. ", event.explanation, f" {event.mend} {_released(event, model)}")
    if event.phase is LeasePhase.REFUSED:
        who = "Bedrock would not start it" if event.tried else "It was not started"
        return wording(f"{who}. ", event.explanation, f" {event.mend} Nothing was bought.")
    return _released(event, model) if event.tried else event.explanation


def _released(event: LeaseOver, model: str) -> str:
    ran = cost = ""
    if event.billed:
        length = duration_of_minutes(math.ceil(event.billed / timedelta(minutes=1)))
        ran = f" {quoted(model)} was billed for {length}, from its creation on"
        beside = f"; estimated: {event.estimated}" if event.estimated else ""
        cost = f": {event.spent}, with begun hours counted whole{beside}." if event.spent else "."
    why = f"Nobody had asked it for {duration_of_minutes(event.idled)}. " if event.idled else ""
    return f"{why}Released: AWS confirms it.{ran}{cost}"


def _ended_by_another(event: EndedByAnother) -> str:
    when = " before it was in service"
    if event.left_minutes is not None:
        left, of_all = duration_of_minutes(event.left_minutes), duration_of_minutes(event.minutes)
        when = f" with {left} of its {of_all} left"
    return wording(Person(event.by), f" released `{event.model}`{when}.")


def ended_by_another(card: EndedByAnother) -> Message:
    """Draw for the owner that somebody else ended it."""
    return in_words(
        wording(_ended_by_another(card), " You had it in service in ", Channel(card.channel), ".")
    )


def cannot_release(why: str) -> str:
    """Return that a release does not work, and what that means for the bill."""
    return wording("I can't look after this, and it is billed until it is deleted: ", why)


def release_news(card: ReleaseNews) -> Message:
    """Draw for those who hear of money that a release does not work, or works again."""
    of = f" of `{card.model}`" if card.model else ""
    match card.event:
        case ReleaseTrouble(why):
            said = wording(" does not work. ", cannot_release(why))
        case ReleaseWorksAgain() if card.gone:
            said = " works again. It is released: AWS confirms it."
        case _:
            said = " works again. It can be looked after again, and is released when its time is over."
    return in_words(wording(f"The release of `{card.endpoint}`{of} in {card.region}", said))


def endpoint_there_again(card: EndpointThereAgain) -> Message:
    """Draw that something that was released was there again."""
    return in_words(f"`{card.name}` in {card.region} was released and was there again: I deleted it.")


def endpoint_recovered(card: EndpointRecovered) -> Message:
    """Draw that something that was forgotten is looked after again."""
    followed = ("I follow it again in ", Channel(card.channel), ", and ") if card.channel else ()
    term = ("it is billed to the end of its term, ", Clock(card.until, dated=True), ".")
    end = term if card.is_for_a_term else ("it is released by ", Clock(card.until), ".")
    if card.bot:
        said = (
            f"`{card.name}` in {card.region} was leased by another bot of this account, {quoted(card.bot)}: "
        )
        check = (
            f" If that was me under another prefix, set TUNESMITH_REDIS_PREFIX back to {quoted(card.bot)}."
        )
        return in_words(wording(said, *end, check))
    return in_words(wording(f"I had lost track of `{card.name}` in {card.region}: ", *followed, *end))


def ended_without_store(card: EndedWithoutStore) -> Message:
    """Draw that it was ended while the store was silent, or had forgotten it."""
    why = "had lost it" if card.forgotten else "could not tell me"
    said = wording(
        f"`{card.name}` is released: its time was over at ",
        Clock(card.until),
        f", and my own store (Redis) {why}, so I went by what AWS knows of it. AWS confirms it.",
    )
    follows = "is on AWS's bill" if card.forgotten else "follows when the store is back"
    last = _lease_of(card) if card.lease_id else f" What it cost {follows}."
    return in_words(wording(*_to(card.owner), said, last))


def held_up_without_store(card: HeldUpWithoutStore) -> Message:
    """Draw that it can be ended neither by the store nor past it."""
    said = wording(
        f"The time of `{card.name}` is over since ",
        Clock(card.until),
        ", my own store (Redis) is silent, and I cannot release it at AWS either. It is billed until it is deleted "
        "there. ",
    )
    return in_words(wording(*_to(card.owner), said, card.why, " I go on trying.", _lease_of(card)))


def _lease_of(card: EndedWithoutStore | HeldUpWithoutStore) -> str:
    """Return by which ID the log has it, where what it is called does not say that already."""
    return f" (lease `{card.lease_id}`)" if card.lease_id and card.lease_id not in card.name else ""


def _to(owner: str) -> tuple[Person, str] | tuple[()]:
    return (Person(owner), " ") if owner else ()


def lease_handed_over(card: LeaseHandedOver) -> Message:
    """Draw that a lease is in another's care, for both of them."""
    means = "is told of it and may extend or end it"
    if card.is_for_a_term:
        means = "is told of it, of the end of its term and of a renewal"
    return in_others_care(f"The lease of `{card.model}`", card.care, means)


CARDS: Cards = {
    LeaseMilestone: lease_milestone,
    TermRenewed: term_renewed,
    EndedByAnother: ended_by_another,
    LeaseHandedOver: lease_handed_over,
    ReleaseNews: release_news,
    EndpointThereAgain: endpoint_there_again,
    EndpointRecovered: endpoint_recovered,
    EndedWithoutStore: ended_without_store,
    HeldUpWithoutStore: held_up_without_store,
}
