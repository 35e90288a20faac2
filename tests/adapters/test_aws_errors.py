"""Every error shape that botocore's model gives for an operation in use is mapped on purpose."""

import re
from string import Formatter
from typing import Any

import botocore.session
import pytest
from botocore import exceptions
from botocore.exceptions import ClientError
from botocore.retries import standard

from bot.adapters import iam_policies as iam
from bot.adapters.aws_errors import CHANGES, translate, translated
from bot.aws_meanings import MEANINGS
from bot.denials import NO_IDENTITY, NO_SETUP
from bot.errors import (
    Misconfigured,
    NoIdentity,
    NotFound,
    QuotaReached,
    Refused,
    Throttled,
    TunesmithError,
    Unavailable,
    UnknownOutcome,
)
from tests.tables import table

CONTROL = (
    *iam.LISTS,
    *iam.READS,
    *iam.CREATES_JOB,
    *iam.CREATES,
    *iam.CHANGES,
    *iam.ENDS,
    *iam.GUARDRAIL_READS,
)
USED = {
    "bedrock": CONTROL,
    "bedrock-runtime": ("ConverseStream", *iam.GUARDRAILS),
    "s3": ("HeadBucket", "HeadObject", "GetObject", *iam.BUCKETS),
    "iam": iam.LOOKING,
    "kms": iam.KEYS,
    "service-quotas": iam.FIGURES[:1],
    "cloudwatch": iam.FIGURES[1:],
    "secretsmanager": iam.SECRETS,
    "sts": ("GetCallerIdentity",),
    "sqs": iam.EVENTS,
}
BY_OTHERS = {"sts": iam.TAKING, "s3": ("PutObject",)}
"""What botocore calls by itself when the credentials are a role's, and what storage calls."""


def shapes() -> list[tuple[str, str]]:
    session = botocore.session.get_session()
    found = []
    for service, operations in (*USED.items(), *BY_OTHERS.items()):
        model = session.get_service_model(service)
        for name in operations:
            operation = model.operation_model(name)
            found += [(name, _code(shape)) for shape in operation.error_shapes]
            output: Any = operation.output_shape
            for member in output.members.values() if output else ():
                if member.serialization.get("eventstream"):
                    found += [
                        (name, each.name) for each in member.members.values() if "Exception" in each.name
                    ]
    return sorted(set(found))


def _code(shape: Any) -> str:
    """Return how an error is called in an answer, which older protocols call otherwise than its shape."""
    return str(shape.metadata.get("error", {}).get("code", shape.name))


def answered(
    code: str, message: str = "", status: int = 400, operation: str = "GetCustomModel"
) -> TunesmithError:
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return translate(ClientError(response, operation), operation)


def test_every_error_shape_is_in_the_table() -> None:
    with table() as row:
        for operation, shape in shapes():
            with row(operation, shape):
                assert shape in MEANINGS, f"{operation} may answer {shape}"


def test_the_table_is_not_empty_of_stream_errors() -> None:
    assert ("ConverseStream", "ModelStreamErrorException") in shapes()
    assert len(shapes()) > 130


def test_every_error_becomes_one_of_ours_and_keeps_its_words() -> None:
    with table() as row:
        for operation, shape in shapes():
            with row(operation, shape):
                error = answered(shape, "the very words", operation=operation)

                assert type(error) in {
                    Misconfigured,
                    NoIdentity,
                    NotFound,
                    QuotaReached,
                    Refused,
                    Throttled,
                    Unavailable,
                    UnknownOutcome,
                }
                assert error.detail == f"{shape}: the very words"
                assert error.message


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ThrottlingException", Throttled),
        ("AccessDeniedException", Misconfigured),
        ("ResourceNotFoundException", NotFound),
        ("ServiceQuotaExceededException", QuotaReached),
        ("ConflictException", Refused),
        ("ExpiredTokenException", NoIdentity),
        ("InvalidAccessKeyId", NoIdentity),
        ("RequestTimeTooSkewed", NoIdentity),
        ("modelStreamErrorException", Unavailable),
        ("KMS.DisabledException", Misconfigured),
        ("KMS.KMSInvalidStateException", Misconfigured),
        ("NotAuthorized", Misconfigured),
        ("RequestAbortedException", Unavailable),
        ("KmsThrottled", Throttled),
        ("KmsDisabled", Misconfigured),
        ("DecryptionFailure", Misconfigured),
    ],
)
def test_codes_go_to_whoever_can_act(code: str, kind: type[TunesmithError]) -> None:
    assert type(answered(code)) is kind


def test_a_legacy_refusal_is_about_the_model_and_not_about_permissions() -> None:
    text = (
        "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in "
        "the last 15 days."
    )
    for code in ("ResourceNotFoundException", "AccessDeniedException", "ValidationException"):
        error = answered(code, text)
        assert type(error) is Refused
        assert "Legacy" in error.message
        assert "IAM" not in error.sentence


