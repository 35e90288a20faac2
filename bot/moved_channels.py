"""Channels to which Slack gave another ID: known here by their first one for good, and to Slack by today's.

A private channel that is shared by Slack Connect gets another ID, and Slack tells it once
(docs.slack.dev/reference/events/channel_id_changed). All that is kept (where something came from, names, budgets,
threads, and what the operator set) goes on under the ID by which the bot met the channel. So IDs are exchanged at two
doors and nowhere else: of what Slack delivers and answers, before anybody reads it (``inward``), and of what is sent to
Slack, after everybody wrote it (``outward``).

Nothing is exchanged on the word of the event alone: Slack is asked whether the bot is in the channel of the new ID, and
whether that of the old one is none any more (``Confirm``). Until it says both, nobody who is in the one sees what came
from the other.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any, Protocol

from bot.clock import Clock
from bot.errors import Refused, TunesmithError, Unavailable
from bot.lately import Lately

log = logging.getLogger(__name__)

MOST = 1_000
"""Changed IDs that are kept. Each is a private channel that somebody shared with another workspace."""
CHECKED = 5.0
"""Seconds for which a process believes what it knows before it looks whether another heard of a change."""
ASKED_AGAIN = 10.0
"""Seconds after which Slack is asked anew about an ID that it did not confirm."""
_CHANNEL = re.compile(r"(?<![A-Za-z0-9])[CG][A-Z0-9]{1,30}(?![A-Za-z0-9])")

_WHERE_IDS_ARE = "A channel's ID begins with C or G, and stands at the foot of its details."

Confirm = Callable[[Sequence[str], str], bool]
"""Returns whether the bot is in the channel of the second ID, and none is there any more under each of the first ones.

