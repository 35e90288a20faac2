"""Deleting a model, as its owner or the operator asks for it."""

import hashlib

from bot.access import Access, allowed
from bot.clock import Clock
from bot.controller.model import Key, Registration
from bot.controller.ports import SpecWriter
from bot.deletions.cards import DeletionQuestion
from bot.deletions.model import KIND, SCHEMA, WISHES, DeletionSpec
from bot.deletions.uses import Uses, uses_of
from bot.deployments.model import KIND as DEPLOYMENT
from bot.directory.directory import Directory
from bot.directory.service import ATTEMPTS, Service
from bot.errors import NotFound, Refused
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.leases.model import LEASE
from bot.models.model import CustomModel
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.model import PriceKind
from bot.spending import undo
from bot.wording import quoted


class DeletionService(Service):
    """Shows what hangs on a model, and has it deleted. Every method may raise ``Unavailable``."""

    def __init__(
        self, store: SpecWriter, directory: Directory, prices: PriceBook, access: Access, clock: Clock
    ) -> None:
        super().__init__(store, directory, clock)
        self._prices = prices
        self._access = access

    def theirs(self) -> list[str]:
        """Return what the models are called that the viewer may delete, the newest first."""
        user = self._directory.viewer.user
        models = self._directory.models()
        return [
            each.name
            for each in models
            if allowed(lambda each=each: self._access.check_owning(user, each.owner))  # type: ignore[misc]
        ]

    def question(self, name: str) -> DeletionQuestion:
        """Return what hangs on a model, for whoever may delete it.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
            NotAllowed: it is somebody else's.
        """
        model = self._own(name)
        uses, label = self._uses(model), self._directory.label_of(model)
        seen = {each.key.id for each in self._directory.resources(JOB)}
        jobs = tuple(each.plan.job_name for each in uses.jobs if each.plan.id in seen)
        children = {each.job_id for each in self._directory.models()} & {
            each.key.id
            for each in self._directory.resources(JOB)
            if JOBS.spec_of(each).plan.base_model_id == model.arn
        }
        return DeletionQuestion(
            model=model.name,
            at_bedrock=model.at_bedrock,
            key=key_of(model.arn),
            storage=self._prices.quote(registry.get(model.profile), PriceKind.STORAGE),
            leases=uses.serve_for,
            jobs=jobs,
            hidden_jobs=len(uses.jobs) - len(jobs),
            planned=len(uses.planned_leases) + len(uses.planned_jobs),
            channels=self._directory.shared_with(model),
            former=label.former if label else (),
            aliases=self._aliases(model),
            made_from_it=tuple(each.name for each in self._directory.models() if each.job_id in children),
        )

    def _aliases(self, model: CustomModel) -> tuple[tuple[str, str], ...]:
        """Return the aliases that stand for the model, each with what it stands for when that is gone."""
        found = [
            (each.name, self._directory.aliases.stands_for(each)) for each in self._directory.aliases.seen()
        ]
        return tuple(
            (name, next((each.name for each in models[1:]), ""))
            for name, models in found
            if models[0].arn == model.arn
        )

    def delete(self, name: str, key: str, *, channel: str, thread_ts: str | None) -> bool:
        """Have the model deleted; what comes of it is told in that place. Return whether this press began it.

        Where not everybody in the channel may read the model's name, it is told to the viewer directly (``tells_in``).
        ``key`` is that of the question: a model that got this name meanwhile is another one.

        Raises:
            NotFound, NotAllowed: as ``question``.
            Refused: something keeps it, or it is not the one that was shown.
        """
        model = self._own(name)
        if key_of(model.arn) != key:
            raise Refused(
                f"{quoted(model.name)} is another model by now.", hint="Ask for its deletion once more."
            )
        if self._uses(model).keep_it:
            raise Refused(
                f"{quoted(model.name)} is in use, so it stays.",
                hint=f"`/tune delete {model.name}` says by what.",
            )
        told_there = self.tells_in(channel, model)
        spec = DeletionSpec(
            arn=model.arn,
            region=model.region,
            profile=model.profile,
            job_id=model.job_id,
            made_as=model.at_bedrock,
            model_name=model.name,
            owner=model.owner,
            channel=channel if told_there else self._directory.viewer.user,
            thread_ts=thread_ts if told_there else None,
            user=self._directory.viewer.user,
            asked_at=self._clock.now(),
            made_in=model.channel,
            wish=undo.wished(self._directory.viewer.user, self._clock.now(), self._store.now()),
        )

        def attempt(number: int) -> Registration:
            return SCHEMA.wanted(f"{key}-{number}", spec)

        return self._begin(attempt, SCHEMA, hint="Look at it in the Bedrock console, or ask the operator.")

    def tells_in(self, channel: str, model: CustomModel) -> bool:
        """Return whether what comes of a model's deletion may be told in that channel, where everybody reads it."""
        seen = self._directory
        return bool(channel) and seen.sight.may_show(seen.provenance_of_model(model), channel)

    def keep(self, key: str) -> str:
        """Take back that a model is to be deleted, as long as that can be; return its name.

        ``key`` is that of the question.

        Raises:
            NotFound: nobody knows of that, or it is not theirs to know of.
            Refused: it is deleted, or was kept before, and by whom.
        """
        by, at, now = self._directory.viewer.user, self._clock.now(), self._store.now()
        known = [self._directory.own(Key(KIND, f"{key}-{number}")) for number in range(ATTEMPTS)]
        last = next((each for each in reversed(known) if each), None)
        spec = SCHEMA.spec_of(last) if last else None
        if last is None or spec is None or not allowed(lambda: self._access.check_owning(by, spec.owner)):
            raise NotFound("Nobody has asked to delete this model.", hint="`/tune models` lists all of them.")
        self._store.amend(last.key, SCHEMA.on_documents(lambda now_: undo.keep(now_, WISHES, by, at, now)))
        return spec.model_name

    # How

    def _uses(self, model: CustomModel) -> Uses:
        rules = self._directory.for_rules
        return uses_of(model.arn, rules(LEASE), rules(DEPLOYMENT), rules(JOB))

    def _own(self, name: str) -> CustomModel:
        model = self._directory.known_model(name)
        self._access.check_owning(self._directory.viewer.user, model.owner)
        return model


def key_of(arn: str) -> str:
    """Return what tells a model from all others: a digest of its ARN."""
    return hashlib.sha256(arn.encode()).hexdigest()[:20]
