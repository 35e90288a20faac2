"""Messages: files in channels and direct messages, questions in direct messages, and replies to answers.

A reply needs no mention in a thread that begins with a question: nobody talks there of anything else. In every other
thread, of a job or of colleagues, the bot is silent until it is mentioned.

``file_shared`` says the same of a file again, but not in which message, so it is left to this one.

In a channel that is shared with another organisation an event has a file's ID alone. Whether it looks like a dataset
is known once Slack was asked what it is called: after the event is acknowledged.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

from bot.errors import NotAllowed, Refused
from bot.memberships import SLACKBOT
from bot.wording import wording
from handlers import other_files
from handlers.commands.ask import hand_in, split
from handlers.core import CommandContext, Invocation, Nothing, Reply, Say
from handlers.dataset_files import entries, is_nameless, looks_like_dataset
from handlers.event import Event, EventPayload
from handlers.greeting import greeting
from handlers.payloads import message_id, typed_text
from handlers.routing import run_typed, typed_command

log = logging.getLogger(__name__)

_FROM_PEOPLE = frozenset({None, "file_share", "thread_broadcast"})
LATE_EDIT = 3_600.0
"""Seconds after which a message that is edited is none that was just written: much less than the day for which it is
remembered what was taken in, so that no question is asked, and no command run, once more."""
_LEADING_MENTIONS = re.compile(r"^(?:\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>)+[\s,:]*")
_ADDRESSED = re.compile(r"^\s*<(?:@[UW][A-Z0-9]+|!(?:here|channel|everyone|subteam\^[A-Z0-9]+))(?:\|[^>]*)?>")
"""What begins so is for whoever is named: a person, a user group, or all who are there."""
_GREETINGS = frozenset({"help", "hi", "hello", "?"})


def take(event: EventPayload, invocation: Invocation, context: CommandContext) -> Reply:
    """Hand in the files of a message, or the question that it is."""
    if not from_person(event):
        _take_back(event, invocation, context)
        return Nothing()
    direct = event.get("channel_type") == "im"
    files = entries(event.get("files"))
    wanted = files if direct else [each for each in files if looks_like_dataset(each)]
    if wanted:
        return take_files([each["id"] for each in wanted], invocation, context, aloud=direct)
    # A mention has an event of its own, which takes them.
    if files and not direct and "<@" not in invocation.text:
        return _in_passing(files, invocation, context)
    if files:
        return Nothing()
    if direct:
        said = typed_text(invocation.text)
        return Nothing() if typed_command(said, context) else take_question(said, invocation, context)
    return take_reply(invocation, context)


def then(event: EventPayload, invocation: Invocation, context: CommandContext) -> Reply:
    """Run the command that a direct message spells out, as in a thread, where Slack has no slash commands.

    In a channel, files are looked at whose names Slack has to be asked for: nothing waits for Slack before that.
    """
    if not from_person(event):
        return Nothing()
    if event.get("channel_type") != "im":
        nameless = [each for each in entries(event.get("files")) if is_nameless(each)]
        return _take_nameless(nameless, invocation, context) if nameless else Nothing()
    return Nothing() if event.get("files") else run_typed(typed_text(invocation.text), invocation, context)


def said_in(text: str) -> str:
    """Return what was said beside the mention that begins it; one that stands elsewhere stays readable."""
    return typed_text(_LEADING_MENTIONS.sub("", text)).strip()


def from_person(event: EventPayload) -> bool:
    """Whether a person wrote it just now: no bot, no late edit, no notice that somebody joined.

    Slack tells of a mention anew whenever its message is edited (github.com/slackapi/bolt-js/issues/960). Who adds the
    mention a moment later means it; who mends a word in last week's question asks nothing.
    """
    subtype = event.get("subtype")
    return bool(
        (subtype is None or isinstance(subtype, str))
        and subtype in _FROM_PEOPLE
        and event.get("user")
        and event.get("user") != SLACKBOT
        and not event.get("bot_id")
        and not event.get("hidden")
        and not _is_late_edit(event)
    )


def _is_late_edit(event: EventPayload) -> bool:
    edited = event.get("edited")
    if not edited:
        return False
    try:
        return float(edited["ts"]) - float(event["ts"]) > LATE_EDIT
    except (KeyError, TypeError, ValueError):
        return True  # nobody knows when


def _take_back(event: EventPayload, invocation: Invocation, context: CommandContext) -> None:
    """Have a question that somebody has deleted be answered no more, and forgotten."""
    if ts := deleted_in(event):
        before = event.get("previous_message")
        thread_ts = before.get("thread_ts") if isinstance(before, Mapping) else None
        question = message_id(invocation.channel, ts)
        context.services.questions.take_back(question, thread_ts if isinstance(thread_ts, str) else ts)


def deleted_in(event: EventPayload) -> str:
    """Return the timestamp of the message that an event says is deleted; empty where it says so of none.

    One with replies stays, as what Slack calls a tombstone: that is told as a change
    (github.com/42wim/matterbridge/issues/600).
    """
    after = event.get("message")
    gone = event.get("deleted_ts") if event.get("subtype") == "message_deleted" else None
    if event.get("subtype") == "message_changed" and isinstance(after, Mapping):
        gone = after.get("ts") if after.get("subtype") == "tombstone" else None
    return gone if isinstance(gone, str) else ""


def take_files(file_ids: list[str], invocation: Invocation, context: CommandContext, *, aloud: bool) -> Reply:
    """Hand in files; the verdicts come in the message's thread.

    Somebody who may not is told so when they spoke to the bot (``aloud``), and else once a day in a channel, to them
    alone: the file may be meant for others, and silence would look like a bot that is broken.
    """
    access = context.services.access
    try:
        access.check_channel(invocation.channel)
        access.check_contributor(invocation.user)
    except NotAllowed as refusal:
        if aloud:
            raise
        if context.services.inbound.first_time(f"ignored-file:{invocation.channel}:{invocation.user}"):
            log.info(
                "a file of %s in %s was not taken: %s", invocation.user, invocation.channel, refusal.sentence
            )
            raise NotAllowed(
                wording("I left your file alone. ", refusal.message), hint=refusal.hint
            ) from refusal
        return Nothing()
    for file_id in file_ids:
        context.services.uploads.receive(
            file_id=file_id,
            channel=invocation.channel,
            thread_ts=invocation.thread_ts or invocation.message_ts,
            user=invocation.user,
        )
    return Nothing()


def _take_nameless(files: list[Mapping[str, Any]], invocation: Invocation, context: CommandContext) -> Reply:
    """Hand in the datasets among files of which the event had the ID alone, or say how the others become some."""
    named = context.uploads.named(files)
    wanted = [str(each["id"]) for each in named if looks_like_dataset(each)]
    if wanted:
        return take_files(wanted, invocation, context, aloud=False)
    # Beside a mention the mention's own event has taken them, whatever they are called.
    return Nothing() if "<@" in invocation.text else _in_passing(named, invocation, context)


def _in_passing(files: list[Mapping[str, Any]], invocation: Invocation, context: CommandContext) -> Reply:
    """Say how files become datasets that are none as they are, to whoever may have them judged."""
    try:
        context.services.access.check_channel(invocation.channel)
        context.services.access.check_contributor(invocation.user)
    except NotAllowed:
        return Nothing()
    return other_files.in_passing(files, invocation, context)


def take_reply(invocation: Invocation, context: CommandContext) -> Reply:
    """Hand in what is said in a thread that begins with a question, whether it was answered or refused.

    What begins with a mention is for whoever is mentioned; the bot's own has an event of its own. Of a model that is
    asleep, and of not being allowed, people are told once a day there: the rest is talk among themselves. Where the
    base answers in the model's place, each is a question.
    """
    if not invocation.thread_ts or _ADDRESSED.match(invocation.text) or not invocation.text.strip():
        return Nothing()
    if not context.services.questions.began_in(invocation.thread_ts):
        return Nothing()
    try:
        context.services.access.check_member(invocation.user)
        context.services.access.check_channel(invocation.channel)
        context.services.access.check_asker(invocation.user, invocation.channel)
    except NotAllowed:
        if _is_news(f"not-allowed:{invocation.user}", invocation, context):
            raise
        return Nothing()
    asked = split(said_in(invocation.text), context)
    meant = asked.model or context.services.questions.partner_in(invocation.thread_ts)
    try:
        if not asked.of_base:
            context.services.serving.answerer(meant, invocation.channel)
    except Refused:
        answered = context.services.kept.base_answers_in(invocation.thread_ts)
        if not (answered or _is_news("asleep", invocation, context)):
            return Nothing()
    return hand_in(invocation, context, asked, thread_ts=invocation.thread_ts)


def _is_news(what: str, invocation: Invocation, context: CommandContext) -> bool:
    """Return whether that was not told in the thread within a day."""
    return context.services.inbound.first_time(f"{what}:{invocation.channel}:{invocation.thread_ts}")


def take_question(text: str, invocation: Invocation, context: CommandContext) -> Reply:
    """Hand in a question; the answer comes in the message's thread."""
    context.services.access.check_member(invocation.user)
    if text.strip().lower().rstrip("!.") in _GREETINGS or not text.strip():
        return Say(greeting(invocation, context))
    context.services.access.check_channel(invocation.channel)
    thread_ts = invocation.thread_ts or invocation.message_ts
    return hand_in(invocation, context, split(text, context), thread_ts=thread_ts)


EVENT = Event(
    name="message",
    subscriptions=("message.channels", "message.groups", "message.im", "message.mpim"),
    scopes=("channels:history", "groups:history", "im:history", "mpim:history"),
    take=take,
    then=then,
)
