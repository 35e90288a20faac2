"""Reads what the stand-ins saw, never what the bot thinks, and says what should not have happened."""

import difflib
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.narration import buttons, text_of
from bot.questions.reconciler.question import ASKS
from storage.key_families import without_end
from storage.keys import Keys
from storage.s3_audit import FOLDER
from storage.s3_plans import S3Marks
from tests.chaos.harness.allowances import ALWAYS, Allowance, Conversation, more_of, unexplained
from tests.chaos.harness.boundaries import Boundary, Fault
from tests.chaos.harness.journey import CHANNEL, Journey
from tests.chaos.harness.leaks import leaks
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.waiting import PREFIX

Json = dict[str, Any]

CREATING = {
    "CreateModelCustomizationJob": "customModelName",
    "CreateProvisionedModelThroughput": "modelId",
    "CreateCustomModelDeployment": "modelArn",
}
"""The operations that make something to be paid for or kept, and the parameter that says what for."""
LIKE = 0.5
"""From which share of equal lines on two conversations are told as one that is otherwise."""
_OFFER = "plan.start "
"""What the button of a plan is called that nobody started yet, before its kind."""


@dataclass(frozen=True)
class Seen:
    """What a journey came to: each conversation as its messages in order, and what AWS was left with.

    A message is its words, the files in it and the buttons under it.
    """

    conversations: tuple[Conversation, ...]
    offers: int
    """Plans and prices that nobody took up: a person who was told that a form failed fills it in again."""
    aws: Mapping[str, int]
    """How often each thing was made, and what there is in the end: jobs and what became of them, models, objects."""
    direct: tuple[str, ...] = ()
    """What was said in direct messages."""


def seen(playground: Playground) -> Seen:
    """Read the channel as a person sees it, and AWS's log."""
    trainer = playground.slack.person("trainer")
    conversations, offers = [], 0
    for root in trainer.sees(CHANNEL):
        if root["ephemeral"]:
            continue
        if is_offer(buttons(root)) and not trainer.thread(root)[1:]:
            offers += 1
            continue
        shown = [each for each in trainer.thread(root) if not each["ephemeral"]] or [root]
        conversations.append(tuple(map(_shown, shown)))
    direct = tuple(_shown(each) for each in trainer.sees(trainer.dm) if not each["ephemeral"])
    return Seen(tuple(sorted(conversations)), offers, _made(playground) | _left(playground), direct)


def is_offer(names: Collection[str]) -> bool:
    """Return whether a message with these buttons is a plan, of whatever kind, that nobody started yet."""
    return any(each.startswith(_OFFER) for each in names)


def _shown(message: Json) -> str:
    """Return everything of a message that tells something or can be pressed."""
    files = [str(each.get("name")) for each in message.get("files") or [] if message.get("bot_id")]
    drawn = [each for each in message.get("blocks") or [] if each["type"] == "image"]
    files += [f"picture: {plain(each['alt_text'])}" for each in drawn]
    streaming = ["still streaming"] if message.get("streaming") else []
    rest = "".join(f"\n[{each}]" for each in (*files, *streaming, *sorted(buttons(message))))
    return plain(text_of(message)) + rest


def plain(words: str) -> str:
    """Return a message's words without what is different in each run: figures, dates, IDs."""
    words = re.sub(
        r"^:(white_check_mark|grey_question|warning|no_entry): .*?checks? passed$",
        "",
        words,
        flags=re.DOTALL | re.MULTILINE,
    )  # what could be looked at just then
    words = re.sub(r"<!date\^[^>]*>", "<date>", words)
    words = re.sub(r"\b(?=[0-9a-f]*\d)[0-9a-f]{6,}\b|\b[A-Z0-9]{10,}\b", "<id>", words)
    return re.sub(r"\d[\d.,:]*", "#", words)


def violations(
    playground: Playground,
    wanted: Seen,
    journey: Journey | None = None,
    *,
    allowed: tuple[Allowance, ...] = (),
    copies: int = 0,
) -> list[str]:
    """Return everything that is wrong with a journey, compared with an undisturbed one: a sentence each.

    ``journey`` tells how often people were told that something did not work, and what they did once more;
    ``allowed`` what may differ; ``copies`` how many messages may have been posted twice, if the copy is gone now.
    """
    found = seen(playground)
    return [
        *_created_twice(playground),
        *_left_running(playground),
        *_posted_twice(playground)[copies:],
        *_differences(found, wanted, allowed, _times(playground, journey)),
        *leaks(playground),
        *_endless(playground),
        *_tracebacks(playground),
        *(journey.wrong if journey else ()),
    ]


def _times(playground: Playground, journey: Journey | None) -> Counter[str]:
    times = Counter({ALWAYS: 1, "loss": playground.losses, "fail-over": playground.failovers})
    times["base unheard"] = is_unheard(playground.register.disturbed)
    if journey:
        times.update(journey.again)
        times["failed"] = len(journey.failed_tries)
        times["untold end"] = journey.ended_untold
    return times


