"""The durable kind that holds the account against what is known."""

from random import Random
from typing import Any, Protocol

from bot.account.cards import ClocksApart
from bot.account.reconciler import SCHEMA, AccountDependencies, AccountReconciler, AccountStatus, registration
from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer
from bot.controller.schema import OfRegion
from bot.spending.comparing import Recovery


class AccountPorts(Protocol):
    """What the account is looked at with. The recoveries are those of all features; each takes of the same ports."""

    recoveries: tuple[Recovery[Any], ...]
    outbox: Outbox
    renderer: Renderer
    clock: Clock
    random: Random
    hears: tuple[str, ...]


def _account(ports: AccountPorts) -> Reconciler[OfRegion, AccountStatus]:
    in_order = sorted(ports.recoveries, key=lambda each: not each.bills_by_the_hour)
    return AccountReconciler(
        AccountDependencies(
            looks={each.name: each.build(ports) for each in in_order},
            news={news.__name__: news for each in in_order for news in each.news}
            | {ClocksApart.__name__: ClocksApart},
            outbox=ports.outbox,
            renderer=ports.renderer,
            clock=ports.clock,
            random=ports.random,
            hears=ports.hears,
        )
    )


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_account,
        unaudited="it looks; what it takes up again was decided before",
        called=Called("look at the AWS account", "looks at the AWS account"),
        wanted="nothing left running, or forgotten, by accident",
        done=(
            "list by tags; follow again what Redis forgot, by the plan that S3 has of it; release what is overdue, "
            "tell it"
        ),
        effects=OUTBOX,
        billed=(
            "What was forgotten and still runs in the AWS account is not found meanwhile, and is billed: look for it "
            "in the Bedrock console."
        ),
        # Never given up, since it finds what is billed and nobody knows of.
        ends_spending=lambda _spec, _status: True,
        standing=lambda regions: [registration(region) for region in regions],
    ),
)
