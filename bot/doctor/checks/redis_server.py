"""Redis: reachable, its version, role, memory, durability, rights, clock, and the way there."""

from collections.abc import Iterator

from bot.checkup import Level, Line, Look, bad, good, warning
from bot.doctor.around import Around
from storage import checks


def at(around: Around) -> Iterator[Line]:
    """Ask it, as the bot does when it starts."""
    durability: checks.Durability = (
        "external" if around.settings.redis_durability == "external" else "checked"
    )
    for each in checks.check(
        around.redis,
        around.keys,
        durability=durability,
        clock=around.clock,
        has_budgets=bool(around.settings.budgets),
    ):
        about, said = f"Redis: {each.name}", str(each.sentence)
        if each.ok:
            yield good(about, said)
        elif each.required:
            yield bad(about, said, each.mend)
        else:
            yield warning(about, said, each.mend)


LOOK = Look("Redis", at, seconds=10, unclear=Level.BAD)
