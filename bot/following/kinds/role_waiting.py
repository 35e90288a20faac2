"""A role that a vendor cannot take *yet*: one that was made moments ago is not known everywhere, and that passes."""

from datetime import datetime, timedelta

from bot.errors import RoleNotReady, TunesmithError

PATIENCE = timedelta(minutes=2)
"""IAM's changes take some seconds, at most minutes, to be seen everywhere (docs.aws.amazon.com/IAM, *Changes that I
make are not always immediately visible*)."""
AGAIN = 10.0
"""Seconds between two tries."""


def waits(error: TunesmithError, since: datetime | None, now: datetime) -> bool:
    """Return whether to try again before anybody is blamed; ``since`` is when the role was first refused."""
    return isinstance(error, RoleNotReady) and (since is None or now - since < PATIENCE)
