"""AWS's own time, as its replies tell it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import ClientError

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.clock import Clock


def asked_now(clients: AwsClients, region: str) -> datetime | None:
    """Return AWS's time, asked for now; None when its answer had none. Raises what the adapters raise.

    A refusal has the time as well: where the clocks are minutes apart, AWS refuses all that is signed here.
    """
    with translated("GetCallerIdentity"):
        try:
            reply: Mapping[str, Any] = clients.sts(region).get_caller_identity()
        except ClientError as refused:
            if told := _date_of(refused.response):
                return told
            raise
    return _date_of(reply)


def seen_at(reply: Mapping[str, Any], clock: Clock) -> datetime:
    """Return the reply's Date header, which every reply of AWS has; our own time when a proxy took it away."""
    return _date_of(reply) or clock.now()


def _date_of(reply: Mapping[str, Any]) -> datetime | None:
    text = reply.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # The parser gives no zone to a date in -0000, which is UTC.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
