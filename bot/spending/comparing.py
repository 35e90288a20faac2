"""How what the store has forgotten is found again: what is known is passed over, the rest is looked at in portions.

Each that is looked at costs some calls, and a turn has a lease. Those that are none of our business are remembered,
so that nobody asks about them again.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from bot.controller.effects import Effect
from bot.errors import TunesmithError, Unreadable
from bot.spending.recovery import Found

AT_ONCE = 20
"""Forgotten resources that are taken up in one turn."""
LOOK_BACK = timedelta(days=30)
"""How old a job may be: none was ever seen to run for a week."""
RECENT = timedelta(days=6)
"""How long after its end a forgotten job is still told: less than the store keeps one that it knows."""

log = logging.getLogger(__name__)


class Neighbours(Protocol):
    """The other Tunesmith bots of the AWS account, by what they are called in its tags."""

    def at_work(self, bot: str) -> bool:
        """Return whether a bot of that name is at work, or nobody can tell just now. Raises nothing."""


class HasArn(Protocol):
    """Whatever a listing has."""

    @property
    def arn(self) -> str:
        """Its ARN."""


Seen = TypeVar("Seen", bound=HasArn)


class HasEnd(Protocol):
    """Whatever ends by itself. Times are Bedrock's."""

    @property
    def status(self) -> str:
        """Bedrock's word."""

    @property
    def ended(self) -> datetime | None:
        """When it ended, if it did."""

    @property
    def seen_at(self) -> datetime:
        """When it was listed."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found, who is none of our business, and whether there may be more to find."""

    found: list[Found]
    strangers: list[str]
    more: bool = False


class Looks(Protocol):
    """Looks at everything of one sort that carries our tags in a region."""

    def look(self, region: str, strangers: Collection[str]) -> Looked:
        """Compare it with the store; ``strangers`` are the ARNs that were none of our business the last time."""


Dependencies = TypeVar("Dependencies")
"""What it is built from, as a kind is."""


@dataclass(frozen=True, slots=True)
class Recovery(Generic[Dependencies]):
    """What a feature supplies so that what it has at AWS is found again: in ``RECOVERIES``, beside its ``KINDS``."""

    name: str
    """Of what is looked for; the look at the account keeps the ARNs that are none of our business under it."""
    build: Callable[[Dependencies], Looks]
    news: tuple[type, ...]
    """The cards that tell what it found: dataclasses that JSON can hold, each drawn as one line. Of names they have
    none but ``name``, ``model`` and ``channel``, which ``Found.told_in`` leaves out where others read along."""
    bills_by_the_hour: bool = False
    """Whether it goes before all others: it is billed until somebody ends it."""
    effects: tuple[Effect, ...] = ()
    """What it does on the outside, as part of the look at the account."""


def compare(
    listed: Callable[[], Sequence[Seen]],
    known: Callable[[], Collection[str]],
    strangers: Collection[str],
    look: Callable[[Seen], list[Found] | None],
) -> Looked:
    """Look at what is listed and not known. Trouble with one keeps nobody from the next; no listing, nothing found.

    Args:
        listed: asks the account.
        known: the ARNs of what the store has; asked for after the listing, so that nothing new is missed.
        strangers: the ARNs that were none of our business the last time.
        look: what there is to be told of one; None when it is none of our business.
    """
    try:
        there = listed()
    except TunesmithError as error:
        log.warning("Nothing could be listed: %s %s", error.sentence, error.detail)
        return Looked([], sorted(strangers))
    ours = known()
    unknown = [each for each in there if each.arn not in ours and each.arn not in strangers]
    found: list[Found] = []
    # Only those that are still there: else the list grows for ever.
    strange = {each.arn for each in there if each.arn not in ours} & set(strangers)
    for each in unknown[:AT_ONCE]:
        try:
            one = look(each)
        except Unreadable:
            continue  # it is known, and told already that nobody can read it
        except TunesmithError as error:
            log.warning("%s could not be looked at: %s %s", each.arn, error.sentence, error.detail)
            continue
        if one is None:
            strange.add(each.arn)
        else:
            found += one
    return Looked(found, sorted(strange), more=len(unknown) > AT_ONCE)


def matters(seen: HasEnd, over: Collection[str]) -> bool:
    """Return whether it runs, as far as anybody knows, or ended a short while ago; ``over`` are the words for that."""
    if seen.status not in over:
        return True
    return seen.ended is not None and seen.seen_at - seen.ended < RECENT
