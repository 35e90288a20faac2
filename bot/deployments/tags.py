"""The tags of a deployment: by them it is found again by a bot that has lost its memory."""

from bot.deployments.model import DeploymentSpec
from bot.profiles.service_patterns import tag_text
from bot.spending.tags import DEPLOYMENT, common, is_ours, origin

MODEL = "model"


def of_deployment(
    spec: DeploymentSpec, thread_ts: str | None, bot: str = "", *, opened: bool = False
) -> dict[str, str]:
    """Return the tags of a deployment; it has no deadline. ``opened``: its card is the thread's first message."""
    marks = common(
        owner=spec.owner,
        channel=spec.channel,
        thread_ts=thread_ts,
        digest=spec.digest,
        bot=bot,
        opened=opened,
    )
    return marks | {DEPLOYMENT: spec.id} | of_version(spec.wanted.name)


def of_version(name: str) -> dict[str, str]:
    """Return the one tag that a newer version changes: what the model that answers is called."""
    return {MODEL: tag_text(name)}


__all__ = ["DEPLOYMENT", "MODEL", "is_ours", "of_deployment", "of_version", "origin"]