def test_what_the_account_lacks_is_told_by_all_the_words_that_are_known_of_it() -> None:
    text = (
        "Your Marketplace subscription for this model is still being processed. Try again after 15 minutes."
    )
    for code in ("ResourceNotFoundException", "AccessDeniedException"):
        error = answered(code, text, operation="ConverseStream")
        assert type(error) is Misconfigured
        assert error.message == "AWS is still making the account's subscription of this model."


def test_the_end_of_a_base_is_not_taken_for_an_endpoint_that_is_gone() -> None:
    text = "This model version has reached the end of its life. Please refer to the AWS documentation for more details."
    for code in ("ResourceNotFoundException", "ValidationException"):
        error = answered(code, text, operation="ConverseStream")
        assert type(error) is Refused
        assert "end of its life" in error.message
        assert "/tune start" in error.hint


def test_a_missing_permission_names_the_action() -> None:
    assert (
        "`bedrock:CreateModelCustomizationJob`"
        in answered("AccessDeniedException", operation="CreateModelCustomizationJob").hint
    )
    assert (
        "`bedrock:InvokeModelWithResponseStream`"
        in answered("AccessDeniedException", operation="ConverseStream").hint
    )


def test_the_action_is_what_aws_names_whatever_was_called() -> None:
    """S3 uses a key for whoever calls, and Bedrock is handed a role: neither is the operation's own action."""
    who = "User: arn:aws:sts::111122223333:assumed-role/tunesmith-bot/i-1 is not authorized to perform: "
    with table() as row:
        for code, operation, action in (
            ("AccessDenied", "PutObject", "kms:GenerateDataKey"),
            ("AccessDenied", "GetObject", "kms:Decrypt"),
            ("AccessDeniedException", "CreateModelCustomizationJob", "iam:PassRole"),
            ("AccessDeniedException", "CreateProvisionedModelThroughput", "bedrock:TagResource"),
            ("KmsAccessDenied", "ReceiveMessage", "kms:Decrypt"),
        ):
            with row(operation):
                said = f"{who}{action} on resource: r because no identity-based policy allows the {action} action"
                error = answered(code, said, status=403, operation=operation)
                assert type(error) is Misconfigured
                assert f"`{action}` for `tunesmith-bot`" in error.hint
                assert operation not in error.hint


@pytest.mark.parametrize(
    ("code", "said", "sentence"),
    [
        ("AccessDeniedException", "Model access is denied due to INVALID_PAYMENT_INSTRUMENT", "way to pay"),
        (
            "MPAgreementBeingCreated",
            "Your AWS Marketplace subscription is still being processed.",
            "still making",
        ),
        ("BadCScoreException", "Your account is not authorized to access this model.", "does not let this"),
    ],
)
def test_what_the_account_lacks_is_no_permission_of_ours(code: str, said: str, sentence: str) -> None:
    error = answered(code, said, status=403, operation="ConverseStream")

    assert type(error) is Misconfigured
    assert sentence in error.sentence
    assert "bedrock:" not in error.sentence + error.hint


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "InvalidSignatureException",
            "Signature expired: 20261122T093000Z is now earlier than 20261122T094000Z",
        ),
        (
            "SignatureDoesNotMatch",
            "Signature not yet current: 20261122T100000Z is still later than 20261122T095000Z",
        ),
        (
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
        ("RequestExpired", "Request has expired."),
    ],
)
def test_a_clock_that_is_wrong_is_told_as_that_also_while_a_role_is_taken(code: str, said: str) -> None:
    for operation in ("GetCustomModel", "AssumeRole"):
        error = answered(code, said, status=403, operation=operation)
        assert type(error) is NoIdentity
        assert "this machine's clock is wrong" in error.message
        assert "NTP" in error.hint


def test_an_api_key_that_is_not_taken_is_no_missing_permission() -> None:
    said = "Authentication failed: Please make sure your API Key is valid."
    error = answered("AccessDeniedException", said, status=403, operation="ConverseStream")

    assert type(error) is NoIdentity
    assert "AWS_BEARER_TOKEN_BEDROCK" in error.hint


def test_whoever_is_unknown_by_themselves_is_not_sent_to_the_role_that_they_were_to_take() -> None:
    said = "The security token included in the request is invalid."
    assert "TUNESMITH_ASSUME_ROLE" not in answered("InvalidClientTokenId", said, 403, "AssumeRole").hint
    assert "TUNESMITH_ASSUME_ROLE" in answered("AccessDenied", "not authorized", 403, "AssumeRole").hint


def test_a_token_that_has_expired_is_told_as_that_by_a_head_too() -> None:
    for operation in ("HeadBucket", "HeadObject"):
        assert type(answered("400", "Bad Request", operation=operation)) is NoIdentity
    assert type(answered("400", "<html>", operation="GetCustomModel")) is Refused


def test_a_role_that_cannot_be_used_is_the_operators_business() -> None:
    text = "Could not validate GetObject permissions to access Amazon S3 bucket: b at key k"

    assert type(answered("ValidationException", text)) is Misconfigured
    assert type(answered("ValidationException", "Member must have length less than 63")) is Refused


