"""Somebody stopped an answer while it streamed: the stream itself refuses the next piece, which ends it."""

from handlers.happenings import Event

EVENT = Event(name="agent_session_stopped", subscriptions=("agent_session_stopped",), scopes=("chat:write",))
