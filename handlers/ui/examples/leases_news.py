"""What happens to leases."""

from dataclasses import replace
from datetime import timedelta

from bot.leases.cards import (
    EndedByAnother,
    EndedWithoutStore,
    EndpointRecovered,
    EndpointThereAgain,
    HeldUpWithoutStore,
    InService,
    LastCall,
    LeaseHandedOver,
    LeaseIdle,
    LeaseJoined,
    LeaseMilestone,
    LeaseOver,
    LeaseRecovered,
    MoreTimeDecided,
    ReleaseNews,
    ReleaseTrouble,
    ReleaseWorksAgain,
    TermRenewed,
    UnseenCalls,
)
from bot.leases.endpoint import LeasePhase
from bot.models.versions import NotUpdated, Updated
from bot.profiles.model import Term
from bot.spending.cards import CannotLook, Care, Declined, StoppedBefore
from handlers.ui.example_values import APPROVER, CHANNEL, COLLEAGUE, NOW, TRAINER, lease
from handlers.ui.examples import Examples

_VIEW = lease(LeasePhase.IN_SERVICE)
_BY_ANOTHER = EndedByAnother(COLLEAGUE, _VIEW.model_name, 120, 75, CHANNEL)

_NAME, _REGION = "tunesmith-claims-router-9d9d", "us-west-2"
_MAY_NOT = "I may not delete the throughput, and it goes on being billed: ask the operator."
_IDLE = LeaseIdle(35, "≈ $22.00", 10)

_BOUND = lease(
    LeasePhase.IN_SERVICE,
    term=Term.ONE_MONTH,
    is_bound=True,
    left_minutes=24 * 60,
    release_at=NOW + timedelta(days=1),
)
_RENEWED = TermRenewed(
    NOW - timedelta(days=30), NOW + timedelta(days=1), "at most $12,960.00", "at most $26,370.00"
)

EXAMPLES: Examples = {
    "lease, for operators: trouble": ReleaseNews(_NAME, _REGION, "claims-router", ReleaseTrouble(_MAY_NOT)),
    "lease, for operators: over": ReleaseNews(_NAME, _REGION, "", ReleaseWorksAgain(), gone=True),
    "lease, there again": EndpointThereAgain(_NAME, _REGION),
    "lease, recovered": EndpointRecovered(_NAME, _REGION, NOW, CHANNEL),
    "lease, of another bot": EndpointRecovered(_NAME, _REGION, NOW, bot="tunesmith-old"),
    "lease for a term, handed over": LeaseHandedOver(
        "claims-router", Care(CHANNEL, TRAINER, COLLEAGUE, TRAINER, TRAINER), is_for_a_term=True
    ),
    "lease for a term, recovered": EndpointRecovered(_NAME, _REGION, NOW, CHANNEL, is_for_a_term=True),
    "lease for a term, renewed, for operators": replace(_RENEWED, model="claims-router"),
    **{
        f"lease for a term, news: {type(event).__name__}": LeaseMilestone(_BOUND, event, mention_owner=True)
        for event in (InService(744 * 60, by_token=False), LastCall(24 * 60), LeaseRecovered(9), _RENEWED)
    },
    "lease for a term, news: renewed since": LeaseMilestone(
        _BOUND, LastCall(60, is_past=True), mention_owner=True
    ),
    "lease, ended without the store": EndedWithoutStore(_NAME, NOW, TRAINER, _VIEW.id),
    "lease, ended though the store forgot it": EndedWithoutStore(_NAME, NOW, TRAINER, forgotten=True),
    "lease, ended without the store, in the operators' channel": EndedWithoutStore(
        f"lease:{_VIEW.id}", NOW, lease_id=_VIEW.id
    ),
    "lease, held up without the store": HeldUpWithoutStore(_NAME, NOW, _MAY_NOT, TRAINER, _VIEW.id),
    "lease, ended by another, told directly": _BY_ANOTHER,
    "lease, handed over": LeaseHandedOver(
        "claims-router", Care(CHANNEL, TRAINER, COLLEAGUE, TRAINER, TRAINER)
    ),
    "lease, news: at 80 %": LeaseMilestone(_VIEW, LastCall(96), mention_owner=True),
    "lease, news: let end": LeaseMilestone(_VIEW, LastCall(10, COLLEAGUE), mention_owner=True),
    "lease, news: made longer since": LeaseMilestone(_VIEW, LastCall(10, is_past=True), mention_owner=True),
    "lease, news: nobody asks it, kept": LeaseMilestone(
        _VIEW,
        replace(_IDLE, kept_by=COLLEAGUE, kept_until=NOW, is_past=True),
        mention_owner=True,
    ),
    "lease, news: nobody asked it, and it is released": LeaseMilestone(
        _VIEW, replace(_IDLE, was_released=True, is_past=True), mention_owner=True
    ),
    "lease, news: nobody asked it, and now somebody does": LeaseMilestone(
        _VIEW, replace(_IDLE, is_past=True), mention_owner=True
    ),
    "lease, news: over since nobody asked it": LeaseMilestone(
        _VIEW,
        LeaseOver(
            LeasePhase.RELEASED, True, "", "", timedelta(minutes=55), "≈ $22.00", "at most $44.00", idled=45
        ),
        mention_owner=True,
    ),
    **{
        f"lease, news: {type(event).__name__}": LeaseMilestone(_VIEW, event, mention_owner=True)
        for event in (
            InService(120, by_token=False),
            LeaseJoined(COLLEAGUE),
            LastCall(10),
            _IDLE,
            UnseenCalls("I may not call `GetMetricData`.", 30),
            LeaseRecovered(40),
            ReleaseTrouble(_MAY_NOT),
            ReleaseWorksAgain(),
            MoreTimeDecided(TRAINER, APPROVER, 60, approved=True),
            Updated("claims-router-v2", "claims-router"),
            NotUpdated(
                "claims-router-v2", "claims-router", "Bedrock has no capacity for this now.", "Try again."
            ),
            _BY_ANOTHER,
            LeaseOver(
                LeasePhase.RELEASED,
                True,
                "",
                "",
                timedelta(minutes=85),
                "≈ $31.17",
                "at most $44.00",
            ),
            Declined(APPROVER),
            StoppedBefore(TRAINER),
            CannotLook("I may not call `GetProvisionedModelThroughput`.", asked_for=False),
        )
    },
}
