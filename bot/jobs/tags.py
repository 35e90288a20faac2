"""The tags of what Tunesmith makes in the account: who, from where, and which plan."""

from bot.jobs.model import JobPlan
from bot.profiles.service_patterns import tag_text

MANAGED_BY = "managed-by"
OURS = "tunesmith"
DIGEST = "tunesmith-digest"


def common(*, owner: str, channel: str, thread_ts: str | None, digest: str) -> dict[str, str]:
    """Return what is on everything: the bot's mark, the Slack user, the channel and thread, the plan's digest."""
    return {
        MANAGED_BY: OURS,
        "owner": tag_text(owner),
        "slack": tag_text(f"{channel}/{thread_ts}" if thread_ts else channel),
        DIGEST: digest,
    }


def of_job(plan: JobPlan, thread_ts: str | None) -> dict[str, str]:
    """Return the tags of a job and of the model that comes out of it."""
    tags = common(owner=plan.owner, channel=plan.channel, thread_ts=thread_ts, digest=plan.digest)
    return tags | {"dataset": tag_text(plan.dataset_id)}
