"""Telling what came of a request for which one person waits: in its thread, or where that person can be reached."""

from datetime import datetime
from typing import Protocol

from bot.controller.context import AnyContext
from bot.controller.outbox.entries import Place, entry_of, place_under
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer


class Request(Protocol):
    """Where something was asked for, by whom, and when."""

    @property
    def channel(self) -> str:
        """The channel, or the direct message."""

    @property
    def thread_ts(self) -> str | None:
        """The thread, when there is one."""

    @property
    def user(self) -> str:
        """Who asked: they are told directly what the channel does not take."""

    @property
    def asked_at(self) -> datetime:
        """When."""


class Replies:
    """Posts cards, and knows where what belongs under them goes."""

    def __init__(self, outbox: Outbox, renderer: Renderer) -> None:
        self._outbox = outbox
        self._renderer = renderer

    def post(
        self, context: AnyContext, request: Request, name: str, card: object, *, under: str | None = None
    ) -> str | None:
        """Post the card, once, and return its timestamp; None when neither a place nor a person takes it.

        It goes into the request's thread, or under the message of that name where that is posted.
        """
        place = self.place(context, request, under) if under else Place(request.channel, request.thread_ts)
        return self._outbox.post_once(
            context,
            name,
            self._renderer.render(card),
            channel=place.channel,
            thread_ts=place.thread_ts,
            since=request.asked_at,
            owner=request.user,
        )

    def place(self, context: AnyContext, request: Request, name: str) -> Place:
        """Return where what belongs under a message goes: to where that is, or else to where it was asked.

        It does not follow a message to a last resort: what is in a file is nobody's business but the asker's.
        """
        entry, asked = entry_of(context, name), Place(request.channel, request.thread_ts)
        if entry.tried and entry.to != request.user:
            return asked
        return place_under(context, name) or asked
