"""How models answer, as whoever owns them sets it."""

from dataclasses import dataclass

from bot.access import Access
from bot.clock import Clock
from bot.directory.directory import Directory
from bot.errors import BadField
from bot.figures import figure, whole
from bot.models.model import AnswerSettings, CustomModel
from bot.models.ports import AnswerSettingsRepository
from bot.profiles import registry
from bot.wording import is_blank

TEMPERATURE, MAX_TOKENS, STOP, SYSTEM = "temperature", "max_tokens", "stop", "system"
"""The fields of the form."""
MOST_STOPS, LONGEST_STOP = 4, 60
"""Stop sequences, and characters of one: what every base that can be tuned takes."""


@dataclass(frozen=True, slots=True)
class AnswersOf:
    """A model with how it answers: ``settings`` is None while nobody set anything, ``longest`` what is possible."""

    model: CustomModel
    settings: AnswerSettings | None
    longest: int

    @property
    def other_prompt(self) -> bool:
        """Whether it is given another system prompt than it was trained with."""
        given = self.settings.system_prompt if self.settings else None
        return given is not None and given != self.model.system_prompt


class AnsweringService:
    """Reads and sets how models answer, for one viewer. Every method may raise ``Unavailable``.

    Args:
        settings: where it is kept.
        directory: what the viewer sees.
        access: who may.
        clock: the time.
        longest: the longest answer of all, in tokens.
    """

    def __init__(
        self,
        settings: AnswerSettingsRepository,
        directory: Directory,
        access: Access,
        clock: Clock,
        longest: int,
    ) -> None:
        self._settings = settings
        self._directory = directory
        self._access = access
        self._clock = clock
        self._longest = longest

    def of(self, name: str) -> AnswersOf:
        """Return how a model answers, for whoever may set it.

        Raises:
            NotFound: there is no such model.
            NotAllowed: somebody else's.
        """
        model = self._directory.known_model(name)
        self._access.check_owning(self._directory.viewer.user, model.owner)
        longest = min(registry.get(model.profile).max_answer_tokens, self._longest)
        return AnswersOf(model, self._settings.of(model.arn), longest)

    def set(self, name: str, *, temperature: str, max_tokens: str, stop: str, system: str) -> AnswersOf:
        """Have the model answer so from now on, as it was filled in; what is empty is as by default.

        ``stop`` has one text a line.

        Raises:
            NotFound, NotAllowed: as ``of``.
            BadField: a value that cannot be.
        """
        now = self.of(name)
        settings = AnswerSettings(
            arn=now.model.arn,
            by=self._directory.viewer.user,
            at=self._clock.now(),
            temperature=_temperature(temperature.strip()),
            max_tokens=_tokens(max_tokens.strip(), now.longest),
            stop=_stops(stop),
            system_prompt=None if is_blank(system) else system.strip(),
        )
        self._settings.save(settings)
        return AnswersOf(now.model, settings, now.longest)


def _temperature(said: str) -> float | None:
    if not said:
        return None
    value = figure(said.replace(",", "."))
    if value is None or value > 1:
        raise BadField(TEMPERATURE, "A number from 0 to 1.", hint="0 says the same each time.")
    return float(value)


def _tokens(said: str, longest: int) -> int | None:
    if not said:
        return None
    tokens = whole(said)
    if tokens is None or not 1 <= tokens <= longest:
        raise BadField(MAX_TOKENS, f"A whole number from 1 to {longest:,}.")
    return tokens


def _stops(said: str) -> tuple[str, ...]:
    stops = tuple(dict.fromkeys(each.strip() for each in said.splitlines() if each.strip()))
    if len(stops) > MOST_STOPS or any(len(each) > LONGEST_STOP for each in stops):
        raise BadField(STOP, f"At most {MOST_STOPS} lines, each of at most {LONGEST_STOP} characters.")
    if any(map(is_blank, stops)):
        raise BadField(STOP, "A line holds nothing that can be seen.", hint="Write it anew, or leave it out.")
    return stops
