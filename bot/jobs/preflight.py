"""What is looked at before a job is started: each line says what holds, or what does not and what mends it."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NamedTuple

from bot.errors import TunesmithError, Unavailable
from bot.jobs.model import JobPlan
from bot.jobs.ports import AccountChecks, Customization
from bot.jobs.terms import Terms
from bot.models import lifecycle as gate
from bot.models.model import Lifecycle
from bot.names import cannot_be_had, next_free
from bot.pricing.money import at_most
from bot.profiles import registry
from bot.spending.budgets import Outlook
from bot.spending.checks import fits_budget
from bot.spending.model import Check

DEADLINE = 20.0
"""Seconds that a whole preflight may take: less than a lease of 30, in which its result must be written down."""

SCHEDULED_JOBS = 10
"""Customization jobs that an account may have under way in a region. AWS's quota page; it cannot be raised."""

UNREACHABLE = "I look again by myself in a moment."
_TRIES = 10

Look = Callable[[], Check]
Prospect = Callable[[], Outlook | None]
"""Asks what the spending would mean for the budgets; None when none applies. Raises ``Unavailable``."""

_BLOCKS = frozenset({gate.NAME, "bucket", "files", "job name", "model name"})
"""What must be known before a start. What else cannot be looked at is told, and left to Bedrock's own checks."""


@dataclass(frozen=True, slots=True)
class Preflight:
    """The result: the checks, the base's life, and whether something was only unreachable for now."""

    checks: tuple[Check, ...]
    lifecycle: Lifecycle
    unsettled: bool


class PreflightRunner:
    """Looks at the account for one plan, at everything at once. Only reads.

    Args:
        customization: Bedrock.
        account: the rest of the account.
        deadline: seconds after which what has not answered is told as not checked. A look that hangs goes on in its
            thread until its own time-out, and its answer is thrown away.
    """

    def __init__(
        self, customization: Customization, account: AccountChecks, deadline: float = DEADLINE
    ) -> None:
        self._customization = customization
        self._account = account
        self._deadline = deadline

    def run(self, plan: JobPlan, terms: Terms, prospect: Prospect) -> Preflight:
        """Return what holds for the plan now. A look that fails is a line of its own, and nothing is raised for it."""
        base = _BaseModel(self._customization, plan)
        looks: dict[str, Look] = {
            gate.NAME: base.look,
            "bucket": lambda: self._account.bucket(plan.region),
            "role": lambda: self._account.role(plan.role_arn),
            "files": lambda: self._account.files(plan),
            "reach": lambda: self._account.reach(plan),
            "encryption": lambda: self._account.encryption(plan),
            "pass role": lambda: self._account.pass_role(plan),
            "quota": lambda: self._quota(plan),
            "job name": lambda: self._job_name(plan),
            "model name": lambda: self._model_name(plan),
            "dataset": lambda: dataset_fits(plan),
            "budget": lambda: budget(terms, prospect()),
        }
        futures = self._looked(looks)
        results = [_result(name, future, self._deadline) for name, future in futures.items()]
        checks = tuple(base.instead_of(each.check) for each in results)
        return Preflight(checks, base.lifecycle, any(each.unsettled for each in results))

    def _looked(self, looks: Mapping[str, Look]) -> dict[str, "Future[Check]"]:
        executor = ThreadPoolExecutor(len(looks), thread_name_prefix="preflight")
        futures = {name: executor.submit(look) for name, look in looks.items()}
        wait(futures.values(), timeout=self._deadline)
        executor.shutdown(wait=False, cancel_futures=True)
        return futures

    def _quota(self, plan: JobPlan) -> Check:
        busy = self._customization.under_way(plan.region)
        count = f"{busy} of {SCHEDULED_JOBS} jobs that the account may have are under way in {plan.region}"
        if busy < SCHEDULED_JOBS:
            return Check("quota", True, f"{count}.")
        return Check("quota", True, f"{count}, so this one waits until one ends.", notice=True)

    def _job_name(self, plan: JobPlan) -> Check:
        found = self._customization.get(plan.region, plan.job_name)
        # A job under this plan's token is this very job, of which the store has lost track: its name is not taken.
        if found is None or found.client_token == plan.digest:
            return Check("job name", True, f"The job's name `{plan.job_name}` is free.")
        return name_in_use(self._customization, plan)

    def _model_name(self, plan: JobPlan) -> Check:
        if self._customization.model_arn(plan.region, plan.model_name) is None:
            return Check("model name", True, f"The model's name `{plan.model_name}` is free.")
        ours = self._customization.get(plan.region, plan.job_name)
        if ours is not None and ours.client_token == plan.digest:
            return Check("model name", True, f"`{plan.model_name}` is this job's own.")
        free = next_free(plan.model_name, [plan.model_name])
        return Check(
            "model name",
            False,
            cannot_be_had(plan.model_name),
            f"Start again with another model name, for instance `{free}`.",
        )


