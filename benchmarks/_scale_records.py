"""What the stand-ins saw of a run, and what of it should not be: anything lost, anything twice, anything unasked.

Nothing here asks the bot: what it thinks is no proof of what people saw, or of what AWS was told to make.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.playground.bedrock import BedrockStandIn
from bot.playground.bedrock.progress import standing
from bot.playground.narration import text_of
from bot.playground.slack import SlackStandIn
from bot.playground.slack.state import Message
from tests.chaos.harness.checker import CREATING, marker

Place = tuple[str, str]
"""A message: its channel and its timestamp."""
ENDED = re.compile(r"`([\w-]+)` is trained")
WAITS = "I go on with this by myself"
"""What the bot says, once, of what has to wait for long: a notice beside the answer, and no second answer."""
REPORT = "|Open the report>"
"""The report on a file with findings, which stands beside its verdict."""
TURNED_AWAY = "Ask this one, "
"""How the bot says that it did not take a question, to whoever asked too many."""
_WORD = re.compile(r"\w[\w-]+")


@dataclass(frozen=True)
class Said:
    """A message of the bot's as it stands, and under which one."""

    under: Place
    words: str
    streaming: bool = False


@dataclass(frozen=True)
class Records:
    """What was seen.

    ``posts`` has each marker with how often a message was posted under it, ``ends`` each model of which people were
    told that it is trained with how often, ``made`` what AWS was told to make, by operation and name, with how often
    it did, ``trained`` the models whose jobs AWS has completed, which a long run has of those that people started, too;
    ``turned_away`` has the channel and the words of each notice to one person that their question was not taken.
    """

    said: tuple[Said, ...] = ()
    posts: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)
    made: Mapping[tuple[str, str], int] = field(default_factory=dict)
    trained: frozenset[str] = frozenset()
    turned_away: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Wanted:
    """What people did and what has to come of it, once.

    ``answers`` has each question with what is right, ``asked`` how it began, by which whoever is asked to come again
    knows it; ``verdicts`` each file with its name, ``silent`` what the bot has
    nothing to say to, ``ends`` the models whose jobs were done, ``jobs`` the models whose plans were started.
    """

    answers: dict[Place, str] = field(default_factory=dict)
    verdicts: dict[Place, str] = field(default_factory=dict)
    silent: set[Place] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    jobs: set[str] = field(default_factory=set)
    asked: dict[Place, str] = field(default_factory=dict)

    @property
    def effects(self) -> int:
        """How much has to come about."""
        return len(self.answers) + len(self.verdicts) + len(self.ends) + len(self.jobs)


def read(slack: SlackStandIn, bedrock: BedrockStandIn, since: float) -> Records:
    """Read the stand-ins; of what was said, ends that were told ``since`` then, in seconds since the epoch."""
    workspace = slack._ws  # noqa: SLF001 -- a person would read it message by message
    with workspace.store.lock:
        every = [row for row in workspace.store.messages.values() if row.by_app]
        away = [
            (row.channel, text) for row in every if row.ephemeral_to and TURNED_AWAY in (text := _text(row))
        ]
        rows = [row for row in every if not row.ephemeral_to]
        said = [
            Said(
                (row.channel, row.thread_ts or row.ts),
                _text(row),
                bool(row.stream and row.stream.state == "open"),
            )
            for row in rows
            if not row.tombstone
        ]
    posted = slack.log.of("api_call", method="chat.postMessage", ok=True)
    ends: Counter[str] = Counter()
    for call in posted:
        if call.at >= since:
            ends.update(set(ENDED.findall(json.dumps(call.data["args"], ensure_ascii=False))))
    made = [
        (call.operation, str(call.parameters.get(CREATING[call.operation])))
        for call in bedrock.log.of(*CREATING, outcome="ok")
        if call.effect and not call.repeated
    ]
    posts = Counter(filter(None, (marker(call.data["args"]) for call in posted)))
    with bedrock.world.lock:
        now = bedrock.world.now()
        trained = frozenset(
            job.model_name for job in bedrock.world.jobs if standing(job, now).status == "Completed"
        )
    return Records(tuple(said), posts, ends, Counter(made), trained, frozenset(away))


def _text(row: Message) -> str:
    return text_of(row.model_dump(include={"blocks", "text"}))


def missing(records: Records, wanted: Wanted) -> list[str]:
    """Return what has not come about yet."""
    return [each for each in judge(records, wanted) if each.startswith("lost")]


