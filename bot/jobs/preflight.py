"""What is looked at before a job is started: each line says what holds, or what does not and what mends it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import TunesmithError, Unavailable
from bot.jobs import gate
from bot.jobs.model import Check, JobPlan, Lifecycle
from bot.jobs.names import next_free
from bot.jobs.ports import AccountChecks, Customization
from bot.profiles import registry

_TRIES = 10
UNREACHABLE = "I look again by myself in a moment."


@dataclass(frozen=True, slots=True)
class Preflight:
    """The result: the checks, the base's life, and whether something was only unreachable for now."""

    checks: tuple[Check, ...]
    lifecycle: Lifecycle
    unsettled: bool


class PreflightRunner:
    """Looks at the account for one plan. Only reads; a check that cannot be done is a line of its own."""

    def __init__(self, customization: Customization, account: AccountChecks) -> None:
        self._customization = customization
        self._account = account

    def run(self, plan: JobPlan, renew: Callable[[], object] = lambda: None) -> Preflight:
        """Return what holds for the plan now. A look that fails is a failed check, and nothing is raised for it.

        ``renew`` is called before each look, for whoever has to show that they are still at it.
        """
        lifecycles = [Lifecycle("UNKNOWN")]

        def base_model() -> Check:
            lifecycles.append(self._customization.lifecycle(plan.region, plan.base_model_id))
            return gate.check(self._customization, registry.get(plan.profile), lifecycles[-1])

        looks: dict[str, Callable[[], Check]] = {
            gate.NAME: base_model,
            "bucket": lambda: self._account.bucket(plan.region),
            "role": lambda: self._account.role(plan.role_arn),
            "job name": lambda: self._job_name(plan),
            "model name": lambda: self._model_name(plan),
            "dataset": lambda: dataset_in_region(plan),
        }
        unsettled: list[str] = []
        checks = []
        for name, look in looks.items():
            renew()
            checks.append(_checked(name, look, unsettled))
        return Preflight(tuple(checks), lifecycles[-1], bool(unsettled))

    def _job_name(self, plan: JobPlan) -> Check:
        found = self._customization.get(plan.region, plan.job_name)
        if found is None or found.client_token == plan.digest:
            return Check("job name", True, f"`{plan.job_name}` is free.")
        return name_in_use(self._customization, plan)

    def _model_name(self, plan: JobPlan) -> Check:
        if self._customization.model_arn(plan.region, plan.model_name) is None:
            return Check("model name", True, f"`{plan.model_name}` is free.")
        ours = self._customization.get(plan.region, plan.job_name)
        if ours is not None and ours.client_token == plan.digest:
            return Check("model name", True, f"`{plan.model_name}` is this job's own.")
        free = next_free(plan.model_name, [plan.model_name])
        return Check(
            "model name",
            False,
            f"A custom model called `{plan.model_name}` exists in {plan.region}.",
            f"Start again with another model name, for instance `{free}`.",
        )


def name_in_use(customization: Customization, plan: JobPlan) -> Check:
    """Return the failed check for a job name that another job has, with one that is free."""
    taken = {plan.job_name}
    while customization.get(plan.region, free := next_free(plan.job_name, taken)) and len(taken) < _TRIES:
        taken.add(free)
    return Check(
        "job name",
        False,
        f"A job called `{plan.job_name}` exists in {plan.region}, and jobs are never deleted.",
        f"Start again with another name: `{free}` is free.",
    )


def dataset_in_region(plan: JobPlan) -> Check:
    """Return whether there is an address for each file; the desk refuses plans for which there is none."""
    files = "The dataset is" if plan.validation_uri is None else "Both datasets are"
    return Check("dataset", True, f"{files} validated, and stored in {plan.region}.")


def _checked(name: str, look: Callable[[], Check], unsettled: list[str]) -> Check:
    try:
        return look()
    except Unavailable as error:
        unsettled.append(name)
        return Check(name, False, error.message, error.hint or UNREACHABLE)
    except TunesmithError as error:
        return Check(name, False, error.message, error.hint)
