"""Each way of serving speaks its own language, in every card that a lease has."""

from dataclasses import replace
from decimal import Decimal

from bot.leases.cards import InService, LeaseCard, LeaseMilestone, LeaseOver, LeaseView, LongerLease
from bot.leases.endpoint import LeasePhase
from bot.leases.views import BY_THE_TOKEN
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.model import Serving
from bot.spending.model import Decision
from handlers.ui.example_values import lease
from handlers.ui.render import render
from tests.handlers.ui.test_words import said

HOURLY = ("an hour for each model unit", "$0.00", "billed it for", "billed by the hour")
IDLE = "nothing while idle"


def _view(way: Serving, phase: LeasePhase) -> LeaseView:
    view = lease(phase)
    if way is Serving.PROVISIONED_THROUGHPUT:
        return view
    hour = PriceBook({}).serving_hour(registry.get("nova-micro"), way)
    return replace(
        view, serving=way, base="nova-micro", hour=hour, total=BY_THE_TOKEN, hour_more=BY_THE_TOKEN, spent=""
    )


def test_every_card_speaks_of_the_way_in_which_its_model_is_served() -> None:
    wrong: list[str] = []
    for way in Serving:
        by_token = way is Serving.ON_DEMAND_DEPLOYMENT
        cards: dict[str, object] = {
            f"{phase}, {decision}": LeaseCard(_view(way, phase), Decimal(0), decision)
            for phase in LeasePhase
            for decision in (Decision.OPEN, Decision.APPROVED)
        }
        running = _view(way, LeasePhase.IN_SERVICE)
        cards["longer"] = LongerLease(running, 60, running.total, None)
        cards["in service"] = LeaseMilestone(running, InService(60, by_token))
        cards["over"] = LeaseMilestone(
            running,
            LeaseOver(LeasePhase.RELEASED, tried=True, explanation="", mend="", billed=None, spent=""),
        )
        for name, card in cards.items():
            text = said(render(card))
            if by_token:
                wrong += [f"{way} {name}: {each}" for each in HOURLY if each in text]
            elif IDLE in text or (isinstance(card, LeaseCard) and HOURLY[0] not in text):
                wrong.append(f"{way} {name}: {text}")
    assert wrong == []
