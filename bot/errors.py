"""Everything that may go wrong, split by who can act.

::

    TunesmithError
    ├── Refused            the person can act: the message says what happened and what to do
    │   ├── BadField       one field of a form; ``field`` says which
    │   ├── NotFound       no job, model, dataset or file of that name
    │   └── NotAllowed     the person may not do this, and who may
    ├── Misconfigured      the operator can act: a setting, a permission, a quota
    │   ├── NoIdentity     a vendor does not know the bot: nothing works there until that is mended, and then all does
    │   ├── QuotaReached   the account may not have more of this for now
    │   ├── Unreadable     what is kept of it is damaged, or was written by a newer release
    │   └── RoleNotReady   a role cannot be taken, perhaps only not yet
    └── Unavailable        nobody needs to act: a retry will do
        ├── HeldUp         the operator can act, and the work goes on by itself once they have
        ├── Throttled      the vendor asked us to come back after ``retry_after`` seconds
        │   └── Interrupted    this process is about to end; the next one goes on at once
        └── UnknownOutcome the call may or may not have taken effect: settle it by reading, never by guessing

Adapters and storage translate every vendor error into one of these; nothing above them sees another.
The message is written for the person who reads it in Slack; ``hint`` is what to do next; raw text for the log
goes into ``detail``, which is never shown without being asked for. Both may be a :class:`bot.wording.Wording`.
"""

import errno
from enum import StrEnum
from typing import Self

from bot.wording import wording


class Cause(StrEnum):
    """Faults that are met in many ways and have one cause: each is one fault, told once."""

    REDIS_AWAY = "Redis is away"
    """Connections are refused, break or time out, or the server is just starting up."""
    SLACK_AWAY = "Slack is away"
    """It refuses connections, loses what was sent, or answers with errors of its own."""
    SLACK_PATIENCE = "Slack asks for patience"
    SLACK_IDENTITY = "Slack does not know who we are"
    AWS_AWAY = "AWS is away"
    """It cannot be reached, does not answer, or answers with errors of its own."""
    AWS_PATIENCE = "AWS asks for patience"
    AWS_IDENTITY = "AWS does not know who we are"
    """There are no credentials, they have expired, or they are not taken."""
    AWS_SETUP = "the AWS SDK is not set up"

    @staticmethod
    def bucket(name: str) -> str:
        """Return the cause of whatever is wrong with a bucket."""
        return f"the bucket {name}"


class FaultText(str):
    """A sentence that knows of which fault it tells, so that the log can count it and not repeat it."""

    __slots__ = ("fault", "is_outage", "is_patience")
    fault: str
    is_outage: bool
    is_patience: bool

    def __new__(
        cls, text: str, fault: str = "", *, is_outage: bool = False, is_patience: bool = False
    ) -> Self:
        """Return the sentence.

        Args:
            text: as it is read.
            fault: the same for everything that has the same cause; a copy has it put in afterwards.
            is_outage: whether it passes by itself, so that its end is news however seldom it was met.
            is_patience: whether a vendor only asks for patience: nobody has to know of that who does not ask.
        """
        made = super().__new__(cls, text)
        made.fault, made.is_outage, made.is_patience = fault, is_outage, is_patience
        return made

    def saying(self, text: str) -> Self:
        """Return another sentence about the same fault."""
        return type(self)(text, self.fault, is_outage=self.is_outage, is_patience=self.is_patience)


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
    """What no person did: it lasts until somebody mends it or it passes.

    ``cause`` is the same for all that has the same cause, where the words differ: a vendor that is away refuses one
    call, loses the next and times out at a third. Without one, the message is the cause.
    """

    def __init__(self, message: str, *, hint: str = "", detail: str = "", cause: str = "") -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.cause = cause or message

    @property
    def sentence(self) -> FaultText:
        """What happened and what to do, as one text for a person."""
        return FaultText(super().sentence, self.cause)


class Misconfigured(_Fault):
    """A setting, permission or quota is wrong; the hint is the line that mends it, for the operator."""


class NoIdentity(Misconfigured):
    """A vendor does not know the bot, or not any more. It holds everything up, so that no single thing has failed."""


class QuotaReached(Misconfigured):
    """The account may have no more of this: a higher quota mends it, or the end of something that runs."""


class Unreadable(Misconfigured):
    """What is kept of the thing cannot be read: damaged, incomplete, or of a newer version. It is left as it is."""


class RoleNotReady(Misconfigured):
    """A vendor cannot take a role: wrong for good, or made moments ago and not known everywhere yet."""


class Unavailable(_Fault):
    """A vendor or the network failed in a way that passes by itself; nothing was changed."""

    @property
    def sentence(self) -> FaultText:
        """What happened and what to do, as one text for a person."""
        return FaultText(super().sentence, self.cause, is_outage=True)


class HeldUp(Unavailable):
    """What somebody waits for is held up by what the operator has to mend: it goes on by itself when they have."""

    @classmethod
    def by(cls, trouble: Misconfigured) -> Self:
        """Return what tells that it waits for this to be mended."""
        return cls(trouble.message, hint=trouble.hint, detail=trouble.detail, cause=trouble.cause)


class Throttled(Unavailable):
    """The vendor refused for now; nothing was changed. Try again after ``retry_after`` seconds."""

    def __init__(
        self, message: str, *, retry_after: float, hint: str = "", detail: str = "", cause: str = ""
    ) -> None:
        super().__init__(message, hint=hint, detail=detail, cause=cause)
        self.retry_after = retry_after

    @property
    def sentence(self) -> FaultText:
        """What happened and what to do: nothing is wrong, and whoever waits may know why."""
        return FaultText(super().sentence, self.cause, is_patience=True)


class NotItsTurn(Throttled):
    """Our own limiter lets others go first, and keeps a place until right after ``retry_after`` seconds.

    Whoever comes back later than that, because it has waited often, say, begins again at the end of the line.
    """


class Interrupted(Throttled):
    """This process is about to end, and long work in it with it: whoever takes it up goes on at once."""

    def __init__(self) -> None:
        super().__init__("I am being restarted.", retry_after=0.0, hint="I go on with it right afterwards.")


class UnknownOutcome(Unavailable):
    """The call went out and no answer came back: it may have taken effect. Read before doing it again."""


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def is_full(error: BaseException | None) -> bool:
    """Return whether it says that this machine's disk has no room: no vendor did that, whatever was read just then."""
    return isinstance(error, OSError) and error.errno in _FULL


def no_room(error: BaseException) -> Misconfigured:
    """Return what is told when a file in hand cannot be written."""
    return Misconfigured(
        "I cannot write the file to my disk.", hint="Make room in the temporary directory.", detail=str(error)
    )
