"""Which model answers under a lease, which one is to, and which one may take its place."""

from collections.abc import Iterable
from datetime import timedelta

from bot.controller.model import Resource
from bot.errors import Refused
from bot.leases.closing import too_late
from bot.leases.deadlines import remaining
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LEASE_SCHEMA, LeaseSpec, LeaseStatus
from bot.models.model import CustomModel
from bot.models.versions import ModelVersion, UpdateState
from bot.profiles.model import Serving
from bot.wording import quoted

LEAST = timedelta(minutes=15)
"""What has to be left of a lease so that a newer model is worth putting there: AWS takes minutes, in which nothing can
be deleted."""


def answering(spec: LeaseSpec, status: LeaseStatus) -> ModelVersion:
    """Return the model that answers, or is to when it comes into service."""
    own = ModelVersion(spec.plan.model_arn, spec.plan.model_name, spec.plan.owner, spec.asked_at)
    every = (own, *spec.versions)
    return next((each for each in reversed(every) if each.arn == status.serving), own)


def on_its_way(spec: LeaseSpec, status: LeaseStatus) -> ModelVersion | None:
    """Return the newer model that is to answer and does not yet; None: there is none, or it could not be put there."""
    wanted = spec.versions[-1] if spec.versions else None
    if wanted is None or wanted.arn == answering(spec, status).arn or has_failed(spec, status):
        return None
    return wanted


def has_failed(spec: LeaseSpec, status: LeaseStatus) -> bool:
    """Return whether the last model that was wanted could not be put there."""
    return status.update is UpdateState.FAILED and status.failed_version == str(len(spec.versions))


def models_at(resource: Resource) -> tuple[ModelVersion, ...]:
    """Return the models that answer under a lease or are to, the one that answers first."""
    spec, status = LEASE_SCHEMA.spec_of(resource), LEASE_SCHEMA.status_of(resource)
    wanted = on_its_way(spec, status)
    return (answering(spec, status), *([wanted] if wanted else []))


def is_of(lease: Resource, model_arn: str) -> bool:
    """Return whether a lease is of the model, whatever that was called when it was leased."""
    return any(each.arn == model_arn for each in models_at(lease))


def check_place(resource: Resource, model: CustomModel) -> None:
    """Return when the model may take the place of the one that answers under the lease.

    Raises:
        Refused: the bases differ, it is not in service, or its time is nearly over.
    """
    spec, status = LEASE_SCHEMA.spec_of(resource), LEASE_SCHEMA.status_of(resource)
    plan = spec.plan
    if (model.profile, model.region) != (plan.profile, plan.region):
        raise Refused(
            f"{quoted(model.name)} is tuned from another base, so it cannot answer on this throughput.",
            hint=f"Lease it beside the other: `/tune serve {model.name} for 1h`.",
        )
    if spec.release or spec.over:
        raise too_late(spec)
    if plan.serving is not Serving.PROVISIONED_THROUGHPUT or status.phase is not LeasePhase.IN_SERVICE:
        raise Refused(
            f"{quoted(answering(spec, status).name)} is not in service under this lease.",
            hint="Another model can take its place once it is: `/tune models` shows when.",
        )
    check_time(spec, status)


def check_time(spec: LeaseSpec, status: LeaseStatus) -> None:
    """Return when enough is left of a lease in service for a change of its model.

    Raises:
        Refused: it is nearly over.
    """
    assert status.in_service is not None, "it is in service"
    if remaining(spec, status.in_service, status.seen or status.in_service) < LEAST:
        longer = f"Make it longer first: `/tune extend {answering(spec, status).name} 1h`."
        raise Refused(
            "This lease is over soon, and AWS takes some minutes to change the model.",
            hint="Ask for the newer model once it is over." if spec.plan.term else longer,
        )


def has_place(resource: Resource, model: CustomModel) -> bool:
    """Return whether the model may take the place of the one that answers under the lease."""
    try:
        check_place(resource, model)
    except Refused:
        return False
    return True


def is_newer(model: CustomModel, before: CustomModel) -> bool:
    """Return whether a model is a newer version of another: of the same base and data."""
    same = (before.profile, before.region, before.dataset_name) == (
        model.profile,
        model.region,
        model.dataset_name,
    )
    return same and model.arn != before.arn and model.created > before.created


def newer_in(channel: str, arn: str, models: Iterable[CustomModel]) -> CustomModel | None:
    """Return the newest version of the model of that ARN that came from the channel, where everybody may see it."""
    every = list(models)
    before = next((each for each in every if each.arn == arn), None)
    if before is None:
        return None
    found = [each for each in every if each.channel == channel and is_newer(each, before)]
    return max(found, key=lambda each: each.created, default=None)
