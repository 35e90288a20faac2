"""canvases.create and canvases.access.set: a document of the app's own, and who may read it.

Limits and errors are those of docs.slack.dev/reference/methods/canvases.create and canvases.access.set, and of
docs.slack.dev/surfaces/canvases. What Slack answers to Markdown that is too long, or to a table that is too large, is
documented nowhere: here it is ``canvas_creation_failed``, and nothing may go by it. Nor is it documented for a direct
message among ``channel_ids``, of which the page says that the request will not succeed.
"""

import re

from bot.playground.slack import seed
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_2, TIER_3
from bot.playground.slack.state import Json, StoredFile

MARKDOWN = 1_048_576
CELLS = 300
MOST_READERS = 20
_LEVELS = ("read", "write", "owner")
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")


@method(
    "canvases.create",
    tier=TIER_2,
    scopes=("canvases:write",),
    args=(Arg("title"), Arg("document_content", "json"), Arg("channel_id")),
    errors=(
        "canvas_creation_failed", "canvas_disabled_user_team", "free_teams_cannot_create_non_tabbed_canvases",
        "restricted_action", "canvas_tab_creation_failed", "channel_not_found",
    ),
)  # fmt: skip
def create(call: Call) -> Json:
    """Make a canvas that nobody but the app sees; one in a channel's tabs is not what the app makes."""
    ws = call.ws
    if call.maybe("channel_id"):
        raise SlackError("canvas_tab_creation_failed")
    text = _markdown(call)
    row = StoredFile(
        id=ws.store.next_id("F0"),
        name=call.text("title"),
        title=call.text("title"),
        user=seed.BOT_USER_ID,
        size=len(text.encode()),
        created=int(ws.now()),
        uploaded=True,
        completed=True,
        canvas=True,
    )
    ws.store.write_bytes(row.id, text.encode())
    ws.store.files.put(row)
    return {"canvas_id": row.id}


def _markdown(call: Call) -> str:
    content = call.args.get("document_content", {"type": "markdown", "markdown": ""})
    if not isinstance(content, dict) or content.get("type") != "markdown":
        raise _invalid("must be a document of the type markdown")
    text = content.get("markdown")
    if not isinstance(text, str):
        raise _invalid("must have its text under markdown")
    if len(text) > MARKDOWN or _largest_table(text) > CELLS:
        raise SlackError("canvas_creation_failed")
    return text


def _invalid(why: str) -> SlackError:
    return SlackError("invalid_arguments", messages=[f"[ERROR] {why} [json-pointer:/document_content]"])


def _largest_table(text: str) -> int:
    """Return how many cells the largest table has: rows that follow each other."""
    most = cells = 0
    for line in text.split("\n"):
        row = _ROW.match(line)
        cells = cells + len(re.split(r"(?<!\\)\|", row[1])) if row else 0
        most = max(most, cells)
    return most


@method(
    "canvases.access.set",
    tier=TIER_3,
    scopes=("canvases:write",),
    args=(
        Arg("canvas_id", required=True),
        Arg("access_level", required=True),
        Arg("channel_ids", "list"),
        Arg("user_ids", "list"),
    ),
    errors=(
        "canvas_not_found", "channel_not_found", "user_not_found", "invalid_parameters", "restricted_action",
        "canvas_disabled_user_team", "failed_to_update_user_ids",
    ),
)  # fmt: skip
def set_access(call: Call) -> Json:
    """Let those in channels, or some people, read a canvas of the app's own."""
    row = call.ws.store.files.get(call.text("canvas_id"))
    if row is None or not row.canvas or row.deleted or row.user != seed.BOT_USER_ID:
        raise SlackError("canvas_not_found")
    if call.text("access_level") not in _LEVELS:
        raise SlackError("invalid_arguments", messages=["[ERROR] must be one of read, write, owner"])
    channels, users = (
        [str(each) for each in call.args.get(name, [])] for name in ("channel_ids", "user_ids")
    )
    if bool(channels) == bool(users) or len(channels) > MOST_READERS or len(users) > MOST_READERS:
        raise SlackError("invalid_parameters")
    for each in channels:
        channel = call.ws.store.channels.get(each)
        if (
            channel is None
            or channel.type not in ("channel", "group")
            or seed.BOT_USER_ID not in channel.members
        ):
            raise SlackError("channel_not_found")
    for each in users:
        if call.ws.store.users.get(each) is None:
            raise SlackError("user_not_found")
    row.readers = sorted({*row.readers, *channels, *users})
    call.ws.store.files.put(row)
    return {}
