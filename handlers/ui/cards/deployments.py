"""Deployments: they cost nothing while idle, and stay until somebody removes them."""

from bot.controller.model import Message
from bot.deployments.cards import (
    Deployed,
    DeploymentCard,
    DeploymentEvent,
    DeploymentFollowedAgain,
    DeploymentHandedOver,
    DeploymentIdle,
    DeploymentMilestone,
    DeploymentOver,
    DeploymentView,
    FollowedAgain,
    NotYet,
    RemovedByAnother,
    ReplaceOffer,
)
from bot.deployments.model import DeploymentPhase
from bot.deployments.quotas import DeploymentQuotas
from bot.models.versions import NotUpdated, Updated, UpdateState
from bot.wording import Channel, Person, wording
from handlers.ui.blocks import Block, Element, actions, button, confirm, context, in_words, section
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.folding import folded
from handlers.ui.money import answer_prices, sources, thousand_questions
from handlers.ui.parts.plans import in_a_moment, in_others_care, keep_button
from handlers.ui.text import channel, code, count, day, person, plain, sentence

REMOVE, REMOVE_ANOTHER, KEEP = "deployment.remove", "deployment.remove_another", "deployment.keep"
TAKE_BACK = "deployment.take_back"
"""The action of the button that takes a *Remove* back; its value is the deployment."""
REPLACE, BESIDE, RAW = "deployment.replace", "deployment.beside", "deployment.raw"
_MARKS = {
    DeploymentPhase.REQUESTED: ":hourglass:",
    DeploymentPhase.CREATING: ":hourglass:",
    DeploymentPhase.IN_SERVICE: ":large_green_circle:",
    DeploymentPhase.REMOVING: ":hourglass:",
    DeploymentPhase.REMOVED: ":white_circle:",
    DeploymentPhase.FAILED: ":no_entry:",
    DeploymentPhase.REFUSED: ":no_entry:",
}
_ENDING = frozenset(
    {DeploymentPhase.REMOVING, DeploymentPhase.REMOVED, DeploymentPhase.FAILED, DeploymentPhase.REFUSED}
)
_CHANGING = frozenset({UpdateState.ASKED, UpdateState.UPDATING})


def deployment_card(card: DeploymentCard) -> Message:
    """Draw the one live message of a deployment."""
    view = card.view
    there = view.phase not in _ENDING
    face = [
        section(
            f"{_MARKS[view.phase]} *{code(view.model_name)}* · {deployment_state(view)}\n{_manner(view)}"
        ),
        *([section(_costs(view))] if there else []),
        *_explanation(view),
        context(f"by {person(view.owner)}"),
    ]
    quotas = _quotas(view.quotas) if there and view.waits_for is None else ""
    details = [
        *([section(quotas)] if quotas else []),
        context(f"deployment {code(view.id)}", *_source(view)),
    ]
    said = sentence(f"{view.model_name}: {view.phase.value}")
    return folded(said, face, details, *deployment_buttons(view), _raw_button(view))


def deployment_state(view: DeploymentView) -> str:
    """Return where a deployment stands, with the newer model that is on its way there."""
    if view.is_undoable:
        return f"{in_a_moment('removing')}, as {person(view.remover)} asked"
    if view.phase is DeploymentPhase.IN_SERVICE and view.next_name and view.update in _CHANGING:
        return f"in service · {code(view.next_name)} is taking its place"
    return view.phase.value


def _manner(view: DeploymentView) -> str:
    base = plain(label_of(view.base))
    if view.phase in _ENDING:
        return f"{base} on an on-demand deployment."
    return f"{base} on an on-demand deployment: nothing while idle. It stays until somebody removes it."


def _costs(view: DeploymentView) -> str:
    """Return what questions cost: a thousand like those of its channel, else a million tokens."""
    tokens = f"Questions cost {answer_prices(view.prices)}."
    asked = thousand_questions(view.thousand)
    return asked or f"{tokens} What a thousand cost here is told once some were asked."


def _quotas(quotas: DeploymentQuotas) -> str:
    """Return what the account may ask a minute, and make at once; empty where nobody says."""
    said = [count(quotas.requests, "question")] if quotas.requests is not None else []
    said += [count(quotas.tokens, "token")] if quotas.tokens is not None else []
    asks = [f"ask {' and '.join(said)} a minute of this base's deployments"] if said else []
    makes = [f"make {quotas.in_progress} of all at the same time"] if quotas.in_progress is not None else []
    return f"This account may {', and '.join([*asks, *makes])}." if asks or makes else ""


def _source(view: DeploymentView) -> list[str]:
    says_so = sources(view.prices.put_in, view.prices.given_out)
    return [f"price: {says_so}"] if says_so and view.phase not in _ENDING else []


def _explanation(view: DeploymentView) -> list[Block]:
    full = _full(view.waits_for) if view.waits_for is not None else ""
    why = view.trouble or full or view.explanation
    said = [sentence(why)] if why else []
    said += [f"→ {sentence(view.mend)}"] if view.mend and not view.trouble else []
    return [section("\n".join(said))] if said else []


def _raw_button(view: DeploymentView) -> Element | None:
    return button("What Bedrock said", RAW, view.id) if view.failure else None


def deployment_buttons(view: DeploymentView, label: str = "Remove") -> list[Element]:
    """Return the button that removes it, or takes that back, for who may press it.

    ``label`` says what is removed where more than the deployment could be meant.
    """
    if view.is_undoable:
        return [keep_button(TAKE_BACK, view.id)] if view.may_end else []
    return (
        [_remove_button(view.id, view.model_name, label)]
        if view.may_end and view.phase not in _ENDING
        else []
    )


