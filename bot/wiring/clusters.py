"""Whether Redis is a cluster, as the clients need to know it."""

from redis import Redis

from bot.config import Settings
from storage import clients
from storage.keys import Keys


def cluster_key(settings: Settings) -> str:
    """Return a key of this bot's where its Redis is a cluster, by which its node is found; else empty."""
    return Keys(settings.redis_prefix).kinds if settings.redis_form == "cluster" else ""


def client_of(settings: Settings) -> Redis:
    """Return a patient client for a command. Nothing is called yet."""
    return clients.worker(settings.redis_url.get_secret_value(), cluster=cluster_key(settings))
