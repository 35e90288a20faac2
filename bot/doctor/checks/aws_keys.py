"""The keys that encrypt tuned models: whether each is there and enabled, before a job fails for it."""

from collections.abc import Iterator
from dataclasses import replace

from bot.adapters.account_permissions import Permissions
from bot.checkup import Line, Look, good
from bot.doctor.checks.aws_role import line
from bot.doctor.surroundings import AWS, Surroundings

ABOUT = "Models' keys"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask KMS for each."""
    keys, permissions = surroundings.settings.model_keys, Permissions(surroundings.aws)
    for region, key in keys.items():
        found = line(f"Models' key in {region}", permissions.key(region, key))
        yield found if not found.mend else replace(found, mend=f"{found.mend} TUNESMITH_MODEL_KEYS has it.")
    if not keys:
        yield good(ABOUT, "None is named: AWS encrypts models under its own.")


LOOK = Look(ABOUT, at, seconds=15, of=AWS)
