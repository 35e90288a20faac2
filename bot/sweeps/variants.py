"""One plan made into several, with one hyperparameter varied, each under a name of its own.

A name is made of what is trained: the value, and a digest of the data, the base and all hyperparameters. So two sweeps
that are planned in the same moment never give one name to two jobs, and what both of them want is one and the same job.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum

from bot.errors import Refused
from bot.jobs.model import JobPlan
from bot.names import of_variant
from bot.profiles import registry
from bot.profiles.hyperparameters import label_of, parse, word_of
from bot.spending.digest import digest_of
from bot.sweeps.model import MOST, LeftOut
from bot.wording import quoted

_DIGITS = 6


class Standing(Enum):
    """What there is under the names of a plan."""

    FREE = "free"
    EXISTS = "exists"
    """The very same job: it was started, and neither failed nor was stopped."""
    TAKEN = "taken"
    """Another job or model; or the same job, which came to nothing."""


def varied(
    plan: JobPlan, hyperparameter: str, values: Sequence[str], look: Callable[[JobPlan], Standing]
) -> tuple[tuple[JobPlan, ...], tuple[LeftOut, ...]]:
    """Return the plan once for each value, under names that are free, and the values for which a job exists already.

    Args:
        plan: what all have in common.
        hyperparameter: the API's own name.
        values: as people wrote them.
        look: says what there is under the names of a plan.

    Raises:
        Refused: a value is wrong or stands there twice, there are too few or too many, or a job exists for each.
    """
    plans: list[JobPlan] = []
    left_out: list[LeftOut] = []
    for value in _wanted(plan, hyperparameter, values):
        same = replace(plan, hyperparameters={**plan.hyperparameters, hyperparameter: value})
        tries = (_named(same, hyperparameter, attempt) for attempt in itertools.count())
        made = next(each for each in tries if look(each) is not Standing.TAKEN)
        if look(made) is Standing.FREE:
            plans.append(made)
        else:
            left_out.append(LeftOut(value, made.job_name))
    if not plans:
        raise all_exist(left_out)
    return tuple(plans), tuple(left_out)


def all_exist(left_out: Sequence[LeftOut]) -> Refused:
    """Return the refusal of a sweep of which every job exists already."""
    names = ", ".join(quoted(each.job_name) for each in left_out)
    return Refused(
        f"Each of these jobs exists already: {names}.",
        hint="`/tune status JOB` shows one of them, and `/tune again JOB` plans one once more.",
    )


def _wanted(plan: JobPlan, hyperparameter: str, values: Sequence[str]) -> list[str]:
    parameter = registry.get(plan.profile).hyperparameter(hyperparameter)
    assert parameter is not None, hyperparameter
    wanted = [parse(parameter, each) for each in values]
    twice = next((each for each in wanted if wanted.count(each) > 1), None)
    if twice is not None:
        raise Refused(
            f"{label_of(hyperparameter)} = {twice} stands there twice.",
            hint="Each value is one job: once is enough.",
        )
    if not 2 <= len(wanted) <= MOST:
        raise Refused(
            f"A sweep has 2 to {MOST} values, and there are {len(wanted)}.",
            hint="Write them with commas between, as in `2,4,6`; for one value use `/tune again`.",
        )
    return wanted


def _named(plan: JobPlan, hyperparameter: str, attempt: int) -> JobPlan:
    # Another attempt has another digest, and so a name of its own.
    content = digest_of(replace(plan, job_name="", model_name=str(attempt)), ())[:_DIGITS]
    end = (word_of(hyperparameter), plan.hyperparameters[hyperparameter], content)
    return replace(
        plan, job_name=of_variant(plan.job_name, *end), model_name=of_variant(plan.model_name, *end)
    )