def is_unheard(disturbed: Collection[tuple[Boundary, Fault]]) -> bool:
    """Return whether a base that answers meanwhile may have been given up: a call of its failed, or it died too often.

    What it calls for its answer is AWS and the store; what Slack does not take is tried again.
    """
    there = [(at.name, fault.kind) for at, fault in disturbed if at.chapter == "asleep"]
    failed = any(kind in {"cut", "answer"} and not name.startswith("slack ") for name, kind in there)
    return failed or sum(kind == "kill" for _, kind in there) >= ASKS


def _made(playground: Playground) -> Counter[str]:
    return Counter(
        call.operation
        for call in playground.bedrock.log.all()
        if call.operation in CREATING and call.outcome == "ok" and call.effect and not call.repeated
    )


def _left(playground: Playground) -> Counter[str]:
    """Count what AWS has in the end, by what it is and how it stands."""
    state, world = playground.bedrock.state(), playground.bedrock.world
    named = [f"job {each['name']}: {each['status']}" for each in state["jobs"]]
    named += [f"model {each.name}" for each in world.models]
    named += [f"throughput {plain(each['name'])}: {each['status']}" for each in state["throughputs"]]
    named += [f"deployment {plain(each['name'])}: {each['status']}" for each in state["deployments"]]
    # Segments of the audit and the bot's mark are made by the minute, and not by what people do.
    objects = [key for key in playground.objects() if not key.startswith((FOLDER, S3Marks.folder))]
    return Counter(named + [f"object {plain(key)}" for key in objects])


def _created_twice(playground: Playground) -> list[str]:
    made = Counter(
        (call.operation, str(call.parameters.get(CREATING[call.operation])))
        for call in playground.bedrock.log.of(*CREATING, outcome="ok")
        if call.effect and not call.repeated
    )
    return [f"{operation} of {what}: {times} times" for (operation, what), times in made.items() if times > 1]


def _left_running(playground: Playground) -> list[str]:
    left = playground.bedrock.state()["throughputs"]
    return [f"still running, and paid for: {each['name']}" for each in left]


def _posted_twice(playground: Playground) -> list[str]:
    posted = playground.slack.log.calls("chat.postMessage", ok=True)
    posts = Counter(filter(None, (marker(call["args"]) for call in posted)))
    return [f"posted {times} times: {each}" for each, times in posts.items() if times > 1]


def marker(arguments: Json) -> str:
    """Return the marker of a post, empty without one."""
    metadata = arguments.get("metadata") or {}
    read = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str((read.get("event_payload") or {}).get("key") or "")


def _differences(
    found: Seen, wanted: Seen, allowed: tuple[Allowance, ...], times: Mapping[str, int]
) -> list[str]:
    ours, theirs = Counter(found.conversations), Counter(wanted.conversations)
    strange, missing = unexplained(
        list((ours - theirs).elements()), list((theirs - ours).elements()), allowed, times
    )
    told = _told_apart(strange, missing)
    for name in sorted(found.aws.keys() | wanted.aws.keys()):
        more = found.aws.get(name, 0) - wanted.aws.get(name, 0)
        if not 0 <= more <= more_of(name, allowed, times):
            told.append(f"{name}: {found.aws.get(name, 0)} times, not {wanted.aws.get(name, 0)}")
    tries = times["failed"] + times["plan"] + times["price"]
    if found.offers > wanted.offers + tries:
        told.append(f"{found.offers} offers that nobody took up, after {tries} tries that failed")
    extra = Counter(found.direct) - Counter(wanted.direct)
    lost = Counter(wanted.direct) - Counter(found.direct)
    return told + [
        f"direct message {word}: {each[:200]}"
        for word, some in (("not expected", extra), ("missing", lost))
        for each in some
    ]


def _told_apart(strange: list[Conversation], missing: list[Conversation]) -> list[str]:
    """Say what is missing and what is not expected; of a conversation that is there otherwise, only the difference."""
    told, left = [], list(strange)
    for wanted in missing:
        alike = max(left, key=lambda each: _likeness(each, wanted), default=())
        if _likeness(alike, wanted) < LIKE:
            told.append(f"missing: {_short(wanted)}")
            continue
        left.remove(alike)
        lines = difflib.ndiff(_lines(wanted), _lines(alike))
        told.append("otherwise: " + " / ".join(each for each in lines if each[0] in "-+"))
    return told + [f"not expected: {_short(each)}" for each in left]


def _lines(conversation: Conversation) -> list[str]:
    return [line for words in conversation for line in ("⏎", *words.splitlines())]


def _likeness(one: Conversation, other: Conversation) -> float:
    return difflib.SequenceMatcher(None, _lines(one), _lines(other)).ratio()


def _short(conversation: Conversation) -> str:
    return " ⏎ ".join(" / ".join(words.splitlines())[:400] for words in conversation)


def _endless(playground: Playground) -> list[str]:
    return [f"{each.key} has no end" for each in without_end(playground.raw, Keys(PREFIX))]


def _tracebacks(playground: Playground) -> list[str]:
    lines = playground.log.read_text(encoding="utf-8", errors="replace").splitlines()
    begins = [n for n, line in enumerate(lines) if line.startswith("Traceback")]
    return [f"an unexpected error: {' | '.join(_around(lines, n))}" for n in begins[:3]]


def _around(lines: list[str], start: int) -> list[str]:
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith((" ", "\t"))), start)
    return [lines[start - 1], *lines[max(start, end - 2) : end + 1]]
