"""What messages hold back, on Redis."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from redis import Redis

from bot.controller.damage import Damage
from bot.controller.schema import UNREADABLE, why
from storage.keys import KEEP_DETAILS, KEEP_DETAILS_BRIEFLY, SCHEMA, Keys
from storage.redis_documents import document_in
from storage.redis_errors import translated


class RedisDetails:
    """A ``Details`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None, damage: Damage | None = None) -> None:
        self._damage = damage or Damage()
        self._redis = client
        self._keys = keys or Keys()

    def keep(
        self, place: str, details_id: str, blocks: Sequence[Mapping[str, Any]], *, briefly: bool = False
    ) -> None:
        """Keep the blocks for a place, or keep them for longer."""
        text = json.dumps(
            {"v": SCHEMA, "blocks": list(blocks)}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
        with translated():
            self._redis.set(
                self._keys.details(place, details_id),
                text,
                ex=KEEP_DETAILS_BRIEFLY if briefly else KEEP_DETAILS,
            )

    def get(self, place: str, details_id: str) -> list[dict[str, Any]] | None:
        """Return the blocks, or None: they were kept for another place, or are kept no longer."""
        with translated():
            text = self._redis.get(self._keys.details(place, details_id))
        if text is None:
            return None
        try:
            blocks = [dict(each) for each in document_in(str(text), "blocks")]
        except UNREADABLE as wrong:
            self._damage.report("details", f"{place}:{details_id}", why(wrong))
            return None
        self._damage.mended("details", f"{place}:{details_id}")
        return blocks