def judge(records: Records, wanted: Wanted) -> list[str]:
    """Return everything that is lost, that came twice, and that nobody asked for: a sentence each."""
    under: dict[Place, list[Said]] = {}
    for each in records.said:
        under.setdefault(each.under, []).append(each)
    return [
        *_threads(under, turned_away(records, wanted), wanted),
        *_ends(records, wanted),
        *(f"doubled: posted {n} times: {what}" for what, n in records.posts.items() if n > 1),
        *(
            f"doubled: {operation} of {what}, {n} times"
            for (operation, what), n in records.made.items()
            if n > 1
        ),
        *(f"lost: no job makes {name}" for name in sorted(wanted.jobs) if not _jobs_for(records, name)),
    ]


def turned_away(records: Records, wanted: Wanted) -> list[Place]:
    """Return the questions whose person was told, by the words of the question, to ask it again."""
    return [
        (channel, ts)
        for (channel, ts), begins in wanted.asked.items()
        if any(where == channel and begins in words for where, words in records.turned_away)
    ]


def _threads(under: Mapping[Place, list[Said]], away: Collection[Place], wanted: Wanted) -> Iterator[str]:
    for place, right in wanted.answers.items():
        if place not in away or place in under:
            yield from _once("the answer to", place, right, under.get(place, []))
    for place, name in wanted.verdicts.items():
        yield from _once("the verdict on", place, name, under.get(place, []))
    yield from (
        f"unasked: under {place}: {under[place][0].words[:200]}" for place in wanted.silent & under.keys()
    )


def _once(what: str, place: Place, right: str, replies: list[Said]) -> Iterator[str]:
    needed, notices = set(_WORD.findall(right)), [each for each in replies if WAITS in each.words]
    reports = [each for each in replies if REPORT in each.words]
    replies = [each for each in replies if each not in notices + reports]
    if len(reports) > 1:
        yield f"doubled: the report beside {what} {place}"
    if len(notices) > 1:
        yield f"doubled: that {what} {place} waits"
    if not any(needed <= set(_WORD.findall(each.words)) for each in replies):
        instead = f"; instead: {replies[0].words[:300]}" if replies else ""
        yield f"lost: {what} {place}{instead}"
    if len(replies) > 1:
        yield f"doubled: {what} {place}: {' ⏎ '.join(each.words[:150] for each in replies)}"
    if any(each.streaming for each in replies):
        yield f"lost: the end of {what} {place}"


def _ends(records: Records, wanted: Wanted) -> Iterator[str]:
    yield from (
        f"lost: nobody was told that {name} is trained" for name in sorted(wanted.ends - records.ends.keys())
    )
    for name, times in records.ends.items():
        if times > 1:
            yield f"doubled: told {times} times that {name} is trained"
        if name not in wanted.ends | records.trained:
            yield f"unasked: told that {name} is trained, and it is not"


def _jobs_for(records: Records, name: str) -> bool:
    return any(
        operation == "CreateModelCustomizationJob" and what == name for operation, what in records.made
    )


def plants(records: Records, wanted: Wanted) -> dict[str, Records]:
    """Return the records with one thing wrong in each: by name, to see whether each is seen."""
    answer = next(each for each in records.said if each.under in wanted.answers)
    verdict = next(each for each in records.said if each.under in wanted.verdicts)
    end, job = min(wanted.ends), min(wanted.jobs)
    made = next(each for each in records.made if each[1] == job)
    posted = next(iter(records.posts))

    def without(one: Said) -> Records:
        return replace(records, said=tuple(each for each in records.said if each is not one))

    def twice(one: Said) -> Records:
        return replace(records, said=(*records.said, one))

    quiet = Said(min(wanted.silent), "an answer to nobody")
    return {
        "an answer lost": without(answer),
        "an answer twice": twice(answer),
        "an answer that is another's": replace(
            without(answer), said=(*without(answer).said, replace(answer, words="-"))
        ),
        "an answer that never ends": replace(
            records, said=tuple(replace(each, streaming=each is answer) for each in records.said)
        ),
        "a verdict lost": without(verdict),
        "a verdict twice": twice(verdict),
        "an answer that nobody asked for": twice(quiet),
        "an end told to nobody": replace(records, ends={k: n for k, n in records.ends.items() if k != end}),
        "an end told twice": replace(records, ends={**records.ends, end: 2}),
        "an end that was none": replace(records, ends={**records.ends, "nobody": 1}),
        "a message posted twice": replace(records, posts={**records.posts, posted: 2}),
        "a job made twice": replace(records, made={**records.made, made: 2}),
        "a job never made": replace(records, made={k: n for k, n in records.made.items() if k != made}),
    }


def unseen(records: Records, wanted: Wanted) -> list[str]:
    """Return the faults that would not be told if they were planted into these records."""
    told = len(judge(records, wanted))
    return [name for name, wrong in plants(records, wanted).items() if len(judge(wrong, wanted)) <= told]
