"""Every Redis key, what is in it and how long it lives.

All keys share one hash tag, so that every script touches one slot and runs on Redis Cluster, ElastiCache and MemoryDB
as on a single server. The table in the documentation is made from ``ROWS``.
"""

from dataclasses import dataclass

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
KEEP_HEARTBEAT = 60 * MINUTE
"""Seconds after which a silent process is forgotten."""
KEEP_PACE = 60 * MINUTE
"""Seconds that the limiter remembers after the last question: longer than any wait for a turn."""
KEEP_CONVERSATION = 30 * DAY
"""Seconds that a conversation is kept after its last turn."""
KEEP_DETAILS = 400 * DAY
"""Seconds that the details of a message are kept after it last showed them: the card of a model is read for long."""
KEEP_DETAILS_BRIEFLY = 7 * DAY
"""Seconds that the details of an answer are kept that one person alone sees: Slack shows it for less."""
KEEP_LEDGER = 400 * DAY
"""Seconds that a spending is kept after it last changed: a year, and what is left of its month."""


@dataclass(frozen=True, slots=True)
class Row:
    """One pattern of keys, for the documentation. ``ttl`` is in words."""

    name: str
    pattern: str
    type: str
    ttl: str
    holds: str


ROWS: tuple[Row, ...] = (
    Row("kinds", "{prefix}:kinds", "set", "none", "the kinds of resources that were ever registered"),
    Row(
        "due",
        "{prefix}:due:<kind>",
        "sorted set",
        "none",
        "ID -> ms since the epoch from which the resource may be claimed; while it is leased, when the lease ends",
    ),
    Row(
        "next",
        "{prefix}:next",
        "sorted set",
        "none",
        "a due set -> ms since the epoch before which nothing in it is due; a hint, checked every few seconds",
    ),
    Row(
        "index",
        "{prefix}:kind:<kind>",
        "sorted set",
        "none; entries go after their resource",
        "ID -> µs since the epoch when the resource was registered",
    ),
    Row(
        "resource",
        "{prefix}:resource:<kind>:<id>",
        "hash",
        "none; 7 days once done",
        "v, spec (JSON), generation, spec_token; status (JSON), resource_version, holder, token of last commit, "
        "lease (ms), enqueued; done",
    ),
    Row(
        "sole",
        "{prefix}:sole:<what>",
        "string",
        "1 day",
        "which change was the last to something of which there may be only one: whoever looked before it looks again",
    ),
    Row("seen", "{prefix}:seen:<delivery>", "string", "1 day", "an event, view or trigger that was taken in"),
    Row("identity", "{prefix}:identity", "string", "none", "a random word that this Redis is known by"),
    Row(
        "arrived",
        "{prefix}:arrived:<event>",
        "string",
        "30 days",
        "that such an event arrived; when it did is told by what is left of the 30 days",
    ),
    Row("person", "{prefix}:person:<user>", "string", "1 hour", "what Slack said somebody is, and when"),
    Row(
        "members",
        "{prefix}:members:<channel>",
        "string",
        "55 seconds",
        "who is in a conversation, as Slack said it, and when (JSON)",
    ),
    Row(
        "members_edition",
        "{prefix}:members:<channel>:edition",
        "string",
        "2 minutes",
        "a mark of its own each time that somebody comes or leaves: what was read before it is not believed",
    ),
    Row(
        "observed", "{prefix}:observed:<region>:<name>", "string", "7 days", "what a listing last said (JSON)"
    ),
    Row(
        "heartbeats",
        "{prefix}:heartbeats",
        "sorted set",
        "entries 1 hour",
        "process -> ms since the epoch when it was last at work",
    ),
    Row(
        "document",
        "{prefix}:<collection>:doc:<id>",
        "string",
        "none",
        "a dataset, a custom model, its alias, how it answers, what somebody thinks of an answer of it, how a channel "
        "is answered, or how long a finished job took (JSON)",
    ),
    Row(
        "documents",
        "{prefix}:<collection>:by:<tag>",
        "sorted set",
        "none",
        "ID -> s since the epoch: all of a collection, or those of one name or channel",
    ),
    Row(
        "conversation",
        "{prefix}:conversation:<channel>:<thread>",
        "list",
        "30 days after the last turn",
        "the last questions of a thread, each with its turns (JSON)",
    ),
    Row(
        "conversation model",
        "{prefix}:conversation-model:<channel>:<thread>",
        "string",
        "30 days after the last turn",
        "the model that the thread talks to",
    ),
    Row(
        "conversation root",
        "{prefix}:conversation-root:<channel>:<thread>",
        "string",
        "30 days after the last question",
        "that the thread begins with a question, so that replies in it are questions too",
    ),
    Row(
        "details",
        "{prefix}:details:<place>:<details>",
        "string",
        "400 days after it was last shown; 7 days where one person alone sees it",
        "what a message in that channel, or to that person, holds back (JSON)",
    ),
    Row(
        "calls",
        "{prefix}:limit:<method>:calls",
        "sorted set",
        "1 hour",
        "a call to Slack, or `tokens:who` of a model's minute -> ms since the epoch, as far as the limit looks back",
    ),
    Row(
        "waiting",
        "{prefix}:limit:<method>:waiting",
        "sorted set",
        "1 hour",
        "who waits for a turn -> ms since the epoch since when",
    ),
    Row(
        "expected",
        "{prefix}:limit:<method>:expected",
        "sorted set",
        "1 hour",
        "who waits for a turn -> ms since the epoch when they are to ask again",
    ),
    Row(
        "held",
        "{prefix}:limit:<method>:held",
        "string",
        "10 minutes at most",
        "ms since the epoch until which Slack asked for quiet",
    ),
    Row(
        "spending",
        "{prefix}:ledger:entry:<kind>:<id>",
        "hash",
        "400 days",
        "v, month, owner, channel, others, edition, state, committed and actual ($), counts (millionths of $), at, "
        "doc (JSON); of an answer also tokens_in, tokens_out, of_base",
    ),
    Row(
        "spendings",
        "{prefix}:ledger:month:<month>:entries",
        "sorted set",
        "400 days",
        "a spending of that month -> s since the epoch when it was reserved",
    ),
    Row(
        "sums",
        "{prefix}:ledger:month:<month>:sums",
        "hash",
        "400 days",
        "`all`, a channel or a person -> millionths of $ that count in budgets in that month",
    ),
    Row(
        "answers",
        "{prefix}:ledger:month:<month>:answers",
        "hash",
        "400 days",
        "answers, tokens_in, tokens_out, usd and of_base (millionths of $), unpriced, last (s since the epoch), each "
        "with person, channel, base and model -> that number, of the questions of that month",
    ),
    Row(
        "told of budgets",
        "{prefix}:ledger:month:<month>:told",
        "set",
        "400 days",
        "the budgets of which approvers were told in that month, with the per cent that were used",
    ),
    Row(
        "audit",
        "{prefix}:audit",
        "stream",
        "none; the newest 10,000 entries and what is not published",
        "number -> text (JSON: n, at, what, kind, about, actor, channel, why, result), code, key; no question, "
        "no file",
    ),
    Row("audit's head", "{prefix}:audit-head", "hash", "none", "number and code of the last entry"),
    Row(
        "self-test",
        "{prefix}:self-test:<random>",
        "string",
        "1 minute",
        "proof that scripts run and may write",
    ),
)


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

    def observed(self, region: str, name: str) -> str:
        """What a region's listing last said of one name."""
        return f"{self.root}:observed:{region}:{name}"

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
        """What the limiter keeps of a method of Slack's: ``calls``, ``waiting``, ``expected`` or ``held``."""
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


def table() -> str:
    """Return the keys as a Markdown table for the documentation."""
    lines = ["| key | type | lives | holds |", "|---|---|---|---|"]
    lines += [f"| `{row.pattern}` | {row.type} | {row.ttl} | {row.holds} |" for row in ROWS]
    return "\n".join(lines) + "\n"
