"""What following needs from the outside: a store of resources, Slack to post to, and somebody who draws cards."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from bot.controller.lanes import Room
from bot.controller.model import Claim, Document, Done, Key, Message, Registration, RequeueAfter, Resource

NO_LIMIT = 1_000_000
"""More resources or documents of a kind than there are. Who goes by all of them (which names are taken, what is leased,
what was forgotten) must not pass over the oldest: a limit is for who shows the newest alone."""


class Thinking(Protocol):
    """The line under a thread that says that somebody is at work. Best effort: it never raises."""

    def show(self, channel: str, thread_ts: str, status: str) -> None:
        """Show it until we post, at most two minutes."""


class SpecWriter(Protocol):
    """The part of a ``ResourceStore`` that services write to. They look things up in the ``Directory`` only."""

    def register(self, registration: Registration) -> bool:
        """Add the resource. Return False, and change nothing, when one with that key is there already."""

    def register_sole(self, sole: str, make: Callable[[], Registration]) -> bool:
        """Add what ``make`` returns, as ``register`` does; start over while others write under the same word.

        As in ``amend``: ``make`` may look whether there is another, and raise.
        """

    def amend(
        self, key: Key, change: Callable[[dict[str, Any]], Document], sole: str = ""
    ) -> Resource | None:
        """Read the spec, put what ``change`` makes of it, and start over on a conflict. None: no such resource.

        It is due then (or, while it is leased, when the holder commits), and its ``generation`` is one more. A done
        resource comes back into the work queue.

        ``sole`` says in a word what there may be only one of: nobody else has written under that word between the
        call of ``change`` and the writing of what it returned, or ``change`` is called again. So it may look whether
        there is another, and raise. Nothing has to be given back: what there is, the resources themselves tell.
        """

    def enqueue_now(self, *keys: Key) -> None:
        """Make resources due now (or, while leased, when the holder commits). Unknown and done ones are left alone."""

    def now(self) -> float:
        """Return the store's own time, in seconds since the epoch: the clock of every due time."""

    def era(self, *, at_once: bool = False) -> str:
        """Return a word that changes when the store may have forgotten its last writes: restarted, or failed over.

        A change may be seen a few seconds late, or ``at_once``, by one more call to the store. Empty when the store
        does not tell.
        """


class ResourceStore(SpecWriter, Protocol):
    """The work queue. Every method is atomic; all raise ``Unavailable`` when the store does not answer.

    One that cannot be read (damaged, incomplete, of a newer version) is left as it is and reported, whoever comes
    upon it (``damage``): lists go without it, a claim passes it over and leaves it aside for five minutes.
    """

    def get(self, key: Key) -> Resource | None:
        """Return the resource as it stands, or None.

        Raises:
            Unreadable: it is there and cannot be read.
        """

    def of_kind(self, kind: str, limit: int = NO_LIMIT, *, since: float = 0.0) -> list[Resource]:
        """Return resources of that kind, newest registration first, done ones included while they are kept.

        ``since``: only what was registered then or later, in seconds of the store's time.
        """

    def of_kinds(
        self,
        kinds: Sequence[str],
        limit: int = NO_LIMIT,
        *,
        unfinished: bool = False,
        since: float = 0.0,
    ) -> dict[str, list[Resource]]:
        """Return the same of several kinds, by kind; ``limit`` of each. ``unfinished``: only what is not done."""

    def unfinished(self, kind: str) -> list[Resource]:
        """Return all resources of that kind that are not done, however many, in no particular order."""

    def claim(self, limit: int, lease: float | Mapping[str, float]) -> list[Claim]:
        """Take up to ``limit`` due resources, the longest due first, each for ``lease`` seconds (at most 300).

        With a mapping, only resources of the kinds in it are taken, each for its kind's seconds: a process never takes
        what it has no reconciler for. A due time that is more than ten minutes ahead counts as due: no such time is
        ever written, so the store's clock was set back.
        """

    def claim_for(self, rooms: Sequence[Room]) -> list[Claim]:
        """Take what is due as ``claim`` does, for several rooms in one look, the first room's claims first.

        No kind is in two of them. In a room where turns are shared out, the next one is of the group that has the
        fewest in hand, the longest due of these first, and no group has more than the room says.
        """

    def commit(
        self,
        claim: Claim,
        status: Document,
        outcome: RequeueAfter | Done | None,
        also: Sequence[Registration] = (),
    ) -> Claim:
        """Write the status, and ``also`` register other resources, if the claim still holds; return the claim renewed.

        Its status is the store's own copy: whoever goes on changing the one that was given changes nothing there.

        ``outcome`` None keeps the lease (an intermediate save). A repeated commit whose first answer was lost
        counts as done. When the spec changed since the claim, the resource is due at once whatever the outcome says.

        Raises:
            StaleClaim: the fence refuses; nothing was changed.
        """


