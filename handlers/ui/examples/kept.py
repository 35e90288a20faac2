"""Questions that are kept while their model is asleep, in each state."""

from dataclasses import replace
from decimal import Decimal

from bot.questions.cards import KeptCard, KeptLost, KeptOver, WakeWanted
from bot.questions.kept import KeptEnd, ModelState, WakeEnd, WakePrice
from handlers.ui.example_values import LONG_NAME, NOW, TRAINER
from handlers.ui.examples import Examples

ASLEEP = KeptCard(
    kept="9c9c9c9c9c9c",
    question="9c9c9c9c9c9c",
    model="claims-router",
    base="claude-3-haiku",
    until=NOW,
    state=ModelState.ASLEEP,
    price=WakePrice(hourly=True, usd=Decimal("44.00")),
    may_wake=True,
    waker="",
    based=True,
    can_ask_base=False,
    base_at_most=None,
)

EXAMPLES: Examples = {
    "kept, its base has answered": ASLEEP,
    "kept, nobody has answered": replace(
        ASLEEP, based=False, can_ask_base=True, base_at_most=Decimal("0.000298")
    ),
    "kept, somebody else may wake it": replace(ASLEEP, may_wake=False, waker=TRAINER),
    "kept, in a channel, somebody else may wake it": replace(
        ASLEEP, may_wake=False, waker=TRAINER, is_aloud=True
    ),
    "kept, somebody is asked to wake it": WakeWanted(
        "9c9c9c9c9c9c", TRAINER, "claims-router", "C1", ASLEEP.price, "https://x.slack.com/archives/C1/p1"
    ),
    "kept, of a base by the token": replace(ASLEEP, base="nova-lite", price=WakePrice(hourly=False)),
    "kept, no price is known": replace(ASLEEP, price=WakePrice(hourly=True), model=LONG_NAME),
    "kept, an approver is asked": replace(ASLEEP, state=ModelState.ASKED),
    "kept, waking": replace(ASLEEP, state=ModelState.WAKING),
    "kept, answered": replace(ASLEEP, end=KeptEnd.ANSWERED),
    "kept, forgotten": replace(ASLEEP, end=KeptEnd.FORGOTTEN),
    "kept, the day is over": replace(ASLEEP, end=KeptEnd.EXPIRED),
    "kept, not woken": KeptLost(TRAINER, "claims-router", WakeEnd.DECLINED, NOW),
    "kept no longer": KeptOver(TRAINER, "claims-router", KeptEnd.EXPIRED, "9c9c9c9c9c9c"),
}
