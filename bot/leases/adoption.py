"""Throughput that was made elsewhere, on its way to be a lease: who may have it, and what it is as a plan."""

from dataclasses import dataclass

from bot.errors import Refused
from bot.leases.drafting import check_minutes
from bot.leases.endpoint import EndpointObservation, LeasePlan
from bot.profiles.model import Serving
from bot.profiles.registry import profile_of
from bot.wording import quoted


@dataclass(frozen=True, slots=True)
class Foreign:
    """Throughput as a look at the account saw it. ``units`` are its model units, each billed by the hour."""

    arn: str
    name: str
    region: str
    model_arn: str
    units: int


def freeze(
    foreign: Foreign, model_name: str, *, minutes: int, longest: int, owner: str, channel: str, request: str
) -> LeasePlan:
    """Return the plan of the lease that it becomes. ``model_name`` is what people call its model.

    Raises:
        Refused: too short or too long, or of a base that there is no profile of.
    """
    check_minutes(minutes, longest)
    profile = profile_of(foreign.model_arn)
    if profile is None or profile.region != foreign.region:
        raise Refused(
            f"{quoted(foreign.name)} serves a base model that I have no profile of.",
            hint="Its price is not known to me, and I could not ask it. It can be deleted all the same.",
        )
    return LeasePlan(
        model_name=model_name,
        model_arn=foreign.model_arn,
        profile=profile.name,
        region=foreign.region,
        serving=Serving.PROVISIONED_THROUGHPUT,
        endpoint_name=foreign.name,
        minutes=minutes,
        model_units=foreign.units,
        owner=owner,
        channel=channel,
        request=request,
    )


def check_same(plan: LeasePlan, there: EndpointObservation) -> None:
    """Return when it is still what was agreed to: others may have changed it since it was looked at.

    Raises:
        Refused: another model answers there or is to, it has another number of units, or it was bought for a term.
    """
    serves = {there.model_arn, there.desired_arn or there.model_arn}
    if serves == {plan.model_arn} and there.units == plan.model_units and there.committed_until is None:
        return
    raise Refused(
        f"{quoted(plan.endpoint_name)} was changed at AWS since you looked at it.",
        hint="`/tune models elsewhere` shows it as it is now, and what it costs.",
    )


def gone(name: str) -> Refused:
    """Return that it is not there any more."""
    return Refused(
        f"{quoted(name)} is not there any more.", hint="Somebody deleted it at AWS: nothing of it is billed."
    )


def taken(name: str) -> Refused:
    """Return that it is another lease's by now."""
    return Refused(
        f"{quoted(name)} is another lease's by now.", hint="`/tune models` shows what is in service."
    )
