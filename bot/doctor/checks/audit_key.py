"""Whether what is decided is sealed under a key."""

from collections.abc import Iterator

from bot.audit.words import UNSEALED, UNSEALED_MEND
from bot.checkup import Line, Look, good, warning
from bot.doctor.surroundings import Surroundings

ABOUT = "Audit"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Look at the settings; nobody is asked."""
    if surroundings.settings.audit_key is None:
        yield warning(ABOUT, UNSEALED, UNSEALED_MEND)
    else:
        yield good(ABOUT, "What is decided is sealed under a key that Redis has not.")


LOOK = Look(ABOUT, at, seconds=1)
