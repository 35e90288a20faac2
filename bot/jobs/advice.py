"""What a plan makes one think twice about, before it is paid for. None of it keeps a job from starting."""

from bot.jobs.history import steps
from bot.jobs.model import JobPlan
from bot.pricing.estimates import EPOCHS
from bot.profiles import registry
from bot.profiles.model import Profile

_FEW_STEPS = 5


def advice(plan: JobPlan) -> tuple[str, ...]:
    """Return sentences, each with what to do; none when there is nothing to say."""
    profile = registry.get(plan.profile)
    said = (_early_stopping(plan, profile), _few_records(plan, profile), _few_steps(plan))
    return tuple(each for each in said if each)


def _early_stopping(plan: JobPlan, profile: Profile) -> str:
    """Early stopping looks at the validation loss (the base's own hyperparameter table)."""
    stops = [each.name for each in profile.hyperparameters if each.needs_validation]
    if not stops or plan.validation_uri is not None:
        return ""
    epochs = plan.hyperparameters.get(EPOCHS, "all")
    return (
        f"There is no validation dataset, so early stopping has no loss to look at: expect all {epochs} epochs to "
        "be trained and paid. Split some records off to have it end sooner."
    )


def _few_records(plan: JobPlan, profile: Profile) -> str:
    advised = profile.limits.advised_records
    if advised is None or plan.records >= advised:
        return ""
    return (
        f"{plan.records} records are taken, and {advised} or more are advised for {profile.label}: "
        "more good examples help more than more epochs."
    )


def _few_steps(plan: JobPlan) -> str:
    counted = steps(plan)
    if counted is None or counted[1] >= _FEW_STEPS:
        return ""
    return (
        f"That makes {counted[1]} training steps in all, which teaches little: "
        "a smaller batch or more epochs make more of the same records."
    )
