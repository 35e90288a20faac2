"""A role that a vendor cannot take *yet*: one that was made moments ago is not known everywhere, and that passes."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import noted
from bot.controller.model import RequeueAfter
from bot.errors import RoleNotReady, TunesmithError

PATIENCE = timedelta(minutes=2)
"""IAM's changes take some seconds, at most minutes, to be seen everywhere (docs.aws.amazon.com/IAM, *Changes that I
make are not always immediately visible*)."""
BETWEEN_TRIES = 10.0
"""Seconds between two tries."""


class Refusable(Protocol):
    """A status that remembers when the role was first refused."""

    role_refused_at: datetime | None


def wait(error: TunesmithError, status: Refusable, now: datetime) -> RequeueAfter | None:
    """Return when to try again before anybody is blamed, and note since when it is refused; None: do not wait."""
    if not isinstance(error, RoleNotReady):
        return None
    status.role_refused_at = noted(status.role_refused_at, now)
    return RequeueAfter(BETWEEN_TRIES) if now - status.role_refused_at < PATIENCE else None
