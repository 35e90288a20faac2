"""What a button or select is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.core import Front, Invocation, Reply, Who

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """A button or select: what it is recognised by, whom it is for, and what it does.

    ``who`` is checked before; desks check again what only they know (whose plan, which approver). ``run`` gets the
    whole payload too, for a select in a form that is open.
    """

    action_id: str
    who: Who
    run: Callable[[Invocation, Body, Front], Reply]
