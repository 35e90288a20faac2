"""Which model answers a question: the service of the leases, as whoever asks sees them."""

from collections.abc import Callable

from bot.leases.service import LeaseService
from bot.questions.answerer import Answerer
from bot.visibility import Viewer


class LeaseAnswerers:
    """``bot.questions.ports.Answerers``: a service for each question, for the person and the place that it is from."""

    def __init__(self, service_for: Callable[[Viewer], LeaseService]) -> None:
        self._service_for = service_for

    def answerer(self, model: str | None, channel: str, user: str) -> Answerer:
        """Return the model named, or the one that the channel means when none is, for that person."""
        return self._service_for(Viewer(user, channel)).answerer(model, channel)
