"""The durable kind of deployments."""

from typing import Protocol

from bot.clock import Clock
from bot.controller.kind import Called, Kind, Sources
from bot.controller.model import Document
from bot.controller.outbox.effects import OUTBOX
from bot.controller.ports import ResourceStore
from bot.deployments.cards import DeploymentFollowedAgain
from bot.deployments.model import SCHEMA, DeploymentSpec
from bot.deployments.ports import Deployments
from bot.deployments.reconciler.creation import ADOPT, CREATE
from bot.deployments.reconciler.deployment import DeploymentReconciler
from bot.deployments.reconciler.removal import DELETE
from bot.deployments.reconciler.updating import TAG, UPDATE
from bot.deployments.recovery import LostDeployments
from bot.jobs.model import JobSettings
from bot.spending.comparing import Looks, Recovery
from bot.spending.undo import TAKE
from bot.visibility import Origin


def _is_to_end(spec: Document, _: Document) -> bool:
    """Return whether people removed it: what they removed is removed, however long that takes."""
    return bool(spec.get("remove"))


def _sources(spec: DeploymentSpec) -> Sources:
    return Sources(Origin(spec.channel, spec.owner), model=spec.wanted.name, model_arn=spec.wanted.arn)


class RecoveryDependencies(Protocol):
    """What forgotten deployments are found with."""

    deployments: Deployments
    store: ResourceStore
    clock: Clock
    settings: JobSettings


def _lost(ports: RecoveryDependencies) -> Looks:
    return LostDeployments(ports.deployments, ports.store, ports.clock, ports.settings.bot)


KINDS = (
    Kind(
        schema=SCHEMA,
        build=DeploymentReconciler,
        called=Called("deployment", "deployments", "What it deployed stays, and is found again by its tags."),
        wanted="this model answering at its address until somebody removes it",
        done="create, put a newer model behind it, tell who is not asked, remove and read back",
        effects=(*OUTBOX, TAKE, CREATE, ADOPT, UPDATE, TAG, DELETE),
        billed="It costs nothing while nobody asks it.",
        ends_spending=_is_to_end,
        sources=_sources,
    ),
)

RECOVERIES = (Recovery("deployments", _lost, news=(DeploymentFollowedAgain,)),)
