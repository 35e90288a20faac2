"""Names that stand for models: people ask ``support``, and which model that is changes in one step and back."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import Access, allowed
from bot.clock import Clock
from bot.controller.ports import Renderer, SpecWriter
from bot.directory.directory import Directory
from bot.errors import NotFound, Refused, Unavailable
from bot.models.model import Alias, CustomModel, Pointing
from bot.models.ports import Aliases
from bot.names import SAID_FIRST, bare, did_you_mean
from bot.notifications.reconciler import notification
from bot.profiles.registry import PROFILES
from bot.profiles.service_patterns import MODEL_NAME
from bot.visibility import is_direct
from bot.wording import Channel, Person, quoted, wording

_NAME = replace(MODEL_NAME, what="an alias")
KEPT = 20
"""Pointings of an alias that are kept."""
_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Stood:
    """That an alias stands, or stood, for a model from then on; ``model`` is its name now."""

    model: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AliasCard:
    """An alias: what it stands for now, what it stood for before, and what it could stand for.

    ``history`` is all of these, newest first, as far as the viewer sees the models. ``others`` are for whoever may
    change it; ``asleep`` is whether the model is not in service: the one before answers in its place, if that is,
    which ``before_answers`` says. ``base`` is what the model was made from, where whoever reads it may serve it.
    """

    name: str
    channel: str
    edition: int
    now: Stood
    history: tuple[Stood, ...] = ()
    before: str = ""
    others: tuple[str, ...] = ()
    may_change: bool = False
    asleep: bool = False
    before_answers: bool = False
    base: str = ""
    may_go_back: bool = False
    """Whether the viewer may roll it back in its channel or their App Home, which is opened as a direct message."""


@dataclass(frozen=True, slots=True)
class AliasFellBack:
    """That what an alias stood for does not answer in its channel any more; ``model`` is what it stands for then.

    Empty: no model is left that answers there.
    """

    name: str
    model: str


@dataclass(frozen=True, slots=True)
class AliasRolledBack:
    """That somebody rolled an alias back from elsewhere; ``model`` is what it stands for now."""

    name: str
    model: str
    by: str


@dataclass(frozen=True, slots=True)
class ShownAlias:
    """Which alias a card showed, and how far it was by then."""

    name: str
    channel: str
    edition: int


@dataclass(frozen=True, slots=True)
class AliasList:
    """All aliases that somebody sees."""

    aliases: tuple[AliasCard, ...]


class AliasService:
    """Aliases, for one viewer. Every method may raise ``Unavailable``."""

    def __init__(
        self,
        aliases: Aliases,
        directory: Directory,
        access: Access,
        clock: Clock,
        store: SpecWriter,
        renderer: Renderer,
    ) -> None:
        self._aliases = aliases
        self._directory = directory
        self._access = access
        self._clock = clock
        self._store = store
        self._renderer = renderer

    def names(self) -> list[str]:
        """Return what the aliases are called that count where the viewer is."""
        return [each.name for each in self._directory.aliases.here()]

    def listed(self) -> AliasList:
        """Return the aliases that the viewer sees, what changed last first."""
        cards = (self._visible(each) for each in self._directory.aliases.seen())
        return AliasList(tuple(each for each in cards if each is not None))

    def find(self, name: str) -> AliasCard:
        """Return the alias of that name: that of where the viewer is, else one that they see elsewhere.

        Raises:
            NotFound: there is none; the hint has the nearest.
        """
        return self._card(self._known(name))

    def point(self, name: str, model: str, by: str) -> AliasCard:
        """Have the name stand for that model in the viewer's channel from now on. Repeating it changes nothing.

        Raises:
            NotAllowed: they may not.
            NotFound: there is no such model.
            Refused: it cannot be called so, a model is, or that model does not answer there.
        """
        channel = self._directory.viewer.here
        self._access.check_spending(by, channel)
        found, wanted = self._directory.known_model(model), _NAME.check(bare(name))
        self._directory.check_answers(found, channel)
        if not any(map(self._is_own, _named(self._directory.aliases.seen(), wanted))):
            self._check_free(wanted)

        def make(before: Alias | None) -> Alias:
            if before is None or not before.on:
                edition = 1 if before is None else before.edition + 1
                return Alias(wanted, channel, (self._pointing(found, by),), edition)
            return before if before.now.arn == found.arn else self._pointed(before, found, by)

        return self._card(self._aliases.change(channel, wanted, make))

    def promote(self, shown: ShownAlias, model: str, by: str) -> AliasCard:
        """Have the alias that was shown stand for that model from now on: who presses twice promotes it once.

        Raises:
            NotAllowed: they may not.
            NotFound: there is no such alias, or no such model any more.
            Refused: it is another channel's, was changed meanwhile, or that model does not answer there.
        """
        alias = self._changeable(shown.name, by, shown)
        found = self._directory.stored_model(model)
        if found is None:
            raise NotFound(f"There is no model {quoted(model)} any more.", hint="`/tune models` lists them.")
        self._directory.check_answers(found, alias.channel)
        return self._change(alias, shown.edition, lambda before: self._pointed(before, found, by))

    def back(self, name: str, by: str, shown: ShownAlias | None = None) -> AliasCard:
        """Have the alias stand again for what it stood for before.

        ``shown`` is what they were shown: who presses twice goes back once. From the App Home its channel is told.

        Raises:
            NotAllowed: they may not.
            NotFound: there is no such alias.
            Refused: it is another channel's, stood for nothing else before, or somebody changed it meanwhile.
        """
        at_home = shown is not None and not self._directory.viewer.here
        alias = self._changeable(name, by, shown, at_home=at_home)
        models = self._directory.aliases.stands_for(alias)
        if len(models) < 2:
            raise Refused(
                f"{quoted(alias.name)} stood for no other model before.",
                hint=f"`/tune alias {alias.name} MODEL` has it stand for another.",
            )
        edition = shown.edition if shown else None
        card = self._change(alias, edition, lambda before: self._pointed(before, models[1], by))
        if at_home:
            told = self._renderer.render(AliasRolledBack(card.name, models[1].name, by))
            about = f"alias:{card.channel}:{card.name.lower()}"
            self._store.register(
                notification(about, f"back:{card.edition}", card.channel, told, self._clock.now())
            )
        return card

    def remove(self, name: str, by: str) -> str:
        """End the alias, and return what it was called. The models stay as they are.

        Raises:
            NotAllowed: they may not.
            NotFound: there is no such alias.
            Refused: it is another channel's.
        """
        alias = self._changeable(name, by)
        self._aliases.change(alias.channel, alias.name, lambda now: replace(now or alias, on=False))
        return alias.name

    def tell_fallen(self, channel: str | None = None) -> None:
        """Have channels told of their aliases whose model does not answer there any more: of each fall once.

        ``channel``: of this one's alone. What cannot be told now is told with the next question. Never raises.
        """
        with suppress(Unavailable):
            for alias, left in self._directory.aliases.fallen(channel):
                told = self._renderer.render(AliasFellBack(alias.name, left.name if left else ""))
                about = f"alias:{alias.channel}:{alias.name.lower()}"
                event = f"fell-{alias.edition}-{_mark(left)}"
                self._store.register(notification(about, event, alias.channel, told, self._clock.now()))

    # How

    def _is_own(self, alias: Alias) -> bool:
        """Whether it is one of where the viewer is."""
        return alias.channel == self._directory.viewer.here

    def _known(self, name: str, channel: str = "") -> Alias:
        """Return the alias of that name: that of the channel, else that of where the viewer is, else another."""
        wanted, seen = bare(name), self._directory.aliases.seen()
        named = _named(seen, wanted)
        found = max(named, key=lambda each: (each.channel == channel, self._is_own(each)), default=None)
        if found is None:
            nearest = did_you_mean(wanted, [each.name for each in seen], "`/tune alias` lists them.")
            raise NotFound(f"There is no alias {quoted(wanted)}.", hint=nearest)
        return found

    def _changeable(
        self, name: str, by: str, shown: ShownAlias | None = None, *, at_home: bool = False
    ) -> Alias:
        """Return the alias when it may be changed from here: in its own channel, where all who ask it read of it.

        ``at_home``: it is changed from the App Home, and its channel is told.

        Raises:
            NotAllowed, NotFound, Refused: as ``back``.
        """
        alias = self._known(name, shown.channel if shown and at_home else "")
        place = shown.channel if shown else alias.channel
        here = place if at_home else self._directory.viewer.here
        if here != place or alias.channel != place:
            where = "in direct messages with me" if is_direct(place) else wording("in ", Channel(place))
            raise Refused(
                f"{quoted(alias.name)} is changed where it is asked: everybody there reads it.",
                hint=wording("Do it ", where, "."),
            )
        self._access.check_spending(by, place)
        return alias

    def _check_free(self, wanted: str) -> None:
        """Return when an alias may be called so.

        Raises:
            Refused: it may not.
        """
        folded = wanted.lower()
        if folded in SAID_FIRST or folded in PROFILES:
            raise Refused(
                f"{quoted(wanted)} cannot be an alias: people write it for something else.",
                hint="Give the alias another name.",
            )
        if self._directory.stored_model(wanted):
            raise Refused(f"{quoted(wanted)} is a model.", hint="Give the alias another name.")

    def _change(self, shown: Alias, edition: int | None, change: Callable[[Alias], Alias]) -> AliasCard:
        def make(now: Alias | None) -> Alias:
            alias = now or shown
            if not alias.on or edition not in (None, alias.edition):
                raise self._meanwhile(alias)
            return change(alias)

        return self._card(self._aliases.change(shown.channel, shown.name, make))

    def _meanwhile(self, alias: Alias) -> Refused:
        """Return the refusal of a press that came too late: what it stands for by now, and who had it so."""
        said = f"{quoted(alias.name)} was changed meanwhile."
        if not alias.on:
            return Refused(said, hint="It was ended: it stands for no model any more.")
        card = self._visible(alias)
        if card is None:
            return Refused(said, hint="It stands for no model by now.")
        return Refused(
            said, hint=wording(f"It is {quoted(card.now.model)} by now, by ", Person(card.now.by), ".")
        )

    def _pointing(self, model: CustomModel, by: str) -> Pointing:
        return Pointing(model.arn, by, self._clock.now())

    def _pointed(self, alias: Alias, model: CustomModel, by: str) -> Alias:
        pointings = (*alias.pointings, self._pointing(model, by))
        return replace(alias, pointings=pointings[-KEPT:], edition=alias.edition + 1)

    def _card(self, alias: Alias) -> AliasCard:
        """Return its card.

        Raises:
            NotFound: its models are gone, or out of the viewer's sight, since it was found.
        """
        card = self._visible(alias)
        if card is None:
            raise NotFound(
                f"{quoted(alias.name)} stands for no model any more.",
                hint=f"`/tune alias {alias.name} MODEL` has it stand for one.",
            )
        return card

    def _visible(self, alias: Alias) -> AliasCard | None:
        """Return its card; None when the viewer sees no model that it stands, or stood, for."""
        every = self._directory.aliases.stands_for(alias)
        models = [each for each in every if self._directory.sees_model(each)]
        if not models:
            return None
        names = {each.arn: each.name for each in models}
        history = tuple(
            Stood(names[each.arn], each.by, each.at)
            for each in reversed(alias.pointings)
            if each.arn in names
        )
        viewer = self._directory.viewer
        may = allowed(lambda: self._access.check_spending(viewer.user, alias.channel))
        may_change = may and viewer.here == alias.channel
        able = (
            [each for each in self._directory.models() if self._directory.answers(each, alias.channel)]
            if may_change
            else []
        )
        others = tuple(each.name for each in able if each.arn != models[0].arn)[:_OFFERED]
        before = models[1].name if len(models) > 1 else ""
        return AliasCard(
            alias.name,
            alias.channel,
            alias.edition,
            history[0],
            history,
            before,
            others,
            may_change,
            may_go_back=may and (may_change or not viewer.here or is_direct(viewer.here)),
        )


def _mark(model: CustomModel | None) -> str:
    """Return what tells the fall to this model from one to another."""
    return hashlib.sha256(model.arn.encode()).hexdigest()[:12] if model else "none"


def _named(aliases: Iterable[Alias], name: str) -> list[Alias]:
    """Return those of that name, in any case."""
    return [each for each in aliases if each.name.casefold() == name.casefold()]
