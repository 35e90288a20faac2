"""From what a person asked for to a frozen lease."""

import hashlib

from bot.clock import duration_of_minutes
from bot.errors import Refused
from bot.leases.endpoint import LeasePlan
from bot.leases.terms import minutes_of
from bot.models.model import CustomModel
from bot.models.serving import serving_of
from bot.names import slug
from bot.profiles import registry
from bot.profiles.model import Term
from bot.profiles.service_patterns import PROVISIONED_MODEL_NAME

SHORTEST = 5
"""Minutes. A shorter lease would be over before anybody has asked anything."""


def freeze(
    model: CustomModel,
    *,
    minutes: int,
    longest: int,
    owner: str,
    channel: str,
    request: str,
    term: Term | None = None,
) -> LeasePlan:
    """Return the plan of a lease; the same request is the same plan. What is for a ``term`` lasts for that alone.

    Raises:
        Refused: too short or too long; the hint says what can be had.
    """
    if term:
        minutes = minutes_of(term)
    else:
        check_minutes(minutes, longest)
    profile = registry.get(model.profile)
    return LeasePlan(
        model_name=model.name,
        model_arn=model.arn,
        profile=profile.name,
        region=model.region,
        serving=serving_of(model),
        endpoint_name=endpoint_name(model.name, request),
        minutes=minutes,
        model_units=1,
        owner=owner,
        channel=channel,
        request=request,
        term=term,
    )


def check_minutes(minutes: int, longest: int) -> None:
    """Return when a lease may last so long.

    Raises:
        Refused: too short or too long.
    """
    if not SHORTEST <= minutes <= longest:
        raise Refused(
            f"{duration_of_minutes(minutes)} is too "
            + (
                f"long for a lease; the most is {duration_of_minutes(longest)}."
                if minutes > longest
                else f"short for a lease; the least is {duration_of_minutes(SHORTEST)}."
            ),
            hint=f"Ask for {duration_of_minutes(SHORTEST)} to {duration_of_minutes(longest)}, for instance `2h` "
            "(extensions count too).",
        )


def endpoint_name(model_name: str, request: str) -> str:
    """Return a name that no other request has, so that the endpoint can be found by it alone."""
    unique = hashlib.sha256(f"{model_name}/{request}".encode()).hexdigest()[:12]
    return PROVISIONED_MODEL_NAME.check(f"{slug(model_name)[:48].strip('-')}-{unique}")
