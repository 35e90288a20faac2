"""AWS's clients as the settings have them: as whoever the bot is, or as the role that it takes."""

from functools import partial

from bot.adapters.assumed_role import session_of
from bot.adapters.aws_clients import CONNECTIONS, AwsClients
from bot.config import Settings


def aws_clients(settings: Settings, connections: int = CONNECTIONS) -> AwsClients:
    """Return the clients, which keep so many connections each. Nothing is called yet."""
    owner, https = settings.bucket_owner, settings.https == "required"
    if not settings.assume_role:
        return AwsClients(connections=connections, bucket_owner=owner, https=https)
    act = partial(
        session_of,
        settings.assume_role,
        settings.assume_role_external_id,
        settings.redis_prefix,
        next(iter(settings.buckets)),
        https=https,
    )
    return AwsClients(act, connections=connections, bucket_owner=owner, https=https)
