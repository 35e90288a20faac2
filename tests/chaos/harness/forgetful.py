"""A bot with a defect put into it on purpose, as proof that the checker sees one: it never reads before it posts."""

from bot.controller.outbox.messages import Outbox
from tests.chaos.harness import zygote


def _finds_nothing(*_: object) -> list[str]:
    return []


if __name__ == "__main__":
    Outbox._find = _finds_nothing  # type: ignore[assignment, method-assign]
    zygote.serve()
