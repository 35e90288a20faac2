"""What happens to leases."""

from bot.leases.cards import (
    EndedByAnother,
    InService,
    LastCall,
    LeaseMilestone,
    LeaseOver,
    LeaseRecovered,
    MoreTimeDecided,
    ReleaseTrouble,
    ReleaseWorksAgain,
)
from bot.leases.endpoint import LeasePhase
from bot.spending.cards import CannotLook, Declined, StoppedBefore
from handlers.ui.example_values import APPROVER, CHANNEL, COLLEAGUE, TRAINER, lease
from handlers.ui.examples import Examples

_VIEW = lease(LeasePhase.IN_SERVICE)
_BY_ANOTHER = EndedByAnother(COLLEAGUE, _VIEW.model_name, 120, 75, CHANNEL)

EXAMPLES: Examples = {
    "lease, ended by another, told directly": _BY_ANOTHER,
    **{
        f"lease, news: {type(event).__name__}": LeaseMilestone(_VIEW, event, mention_owner=True)
        for event in (
            InService(120, by_token=False),
            LastCall(),
            LeaseRecovered(40),
            ReleaseTrouble("I may not delete the throughput, and it goes on being billed: ask the operator."),
            ReleaseWorksAgain(),
            MoreTimeDecided(TRAINER, APPROVER, 60, approved=True),
            _BY_ANOTHER,
            LeaseOver(
                LeasePhase.RELEASED,
                True,
                "",
                "",
                "`claims-router` is released, and AWS confirms it: $31.17 in all.",
            ),
            Declined(APPROVER),
            StoppedBefore(TRAINER),
            CannotLook("I may not call `GetProvisionedModelThroughput`.", asked_for=False),
        )
    },
}
