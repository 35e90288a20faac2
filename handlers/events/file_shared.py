"""A file was shared: its ``message`` event says the same, and in which message."""

from handlers.event import Event

EVENT = Event(name="file_shared", subscriptions=("file_shared",), scopes=("files:read",))
