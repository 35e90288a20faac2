"""The tags that a customization job and its model carry."""

from bot.jobs.model import JobPlan
from bot.profiles.service_patterns import tag_text
from bot.spending.tags import _DATASET, common


def of_job(plan: JobPlan, thread_ts: str | None, bot: str = "", *, opened: bool = False) -> dict[str, str]:
    """Return the tags of a job and of the model that comes out of it; ``opened``: its card began the thread."""
    tags = common(
        owner=plan.owner,
        channel=plan.channel,
        thread_ts=thread_ts,
        digest=plan.digest,
        bot=bot,
        opened=opened,
    )
    return tags | {_DATASET: tag_text(plan.dataset_id)}
