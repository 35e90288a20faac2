"""Every Redis key, what is in it and how long it lives.

All keys share one hash tag, so that every script touches one slot and runs on Redis Cluster, ElastiCache and MemoryDB
as on a single server. What they are, and how each ends: ``storage.key_families``.
"""

from bot.controller.model import Key

SCHEMA = 1
"""The version that each stored document carries under ``v``. A process leaves what it does not know alone."""

MINUTE = 60
DAY = 86_400

HORIZON = 5 * MINUTE
"""Seconds: no due time is ever further ahead and no lease longer, since the server's clock may be set back."""
SET_BACK = 10 * MINUTE
"""Seconds: a due time further ahead than this was written before the clock was set back, and counts as due."""
KEEP_DONE = 7 * DAY
"""Seconds that a finished resource is kept for whoever asks about it."""
KEEP_SEEN = DAY
"""Seconds that a delivery's key is kept. Slack repeats an event for at most an hour."""
KEEP_ARRIVED = 30 * DAY
"""Seconds that it is known that an event of a name arrived."""
KEEP_PERSON = 60 * MINUTE
"""Seconds that it is kept what somebody is: no longer than anybody believes it."""
KEEP_MEMBERS = 55
"""Seconds that it is kept who is in a conversation: with what a process remembers by itself, a minute."""
KEEP_EDITION = 2 * MINUTE
"""Seconds that it is kept that somebody came or left: longer than whatever was read before that is kept."""
KEEP_SOLE = DAY
"""Seconds that it is kept who last wrote under a word: far longer than anybody looks before they write."""
KEEP_OBSERVED = 7 * DAY
"""Seconds that an observation is kept after it was last seen. AWS can be asked again."""
KEEP_TOGETHER = DAY
"""Seconds that it is kept to whom the same happened: longer than it takes to tell it."""
KEEP_TRACE = 10 * MINUTE
"""Seconds that what somebody asked for is told as part of the same trace: later turns of it are traces of their own."""
KEEP_HEARTBEAT = 60 * MINUTE
"""Seconds after which a silent process is forgotten."""
KEEP_PACE = 60 * MINUTE
"""Seconds that the limiter remembers after the last question: longer than any wait for a turn."""
KEEP_CONVERSATION = 30 * DAY
"""Seconds that a conversation is kept after its last turn."""
KEEP_DETAILS = 400 * DAY
"""Seconds that the details of a message are kept after it last showed them: the card of a model is read for long."""
KEEP_ROSTER = 180
"""Seconds that it is kept who is in a user group: no longer than anybody believes it."""
KEEP_DETAILS_BRIEFLY = 7 * DAY
"""Seconds that the details of an answer are kept that one person alone sees: Slack shows it for less."""
KEEP_JUDGED = 400 * DAY
"""Seconds that it is kept what somebody thought of an answer and how long a job took: long enough to compare by."""
KEEP_LEDGER = 400 * DAY
"""Seconds that a spending is kept after it last changed: a year, and what is left of its month."""


