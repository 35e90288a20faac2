"""Whether Redis is a cluster, as the clients need to know it."""

from bot.config import Settings
from storage.keys import Keys


def cluster_key(settings: Settings) -> str:
    """Return a key of this bot's where its Redis is a cluster, by which its node is found; else empty."""
    return Keys(settings.redis_prefix).kinds if settings.redis_form == "cluster" else ""
