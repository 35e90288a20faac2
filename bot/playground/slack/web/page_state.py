"""What the page shows when it is opened."""

from collections.abc import Callable

from bot.playground.slack import seed, sessions, shapes
from bot.playground.slack.state import Channel, Json, User
from bot.playground.slack.workspace import Workspace


def person(user: User) -> Json:
    """Return a user as the page takes one."""
    initials = "".join(part[0] for part in user.real_name.split()[:2]).upper()
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "role": user.role,
        "is_bot": user.is_bot,
        "color": f"#{user.color}",
        "initials": initials,
    }


def channel(ws: Workspace, row: Channel, user_id: str) -> Json:
    """Return a channel as the page takes one."""
    other = next((member for member in row.members if member != user_id), user_id)
    read_to = row.last_read.get(user_id, "0")
    unread = sum(
        message.ts > read_to
        and message.user != user_id
        and message.ephemeral_to is None
        and not message.is_reply
        for message in ws.messages(row.id)
    )
    return {
        "id": row.id,
        "name": ws.user(other).real_name if row.kind == "im" else row.name,
        "kind": row.kind,
        "private": row.private,
        "topic": row.topic,
        "is_member": user_id in row.members,
        "bot_is_member": seed.BOT_USER_ID in row.members,
        "unread": unread,
        **({"person": other} if row.kind == "im" else {}),
    }


def state(
    ws: Workspace,
    user_id: str | None,
    bedrock: Callable[[], Json | None],
    connected: bool,
) -> Json:
    """Return everything for a first look, as one person (the first when none is named)."""
    with ws.store.lock:
        me = user_id if user_id and ws.store.users.get(user_id) else seed.PEOPLE[0][0]
        channels = [c for c in ws.store.channels.values() if ws.sees_channel(me, c)]
        top = ws.store.views.values()
        return {
            "ok": True,
            "team": {"id": seed.TEAM_ID, "name": seed.TEAM_NAME, "domain": seed.TEAM_DOMAIN},
            "me": me,
            "people": [person(user) for user in ws.store.users.values()],
            "app": {"id": seed.APP_ID, "name": ws.manifest.app_name, "bot_user_id": seed.BOT_USER_ID},
            "channels": [channel(ws, row, me) for row in channels],
            "commands": [
                {
                    "command": command.command,
                    "description": command.description,
                    "usage_hint": command.usage_hint,
                }
                for command in ws.manifest.commands.values()
            ],
            "shortcuts": [
                {"callback_id": s.callback_id, "name": s.name, "type": s.type}
                for s in ws.manifest.shortcuts.values()
            ],
            "bedrock": bedrock(),
            "seq": ws.feed.seq,
            "bot": {"connected": connected},
            "home_tab": bool(ws.manifest.home.get("home_tab_enabled", False)),
            "views": [shapes.view(view) for view in top if view.user == me and not view.closed],
            "prompts": dict(ws.prompts),
            "sessions": [
                sessions.shown(ws, *where)
                for where in ws.sessions
                if ws.sees_channel(me, ws.channel(where[0]))
            ],
        }
