"""What every Redis key is, and how it ends: nothing that grows with what people do is kept for ever by oversight.

The table in the documentation is made from ``ROWS``; which keys may be there without a time to live is read off the
same rows (``without_end``), by the tests of every door and by the soak.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from redis import Redis

from storage.keys import DAY, KEEP_JUDGED, Keys

PAGE = 500
"""Keys that are looked at in one round trip."""


class Ends(StrEnum):
    """How keys of a family come to an end."""

    BY_ITSELF = "each has a time to live"
    BOUNDED = "there are few, and what is in them is bounded or goes with what it is about"
    WITH_ITS_WORK = "none while its resource is followed; then it has a time to live"
    KEPT = "people made it or said it, and count on it; the index of its collection has it"


@dataclass(frozen=True, slots=True)
class Row:
    """One family of keys. ``ttl`` is in words, for the documentation."""

    name: str
    pattern: str
    type: str
    ttl: str
    holds: str
    ends: Ends = Ends.BY_ITSELF


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents of one kind. ``keep`` is for how many seconds each is kept; None: it stays."""

    holds: str
    keep: int | None = None


COLLECTIONS: dict[str, Collection] = {
    "datasets": Collection("a dataset"),
    "models": Collection("a custom model"),
    "model-labels": Collection("what a custom model is called here"),
    "aliases": Collection("a name that stands for a model"),
    "shares": Collection("where a model or dataset is shared"),
    "answer-settings": Collection("how a model answers"),
    "channel-settings": Collection("how a channel is answered"),
    "readers": Collection("when somebody wants no messages"),
    "answer-votes": Collection("what somebody thinks of an answer", KEEP_JUDGED),
    "runs": Collection("how long a finished job took", KEEP_JUDGED),
}
"""Every collection of documents, by its word in the keys."""


def _documents() -> Iterator[Row]:
    for name, each in COLLECTIONS.items():
        lives = "none; what people made or said" if each.keep is None else f"{each.keep // DAY} days"
        ends = Ends.KEPT if each.keep is None else Ends.BY_ITSELF
        holds = "ID -> s since the epoch: all of the collection, or those of one name, base or channel"
        yield Row(name, f"{{prefix}}:{name}:doc:<id>", "string", lives, f"{each.holds} (JSON)", ends)
        end_of_index = Ends.BOUNDED if each.keep is None else Ends.BY_ITSELF
        lives = "none; entries go with their documents" if each.keep is None else lives
        yield Row(f"{name} by tag", f"{{prefix}}:{name}:by:<tag>", "sorted set", lives, holds, end_of_index)


