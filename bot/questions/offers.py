"""What is offered where there is no answer, and what is said there at last."""

from bot.errors import Throttled, TunesmithError, Unavailable
from bot.questions.answerer import Asleep, Ending, SeveralAwake
from bot.questions.model import Offers

_AGAIN = frozenset({"end_turn", "malformed_model_output"})
"""Why an answer may be empty, and another one need not be."""


def of_error(error: TunesmithError) -> Offers | None:
    """Return what is offered after an error; None where nothing that is pressed would mend it."""
    if isinstance(error, Asleep):
        return (
            Offers(again=True, wake=error.model, wake_base=error.base)
            if error.may_wake
            else Offers(again=True)
        )
    if isinstance(error, SeveralAwake):
        return Offers(which=error.names)
    return Offers(again=True) if isinstance(error, Unavailable | Throttled) else None


def of_ending(ending: Ending) -> Offers | None:
    """Return what is offered where the model said nothing at all."""
    return Offers(again=True) if ending.stop_reason in _AGAIN else None


def hint_at_last(error: TunesmithError) -> str:
    """Return what to do once nothing is tried any more, whatever an error that passes by itself promises."""
    if not isinstance(error, Unavailable) or error.hint.startswith("Ask again"):
        return error.hint
    return "Ask again."
