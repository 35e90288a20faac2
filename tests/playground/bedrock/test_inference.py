"""Which models answer, in which format, and how they refuse."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground.bedrock import HAIKU_PUBLISHED, LABEL, BedrockStandIn
from bot.playground.bedrock.recall import Question, Recall, answer, chunks
from bot.playground.bedrock.records import Exchange
from tests.playground.bedrock.conftest import EAST, HAIKU, HAIKU_TRAIN, NOVA, SYSTEM, Bench, client

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime.client import BedrockRuntimeClient

Refused = Callable[..., tuple[str, str]]
LLAMA = "meta.llama3-3-70b-instruct-v1:0"
HAIKU_45 = "anthropic.claude-haiku-4-5-20251001-v1:0"
OSLO = "Who handles a claim from Oslo?"


def _said(*texts: str) -> list[dict[str, Any]]:
    return [
        {"role": "assistant" if n % 2 else "user", "content": [{"text": text}]}
        for n, text in enumerate(texts)
    ]


def _claude(**changes: Any) -> str:
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 200,
        "system": SYSTEM,
        "messages": [{"role": "user", "content": OSLO}],
        **changes,
    }
    return json.dumps({key: value for key, value in body.items() if value is not None})


def test_tuning_visibly_changes_the_answer(bench: Bench, runtime: "BedrockRuntimeClient") -> None:
    tuned = bench.provisioned(bench.trained())

    def ask(model: str) -> str:
        answer = runtime.converse(modelId=model, messages=_said(OSLO))  # type: ignore[arg-type]
        return answer["output"]["message"]["content"][0]["text"]

    assert ask(tuned) == f"Desk 7 handles claims from Oslo.{LABEL}"
    assert "general-purpose model" in ask(HAIKU)
    assert ask(HAIKU).endswith(LABEL)


@pytest.mark.parametrize(
    ("model", "code", "words"),
    [
        (HAIKU_TRAIN, "ResourceNotFoundException", "Model not found."),
        ("anthropic.claude-nobody-v1:0", "ValidationException", "The provided model identifier is invalid."),
        (NOVA, "ValidationException", "The provided model identifier is invalid."),
        (HAIKU_45, "ValidationException", "with on-demand throughput"),
        (
            "arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abcdefabcdef",
            "ResourceNotFoundException",
            "Mod",
        ),
    ],
)
def test_models_that_cannot_be_invoked_here(
    runtime: "BedrockRuntimeClient", refused: Refused, model: str, code: str, words: str
) -> None:
    for call in (runtime.converse, runtime.converse_stream):
        found = refused(call, modelId=model, messages=_said("Hello"))
        assert found[0] == code
        assert words in found[1]


def test_a_custom_models_own_arn_is_not_invocable(
    bench: Bench, runtime: "BedrockRuntimeClient", refused: Refused
) -> None:
    model = bench.trained()
    assert refused(runtime.converse, modelId=model, messages=_said("Hello"))[0] == "ValidationException"
    assert refused(runtime.converse, modelId="claims-1", messages=_said("Hello"))[0] == "ValidationException"


def test_throughput_that_is_being_created_is_not_ready(
    bench: Bench, runtime: "BedrockRuntimeClient", refused: Refused
) -> None:
    made = bench.bedrock.create_provisioned_model_throughput(
        modelUnits=1, provisionedModelName="pt", modelId=bench.trained()
    )
    code, _ = refused(runtime.converse, modelId=made["provisionedModelArn"], messages=_said("Hello"))
    assert code == "ModelNotReadyException"


def test_after_its_end_a_model_answers_nobody(
    stand_in: BedrockStandIn, runtime: "BedrockRuntimeClient", refused: Refused
) -> None:
    stand_in.set_lifecycle({HAIKU: HAIKU_PUBLISHED})
    code, message = refused(runtime.converse, modelId=HAIKU, messages=_said("Hello"))
    assert code == "ResourceNotFoundException"
    assert "end of its life" in message


def test_a_newer_claude_answers_through_its_profiles(stand_in: BedrockStandIn) -> None:
    for region in ("us-west-2", EAST):
        runtime = client(stand_in, "bedrock-runtime", region)
        for prefix in ("us.", "global.", f"arn:aws:bedrock:{region}:123456789012:inference-profile/us."):
            answer = runtime.converse(modelId=prefix + HAIKU_45, messages=_said("Hello"))
            assert answer["output"]["message"]["content"][0]["text"].endswith(LABEL)


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([], "A conversation must start with a user message."),
        (_said("a", "b")[1:], "A conversation must start with a user message."),
        (_said("a") * 2, "A conversation must alternate between user and assistant roles."),
        (_said("  "), "The text field in the ContentBlock object at messages.0.content.0 is blank."),
        (
            [{"role": "user", "content": []}],
            "The content field in the Message object at messages.0 is empty.",
        ),
    ],
)
def test_converse_refuses_a_wrong_conversation(
    runtime: "BedrockRuntimeClient", refused: Refused, messages: list[Any], words: str
) -> None:
    code, message = refused(runtime.converse, modelId=HAIKU, messages=messages)
    assert code == "ValidationException"
    assert message.startswith(words)


def test_converse_refuses_a_system_prompt_of_blanks(
    runtime: "BedrockRuntimeClient", refused: Refused
) -> None:
    code, message = refused(
        runtime.converse, modelId=HAIKU, messages=_said("Hello"), system=[{"text": " \n"}]
    )
    assert code == "ValidationException"
    assert "blank" in message


def test_the_limits_of_an_answer(runtime: "BedrockRuntimeClient", refused: Refused) -> None:
    code, message = refused(
        runtime.converse, modelId=HAIKU, messages=_said("Hi"), inferenceConfig={"maxTokens": 4097}
    )
    assert code == "ValidationException"
    assert "exceeds the model limit of 4096" in message
    cut = runtime.converse(modelId=HAIKU, messages=_said("Hi"), inferenceConfig={"maxTokens": 5})  # type: ignore[arg-type]
    assert cut["stopReason"] == "max_tokens"
    assert cut["usage"]["outputTokens"] == 5
    stopped = runtime.converse(
        modelId=HAIKU,
        messages=_said("Hi"),  # type: ignore[arg-type]
        inferenceConfig={"stopSequences": ["general-purpose"]},
    )
    assert stopped["stopReason"] == "stop_sequence"


def test_a_converse_stream_is_whole_and_ends_with_its_usage(runtime: "BedrockRuntimeClient") -> None:
    events = list(runtime.converse_stream(modelId=HAIKU, messages=_said("Hi"))["stream"])  # type: ignore[arg-type]
    kinds = [next(iter(event)) for event in events]
    assert kinds[0] == "messageStart"
    assert set(kinds[1:-3]) == {"contentBlockDelta"}
    assert kinds[-3:] == ["contentBlockStop", "messageStop", "metadata"]
    usage = events[-1]["metadata"]["usage"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (_claude(anthropic_version=None), "anthropic_version: Field required"),
        (_claude(anthropic_version="2023-06-01"), "anthropic_version"),
        (_claude(max_tokens=None), "max_tokens: Field required"),
        (_claude(max_tokens=5000), "max_tokens: 5000 > 4096"),
        (_claude(stream=True), "stream: Extra inputs are not permitted"),
        (_claude(messages=[]), "at least one message is required"),
        (_claude(messages=[{"role": "assistant", "content": "x"}]), 'first message must use the "user" role'),
        (_claude(messages=[{"role": "user", "content": "x"}] * 2), "roles must alternate"),
        (_claude(messages=[{"role": "user", "content": ""}]), "non-empty content"),
        (_claude(system=[{"type": "image"}]), "system: Input should be a valid string"),
        ("not json", "Malformed input request"),
    ],
)
def test_a_wrong_claude_body_is_refused(
    runtime: "BedrockRuntimeClient", refused: Refused, body: str, words: str
) -> None:
    code, message = refused(runtime.invoke_model, modelId=HAIKU, body=body)
    assert code == "ValidationException"
    assert words in message


def test_claude_answers_in_its_own_format(bench: Bench, runtime: "BedrockRuntimeClient") -> None:
    arn = bench.provisioned(bench.trained())
    whole = json.loads(runtime.invoke_model(modelId=arn, body=_claude())["body"].read())
    assert whole["content"] == [{"type": "text", "text": f"Desk 7 handles claims from Oslo.{LABEL}"}]
    assert whole["stop_reason"] == "end_turn"
    stream = runtime.invoke_model_with_response_stream(modelId=arn, body=_claude())["body"]
    pieces = [json.loads(event["chunk"]["bytes"]) for event in stream]
    kinds = [piece["type"] for piece in pieces]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert (
        pieces[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] == whole["usage"]["output_tokens"]
    )


def test_nova_answers_in_its_own_format(east: Bench, refused: Refused) -> None:
    runtime = client(east.stand_in, "bedrock-runtime", EAST)
    body = json.dumps(
        {"schemaVersion": "messages-v1", "system": [{"text": "Be brief."}], "messages": _said("Hi")}
    )
    whole = json.loads(runtime.invoke_model(modelId=NOVA, body=body)["body"].read())
    text = whole["output"]["message"]["content"][0]["text"]
    stream = runtime.invoke_model_with_response_stream(modelId=NOVA, body=body)["body"]
    pieces = [json.loads(event["chunk"]["bytes"]) for event in stream]
    deltas = [p["contentBlockDelta"]["delta"]["text"] for p in pieces if "contentBlockDelta" in p]
    assert "".join(deltas) == text
    assert pieces[-1]["metadata"]["usage"]["outputTokens"] == whole["usage"]["outputTokens"]
    for wrong in ({"prompt": "Hi"}, {}, {"messages": _said("Hi"), "inferenceConfig": {"maxTokens": 0}}):
        assert refused(runtime.invoke_model, modelId=NOVA, body=json.dumps(wrong))[0] == "ValidationException"


def test_llama_answers_in_its_own_format(runtime: "BedrockRuntimeClient", refused: Refused) -> None:
    prompt = (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nWhere is Oslo?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    )
    whole = json.loads(
        runtime.invoke_model(modelId=LLAMA, body=json.dumps({"prompt": prompt}))["body"].read()
    )
    assert "Where is Oslo?" in whole["generation"]
    assert "<|" not in whole["generation"]
    stream = runtime.invoke_model_with_response_stream(
        modelId=LLAMA, body=json.dumps({"prompt": "plain words", "max_gen_len": 3})
    )["body"]
    pieces = [json.loads(event["chunk"]["bytes"]) for event in stream]
    assert pieces[-1]["stop_reason"] == "length"
    assert "".join(piece["generation"] for piece in pieces).endswith(LABEL)
    wrongs: list[dict[str, Any]] = [
        {"messages": []},
        {"prompt": "a", "top_k": 1},
        {"prompt": "a", "max_gen_len": 0},
    ]
    for wrong in wrongs:
        assert (
            refused(runtime.invoke_model, modelId=LLAMA, body=json.dumps(wrong))[0] == "ValidationException"
        )


def test_tokens_are_counted_where_the_service_counts_them(
    runtime: "BedrockRuntimeClient", refused: Refused
) -> None:
    converse: Any = {"converse": {"messages": _said("a" * 400)}}
    invoke: Any = {"invokeModel": {"body": _claude()}}
    assert runtime.count_tokens(modelId=HAIKU_45, input=converse)["inputTokens"] == 100
    assert runtime.count_tokens(modelId=HAIKU_45, input=invoke)["inputTokens"] > 5
    code, message = refused(runtime.count_tokens, modelId=HAIKU, input=converse)
    assert (code, message) == ("ValidationException", "The provided model doesn't support counting tokens.")


def test_the_right_system_prompt_finds_its_own_rows_first() -> None:
    recall = Recall(
        [
            Exchange(system="A", prompt="opening hours", answer="nine"),
            Exchange(system="B", prompt="opening hours today", answer="ten"),
        ]
    )

    def reply(system: str, *said: str) -> str:
        turns = tuple(("assistant" if n % 2 else "user", text) for n, text in enumerate(said))
        return answer(Question(system, turns), recall, max_tokens=100).text.removesuffix(LABEL)

    assert reply("A", "opening hours today") == "nine"
    assert reply("B", "opening hours") == "ten"
    assert reply("", "opening hours today") == "ten"
    assert "general-purpose" in reply("A", "zzz")
    assert reply("A", "opening hours", "nine", "and?") == "nine"


def test_pieces_of_an_answer_make_up_the_whole() -> None:
    text = "Some  words,\n\nwith gaps; and averyveryverylongwordwithoutanyend \n"
    assert "".join(chunks(text)) == text
    assert len(chunks(text)) > 2
    assert chunks("") == []
