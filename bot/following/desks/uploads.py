"""Files that were shared in Slack, as handlers hand them in."""

from bot.clock import Clock
from bot.datasets.model import Role
from bot.following.kinds.upload_record import UploadSpec, dump, key_of
from bot.following.model import Registration
from bot.following.ports import ThingStore


class UploadDesk:
    """Takes files. The verdict comes in Slack; nothing is waited for here."""

    def __init__(self, store: ThingStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def receive(
        self,
        *,
        file_id: str,
        channel: str,
        thread_ts: str | None,
        user: str,
        profile: str | None = None,
        role: Role = Role.TRAINING,
        asked_in: str = "",
    ) -> None:
        """Have the file judged, and the verdict told in the thread, or without one in a message of its own.

        The same file, place, base model, role and ``asked_in`` (the ID of the command or press; empty for a file
        that was dropped) is judged once, so that a repeated delivery changes nothing. ``profile`` None is the default
        base model.

        Raises:
            Unavailable: the store did not answer; nothing was written down.
        """
        spec = UploadSpec(file_id, channel, thread_ts, user, profile, role, asked_in, self._clock.now())
        self._store.register(Registration(key_of(spec), dump(spec)))
