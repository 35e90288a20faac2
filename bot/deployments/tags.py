"""The tags of a deployment: by them it is found again by a bot that has lost its memory."""

from bot.deployments.model import DeploymentSpec
from bot.profiles.service_patterns import tag_text
from bot.spending.tags import DEPLOYMENT, common, is_ours, origin, owned_by

MODEL = "model"


def of_deployment(
    spec: DeploymentSpec, thread_ts: str | None, bot: str = "", *, opened: bool = False
) -> dict[str, str]:
    """Return the tags of a deployment; it has no deadline. ``opened``: its card is the thread's first message."""
    marks = common(
        owner=spec.holder,
        channel=spec.channel,
        thread_ts=thread_ts,
        digest=spec.digest,
        bot=bot,
        opened=opened,
    )
    return marks | {DEPLOYMENT: spec.id} | changing(spec)


def changing(spec: DeploymentSpec) -> dict[str, str]:
    """Return the tags that change while it is there: what the model that answers is called, and in whose care it is."""
    return {MODEL: tag_text(spec.wanted.name)} | owned_by(spec.holder)


__all__ = ["DEPLOYMENT", "MODEL", "changing", "is_ours", "of_deployment", "origin"]
