"""A region's strays: looked at once a day and when somebody asks, told once a week, deleted when somebody says so.

What it does on the outside, and what settles each of it, is in docs/effects.md. Listings are read again. That one is
about to be deleted is saved before it is, so that whoever finds it gone afterwards knows by whom; what came of it is
told in the save that settles it.
"""

from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.effects import Effect, passing
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Registration, RequeueAfter
from bot.controller.ports import Renderer, ResourceStore
from bot.errors import Misconfigured, NoIdentity, NotFound, Refused, Throttled
from bot.jobs.model import JobSettings
from bot.leases.ports import Endpoints
from bot.notifications.reconciler import notification
from bot.pricing.book import PriceBook
from bot.profiles.model import Serving
from bot.spending import missing, undo
from bot.spending.comparing import Neighbours
from bot.spending.creation import CALL
from bot.spending.tags import MANAGED_BY, OURS
from bot.strays.cards import StrayList, StrayRemoved
from bot.strays.looking import Looking
from bot.strays.model import (
    KIND,
    SCHEMA,
    Outcome,
    Removal,
    Stray,
    StraySpec,
    StrayStatus,
    settled_as,
    wishes_of,
)
from bot.strays.views import dearest_first, row_of

DELETE = Effect(
    "delete-stray",
    "deleting what somebody wanted deleted, by its ARN",
    "something that is gone: deleting it again changes nothing",
    longest=CALL,
)
MARK = Effect(
    "mark-stray",
    "giving what is about to be deleted the tag without which the bot's policy lets it delete nothing",
    "a tag that is written again, the same",
    longest=CALL,
)
EVERY = timedelta(days=1)
"""Between two looks for which nobody asked."""
WEEK = timedelta(days=7)
"""Between two lists for which nobody asked."""
YOUNG = timedelta(hours=1)
"""How old one is that is told of without being asked: somebody may just be trying something."""
_AGAIN = 5.0
"""Seconds after which AWS is asked again whether it is gone."""
_BUSY = 30.0
"""Seconds between two tries while it is still being made or changed."""
_IDLE = 300.0
_DENIED = timedelta(hours=1)
"""Between two looks while AWS does not let us look."""


class StrayDependencies(Protocol):
    """What strays are found, told and deleted with."""

    endpoints: Endpoints
    store: ResourceStore
    neighbours: Neighbours
    renderer: Renderer
    clock: Clock
    settings: JobSettings
    prices: PriceBook
    hears: tuple[str, ...]


