"""Reads what the stand-ins saw, never what the bot thinks, and says what should not have happened."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.playground.story import buttons, text_of
from tests.chaos.harness.journey import CHANNEL
from tests.chaos.harness.playground import Playground

Json = dict[str, Any]

CREATING = {
    "CreateModelCustomizationJob": "customModelName",
    "CreateProvisionedModelThroughput": "modelId",
}
"""The operations that cost money, and the parameter that says what for."""
_OFFERS = {"job.start", "lease.start"}


@dataclass(frozen=True)
class Seen:
    """What a journey came to: each conversation as its messages' words in order, and what AWS was left with."""

    conversations: tuple[tuple[str, ...], ...]
    offers: int
    """Plans and prices that nobody took up: a person who was told that a form failed fills it in again."""
    aws: Mapping[str, int]
    direct: tuple[str, ...] = ()
    """What was said in direct messages."""


def seen(playground: Playground) -> Seen:
    """Read the channel as a person sees it, and AWS's log."""
    trainer = playground.slack.person("trainer")
    conversations, offers = [], 0
    for root in trainer.sees(CHANNEL):
        if root["ephemeral"]:
            continue
        if buttons(root) & _OFFERS and not trainer.thread(root)[1:]:
            offers += 1
            continue
        shown = [each for each in trainer.thread(root) if not each["ephemeral"]] or [root]
        conversations.append(tuple(plain(text_of(each)) for each in shown))
    direct = tuple(plain(text_of(each)) for each in trainer.sees(trainer.dm) if not each["ephemeral"])
    return Seen(tuple(sorted(conversations)), offers, _made(playground), direct)


def plain(words: str) -> str:
    """Return a message's words without what is different in each run: figures, dates, IDs."""
    words = re.sub(
        r"\*Preflight\*.*?(?=Started by|$)", "", words, flags=re.DOTALL
    )  # what could be looked at just then
    words = re.sub(r"<!date\^[^>]*>", "<date>", words)
    words = re.sub(r"\b(?=[0-9a-f]*\d)[0-9a-f]{6,}\b|\b[A-Z0-9]{10,}\b", "<id>", words)
    return re.sub(r"\d[\d.,:]*", "#", words)


def violations(
    playground: Playground, wanted: Seen, *, tries_that_failed: int = 0, copies: int = 0
) -> list[str]:
    """Return everything that is wrong with a journey, compared with an undisturbed one: a sentence each.

    ``tries_that_failed`` is how often people were told that something did not work; ``copies`` how many messages may
    have been posted twice, if the copy is gone now.
    """
    found = seen(playground)
    return [
        *_created_twice(playground),
        *_left_running(playground),
        *_posted_twice(playground)[copies:],
        *_differences(found, wanted, tries_that_failed),
        *_secrets(playground),
        *_tracebacks(playground),
    ]


def _made(playground: Playground) -> Mapping[str, int]:
    return Counter(
        call.operation
        for call in playground.bedrock.log.all()
        if call.operation in CREATING and call.outcome == "ok" and call.effect and not call.repeated
    )


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
    posts = Counter(
        marker
        for call in playground.slack.log.calls("chat.postMessage", ok=True)
        for marker in [_marker(call["args"])]
        if marker
    )
    return [f"posted {times} times: {marker}" for marker, times in posts.items() if times > 1]


def _marker(arguments: Json) -> str:
    metadata = arguments.get("metadata") or {}
    read = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str((read.get("event_payload") or {}).get("key") or "")


def _differences(found: Seen, wanted: Seen, tries: int) -> list[str]:
    ours, theirs = Counter(found.conversations), Counter(wanted.conversations)
    told = [f"missing: {_short(each)}" for each in (theirs - ours).elements()]
    told += [f"not expected: {_short(each)}" for each in (ours - theirs).elements()]
    if found.aws != wanted.aws:
        told.append(f"made {dict(found.aws)}, not {dict(wanted.aws)}")
    if found.offers > wanted.offers + tries:
        told.append(f"{found.offers} offers that nobody took up, after {tries} tries that failed")
    extra = Counter(found.direct) - Counter(wanted.direct)
    lost = Counter(wanted.direct) - Counter(found.direct)
    return told + [
        f"direct message {word}: {each[:200]}"
        for word, some in (("not expected", extra), ("missing", lost))
        for each in some
    ]


def _short(conversation: tuple[str, ...]) -> str:
    return " ⏎ ".join(" / ".join(words.splitlines())[:400] for words in conversation)


def _secrets(playground: Playground) -> list[str]:
    secrets = {
        "the bot token": playground.slack.bot_token,
        "the app token": playground.slack.app_token,
        "the signing secret": playground.slack.signing_secret,
        "Redis's password": urlsplit(playground.redis.url).password or "",
    }
    log = playground.log.read_text(encoding="utf-8", errors="replace")
    calls = json.dumps([entry.data["args"] for entry in playground.slack.log.of("api_call")], default=str)
    aws = json.dumps([call.parameters for call in playground.bedrock.log.all()], default=str)
    places = {"bot.log": log, "a call to Slack": calls, "a call to AWS": aws}
    return [
        f"{name} is in {place}"
        for name, secret in secrets.items()
        for place, text in places.items()
        if secret and secret in text
    ]


def _tracebacks(playground: Playground) -> list[str]:
    lines = playground.log.read_text(encoding="utf-8", errors="replace").splitlines()
    begins = [n for n, line in enumerate(lines) if line.startswith("Traceback")]
    return [f"an unexpected error: {' | '.join(_around(lines, n))}" for n in begins[:3]]


def _around(lines: list[str], start: int) -> list[str]:
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith((" ", "\t"))), start)
    return [lines[start - 1], *lines[max(start, end - 2) : end + 1]]
