"""Agent sessions: what an agent says of its work in a thread, and the button by which a person stops it.

docs.slack.dev/ai/agent-sessions and /reference/events/agent_session_stopped: the button is shown while a session's
status is ``processing``, whether or not a stream is open, to people of an app that is subscribed to the event; a press
ends the streams that are open, sends the event, and leaves the status to the app. Opening a stream creates a session
by itself, and one that nobody moves is not ``processing`` any more after an hour (the same page, quoted in
github.com/NousResearch/hermes-agent/issues/90978).
"""

from dataclasses import dataclass

from bot.playground.slack import events
from bot.playground.slack.errors import SeenByPerson
from bot.playground.slack.state import Json
from bot.playground.slack.workspace import Workspace

STATUSES = ("active", "processing", "suspended", "closed")
LIFETIME = 3600.0
"""Seconds for which a session stays ``processing`` at most."""
STOPPED = "agent_session_stopped"
TITLE = 200
"""Characters of a title: docs.slack.dev/reference/methods/agents.sessions.setStatus."""


@dataclass(frozen=True)
class Session:
    """A thread's session as it stands. Like "is thinking...", it is gone when the stand-in ends."""

    status: str
    title: str = ""


def set_status(ws: Workspace, channel: str, thread_ts: str, status: str, title: str = "") -> Session:
    """Move a thread's session, creating it if needed; a title counts for a new one only."""
    before = ws.sessions.get((channel, thread_ts))
    session = Session(status, before.title if before else title)
    ws.sessions[channel, thread_ts] = session
    if status == "processing":
        ws.later(ws.now() + LIFETIME, lambda: _expire(ws, channel, thread_ts, session))
    events.session(ws, shown(ws, channel, thread_ts))
    return session


def _expire(ws: Workspace, channel: str, thread_ts: str, session: Session) -> None:
    with ws.store.lock:
        if ws.sessions.get((channel, thread_ts)) is session:
            set_status(ws, channel, thread_ts, "active")


def shown(ws: Workspace, channel: str, thread_ts: str) -> Json:
    """Return what the page shows of a session: whether something is at work, and whether it can be stopped."""
    at_work = is_processing(ws, channel, thread_ts)
    return {
        "channel": channel,
        "thread_ts": thread_ts,
        "processing": at_work,
        "stoppable": at_work and ws.manifest.receives(STOPPED),
    }


def is_processing(ws: Workspace, channel: str, thread_ts: str) -> bool:
    """Whether an agent is at work in a thread."""
    session = ws.sessions.get((channel, thread_ts))
    return session is not None and session.status == "processing"


def stop(ws: Workspace, channel: str, thread_ts: str, user_id: str) -> None:
    """Press stop: end the thread's open streams, and tell the app. The status is the app's to move.

    Raises:
        SeenByPerson: there is no such button: nothing is processing, or the app would not be told.
    """
    if not is_processing(ws, channel, thread_ts):
        raise SeenByPerson("That answer is already complete.")
    if not ws.manifest.receives(STOPPED):
        raise SeenByPerson("This app cannot be stopped.")
    streaming = [
        row
        for row in ws.messages(channel)
        if row.by_app and thread_ts in (row.ts, row.thread_ts) and ws.is_streaming(row)
    ]
    for row in streaming:
        assert row.stream is not None
        row.stream.state = "stopped_by_user"
        ws.store.messages.put(row)
        events.page_changed(ws, row)
    events.session_stopped(ws, channel, thread_ts, user_id, [row.ts for row in streaming])
