"""Questions that are kept while their model is asleep: what can be done meanwhile, and what became of them."""

from decimal import Decimal

from bot.controller.model import Message
from bot.pricing.money import at_most, up_to
from bot.profiles.registry import PROFILES
from bot.questions.cards import KeptCard, KeptLost, KeptOver, WakeWanted
from bot.questions.kept import KeptEnd, ModelState, WakeEnd
from handlers.ui.blocks import Element, actions, button, confirm, context, section
from handlers.ui.cards import Cards
from handlers.ui.cards.models import serve_button
from handlers.ui.cards.questions import AGAIN, COMPARE, bound
from handlers.ui.limits import clip
from handlers.ui.parts.plans import vote_value
from handlers.ui.text import channel, code, person, plain, thread_link, when

WAKE, FORGET, ASK = "kept.wake", "kept.forget", "kept.ask"
"""The actions of the buttons of a kept question; the first one's value has the figure that stands on it, too."""
WAKE_MINUTES = 60
"""How long *Wake* wakes a model."""
NAME = 40

_ENDS = {
    KeptEnd.ANSWERED: ":large_green_circle: {model} is awake: its answer is below, or on its way.",
    KeptEnd.FORGOTTEN: ":white_circle: Forgotten, as its asker wanted.",
    KeptEnd.EXPIRED: ":white_circle: {model} was not woken in time. I keep this question no longer.",
    KeptEnd.GONE: ":white_circle: {model} does not answer here any more. I keep this question no longer.",
}
_LOST = {
    WakeEnd.DECLINED: "an approver declined that",
    WakeEnd.CANCELLED: "that was called off",
    WakeEnd.FAILED: "that failed",
}


def kept_card(card: KeptCard) -> Message:
    """Draw what is kept, with what can be done meanwhile."""
    if card.end is not None:
        said = _ENDS[card.end].format(model=code(card.model, NAME))
        return Message(text=said, blocks=[context(said)])
    said = _state(card)
    row = actions(
        _wake_button(card), _ask_button(card), _base_button(card), button("Forget it", FORGET, card.kept)
    )
    return Message(text=said, blocks=[section(said), *row])


def _state(card: KeptCard) -> str:
    model, until = code(card.model, NAME), when(card.until)
    if card.state is ModelState.ASLEEP:
        keeps = f"I keep this question until {until} and answer it here once {model} is awake."
        if card.based:
            return f"{keeps}{_who_wakes(card)}"
        more = " Mention me to have more kept." if card.is_aloud else ""
        return f"{model} is asleep. {keeps}{more}{_who_wakes(card)}"
    if card.state is ModelState.ASKED:
        return f"An approver is asked to have {model} woken. Then I answer this question here; I keep it until {until}."
    return f"{model} is waking. I keep this question until {until}, and answer it here once it is awake."


def _who_wakes(card: KeptCard) -> str:
    if card.may_wake or _ask_button(card):
        return ""
    return (
        f" {person(card.waker)} can wake it: `/tune serve {plain(card.model, NAME)}`." if card.waker else ""
    )


def _wake_button(card: KeptCard) -> Element | None:
    """Return the button that wakes it, with what that costs at most; none while that is under way or asked for."""
    if not card.may_wake or card.state is not ModelState.ASLEEP:
        return None
    if not card.price.hourly:
        return serve_button(card.model, card.base, style="primary")
    return _hour_button(card.kept, card.model, card.price.usd)


def _hour_button(kept: str, model: str, usd: Decimal | None) -> Element:
    figure = "no price known" if usd is None else up_to(usd)
    cost = "an unknown price" if usd is None else at_most(usd)
    asked = confirm(
        "Wake it for 1 h?",
        f"{code(model, 63)} is in service for an hour, for {cost}. "
        "It begins at once; where that is over the limit, an approver is asked first.",
        "Wake it",
    )
    value = vote_value(kept, usd)
    return button(f"Wake for 1 h, {figure}", WAKE, value, style="primary", confirm=asked)


def _ask_button(card: KeptCard) -> Element | None:
    """Return the button that asks whoever may wake it; in a direct message nobody else reads of the question."""
    if card.may_wake or not card.waker or not card.is_aloud or card.state is not ModelState.ASLEEP:
        return None
    return button("Ask to have it woken", ASK, card.kept)


def _base_button(card: KeptCard) -> Element | None:
    """Return the button that asks the base, where that has not answered, at a price that is said before."""
    if card.based or not card.can_ask_base:
        return None
    known = PROFILES.get(card.base)
    base = clip(known.label, 120) if known else code(card.base)
    asked = f"{base} is asked, from which {code(card.model, 63)} was tuned. {bound(card.base_at_most)}."
    return button("Ask its base", COMPARE, card.question, confirm=confirm("Ask the base?", asked, "Ask it"))


def wake_wanted(card: WakeWanted) -> Message:
    """Draw, for whoever may wake a model, that somebody has a question for it."""
    model, there = code(card.model, NAME), channel(card.channel)
    said = f"{person(card.asker)} has a question for {model}, which is asleep, in {there}."
    shown = f"{said} {thread_link(card.link)}".rstrip()
    wakes = (
        _hour_button(card.kept, card.model, card.price.usd)
        if card.price.hourly
        else button("Serve", WAKE, vote_value(card.kept, Decimal(0)), style="primary")
    )
    return Message(text=said, blocks=[section(shown), *actions(wakes)])


def kept_lost(card: KeptLost) -> Message:
    """Draw that the model was not woken."""
    said = (
        f"{person(card.user)}, {code(card.model, NAME)} was not woken: {_LOST[card.how]}. I keep your question until "
        f"{when(card.until)} all the same."
    )
    return Message(text=said, blocks=[section(said)])


def kept_over(card: KeptOver) -> Message:
    """Draw that a question is kept no longer."""
    model = code(card.model, NAME)
    why = (
        f"{model} does not answer here any more"
        if card.end is KeptEnd.GONE
        else f"nobody woke {model} in a day"
    )
    said = f"{person(card.user)}, {why}, so I keep your question no longer."
    again = None if card.end is KeptEnd.GONE else button("Ask again", AGAIN, card.question)
    return Message(text=said, blocks=[section(said), *actions(again)])


CARDS: Cards = {KeptCard: kept_card, WakeWanted: wake_wanted, KeptLost: kept_lost, KeptOver: kept_over}
