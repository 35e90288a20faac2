"""The durable kinds of leases: the lease itself, and its release, which nothing about the lease can hold up."""

from typing import Protocol

from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind, Lane, Sources, is_told_to_stop
from bot.controller.model import Document
from bot.controller.outbox.effects import OUTBOX
from bot.controller.ports import Renderer, ResourceStore
from bot.jobs.dependencies import Cadence
from bot.jobs.model import JobSettings
from bot.leases.cards import EndpointRecovered, EndpointThereAgain
from bot.leases.closing import CLOSE, CLOSE_IDLE
from bot.leases.model import LEASE_SCHEMA, RELEASE_SCHEMA, LeaseSpec, ReleaseSpec, ReleaseStatus
from bot.leases.ports import Endpoints
from bot.leases.purchase import LeasePurchase
from bot.leases.reconciler.budget import CORRECT, TAKE_EDITION
from bot.leases.reconciler.creation import ADOPT, CREATE
from bot.leases.reconciler.lease import LeaseReconciler
from bot.leases.reconciler.release import ReleaseReconciler
from bot.leases.reconciler.swapping import SWAP, TAG
from bot.leases.recovery import LostLeases
from bot.leases.release_resource import DELETE, WAKE
from bot.leases.terms import NOTE
from bot.spending.archive import KEEP_PLAN, PlanKeeper
from bot.spending.comparing import Looks, Neighbours, Recovery
from bot.spending.reservation import SPENDING
from bot.spending.undo import TAKE
from bot.visibility import Origin

_BY_TAGS = "What it leased is released when its tags at AWS say that its time is over, and that is told."


def _is_billed(spec: Document, status: Document) -> bool:
    """Return whether the lease may have bought something: following it to its end is then what ends the bill."""
    return is_told_to_stop(spec, status) or LEASE_SCHEMA.status_in(status).intent_at is not None


def _sources(spec: LeaseSpec) -> Sources:
    plan, newest = spec.plan, spec.versions[-1] if spec.versions else None
    return Sources(
        Origin(plan.channel, plan.owner),
        model=newest.name if newest else plan.model_name,
        model_arn=newest.arn if newest else plan.model_arn,
    )


class ReleaseDependencies(Protocol):
    """What releases are made with: nothing of Slack. What they have told is drawn, and told by others."""

    endpoints: Endpoints
    store: ResourceStore
    renderer: Renderer
    clock: Clock
    cadence: Cadence
    hears: tuple[str, ...]


def _release(ports: ReleaseDependencies) -> Reconciler[ReleaseSpec, ReleaseStatus]:
    return ReleaseReconciler(
        ports.endpoints, ports.store, ports.clock, ports.cadence, ports.renderer, ports.hears
    )


class RecoveryDependencies(Protocol):
    """What forgotten throughput and deployments are found with."""

    endpoints: Endpoints
    store: ResourceStore
    plans: PlanKeeper
    clock: Clock
    neighbours: Neighbours
    settings: JobSettings


def _lost_leases(ports: RecoveryDependencies) -> Looks:
    return LostLeases(
        ports.endpoints, ports.store, ports.plans, ports.clock, ports.neighbours, ports.settings.bot
    )


KINDS = (
    Kind(
        schema=LEASE_SCHEMA,
        build=LeaseReconciler,
        called=Called("lease", "leases", _BY_TAGS),
        wanted="this model in service until then",
        done="price, approval, create, countdown, hand over to its release",
        effects=(
            *OUTBOX,
            *SPENDING,
            TAKE,
            KEEP_PLAN,
            CREATE,
            ADOPT,
            CORRECT,
            TAKE_EDITION,
            CLOSE_IDLE,
            SWAP,
            TAG,
            NOTE,
        ),
        billed=(
            "If its throughput was bought, AWS bills it by the hour until it is deleted. I still release it at its "
            "deadline: that is done apart from this."
        ),
        ends_spending=_is_billed,
        sources=_sources,
    ),
    Kind(
        schema=RELEASE_SCHEMA,
        build=_release,
        called=Called("release", "releases", _BY_TAGS),
        wanted="this throughput gone at the deadline",
        done="delete by ARN, read the deletion back; an entry of its own, claimed first",
        effects=(TAKE, CLOSE, NOTE, DELETE, WAKE),
        billed=(
            "AWS bills this throughput by the hour until it is deleted, and I cannot do that for now: delete it in the "
            "Bedrock console if it must not run on."
        ),
        ends_spending=lambda _spec, _status: True,
        lane=Lane.URGENT,
    ),
)

PURCHASES = (LeasePurchase,)

RECOVERIES = (
    Recovery("leases", _lost_leases, news=(EndpointRecovered, EndpointThereAgain), bills_by_the_hour=True),
)
