"""Redis: reachable, its version, role, memory, durability, rights, clock, and the way there."""

from collections.abc import Iterator

from bot.checkup import Level, Line, Look, bad, good, warning
from bot.doctor.surroundings import Surroundings
from storage import checks


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask it, as the bot does when it starts."""
    durability: checks.Durability = (
        "external" if surroundings.settings.redis_durability == "external" else "checked"
    )
    for each in checks.check(
        surroundings.redis,
        surroundings.keys,
        durability=durability,
        clock=surroundings.clock,
        has_budgets=bool(surroundings.settings.budgets),
    ):
        about, said = f"Redis: {each.name}", str(each.sentence)
        if each.ok:
            yield good(about, said)
        elif each.required:
            yield bad(about, said, each.mend)
        else:
            yield warning(about, said, each.mend)


LOOK = Look("Redis", at, seconds=10, unclear=Level.BAD)
