"""The one place where things are looked up by name or listed: as one viewer may see them.

Every service is built for a viewer and reads through this; the stores themselves it only writes to. What a viewer may
not see is as if it were not there: in lists, by name, by ID, and in hints at the nearest name.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.access import Access
from bot.controller.model import Key, Resource
from bot.controller.ports import NO_LIMIT, ResourceStore
from bot.datasets.model import Dataset, Role, referred
from bot.datasets.ports import DatasetRepository
from bot.directory.alias_lookup import AliasLookup
from bot.directory.dataset_labels import ContentLabels, origin
from bot.directory.dataset_lists import newest_seen, seen
from bot.directory.further import TrainedFurther
from bot.directory.refusals import no_model, not_here, places
from bot.errors import Refused, Unavailable
from bot.models import labels
from bot.models.model import MADE_BY, Alias, CustomModel, ModelLabel
from bot.models.ports import ModelStores
from bot.names import bare
from bot.visibility import ChannelMemberships, Origin, Provenance, Sight, Sources, Viewer
from bot.wording import Person, quoted, wording

PlaceOf = Callable[[Resource], tuple[str, str | None]]
"""Reads the channel and the thread of something out of it; no thread: nobody knows it yet."""

SourcesByKind = Mapping[str, Callable[[Resource], Sources]]
"""By kind. One that is not here is seen by nobody: looking for it is a defect."""


class Directory:
    """What one viewer may see of datasets, models, and of everything that is followed."""

    def __init__(
        self,
        viewer: Viewer,
        memberships: ChannelMemberships,
        store: ResourceStore,
        datasets: DatasetRepository,
        model_stores: ModelStores,
        access: Access,
        sources: SourcesByKind,
    ) -> None:
        self.viewer = viewer
        self._memberships = memberships
        self.access = access
        self._sources = sources
        self.sight = Sight(viewer, memberships)
        self._store = store
        self._datasets = datasets
        self._model_stores = model_stores
        self._models = model_stores.models
        self._shares = model_stores.shares
        self.aliases = AliasLookup(self.sight, model_stores, self.answers, self.sees_model)
        self._labels = ContentLabels(datasets)
        self._further = TrainedFurther(self._models.made, self.provenance_of_model)
        self._sees_models: dict[tuple[str, str], bool] = {}
        self._made_by: dict[str, Sources | None] = {}
        self._shared: dict[str, tuple[str, ...]] | None = None
        self._ahead: dict[str, list[Resource]] = {}

    def check_place(self, channel: str) -> None:
        """Return when the viewer may have something said in the channel: as far as Slack says, they can read it there.

        Raises:
            Refused: they cannot.
            Unavailable: Slack does not say.
        """
        if self.sight.is_kept_out(channel):
            raise Refused(
                "You are not in the channel that this is for.", hint="Do it again from where you are."
            )
        if self.sight.unclear:
            raise Unavailable("Slack did not tell me which conversations you are in.")

    # Datasets

    def dataset(self, name_or_id: str, role: Role | None = None, called: str = "") -> Dataset | None:
        """Return the dataset of that ID or name, or None. ``role``: what it is wanted as, where there is a choice.

        ``called``: under which name, where the same bytes have several; a ``reference`` says that by itself.

        Of several, the one that came from where the viewer is goes first, then the viewer's own, then the newest.
        """
        wanted, meant = referred(name_or_id)
        called = called or meant
        labels = self._datasets.labels(wanted) or self._datasets.named(wanted, NO_LIMIT) if wanted else []
        found = seen(self.sight, labels)
        if not found:
            self.sight.channels()  # asked either way, so that not even silence tells whether the name is there
            return None
        return max(reversed(found), key=lambda each: (each.name == called, self._nearness(each, role)))

    def datasets(self, *, channel: str | None = None, limit: int = 20) -> list[Dataset]:
        """Return datasets, newest first; only those that came from ``channel`` when one is given."""
        return newest_seen(self._datasets, self.sight, channel=channel, limit=limit)

    def versions(self, name: str, limit: int = 20) -> list[Dataset]:
        """Return the versions of a name (in any case), newest first, each content once."""
        once: dict[str, Dataset] = {}
        for each in seen(self.sight, self._datasets.named(name, NO_LIMIT)):
            once.setdefault(each.id, each)
        return list(once.values())[:limit]

    def labels_in(self, channel: str, name: str) -> list[Dataset]:
        """Return every version of that name (in any case) that came from a channel, newest first, seen or not.

        For the rule that a name in a channel is of one person's data. Nothing of others may be shown.
        """
        return [each for each in self._datasets.named(name, NO_LIMIT) if each.source.channel == channel]

    def check_dataset(self, dataset: Dataset, channel: str) -> None:
        """Return when the dataset may be talked of in the channel.

        Raises:
            Refused: people there may not see it; the hint says where it can be done.
        """
        group = self._labels.origins(dataset.id) or (origin(dataset.source),)
        if not self.sight.may_show(Provenance.of(*group), channel):
            raise not_here(
                quoted(dataset.name), places([origin(dataset.source)]), "drop its file into this one as well"
            )

    # Models

    def stored_model(self, name: str, arn: str = "") -> CustomModel | None:
        """Return the model that something kept is about, or None. An alias of that name is nothing to it.

        ``name`` is any that the model bears or bore, ``arn`` says which one was meant where that was kept: a name may
        be another model's by now.
        """
        found = self._models.find(name) if name else None
        same = found is not None and arn in ("", found.arn)
        if found and same and self.sight.sees(self.provenance_of_model(found)):
            return found
        self.sight.channels()
        return None

    def typed_model(self, name: str) -> CustomModel | None:
        """Return what a person means who types that name (any case) where the viewer is, or None.

        It is the model that is called so, else what an alias stands for that counts there. Never for what is kept
        (``stored_model``): whoever chooses an alias would choose what that is about.
        """
        if found := self.stored_model(name):
            return found
        alias = self.aliases.named(name)
        return next(iter(self.aliases.stands_for(alias)), None) if alias else None

    def asked_model(self, name: str) -> tuple[CustomModel | None, Alias | None]:
        """Return which model is asked by that name where the viewer is, and the alias that it was found by, if it was.

        An alias of that very conversation goes first: whoever names a model elsewhere does not change what people are
        answered by here. In a direct message a model goes before the aliases of channels.
        """
        alias = self.aliases.named(name)
        is_of_here = alias is not None and alias.channel == self.viewer.here
        if not is_of_here and (named := self.stored_model(name)):
            return named, None
        return (self.aliases.stands_for(alias)[0], alias) if alias else (None, None)

    def sees_model(self, model: CustomModel | None) -> bool:
        """Return whether there is one, and the viewer sees it."""
        return model is not None and self.sight.sees(self.provenance_of_model(model))

    def known_model(
        self, name: str, instead: Callable[[str], str] = lambda _: "", told_in: str = ""
    ) -> CustomModel:
        """Return the model of that name, as somebody typed it.

        ``told_in``: the channel that reads what is raised, so that a hint has no name but of what answers there.

        Raises:
            NotFound: there is none; the hint is what ``instead`` knows of that name, who deleted it, or the nearest.
        """
        wanted = bare(name)
        if found := self.typed_model(wanted):
            return found
        near = [each for each in self.models() if not told_in or self.answers(each, told_in)]
        gone = labels.deleted_as(wanted, self._models.labels())
        known = gone if gone and self.resource(MADE_BY, gone.job_id) else None
        names = [*(each.name for each in near), *(each.name for each in self.aliases.here())]
        raise no_model(wanted, instead(wanted), known, names)

    def models(self) -> list[CustomModel]:
        """Return the models, newest first."""
        found = self._models.all()
        self._labels.learn(each for model in found for each in (model.dataset_id, model.held_out))
        return [each for each in found if self.sight.sees(self.provenance_of_model(each))]

    def answers(self, model: CustomModel, channel: str) -> bool:
        """Return whether the model answers in the channel."""
        return self.sight.may_answer(self.provenance_of_model(model), channel)

    def check_answers(self, model: CustomModel, channel: str) -> None:
        """Return when the model answers in the channel, and so may be served there.

        Raises:
            Refused: it does not; the hint says where it does, and who can change that.
        """
        if self.answers(model, channel):
            return
        owner = (
            "you can"
            if model.owner == self.viewer.user
            else wording("its owner ", Person(model.owner), " can")
        )
        raise Refused(
            f"{quoted(model.name)} does not answer in this channel: everybody here would read what it says.",
            hint=wording(
                "Ask it ",
                places([Origin(model.channel, model.owner)]),
                ", or directly; ",
                owner,
                f" share it with this channel: `/tune share {model.name} with #channel`.",
            ),
        )

    def check_model(self, model: CustomModel, channel: str) -> None:
        """Return when the model may be talked of in the channel.

        Raises:
            Refused: people there may not see it; the hint says where it can be done.
        """
        if not self.sight.may_show(self.provenance_of_model(model), channel):
            raise not_here(
                quoted(model.name),
                places([Origin(model.channel, model.owner)]),
                f"share it: `/tune share {model.name} with #channel`",
            )

    def shared_with(self, model: CustomModel) -> tuple[str, ...]:
        """Return the channels that the model's owner shared it with."""
        if self._shared is None:
            self._shared = {}
            for each in self._shares.all():
                if each.on:
                    self._shared[each.arn] = (*self._shared.get(each.arn, ()), each.channel)
        return self._shared.get(model.arn, ())

    def forget_shares(self) -> None:
        """Look at the shares anew: one was changed."""
        self._shared = None
        self._further.forget()

    def provenance_of_model(self, model: CustomModel) -> Provenance:
        """Return where the model came from: its job's channel, those of all that it was trained on, what it was before.

        Of its shares those count that do not go past what it was trained further from.
        """
        job = self._job_of(model.job_id) if None in (model.held_out, model.base_arn) else None
        held_out = model.held_out if model.held_out is not None else job.held_out if job else ""
        base_arn = model.base_arn if model.base_arn is not None else job.base_arn if job else ""
        groups = self._made_of(Origin(model.channel, model.owner), model.dataset_id, held_out)
        before, shares = self._further.of(base_arn), self.shared_with(model)
        return Provenance(
            groups, tuple(each for each in shares if self.sight.may_show_all(before, each)), before
        )

    def dataset_name_of(self, model: CustomModel) -> str:
        """Return what the viewer calls the data that the model was trained on; empty when they do not see it.

        Who was shared a model was not shown its data: so a share is no way to see this. Of a dataset that is not known
        any more the name is for whoever sees the model without a share.
        """
        labels = self._labels.of(model.dataset_id)
        if not labels:
            unshared = replace(self.provenance_of_model(model), shared=())
            return model.dataset_name if self.sight.sees(unshared) else ""
        names = [each.name for each in seen(self.sight, labels)]
        return model.dataset_name if model.dataset_name in names else next(iter(names), "")

    def data_shown_in(self, model: CustomModel, channel: str) -> tuple[str, str]:
        """Return name and ID of what the model was trained on, both empty where not everybody in the channel sees that.

        A model that was shared answers there, and what it was trained on stays where it is.
        """
        origins = self._labels.origins(model.dataset_id) or (Origin(model.channel, model.owner),)
        if not self.sight.may_show(Provenance.of(*origins), channel):
            return "", ""
        shown = [
            each.name
            for each in self._labels.of(model.dataset_id)
            if self.sight.may_show(Provenance.of(origin(each.source)), channel)
        ]
        known = not shown or model.dataset_name in shown
        return model.dataset_name if known else shown[0], model.dataset_id

    def label_of(self, model: CustomModel) -> ModelLabel | None:
        """Return what people were told to call a model that the viewer sees; None while that is as it was made."""
        return next((each for each in self._models.labels() if each.arn == model.arn), None)

    # Everything that is followed

    def resource(self, kind: str, resource_id: str) -> Resource | None:
        """Return the resource of that kind and ID, or None."""
        found = self._store.get(Key(kind, resource_id)) if resource_id else None
        if found and self._sees(self._sources[kind](found)):
            return found
        self.sight.channels()
        return None

    def resources(self, kind: str, *, unfinished: bool = False, since: float = 0.0) -> list[Resource]:
        """Return the resources of that kind, newest first; ``unfinished``: only those that are not done.

        ``since``: only those that were registered then or later, in seconds of the store's time.
        """
        found = self._ahead.pop(kind, None) if unfinished else None
        if found is None:
            found = self._store.of_kinds([kind], unfinished=unfinished, since=since)[kind]
        sources = [self._sources[kind](each) for each in found]
        self._labels.learn(each for source in sources for each in source.datasets)
        return [each for each, source in zip(found, sources, strict=True) if self._sees(source)]

    def read_ahead(self, *kinds: str) -> None:
        """Read what is unfinished of these kinds in one round trip; the next ``resources`` of each have them."""
        self._ahead = self._store.of_kinds(kinds, unfinished=True)

    def asked_to_decide(self, kind: str, resource_id: str) -> Resource | None:
        """Return what an approver was asked about, whatever channel it is in: they decide on what the question says.

        For presses of *Approve* and *Decline* by those who may press them, and for nothing else.
        """
        return self._store.get(Key(kind, resource_id))

    def is_seen_by(self, key: Key, user: str) -> bool:
        """Return whether somebody else sees a resource: for who is to have it, and for nothing that is shown."""
        stores = self._store, self._datasets, self._model_stores
        them = Directory(Viewer(user), self._memberships, *stores, self.access, self._sources)
        return them.resource(key.kind, key.id) is not None

    def own(self, key: Key) -> Resource | None:
        """Return what the viewer's own request has made or would make: its key is a digest of the request."""
        return self._store.get(key)

    @property
    def sees_account(self) -> bool:
        """Whether the viewer may know of what was made elsewhere in the AWS account (``Access.oversees``)."""
        return self.access.oversees(self.viewer.user)

    def under_way_in(self, thread_ts: str, kind: str, place_of: PlaceOf) -> list[Key]:
        """Return what of that kind is not done in that thread of the channel that the viewer acts in."""
        place = (self.viewer.here, thread_ts)
        return [each.key for each in self._store.unfinished(kind) if place_of(each) == place]

    def unmanaged(self, kind: str, region: str) -> Resource | None:
        """Return what was last seen of a region's jobs, for those who may know of what was made elsewhere.

        Those of ours are to be taken out before it is shown.
        """
        return self._store.get(Key(kind, region)) if self.sees_account else None

    def for_rules(self, kind: str) -> list[Resource]:
        """Return all resources of that kind, seen or not, for rules that hold for everybody: which names are taken.

        Nothing of them may be shown.
        """
        return self._store.of_kind(kind)

    def model_names_for_rules(self) -> set[str]:
        """Return every name that finds a model, seen or not, for the rule that a name is given once."""
        return {each.at_bedrock for each in self._models.all()} | labels.names(self._models.labels())

    def deleted_for_rules(self) -> set[str]:
        """Return the IDs of the jobs whose models were deleted: their names are free again."""
        return {each.job_id for each in self._models.labels() if each.deleted}

    # How

    def _nearness(self, dataset: Dataset, role: Role | None) -> tuple[bool, bool, bool, float]:
        source, viewer = dataset.source, self.viewer
        here = bool(viewer.here) and source.channel == viewer.here
        fits = role is None or dataset.report.role is role
        return fits, here, source.user == viewer.user, dataset.stored_at.timestamp()

    def _job_of(self, job_id: str) -> Sources | None:
        """Return what a job was made from, None when it is gone: a plan is frozen, so it is read once."""
        if job_id not in self._made_by:
            job = self._store.get(Key(MADE_BY, job_id))
            self._made_by[job_id] = self._sources[MADE_BY](job) if job else None
        return self._made_by[job_id]

    def _made_of(self, where: Origin, *dataset_ids: str) -> tuple[tuple[Origin, ...], ...]:
        groups = (self._labels.origins(each) for each in dataset_ids if each)
        return ((where,), *(group for group in groups if group))

    def _sees(self, sources: Sources) -> bool:
        made_of = self._made_of(sources.where, *sources.datasets)
        if self.sight.sees(Provenance(made_of, made_from=self._further.of(sources.base_arn))):
            return True
        model = sources.model, sources.model_arn
        if sources.model_arn and model not in self._sees_models:
            self._sees_models[model] = self.stored_model(*model) is not None
        return bool(sources.model_arn) and self._sees_models[model]
