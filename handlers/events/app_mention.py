"""Mentions: a question in a channel, or a file with the bot's name beside it."""

from handlers import other_files
from handlers.core import CommandContext, Invocation, Nothing, Reply
from handlers.dataset_files import entries, is_nameless, may_be_dataset
from handlers.event import Event, EventPayload
from handlers.events.message import from_person, said_in, take_files, take_question
from handlers.routing import run_typed, typed_command


def take(event: EventPayload, invocation: Invocation, context: CommandContext) -> Reply:
    """Hand in the datasets that are shared with the mention, or else the question; a command is run afterwards."""
    if not from_person(event):
        return Nothing()
    files = entries(event.get("files"))
    # One that Slack told no name of is to be judged, too: it was shared with the bot.
    datasets = [each["id"] for each in files if may_be_dataset(each) or is_nameless(each)]
    if datasets:
        return take_files(datasets, invocation, context, aloud=True)
    if about := other_files.said_of(files, invocation):
        return about
    said = said_in(invocation.text)
    return Nothing() if typed_command(said, context) else take_question(said, invocation, context)


def then(event: EventPayload, invocation: Invocation, context: CommandContext) -> Reply:
    """Run the command that the mention spells out: in a thread Slack has no slash commands."""
    if not from_person(event) or event.get("files"):
        return Nothing()
    return run_typed(said_in(invocation.text), invocation, context)


EVENT = Event(
    name="app_mention", subscriptions=("app_mention",), scopes=("app_mentions:read",), take=take, then=then
)
