"""Aliases as one viewer may see them: which there are, which count where they are, and what each stands for."""

from collections.abc import Callable, Iterable

from bot.models.model import Alias, CustomModel
from bot.models.ports import ModelStores
from bot.visibility import Sight, is_direct


class AliasLookup:
    """What the aliases are, for one viewer. Every method may raise ``Unavailable``.

    Args:
        sight: the viewer's.
        model_stores: the models, and their aliases.
        answers: says whether a model answers in a channel.
        sees: says whether there is that model, and the viewer sees it.
    """

    def __init__(
        self,
        sight: Sight,
        model_stores: ModelStores,
        answers: Callable[[CustomModel, str], bool],
        sees: Callable[[CustomModel | None], bool],
    ) -> None:
        self._sight = sight
        self._models = model_stores.models
        self._aliases = model_stores.aliases
        self._answers = answers
        self._sees = sees

    def seen(self) -> list[Alias]:
        """Return the aliases that stand for a model that the viewer sees, in channels that they see, newest first."""
        return self._seen(each for each in self._aliases.all() if each.on)

    def _here(self, aliases: Iterable[Alias]) -> list[Alias]:
        """Return those that count where the viewer is: Slack is asked of no channel whose aliases do not."""
        here = self._sight.viewer.here

        def counts(channel: str) -> bool:
            return is_direct(here) and not is_direct(channel) and self._sight.is_in(channel)

        return self._seen(each for each in aliases if each.channel == here or counts(each.channel))

    def _seen(self, aliases: Iterable[Alias]) -> list[Alias]:
        near = [each for each in aliases if self._sight.sees_channel(each.channel, each.person)]
        made = self._models.all() if near else []
        return [each for each in near if self._sees(next(iter(self._stands_for(each, made)), None))]

    def here(self) -> list[Alias]:
        """Return the aliases that count where the viewer is, newest first.

        In a channel these are its own. In a direct message they are those of the channels that the viewer is in, too.
        """
        return self._here(each for each in self._aliases.all() if each.on)

    def named(self, name: str) -> Alias | None:
        """Return the alias of that name (in any case) that counts where the viewer is, or None.

        Of several, that of where the viewer is goes first, then the one that changed last.
        """
        here, wanted = self._sight.viewer.here, name.casefold()
        all_named = (each for each in self._aliases.all() if each.on and each.name.casefold() == wanted)
        return max(self._here(all_named), key=lambda each: each.channel == here, default=None)

    def stands_for(self, alias: Alias) -> list[CustomModel]:
        """Return the models that the alias stands for, and stood for before, newest first: those that answer there.

        It is the same for everybody; of those that the viewer does not see nothing may be shown.
        """
        return self._stands_for(alias, self._models.all())

    def fallen(self, channel: str | None) -> list[tuple[Alias, CustomModel | None]]:
        """Return the channels' aliases whose model does not answer there any more, each with what is left.

        For what those channels are told, whoever the viewer is: what is left answers there, so that everybody there may
        read its name. None: nothing is left. ``channel``: the aliases of this one alone. There are none while Slack
        does not say what each channel is.
        """
        asked = [each for each in self._aliases.all() if each.on and channel in (None, each.channel)]
        own = [each for each in asked if not is_direct(each.channel)]
        made = self._models.all() if own else []
        left = [(each, next(iter(self._stands_for(each, made)), None)) for each in own]
        fallen = [(alias, model) for alias, model in left if model is None or model.arn != alias.now.arn]
        return [] if self._sight.unclear else fallen

    def _stands_for(self, alias: Alias, made: Iterable[CustomModel]) -> list[CustomModel]:
        arns = dict.fromkeys(each.arn for each in reversed(alias.pointings))
        known = {each.arn: each for each in made if each.arn in arns}
        found = (known[arn] for arn in arns if arn in known)
        return [each for each in found if self._answers(each, alias.channel)]