class StrayReconciler:
    """Goes as far as one turn gets."""

    def __init__(self, dependencies: StrayDependencies) -> None:
        self._dependencies = dependencies
        self._looking = Looking(
            dependencies.endpoints, dependencies.store, dependencies.neighbours, dependencies.settings.bot
        )

    def __call__(self, context: Context[StraySpec, StrayStatus]) -> RequeueAfter:
        """Delete first, since that ends a bill; then look, and tell."""
        waits = [self._removal(context, each) for each in context.spec.removals]
        if self._is_look_due(context):
            self._look(context)
        self._tell(context)
        return RequeueAfter(min([_IDLE, *(each for each in waits if each is not None)]))

    # Looking

    def _is_look_due(self, context: Context[StraySpec, StrayStatus]) -> bool:
        status, now = context.status, self._dependencies.clock.now()
        if status.at is None or now < status.at:
            return True
        asked = context.spec.asked_at
        if asked and asked > status.at:
            return True
        return now - status.at >= (_DENIED if status.trouble else EVERY)

    def _look(self, context: Context[StraySpec, StrayStatus]) -> None:
        status = context.status
        try:
            with KeepAlive(context):
                status.strays = self._looking.look(context.spec.region)
            status.trouble = ""
        except NoIdentity:
            raise
        except Misconfigured as denied:
            status.trouble = denied.sentence
        status.at = self._dependencies.clock.now()
        context.save()

    def _tell(self, context: Context[StraySpec, StrayStatus]) -> None:
        """Tell whoever hears what goes wrong, once a week, as long as there are any."""
        status, now = context.status, self._dependencies.clock.now()
        if status.told and timedelta() <= now - status.told < WEEK:
            return
        old = [each for each in status.strays if now - each.created >= YOUNG]
        if not old or not self._dependencies.hears:
            return
        status.told = now
        context.save(also=self._list(context.spec.region, old, now))

    def _list(self, region: str, strays: list[Stray], now: datetime) -> list[Registration]:
        rows = tuple(sorted((row_of(each, self._dependencies.prices) for each in strays), key=dearest_first))
        said = self._dependencies.renderer.render(StrayList(rows, now, weekly=True))
        event = f"week-{now:%Y-%m-%d}"
        hears = dict.fromkeys(self._dependencies.hears)
        return [notification(f"{KIND}:{region}", event, each, said, now) for each in hears]

    # Deleting

    def _removal(self, context: Context[StraySpec, StrayStatus], removal: Removal) -> float | None:
        """Bring one removal further. Return when to come back for it, or None when that is of no hurry."""
        wish = removal.wish
        if wish is None or settled_as(removal) in context.status.settled:
            return None
        undo.watch(context, self._dependencies.store, SCHEMA, wishes_of(removal))
        if not wish.is_final:
            return undo.SECONDS  # taking it changes the spec, which makes it due at once
        try:
            return self._delete(context, removal)
        except Throttled:
            return _BUSY
        except NoIdentity:
            raise
        except (Refused, Misconfigured) as denied:
            self._settle(context, removal, Outcome.FAILED, denied.sentence)
            return None

    def _delete(self, context: Context[StraySpec, StrayStatus], removal: Removal) -> float | None:
        endpoints, region = self._dependencies.endpoints, context.spec.region
        seen = endpoints.get(region, removal.serving, removal.arn)
        if seen is None:
            return self._not_shown(context, removal)
        context.status.missing.pop(removal.arn, None)
        if not self._looking.is_stray(region, removal.serving, seen):
            self._settle(context, removal, Outcome.HELD)
            return None
        context.status.deleting = tuple(dict.fromkeys((*context.status.deleting, removal.arn)))
        context.ensure_time(MARK.longest)
        try:
            with passing(MARK):
                endpoints.tag(region, removal.arn, {MANAGED_BY: OURS})
        except NotFound:  # it has just gone: the next look says so
            return _AGAIN
        context.save()
        context.ensure_time(DELETE.longest)
        with passing(DELETE):
            endpoints.delete(region, removal.serving, removal.arn)
        if endpoints.get(region, removal.serving, removal.arn) is not None:
            return _AGAIN
        self._settle(context, removal, Outcome.DELETED)
        return None

    def _not_shown(self, context: Context[StraySpec, StrayStatus], removal: Removal) -> float | None:
        """One such answer is no proof for what is billed: it is deleted again, or has to be gone for long."""
        status, arn = context.status, removal.arn
        if arn in status.deleting:
            context.ensure_time(DELETE.longest)
            with passing(DELETE):
                self._dependencies.endpoints.delete(context.spec.region, removal.serving, arn)
            self._settle(context, removal, Outcome.DELETED)
            return None
        status.missing[arn] = missing.noted(status.missing.get(arn), context.now())
        if not missing.is_long(status.missing[arn], context.now()):
            return missing.BETWEEN_LOOKS
        self._settle(context, removal, Outcome.GONE)
        return None

    def _settle(
        self, context: Context[StraySpec, StrayStatus], removal: Removal, outcome: Outcome, why: str = ""
    ) -> None:
        """Write down what came of it, with what tells whoever wanted it."""
        status, region, now = context.status, context.spec.region, self._dependencies.clock.now()
        wanted = {settled_as(each) for each in context.spec.removals}
        status.settled = {name: each for name, each in status.settled.items() if name in wanted}
        status.settled[settled_as(removal)] = outcome
        status.deleting = tuple(each for each in status.deleting if each != removal.arn)
        status.missing.pop(removal.arn, None)
        if outcome is not Outcome.FAILED:
            status.strays = tuple(each for each in status.strays if each.arn != removal.arn)
        assert removal.wish is not None, "somebody wanted it"
        by_hour = removal.serving is Serving.PROVISIONED_THROUGHPUT
        card = StrayRemoved(removal.name, region, by_hour, outcome, why)
        said = self._dependencies.renderer.render(card)
        context.save(also=[notification(f"{KIND}:{region}", settled_as(removal), removal.wish.by, said, now)])
