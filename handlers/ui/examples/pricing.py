"""Prices, and what is being spent."""

from dataclasses import replace
from decimal import Decimal

from bot.directory.spending import ModelAnswers
from bot.jobs.model import Phase, StageState
from bot.leases.endpoint import LeasePhase
from bot.pricing.answers import Average, prices_of, thousand
from bot.pricing.book import PriceBook
from bot.profiles.registry import PROFILES
from bot.serving.cards import ModelLine
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
from handlers.ui.parts.running import Running

_BOOK = PriceBook({})


def _prices(name: str) -> Prices:
    profile = PROFILES[name]
    hour = _BOOK.serving_hour(profile, profile.serving[0]) if name != "claude-3-haiku" else HOUR
    answers = None if name == "claude-3-haiku" else prices_of(_BOOK, profile)
    return Prices(profile.label, TRAINING_PRICE, STORAGE_PRICE, hour, answers)


_PRICES, _NOVA = _prices("claude-3-haiku"), _prices("nova-lite")
_ALL = [_prices(each) for each in PROFILES]
_ANSWERED = [
    ModelAnswers("triage-v2", 12_840, 14_310_200, 2_411_300, Decimal("1.44"), Decimal("1.44"), 0),
    ModelAnswers("claims-router", 212, 310_100, 41_200, Decimal(0), Decimal(0), 0),
    ModelAnswers("notes", 3, 2_100, 510, Decimal("0.0002"), Decimal("0.0002"), 1),
    ModelAnswers("old-router", 1, 410, 12, Decimal(0), Decimal(0), 1),
]
_THOUSAND = thousand(_BOOK, PROFILES["nova-lite"], Average(12_840, 14_310_200, 2_411_300))
_LINE = ModelLine("claims-router", "claude-3-haiku", "claims", TRAINER, NOW, "asleep", 0.3121, 0.4021)

_TWO = Running([job(Phase.TRAINING, DONE, DONE, StageState.IN_PROGRESS)], [lease(LeasePhase.IN_SERVICE)])
_ALL_KINDS = replace(_TWO, distillations=[DISTILLATION])

EXAMPLES: Examples = {
    "cost, nothing runs": overview(Running(), _ALL),
    "cost, two run": overview(_TWO, _ALL),
    "cost, all kinds run, models are stored": overview(_ALL_KINDS, _ALL, [STORAGE_PRICE] * 3),
    "cost, answers of models": overview(_TWO, _ALL, [STORAGE_PRICE] * 3, _ANSWERED),
    "cost of a model, on demand": cost_of_model(
        replace(_LINE, name="triage-v2", base="nova-lite"), [], _NOVA, _THOUSAND, _ANSWERED[0], NOW
    ),
    "cost of a dataset": cost_of_dataset(dataset(), ESTIMATE, _PRICES),
    "cost of a model, asleep": cost_of_model(_LINE, [], _PRICES),
    "cost of a model, awake": cost_of_model(_LINE, [lease(LeasePhase.IN_SERVICE)], _PRICES),
}
