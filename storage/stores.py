"""Everything that is kept in Redis, put on one client."""

from dataclasses import dataclass

from redis import Redis

from bot.audit.chain import Chain
from bot.controller.schema import Reading
from bot.models.model import AnswerSettings
from bot.questions.answerer import ChannelSettings
from storage import redis_settings
from storage.keys import Keys
from storage.redis_aliases import RedisAliases
from storage.redis_audit import RedisAudit
from storage.redis_conversations import RedisConversations
from storage.redis_datasets import RedisDatasets
from storage.redis_details import RedisDetails
from storage.redis_feedback import RedisFeedback
from storage.redis_history import RedisHistory
from storage.redis_inbox import RedisHeartbeats, RedisInbox
from storage.redis_ledger import RedisLedger
from storage.redis_memberships import RedisMembers, RedisMemberships
from storage.redis_models import RedisModels
from storage.redis_moves import RedisMoves
from storage.redis_observations import RedisObservations
from storage.redis_preferences import RedisPreferences
from storage.redis_resources import RedisResources
from storage.redis_rosters import RedisRosters
from storage.redis_settings import RedisSettings
from storage.redis_shares import RedisShares
from storage.redis_together import RedisTogether


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that is kept in Redis, on one client."""

    client: Redis
    audit: RedisAudit
    resources: RedisResources
    datasets: RedisDatasets
    models: RedisModels
    shares: RedisShares
    history: RedisHistory
    ledger: RedisLedger
    readers: RedisPreferences
    conversations: RedisConversations
    feedback: RedisFeedback
    answer_settings: RedisSettings[AnswerSettings]
    aliases: RedisAliases
    channel_settings: RedisSettings[ChannelSettings]
    details: RedisDetails
    observations: RedisObservations
    together: RedisTogether
    inbound: RedisInbox
    memberships: RedisMemberships
    members: RedisMembers
    moves: RedisMoves
    rosters: RedisRosters
    heartbeats: RedisHeartbeats

    @classmethod
    def on(
        cls,
        client: Redis,
        keys: Keys,
        reading: Reading | None = None,
        *,
        chain: Chain | None = None,
        unaudited: frozenset[str] = frozenset(),
    ) -> "Stores":
        """Return the stores on a client; ``reading`` knows the kinds, and hears of what cannot be read.

        ``chain`` makes the codes of what stands in the audit, where nothing is of the kinds in ``unaudited``.
        """
        audit = RedisAudit(client, keys, chain or Chain(), unaudited)
        reading = reading or Reading()
        damage = reading.damage
        return cls(
            client=client,
            audit=audit,
            resources=RedisResources(client, keys, reading=reading, audit=audit),
            datasets=RedisDatasets(client, keys, damage),
            models=RedisModels(client, keys, damage, audit),
            shares=RedisShares(client, keys, damage, audit),
            history=RedisHistory(client, keys, damage),
            ledger=RedisLedger(client, keys, damage, audit),
            readers=RedisPreferences(client, keys, damage),
            conversations=RedisConversations(client, keys, damage),
            feedback=RedisFeedback(client, keys, damage),
            answer_settings=redis_settings.answer_settings(client, keys, damage, audit),
            aliases=RedisAliases(client, keys, damage, audit),
            channel_settings=redis_settings.channel_settings(client, keys, damage, audit),
            details=RedisDetails(client, keys, damage),
            observations=RedisObservations(client, keys),
            together=RedisTogether(client, keys),
            inbound=RedisInbox(client, keys),
            memberships=RedisMemberships(client, keys),
            members=RedisMembers(client, keys),
            moves=RedisMoves(client, keys),
            rosters=RedisRosters(client, keys),
            heartbeats=RedisHeartbeats(client, keys),
        )
