"""Every state in which a card of something bought can be seen has an example, so that the page's tests measure it."""

from collections.abc import Iterable
from typing import Any

from bot.deployments.cards import DeploymentCard
from bot.deployments.model import DeploymentPhase
from bot.discovery import collect
from bot.distillations.cards import DistillationCard, DistillationPlanCard
from bot.distillations.plan import DistillationPhase
from bot.jobs.cards import JobCard, PlanCard
from bot.jobs.model import Phase
from bot.leases.cards import LeaseCard
from bot.leases.endpoint import LeasePhase
from bot.spending.model import Decision
from bot.sweeps.cards import SweepCard
from tests.tables import table

EXAMPLES: list[Any] = [card for each in collect("handlers.ui.examples", "EXAMPLES") for card in each.values()]
PLANNED = ("planned", "awaiting approval", "declined", "cancelled")
"""Phases in which something is seen as its plan."""
PHASES: dict[type, Iterable[Any]] = {
    JobCard: [each for each in Phase if each.value not in PLANNED],
    DistillationCard: [
        each for each in DistillationPhase if each.value not in (*PLANNED, DistillationPhase.READING.value)
    ],
    LeaseCard: LeasePhase,
    DeploymentCard: DeploymentPhase,
}
PLANS = (PlanCard, LeaseCard, SweepCard, DistillationPlanCard)


def phase_of(card: Any) -> Any:
    return card.view.phase


def offered(card: Any) -> tuple[bool, bool]:
    """Return of a plan's card whether its price is known, and whether an approver has to agree."""
    if isinstance(card, DistillationPlanCard):
        return card.terms.most is not None, bool(card.terms.needs_approval)
    usd = card.training.usd if isinstance(card, PlanCard) else card.usd
    return usd is not None, bool(card.needs_approval)


def test_every_phase_of_a_live_card_has_an_example() -> None:
    with table() as row:
        for kind, phases in PHASES.items():
            with row(kind.__name__):
                shown = {phase_of(each) for each in EXAMPLES if type(each) is kind}
                assert [each for each in phases if each not in shown] == []


def test_every_state_of_a_plan_has_an_example() -> None:
    """An unknown price with somebody who may approve it was 534 px high, and nobody had looked."""
    wanted = {(True, False, False), (True, True, True), (False, True, True), (False, True, False)}
    with table() as row:
        for kind in PLANS:
            with row(kind.__name__):
                plans = [each for each in EXAMPLES if type(each) is kind]
                assert [each for each in Decision if each not in {plan.decision for plan in plans}] == []
                there = {
                    (*offered(plan), bool(plan.approvers)) for plan in plans if plan.decision is Decision.OPEN
                }
                assert wanted - there == set(), "price known, needs an approver, somebody may"
