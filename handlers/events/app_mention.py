"""Mentions: a question in a channel, or a file with the bot's name beside it."""

import re

from handlers.core import CommandContext, Invocation, Nothing, Reply
from handlers.dataset_files import entries, is_table, looks_like_dataset
from handlers.event import Event, Happening
from handlers.events.message import from_person, take_files, take_question
from handlers.payloads import typed_text

_LEADING_MENTIONS = re.compile(r"^(?:\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>)+[\s,:]*")


def question_in(text: str) -> str:
    """Return what was said beside the mention that begins it; one that stands elsewhere stays readable."""
    return typed_text(_LEADING_MENTIONS.sub("", text)).strip()


def take(event: Happening, invocation: Invocation, front: CommandContext) -> Reply:
    """Hand in the datasets that are shared with the mention, or else the question."""
    if not from_person(event):
        return Nothing()
    datasets = [
        each["id"] for each in entries(event.get("files")) if looks_like_dataset(each) or is_table(each)
    ]
    if datasets:
        return take_files(datasets, invocation, front, aloud=True)
    return take_question(question_in(invocation.text), invocation, front)


EVENT = Event(name="app_mention", subscriptions=("app_mention",), scopes=("app_mentions:read",), take=take)
