"""Pictures, as handlers ask for them."""

import hashlib

from bot.clock import Clock
from bot.controller.ports import ResourceStore
from bot.pictures.model import KIND, SCHEMA, Picture, wanted

__all__ = ["KIND", "PictureService"]


class PictureService:
    """Writes down which picture a person wants to see. What it shows was read for them by whoever made it."""

    def __init__(self, store: ResourceStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def send(self, picture: Picture, user: str, asked_in: str) -> bool:
        """Have it drawn and sent to the person directly. ``asked_in`` names the press, so that it is sent once.

        Return whether it was not asked for before.

        Raises:
            Unavailable: the store did not answer.
        """
        key = hashlib.sha256(f"{asked_in}:{user}".encode()).hexdigest()[:24]
        return self._store.register(SCHEMA.wanted(key, wanted(picture, user, self._clock.now())))
