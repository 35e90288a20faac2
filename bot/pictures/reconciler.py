"""A picture that one person asked to see: drawn in a worker process, sent to them directly.

What it does on the outside, and what settles each of it, is in docs/effects.md. Drawing it again gives the same bytes.
It goes nowhere else: what it shows was read as that person sees it.
"""

import logging
from typing import Protocol

from bot.charts.ports import Charts
from bot.controller.context import Context
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Outcome
from bot.controller.outbox.files import ThreadFiles
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer
from bot.controller.retry_limits import at_last, is_worth_waiting
from bot.controller.shared_files import SharedFiles
from bot.errors import Misconfigured, Refused, Unavailable
from bot.pictures.cards import PictureNotSent
from bot.pictures.model import PictureSpec, PictureStatus

_SLOT, _PROBLEM = "picture", "problem"

log = logging.getLogger(__name__)


class PictureDependencies(Protocol):
    """All that a picture's reconciler works with, among the ports."""

    charts: Charts
    files: SharedFiles
    outbox: Outbox
    renderer: Renderer


class PictureReconciler:
    """Draws a picture and sends it, or says why it does not come."""

    def __init__(self, dependencies: PictureDependencies) -> None:
        self._dependencies = dependencies
        self._files = ThreadFiles(dependencies.files)

    def __call__(self, context: Context[PictureSpec, PictureStatus]) -> Outcome:
        """Go as far as one turn gets."""
        if not context.status.why:
            try:
                self._send(context)
            except (Refused, Misconfigured, Unavailable) as trouble:
                if is_worth_waiting(context, trouble):
                    raise
                log.warning("%s: it was not sent: %s %s", context.key, trouble.sentence, trouble.detail)
                context.status.why = at_last(trouble)
                context.save()
        if context.status.why:
            self._tell(context)
        return self._dependencies.outbox.settle(context, {})

    def _send(self, context: Context[PictureSpec, PictureStatus]) -> None:
        spec = context.spec
        place = self._dependencies.outbox.direct(spec.user)
        with KeepAlive(context):  # another picture may be drawn first
            self._files.attach(
                context,
                _SLOT,
                name=spec.name,
                content=lambda: self._dependencies.charts.draw(spec.chart),
                channel=place,
                thread_ts=None,
                alt_text=spec.alt_text,
            )

    def _tell(self, context: Context[PictureSpec, PictureStatus]) -> None:
        """Say why it does not come, with what it shows in words."""
        spec, status = context.spec, context.status
        self._dependencies.outbox.post_once(
            context,
            _PROBLEM,
            self._dependencies.renderer.render(PictureNotSent(spec.alt_text, status.why)),
            channel=spec.user,
            since=spec.asked_at,
        )