class _BaseModel:
    """The base model's line. Its life is kept apart, so that slow advice does not lose what is known already."""

    def __init__(self, customization: Customization, plan: JobPlan) -> None:
        self._customization = customization
        self._plan = plan
        self.lifecycle = Lifecycle("UNKNOWN")

    def look(self) -> Check:
        plan, profile = self._plan, registry.get(self._plan.profile)
        self.lifecycle = self._customization.lifecycle(plan.region, profile.training_id)
        check = gate.check(self._customization, profile, self.lifecycle)
        parent = plan.base_model_name
        if (
            parent is None
            or not check.ok
            or self._customization.custom_model(plan.region, plan.base_model_id)
        ):
            return check
        return Check(
            gate.NAME,
            False,
            f"There is no custom model `{parent}` in {plan.region} any more.",
            "Start again from the base model itself, or from another model.",
        )

    def instead_of(self, check: Check) -> Check:
        known = check.name == gate.NAME and not check.checked and self.lifecycle.status != "UNKNOWN"
        # Its life was told before what came after it did not answer: what is known of it counts.
        return gate.judged(registry.get(self._plan.profile), self.lifecycle, None) if known else check


def name_in_use(customization: Customization, plan: JobPlan) -> Check:
    """Return the failed check for a job name that another job has, with one that is free."""
    taken = {plan.job_name}
    # Bounded: each further name costs a call, within the deadline of the whole preflight.
    while customization.get(plan.region, free := next_free(plan.job_name, taken)) and len(taken) < _TRIES:
        taken.add(free)
    return Check(
        "job name",
        False,
        cannot_be_had(plan.job_name),
        f"Start again with another name: `{free}` is free.",
        final=True,
    )


def dataset_fits(plan: JobPlan) -> Check:
    """Return whether the numbers of records are what the base takes; the verdict itself was ready when planned."""
    profile = registry.get(plan.profile)
    limits, held = profile.limits, plan.validation_records or 0
    again = "Start again with another dataset."
    if not limits.min_records <= plan.records <= limits.max_training_records:
        return Check(
            "dataset",
            False,
            f"{profile.label} trains on {limits.min_records} to {limits.max_training_records} records, "
            f"and there are {plan.records}.",
            again,
            final=True,
        )
    if held > (limits.max_validation_records or held) or plan.records + held > limits.max_total_records:
        most = limits.max_validation_records or limits.max_total_records
        return Check(
            "dataset",
            False,
            f"The validation dataset has {held} records; {profile.label} takes at most {most}, "
            f"and {limits.max_total_records} together with the training data.",
            "Start again with a smaller one.",
            final=True,
        )
    beside = f", and {held} to validate with" if held else ""
    return Check("dataset", True, f"{plan.records} records{beside}, ready for {profile.label}.")


def budget(terms: Terms, seen: Outlook | None = None) -> Check:
    """Return what the training costs, and whether it fits into the budgets; without any, who may agree to it."""
    if seen:
        return fits_budget(seen)
    price = at_most(terms.training.usd)
    who = (
        "an approver has to agree"
        if terms.needs_approval
        else "which a trainer may spend without an approver"
    )
    return Check("budget", True, f"Training costs {price}; {who}.")


class _Result(NamedTuple):
    check: Check
    unsettled: bool = False
    """It only did not answer: it is worth another look."""


def _result(name: str, future: "Future[Check]", deadline: float) -> _Result:
    if not future.done() or future.cancelled():
        return _unanswered(name, f"The {name} could not be checked within {deadline:g} s.", "")
    try:
        return _Result(future.result())
    except Unavailable as error:
        return _unanswered(name, f"The {name} could not be checked: {error.message}", error.hint)
    except TunesmithError as error:
        return _Result(Check(name, False, error.message, error.hint))


def _unanswered(name: str, sentence: str, hint: str) -> _Result:
    check = Check(name, name not in _BLOCKS, sentence, hint or UNREACHABLE, checked=False)
    return _Result(check, unsettled=True)
