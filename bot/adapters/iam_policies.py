"""What AWS must allow: the action behind each operation, and the policies made of them.

``tunesmith iam`` prints the policies, the documentation shows them, and a refusal names the action from here.

Which resource types and condition keys an action knows is AWS's service authorization reference's
(docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html), copied into
``tests/data/iam_actions.json`` and held against these policies: a key that an action does not know refuses it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
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
    "AssumeRole": "sts:AssumeRole",
    "ListServiceQuotas": "servicequotas:ListServiceQuotas",
    "GetSecretValue": "secretsmanager:GetSecretValue",
    "GetMetricData": "cloudwatch:GetMetricData",
    "ReceiveMessage": "sqs:ReceiveMessage",
    "DeleteMessageBatch": "sqs:DeleteMessage",
    "GetQueueAttributes": "sqs:GetQueueAttributes",
}
"""Where the action is not the operation's own name in ``bedrock:``."""

JOB, MODEL, THROUGHPUT = "model-customization-job", "custom-model", "provisioned-model"
DEPLOYMENT, BATCH = "custom-model-deployment", "model-invocation-job"
BASE, PROFILE, OWN_PROFILE = "foundation-model", "inference-profile", "application-inference-profile"
"""Bedrock's types of resources, as they stand in ARNs."""
TAGGABLE = (JOB, MODEL, THROUGHPUT, DEPLOYMENT, BATCH)

Group = Sequence[str]
LISTS: Group = (
    "ListModelCustomizationJobs",
    "ListCustomModels",
    "ListFoundationModels",
    "ListProvisionedModelThroughputs",
    "ListCustomModelDeployments",
    "ListModelInvocationJobs",
)
"""Of whole regions: they know no resources, so only the region narrows them."""
READS: Group = (
    "GetModelCustomizationJob",
    "GetCustomModel",
    "GetFoundationModel",
    "GetProvisionedModelThroughput",
    "GetCustomModelDeployment",
    "GetModelInvocationJob",
    "ListTagsForResource",
)
"""Of single things, those that others made in the account among them."""
CREATES_JOB: Group = ("CreateModelCustomizationJob",)
CREATES: Group = (
    "CreateProvisionedModelThroughput",
    "CreateCustomModelDeployment",
    "CreateModelInvocationJob",
)
"""What is made with tags of ours, or not at all."""
CHANGES: Group = (
    "StopModelCustomizationJob",
    "DeleteCustomModel",
    "UpdateProvisionedModelThroughput",
    "UpdateCustomModelDeployment",
    "TagResource",
)
"""Of things that may be others': a job of the console's that is followed may be stopped, and its model deleted."""
ENDS: Group = ("DeleteProvisionedModelThroughput", "DeleteCustomModelDeployment", "StopModelInvocationJob")
"""Of what is ours by its tags, and of nothing else."""
GUARDRAILS: Group = ("ApplyGuardrail",)
GUARDRAIL_READS: Group = ("GetGuardrail",)
"""Only tells, in ``tunesmith doctor``, whether the one that is named is there."""
ASKING: Group = ("InvokeModel", "ConverseStream")
"""The former is what Bedrock wants of whoever orders answers in batch."""
OBJECTS: Group = ("GetObject", "PutObject", "AbortMultipartUpload")
"""The last so that what is left of an upload that broke off is not kept and billed."""
BUCKETS: Group = (
    "ListObjectsV2",
    "GetBucketLocation",
    "GetBucketPolicy",
    "GetBucketEncryption",
    "GetPublicAccessBlock",
    "GetBucketVersioning",
    "GetBucketLifecycleConfiguration",
)
"""The first two are needed; the rest only tell, in a plan or by ``tunesmith doctor``, what speaks against a start."""
LOOKING: Group = ("GetRole", "SimulatePrincipalPolicy")
"""Only read, and only to tell before a start what Bedrock would tell after it."""
KEYS: Group = ("DescribeKey",)
FIGURES: Group = ("ListServiceQuotas", "GetMetricData")
"""Only read: without the first it is not known how much the account may have, and without the second what else asks a
leased model, so that none is released early for idleness."""
SECRETS: Group = ("GetSecretValue",)
"""Where settings name secrets of Secrets Manager."""
TAKING: Group = ("AssumeRole",)
"""Where settings name a role that the bot takes: botocore asks for it by itself."""
EVENTS: Group = ("ReceiveMessage", "DeleteMessageBatch", "GetQueueAttributes")
"""Where settings name queues of Bedrock's events; the last only tells, by ``tunesmith doctor``."""


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
    """Of the role that Bedrock takes."""
    bot_arn: str = ""
    """Of the role or user that the bot is; empty: a role called ``tunesmith-bot``."""
    caller_arn: str = ""
    """Of whoever takes the bot's role, in another account maybe; empty: the bot is that by itself."""
    external_id: str = ""
    """What that role's trust policy asks for; empty: nothing."""
    keys: tuple[str, ...] = ()
    """The customer's keys that encrypt the buckets or the models, by ARN."""
    secrets: tuple[str, ...] = ()
    """The secrets of AWS Secrets Manager that the settings name, by ARN or name."""
    queues: tuple[str, ...] = ()
    """The queues of Bedrock's events, one of a region, by ARN."""

    @property
    def partition(self) -> str:
        """``aws``, or ``aws-us-gov`` and others like it, as the role's ARN has it."""
        return self.role_arn.split(":")[1]

    @property
    def bot(self) -> str:
        """The ARN of the role or user that the bot is."""
        return self.bot_arn or f"arn:{self.partition}:iam::{self.number}:role/tunesmith-bot"

    def bedrock(self, kind: str, region: str = "*") -> str:
        """Return the ARN of all of a type in the account; base models are in none."""
        owner = "" if kind == BASE else self.number
        return self.arn("bedrock", region, owner, f"{kind}/*")

    def arn(self, service: str, region: str, owner: str, what: str) -> str:
        """Return an ARN in the account's partition."""
        return f"arn:{self.partition}:{service}:{region}:{owner}:{what}"