class Inbox(Protocol):
    """Which deliveries from Slack were taken in already: it repeats events, and people press twice."""

    def first_time(self, key: str) -> bool:
        """Record the key for a day and return True; return False when it is recorded already.

        ``key`` is the event's, view's or trigger's ID. Raises ``Unavailable`` when it could not be recorded: then
        fail the delivery, so that Slack sends it again.
        """

    def has(self, key: str) -> bool:
        """Return whether the key is recorded. Raises ``Unavailable``."""

    def forget(self, key: str) -> None:
        """Take the key back: it was recorded, but its work could not be scheduled. Unknown keys are no error."""


class Heartbeats(Protocol):
    """When each process that follows resources was last known to be at work."""

    def beat(self, process: str) -> None:
        """Say that this process is at work now."""

    def last(self) -> Mapping[str, float]:
        """Return seconds since each process's last beat, by the store's clock. An hour's silence drops it."""


class Turn(NamedTuple):
    """When it is somebody's turn: ``wait`` is 0 when it is now, else seconds; ``ahead``, how many are in front.

    ``full``: the line that took nobody more, by its name; empty when there was room in each. Who finds one full has no
    place anywhere, and may come again after ``wait``.
    """

    wait: float
    ahead: int = 0
    full: str = ""


class RateLimiter(Protocol):
    """How much of a limit is left, Slack's or our own, for all processes of a workspace together.

    All methods raise ``Unavailable`` when the store does not answer.
    """

    def ask(self, method: str, who: str, within: Sequence[str] = ()) -> float:
        """Return 0 when ``who`` may call the Web API's ``method`` now, which counts as a call; else seconds to wait.

        ``within`` are places that have a share each: ``channel:C1`` counts in the limit of ``method channel``. The
        call is made when all that it counts in have room, and counts in none before that.

        Those who wait take turns in the order in which they first asked, and each waits once however often it asks.
        One that does not ask again within two seconds of its turn holds nobody up any longer, and within half a minute
        loses its place. Where further calls may go on with a turn (``RateLimit.further``), in whichever process, they
        stand in no line and are counted: others wait for them afterwards.
        """

    def turn(self, method: str, who: str, within: Sequence[str] = ()) -> Turn:
        """Do as ``ask``, and say more of the line in which ``who`` waits."""

    def weigh(self, place: str, who: str, weight: int, a_minute: int) -> Turn:
        """Take so much of what a place gives in any minute, or say how long to wait, and behind how many.

        Those who wait take turns as with ``ask``. What is heavier than all of a minute is had when nothing else is.
        """

    def correct(self, place: str, who: str, weight: int) -> None:
        """Say how much it was in the end. Of what was had more than a minute ago nothing is changed."""

    def hold(self, method: str, seconds: float) -> None:
        """Stop all such calls for so many seconds, ten minutes at most: Slack asked for it. The longest counts."""


class Messages(Protocol):
    """Slack's messages. A call is made once, never retried by the client library.

    All raise ``Throttled`` (nothing was done), ``Unavailable`` (nothing was done), ``UnknownOutcome`` (it may have
    been done), ``NotFound`` (no such message), or ``Refused`` (channel gone, archived, or the bot is not in it).
    """

    def post(self, channel: str, message: Message, *, marker: str, thread_ts: str | None = None) -> str:
        """Post it with ``marker`` in its metadata and return its timestamp. ``marker`` is an opaque UUID."""

    def find(self, channel: str, marker: str, *, since: datetime, thread_ts: str | None = None) -> list[str]:
        """Return the timestamps of our messages with that marker, oldest first, by reading Slack."""

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Replace the message. Repeating it is harmless."""

    def delete(self, channel: str, ts: str) -> None:
        """Delete our message. One that is gone already is no error."""

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Show it to one person only. Nobody can read it back, so nothing may depend on it."""

    def direct(self, user: str) -> str:
        """Return the channel that is the person's direct message with the app. Repeating it is harmless.

        Raises:
            Refused: there is no such person, or they are gone from the workspace.
        """


class Details(Protocol):
    """What messages hold back until somebody presses *Details* (``bot.controller.details``).

    ``place`` is the channel that the message is in, or the person who alone sees it: who is in another place finds
    nothing, whatever they ask for. All raise ``Unavailable``.
    """

    def keep(
        self, place: str, details_id: str, blocks: Sequence[Mapping[str, Any]], *, briefly: bool = False
    ) -> None:
        """Keep the blocks: for a year and a little, or ``briefly``, for a week. Repeating it is harmless."""

    def get(self, place: str, details_id: str) -> Sequence[Mapping[str, Any]] | None:
        """Return the blocks, or None: they were kept for another place, are kept no longer, or cannot be read."""


class Renderer(Protocol):
    """Draws cards: a card is a frozen value of a feature, a message is what Slack takes."""

    def render(self, card: object) -> Message:
        """Return the message for a card. TypeError for a value that is no card: a defect, found by a test."""
