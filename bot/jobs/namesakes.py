"""A job's name said for its model's, and a model's for its job's: what was meant, among what the viewer sees."""

from bot.directory.directory import Directory
from bot.jobs.record import KIND, SCHEMA
from bot.jobs.transitions import ENDED, NEVER_STARTED


def job_of(model: str, directory: Directory) -> str:
    """Return in words which job makes the model of that name, or made it; empty when none does."""
    for resource in directory.resources(KIND):
        plan = SCHEMA.spec_of(resource).plan
        # A plan that never started makes no model, and its names are free for others.
        if plan.model_name.lower() == model.lower() and SCHEMA.status_of(resource).phase not in NEVER_STARTED:
            return f"The job of the model `{plan.model_name}` is `{plan.job_name}`."
    return ""


def model_of(name: str, directory: Directory) -> str:
    """Return in words what the model of a job is called, or that it is still to be made; empty when neither is so."""
    for resource in directory.resources(KIND):
        plan, phase = SCHEMA.spec_of(resource).plan, SCHEMA.status_of(resource).phase
        if plan.model_name.lower() == name.lower() and phase not in ENDED:
            return (
                f"The job `{plan.job_name}` is to make it, and has not ended: `/tune status {plan.job_name}`."
            )
        if plan.job_name.lower() == name.lower() and phase not in NEVER_STARTED:
            return f"That is a job's name; its model is called `{plan.model_name}`."
    return ""
