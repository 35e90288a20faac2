"""assistant.threads.setStatus, setSuggestedPrompts and setTitle."""

from bot.playground.slack import events, messages, seed
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.content import CUSTOM_ARGS
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import SPECIAL, TIER_4
from bot.playground.slack.state import Channel, Json
from bot.playground.slack.workspace import Workspace

STATUS_LIFETIME = 120.0
"""Seconds after which Slack takes a status down by itself."""
PROMPTS = 4
LOADING_MESSAGES = 10


def _channel(call: Call) -> Channel:
    channel = call.ws.store.channels.get(call.text("channel_id"))
    if channel is None or seed.BOT_USER_ID not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def _thread(call: Call, channel: Channel) -> str:
    row = call.ws.message(channel.id, call.text("thread_ts"))
    if row is None or row.ephemeral_to is not None:
        raise SlackError("invalid_thread_ts")
    return row.ts


@method(
    "assistant.threads.setStatus",
    tier=SPECIAL,
    scopes=("chat:write", "assistant:write"),
    args=(
        Arg("channel_id", required=True),
        Arg("thread_ts", required=True),
        Arg("status"),
        Arg("loading_messages", "list"),
        *CUSTOM_ARGS,
    ),
    errors=("channel_not_found", "invalid_thread_ts"),
)
def set_status(call: Call) -> Json:
    """Show what the app is doing below a message; an empty text takes it down."""
    ws = call.ws
    if "status" not in call.args:
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: status"])
    channel = _channel(call)
    thread_ts, text = _thread(call, channel), call.text("status")
    loading = [str(item) for item in call.args.get("loading_messages", [])]
    if len(loading) > LOADING_MESSAGES:
        message = f"[ERROR] no more than {LOADING_MESSAGES} items allowed [json-pointer:/loading_messages]"
        raise SlackError("invalid_arguments", messages=[message])
    ws.statuses.pop((channel.id, thread_ts), None)
    if text:
        shown: Json = {"status": text, "loading_messages": loading}
        ws.statuses[channel.id, thread_ts] = shown
        ws.later(ws.now() + STATUS_LIFETIME, lambda: _expire(ws, channel.id, thread_ts, shown))
    events.status(ws, channel.id, thread_ts, text, loading)
    return {}


def _expire(ws: Workspace, channel_id: str, thread_ts: str, shown: Json) -> None:
    with ws.store.lock:
        # That very one: a later status has a time of its own.
        if ws.statuses.get((channel_id, thread_ts)) is shown:
            messages.clear_status(ws, channel_id, thread_ts)


@method(
    "assistant.threads.setSuggestedPrompts",
    tier=TIER_4,
    scopes=("assistant:write",),
    args=(
        Arg("channel_id", required=True),
        Arg("thread_ts"),
        Arg("prompts", "json", required=True),
        Arg("title"),
    ),
    errors=("channel_not_found", "invalid_thread_ts", "not_agent_app"),
)
def set_prompts(call: Call) -> Json:
    """Offer a person up to four things to say; for an agent app Slack silently ignores it with ``thread_ts``."""
    ws = call.ws
    if not (ws.manifest.is_agent or ws.manifest.is_assistant):
        raise SlackError("not_agent_app")
    channel = _channel(call)
    prompts = _prompts(call.args["prompts"])
    if call.maybe("thread_ts"):
        _thread(call, channel)
        if ws.manifest.is_agent:
            return {}
    shown: Json = {"title": call.text("title"), "prompts": prompts}
    ws.prompts[channel.id] = shown
    ws.feed.add("prompts", channel=channel.id, **shown)
    return {}


def _prompts(value: object) -> list[Json]:
    if not isinstance(value, list) or not 1 <= len(value) <= PROMPTS:
        message = f"[ERROR] must have 1 to {PROMPTS} items [json-pointer:/prompts]"
        raise SlackError("invalid_arguments", messages=[message])
    for index, item in enumerate(value):
        if not isinstance(item, dict) or not item.get("title") or not item.get("message"):
            message = f"[ERROR] needs `title` and `message` [json-pointer:/prompts/{index}]"
            raise SlackError("invalid_arguments", messages=[message])
    return value


@method(
    "assistant.threads.setTitle",
    tier=TIER_4,
    scopes=("assistant:write",),
    args=(Arg("channel_id", required=True), Arg("thread_ts", required=True), Arg("title", required=True)),
    errors=("channel_not_found", "invalid_thread_ts"),
)
def set_title(call: Call) -> Json:
    """Name a thread in the app's history of conversations."""
    _thread(call, _channel(call))
    return {}
