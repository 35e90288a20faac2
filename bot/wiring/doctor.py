"""Who looks at everything, on clients of its own or on the bot's."""

from redis import Redis
from slack_sdk import WebClient

from bot.adapters.aws_clients import AwsClients
from bot.adapters.slack_clients import reading_client
from bot.checkup import Doctor
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.doctor import EveryLook, Surroundings
from bot.wiring.clients import aws_clients
from bot.wiring.clusters import cluster_key
from bot.wiring.moves import channel_moves
from handlers import manifest
from handlers.register import all_events
from storage import clients
from storage.keys import Keys
from storage.redis_moves import RedisMoves


def doctor(settings: Settings) -> Doctor:
    """Return what looks at everything that these settings name, on clients of its own. Nothing is called yet."""
    return EveryLook(surroundings(settings, aws_clients(settings), SystemClock()))


def surroundings(settings: Settings, aws: AwsClients, clock: Clock) -> Surroundings:
    """Return what is looked at, with clients of its own for Slack and Redis. Nothing is called yet."""
    redis = clients.interactive(settings.redis_url.get_secret_value(), cluster_key(settings))
    moves = channel_moves(settings, RedisMoves(redis, Keys(settings.redis_prefix)), clock)
    slack = reading_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, moves)
    return _surroundings(settings, slack, aws, redis, clock)


def examiner(
    settings: Settings,
    slack: WebClient,
    aws: AwsClients,
    redis: Redis,
    clock: Clock,
    *,
    listens_only: bool = False,
) -> Doctor:
    """Return what looks at everything, on these clients. One that only listens has no rights in AWS."""
    return EveryLook(_surroundings(settings, slack, aws, redis, clock), listens_only=listens_only)


def _surroundings(
    settings: Settings, slack: WebClient, aws: AwsClients, redis: Redis, clock: Clock
) -> Surroundings:
    return Surroundings(
        settings=settings,
        slack=slack,
        aws=aws,
        redis=redis,
        keys=Keys(settings.redis_prefix),
        clock=clock,
        scopes=manifest.scopes(),
        optional_scopes=manifest.OPTIONAL,
        events=[each.name for each in all_events()],
    )
