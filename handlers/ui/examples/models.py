"""Custom models."""

from dataclasses import replace

from bot.leases.endpoint import LeasePhase
from bot.serving.cards import ModelLine, ModelList
from handlers.ui.example_values import COLLEAGUE, LONG_NAME, NOW, TRAINER, lease
from handlers.ui.examples import Examples
from handlers.ui.examples.deployments import DEPLOYMENT

_ASLEEP = ModelLine("claims-router", "claude-3-haiku", "claims", TRAINER, NOW, "asleep", 0.3121, 0.4021)
_AWAKE = replace(_ASLEEP, name=LONG_NAME, serving="in service", lease=lease(LeasePhase.IN_SERVICE))

_DEPLOYED = replace(
    _ASLEEP, name="claims-nova", base="nova-lite", serving="in service", deployment=DEPLOYMENT
)

EXAMPLES: Examples = {
    "models, none": ModelList(()),
    "models, one asleep": ModelList((_ASLEEP,)),
    "models, one of whoever reads it": ModelList((replace(_ASLEEP, is_theirs=True),)),
    "models, one handed over": ModelList((replace(_ASLEEP, owner=COLLEAGUE, trained_by=TRAINER),)),
    "models, one in service": ModelList((_AWAKE,)),
    "models, one deployed": ModelList((_DEPLOYED,)),
    "models, one that is deployed once somebody wants it": ModelList(
        (replace(_DEPLOYED, deployment=None, serving="asleep"),)
    ),
    "models, two": ModelList((_AWAKE, _ASLEEP)),
    "models, many": ModelList((_AWAKE, *(replace(_ASLEEP, name=f"claims-router-{n}") for n in range(20)))),
}
