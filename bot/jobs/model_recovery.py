"""Custom models that the store has forgotten: found by their tags, so that they can be served and asked again."""

import logging
from collections.abc import Collection
from dataclasses import dataclass

from bot.controller.effects import Effect, passing
from bot.controller.model import Key
from bot.controller.ports import ResourceStore
from bot.jobs.cards import ModelRecovered
from bot.jobs.model import JobPlan
from bot.jobs.ports import Customization
from bot.jobs.purchase import FORM as JOB_PLAN
from bot.jobs.record import KIND as JOB
from bot.models.model import CustomModel, MadeModel
from bot.models.ports import ModelRepository
from bot.profiles.registry import PROFILES, profile_of
from bot.spending import tags
from bot.spending.archive import PlanKeeper
from bot.spending.comparing import Looked, compare
from bot.spending.recovery import Found
from bot.spending.tags import Origin

log = logging.getLogger(__name__)


KEEP_FOUND_MODEL = Effect(
    "model-found", "keeping a model again", "a model that is known, and that was told to nobody but the log"
)


@dataclass(frozen=True, slots=True)
class LostModels:
    """Compares a region's custom models with those that are known. ``bot`` is what this bot is called."""

    customization: Customization
    models: ModelRepository
    store: ResourceStore
    plans: PlanKeeper
    bot: str = ""

    def look(self, region: str, strangers: Collection[str]) -> Looked:
        """Compare, and keep what was forgotten; ``strangers`` are the ARNs that were none of our business."""
        return compare(
            lambda: self.customization.own_models(region),
            lambda: {
                *(each.arn for each in self.models.all()),
                *(each.arn for each in self.models.labels()),  # deleted ones, which a listing may still have
            },
            strangers,
            lambda listed: self._one(region, listed),
        )

    def _one(self, region: str, listed: MadeModel) -> list[Found] | None:
        """Keep one model, and return what there is to be told of it; None when it is none of ours."""
        known = self.models.find(listed.name)
        if known and (known.arn == listed.arn or known.region == region):
            return [] if known.arn == listed.arn else None  # in one region a name is one model's
        marked = self.customization.tags(region, listed.arn)
        origin = tags.origin(marked) if tags.is_ours(marked, self.bot) else None
        if origin is None:
            return None
        job = self.store.get(Key(JOB, origin.digest[:12]))
        if job and not job.done:
            return []  # the end of its job keeps it
        seen = self.customization.custom_model(region, listed.arn)
        if seen is None:
            return []  # it was deleted in between
        kept = self.plans.find(region, JOB_PLAN, origin.digest)
        model = _model(region, seen, origin, kept.plan if kept else None)
        if model is None:
            log.warning("%s is tagged as ours, and made of a base that there is no profile of", listed.arn)
            return None
        log.warning("The model %s was forgotten; it is known again", listed.arn)
        with passing(KEEP_FOUND_MODEL):
            self.models.save(model)
        news = ModelRecovered(model.name, region, with_plan=kept is not None)
        job_key = str(Key(JOB, origin.digest[:12]))
        if kept:
            return [Found(news, reference=job_key)]
        return [Found(news, (), model.channel, model.owner, job_key)]


def _model(region: str, seen: MadeModel, origin: Origin, plan: JobPlan | None) -> CustomModel | None:
    """Return the model as its job's end would have kept it, with what is known without its plan if there is none."""
    base = profile_of(seen.base_model) or profile_of(seen.arn)
    profile = plan.profile if plan else base.name if base else ""
    if profile not in PROFILES:
        return None
    return CustomModel(
        name=seen.name,
        arn=seen.arn,
        profile=profile,
        region=region,
        job_id=origin.digest[:12],
        dataset_id=plan.dataset_id if plan else origin.dataset_id,
        dataset_name=plan.dataset_name if plan else seen.training_uri.rpartition("/")[2] or "unknown",
        owner=origin.owner,
        channel=origin.channel,
        created=seen.created,
        system_prompt=plan.system_prompt if plan else None,
        training_loss=seen.training_loss,
        validation_loss=seen.validation_loss,
        held_out=(plan.validation_dataset_id or "") if plan else None,
        base_arn=plan.base_model_id if plan else seen.base_model,
    )
