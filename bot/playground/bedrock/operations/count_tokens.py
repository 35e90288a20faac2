"""CountTokens: an estimate, for the models that have it. Claude 3 Haiku, Nova and Llama have not."""

from typing import Any

from bot.playground.bedrock import asking
from bot.playground.bedrock.bodies import body_of
from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.operations.converse import question_of
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.world import World


@operation("bedrock-runtime", "CountTokens")
def count(world: World, call: Call) -> dict[str, Any]:
    """Answer with about how many tokens the request would use."""
    base = world.base_in(call.region, call["modelId"])
    if base is None or not base.counts_tokens:
        raise invalid("The provided model doesn't support counting tokens.")
    given = call["input"]
    if "converse" in given:
        return {"inputTokens": question_of(given["converse"]).tokens}
    asked = body_of(base.body).read(asking.decoded(given["invokeModel"]["body"]), base.max_output_tokens)
    return {"inputTokens": asked.question.tokens}
