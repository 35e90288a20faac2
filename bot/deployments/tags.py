"""The tags of a deployment: by them it is found again by a bot that has lost its memory."""

from collections.abc import Mapping

from bot.deployments.model import DeploymentSpec
from bot.profiles.service_patterns import tag_text
from bot.spending.tags import DEPLOYMENT, common, is_ours, is_tunesmiths, origin, owned_by

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


def is_looked_after(tags: Mapping[str, str], bot: str = "") -> bool:
    """Return whether it is somebody's: one that is found again by its tags, or another Tunesmith bot's."""
    came_from = origin(tags) if is_ours(tags, bot) else None
    if came_from is None:
        return is_tunesmiths(tags) and not is_ours(tags, bot)
    return tags.get(DEPLOYMENT) == came_from.digest[:12] and bool(tags.get(MODEL))


def changing(spec: DeploymentSpec) -> dict[str, str]:
    """Return the tags that change while it is there: what the model that answers is called, and in whose care it is."""
    return {MODEL: tag_text(spec.wanted.name)} | owned_by(spec.holder)


__all__ = ["DEPLOYMENT", "MODEL", "changing", "is_looked_after", "is_ours", "of_deployment", "origin"]
