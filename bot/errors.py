"""Everything that may go wrong, split by who can act.

::

    TunesmithError
    ├── Refused            the person can act: the message says what happened and what to do
    │   ├── BadField       one field of a form; ``field`` says which
    │   ├── NotFound       no job, model, dataset or file of that name
    │   └── NotAllowed     the person may not do this, and who may
    ├── Misconfigured      the operator can act: a setting, a permission, a quota
    │   ├── QuotaReached   the account may not have more of this for now
    │   ├── Unreadable     what is kept of it is damaged, or was written by a newer release
    │   └── RoleNotReady   a role cannot be taken, perhaps only not yet
    └── Unavailable        nobody needs to act: a retry will do
        ├── Throttled      the vendor asked us to come back after ``retry_after`` seconds
        │   └── Interrupted    this process is about to end; the next one goes on at once
        └── UnknownOutcome the call may or may not have taken effect: settle it by reading, never by guessing

Adapters and storage translate every vendor error into one of these; nothing above them sees another.
The message is written for the person who reads it in Slack; ``hint`` is what to do next; raw text for the log
goes into ``detail``, which is never shown without being asked for. Both may be a :class:`bot.wording.Wording`.
"""

from typing import Self

from bot.wording import wording


class FaultText(str):
    """A sentence that knows of which fault it tells (``fault``), so that the log can count it and not repeat it."""

    __slots__ = ("fault",)
    fault: str

    def __new__(cls, text: str, fault: str) -> Self:
        """Return the sentence; ``fault`` is the same for everything that has the same cause."""
        made = super().__new__(cls, text)
        made.fault = fault
        return made


class TunesmithError(Exception):
    """The root: what happened (``str(error)``), what to do (``hint``), raw text for the log (``detail``)."""

    def __init__(self, message: str, *, hint: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail

    @property
    def sentence(self) -> str:
        """What happened and what to do, as one text for a person; it keeps whom either names."""
        return wording(self.message, *([" "] if self.message and self.hint else []), self.hint)


class Refused(TunesmithError):
    """A step that the person asked for cannot be done as asked; they can mend it."""


class BadField(Refused):
    """One field of a form is wrong; ``field`` is its name, so that the words stand beside it."""

    def __init__(self, field: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.field = field


class NotFound(Refused):
    """The thing they named does not exist, or is not theirs to see."""


class NotAllowed(Refused):
    """The person may not do this; the hint says who may."""


class _Fault(TunesmithError):
    """What no person did: it lasts until somebody mends it or it passes."""

    @property
    def sentence(self) -> str:
        """What happened and what to do, as one text for a person."""
        return FaultText(super().sentence, self.message)


class Misconfigured(_Fault):
    """A setting, permission or quota is wrong; the hint is the line that mends it, for the operator."""


class QuotaReached(Misconfigured):
    """The account may have no more of this: a higher quota mends it, or the end of something that runs."""


class Unreadable(Misconfigured):
    """What is kept of the thing cannot be read: damaged, incomplete, or of a newer version. It is left as it is."""


class RoleNotReady(Misconfigured):
    """A vendor cannot take a role: wrong for good, or made moments ago and not known everywhere yet."""


class Unavailable(_Fault):
    """A vendor or the network failed in a way that passes by itself; nothing was changed."""


class Throttled(Unavailable):
    """The vendor refused for now; nothing was changed. Try again after ``retry_after`` seconds."""

    def __init__(self, message: str, *, retry_after: float, hint: str = "", detail: str = "") -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.retry_after = retry_after

    @property
    def sentence(self) -> str:
        """What happened and what to do: no fault, but a vendor that asks for patience."""
        return str(super().sentence)


class Interrupted(Throttled):
    """This process is about to end, and long work in it with it: whoever takes it up goes on at once."""

    def __init__(self) -> None:
        super().__init__("I am being restarted.", retry_after=0.0, hint="I go on with it right afterwards.")


class UnknownOutcome(Unavailable):
    """The call went out and no answer came back: it may have taken effect. Read before doing it again."""
