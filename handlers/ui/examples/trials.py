"""Trying the prompt before anything is trained."""

from dataclasses import replace
from decimal import Decimal

from bot.trials.cards import TrialEnded, TrialOffer
from handlers.ui.examples import Examples

_OFFER = TrialOffer("claims", "9d9d9d9d9d9d", "nova-lite", "Amazon Nova Lite", 20, Decimal("0.0171"))
_ENDED = TrialEnded(
    "claims", "Amazon Nova Lite", 19, 20, 0, Decimal("0.0021"), Decimal("0.0171"),
    "Answer with exactly one of these, and with nothing else: oncology; cardiology; intake; billing.", 4,
)  # fmt: skip

EXAMPLES: Examples = {
    "trial, offered": _OFFER,
    "trial, cannot be": replace(_OFFER, countable=False),
    "trial, of too few rows": replace(_OFFER, lacks=40),
    "trial, the prompt does it": _ENDED,
    "trial, there is something to learn": replace(_ENDED, right=9),
    "trial, of fields": replace(_ENDED, right=17, fields=("desk", "urgency", "product"), commonest=9),
    "trial, one answer for all": replace(_ENDED, commonest=19),
    "trial, broke off": replace(
        _ENDED, right=4, asked=6, unknown=3, why="The model did not answer several rows. Try it again later."
    ),
    "trial, nothing was asked": replace(
        _ENDED, right=0, asked=0, why="This model version has reached the end of its life.", spent=Decimal(0)
    ),
}