def trust_policy(account: Account) -> Json:
    """Return the trust policy of the role that Bedrock takes: only Bedrock, only for jobs of this account."""
    jobs = [account.bedrock(kind, region) for region in account.regions for kind in (JOB, BATCH)]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account.number},
            "ArnLike": {"aws:SourceArn": jobs},
        },
    }
    return {"Version": _VERSION, "Statement": [allowed]}


def role_policy(account: Account) -> Json:
    """Return what that role may do: read the data and write the results, in these buckets; and ask teachers.

    A teacher that is reached through an inference profile is asked in any region of the profile, which is where the
    request is judged: so no region is named there.
    """
    statements = [
        _allow("Data", ("GetObject", "PutObject"), _objects(account)),
        _allow("Buckets", ("ListObjectsV2",), _buckets(account)),
        _allow("Teachers", ("InvokeModel",), [account.bedrock(PROFILE), account.bedrock(BASE)]),
    ]
    if account.keys:
        uses = ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"]
        statements.append(_statement("Keys", uses, list(account.keys)))
    return {"Version": _VERSION, "Statement": statements}


def bot_policy(account: Account) -> Json:
    """Return what the bot itself may do.

    Regions narrow all of Bedrock but what asks a model: a request by a profile across regions is judged where it is
    answered. Whether AWS sees the tags of a customization job in the request is nowhere said, so there the condition
    holds when it does not.
    """
    here = {"StringEquals": {"aws:RequestedRegion": list(account.regions)}}
    tagged = {"StringEquals": here["StringEquals"] | {f"aws:RequestTag/{_TAG}": _TAGGED}}
    ours = {"StringEquals": here["StringEquals"] | {f"aws:ResourceTag/{_TAG}": _TAGGED}}
    if_tagged = here | {"StringEqualsIfExists": {f"aws:RequestTag/{_TAG}": _TAGGED}}
    of_types = [account.bedrock(kind) for kind in TAGGABLE]
    trained = [account.bedrock(kind) for kind in (MODEL, BASE)]
    statements = [
        _allow("Lists", LISTS, "*", here),
        _allow("Reads", READS, [*of_types, account.bedrock(BASE)], here),
        _allow("CreatesJobs", CREATES_JOB, [*trained, account.bedrock(JOB)], if_tagged),
        _allow("Creates", CREATES, [*trained, account.bedrock(BATCH)], tagged),
        _allow("Changes", CHANGES, of_types, here),
        _allow("Ends", ENDS, [account.bedrock(kind) for kind in (THROUGHPUT, DEPLOYMENT, BATCH)], ours),
        *_asking(account),
        _allow("Guardrails", [*GUARDRAILS, *GUARDRAIL_READS], [account.bedrock(kind) for kind in _SCREENS]),
        _allow("Objects", OBJECTS, _objects(account)),
        _allow("Buckets", BUCKETS, _buckets(account)),
        _statement("HandsOver", ["iam:PassRole"], account.role_arn, PASSED),
        _allow("LooksAtRoles", LOOKING, [account.role_arn, account.bot]),
        _allow("LooksAtKeys", KEYS, _keys_seen(account)),
        _allow("Figures", FIGURES, "*", here),
    ]
    if account.keys:
        statements.append(_statement("Keys", ["kms:Decrypt", "kms:GenerateDataKey"], list(account.keys)))
        through = {"StringLike": {"kms:ViaService": "bedrock.*"}}
        statements.append(_statement("ModelKeys", ["kms:CreateGrant"], list(account.keys), through))
    if account.secrets and not account.caller_arn:  # before a role is taken, the settings are read
        statements.append(_allow("Secrets", SECRETS, [_secret(account, each) for each in account.secrets]))
    if account.queues:
        statements.append(_allow("Events", EVENTS, list(account.queues)))
    return {"Version": _VERSION, "Statement": statements}