def test_what_is_being_created_cannot_be_deleted_yet() -> None:
    error = answered("ConflictException", operation="DeleteProvisionedModelThroughput")

    assert isinstance(error, Throttled)
    assert error.retry_after == 30


def test_a_change_whose_answer_was_lost_is_of_unknown_outcome() -> None:
    with table() as row:
        for operation in sorted(CHANGES):
            with row(operation):
                url = "http://127.0.0.1/"
                lost = [
                    exceptions.ReadTimeoutError(endpoint_url=url),
                    exceptions.ConnectionClosedError(endpoint_url=url),
                    exceptions.HTTPClientError(error="reset"),
                    exceptions.ResponseStreamingError(error="cut"),
                ]

                assert {type(translate(each, operation)) for each in lost} == {UnknownOutcome}
                assert (
                    type(answered("InternalServerException", status=500, operation=operation))
                    is UnknownOutcome
                )
                assert type(answered("502", "<html>", status=502, operation=operation)) is UnknownOutcome


@pytest.mark.parametrize("operation", ["CreateModelCustomizationJob", "GetCustomModel"])
def test_what_was_never_sent_changed_nothing(operation: str) -> None:
    url = "http://127.0.0.1/"
    never: list[exceptions.BotoCoreError] = [
        exceptions.EndpointConnectionError(endpoint_url=url),
        exceptions.ConnectTimeoutError(endpoint_url=url),
        exceptions.ProxyConnectionError(proxy_url=url),
    ]

    assert {type(translate(each, operation)) for each in never} == {Unavailable}


def test_a_read_whose_answer_was_lost_is_simply_repeated() -> None:
    error = exceptions.ReadTimeoutError(endpoint_url="http://127.0.0.1/")

    assert type(translate(error, "GetCustomModel")) is Unavailable


def made(name: str) -> exceptions.BotoCoreError:
    """Return an error of the SDK's, with something in each place of its words."""
    error: type[exceptions.BotoCoreError] = getattr(exceptions, name)
    return error(**dict.fromkeys((each[1] or "x" for each in Formatter().parse(error.fmt)), "x"))


KNOWN = {
    name: error
    for name, error in vars(exceptions).items()
    if isinstance(error, type) and issubclass(error, exceptions.BotoCoreError)
}
GOES_OUT = re.compile("EndpointConnection")
SET_UP = re.compile(
    "Credential|Token|SSO|Login|Profile|Config|Region|Endpoint|IMDS|Metadata|Signature|DataNotFound|Unsupported"
)
OF_OTHERS = re.compile("Waiter|Outpost|S3Arn|S3Control|Accesspoint|UnknownEndpointResolutionBuiltInName")
"""Of what is not used here."""


def test_what_the_sdk_cannot_find_out_or_do_as_it_is_set_up_is_the_operators_and_was_never_sent() -> None:
    assert set(KNOWN) >= NO_IDENTITY | NO_SETUP
    with table() as row:
        for name in KNOWN:
            if not SET_UP.search(name) or GOES_OUT.search(name) or OF_OTHERS.search(name):
                continue
            with row(name):
                error = translate(made(name), "CreateProvisionedModelThroughput")
                assert isinstance(error, Misconfigured), "it is told as an AWS that does not answer"
                assert name in error.detail


def test_credentials_that_have_ended_when_they_come_are_no_defect_of_ours() -> None:
    words = "Credentials were refreshed, but the refreshed credentials are still expired."
    with pytest.raises(NoIdentity, match="clock is wrong"), translated("GetCustomModel"):
        raise RuntimeError(words)
    with pytest.raises(RuntimeError), translated("GetCustomModel"):
        raise RuntimeError("something else")


def test_no_credentials_are_the_operators_business() -> None:
    error = translate(exceptions.NoCredentialsError(), "GetCustomModel")

    assert type(error) is NoIdentity
    assert "AWS identity" in error.hint


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, Throttled),
        (500, Unavailable),
        (503, Unavailable),
        (401, Misconfigured),
        (403, Misconfigured),
        (418, Refused),
    ],
)
def test_codes_of_tomorrow_go_by_their_status(status: int, kind: type[TunesmithError]) -> None:
    assert type(answered("BrandNewException", status=status)) is kind


RETRIES: Any = standard
QUOTAS_TOO = {"LimitExceededException"}
"""Of IAM and KMS it is a quota, which no waiting raises."""


@pytest.mark.parametrize(
    "code",
    sorted(
        {
            *RETRIES.TransientRetryableChecker._TRANSIENT_ERROR_CODES,
            *RETRIES.ThrottledRetryableChecker._THROTTLED_ERROR_CODES,
        }
        - QUOTAS_TOO
    ),
)
def test_what_botocore_itself_tries_again_refuses_nobody_for_good(code: str) -> None:
    assert isinstance(answered(code, status=400, operation="PutObject"), (Throttled, Unavailable))


def test_only_botocores_errors_are_translated() -> None:
    with pytest.raises(ZeroDivisionError), translated("GetCustomModel"):
        raise ZeroDivisionError
