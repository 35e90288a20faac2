"""What a workspace consists of: plain rows, each stored as JSON under its key."""

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Json: TypeAlias = dict[str, Any]
Standing: TypeAlias = Literal["member", "guest", "partner"]
Role: TypeAlias = Literal["trainer", "approver", "asker"]
StreamState: TypeAlias = Literal["open", "stopped", "stopped_by_user"]


class Row(BaseModel):
    """One stored thing. A row is changed under the store's lock and then put back."""

    model_config = ConfigDict(extra="forbid")


class User(Row):
    """A person in the workspace's channels, or the app's bot user.

    A guest belongs to some channels alone, a partner to a workspace that shares a channel.
    """

    id: str
    name: str
    real_name: str
    role: Role | None = None
    standing: Standing = "member"
    is_bot: bool = False
    deactivated: bool = False
    color: str = "4a6fa5"
    email: str = ""


class Channel(Row):
    """A public or private channel, or the direct messages of two users."""

    id: str
    name: str
    kind: Literal["channel", "im"] = "channel"
    private: bool = False
    topic: str = ""
    members: list[str] = Field(default_factory=list)
    archived: bool = False
    created: int = 0
    last_read: dict[str, str] = Field(default_factory=dict)

    @property
    def type(self) -> Literal["channel", "group", "im"]:
        """What events call it in ``channel_type``."""
        if self.kind == "im":
            return "im"
        return "group" if self.private else "channel"


class Group(Row):
    """A user group: people who can be mentioned, and given a role, by one handle."""

    id: str
    handle: str
    name: str
    members: list[str] = Field(default_factory=list)
    disabled: bool = False


class Stream(Row):
    """The life of a message that is (or was) streamed. Times are seconds since the epoch."""

    started_at: float
    state: StreamState = "open"
    chars: int = 0
    recipient: str | None = None
    parts: list[Json] = Field(default_factory=list)


class Message(Row):
    """A message, ephemeral ones included (``ephemeral_to``)."""

    channel: str
    ts: str
    user: str
    by_app: bool = False
    text: str = ""
    blocks: list[Json] = Field(default_factory=list)
    earlier: list[Json] = Field(default_factory=list)
    """Blocks with buttons that it no longer shows, newest first: somebody may still be looking at them."""
    attachments: list[Json] = Field(default_factory=list)
    files: list[str] = Field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    username: str | None = None
    icons: Json | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = Field(default_factory=dict)
    client_msg_id: str | None = None
    ephemeral_to: str | None = None
    stream: Stream | None = None
    tombstone: bool = False
    pinned: bool = False

    @property
    def is_reply(self) -> bool:
        """Whether it lives in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


class StoredFile(Row):
    """A file's facts; its bytes are kept by the blob store under its ID."""

    id: str
    name: str
    title: str
    user: str
    size: int
    created: int
    uploaded: bool = False
    completed: bool = False
    deleted: bool = False
    snippet_type: str | None = None
    alt_text: str | None = None
    given_to_app: bool = False
    canvas: bool = False
    """Its bytes are a canvas's Markdown."""
    readers: list[str] = Field(default_factory=list)
    """Channels and people that a canvas is open to, beside its owner."""
    shares: dict[str, list[Json]] = Field(default_factory=dict)


class View(Row):
    """An open modal, or a person's App Home."""

    id: str
    user: str
    body: Json
    earlier: list[Json] = Field(default_factory=list)
    """As ``Message.earlier``."""
    hash: str
    root: str
    previous: str | None = None
    closed: bool = False


class ResponseUrl(Row):
    """Where an app may answer an interaction: five times within thirty minutes."""

    id: str
    user: str
    channel: str
    message_ts: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    created_at: float
    uses: int = 0


class PendingEvent(Row):
    """An event that no delivery of has been acknowledged yet, with the attempts made so far."""

    id: str
    payload: Json
    attempt: int = 0
    reason: str = ""
    due_at: float = 0.0


class Counter(Row):
    """The last number given out for a kind of ID."""

    id: str
    value: int = 0
