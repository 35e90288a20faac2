"""Deployments."""

from dataclasses import replace
from datetime import timedelta

from bot.deployments.cards import (
    Deployed,
    DeploymentCard,
    DeploymentFollowedAgain,
    DeploymentHandedOver,
    DeploymentIdle,
    DeploymentMilestone,
    DeploymentOver,
    DeploymentView,
    NotYet,
    RemovedByAnother,
    ReplaceOffer,
)
from bot.deployments.model import DeploymentPhase
from bot.deployments.quotas import DeploymentQuotas
from bot.models.versions import NotUpdated, Updated, UpdateState
from bot.pricing.answers import Average, prices_of, thousand
from bot.pricing.book import PriceBook
from bot.profiles.registry import PROFILES
from bot.spending.cards import Care
from handlers.ui.example_values import COLLEAGUE, LONG_NAME, NOW, TRAINER
from handlers.ui.examples import Examples

_BOOK, _BASE = PriceBook({}), PROFILES["nova-lite"]
_NAME, _NEXT, _CHANNEL = "claims-nova", "claims-nova-2", "C0CLAIMS"
DEPLOYMENT = DeploymentView(
    id="7c1d6a0e55b2",
    model_name=_NAME,
    base="nova-lite",
    owner=TRAINER,
    phase=DeploymentPhase.IN_SERVICE,
    prices=prices_of(_BOOK, _BASE),
    thousand=thousand(_BOOK, _BASE, Average(12_840, 14_310_200, 2_411_300)),
    quotas=DeploymentQuotas(2, 400, 300_000),
    last_asked=NOW - timedelta(hours=3),
)
_NEW = replace(DEPLOYMENT, thousand=None, last_asked=None)


def _card(**changes: object) -> DeploymentCard:
    return DeploymentCard(replace(DEPLOYMENT, **changes))  # type: ignore[arg-type]


def _told(event: object) -> DeploymentMilestone:
    return DeploymentMilestone(DEPLOYMENT, event, mention_owner=True)  # type: ignore[arg-type]


EXAMPLES: Examples = {
    "deployment, being made": DeploymentCard(replace(_NEW, phase=DeploymentPhase.CREATING)),
    "deployment, waits for its turn": DeploymentCard(
        replace(
            _NEW,
            phase=DeploymentPhase.REQUESTED,
            waits_for=2,
        )
    ),
    "deployment, in service": DeploymentCard(DEPLOYMENT),
    "deployment, nobody has asked yet": DeploymentCard(replace(_NEW, quotas=DeploymentQuotas())),
    "deployment, with a long name": _card(model_name=LONG_NAME),
    "deployment, a newer model on its way": _card(next_name=_NEXT, update=UpdateState.UPDATING),
    "deployment, for who may not end it": _card(may_end=False),
    "deployment, removed in a moment": _card(remover=COLLEAGUE, is_undoable=True),
    "deployment, being removed": _card(phase=DeploymentPhase.REMOVING),
    "deployment, removed": _card(phase=DeploymentPhase.REMOVED),
    "deployment, refused": _card(
        phase=DeploymentPhase.REFUSED,
        explanation="AWS does not allow me to do this.",
        mend="The operator allows `bedrock:CreateCustomModelDeployment` for the bot's AWS identity; "
        "`tunesmith iam` prints the policy.",
        failure="AccessDeniedException: not authorized",
    ),
    "deployment, failed": _card(phase=DeploymentPhase.FAILED, failure="An internal error occurred."),
    "deployment, news: in service": _told(Deployed()),
    "deployment, news: a newer model answers": _told(Updated(_NEXT, _NAME)),
    "deployment, news: a newer model could not": _told(NotUpdated(_NEXT, _NAME, "", "")),
    "deployment, news: not yet": _told(NotYet("", 2)),
    "deployment, news: removed": _told(DeploymentOver(DeploymentPhase.REMOVED, COLLEAGUE, "", "")),
    "deployment, nobody asks it": DeploymentIdle(
        DEPLOYMENT.id, _NAME, _CHANNEL, NOW - timedelta(days=90), NOW - timedelta(days=41)
    ),
    "deployment, handed over": DeploymentHandedOver(_NAME, Care(_CHANNEL, TRAINER, COLLEAGUE, TRAINER, "")),
    "deployment, removed by another": RemovedByAnother(_NAME, _CHANNEL, COLLEAGUE),
    "deployment, a newer model may take its place": ReplaceOffer(
        _NEXT, _NAME, DEPLOYMENT.id, DEPLOYMENT.prices
    ),
    "deployment, found again": DeploymentFollowedAgain(f"{_NAME}-6f8a6edd4bd4", "us-east-1", _CHANNEL),
}
