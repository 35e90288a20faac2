"""The JSON objects in which Slack describes users, channels, files, messages and views."""

import mimetypes
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.playground.slack import seed
from bot.playground.slack.state import Channel, Json, Message, StoredFile, User, View
from bot.playground.slack.workspace import Workspace

_FILETYPES = {
    ".json": ("json", "JSON"),
    ".csv": ("csv", "CSV"),
    ".txt": ("text", "Plain Text"),
    ".md": ("markdown", "Markdown"),
    ".png": ("png", "PNG"),
    ".py": ("python", "Python"),
    ".html": ("html", "HTML"),
    ".diff": ("diff", "Diff"),
}
"""A file's type by the end of its name, and what people read of it (docs.slack.dev/reference/objects/file-object)."""
_TEXT = ("text", "Plain Text")


def team(row: User) -> Json:
    """Return the team of whoever acts as interactive payloads name it: a partner's is their own."""
    domain = seed.PARTNER_DOMAIN if row.standing == "partner" else seed.TEAM_DOMAIN
    return {"id": seed.team_of(row), "domain": domain}


def user(row: User, time_zone: str, now: datetime) -> Json:
    """Return a user object as ``users.info`` gives it."""
    there = now.astimezone(ZoneInfo(time_zone))
    profile = {
        "real_name": row.real_name,
        "display_name": row.name,
        "real_name_normalized": row.real_name,
        "display_name_normalized": row.name,
        "team": seed.team_of(row),
    }
    profile |= {"api_app_id": seed.APP_ID, "bot_id": seed.BOT_ID} if row.is_bot else {"email": row.email}
    return {
        "id": row.id,
        "team_id": seed.team_of(row),
        "name": row.name,
        "deleted": row.deactivated,
        "color": row.color,
        "real_name": row.real_name,
        "tz": time_zone,
        "tz_label": there.tzname() or time_zone,
        "tz_offset": int((there.utcoffset() or timedelta()).total_seconds()),
        "profile": profile,
        "is_admin": row.role == "approver",
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": row.standing == "guest",
        "is_ultra_restricted": False,
        "is_bot": row.is_bot,
        "is_app_user": False,
        "updated": 0,
    }


def channel(ws: Workspace, row: Channel, as_user: str) -> Json:
    """Return a conversation object as ``conversations.info`` gives it to a user."""
    shared = ws.is_shared(row)
    common: Json = {
        "id": row.id,
        "created": row.created,
        "is_archived": row.archived,
        "is_im": row.kind == "im",
        "is_org_shared": False,
        "context_team_id": seed.TEAM_ID,
    }
    if row.kind == "im":
        other = next((member for member in row.members if member != as_user), as_user)
        return common | {"user": other, "is_user_deleted": False, "is_open": True, "priority": 0}
    return common | {
        "name": row.name,
        "name_normalized": row.name,
        "is_channel": not row.private,
        "is_group": row.private,
        "is_mpim": False,
        "is_private": row.private,
        "is_general": row.name == "general",
        "is_member": as_user in row.members,
        "is_shared": shared,
        "is_ext_shared": shared,
        "creator": row.members[0] if row.members else "",
        "topic": {"value": row.topic, "creator": "", "last_set": row.created},
        "purpose": {"value": row.topic, "creator": "", "last_set": row.created},
        "previous_names": [],
    }


