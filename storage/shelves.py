"""Everything that is kept in Redis, put on one client."""

from dataclasses import dataclass

from redis import Redis

from storage.keys import Keys
from storage.redis_conversations import RedisConversations
from storage.redis_datasets import RedisDatasets
from storage.redis_history import RedisHistory
from storage.redis_ledger import RedisLedger
from storage.redis_models import RedisModels
from storage.redis_observations import RedisObservations
from storage.redis_readers import RedisReaders
from storage.redis_seen import RedisHeartbeats, RedisInboundLog
from storage.redis_shares import RedisShares
from storage.redis_things import RedisThings


@dataclass(frozen=True, slots=True)
class Shelves:
    """Everything that is kept in Redis, on one client."""

    client: Redis
    things: RedisThings
    datasets: RedisDatasets
    models: RedisModels
    shares: RedisShares
    history: RedisHistory
    ledger: RedisLedger
    readers: RedisReaders
    conversations: RedisConversations
    observations: RedisObservations
    inbound: RedisInboundLog
    heartbeats: RedisHeartbeats

    @classmethod
    def on(cls, client: Redis, keys: Keys) -> "Shelves":
        """Return the shelves on a client."""
        return cls(
            client=client,
            things=RedisThings(client, keys),
            datasets=RedisDatasets(client, keys),
            models=RedisModels(client, keys),
            shares=RedisShares(client, keys),
            history=RedisHistory(client, keys),
            ledger=RedisLedger(client, keys),
            readers=RedisReaders(client, keys),
            conversations=RedisConversations(client, keys),
            observations=RedisObservations(client, keys),
            inbound=RedisInboundLog(client, keys),
            heartbeats=RedisHeartbeats(client, keys),
        )
