"""Plans as they are kept outside of the store: what was started, on what terms, and who decided.

A document is found by the digest in the tags of what was made, and counts only when its plan has that digest.
"""

from dataclasses import replace

from bot.jobs.record import KIND, JobSpec
from bot.spending.archive import PlanForm


def _digest_of_job(spec: JobSpec) -> str:
    return replace(spec.plan, known_as=None).digest


JOB = PlanForm(KIND, JobSpec, _digest_of_job)
"""A customization job: its spec as it stood when it was started."""