Raises ``Unavailable``, ``Misconfigured`` when it does not say."""


class KeptMoves(Protocol):
    """Which IDs Slack changed. All raise ``Unavailable`` when the store does not answer."""

    def all(self) -> Mapping[str, str]:
        """Return the former ID by each later one."""

    def keep(self, later: str, former: str) -> None:
        """Keep it, unless something is kept under the later one."""

    def drop(self, later: Iterable[str]) -> None:
        """Forget what is kept under these."""


class ChannelMoves:
    """Which ID a channel has here, and which one at Slack. Thread-safe: what is known is replaced as a whole."""

    def __init__(self, kept: KeptMoves, confirm: Confirm, clock: Clock) -> None:
        self._kept = kept
        self._confirm = confirm
        self._clock = clock
        self._known = _Known({})
        self._looked: float | None = None
        self._confirmed: Lately[tuple[str, ...], bool] = Lately(MOST)
        self._refused: Lately[tuple[str, ...], float] = Lately(MOST)

    def changed(self, former: str, later: str) -> str:
        """Write down that Slack gave a channel another ID, and return by which one it is known here.

        It may be repeated. What cannot be (an ID that has a successor already, or is another channel's) is left out;
        one that a channel gets back ends what was kept of it.

        Raises:
            Unavailable: the store does not answer.
        """
        known = self._kept.all()
        line = list(_line(former, known))
        if not (_CHANNEL.fullmatch(former) and _CHANNEL.fullmatch(later)) or former == later:
            return former
        if later in line:
            self._kept.drop(line[: line.index(later)])
        elif later in known or former in known.values():
            if known.get(later) != former:
                log.warning(
                    "Slack says that %s is %s now, which does not fit what it said before", former, later
                )
        elif len(known) >= MOST:
            log.error("Slack changed the IDs of more than %d channels: that of %s is not kept", MOST, former)
        else:
            self._kept.keep(later, former)
            log.info("Slack gave the channel %s another ID, %s; all that is kept of it stays", former, later)
        self._known = _Known(self._kept.all())
        return line[-1]

    def check_may_be_said(self, former: str, later: str) -> None:
        """Check that an operator may say of a change that nobody heard of, by what is kept and by what Slack says.

        Raises:
            Refused: either is no channel's ID, it does not fit what is kept, or Slack does not confirm it.
            Unavailable, Misconfigured: the store does not answer, or Slack does not say.
        """
        known = self._kept.all()
        line = list(_line(former, known))
        if not (_CHANNEL.fullmatch(former) and _CHANNEL.fullmatch(later)) or former == later:
            raise Refused(f"{former} and {later} are not the IDs of two channels.", hint=_WHERE_IDS_ARE)
        if later in (*line, *known) or former in known.values():
            raise Refused(
                f"That {former} is {later} now does not fit what is known: one of them is another's already.",
                hint="`tunesmith moved OLD NEW --undo` takes back what was said of the wrong one.",
            )
        if not self._confirm(line[::-1], later):
            raise Refused(
                f"Slack does not say that the bot is in {later} and that there is no {former} any more.",
                hint=f"Invite the bot into {later}. While there is still a channel {former}, it is another one.",
            )

    def check_said(self, former: str, later: str) -> None:
        """Check that a change is kept, whoever said it.

        Raises:
            Refused: it is not.
            Unavailable: the store does not answer.
        """
        if self._kept.all().get(later) != former:
            raise Refused(f"Nobody said that {former} is {later} now.", hint="Look at both IDs again.")

    def unsaid(self, former: str, later: str) -> str:
        """Forget that change, so that they are two channels again; return by which ID the later one is known here.

        Raises:
            Refused, Unavailable: as for ``check_said``.
        """
        self.check_said(former, later)
        self._kept.drop([later])
        self._known = _Known(self._kept.all())
        return later

    def here(self, channel: str) -> str:
        """Return by which ID the channel is known here: its first one, if Slack confirms it. Raises nothing."""
        line = self._known.line(channel)
        try:
            return line[0] if line[0] != channel and self._is_so(line) else channel
        except TunesmithError as error:
            log.info("Slack does not say whether %s is %s now: %s", line[0], line[-1], error)
            return channel

    def inward(self, told: Any) -> Any:
        """Return what Slack delivered or answered, with each channel by the ID that it is known by here."""
        self._look()
        return _exchanged(told, self.here) if self._known.former else told

    def outward(self, said: Any) -> Any:
        """Return what is to be sent to Slack, with each channel by the ID that it has there now.

        Raises:
            Unavailable, Misconfigured: Slack does not say which one that is.
        """
        self._look()
        return _exchanged(said, self._there) if self._known.former else said

    def _look(self) -> None:
        if self._looked is None or self._clock.monotonic() - self._looked >= CHECKED:
            self.refresh()

    def refresh(self) -> bool:
        """Look what other processes heard, and return whether that is news. While the store is silent it is none."""
        before, self._looked = self._known.former, self._clock.monotonic()
        try:
            found = self._kept.all()
        except Unavailable:
            return False
        if found != before:
            self._known = _Known(found)
        return found != before

    def _there(self, channel: str) -> str:
        line = self._known.line(channel)
        return line[-1] if line[-1] != channel and self._is_so(line) else channel

    def _is_so(self, line: tuple[str, ...]) -> bool:
        if line in self._confirmed:
            return True
        now, refused = self._clock.monotonic(), self._refused.get(line)
        if refused is not None and now - refused < ASKED_AGAIN:
            return False
        # Of each ID on the way: one that is alive was never given up, whatever is said of those before it.
        if self._confirm(line[:-1], line[-1]):
            self._confirmed.put(line, True)
            return True
        self._refused.put(line, now)
        return False


class _Known:
    """What is kept, read once: ``former`` is the former ID by each later one."""

    def __init__(self, former: Mapping[str, str]) -> None:
        self.former = dict(former)
        later = {before: after for after, before in former.items()}
        self._firsts = {each: [*_line(each, former)][-1] for each in former}
        self._lines = {each: tuple(_line(each, later)) for each in self._firsts.values()}

    def line(self, channel: str) -> tuple[str, ...]:
        """Return the IDs that a channel had, from its first one to today's."""
        return self._lines.get(self._firsts.get(channel, channel), (channel,))


class KnownHere(AbstractSet[str]):
    """IDs that the operator set, each channel by the one that it is known by here: either of its IDs may be set."""

    def __init__(self, named: AbstractSet[str], moves: ChannelMoves) -> None:
        self._named = named
        self._moves = moves

    def __contains__(self, each: object) -> bool:
        """Return whether it is one of them."""
        return any(each == self._moves.here(one) for one in self._named)

    def __iter__(self) -> Iterator[str]:
        """Yield each of them once."""
        return iter({self._moves.here(each) for each in self._named})

    def __len__(self) -> int:
        """Return how many they are."""
        return len({self._moves.here(each) for each in self._named})


class BudgetsHere(Mapping[str, Decimal]):
    """Budgets that the operator set, by scope, each channel by the ID that it is known by here; of two the smaller."""

    def __init__(self, budgets: Mapping[str, Decimal], moves: ChannelMoves) -> None:
        self._budgets = budgets
        self._moves = moves

    def __getitem__(self, scope: str) -> Decimal:
        """Return the budget of a scope; ``KeyError`` without one."""
        found = [usd for each, usd in self._budgets.items() if self._moves.here(each) == scope]
        if not found:
            raise KeyError(scope)
        return min(found)

    def __iter__(self) -> Iterator[str]:
        """Yield each scope once."""
        return iter(dict.fromkeys(self._moves.here(each) for each in self._budgets))

    def __len__(self) -> int:
        """Return how many they are."""
        return sum(1 for _ in self)


def _line(channel: str, onward: Mapping[str, str]) -> Iterator[str]:
    """Yield the ID and those that follow from it, each once: what is damaged so that it goes round ends, too."""
    seen: set[str] = set()
    while channel not in seen:
        seen.add(channel)
        yield channel
        channel = onward.get(channel, channel)


def _exchanged(value: Any, name: Callable[[str], str]) -> Any:
    """Return the value with every channel's ID in it, in texts and as the names of fields, too, as ``name`` has it."""
    if isinstance(value, str):
        return _CHANNEL.sub(lambda found: name(found[0]), value)
    if isinstance(value, dict):
        return {_exchanged(each, name): _exchanged(part, name) for each, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_exchanged(each, name) for each in value)
    return value
