"""What the store says for Prometheus: how much waits, what runs by the hour, who is at work."""

from collections.abc import Iterator, Sequence

from bot import metrics
from bot.kinds import KINDS
from bot.leases.figures import running
from bot.monitoring import Figure
from bot.pricing.book import PriceBook
from storage.keys import Keys
from storage.redis_backlog import RedisBacklog
from storage.stores import Stores

AT_WORK = 60.0
"""Seconds since its last heartbeat for which a process counts as at work: it beats every five."""


def figures(
    stores: Stores, keys: Keys, prices: PriceBook, kinds: Sequence[str] = tuple(KINDS)
) -> Iterator[Figure]:
    """Yield all of them.

    Raises:
        Unavailable: Redis did not answer.
    """
    for kind, due in RedisBacklog(stores.client, keys).due(kinds).items():
        yield Figure(metrics.QUEUE_DUE, due.count, (kind,))
        yield Figure(metrics.QUEUE_AGE, due.oldest, (kind,))
    leases = running(stores.resources, prices)
    yield Figure(metrics.LEASE_DOLLARS, float(leases.usd_an_hour))
    yield Figure(metrics.LEASES_UNPRICED, leases.unpriced)
    yield Figure(metrics.DEADLINES_MISSED, leases.overdue)
    beats = stores.heartbeats.last().values()
    yield Figure(metrics.PROCESSES, sum(1 for since in beats if since <= AT_WORK))
