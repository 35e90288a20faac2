"""A guardrail in memory."""

from bot.errors import TunesmithError


class FakeGuardrail:
    """A ``Guardrail`` that stops texts with one word in them; ``error`` is raised for the next ``fails`` texts."""

    name = "abc:1"

    def __init__(self, word: str, error: TunesmithError | None = None, fails: int = 1_000_000) -> None:
        self._word = word
        self._error = error
        self._fails = fails
        self.screened: list[tuple[str, bool]] = []

    def screen(self, text: str, *, is_answer: bool) -> tuple[str, ...]:
        if self._error and self._fails:
            self._fails -= 1
            raise self._error
        self.screened.append((text, is_answer))
        return ("content: prompt attack",) if self._word in text else ()
