"""A kept deployment as a person sees it."""

from dataclasses import replace

from bot.access import Access, allowed
from bot.controller.model import Resource
from bot.controller.outbox.entries import root_of
from bot.deployments.cards import DeploymentView
from bot.deployments.model import CARD, ENDED, SCHEMA, DeploymentPhase, DeploymentSpec, DeploymentStatus
from bot.directory.directory import Directory
from bot.pricing.answers import prices_of, thousand
from bot.pricing.book import PriceBook
from bot.profiles import registry


def deployment_view(spec: DeploymentSpec, status: DeploymentStatus, prices: PriceBook) -> DeploymentView:
    """Return what is shown of the deployment."""
    base, wanted = registry.get(spec.profile), spec.wanted
    return DeploymentView(
        id=spec.id,
        model_name=status.serving_name or spec.versions[0].name,
        base=spec.profile,
        owner=spec.holder,
        phase=phase_of(spec, status),
        prices=prices_of(prices, base),
        thousand=thousand(prices, base, status.average),
        quotas=status.quotas,
        next_name=wanted.name if status.serving not in ("", wanted.arn) else "",
        update=status.update,
        last_asked=status.last_asked,
        explanation=status.explanation,
        mend=status.mend,
        trouble=status.trouble,
        waits_for=status.waits_for if status.phase is DeploymentPhase.REQUESTED else None,
        failure=status.failure,
        remover=spec.remove.by if spec.remove else "",
        is_undoable=spec.remove is not None and spec.ending is None and status.phase not in ENDED,
    )


def phase_of(spec: DeploymentSpec, status: DeploymentStatus) -> DeploymentPhase:
    """Return where it stands: from the press on that removes it, it answers nobody any more."""
    if spec.ending and status.phase not in ENDED:
        return DeploymentPhase.REMOVING
    return status.phase


def seen_by(directory: Directory, access: Access, resource: Resource, prices: PriceBook) -> DeploymentView:
    """Return the deployment as the directory's viewer sees it: with what they may do with it."""
    spec, status = SCHEMA.spec_of(resource), SCHEMA.status_of(resource)
    view, user = deployment_view(spec, status, prices), directory.viewer.user
    arn = status.serving or spec.versions[0].arn
    model = directory.stored_model(view.model_name, arn)  # it may be called otherwise by now
    return replace(
        view,
        model_name=model.name if model else view.model_name,
        may_end=allowed(lambda: access.check_ending(user, spec.holder, spec.channel)),
        channel=spec.channel if directory.sight.sees_channel(spec.channel) else "",
        thread_ts=spec.thread_ts or root_of(resource, CARD),
    )
