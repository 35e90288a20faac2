"""Everything that goes wrong while a model or its base is asked: what it is to the engine, and what people read."""

import dataclasses

import pytest
from botocore.exceptions import ClientError

from bot.adapters.asking_errors import asking
from bot.errors import Misconfigured, NotFound, Refused, Throttled, TunesmithError, Unavailable
from tests.adapters.test_bedrock_runtime import ANSWERER

BASE = dataclasses.replace(ANSWERER, of_base=True)
ACCESS = "You don't have access to the model with the specified model ID."
LEGACY = "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model."
OVER = "This model version has reached the end of its life. Please refer to the AWS documentation for more details."
TABLE = [
    ("ThrottlingException", "slow", Throttled, "AWS asked to slow down.", "AWS asked to slow down."),
    (
        "ModelNotReadyException",
        "x",
        Unavailable,
        "`claims-router` is not ready yet. Ask again in a minute.",
        "Claude 3 Haiku is not ready yet.",
    ),
    (
        "ModelTimeoutException",
        "x",
        Unavailable,
        "`claims-router` took too long to answer. Ask again, or for something shorter.",
        "Claude 3 Haiku took too long",
    ),
    (
        "ModelErrorException",
        "x",
        Unavailable,
        "`claims-router` failed while it answered. Ask again.",
        "Claude 3 Haiku failed",
    ),
    (
        "modelStreamErrorException",
        "x",
        Unavailable,
        "`claims-router` failed while it answered.",
        "Claude 3 Haiku failed",
    ),
    (
        "ServiceUnavailableException",
        "x",
        Unavailable,
        "Bedrock has no room for this right now. Ask again in a minute.",
        "Bedrock has no room",
    ),
    (
        "InternalServerException",
        "x",
        Unavailable,
        "Bedrock had an error of its own. Ask again in a minute.",
        "Bedrock had",
    ),
    (
        "AccessDeniedException",
        ACCESS,
        Misconfigured,
        "AWS does not allow me to do this.",
        "This AWS account may not ask Claude 3 Haiku. The operator opens it in the model catalog",
    ),
    (
        "AccessDeniedException",
        LEGACY,
        Refused,
        "The life of the base of `claims-router` on Bedrock is over",
        "The life of Claude 3 Haiku on Bedrock is over",
    ),
    (
        "ValidationException",
        "The model has been deprecated.",
        Refused,
        "The life of the base of `claims-router` on Bedrock is over",
        "The life of Claude 3 Haiku on Bedrock is over",
    ),
    (
        "ResourceNotFoundException",
        OVER,
        Refused,
        "The life of the base of `claims-router` on Bedrock is over",
        "The life of Claude 3 Haiku on Bedrock is over",
    ),
    (
        "ResourceNotFoundException",
        "Model not found.",
        NotFound,
        "`claims-router` is not in service any more. Wake it with `/tune serve claims-router`.",
        "Bedrock has no Claude 3 Haiku to ask in us-west-2.",
    ),
    (
        "ValidationException",
        "Input is too long for requested model.",
        Refused,
        "That is more than `claims-router` can read. Ask something shorter, or begin a new thread.",
        "That is more than Claude 3 Haiku can read.",
    ),
    (
        "ValidationException",
        "The provided model identifier is invalid.",
        NotFound,
        "`claims-router` is not in service any more.",
        "Bedrock has no Claude 3 Haiku to ask in us-west-2.",
    ),
    (
        "ValidationException",
        (
            "Invocation of model ID x with on-demand throughput isn't supported. Retry your request with the ID or ARN "
            "of an inference profile that contains this model."
        ),
        NotFound,
        "`claims-router` is not in service any more.",
        "Bedrock has no Claude 3 Haiku to ask in us-west-2.",
    ),
    (
        "ValidationException",
        "This model doesn't support the stopSequences field. Remove stopSequences and try again.",
        Refused,
        "`claims-router` takes no texts to stop at. Whoever owns `claims-router` takes them out: `/tune settings",
        "Claude 3 Haiku takes no texts to stop at.",
    ),
    (
        "ValidationException",
        (
            "The maximum tokens you requested exceeds the model limit of 2048. Try again with a maximum tokens value "
            "that is lower than 2048."
        ),
        Misconfigured,
        "`claims-router` gives no answer as long as I allow it. The operator sets TUNESMITH_MAX_ANSWER_TOKENS to 2048",
        "Claude 3 Haiku gives no answer as long as I allow it.",
    ),
    (
        "ThrottlingException",
        "Too many tokens per day, please wait before trying again.",
        Misconfigured,
        "This AWS account has used up its tokens of today for `claims-router`. Ask again tomorrow",
        "This AWS account has used up its tokens of today for Claude 3 Haiku.",
    ),
    (
        "AccessDeniedException",
        (
            "User: arn:aws:sts::1:assumed-role/tunesmith-bot/i-1 is not authorized to perform: bedrock:InvokeModel on "
            "resource: r because no identity-based policy allows the bedrock:InvokeModel action"
        ),
        Misconfigured,
        "AWS does not allow me to do this. The operator allows `bedrock:InvokeModel` for `tunesmith-bot`",
        "AWS does not allow me to do this. The operator allows `bedrock:InvokeModel` for `tunesmith-bot`",
    ),
    (
        "ValidationException",
        "Malformed input request",
        Refused,
        "Bedrock did not take this question.",
        "Bedrock did not take this question.",
    ),
]


def raised(code: str, said: str, *, base: bool) -> TunesmithError:
    refusal = ClientError({"Error": {"Code": code, "Message": said}}, "ConverseStream")
    with pytest.raises(TunesmithError) as caught, asking("ConverseStream", BASE if base else ANSWERER):
        raise refusal
    return caught.value


@pytest.mark.parametrize(("code", "said", "kind", "of_model", "of_base"), TABLE)
def test_each_has_one_sentence_and_the_right_offer(
    code: str, said: str, kind: type[TunesmithError], of_model: str, of_base: str
) -> None:
    for base, words in ((False, of_model), (True, of_base)):
        error = raised(code, said, base=base)
        assert type(error) is kind
        assert error.sentence.startswith(words)
        assert said in error.detail
        assert len(error.message) < 100, "one sentence"


def test_the_form_of_a_vendor_keeps_its_own_words() -> None:
    details = "Model use case details have not been submitted for this account."
    form = "You have not filled out the required use-case form for this model."
    for code, said in (
        ("AccessDeniedException", details),
        ("ResourceNotFoundException", details),
        ("ValidationException", form),
    ):
        for base in (True, False):
            error = raised(code, said, base=base)
            assert type(error) is Misconfigured
            assert "use-case" in error.sentence
