"""The workspace that all parts share, and the questions that all parts ask it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.playground.slack import seed
from bot.playground.slack.faults import Faults
from bot.playground.slack.feed import Feed
from bot.playground.slack.log import Log
from bot.playground.slack.manifest import Manifest
from bot.playground.slack.state import Channel, Json, Message, StoredFile, User
from bot.playground.slack.store import Store

if TYPE_CHECKING:
    from bot.playground.slack.sessions import Session


@dataclass(frozen=True)
class Unconfirmed:
    """Limits that no source settles (marked so in Slack's threads); a caller may set others."""

    stream_lifetime: float = 300.0
    """Seconds from startStream until Slack closes a stream by itself: python-slack-sdk#1859."""
    stream_chars: int = 12_000
    """Characters that one streamed message may hold: CopilotKit#6064 measured 11,977."""
    metadata_bytes: int = 8_000
    """Size of a message's metadata as JSON; Slack documents only the error."""
    mention_with_file: bool = True
    """Whether app_mention is sent for a message with a file: bolt-python#925 says no, two others yes."""


@dataclass
class Trigger:
    """A ``trigger_id``: who did something, and until when (seconds since the epoch) a view may be opened for it."""

    user: str
    expires_at: float
    in_view: bool = False
    used: bool = False


@dataclass
class Workspace:
    """Everything behind the front doors. Its rows are read and changed under ``store.lock``."""

    store: Store
    clock: Clock
    feed: Feed
    log: Log
    manifest: Manifest
    faults: Faults
    limits: Unconfirmed
    signing_secret: str
    emit: Callable[[Json], None] = lambda _event: None
    later: Callable[[float, Callable[[], None]], None] = lambda _when, _job: None
    base_url: str = ""
    last_micros: int = 0
    statuses: dict[tuple[str, str], Json] = field(default_factory=dict)
    sessions: dict[tuple[str, str], "Session"] = field(default_factory=dict)
    prompts: dict[str, Json] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    time_zone: str = "Europe/London"
    """Where everybody is."""

    def now(self) -> float:
        """Return the time in seconds since the epoch."""
        return self.clock.now().timestamp()

    def next_ts(self) -> str:
        """Return a message timestamp later than every other."""
        self.last_micros = max(int(self.now() * 1_000_000), self.last_micros + 1)
        return f"{self.last_micros // 1_000_000}.{self.last_micros % 1_000_000:06d}"

    def bot(self) -> User:
        """Return the app's bot user."""
        return self.user(seed.BOT_USER_ID)

    def user(self, user_id: str) -> User:
        """Return a user.

        Raises:
            KeyError: there is none of that ID.
        """
        user = self.store.users.get(user_id)
        if user is None:
            raise KeyError(user_id)
        return user

    def channel(self, channel_id: str) -> Channel:
        """Return a channel.

        Raises:
            KeyError: there is none of that ID.
        """
        channel = self.store.channels.get(channel_id)
        if channel is None:
            raise KeyError(channel_id)
        return channel

    def find_channel(self, name_or_id: str) -> Channel | None:
        """Return a channel by its ID or by its name, with or without ``#``."""
        found = self.store.channels.get(name_or_id)
        if found is not None:
            return found
        name = name_or_id.removeprefix("#")
        return next((c for c in self.store.channels.values() if c.kind == "channel" and c.name == name), None)

    def im_with(self, one: str, other: str) -> Channel | None:
        """Return the direct messages between two users, if opened."""
        wanted = sorted((one, other))
        ims = (c for c in self.store.channels.values() if c.kind == "im")
        return next((c for c in ims if sorted(c.members) == wanted), None)

    def open_im(self, one: str, other: str) -> Channel:
        """Return the direct messages between two users, opening them when needed."""
        found = self.im_with(one, other)
        if found is not None:
            return found
        created = int(self.now())
        channel_id = self.store.next_id("D0")
        channel = Channel(
            id=channel_id, name="", kind="im", private=True, members=[one, other], created=created
        )
        self.store.channels.put(channel)
        self.feed.add("channel", channel=channel.id)
        return channel

    def is_shared(self, channel: Channel) -> bool:
        """Whether people of another workspace are in a channel, by Slack Connect."""
        people = (self.store.users.get(member) for member in channel.members)
        return any(each is not None and each.standing == "partner" for each in people)

    def message(self, channel: str, ts: str) -> Message | None:
        """Return a message that exists; a deleted parent of a thread does not."""
        found = self.store.messages.get(f"{channel}:{ts}")
        return None if found is None or found.tombstone else found

    def messages(self, channel: str) -> list[Message]:
        """Return a channel's messages, replies and ephemeral ones included, oldest first."""
        return sorted(self.store.messages.of_channel(channel), key=lambda message: message.ts)

    def replies(self, channel: str, ts: str) -> list[Message]:
        """Return what was said below a message, oldest first, ephemeral messages excluded."""
        return [
            m for m in self.messages(channel) if m.is_reply and m.thread_ts == ts and m.ephemeral_to is None
        ]

    def is_streaming(self, message: Message) -> bool:
        """Whether a stream is still open: not stopped, and not older than Slack lets it live."""
        stream = message.stream
        if stream is None or stream.state != "open":
            return False
        return self.now() - stream.started_at < self.limits.stream_lifetime

    def sees_channel(self, user_id: str, channel: Channel) -> bool:
        """Whether a user may read a channel: one who is in it, or a member of the workspace when it is public."""
        if user_id in channel.members:
            return True
        user = self.user(user_id)
        return not channel.private and not user.is_bot and user.standing == "member"

    def file_channels(self, file: StoredFile) -> list[Channel]:
        """Return the channels into which a file was shared."""
        found = (self.store.channels.get(channel_id) for channel_id in file.shares)
        return [channel for channel in found if channel is not None]

    def sees_file(self, user_id: str, file: StoredFile) -> bool:
        """Whether a user may read a file: its owner, or one who reads a channel that it is in, or a message with it.

        A picture within a message (``slack_file``) is shared nowhere: whoever posts it needs access to it, and whoever
        reads the message sees it (docs.slack.dev, "Slack file object").
        """
        if file.user == user_id or (file.given_to_app and self.user(user_id).is_bot):
            return True
        if any(self.sees_channel(user_id, channel) for channel in self.file_channels(file)):
            return True
        if file.canvas:
            channels = [channel for each in file.readers if (channel := self.store.channels.get(each))]
            return user_id in file.readers or any(self.sees_channel(user_id, each) for each in channels)
        return any(
            self.sees_channel(user_id, channel)
            for channel in self.store.channels.values()
            if any(_shows(message, file.id, user_id) for message in self.messages(channel.id))
        )


def _shows(message: Message, file_id: str, user_id: str) -> bool:
    """Whether a message has that file as a picture, for that person."""
    if message.ephemeral_to not in {None, user_id} or message.tombstone:
        return False
    return any(block.get("slack_file", {}).get("id") == file_id for block in message.blocks)
