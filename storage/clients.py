"""How Redis is reached: two clients, since a person waits for one of them and nobody for the other.

redis-py's own defaults hold a caller for 57 s when the server hangs. Measured with redis-py 8.1: ``interactive``
fails after 0.03 s when the server is gone, and when it hangs after 1 s on an open connection and 2 s on a new one;
``worker`` within 7 s on an open one: well inside a 30 s lease.
"""

from typing import Any, cast

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from storage.redis_cluster import LazyCluster
from storage.traced_redis import traced


def interactive(url: str, cluster: str = "") -> Redis:
    """Return a client for handlers: Slack waits three seconds for them.

    ``cluster`` is a key of the bot's where the address is of a Redis Cluster; empty: of a single server.
    """
    return _client(url, cluster, connect=0.3, read=0.5, retries=1)


def worker(url: str, connections: int = 64, cluster: str = "") -> Redis:
    """Return a client for the loop. ``connections`` must be more than its threads; ``cluster`` as above."""
    return _client(url, cluster, connect=2.0, read=2.0, retries=2, connections=connections)


def _client(
    url: str, cluster: str, *, connect: float, read: float, retries: int, connections: int = 64
) -> Redis:
    """Return a client whose replies are text. ``rediss://`` URLs check the server's certificate."""
    options: dict[str, Any] = {
        "decode_responses": True,
        "socket_connect_timeout": connect,
        "socket_timeout": read,
        # With chance in it, or all threads that lost the same server would try again in one moment.
        "retry": Retry(ExponentialWithJitterBackoff(base=0.01, cap=0.2), retries),
        # redis-py's pool does not wait when all are taken, it raises: so there are more than threads.
        "max_connections": connections,
        # A connection that a firewall has dropped without a word is found by a ping, and not by the command after it.
        "health_check_interval": 30,
        "client_name": "tunesmith",
    }
    if not cluster:
        return cast("Redis", traced(Redis.from_url(url, **options)))
    # One slot is all that a bot has: a hole elsewhere in the cluster is no matter of ours.
    return cast("Redis", LazyCluster(url, cluster, require_full_coverage=False, **options))
