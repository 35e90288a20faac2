"""Names that stand for models: people ask ``support``, and which model that is changes in one step and back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import Access, allowed
from bot.clock import Clock
from bot.directory.directory import Directory
from bot.errors import NotFound, Refused
from bot.models.model import Alias, CustomModel, Pointing
from bot.models.ports import Aliases
from bot.names import bare, did_you_mean
from bot.profiles.service_patterns import MODEL_NAME
from bot.wording import quoted

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
    change it; ``asleep`` is whether the model is not in service: the one before answers in its place, if that is.
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


@dataclass(frozen=True, slots=True)
class AliasList:
    """All aliases that somebody sees."""

    aliases: tuple[AliasCard, ...]


class AliasService:
    """Aliases, for one viewer. Every method may raise ``Unavailable``."""

    def __init__(self, aliases: Aliases, directory: Directory, access: Access, clock: Clock) -> None:
        self._aliases = aliases
        self._directory = directory
        self._access = access
        self._clock = clock

    def names(self) -> list[str]:
        """Return what the aliases are called that count where the viewer is."""
        return [each.name for each in self._directory.aliases_here()]

    def listed(self) -> AliasList:
        """Return the aliases that the viewer sees, what changed last first."""
        return AliasList(tuple(self._card(each) for each in self._directory.aliases()))

    def find(self, name: str) -> AliasCard:
        """Return the alias of that name.

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
        found, wanted = self._directory.known_model(model), MODEL_NAME.check(bare(name))
        self._directory.check_answers(found, channel)
        if self._directory.stored_model(wanted) and self._directory.alias_here(wanted) is None:
            raise Refused(f"{quoted(wanted)} is a model.", hint="Give the alias another name.")

        def make(before: Alias | None) -> Alias:
            if before is None or not before.on:
                edition = 1 if before is None else before.edition + 1
                return Alias(wanted, channel, (self._pointing(found, by),), edition)
            return before if before.now.arn == found.arn else self._pointed(before, found, by)

        return self._card(self._aliases.change(channel, wanted, make))

    def back(self, name: str, by: str, edition: int | None = None) -> AliasCard:
        """Have the alias stand again for what it stood for before.

        ``edition`` is the one that they were shown: who presses twice goes back once.

        Raises:
            NotAllowed: they may not.
            NotFound: there is no such alias.
            Refused: it stood for nothing else before, or somebody else changed it meanwhile.
        """
        alias = self._known(name)
        self._access.check_spending(by, alias.channel)
        models = self._directory.stands_for(alias)
        if len(models) < 2:
            raise Refused(
                f"{quoted(alias.name)} stood for no other model before.",
                hint=f"`/tune alias {alias.name} MODEL` has it stand for another.",
            )
        return self._change(alias, edition, lambda before: self._pointed(before, models[1], by))

    def remove(self, name: str, by: str) -> str:
        """End the alias, and return what it was called. The models stay as they are.

        Raises:
            NotAllowed: they may not.
            NotFound: there is no such alias.
        """
        alias = self._known(name)
        self._access.check_spending(by, alias.channel)
        self._aliases.change(alias.channel, alias.name, lambda now: replace(now or alias, on=False))
        return alias.name

    # How

    def _known(self, name: str) -> Alias:
        wanted = bare(name)
        found = self._directory.alias_here(wanted)
        if found is None:
            nearest = did_you_mean(wanted, self.names(), "`/tune alias` lists them.")
            raise NotFound(f"There is no alias {quoted(wanted)}.", hint=nearest)
        return found

    def _change(self, shown: Alias, edition: int | None, change: Callable[[Alias], Alias]) -> AliasCard:
        def make(now: Alias | None) -> Alias:
            alias = now or shown
            if not alias.on or edition not in (None, alias.edition):
                raise Refused(
                    f"{quoted(alias.name)} was changed meanwhile.",
                    hint=f"`/tune alias {alias.name}` shows it.",
                )
            return change(alias)

        return self._card(self._aliases.change(shown.channel, shown.name, make))

    def _pointing(self, model: CustomModel, by: str) -> Pointing:
        return Pointing(model.arn, by, self._clock.now())

    def _pointed(self, alias: Alias, model: CustomModel, by: str) -> Alias:
        pointings = (*alias.pointings, self._pointing(model, by))
        return replace(alias, pointings=pointings[-KEPT:], edition=alias.edition + 1)

    def _card(self, alias: Alias) -> AliasCard:
        models = self._directory.stands_for(alias)
        names = {each.arn: each.name for each in models}
        history = tuple(
            Stood(names[each.arn], each.by, each.at)
            for each in reversed(alias.pointings)
            if each.arn in names
        )
        viewer = self._directory.viewer
        may_change = allowed(lambda: self._access.check_spending(viewer.user, alias.channel))
        able = (
            [each for each in self._directory.models() if self._directory.answers(each, alias.channel)]
            if may_change
            else []
        )
        others = tuple(each.name for each in able if each.arn != models[0].arn)[:_OFFERED]
        before = models[1].name if len(models) > 1 else ""
        return AliasCard(
            alias.name, alias.channel, alias.edition, history[0], history, before, others, may_change
        )
