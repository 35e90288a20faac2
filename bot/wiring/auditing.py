"""What is kept in Redis, with the audit as the settings have it."""

from collections.abc import Callable

from redis import Redis

from bot.audit.chain import Chain
from bot.config import Settings
from bot.controller.schema import Reading
from bot.kinds import UNAUDITED
from storage.keys import Keys
from storage.stores import Stores


def chain_of(settings: Settings) -> Chain:
    """Return what makes the codes: under the operator's key, where there is one."""
    key = settings.audit_key
    return Chain(key.get_secret_value().strip().encode() if key else None)


def stores_of(settings: Settings, keys: Keys, reading: Reading) -> Callable[[Redis], Stores]:
    """Return what puts everything that is kept on a client: whatever is decided stands in the audit."""
    chain = chain_of(settings)
    return lambda client: Stores.on(client, keys, reading, chain=chain, unaudited=UNAUDITED)