def bot_trust(account: Account) -> Json:
    """Return the trust policy of the bot's role, where somebody takes it: only they, and with the external ID."""
    allowed: Json = {
        "Effect": "Allow",
        "Principal": {
            "AWS": account.caller_arn or account.arn("iam", "", account.number, "role/tunesmith-caller")
        },
        "Action": "sts:AssumeRole",
    }
    if account.external_id:
        allowed["Condition"] = {"StringEquals": {"sts:ExternalId": account.external_id}}
    return {"Version": _VERSION, "Statement": [allowed]}


def caller_policy(account: Account) -> Json:
    """Return what whoever takes the bot's role may do, and nothing else: take it, and read the settings' secrets."""
    statements = [_allow("TakesTheRole", TAKING, [account.bot])]
    if account.secrets:
        own = replace(account, number=account.caller_arn.split(":")[4]) if account.caller_arn else account
        statements.append(_allow("Secrets", SECRETS, [_secret(own, each) for each in account.secrets]))
    return {"Version": _VERSION, "Statement": statements}


SERVICE = "bedrock.amazonaws.com"
PASSED: Json = {"StringEquals": {"iam:PassedToService": SERVICE}}
_WHOLE_SECRET = re.compile(r"-[A-Za-z0-9]{6}$")
_TAG, _TAGGED = "managed-by", "tunesmith"
"""What all that is ours is tagged with (``bot.spending.tags``)."""


_SCREENS = ("guardrail", "guardrail-profile")
"""One that works across regions is asked by the latter
(docs.aws.amazon.com/bedrock/latest/userguide/guardrail-profiles-permissions.html)."""


def _asking(account: Account) -> list[Json]:
    """Return what asking models needs: those of the account, bases in our regions, and elsewhere only by a profile."""
    own = [account.bedrock(kind) for kind in (THROUGHPUT, DEPLOYMENT, PROFILE, OWN_PROFILE)]
    near = [account.bedrock(BASE, region) for region in account.regions]
    by_profile = {
        "ArnLike": {"bedrock:InferenceProfileArn": [account.bedrock(PROFILE), account.bedrock(OWN_PROFILE)]}
    }
    return [
        _allow("Asks", ASKING, [*own, *near]),
        _allow("AsksByProfile", ASKING, account.bedrock(BASE), by_profile),
    ]


def _allow(
    sid: str, operations: Sequence[str], resource: str | list[str], condition: Json | None = None
) -> Json:
    return _statement(sid, [action_of(each) for each in operations], resource, condition)


def _statement(
    sid: str, actions: list[str], resource: str | list[str], condition: Json | None = None
) -> Json:
    said: Json = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
    return said | ({"Condition": condition} if condition else {})


def _keys_seen(account: Account) -> str | list[str]:
    """Return all keys of the account, and those of others that are named."""
    own = account.arn("kms", "*", account.number, "key/*")
    others = [each for each in account.keys if each.split(":")[4] != account.number]
    return [own, *others] if others else own


def _buckets(account: Account) -> list[str]:
    return [f"arn:{account.partition}:s3:::{bucket}" for bucket in account.buckets]


def _objects(account: Account) -> list[str]:
    return [f"{each}/*" for each in _buckets(account)]


def _secret(account: Account, name: str) -> str:
    """Return the ARN of a secret, which ends with a hyphen and six letters of AWS's.

    It is found by its name, or by an ARN without these, too, and what allows it has to have them.
    """
    if not name.startswith("arn:"):
        return account.arn("secretsmanager", "*", account.number, f"secret:{name}-??????")
    return name if _WHOLE_SECRET.search(name) else f"{name}-??????"
