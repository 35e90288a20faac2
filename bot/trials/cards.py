"""What is shown of trials, as values."""

import math
from dataclasses import dataclass
from decimal import Decimal

_GOOD, _FAIR = 0.95, 0.8
FEWEST = 10
"""Rows of which less tell nothing."""
_DEVIATIONS = 1.96
"""Of a normal distribution, within which nineteen of twenty lie."""


@dataclass(frozen=True, slots=True)
class TrialOffer:
    """What trying the prompt would cost.

    Attributes:
        countable: Whether anybody can count which answers are right: of prose, or where all say the same, nobody can.
        lacks: How many rows it takes, when the dataset has fewer; 0 when it has enough.
        approval: Why an approver would have to agree, which nobody is asked for here; empty when nobody has to.
    """

    dataset: str
    dataset_id: str
    base: str
    base_label: str
    rows: int
    at_most: Decimal | None
    countable: bool = True
    lacks: int = 0
    approval: str = ""

    @property
    def why_not(self) -> str:
        """Why it cannot be tried; empty when it can."""
        if not self.countable:
            return "Its answers do not choose among a few, so that nobody can count which of them are right."
        if self.lacks:
            return f"It takes {self.lacks} rows: {self.rows} to try, and as many to make the prompt of."
        if self.approval:
            return f"{self.approval} Convert the dataset for a base that costs less: `/tune convert`."
        return ""


@dataclass(frozen=True, slots=True)
class TrialEnded:
    """How many rows the prompt alone gets right. ``unknown`` were asked without an answer that is known.

    ``fields`` are those of an answer that were compared, where it was not the whole. ``commonest`` is how many of the
    rows have the most frequent answer, 0 where not all were asked.
    """

    dataset: str
    base_label: str
    right: int
    asked: int
    unknown: int
    spent: Decimal
    at_most: Decimal
    instruction: str
    examples: int
    why: str = ""
    fields: tuple[str, ...] = ()
    commonest: int = 0

    @property
    def share(self) -> tuple[int, int]:
        """Between which two shares, in per cent, the true one is nineteen times of twenty (Wilson's interval)."""
        n = self.asked
        if n <= 0:
            return 0, 100
        p = min(1.0, max(0.0, self.right / n))
        square = _DEVIATIONS**2
        middle = (p + square / (2 * n)) / (1 + square / n)
        room = _DEVIATIONS * math.sqrt(p * (1 - p) / n + square / (4 * n * n)) / (1 + square / n)
        return math.floor(100 * max(0.0, middle - room)), math.ceil(100 * min(1.0, middle + room))

    @property
    def advice(self) -> str:
        """What follows from it, in a plain sentence."""
        if self.asked < FEWEST:
            return "That is too few to tell anything by."
        got = self.right / self.asked
        if self.commonest >= self.right and got >= _FAIR:
            return (
                f"Always giving the most frequent answer gets {self.commonest} of them, so that this tells nothing of "
                "the rarer ones: try a dataset that has more of these."
            )
        if got >= _GOOD:
            return f"Of rows like these there is little left for tuning to win{self._in_what}."
        if got >= _FAIR:
            return f"Tuning may win the rest{self._in_what}: look whether that is worth its price."
        return f"There is something to learn for a tuned model{self._in_what}."

    @property
    def _in_what(self) -> str:
        return " in what was compared" if self.fields else ""
