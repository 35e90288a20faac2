"""Everything that is kept in Redis, put on one client."""

from dataclasses import dataclass

from redis import Redis

from bot.controller.schema import Reading
from storage.keys import Keys
from storage.redis_aliases import RedisAliases
from storage.redis_answer_settings import RedisAnswerSettings
from storage.redis_channel_settings import RedisChannelSettings
from storage.redis_conversations import RedisConversations
from storage.redis_datasets import RedisDatasets
from storage.redis_details import RedisDetails
from storage.redis_feedback import RedisFeedback
from storage.redis_history import RedisHistory
from storage.redis_inbox import RedisHeartbeats, RedisInbox
from storage.redis_ledger import RedisLedger
from storage.redis_models import RedisModels
from storage.redis_observations import RedisObservations
from storage.redis_preferences import RedisPreferences
from storage.redis_resources import RedisResources
from storage.redis_shares import RedisShares


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that is kept in Redis, on one client."""

    client: Redis
    resources: RedisResources
    datasets: RedisDatasets
    models: RedisModels
    shares: RedisShares
    history: RedisHistory
    ledger: RedisLedger
    readers: RedisPreferences
    conversations: RedisConversations
    feedback: RedisFeedback
    answer_settings: RedisAnswerSettings
    aliases: RedisAliases
    channel_settings: RedisChannelSettings
    details: RedisDetails
    observations: RedisObservations
    inbound: RedisInbox
    heartbeats: RedisHeartbeats

    @classmethod
    def on(cls, client: Redis, keys: Keys, reading: Reading | None = None) -> "Stores":
        """Return the shelves on a client; ``reading`` knows the kinds, and hears of what cannot be read."""
        reading = reading or Reading()
        damage = reading.damage
        return cls(
            client=client,
            resources=RedisResources(client, keys, reading=reading),
            datasets=RedisDatasets(client, keys, damage),
            models=RedisModels(client, keys, damage),
            shares=RedisShares(client, keys, damage),
            history=RedisHistory(client, keys, damage),
            ledger=RedisLedger(client, keys, damage),
            readers=RedisPreferences(client, keys, damage),
            conversations=RedisConversations(client, keys, damage),
            feedback=RedisFeedback(client, keys, damage),
            answer_settings=RedisAnswerSettings(client, keys, damage),
            aliases=RedisAliases(client, keys, damage),
            channel_settings=RedisChannelSettings(client, keys, damage),
            details=RedisDetails(client, keys, damage),
            observations=RedisObservations(client, keys),
            inbound=RedisInbox(client, keys),
            heartbeats=RedisHeartbeats(client, keys),
        )
