"""The spans of every scenario, kept in memory, and what must stand in none of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from urllib.parse import quote

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot import tracing
from bot.playground.slack import SlackStandIn
from bot.telemetry import Telemetry

SHORTEST = 14
"""Characters from which on what somebody typed is like no name or command of ours."""


class Spans:
    """What was told so far."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        self.telemetry = Telemetry(SimpleSpanProcessor(self._kept))

    @property
    def all(self) -> Sequence[ReadableSpan]:
        return self._kept.get_finished_spans()

    def of(self, name: str) -> list[ReadableSpan]:
        return [each for each in self.all if each.name == name]

    @property
    def undeclared(self) -> set[str]:
        """The attributes that nobody declared."""
        return {name for each in self.all for name in each.attributes or {}} - tracing.ATTRIBUTES.keys()

    def holding(self, secrets: Mapping[str, str]) -> set[str]:
        """Return which of these stand anywhere in a span."""
        told = json.dumps([_told(each) for each in self.all], ensure_ascii=False)
        return {
            name
            for name, secret in secrets.items()
            if any(form in told for form in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]})
        }


@contextmanager
def kept() -> Iterator[Spans]:
    spans = Spans()
    with turned_on(spans.telemetry):
        yield spans


@contextmanager
def turned_on(made: Telemetry) -> Iterator[None]:
    tracing.use(made)
    try:
        yield
    finally:
        tracing.use(None)


def secrets_of(slack: SlackStandIn, environment: Mapping[str, str]) -> dict[str, str]:
    """Return everything that no span may have: tokens, addresses to answer at, what people said, rows of files."""
    store = slack._ws.store
    with store.lock:
        said = [each.text for each in store.messages.values()] + [
            str(entry.data.get("text", "")) for entry in slack.log.of("person")
        ]
        files = [store.read_bytes(each.id) for each in store.files.values() if not each.deleted]
        answers = [each.id for each in store.response_urls.values()]
    rows = chain.from_iterable(content.decode("utf-8", "replace").splitlines()[:5] for content in files)
    found = {
        "the bot token": slack.bot_token,
        "the app token": slack.app_token,
        "the signing secret": slack.signing_secret,
        "AWS's secret": environment.get("AWS_SECRET_ACCESS_KEY", ""),
        "Redis's address": environment["REDIS_URL"],
        **{f"the address to answer at {each}": each for each in answers},
        **{f"what was said: {each}": each for each in said},
        **{f"a row: {each[20:70]}": each[20:70] for each in rows},
    }
    return {name: each for name, each in found.items() if len(each) >= SHORTEST}


def _told(each: ReadableSpan) -> list[object]:
    events = [[event.name, dict(event.attributes or {})] for event in each.events]
    links = [dict(link.attributes or {}) for link in each.links]
    status = each.status.description
    return [each.name, dict(each.attributes or {}), events, links, status, dict(each.resource.attributes)]
