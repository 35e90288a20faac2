"""Tokens were revoked: every later call fails by itself, and the log says so."""

from handlers.event import Event

EVENT = Event(name="tokens_revoked", subscriptions=("tokens_revoked",), scopes=())
