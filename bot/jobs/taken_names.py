"""Which names of jobs and models cannot be had any more."""

from bot.directory.directory import Directory
from bot.jobs.drafting import Taken
from bot.jobs.record import KIND, SCHEMA
from bot.jobs.transitions import NEVER_STARTED


def taken(directory: Directory, but: str = "") -> Taken:
    """Return the names that jobs, models and aliases have; those of plans that never ran are free.

    Of aliases only those that the viewer sees: a refusal tells of no others. ``but`` is the plan, by its ID, whose own
    names do not count.
    """
    there = [each for each in directory.for_rules(KIND) if each.key.id != but]
    used = [each for each in there if SCHEMA.status_of(each).phase not in NEVER_STARTED]
    deleted = directory.deleted_for_rules()
    aliases = {each.name for each in directory.aliases.seen()}
    made = {SCHEMA.spec_of(each).plan.model_name for each in used if each.key.id not in deleted}
    return Taken(
        jobs={SCHEMA.spec_of(each).plan.job_name for each in used},
        models=directory.model_names_for_rules() | made | aliases,
        aliases=aliases,
    )
