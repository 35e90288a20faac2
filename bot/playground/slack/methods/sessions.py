"""agents.sessions.setStatus."""

from bot.playground.slack import seed, sessions
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.content import CUSTOM_ARGS
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_3
from bot.playground.slack.state import Json


@method(
    "agents.sessions.setStatus",
    tier=TIER_3,
    scopes=("chat:write",),
    args=(
        Arg("channel_id", required=True),
        Arg("status", required=True),
        Arg("thread_ts"),
        Arg("title"),
        Arg("initiator_user_id"),
        *CUSTOM_ARGS,
    ),
    errors=("channel_not_found", "user_not_found", "not_authorized", "invalid_status", "thread_ts_required"),
)
def set_status(call: Call) -> Json:
    """Say how far the work in a thread is; while it is ``processing`` people have a button that stops it."""
    ws = call.ws
    if call.text("status") not in sessions.STATUSES:
        raise SlackError("invalid_status")
    if not ws.manifest.is_agent:
        # Met in practice, and in no reference: github.com/kirodotdev/KiroCrew/issues/9822.
        raise SlackError("not_authorized")
    channel = ws.store.channels.get(call.text("channel_id"))
    if channel is None:
        raise SlackError("channel_not_found")
    if seed.BOT_USER_ID not in channel.members:
        raise SlackError("not_authorized")
    thread_ts = call.maybe("thread_ts")
    if thread_ts is None:
        raise SlackError("thread_ts_required")
    initiator = call.maybe("initiator_user_id")
    if initiator is not None and initiator not in channel.members:
        raise SlackError("user_not_found")
    if len(call.text("title")) > sessions.TITLE:
        raise SlackError("invalid_arguments", messages=["[ERROR] must be at most 200 characters"])
    session = sessions.set_status(ws, channel.id, thread_ts, call.text("status"), call.text("title"))
    if not ws.manifest.receives(sessions.STOPPED):
        call.warn("missing_agent_session_stopped_event_subscription")
    return {"status": session.status, "agent_status": session.status, "title": session.title}
