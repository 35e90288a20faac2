"""A page of ours that a thread can read, made once: a canvas that nobody sees until that conversation may read it."""

import logging
from collections.abc import Callable

from bot.controller.canvases import Canvases
from bot.controller.context import AnyContext
from bot.controller.effects import Effect
from bot.controller.outbox.entries import Place
from bot.errors import Misconfigured, NotFound, Refused

CALL = 6.0
"""Seconds that one call to Slack may take."""

CREATE = Effect(
    "create-canvas",
    "making a canvas, which nobody sees but the app",
    "a canvas that nobody sees; another is made",
    longest=CALL,
)
OPEN = Effect(
    "open-canvas",
    "letting those who read the conversation read the canvas",
    "a canvas that they may read already: letting them again changes nothing",
    longest=CALL,
)
CANVASES = (CREATE, OPEN)
"""The effects of whatever shows a page, each by the page's slot."""

log = logging.getLogger(__name__)


class ThreadCanvases:
    """Makes pages for threads, each by a slot of its own within the resource."""

    def __init__(self, canvases: Canvases | None) -> None:
        """``canvases`` is Slack; None: there are none."""
        self._canvases = canvases

    def link(
        self,
        context: AnyContext,
        slot: str,
        place: Place,
        *,
        title: str,
        write: Callable[[], str],
        reader: str,
    ) -> str:
        """Return the address of a page that those in a conversation can read; empty where there can be none.

        ``write`` makes its Markdown, once it is needed. ``reader`` is the person of a direct message.

        Raises:
            Throttled, Unavailable: nobody knows yet.
        """
        canvases = self._canvases
        if canvases is None:
            return ""
        try:
            is_new = not context.record(CREATE, slot).result
            canvas = str(context.once(CREATE, lambda: canvases.create(title, write()), item=slot))
            if is_new:
                context.save()  # so that a death right after it leaves none behind

            def let_them() -> bool:
                canvases.open_to(canvas, channel=place.channel, reader=reader)
                return True

            context.once(OPEN, let_them, item=slot)
            return canvases.link(canvas)
        except (Refused, Misconfigured, NotFound) as no:
            log.info("%s: no canvas for %s: %s (%s)", context.key, slot, no.sentence, no.detail)
            return ""
