"""When to show what has come: at once at first, then not more often than Slack takes it."""

from bot.clock import Clock

INTERVAL = 0.7
"""Seconds between two appends: chat.appendStream takes 100 a minute for a whole workspace
(docs.slack.dev/apis/web-api/rate-limits, tier 4), so one answer alone stays under it."""
EDIT_INTERVAL = 3.0
"""Seconds between two edits where an answer cannot be streamed: chat.update takes 50 a minute (tier 3)."""
PIECE = 200
"""Characters that are shown before the interval is over."""
FLOOR = 0.3
"""Seconds between two appends, however much has come."""


class Pacer:
    """Collects pieces and says when they are worth a call.

    Attributes:
        interval: Seconds between two calls; set it to ``EDIT_INTERVAL`` where a call is an edit.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._text = ""
        self._shown_at: float | None = None
        self._not_before = 0.0
        self.interval = INTERVAL

    def add(self, piece: str) -> None:
        """Take a piece."""
        self._text += piece

    def is_due(self) -> bool:
        """Whether it is time to show what has come. The first piece is due at once."""
        if not self._text.strip():
            return False
        if self._shown_at is None:
            return True
        since = self._clock.monotonic() - self._shown_at
        if self._clock.monotonic() < self._not_before:
            return False
        return since >= self.interval or (
            self.interval == INTERVAL and since >= FLOOR and len(self._text) >= PIECE
        )

    def take(self) -> str:
        """Return everything that has come, which now counts as shown."""
        text, self._text = self._text, ""
        self._shown_at = self._clock.monotonic()
        return text

    def put_back(self, text: str, wait: float) -> None:
        """Keep the text for later: Slack did not take it and wants to be left alone for ``wait`` seconds."""
        self._text = text + self._text
        self._not_before = self._clock.monotonic() + wait
