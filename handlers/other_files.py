"""Files that are no datasets as they are, but may hold one: what they lack, and the press or the step that mends it."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from bot.controller.model import Message
from handlers.core import CommandContext, Invocation, Nothing, Reply, Say
from handlers.dataset_files import is_table
from handlers.ui.blocks import actions, button, section
from handlers.ui.text import code

CHECK = "file.check"
"""The action that has a table judged; the value is the file's ID and the message that it was shared in."""

WORKBOOKS = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"})
DOCUMENTS = frozenset({".pdf", ".docx", ".doc", ".odt", ".rtf", ".pages", ".pptx", ".ppt"})
SHOWN = 5
"""Files of one message that are named, each with its button."""

_COLUMNS = "a column of questions and one of answers, called for instance `prompt` and `completion`"


def said_of(files: Sequence[Mapping[str, Any]], invocation: Invocation) -> Reply | None:
    """Return what there is to say of such files, to whoever shared them; None when none of them is one."""
    if tables := [each for each in files if is_table(each)]:
        return _about_tables(tables[:SHOWN], invocation.message_ts or "")
    if workbooks := _ending_in(WORKBOOKS, files):
        return _said(
            f"I can't read the workbook {workbooks}. Save its sheet as *CSV UTF-8* (in Excel: *File*, *Save As*; in "
            f"Google Sheets: *File*, *Download*) and drop that here. With {_COLUMNS}, it becomes a dataset."
        )
    if documents := _ending_in(DOCUMENTS, files):
        return _said(
            f"I can't train on the document {documents} as it is: a model learns from questions with the answers that "
            f"you want. Put them into a table with {_COLUMNS}, save it as CSV, and drop that here."
        )
    return None


def in_passing(files: Sequence[Mapping[str, Any]], invocation: Invocation, context: CommandContext) -> Reply:
    """Return what there is to say of files that were shared without a word to the bot.

    Of tables and workbooks each time, since they may be datasets; of documents once a day in a channel: most of them
    are meant for others.
    """
    reply = said_of(files, invocation)
    if reply is None:
        return Nothing()
    only_documents = not any(is_table(each) for each in files) and not _ending_in(WORKBOOKS, files)
    if only_documents and not context.services.inbound.first_time(
        f"document:{invocation.channel}:{invocation.user}"
    ):
        return Nothing()
    return reply


def _about_tables(tables: Sequence[Mapping[str, Any]], ts: str) -> Reply:
    names = ", ".join(code(str(each["name"])) for each in tables)
    one = len(tables) == 1
    said = (
        f"{names} {'is a table' if one else 'are tables'}. With {_COLUMNS}, {'it becomes' if one else 'each becomes'} "
        f"a dataset: *Check{' it' if one else ''}* looks at it, and one more press writes it as JSON Lines."
    )
    presses = [
        button(
            "Check it" if one else f"Check {each['name']}",
            f"{CHECK}.{number}",
            f"{each['id']} {ts}",
            style="primary" if one else None,
        )
        for number, each in enumerate(tables, 1)
    ]
    return Say(Message(text=said, blocks=[section(said), *actions(*presses)]))


def _ending_in(endings: frozenset[str], files: Sequence[Mapping[str, Any]]) -> str:
    """Return the names of the files that end so, empty when none does."""
    named = [str(each.get("name") or "") for each in files]
    found = [each for each in named if PurePosixPath(each.lower()).suffix in endings]
    return ", ".join(code(each) for each in found[:SHOWN])


def _said(mrkdwn: str) -> Reply:
    return Say(Message(text=mrkdwn, blocks=[section(mrkdwn)]))
