"""Which model answers a question: what is served, as whoever asks sees it."""

from collections.abc import Callable

from bot.errors import NotFound, Refused, Unavailable
from bot.questions.answerer import Answerer, Asleep
from bot.serving.resolver import Resolver
from bot.visibility import Viewer


class ServedAnswerers:
    """``bot.questions.ports.Answerers``: a resolver for each question, for the person and the place that it is from."""

    def __init__(self, resolver_for: Callable[[Viewer], Resolver]) -> None:
        self._resolver_for = resolver_for

    def answerer(self, model: str | None, channel: str, user: str, *, of_base: bool = False) -> Answerer:
        """Return the model named, or the one that the channel means when none is, for that person; or its base.

        Raises:
            Unavailable: it is not known, since Slack does not say what the person sees.
            NotFound, Refused: as the resolver's.
        """
        resolver = self._resolver_for(Viewer(user, channel))
        try:
            return resolver.base_of(model, channel) if of_base else resolver.answerer(model, channel)
        except Asleep:
            raise
        except (NotFound, Refused) as unseen:
            if not resolver.is_unclear:
                raise
            # Slack has not said what they may see: that there is no such model is not known, and it is asked again.
            raise Unavailable("Slack did not tell me which conversations you are in.") from unseen
