"""What no reconciler handles, told to its owner and to the operator."""

from bot.controller.cards import (
    Concerned,
    Failing,
    FailureForOperator,
    FailureForOwner,
    GivenUp,
    Waiting,
    WorksAgain,
)
from bot.controller.model import Message
from bot.wording import Person, wording
from handlers.ui.blocks import in_words
from handlers.ui.cards import Cards


def for_owner(card: FailureForOwner) -> Message:
    """Draw it for whoever owns it, or waits for it."""
    who = (Person(card.of.owner), " ") if card.of.owner else ()
    return in_words(wording(*who, _owner_words(card)))


def _owner_words(card: FailureForOwner) -> str:
    of = card.of
    match card.event:
        case Failing(why=""):
            return _broken(of)
        case Failing(why=why):
            return wording(f"I cannot go on with `{of.name}` for now. ", why, " I go on trying.")
        case GivenUp(why=why):
            first = f"I give up on {f'`{of.name}`' if of.planned else 'this'}, after many tries. "
            why = why or "Something is broken on my side."
            return wording(first, why, f" {_what_to_do(of)} Give the operator the reference `{of.key}`.")
        case Waiting(why, on_operator):
            end = "the operator has mended that" if on_operator else "that is over"
            return wording(why, f" Nothing is lost: I go on with this by myself when {end}.")
        case WorksAgain():
            return f"That works again, and I go on with {f'`{of.name}`' if of.planned else 'it'}."


def _broken(of: Concerned) -> str:
    if of.planned:
        first = (
            f"Something is broken on my side with `{of.name}`, and I cannot follow it for now. I go on trying, and "
            f"what runs at AWS runs on: look at it there. {_billed(of)}"
        )
    else:
        first = f"Something is broken on my side, and I cannot go on with this for now. {_billed(of)}I go on trying. "
    return f"{first}Give the operator the reference `{of.key}`."


def for_operator(card: FailureForOperator) -> Message:
    """Draw it for whoever hears of what goes wrong."""
    of = card.of
    it = f"`{of.key}`" + (f" (`{of.name}`)" if of.name != of.key else "")
    match card.event:
        case Failing() as failing:
            tail = "The log has the traceback under that reference; it is tried again every few minutes."
            last = f" {_billed(of)}{tail}"
            return in_words(wording(it, _times(failing), last))
        case GivenUp() as given_up:
            last = f" I give it up. The log has the traceback under that reference. {_what_to_do(of)}"
            return in_words(wording(it, _times(given_up), last))
        case WorksAgain():
            return in_words(f"{it} works again.")


def _times(event: Failing | GivenUp) -> str:
    said = f" has failed {event.times} times in a row with `{event.error}`"
    return wording(said, ": ", event.why) if event.why else f"{said}."


def _billed(of: Concerned) -> str:
    return f"{of.billed} " if of.billed else ""


def _what_to_do(of: Concerned) -> str:
    return of.when_given_up.replace("{name}", of.name)


CARDS: Cards = {FailureForOwner: for_owner, FailureForOperator: for_operator}
