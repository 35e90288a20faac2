"""What is looked at before answers are ordered. The account is only read."""

from collections.abc import Callable

from bot.distillations.plan import LEAST_RECORDS, MOST_BYTES, MOST_RECORDS, DistillationPlan, Prepared
from bot.distillations.teachers.model import Teacher
from bot.errors import TunesmithError
from bot.jobs.ports import AccountChecks, Customization
from bot.models.model import Lifecycle
from bot.spending.model import Check


def check(
    plan: DistillationPlan,
    prepared: Prepared,
    teacher: Teacher,
    customization: Customization,
    account: AccountChecks,
) -> tuple[Check, ...]:
    """Return a line for each thing: what holds, or what does not and what mends it."""
    return (
        fits(prepared),
        _looked(
            "teacher", lambda: _alive(teacher, customization.lifecycle(plan.region, teacher.foundation_id))
        ),
        _looked("bucket", lambda: account.bucket(plan.region)),
        _looked("role", lambda: account.role(plan.role_arn)),
    )


def fits(prepared: Prepared) -> Check:
    """Return whether Bedrock takes so many prompts in one batch job, by its default quotas."""
    many = f"{prepared.records:,} prompts"
    if prepared.records < LEAST_RECORDS:
        return Check(
            "prompts",
            False,
            f"There are {many}, and a batch job takes at least {LEAST_RECORDS}.",
            f"Add {LEAST_RECORDS - prepared.records} different prompts and send the file again.",
            final=True,
        )
    if prepared.records > MOST_RECORDS or prepared.bytes > MOST_BYTES:
        limit = f"{MOST_RECORDS:,} prompts and {MOST_BYTES:,} bytes"
        words = f"There are {many} in {prepared.bytes:,} bytes, and a batch job takes at most {limit}."
        return Check("prompts", False, words, "Split the file, and have each part answered.", final=True)
    return Check("prompts", True, f"There are {many}, and one batch job takes them all.")


def _alive(teacher: Teacher, life: Lifecycle) -> Check:
    """Return whether the teacher is there. One that is reached through a profile may be listed elsewhere only."""
    if life.status == "ACTIVE":
        return Check("teacher", True, f"{teacher.label} is active.")
    if life.status == "ENDED":
        words = f"The life of {teacher.label} on Bedrock has ended."
        return Check("teacher", False, words, "Take another teacher: `/tune distill` lists them.", final=True)
    if life.status == "LEGACY":
        ends = f"; its life ends on {life.end_of_life:%Y-%m-%d}" if life.end_of_life else ""
        return Check("teacher", True, f"{teacher.label} is legacy{ends}.", "Take a newer one.", notice=True)
    words = f"Bedrock does not list {teacher.label} in this region, so it may refuse the batch job."
    return Check("teacher", True, words, notice=True)


def _looked(name: str, look: Callable[[], Check]) -> Check:
    """Return what was seen; what cannot be looked at is told, and left to Bedrock's own checks."""
    try:
        return look()
    except TunesmithError as trouble:
        return Check(
            name, True, f"The {name} could not be looked at: {trouble.message}", trouble.hint, checked=False
        )
