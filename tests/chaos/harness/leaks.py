"""Keys and tokens where nobody should find one: in the log, in Slack, in AWS, in the store."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from redis import Redis

from tests.chaos.harness.playground import Playground

SIGNED: Final[Mapping[str, re.Pattern[str]]] = {
    "a presigned URL": re.compile(
        r"[?&](?:X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|Signature)="
    ),
    "the header of a signed request": re.compile(r"AWS4-HMAC-SHA256 Credential=|Bearer x(?:oxb|app)-"),
    "the address of an answer to a command": re.compile(
        r"https?://[^\s\"']*/(?:actions|commands)/[^\s\"']{8,}"
    ),
}
"""What grants something to whoever reads it, and is made anew each time."""


def leaks(playground: Playground) -> list[str]:
    """Return every secret that is where it should not be: a sentence each."""
    found = []
    for place, text in _places(playground):
        for name, secret in _secrets(playground).items():
            if any(form in text for form in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}):
                found.append(f"{name} is in {place}")
        found += [f"{name} is in {place}" for name, pattern in SIGNED.items() if pattern.search(text)]
    return found


def _secrets(playground: Playground) -> Mapping[str, str]:
    settings = playground.environment(playground.replicas[0])
    named = {
        "the bot token": playground.slack.bot_token,
        "the app token": playground.slack.app_token,
        "the signing secret": playground.slack.signing_secret,
        "Redis's password": urlsplit(playground.redis.url).password or "",
        "the AWS secret key": settings["AWS_SECRET_ACCESS_KEY"],
        "the AWS session token": settings["AWS_SESSION_TOKEN"],
    }
    return {name: secret for name, secret in named.items() if secret}


def _places(playground: Playground) -> Iterator[tuple[str, str]]:
    slack = playground.slack.log
    yield "bot.log", playground.log.read_text(encoding="utf-8", errors="replace")
    yield "a call to Slack", _text(entry.data["args"] for entry in slack.of("api_call"))
    yield "an answer to a command", _text(entry.data for entry in slack.of("response_url"))
    yield "an acknowledgement", _text(entry.data.get("body") for entry in slack.of("ack"))
    yield "a call to AWS", _text(call.parameters for call in playground.bedrock.log.all())
    yield "the store", _text(_kept(playground.raw))


def _text(resources: Iterator[Any]) -> str:
    return json.dumps(list(resources), default=str, ensure_ascii=False)


def _kept(store: Redis) -> Iterator[Any]:
    """Everything that the store holds, keys and values."""
    how: Mapping[str, Callable[[str], Any]] = {
        "string": store.get,
        "hash": store.hgetall,
        "list": lambda key: store.lrange(key, 0, -1),
        "set": lambda key: sorted(map(str, store.smembers(key))),
        "zset": lambda key: store.zrange(key, 0, -1),
    }
    for key in store.scan_iter(count=1000):
        read = how.get(str(store.type(key)))
        yield key, read(key) if read else None
