"""What is shown of advice, as a value."""

from dataclasses import dataclass

from bot.advice.asking import Basis
from bot.advice.comparison import Advice


@dataclass(frozen=True, slots=True)
class AdviceCard:
    """What each way of asking costs a month. ``model`` is a tuned model's name, empty for a base alone."""

    model: str
    advice: Advice
    basis: Basis
    typed: str = ""
    """What was typed, so that a picture of it can be asked for."""