ROWS: tuple[Row, ...] = (
    Row(
        "kinds",
        "{prefix}:kinds",
        "set",
        "none; one a bot",
        "the kinds of resources that were ever registered",
        Ends.BOUNDED,
    ),
    Row(
        "due",
        "{prefix}:due:<kind>",
        "sorted set",
        "none; one a kind, entries go when they are done",
        "ID -> ms since the epoch from which the resource may be claimed; while it is leased, when the lease ends",
        Ends.BOUNDED,
    ),
    Row(
        "next",
        "{prefix}:next",
        "sorted set",
        "none; one a bot",
        "a due set -> ms since the epoch before which nothing in it is due; a hint, checked every few seconds",
        Ends.BOUNDED,
    ),
    Row(
        "index",
        "{prefix}:kind:<kind>",
        "sorted set",
        "none; one a kind, entries go after their resource",
        "ID -> µs since the epoch when the resource was registered",
        Ends.BOUNDED,
    ),
    Row(
        "resource",
        "{prefix}:resource:<kind>:<id>",
        "hash",
        "none while it is followed; 7 days once done",
        "v, spec (JSON), generation, spec_token, registered (a token); status (JSON), resource_version, holder, token "
        "of last commit, lease (ms), enqueued; done",
        Ends.WITH_ITS_WORK,
    ),
    Row(
        "sole",
        "{prefix}:sole:<what>",
        "string",
        "1 day",
        "which change was the last to something of which there may be only one: whoever looked before it looks again",
    ),
    Row("seen", "{prefix}:seen:<delivery>", "string", "1 day", "an event, view or trigger that was taken in"),
    Row(
        "identity",
        "{prefix}:identity",
        "string",
        "none; one a bot",
        "a random word that this Redis is known by",
        Ends.BOUNDED,
    ),
    Row(
        "arrived",
        "{prefix}:arrived:<event>",
        "string",
        "30 days",
        "that such an event arrived; when it did is told by what is left of the 30 days",
    ),
    Row(
        "moves",
        "{prefix}:moves",
        "hash",
        "none; one a bot, 1,000 channels at most",
        "an ID that Slack gave a channel -> the one that it had before",
        Ends.BOUNDED,
    ),
    Row(
        "roster",
        "{prefix}:roster:<group>",
        "string",
        "3 minutes",
        "who Slack said is in a user group that a role names, and when (JSON)",
    ),
    Row("person", "{prefix}:person:<user>", "string", "1 hour", "what Slack said somebody is, and when"),
    Row(
        "members_edition",
        "{prefix}:members:<channel>:edition",
        "string",
        "2 minutes",
        "a mark of its own each time that somebody comes or leaves: what was read before it is not believed",
    ),
    Row(
        "members",
        "{prefix}:members:<channel>",
        "string",
        "55 seconds",
        "who is in a conversation, as Slack said it, and when (JSON)",
    ),
    Row(
        "observed", "{prefix}:observed:<region>:<name>", "string", "7 days", "what a listing last said (JSON)"
    ),
    Row(
        "together",
        "{prefix}:together:<word>",
        "sorted set",
        "1 day",
        "jobs of one person in one channel that stopped moving in the same minutes -> which of them it is, from 0",
    ),
    Row(
        "trace",
        "{prefix}:trace:<kind>:<id>",
        "string",
        "10 minutes",
        "within which OpenTelemetry span a resource was last asked for (a W3C traceparent); only while spans are sent",
    ),
    Row(
        "heartbeats",
        "{prefix}:heartbeats",
        "sorted set",
        "none; one a bot, entries 1 hour",
        "process -> ms since the epoch when it was last at work",
        Ends.BOUNDED,
    ),
    *_documents(),
    Row(
        "dataset senders",
        "{prefix}:datasets:senders",
        "sorted set",
        "none; one a bot, an entry a sender and conversation",
        "[conversation, person] (JSON) -> s since the epoch when their newest dataset came; `complete` -> that of the "
        "newest up to which all are in",
        Ends.BOUNDED,
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
        "further",
        "{prefix}:limit:<method>:further:<who>",
        "string",
        "30 seconds",
        "how many more reads go on with the turn that somebody had",
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
        "raised budgets",
        "{prefix}:ledger:month:<month>:raised",
        "sorted set",
        "400 days",
        "a budget, and what it was set to -> millionths of $ that it was raised to for that month",
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
        Ends.BOUNDED,
    ),
    Row(
        "audit's head",
        "{prefix}:audit-head",
        "hash",
        "none; one a bot",
        "number and code of the last entry",
        Ends.BOUNDED,
    ),
    Row(
        "self-test",
        "{prefix}:self-test:<random>",
        "string",
        "1 minute",
        "proof that scripts run and may write",
    ),
)
"""All of them; a key is of the first family that it looks like."""


@dataclass(frozen=True, slots=True)
class Endless:
    """A key that has no end although its family says that it has one. ``family`` is empty for one of no family."""

    key: str
    family: str


def family_of(key: str, keys: Keys) -> Row | None:
    """Return the row that a key is of, or None for one that nobody declared."""
    return next((row for row, pattern in _patterns(keys.root) if pattern.fullmatch(key)), None)


def without_end(client: Redis, keys: Keys) -> Iterator[Endless]:
    """Yield the keys of a bot that nothing will end and nothing declares to stay. Meant for a server of its own."""
    page: list[str] = []
    for found in client.scan_iter(match=f"{keys.root}:*", count=PAGE):
        page.append(str(found))
        if len(page) == PAGE:
            yield from _endless(client, keys, page)
            page = []
    yield from _endless(client, keys, page)


def _endless(client: Redis, keys: Keys, page: Iterable[str]) -> Iterator[Endless]:
    named = list(page)
    with client.pipeline(transaction=False) as asked:
        for key in named:
            asked.ttl(key)
        lives = asked.execute() if named else []
    for key, left in zip(named, lives, strict=True):
        row = family_of(key, keys)
        if row is None:
            yield Endless(key, "")
        # -2: it has ended since it was named.
        elif left == -1 and not _may_stay(client, keys, row, key):
            yield Endless(key, row.name)


def _may_stay(client: Redis, keys: Keys, row: Row, key: str) -> bool:
    """Return whether this one may be there without a time to live; one that has just been given one may, too."""
    if row.ends is Ends.WITH_ITS_WORK:
        _, _, kind, about = key.split(":", 3)
        return client.zscore(keys.due(kind), about) is not None or client.ttl(key) != -1
    if row.ends is Ends.KEPT:
        collection, _, about = key.removeprefix(f"{keys.root}:").split(":", 2)
        return client.zscore(keys.documents(collection, "all"), about) is not None
    return row.ends is Ends.BOUNDED


@cache
def _patterns(root: str) -> tuple[tuple[Row, re.Pattern[str]], ...]:
    def made(pattern: str) -> re.Pattern[str]:
        parts = re.split(r"<[\w ]+>", pattern.replace("{prefix}", root))
        return re.compile(".+".join(map(re.escape, parts)), re.DOTALL)

    return tuple((row, made(row.pattern)) for row in ROWS)