def _remove_button(deployment_id: str, model: str, label: str = "Remove") -> Element:
    ask = confirm(
        "Remove it?",
        f"{code(model, 63)} then answers nobody. The model stays; `/tune serve` deploys it again, in some minutes.",
        "Remove",
        "Keep it",
    )
    return button(label, REMOVE, deployment_id, style="danger", confirm=ask)


def deployment_milestone(card: DeploymentMilestone) -> Message:
    """Draw a short reply in the deployment's thread."""
    mention = f"{person(card.view.owner)} " if card.mention_owner else ""
    said = f"{mention}{sentence(milestone_words(card))}"
    return Message(text=said, blocks=[section(said)])


def milestone_words(card: DeploymentMilestone) -> str:
    """Return what happened, in words."""
    return _happened(card.event, card.view.model_name)


def _happened(event: DeploymentEvent, name: str) -> str:
    match event:
        case Deployed():
            return f"`{name}` is in service, and stays so. Nothing is billed while nobody asks. Ask it with `/ask`."
        case FollowedAgain():
            return f"I had lost track of `{name}`, and follow it again."
        case Updated() | NotUpdated() as change:
            return changed(change)
        case NotYet(why, most):
            return wording(why or _full(most), " I try again by myself; nothing is billed meanwhile.")
        case DeploymentOver():
            return _over(event, name)


def changed(event: Updated | NotUpdated) -> str:
    """Return whether a newer model took the place of the one before, whatever serves them."""
    if isinstance(event, Updated):
        return f"`{event.model}` answers now in place of `{event.before}`, at the same address."
    mend = f" {event.mend}" if event.mend else ""
    reason = wording(event.why or "Bedrock could not change the model.", mend)
    said = f"`{event.model}` did not take the place of `{event.before}`, which goes on answering. "
    return wording(said, reason)


def _full(most: int | None) -> str:
    return f"This account may make {count(most or 0, 'deployment')} at the same time, and does so now."


def _over(event: DeploymentOver, name: str) -> str:
    mend = f" {event.mend}" if event.mend else ""
    if event.phase is DeploymentPhase.REFUSED:
        if event.taken:
            return (
                f"Something else is called `{event.taken}` in this account. Ask again: it gets another name."
            )
        return wording("Bedrock would not deploy it. ", event.explanation, f"{mend} Nothing was billed.")
    if event.phase is DeploymentPhase.FAILED:
        why = event.explanation or "Bedrock could not deploy it."
        return wording(why, f"{mend} What was left of it is removed. `/tune serve {name}` tries again.")
    if event.by:
        return wording(Person(event.by), f" removed `{name}`: AWS confirms it. The model stays.")
    return (
        f"`{name}` is not there any more: somebody removed it at AWS. `/tune serve {name}` deploys it again."
    )


def deployment_idle(card: DeploymentIdle) -> Message:
    """Draw for its owner that nobody asks it, with what removes it."""
    asked = f"was last asked on {day(card.last_asked)}" if card.last_asked else "was never asked"
    text = (
        f"{code(card.model, 63)}, which you deployed on {day(card.since)} in {channel(card.channel)}, {asked}. "
        "It costs nothing while idle; its place in the account's quota is all that it takes."
    )
    keep = button("Keep it", KEEP, card.id)
    return Message(text=text, blocks=[section(text), *actions(_remove_button(card.id, card.model), keep)])


def removed_by_another(card: RemovedByAnother) -> Message:
    """Draw for the owner that somebody else removed it."""
    return in_words(
        wording(
            Person(card.by), f" removed `{card.model}`, which you deployed in ", Channel(card.channel), "."
        )
    )


def deployment_handed_over(card: DeploymentHandedOver) -> Message:
    """Draw that a deployment is in another's care, for both of them."""
    means = "is told of it and may replace or remove it"
    return in_others_care(f"The deployment of `{card.model}`", card.care, means)


def replace_offer(card: ReplaceOffer) -> Message:
    """Draw the choice between the address of what is deployed and one of its own."""
    said = (
        f"{code(card.before)} is deployed, of the same base and data. {code(card.model)} can take its place: whoever "
        "asks there is answered by the newer one, and until it is ready the other goes on answering. Either way "
        f"nothing is billed while idle; questions cost {answer_prices(card.prices)}."
    )
    ask = confirm(
        "Take its place?",
        f"{code(card.model, 63)} answers in place of {code(card.before, 63)}, which then answers nobody.",
        "Take its place",
    )
    value = f"{card.deployment_id} {card.model}"
    place = button(f"In place of {card.before}"[:75], REPLACE, value, style="primary", confirm=ask)
    beside = button("Deploy beside it", BESIDE, card.model)
    return Message(text=sentence(said), blocks=[section(said), *actions(place, beside)])


def followed_again(card: DeploymentFollowedAgain) -> Message:
    """Draw that a forgotten deployment is followed again."""
    return in_words(
        wording(
            f"I had lost track of the deployment `{card.name}` in {card.region}: I follow it again",
            *((" in ", Channel(card.channel)) if card.channel else (" where it is told",)),
            ".",
        )
    )


CARDS: Cards = {
    DeploymentCard: deployment_card,
    DeploymentMilestone: deployment_milestone,
    DeploymentIdle: deployment_idle,
    RemovedByAnother: removed_by_another,
    ReplaceOffer: replace_offer,
    DeploymentFollowedAgain: followed_again,
    DeploymentHandedOver: deployment_handed_over,
}
