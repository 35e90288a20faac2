"""TagResource, UntagResource and ListTagsForResource."""

from typing import Any

from bot.playground.bedrock.errors import not_found
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.tagging import checked_tags
from bot.playground.bedrock.world import World


@operation("bedrock", "TagResource")
def tag(world: World, call: Call) -> dict[str, Any]:
    """Add tags, over those of the same keys."""
    arn = _known(world, call)
    world.set_tags(arn, checked_tags(world, call["tags"], had=world.tags(arn)))
    return {}


@operation("bedrock", "UntagResource")
def untag(world: World, call: Call) -> dict[str, Any]:
    """Take tags away; those that are not there do not matter."""
    arn = _known(world, call)
    world.set_tags(arn, {key: value for key, value in world.tags(arn).items() if key not in call["tagKeys"]})
    return {}


@operation("bedrock", "ListTagsForResource")
def list_tags(world: World, call: Call) -> dict[str, Any]:
    """Answer with a resource's tags."""
    tags = world.tags(_known(world, call))
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}


def _known(world: World, call: Call) -> str:
    arn: str = call["resourceARN"]
    shelves = (world.jobs, world.models, world.throughputs, world.deployments, world.batches)
    if not any(record.arn == arn for shelf in shelves for record in shelf.of(call.region)):
        raise not_found("The resource ARN is not found.")
    return arn
