"""What AWS must allow: the action behind each operation, and the policies made of them.

``tunesmith iam`` prints the policies, the documentation shows them, and a refusal names the action from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_VERSION = "2012-10-17"
"""Of the policy language."""

_OTHER_ACTIONS: Mapping[str, str] = {
    "ConverseStream": "bedrock:InvokeModelWithResponseStream",
    "HeadBucket": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "GetObject": "s3:GetObject",
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "GetBucketLocation": "s3:GetBucketLocation",
    "GetBucketPolicy": "s3:GetBucketPolicy",
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "GetBucketVersioning": "s3:GetBucketVersioning",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "GetRole": "iam:GetRole",
    "SimulatePrincipalPolicy": "iam:SimulatePrincipalPolicy",
    "DescribeKey": "kms:DescribeKey",
    "GetCallerIdentity": "sts:GetCallerIdentity",
    "ListServiceQuotas": "servicequotas:ListServiceQuotas",
    "GetSecretValue": "secretsmanager:GetSecretValue",
    "GetMetricData": "cloudwatch:GetMetricData",
}
"""Where the action is not the operation's own name in ``bedrock:``."""

CONTROL: Sequence[str] = (
    "CreateModelCustomizationJob",
    "GetModelCustomizationJob",
    "ListModelCustomizationJobs",
    "StopModelCustomizationJob",
    "GetCustomModel",
    "ListCustomModels",
    "DeleteCustomModel",
    "GetFoundationModel",
    "ListFoundationModels",
    "CreateProvisionedModelThroughput",
    "GetProvisionedModelThroughput",
    "ListProvisionedModelThroughputs",
    "UpdateProvisionedModelThroughput",
    "DeleteProvisionedModelThroughput",
    "CreateCustomModelDeployment",
    "UpdateCustomModelDeployment",
    "GetCustomModelDeployment",
    "ListCustomModelDeployments",
    "DeleteCustomModelDeployment",
    "CreateModelInvocationJob",
    "GetModelInvocationJob",
    "ListModelInvocationJobs",
    "StopModelInvocationJob",
    "TagResource",
    "ListTagsForResource",
)
"""What the adapters call of Bedrock's control plane."""
RUNTIME: Sequence[str] = ("ConverseStream", "ApplyGuardrail")
"""What they call of its runtime."""
BEDROCK: Sequence[str] = (*CONTROL, "InvokeModel", *RUNTIME)
"""Both, and what Bedrock wants of whoever orders answers in batch."""
BUCKETS: Sequence[str] = ("GetObject", "PutObject", "ListObjectsV2", "GetBucketLocation")
PREFLIGHT: Sequence[str] = (
    "SimulatePrincipalPolicy",
    "DescribeKey",
    "GetBucketPolicy",
    "GetBucketEncryption",
    "GetPublicAccessBlock",
    "GetBucketVersioning",
    "GetBucketLifecycleConfiguration",
)
"""Only read, and only to tell before a start what Bedrock would tell after it."""
QUOTAS: Sequence[str] = ("ListServiceQuotas",)
"""Only read, and only to tell how much the account may have and ask; without it that is not known."""
METRICS: Sequence[str] = ("GetMetricData",)
"""Only read, and only to tell what else asks a leased model; without it none is released early for idleness."""


SECRETS: Sequence[str] = ("GetSecretValue",)
"""Where settings name secrets of Secrets Manager."""


def action_of(operation: str) -> str:
    """Return the IAM action that allows an operation: ``ConverseStream`` is InvokeModelWithResponseStream's."""
    return _OTHER_ACTIONS.get(operation, f"bedrock:{operation}")


@dataclass(frozen=True, slots=True)
class Account:
    """Whose policies they are. Placeholders are good for a document that somebody fills in."""

    number: str = "123456789012"
    regions: tuple[str, ...] = ("us-west-2",)
    buckets: tuple[str, ...] = ("my-bucket",)
    role_arn: str = "arn:aws:iam::123456789012:role/tunesmith-bedrock"
    secrets: tuple[str, ...] = ()
    """The secrets of AWS Secrets Manager that the settings name, by ARN or name."""


def trust_policy(account: Account) -> Json:
    """Return the trust policy of the role that Bedrock takes: only Bedrock, only for jobs of this account."""
    jobs = [
        f"arn:aws:bedrock:{region}:{account.number}:{kind}/*"
        for region in account.regions
        for kind in ("model-customization-job", "model-invocation-job")
    ]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account.number},
            "ArnLike": {"aws:SourceArn": jobs},
        },
    }
    return {"Version": _VERSION, "Statement": [allowed]}


def role_policy(account: Account) -> Json:
    """Return what that role may do: read the data and write the results, in these buckets; and ask teachers.

    A teacher that is reached through an inference profile is asked in any region of the profile.
    """
    operations = ("GetObject", "PutObject", "ListObjectsV2")
    teachers = [
        f"arn:aws:bedrock:*:{account.number}:inference-profile/*",
        "arn:aws:bedrock:*::foundation-model/*",
    ]
    statements = [_allow(operations, _arns(account.buckets)), _allow(("InvokeModel",), teachers)]
    return {"Version": _VERSION, "Statement": statements}


def bot_policy(account: Account) -> Json:
    """Return what the bot itself may do."""
    pass_on = {
        "Effect": "Allow",
        "Action": ["iam:PassRole", "iam:GetRole"],
        "Resource": account.role_arn,
        # If it exists: GetRole does not know the key, and an exact condition would refuse that.
        "Condition": {"StringEqualsIfExists": {"iam:PassedToService": "bedrock.amazonaws.com"}},
    }
    statements = [
        _allow(BEDROCK, "*"),
        _allow(BUCKETS, _arns(account.buckets)),
        pass_on,
        _allow(PREFLIGHT, "*"),
        _allow(QUOTAS, "*"),
        *([_allow(SECRETS, [_secret(account, each) for each in account.secrets])] if account.secrets else []),
        _allow(METRICS, "*"),
    ]
    return {"Version": _VERSION, "Statement": statements}


def _allow(operations: Sequence[str], resource: str | list[str]) -> Json:
    return {"Effect": "Allow", "Action": [action_of(each) for each in operations], "Resource": resource}


def _arns(buckets: Sequence[str]) -> list[str]:
    return [f"arn:aws:s3:::{bucket}{end}" for bucket in buckets for end in ("", "/*")]


def _secret(account: Account, name: str) -> str:
    """Return the ARN of a secret; one that is named without it ends with a hyphen and six letters of AWS's."""
    parts = ("arn", "aws", "secretsmanager", "*", account.number, "secret", f"{name}-??????")
    return name if name.startswith("arn:") else ":".join(parts)
