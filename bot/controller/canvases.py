"""Pages in Slack that people open where they read the message: canvases, in a workspace that has them."""

from typing import Protocol


class Canvases(Protocol):
    """Slack's canvases.

    Not every workspace has them, and not every app may make them: then ``create`` raises ``Refused`` or
    ``Misconfigured``, and whoever wanted one shares a file instead. All raise ``Throttled`` and ``Unavailable``, too.
    """

    def create(self, title: str, markdown: str) -> str:
        """Make a canvas that nobody sees but us, and return its ID; repeating leaves another that nobody sees.

        Raises:
            Refused: the workspace has none, its plan has none like this, or it is too long.
            Misconfigured: the app lacks the scope.
        """

    def open_to(self, canvas: str, *, channel: str, reader: str) -> None:
        """Let whoever is in the channel read it; in a direct message its ``reader``. Repeating it is harmless.

        Raises:
            Refused: it cannot be read there.
        """

    def link(self, canvas: str) -> str:
        """Return the address that opens it.

        Raises:
            NotFound: it is gone.
        """
