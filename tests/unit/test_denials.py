"""What AWS's words of a refused permission say, as AWS publishes them and as people have reported them."""

import pytest

from bot.denials import OURS, denial_in, denied, is_of_a_key, is_of_credentials, without_names

ROLE = "User: arn:aws:sts::111122223333:assumed-role/tunesmith-bot/i-0abc is not authorized to perform: "
USER = "User: arn:aws-us-gov:iam::111122223333:user/apps/tuner is not authorized to perform: "
KEY = "arn:aws:kms:us-west-2:111122223333:key/1"
ORGANIZATION = "arn:aws:organizations::444455556666:policy/o-1/service_control_policy/p-1"
DETAILS = "Go to https://us-east-1.console.aws.amazon.com/iam/home#/authorization-details/EXAMPLE"

TABLE = [
    (
        (
            f"{ROLE}bedrock:CreateModelCustomizationJob on resource: * because no identity-based policy allows the "
            "bedrock:CreateModelCustomizationJob action"
        ),
        "`tunesmith-bot`",
        "bedrock:CreateModelCustomizationJob",
        "The operator allows `bedrock:CreateModelCustomizationJob` for `tunesmith-bot`; `tunesmith iam` prints",
    ),
    (
        (
            f"{USER}kms:GenerateDataKey on resource: {KEY} because no identity-based policy allows the "
            "kms:GenerateDataKey action"
        ),
        "`tuner`",
        "kms:GenerateDataKey",
        "The operator allows `kms:GenerateDataKey` for `tuner`; `tunesmith iam --keys ARN` prints",
    ),
    (
        (
            f"{ROLE}kms:GenerateDataKey on this resource because the resource does not exist in this Region, no "
            "resource-based policies allow access, or a resource-based policy explicitly denies access"
        ),
        "`tunesmith-bot`",
        "kms:GenerateDataKey",
        "The operator allows `kms:GenerateDataKey` for `tunesmith-bot` in the policy of the key, bucket or",
    ),
    (
        f'{ROLE}s3:PutObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a resource-based policy',
        "`tunesmith-bot`",
        "s3:PutObject",
        "The operator takes the Deny of `s3:PutObject` for `tunesmith-bot` out of the policy of the key, bucket",
    ),
    (
        (
            f"{ROLE}bedrock:InvokeModelWithResponseStream on resource: arn:aws:bedrock:::foundation-model/x with an "
            f"explicit deny in a service control policy: {ORGANIZATION}"
        ),
        "`tunesmith-bot`",
        "bedrock:InvokeModelWithResponseStream",
        "That is set for the whole AWS organization",
    ),
    (
        (
            f"{ROLE}iam:PassRole on resource: arn:aws:iam::111122223333:role/tuning with an explicit deny in an "
            f"identity-based policy: arn:aws:iam::111122223333:policy/service-control-policy-of-ours. {DETAILS}"
        ),
        "`tunesmith-bot`",
        "iam:PassRole",
        "The operator takes the Deny of `iam:PassRole` out of the policies of `tunesmith-bot`.",
    ),
    (
        f"{ROLE}s3:GetObject because no permissions boundary allows the s3:GetObject action",
        "`tunesmith-bot`",
        "s3:GetObject",
        "The operator allows `s3:GetObject` in the permissions boundary of `tunesmith-bot`, too.",
    ),
    (
        f"{ROLE}s3:GetObject because no session policy allows the s3:GetObject action",
        "`tunesmith-bot`",
        "s3:GetObject",
        "The operator allows `s3:GetObject` in the policy that the session of `tunesmith-bot` is begun with.",
    ),
    (
        f"{ROLE}s3:GetObject with an explicit deny in a VPC endpoint policy",
        "`tunesmith-bot`",
        "s3:GetObject",
        "The operator allows `s3:GetObject` in the policy of the VPC endpoint.",
    ),
    (
        "You are not authorized to perform: sqs:ReceiveMessage",
        OURS,
        "sqs:ReceiveMessage",
        "The operator allows",
    ),
]


@pytest.mark.parametrize(("text", "who", "action", "mend"), TABLE)
def test_who_what_and_where_are_read_off_the_words(text: str, who: str, action: str, mend: str) -> None:
    found = denial_in(text)

    assert found is not None
    assert (found.who, found.action) == (who, action)
    assert found.mend.startswith(mend)
    assert "arn:" not in found.mend


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Access Denied",
        "You don't have access to the model with the specified model ID.",
        (
            "IAM user or service role is not authorized to perform the required AWS Marketplace actions "
            "(aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model."
        ),
    ],
)
def test_words_that_name_no_action_say_nothing(text: str) -> None:
    assert denial_in(text) is None
    assert denied("s3:GetObject").mend.startswith(f"The operator allows `s3:GetObject` for {OURS}")


def test_names_are_taken_out_of_the_words() -> None:
    said = "Could not read s3://trust-us/quota.jsonl with arn:aws:kms:us-west-2:1:key/2, sorry: s3:GetObject"

    assert without_names(said) == "Could not read  with , sorry: s3:GetObject"


@pytest.mark.parametrize(
    ("code", "operation", "text", "is_so"),
    [
        ("ExpiredToken", "GetObject", "", True),
        ("RequestTimeTooSkewed", "PutObject", "", True),
        ("400", "HeadBucket", "Bad Request", True),
        ("400", "HeadObject", "Bad Request", True),
        ("400", "GetCustomModel", "<html>", False),
        (
            "AccessDeniedException",
            "GetCustomModel",
            "Authentication failed: Please make sure your API Key is valid.",
            True,
        ),
        ("AccessDenied", "GetObject", "Access Denied", False),
    ],
)
def test_credentials_that_are_not_taken_are_known(code: str, operation: str, text: str, is_so: bool) -> None:
    assert is_of_credentials(code, operation, text) is is_so


def test_codes_about_a_key_are_known() -> None:
    assert all(
        map(
            is_of_a_key,
            ("KMS.DisabledException", "KMS.NotFoundException", "KmsDisabled", "DecryptionFailure"),
        )
    )
    assert not any(map(is_of_a_key, ("AccessDenied", "KMSInternalException")))