def file(ws: Workspace, row: StoredFile) -> Json:
    """Return a file object as ``files.info`` and messages give it."""
    if row.deleted:
        return {"id": row.id, "mode": "tombstone"}
    name = quote(row.name)
    path = f"{ws.base_url}/files-pri/{seed.TEAM_ID}-{row.id}"
    channels = ws.file_channels(row)
    shares: Json = {}
    for where in channels:
        shares.setdefault("private" if where.private else "public", {})[where.id] = row.shares[where.id]
    suffix = PurePosixPath(row.name).suffix.lower()
    as_canvas = {
        "mimetype": "application/vnd.slack-docs",
        "filetype": "quip",
        "pretty_type": "Canvas",
        "mode": "quip",
        "permalink": f"{ws.base_url}/docs/{seed.TEAM_ID}/{row.id}",
    }
    return {
        "id": row.id,
        "created": row.created,
        "timestamp": row.created,
        "name": row.name,
        "title": row.title,
        "mimetype": mimetypes.guess_type(row.name)[0] or "text/plain",
        "filetype": row.snippet_type or _FILETYPES.get(suffix, _TEXT)[0],
        "pretty_type": _TEXT[1] if row.snippet_type else _FILETYPES.get(suffix, _TEXT)[1],
        "user": row.user,
        "user_team": seed.TEAM_ID,
        "editable": row.snippet_type is not None,
        "size": row.size,
        "mode": "snippet" if row.snippet_type else "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(not where.private for where in channels),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{path}/{name}",
        "url_private_download": f"{path}/download/{name}",
        "permalink": f"{ws.base_url}/files/{row.user}/{row.id}/{name}",
        "permalink_public": f"{ws.base_url}/{seed.TEAM_ID}-{row.id}",
        "is_starred": False,
        "has_rich_preview": False,
        "file_access": "visible",
        "shares": shares,
        "channels": [c.id for c in channels if c.type == "channel"],
        "groups": [c.id for c in channels if c.type == "group"],
        "ims": [c.id for c in channels if c.type == "im"],
        "comments_count": 0,
        **(as_canvas if row.canvas else {}),
        **({"alt_txt": row.alt_text} if row.alt_text else {}),
    }


def bare_file(row: StoredFile) -> Json:
    """Return a file as events of a shared channel have it: ``files.info`` has to be asked for the rest.

    docs.slack.dev/reference/objects/file-object, *Slack Connect files*.
    """
    return {
        "id": row.id,
        "created": 0,
        "timestamp": 0,
        "mode": "file_access",
        "file_access": "check_file_info",
        "user": "",
    }


def message(ws: Workspace, row: Message, *, metadata: bool = False) -> Json:
    """Return a message object as ``conversations.history`` gives it."""
    author = ws.store.users.get(row.user)
    home = seed.team_of(author) if author else seed.TEAM_ID
    body: Json = {"type": "message", "user": row.user, "ts": row.ts, "text": row.text, "team": home}
    if row.subtype:
        body["subtype"] = row.subtype
    if row.by_app:
        body |= {"bot_id": seed.BOT_ID, "app_id": seed.APP_ID, "bot_profile": _bot_profile(ws)}
    optional: Json = {
        "client_msg_id": row.client_msg_id,
        "blocks": row.blocks,
        "attachments": row.attachments,
        "username": row.username,
        "icons": row.icons,
        "edited": row.edited,
        "metadata": row.metadata if metadata else None,
    }
    body |= {key: value for key, value in optional.items() if value}
    if row.files:
        found = (ws.store.files.get(file_id) for file_id in row.files)
        body |= {"files": [file(ws, one) for one in found if one is not None]}
        body |= {"upload": False, "display_as_bot": False}
    if row.reactions:
        body["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in row.reactions.items()]
    if row.pinned:
        body["pinned_to"] = [row.channel]
    return body | _thread(ws, row)


def _bot_profile(ws: Workspace) -> Json:
    return {
        "id": seed.BOT_ID,
        "app_id": seed.APP_ID,
        "user_id": seed.BOT_USER_ID,
        "name": ws.bot().real_name,
        "deleted": False,
        "updated": 0,
        "team_id": seed.TEAM_ID,
    }


def _thread(ws: Workspace, row: Message) -> Json:
    if row.is_reply and row.thread_ts is not None:
        parent = ws.store.messages.get(f"{row.channel}:{row.thread_ts}")
        return {"thread_ts": row.thread_ts, **({"parent_user_id": parent.user} if parent else {})}
    replies = ws.replies(row.channel, row.ts)
    if not replies:
        return {}
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": row.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
        "reply_users": people[:5],
        "is_locked": False,
        "subscribed": False,
    }


def tombstone(row: Message) -> Json:
    """Return what is left of a deleted message that has replies."""
    text = "This message was deleted."
    return {
        "type": "message",
        "subtype": "tombstone",
        "text": text,
        "user": "USLACKBOT",
        "hidden": True,
        "ts": row.ts,
    }


def view(row: View, *, state: Json | None = None) -> Json:
    """Return a view object, with what its inputs hold when ``state`` is given."""
    body = {
        "id": row.id,
        "team_id": seed.TEAM_ID,
        "app_id": seed.APP_ID,
        "app_installed_team_id": seed.TEAM_ID,
        "bot_id": seed.BOT_ID,
        "root_view_id": row.root,
        "previous_view_id": row.previous,
        "hash": row.hash,
        "state": {"values": state or {}},
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "title": None,
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
    }
    return body | row.body
