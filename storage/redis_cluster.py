"""A client for Redis Cluster that asks nobody until it is used, and then always the node that has this bot's keys.

All keys of a bot have one hash tag, so that they lie in one slot and each script works as on a single server. What is
asked of no key (INFO, TIME, PING, SCRIPT LOAD) goes to that slot's node too: redis-py's own choice is any node, whose
clock, memory and run ID are another server's.
"""

import threading
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from redis import RedisCluster
from redis import exceptions as redis
from redis.commands.core import Script

from storage.traced_redis import traced


class LazyCluster:
    """Stands where ``redis.Redis`` does: whatever is not here is the cluster client's own.

    Args:
        url: of any node, or of the cluster's configuration endpoint.
        key: one of the bot's, by which its node is found.
        options: for ``redis.RedisCluster``.
    """

    def __init__(self, url: str, key: str, **options: Any) -> None:
        self.url = _without_database(url)
        self._key = key
        self._options = options
        self._lock = threading.Lock()
        self._made: RedisCluster | None = None

    def __getattr__(self, name: str) -> Any:
        """Return a method of the client, which is connected now if it is not."""
        if name.startswith("_") or name == "connection_pool":
            raise AttributeError(name)
        return getattr(self._client(), name)

    def register_script(self, script: str) -> Script:
        """Return the script, sent to nobody yet."""
        return Script(self, script.encode())  # type: ignore[arg-type] # it calls evalsha and script_load

    def ping(self) -> Any:
        """Ask our node whether it is there."""
        return self._of_ours("PING")

    def info(self, section: str | None = None) -> Any:
        """Return what our node tells of itself."""
        return self._of_ours("INFO", *([section] if section else []))

    def time(self) -> Any:
        """Return our node's time: the one that due times are by."""
        return self._of_ours("TIME")

    def script_load(self, script: str) -> Any:
        """Have our node keep a script: the others never run it."""
        return self._of_ours("SCRIPT LOAD", script)

    def close(self) -> None:
        """Close what is open."""
        if self._made is not None:
            self._made.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ours(self) -> Any:
        """Return our node, to ask it what is asked of no key."""
        return _node(self._client(), self._key)

    def _of_ours(self, command: str, *arguments: Any) -> Any:
        client = self._client()
        return client.execute_command(command, *arguments, target_nodes=_node(client, self._key))  # type: ignore[no-untyped-call]

    def _client(self) -> RedisCluster:
        """Return the client.

        Raises:
            redis.ConnectionError: no node answers, or none is one of a cluster.
        """
        with self._lock:
            if self._made is None:
                try:
                    self._made = traced(RedisCluster.from_url(self.url, **self._options))
                except redis.RedisClusterException as error:
                    # In redis-py's family this is no RedisError, and nothing was sent.
                    raise redis.ConnectionError(f"Error connecting to the cluster: {error}") from error
            return self._made


def cluster_of(client: object) -> LazyCluster | None:
    """Return the client if it is one of a cluster."""
    return client if isinstance(client, LazyCluster) else None


def _node(client: RedisCluster, key: str) -> Any:
    return client.get_node_from_key(key)  # type: ignore[no-untyped-call] # redis-py leaves it without types


def _without_database(url: str) -> str:
    """Return the address without ``/0``: a cluster has no other database, and its client takes none."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=""))