class Keys:
    """The keys under one prefix. Each bot that shares a server has its own; each test, too."""

    def __init__(self, prefix: str = "tunesmith") -> None:
        # Redis Cluster hashes what is between the first braces: others within would put keys into other
        # slots.
        if not prefix or "{" in prefix or "}" in prefix:
            raise ValueError(f"A prefix is a word without braces, not {prefix!r}.")
        self.root = "{" + prefix + "}"

    @property
    def kinds(self) -> str:
        """The kinds of resources that were ever registered."""
        return f"{self.root}:kinds"

    def due(self, kind: str) -> str:
        """When each resource of the kind may be claimed."""
        return f"{self.root}:due:{kind}"

    @property
    def next(self) -> str:
        """When the first of each due set is due, at the earliest."""
        return f"{self.root}:next"

    def index(self, kind: str) -> str:
        """When each resource of the kind was registered."""
        return f"{self.root}:kind:{kind}"

    def resource(self, key: Key) -> str:
        """One resource."""
        return f"{self.root}:resource:{key.kind}:{key.id}"

    def sole(self, what: str) -> str:
        """The last change to something of which there may be only one."""
        return f"{self.root}:sole:{what}"

    def seen(self, delivery: str) -> str:
        """One delivery that was taken in."""
        return f"{self.root}:seen:{delivery}"

    @property
    def identity(self) -> str:
        """What this bot's store is known by."""
        return f"{self.root}:identity"

    def arrived(self, event: str) -> str:
        """That an event of that name arrived."""
        return f"{self.root}:arrived:{event}"

    def person(self, user: str) -> str:
        """What Slack said somebody is."""
        return f"{self.root}:person:{user}"

    def members(self, channel: str) -> str:
        """Who is in a conversation, as Slack said it."""
        return f"{self.root}:members:{channel}"

    def members_edition(self, channel: str) -> str:
        """The mark of the last time that somebody came there or left."""
        return f"{self.root}:members:{channel}:edition"

    @property
    def moves(self) -> str:
        """Which channels Slack gave another ID."""
        return f"{self.root}:moves"

    def roster(self, group: str) -> str:
        """Who Slack said is in a user group."""
        return f"{self.root}:roster:{group}"

    def observed(self, region: str, name: str) -> str:
        """What a region's listing last said of one name."""
        return f"{self.root}:observed:{region}:{name}"

    def together(self, word: str) -> str:
        """To whom the same happened in the same minutes."""
        return f"{self.root}:together:{word}"

    def trace(self, thing: str) -> str:
        """Within which span a resource was lately asked for."""
        return f"{self.root}:trace:{thing}"

    @property
    def heartbeats(self) -> str:
        """When each process was last at work."""
        return f"{self.root}:heartbeats"

    def document(self, collection: str, document_id: str) -> str:
        """One document of a collection."""
        return f"{self.root}:{collection}:doc:{document_id}"

    def documents(self, collection: str, tag: str) -> str:
        """The documents of a collection that carry a tag; every one carries ``all``."""
        return f"{self.root}:{collection}:by:{tag}"

    def dataset_senders(self) -> str:
        """Who brought datasets into which conversation, by when the newest of them came."""
        return f"{self.root}:datasets:senders"

    def conversation(self, channel: str, thread_ts: str) -> str:
        """What was said in a thread."""
        return f"{self.root}:conversation:{channel}:{thread_ts}"

    def conversation_model(self, channel: str, thread_ts: str) -> str:
        """The model that a thread talks to."""
        return f"{self.root}:conversation-model:{channel}:{thread_ts}"

    def conversation_root(self, channel: str, thread_ts: str) -> str:
        """That a thread begins with a question."""
        return f"{self.root}:conversation-root:{channel}:{thread_ts}"

    def details(self, place: str, details_id: str) -> str:
        """What a message in a channel, or to one person, holds back."""
        return f"{self.root}:details:{place}:{details_id}"

    def pace(self, method: str, part: str) -> str:
        """What the limiter keeps of a method: ``calls``, ``waiting``, ``expected``, ``held``, ``further:who``."""
        return f"{self.root}:limit:{method}:{part}"

    def spending(self, entry_id: str) -> str:
        """One line of the ledger."""
        return f"{self.root}:ledger:entry:{entry_id}"

    def spent_in(self, month: str, part: str) -> str:
        """What the ledger has of a month, ``2026-11``: ``entries``, ``sums``, ``answers``, ``raised`` or ``told``."""
        return f"{self.spent}{month}:{part}"

    @property
    def spent(self) -> str:
        """What the keys of all months begin with: which month an entry is in is known only in the script."""
        return f"{self.root}:ledger:month:"

    @property
    def audit(self) -> str:
        """What was decided, in order."""
        return f"{self.root}:audit"

    @property
    def audit_head(self) -> str:
        """Where that ends."""
        return f"{self.root}:audit-head"

    def self_test(self, nonce: str) -> str:
        """A scratch key for the start checks."""
        return f"{self.root}:self-test:{nonce}"
