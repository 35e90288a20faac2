"""What no reconciler handles, told to people."""

from bot.controller.cards import (
    Concerned,
    Failing,
    FailureForOperator,
    FailureForOwner,
    GivenUp,
    Waiting,
    WorksAgain,
)
from handlers.ui.example_values import TRAINER
from handlers.ui.examples import Examples

_LEASE = Concerned(
    "lease:9d9d9d9d9d9d",
    "claims-router",
    True,
    TRAINER,
    "It is billed by the hour meanwhile.",
    "Look at it in AWS, and end it there if it is still in service.",
)
_WHY = "I may not call `GetProvisionedModelThroughput`: ask the operator to allow it."

EXAMPLES: Examples = {
    **{
        f"failure, for its owner: {type(event).__name__}": FailureForOwner(_LEASE, event)
        for event in (
            Failing(5, "AccessDenied", _WHY),
            GivenUp(20, "KeyError"),
            Waiting("AWS does not answer.", on_operator=True),
            WorksAgain(),
        )
    },
    **{
        f"failure, for the operator: {type(event).__name__}": FailureForOperator(_LEASE, event)
        for event in (Failing(5, "KeyError"), GivenUp(20, "AccessDenied", _WHY), WorksAgain())
    },
}
