"""Looking at single settings as they are entered: with the doctor's own looks, on what is set so far."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from bot import config
from bot.checkup import Line, examine
from bot.clock import SystemClock
from bot.doctor.checks import (
    aws_bucket,
    aws_identity,
    aws_role,
    redis_server,
    slack_ids,
    slack_roles,
    slack_socket,
    slack_token,
)
from bot.setting_names import LISTS
from bot.wiring.clients import aws_clients
from bot.wiring.doctor import surroundings

LOOKS = {
    "SLACK_BOT_TOKEN": (slack_token.LOOK,),
    "SLACK_APP_TOKEN": (slack_socket.LOOK,),
    "REDIS_URL": (redis_server.LOOK,),
    "TUNESMITH_BUCKETS": (aws_bucket.LOOK,),
    "TUNESMITH_ROLE_ARN": (aws_identity.LOOK, aws_role.LOOK),
    "TUNESMITH_OPERATOR": (slack_ids.LOOK,),
    "TUNESMITH_TRAINERS": (slack_roles.LOOK, slack_ids.LOOK),
    "TUNESMITH_APPROVERS": (slack_roles.LOOK, slack_ids.LOOK),
    "TUNESMITH_BUDGETS": (slack_ids.LOOK,),
}
"""What is looked at when one of these is entered; the others have nothing outside to be held against."""


_STAND_INS = {
    "SLACK_BOT_TOKEN": "xoxb-0",
    "REDIS_URL": "redis://localhost",
    "TUNESMITH_BUCKETS": "us-east-1=none",
    "TUNESMITH_ROLE_ARN": "arn:aws:iam::000000000000:role/none",
}


def wrong_with(name: str, value: str, others: Mapping[str, str]) -> str:
    """Return what is wrong with a value of one setting beside the others, empty when nothing is. Shows no secret."""
    if reason := _by_itself(name, value):
        return reason
    return (
        next(iter(config.against_redis(partial({**others, name: value}))), "") if name == "REDIS_URL" else ""
    )


def _by_itself(name: str, value: str) -> str:
    try:
        config.Settings.model_validate({**_STAND_INS, name: value})
    except ValidationError as error:
        found = (each for each in error.errors() if each["loc"][0] == name)
        return next((each["msg"].removeprefix("Value error, ") for each in found), "")
    return ""


def partial(values: Mapping[str, str]) -> config.Settings:
    """Return the settings with these values, and with what is nowhere for what is missing: to look at single ones."""
    known = {row.name for row in config.rows()}
    right = {
        name: each for name, each in values.items() if name in known and each and not _by_itself(name, each)
    }
    return config.Settings.model_validate({**_STAND_INS, **right})


def look_at(name: str, values: Mapping[str, str]) -> Sequence[Line]:
    """Return what is found about a setting, with the values of all that are set. Raises nothing."""
    looks = LOOKS.get(name, ())
    if not looks:
        return []
    clock = SystemClock()
    # Of people and channels these alone: the others were looked at in their own step.
    settings = partial({each: value for each, value in values.items() if each == name or each not in LISTS})
    return examine(looks, surroundings(settings, aws_clients(settings), clock), clock)
