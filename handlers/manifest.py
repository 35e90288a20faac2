"""The app's manifest, made from the code: what is registered is what is asked of Slack, and nothing else."""

from typing import Any, Literal

from handlers.commands import catalogue
from handlers.core import ROOT
from handlers.register import all_events, all_shortcuts

METHOD_SCOPES: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "assistant.threads.setStatus": ("chat:write",),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "canvases.access.set": ("canvases:write",),
    "canvases.create": ("canvases:write",),
    "chat.appendStream": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "conversations.info": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "pins.add": ("pins:write",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
"""Every method that the bot calls, with the scopes that it needs for it."""

OPTIONAL = frozenset({"canvases:write"})
"""Scopes that the bot does without where a workspace does not grant them: a report is then a file.

Slack refuses a manifest in which one of them is not among ``bot``, too (docs.slack.dev/reference/app-manifest).
"""

NAME = "Tunesmith"
_ABOUT = (
    "Fine-tunes models on Amazon Bedrock from Slack: drop a JSONL file, end with a model that answers here."
)
_LONG = (
    "Drop a JSONL file into a channel and Tunesmith says what is wrong with it, line by line. Plan a fine-tuning job "
    "from it, see the price before anything is spent, follow the job in one message, wake the model for as long as "
    "it is needed, and ask it in the channel or in a direct message."
)
_ROOT_SUMMARY = "Datasets, jobs, models and leases: /tune help"
_PATH = "/slack/events"


def build(mode: Literal["socket", "http"], url: str | None) -> dict[str, Any]:
    """Return the manifest for Socket Mode, or for HTTP with the bot's address (``https://…``).

    Raises:
        ValueError: HTTP without an address.
    """
    if mode == "http" and not url:
        raise ValueError("HTTP needs the address at which Slack reaches the bot")
    request_url = _endpoint(url) if mode == "http" and url else None
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": _ABOUT,
            "long_description": _LONG,
            "background_color": "#26333f",
        },
        "features": _features(request_url),
        # What is optional is asked for as all else: the second list only says which of the first may be left out.
        "oauth_config": {"scopes": {"bot": sorted({*scopes(), *OPTIONAL}), "bot_optional": sorted(OPTIONAL)}},
        "settings": _settings(request_url),
    }


def scopes() -> list[str]:
    """Return every scope that the events and methods need, but for those that it does without."""
    needed = {"commands"}
    needed.update(scope for each in all_events() for scope in each.scopes)
    needed.update(scope for each in METHOD_SCOPES.values() for scope in each)
    return sorted(needed - OPTIONAL)


def _endpoint(url: str) -> str:
    bare = url.rstrip("/")
    return bare if bare.endswith(_PATH) else f"{bare}{_PATH}"


def _features(request_url: str | None) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "agent_view": {"agent_description": _ABOUT},
        "bot_user": {"display_name": NAME, "always_online": True},
        "slash_commands": _slash_commands(request_url),
        "shortcuts": [
            {
                "name": each.name,
                "type": each.type,
                "callback_id": each.callback_id,
                "description": each.description,
            }
            for each in all_shortcuts()
        ],
    }


def _slash_commands(request_url: str | None) -> list[dict[str, Any]]:
    apart = {each.slash: each for each in catalogue() if each.slash != ROOT}
    names = ", ".join(each.name for each in catalogue() if each.slash == ROOT)
    found = [_slash_command(ROOT, _ROOT_SUMMARY, f"[{names}]")]
    found += [
        _slash_command(slash, each.summary, each.usage.removeprefix(slash).strip())
        for slash, each in apart.items()
    ]
    return [each | ({"url": request_url} if request_url else {}) for each in found]


def _slash_command(slash: str, summary: str, hint: str) -> dict[str, Any]:
    return {"command": slash, "description": summary, "usage_hint": hint, "should_escape": False}


def _settings(request_url: str | None) -> dict[str, Any]:
    where = {"request_url": request_url} if request_url else {}
    subscriptions = sorted(name for each in all_events() for name in each.subscriptions)
    return {
        "event_subscriptions": where | {"bot_events": subscriptions},
        "interactivity": {"is_enabled": True} | where,
        "org_deploy_enabled": False,
        "socket_mode_enabled": request_url is None,
        "token_rotation_enabled": False,
    }
