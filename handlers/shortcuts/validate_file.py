"""*Validate training file*, in the menu of a message."""

from collections.abc import Mapping
from typing import Any

from bot.errors import Refused
from handlers.core import CommandContext, Invocation, Nothing, Reply, Who
from handlers.dataset_files import entries, is_nameless, may_be_dataset
from handlers.shortcut import Shortcut


def run(invocation: Invocation, body: Mapping[str, Any], context: CommandContext) -> Reply:
    """Hand in the message's files; the verdicts come in its thread."""
    files = entries(body.get("message", {}).get("files"))
    if not files:
        raise Refused("That message has no file.", hint="Use this on a message with a JSONL file.")
    chosen = [each for each in files if may_be_dataset(each) or is_nameless(each)] or files[:1]
    for file in chosen:
        context.services.uploads.receive(
            file_id=file["id"],
            channel=invocation.channel,
            thread_ts=invocation.thread_ts or invocation.message_ts,
            user=invocation.user,
            asked_in=invocation.request,
        )
    return Nothing()


SHORTCUT = Shortcut(
    callback_id="validate_file",
    type="message",
    name="Validate training file",
    description="Say what would make a fine-tuning job fail, line by line",
    who=Who.CONTRIBUTOR,
    run=run,
)
