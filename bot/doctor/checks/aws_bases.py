"""Whether each base that can be tuned with these buckets is open, and listed for fine-tuning."""

from collections.abc import Iterator

from bot.adapters.bedrock_jobs import BedrockJobs
from bot.checkup import Line, Look, bad, good, warning
from bot.doctor.surroundings import AWS, Surroundings
from bot.errors import TunesmithError
from bot.models.lifecycle import judged

ABOUT = "Bases"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask Bedrock about each."""
    jobs = BedrockJobs(surroundings.aws, for_people=True)
    default = surroundings.settings.base_model
    if default not in {each.name for each in surroundings.profiles}:
        yield bad(
            f"Base {default}",
            "It is the base when nobody names one, and its region has no bucket.",
            "Set TUNESMITH_BASE_MODEL to another, or add a bucket of its region to TUNESMITH_BUCKETS.",
        )
    for profile in surroundings.profiles:
        about = f"Base {profile.name}"
        try:
            check = judged(profile, jobs.lifecycle(profile.region, profile.training_id), None)
        except TunesmithError as error:
            yield warning(about, f"It could not be looked up: {error.message}", str(error.hint))
            continue
        if check.ok and not check.notice:
            yield good(about, str(check.sentence))
        elif check.ok or profile.name != default:
            yield warning(about, str(check.sentence))
        else:
            mend = "Set TUNESMITH_BASE_MODEL to a base that is open."
            yield bad(about, str(check.sentence), mend)


LOOK = Look(ABOUT, at, seconds=25, of=AWS)
