"""Tags as resources keep them: a dict, checked when it is given."""

from collections.abc import Iterable, Mapping

from bot.playground.bedrock.errors import ServiceFault, invalid
from bot.playground.bedrock.world import World


def checked_tags(
    world: World, given: Iterable[Mapping[str, str]], had: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the tags of ``had`` with those of ``given``. Raises ServiceFault for a repeated key or too many tags."""
    pairs = [(tag["key"], tag["value"]) for tag in given]
    if len({key for key, _ in pairs}) < len(pairs):
        raise invalid("Duplicate tag keys found. Tag keys must be unique.")
    tags = {**(had or {}), **dict(pairs)}
    if len(tags) > world.quotas.tags_per_resource:
        raise ServiceFault(
            "TooManyTagsException",
            f"The number of tags exceeds the limit of {world.quotas.tags_per_resource} tags per resource.",
        )
    return tags
