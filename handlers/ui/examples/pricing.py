"""Prices, and what is being spent."""

from dataclasses import replace

from bot.jobs.model import Phase, StageState
from bot.leases.cards import ModelLine
from bot.leases.endpoint import LeasePhase
from bot.profiles.registry import PROFILES
from handlers.ui.cards.pricing import Prices, cost_of_dataset, cost_of_model, overview
from handlers.ui.example_values import (
    DONE,
    ESTIMATE,
    HOUR,
    NOW,
    STORAGE_PRICE,
    TRAINER,
    TRAINING_PRICE,
    dataset,
    job,
    lease,
)
from handlers.ui.examples import Examples
from handlers.ui.examples.distillations import DISTILLATION
from handlers.ui.running import Running

_PRICES = Prices("Claude 3 Haiku", TRAINING_PRICE, STORAGE_PRICE, HOUR)
_ALL = [Prices(each.label, TRAINING_PRICE, STORAGE_PRICE, HOUR) for each in PROFILES.values()]
_LINE = ModelLine("claims-router", "claude-3-haiku", "claims", TRAINER, NOW, "asleep", 0.3121, 0.4021)

_TWO = Running([job(Phase.TRAINING, DONE, DONE, StageState.IN_PROGRESS)], [lease(LeasePhase.IN_SERVICE)])
_ALL_KINDS = replace(_TWO, distillations=[DISTILLATION])

EXAMPLES: Examples = {
    "cost, nothing runs": overview(Running(), _ALL),
    "cost, two run": overview(_TWO, _ALL),
    "cost, all kinds run, models are stored": overview(_ALL_KINDS, _ALL, [STORAGE_PRICE] * 3),
    "cost of a dataset": cost_of_dataset(dataset(), ESTIMATE, _PRICES),
    "cost of a model, asleep": cost_of_model(_LINE, [], _PRICES),
    "cost of a model, awake": cost_of_model(_LINE, [lease(LeasePhase.IN_SERVICE)], _PRICES),
}
