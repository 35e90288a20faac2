"""What runs in the account beside our own."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.pricing.model import Quote
from bot.profiles.model import PriceKind, Serving
from bot.strays.cards import StrayList, StrayRemoved, StrayRow
from bot.strays.model import Outcome, Stray
from handlers.ui.example_values import COLLEAGUE, NOW
from handlers.ui.examples import Examples

_ARN = "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc123"
_HOUR = Quote(PriceKind.MODEL_UNIT_HOUR, Decimal("22.00"), "set by the operator")
_THROUGHPUT = StrayRow(
    Stray(
        _ARN,
        "notebook-trial",
        "us-east-1",
        Serving.PROVISIONED_THROUGHPUT,
        NOW - timedelta(days=3, hours=4),
        "arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.nova-lite-v1:0:300k/xyz",
        seen_at=NOW,
    ),
    _HOUR,
)
_DEPLOYMENT = replace(
    _THROUGHPUT,
    stray=replace(
        _THROUGHPUT.stray,
        name="support-eval",
        serving=Serving.ON_DEMAND_DEPLOYMENT,
        created=NOW - timedelta(days=41),
    ),
    hour=Quote(PriceKind.MODEL_UNIT_HOUR, Decimal(0), ""),
    model="claims-nova",
)
_ANOTHERS = replace(
    _THROUGHPUT, stray=replace(_THROUGHPUT.stray, name="staging-claims", bot="staging"), may_be_adopted=False
)
_BOUGHT = replace(
    _THROUGHPUT,
    stray=replace(_THROUGHPUT.stray, units=2, committed_until=NOW + timedelta(days=20)),
    may_be_adopted=False,
)
_LIST = StrayList((_THROUGHPUT, _DEPLOYMENT), NOW)


EXAMPLES: Examples = {
    "what runs beside ours": _LIST,
    "what runs beside ours, told weekly": replace(_LIST, weekly=True),
    "what runs beside ours, many": replace(_LIST, rows=(_ANOTHERS, _THROUGHPUT, *[_DEPLOYMENT] * 12)),
    "what runs beside ours, another bot's and one for a term": replace(_LIST, rows=(_BOUGHT, _ANOTHERS)),
    "what runs beside ours, deleted in a moment": replace(
        _LIST, rows=(replace(_THROUGHPUT, is_undoable=True, remover=COLLEAGUE),)
    ),
    "what runs beside ours, price unknown": replace(
        _LIST, rows=(replace(_THROUGHPUT, hour=replace(_HOUR, usd=None), may_be_adopted=False),)
    ),
    "what runs beside ours, nothing": StrayList((), NOW),
    "what runs beside ours, nobody has looked": StrayList((), None, note="I am looking in AWS now."),
    "what runs beside ours, denied": StrayList((), NOW, trouble="AWS does not allow me to do this."),
    "deleted beside ours": StrayRemoved("notebook-trial", "us-east-1", True, Outcome.DELETED),
    "deleted beside ours, gone before": StrayRemoved("notebook-trial", "us-east-1", True, Outcome.GONE),
    "deleted beside ours, a lease by now": StrayRemoved("notebook-trial", "us-east-1", True, Outcome.HELD),
    "deleted beside ours, denied": StrayRemoved(
        "notebook-trial", "us-east-1", True, Outcome.FAILED, "AWS does not allow me to do this."
    ),
}
