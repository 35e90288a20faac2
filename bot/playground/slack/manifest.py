"""What the app's manifest says: which commands, shortcuts, events and scopes exist."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.playground.slack.state import Json

EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "agent_session_stopped": ("chat:write",),
    "app_context_changed": ("assistant:write",),
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "assistant_thread_context_changed": (),
    "assistant_thread_started": (),
    "channel_id_changed": (),
    "file_deleted": ("files:read",),
    "file_shared": ("files:read",),
    "member_joined_channel": ("channels:read", "groups:read", "mpim:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "tokens_revoked": (),
}
"""The scopes of which an app needs one to be sent an event, by the name that it subscribes to."""

DEFAULT: Json = {
    "_metadata": {"major_version": 2, "minor_version": 1},
    "display_information": {"name": "Playground app"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "agent_view": {"agent_description": "An app to play with."},
        "bot_user": {"display_name": "playground", "always_online": True},
        "slash_commands": [{"command": "/play", "description": "Play", "should_escape": False}],
        "shortcuts": [
            {"name": "Look at it", "type": "message", "callback_id": "look", "description": "Look at a message"},
            {"name": "Start", "type": "global", "callback_id": "begin", "description": "Start something"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read", "assistant:write", "canvases:write", "channels:history", "channels:read",
                "chat:write", "commands", "files:read", "files:write", "groups:history", "groups:read", "im:history",
                "im:read", "im:write", "mpim:history", "mpim:read", "pins:write", "reactions:write", "reactions:read",
                "usergroups:read", "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "agent_session_stopped", "app_home_opened", "app_mention", "file_shared", "message.channels",
                "message.groups", "message.im", "message.mpim",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}  # fmt: skip
"""A manifest with everything that the stand-in knows, for when none is given."""


@dataclass(frozen=True)
class SlashCommand:
    """A slash command that the app registered."""

    command: str
    description: str
    usage_hint: str = ""
    should_escape: bool = False
    url: str | None = None


@dataclass(frozen=True)
class Shortcut:
    """A global or message shortcut that the app registered."""

    callback_id: str
    name: str
    type: str
    description: str = ""


class InvalidManifest(ValueError):
    """Slack would make no app of the manifest."""


def refusals(document: Json) -> list[str]:
    """Return why Slack would refuse a manifest, beyond what its JSON schema says.

    What is optional has to be asked for as well (docs.slack.dev/reference/app-manifest); the rest is what
    apps.manifest.validate was seen to answer (github.com/derive-to/derive/pull/558 and
    github.com/gastownhall/gascity-packs/issues/63).
    """
    features, scopes = document.get("features", {}), document.get("oauth_config", {}).get("scopes", {})
    wrong = [
        f"{kind}_optional: {scope} is not among {kind}"
        for kind in ("bot", "user")
        for scope in scopes.get(f"{kind}_optional", [])
        if scope not in scopes.get(kind, [])
    ]
    asked = scopes.get("bot", [])
    if (features.get("slash_commands") or features.get("shortcuts")) and "commands" not in asked:
        wrong.append("requires_commands_bot_scope")
    if features.get("slash_commands") == []:
        wrong.append("slash_commands: no fewer than 1 item")
    for event in document.get("settings", {}).get("event_subscriptions", {}).get("bot_events", []):
        needed = EVENT_SCOPES.get(event, ())
        if needed and not set(needed) & set(asked):
            wrong.append(f"{event}: requires one of {', '.join(needed)}")
    return wrong


class Manifest:
    """Answers questions about a manifest; ``scopes`` are those granted at installation (default: those asked for)."""

    def __init__(self, document: Json, scopes: Sequence[str] | None = None) -> None:
        """Read a manifest.

        Raises:
            InvalidManifest: Slack would refuse it.
        """
        self.document = document
        features: Json = document.get("features", {})
        self.settings: Json = document.get("settings", {})
        if wrong := refusals(document):
            raise InvalidManifest("; ".join(wrong))
        asked = document.get("oauth_config", {}).get("scopes", {}).get("bot", [])
        self.scopes = tuple(asked if scopes is None else scopes)
        self.app_name = str(document.get("display_information", {}).get("name", "App"))
        self.bot_name = str(features.get("bot_user", {}).get("display_name", self.app_name))
        self.home: Json = features.get("app_home", {})
        self.is_agent = "agent_view" in features
        self.is_assistant = "assistant_view" in features
        self.events = frozenset(self.settings.get("event_subscriptions", {}).get("bot_events", []))
        self.commands = {
            item["command"]: SlashCommand(
                item["command"],
                item.get("description", ""),
                item.get("usage_hint", ""),
                bool(item.get("should_escape", False)),
                item.get("url"),
            )
            for item in features.get("slash_commands", [])
        }
        self.shortcuts = {
            item["callback_id"]: Shortcut(
                item["callback_id"], item["name"], item["type"], item.get("description", "")
            )
            for item in features.get("shortcuts", [])
        }

    @property
    def socket_mode(self) -> bool:
        """Whether payloads come by WebSocket."""
        return bool(self.settings.get("socket_mode_enabled", False))

    @property
    def interactive(self) -> bool:
        """Whether buttons, modals and shortcuts are delivered at all."""
        return bool(self.settings.get("interactivity", {}).get("is_enabled", False))

    def has_any(self, scopes: Sequence[str]) -> bool:
        """Whether one of these scopes was granted (or none is needed)."""
        return not scopes or any(scope in self.scopes for scope in scopes)

    def receives(self, event: str) -> bool:
        """Whether the app subscribed to an event and holds a scope for it."""
        return event in self.events and self.has_any(EVENT_SCOPES.get(event, ()))

    def url_for(self, kind: str, command: str = "") -> str | None:
        """Return the request URL of the manifest for ``events``, ``interactivity`` or a ``command``."""
        if kind == "command":
            found = self.commands.get(command)
            return found.url if found else None
        section = "event_subscriptions" if kind == "events" else "interactivity"
        url = self.settings.get(section, {}).get("request_url")
        return str(url) if url else None
