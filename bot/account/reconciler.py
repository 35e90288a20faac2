"""Every ten minutes, what runs in the account is held against what is known: the net under everything else.

And at once, where the store has another history than at the last look (``bot.controller.history``): it was emptied,
rolled back, or has failed over to a replica that lacked the last seconds.

AWS is the truth for money, Slack for what was said, and the store only for what comes next: all that it has forgotten
is found by its tags, and its plan by the digest in them. Jobs, for tuning or for answers in batch, are followed again
where they were told. Throughput and deployments get their lease and their release back; what is there although its
release is done is deleted here. Custom models can be served and asked again. Nothing is touched that no Tunesmith made.

What it does on the outside, and what settles each of it, is in docs/effects.md. Listings and plans are read again. An
endpoint that came back may be deleted and told to nobody but the log; what is taken up comes in one write with what is
to be told of it.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from bot.account import telling
from bot.account.cards import ClocksApart
from bot.account.sooner import EVERY, Sooner
from bot.account.telling import Untold
from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.history import is_another
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Outcome, Registration, RequeueAfter
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer
from bot.controller.schema import OfRegion, schema_of_region
from bot.spending.comparing import Looks
from bot.spending.recovery import Found

KIND = "account"

CLOCKS_APART = 60.0
"""Seconds by which the store's clock and ours may differ before somebody is told. Releases go by the one that AWS's
agrees with."""
_SOON = 5.0
_DAY = 86_400.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class AccountStatus:
    """What is remembered between two looks. Times are the store's."""

    next_at: float | None = None
    """When the next look is due."""
    era: str | None = None
    """The store's era in which the last look began."""
    sooner_at: float | None = None
    """When it was last looked out of turn, since the store had another history."""
    clocks_told: float | None = None
    """When it was last told that the clocks are apart."""
    strangers: dict[str, list[str]] = field(default_factory=dict)
    """The ARNs that are none of our business, by the name of their recovery."""
    untold: list[Untold] = field(default_factory=list)
    """What was found and is still to be told."""


SCHEMA = schema_of_region(KIND, AccountStatus)


def registration(region: str) -> Registration:
    """Return the look at a region, which stands for as long as a process runs."""
    return SCHEMA.wanted(region, OfRegion(region))


@dataclass(frozen=True, slots=True)
class AccountDependencies:
    """All that a look works with. ``hears`` are people or channels who are told: the operator, or the approvers.

    ``looks`` are those of all features by name, in order: money goes first.
    """

    looks: Mapping[str, Looks]
    news: Mapping[str, type]
    """What the looks may have to tell, by the name of its class."""
    outbox: Outbox
    renderer: Renderer
    clock: Clock
    random: Random
    hears: tuple[str, ...] = ()
    interval: float = 600.0
    """Seconds between two looks, each jittered by a tenth."""


class AccountReconciler:
    """Looks at everything of ours in a region."""

    def __init__(self, dependencies: AccountDependencies) -> None:
        self._dependencies = dependencies
        self._sooner = Sooner(dependencies.clock)

    def __call__(self, context: Context[OfRegion, AccountStatus]) -> Outcome:
        """Look when it is time. The store never waits longer than five minutes, so the time is kept here."""
        now, era = context.now(), context.era(at_once=True)
        next_at = self._next_at(context, now, era)
        if next_at <= now:
            next_at = self._look_at_all(context, now, era)
        telling.tell(
            context,
            context.status.untold,
            self._dependencies.outbox,
            self._dependencies.renderer,
            self._dependencies.news,
        )
        return RequeueAfter(max(0.0, next_at - context.now()))

    def _next_at(self, context: Context[OfRegion, AccountStatus], now: float, era: str) -> float:
        """Return when it is to be looked: at the time that was set, or sooner where the store may have forgotten."""
        status, set_for = context.status, context.status.next_at
        # A time further ahead was written down before the store's clock was set back.
        if set_for is None or set_for > now + 2 * self._dependencies.interval:
            set_for = now
        if not is_another(status.era, era):
            return set_for
        since = None if status.sooner_at is None else now - status.sooner_at
        sooner = now + self._sooner.wait(context.spec.region, since)
        return sooner if status.next_at is None else min(set_for, sooner)

    def _look_at_all(self, context: Context[OfRegion, AccountStatus], now: float, era: str) -> float:
        """Do it, write down what came of it, and return when it is next."""
        status, is_sooner = context.status, is_another(context.status.era, era)
        # Where there was more than one look takes in, what comes soon after belongs to it.
        goes_on = status.sooner_at is not None and 0 <= now - status.sooner_at < EVERY
        self._note_down(context, self._clocks(context), now)
        with KeepAlive(context):
            more = [self._look(context, each, now) for each in self._dependencies.looks]
        # At the end: a look that a crash cut short is made again at once.
        if is_sooner and self._sooner.note(context.spec.region, is_new=status.next_at is None):
            status.sooner_at = now
        wait = self._dependencies.interval * self._dependencies.random.uniform(0.9, 1.1)
        status.era, status.next_at = (
            era,
            now + (_SOON if any(more) else EVERY if is_sooner or goes_on else wait),
        )
        context.save()
        return status.next_at

    def _look(self, context: Context[OfRegion, AccountStatus], name: str, now: float) -> bool:
        """Look for one sort, write down what came of it, and return whether there may be more."""
        looked = self._dependencies.looks[name].look(
            context.spec.region, context.status.strangers.get(name, ())
        )
        context.status.strangers[name] = looked.strangers
        self._note_down(context, looked.found, now)
        # After each sort: a crash in the next one must not have this one looked at, and told, again.
        context.save(also=[resource for each in looked.found for resource in each.resources])
        return looked.more

    def _note_down(self, context: Context[OfRegion, AccountStatus], found: list[Found], now: float) -> None:
        telling.note_down(context.status.untold, found, self._dependencies.hears, now)

    def _clocks(self, context: Context[OfRegion, AccountStatus]) -> list[Found]:
        """Return that the clocks are apart, once a day."""
        now = context.now()
        apart = abs(now - self._dependencies.clock.now().timestamp())
        told_at = context.status.clocks_told
        if apart <= CLOCKS_APART or (told_at is not None and 0 <= now - told_at < _DAY):
            return []
        context.status.clocks_told = now
        log.warning("The clocks of Redis and of this machine are %.0f s apart", apart)
        return [Found(ClocksApart(apart))]


__all__ = ["KIND", "AccountDependencies", "AccountReconciler", "registration"]
