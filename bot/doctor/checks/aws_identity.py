"""Who the bot is to AWS, and whether that is the account of the role."""

from collections.abc import Iterator

from bot.adapters.simulation import caller
from bot.checkup import Level, Line, Look, bad, good
from bot.doctor.surroundings import AWS, Surroundings

ABOUT = "AWS identity"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask STS."""
    ours = caller(surroundings.aws, surroundings.region)
    role = surroundings.settings.role_arn.split(":")[4]
    if ours.account != role:
        yield bad(
            ABOUT,
            f"I am {ours.name} in the account {ours.account}, and the role is in {role}: it cannot be handed over.",
            f"Set TUNESMITH_ROLE_ARN to a role in {ours.account}, or give the bot credentials of {role}.",
        )
        return
    yield good(ABOUT, f"I am {ours.name} in the account {ours.account}.")


LOOK = Look(ABOUT, at, unclear=Level.BAD, of=AWS)
