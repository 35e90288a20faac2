"""Buckets, role, policies and queues as a template: for CloudFormation, and for Terraform in its JSON syntax.

Buckets are encrypted, versioned, closed to the public and to requests without TLS, belong to their owner alone, and
are kept when a stack is deleted. Their rules remove what is left of broken uploads and old versions, and nothing that
is current: plans are needed should Redis be lost.
"""

import json
from collections.abc import Iterable
from typing import Any

from bot.adapters.event_templates import cloudformation_events, queue_in, terraform_events
from bot.adapters.iam_policies import Account, Json, bot_policy, bot_trust, role_policy, trust_policy

BROKEN_DAYS, OLD_DAYS = 7, 30
"""Days after which what is left of a broken upload, and a version that was replaced, are removed."""
LONGEST = 6_144
"""Characters of a managed policy, blanks not counted
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""
_SWITCHES = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def cloudformation(account: Account, region: str = "") -> Json:
    """Return a template: all for the first region, or for another one its bucket and its queue alone.

    A stack is of one region, and the role and the policies are wanted once.
    """
    own = _by_region(account)
    here = region or next(iter(own))
    bucket = own[here]
    events, event_outputs = cloudformation_events(account, here)
    resources = _bucket_resources(account, here, bucket) | events
    outputs: Json = {"Buckets": {"Description": "For TUNESMITH_BUCKETS", "Value": f"{here}={bucket}"}}
    outputs |= event_outputs
    if here == next(iter(own)):
        resources |= _role_resources(account)
        outputs["RoleArn"] = {
            "Description": "For TUNESMITH_ROLE_ARN",
            "Value": {"Fn::GetAtt": ["BedrockRole", "Arn"]},
        }
        outputs |= _bot_outputs(account, resources)
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Tunesmith in {here}",
        "Resources": resources,
        "Outputs": outputs,
    }


def terraform(account: Account) -> Json:
    """Return everything as Terraform's JSON syntax, for a file `tunesmith.tf.json`."""
    own = _by_region(account)
    first = next(iter(own))
    resources: dict[str, dict[str, Json]] = {}
    for region, bucket in own.items():
        for kind, said in _tf_bucket(account, region, bucket).items():
            where = {} if region == first else {"provider": f"aws.{_tf(region)}"}
            resources.setdefault(kind, {})[_tf(region)] = where | said
        for kind, several in terraform_events(account, region, _tf(region)).items():
            where = {} if region == first else {"provider": f"aws.{_tf(region)}"}
            resources.setdefault(kind, {}).update({name: where | said for name, said in several.items()})
    role = account.role_arn.rpartition("/")[2]
    resources["aws_iam_role"] = {
        "bedrock": {
            "name": role,
            "path": _path(account.role_arn),
            "assume_role_policy": _text(trust_policy(account)),
        }
    }
    resources["aws_iam_role_policy"] = {
        "bedrock": {
            "name": "data",
            "role": "${aws_iam_role.bedrock.id}",
            "policy": _text(role_policy(account)),
        }
    }
    resources["aws_iam_policy"] = {
        f"bot{number}": {"name": f"tunesmith-bot-{number}", "policy": _text(policy)}
        for number, policy in enumerate(bot_policies(account), start=1)
    }
    if account.caller_arn:
        resources["aws_iam_role"]["bot"] = {
            "name": account.bot.rpartition("/")[2],
            "path": _path(account.bot),
            "assume_role_policy": _text(bot_trust(account)),
        }
        resources["aws_iam_role_policy_attachment"] = {
            name: {"role": "${aws_iam_role.bot.name}", "policy_arn": f"${{aws_iam_policy.{name}.arn}}"}
            for name in resources["aws_iam_policy"]
        }
    providers: list[Json] = [{"region": first}]
    providers += [{"alias": _tf(region), "region": region} for region in own if region != first]
    return {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.0"}}},
        "provider": {"aws": providers},
        "resource": resources,
        "output": {
            "TUNESMITH_BUCKETS": {"value": ",".join(f"{region}={name}" for region, name in own.items())},
            "TUNESMITH_ROLE_ARN": {"value": "${aws_iam_role.bedrock.arn}"},
            **_tf_queues(account, own),
            **_tf_bot(account, resources["aws_iam_policy"]),
        },
    }


def _bot_outputs(account: Account, resources: Iterable[str]) -> Json:
    """Return the role for the settings, which has its policies, or the policies that somebody has to attach."""
    if account.caller_arn:
        value = {"Fn::GetAtt": ["BotRole", "Arn"]}
        return {"AssumeRole": {"Description": "For TUNESMITH_ASSUME_ROLE", "Value": value}}
    return {
        name: {"Description": "To attach to whoever the bot runs as", "Value": {"Ref": name}}
        for name in resources
        if name.startswith("BotPolicy")
    }


def _tf_bot(account: Account, policies: Iterable[str]) -> Json:
    """Return the same for Terraform."""
    if account.caller_arn:
        return {"TUNESMITH_ASSUME_ROLE": {"value": "${aws_iam_role.bot.arn}"}}
    return {"attach_to_the_bot": {"value": [f"${{aws_iam_policy.{each}.arn}}" for each in policies]}}


def _tf_queues(account: Account, regions: Iterable[str]) -> Json:
    named = [f"{each}=${{aws_sqs_queue.{_tf(each)}.id}}" for each in regions if queue_in(account, each)]
    return {"TUNESMITH_EVENT_QUEUES": {"value": ",".join(named)}} if named else {}


def bot_policies(account: Account) -> list[Json]:
    """Return the bot's policy in as many documents as it takes, each short enough for a managed policy."""
    whole = bot_policy(account)
    parts: list[list[Json]] = [[]]
    for statement in whole["Statement"]:
        if parts[-1] and len(_text(whole | {"Statement": [*parts[-1], statement]})) > LONGEST:
            parts.append([])
        parts[-1].append(statement)
    return [whole | {"Statement": each} for each in parts]


def _by_region(account: Account) -> dict[str, str]:
    return dict(zip(account.regions, account.buckets, strict=True))


def _key(account: Account, region: str) -> str:
    """Return the customer's key of the region, for what the bucket there holds; empty for S3's own."""
    return next((each for each in account.keys if each.split(":")[3] == region), "")


def _only_tls(account: Account, bucket: str) -> Json:
    arn = f"arn:{account.partition}:s3:::{bucket}"
    denied = {
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [denied]}


def _bucket_resources(account: Account, region: str, bucket: str) -> Json:
    key = _key(account, region)
    encrypted: Json = (
        {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key} if key else {"SSEAlgorithm": "AES256"}
    )
    rule = {"ServerSideEncryptionByDefault": encrypted} | ({"BucketKeyEnabled": True} if key else {})
    kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    return {
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            **kept,
            "Properties": {
                "BucketName": bucket,
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]},
                "VersioningConfiguration": {"Status": "Enabled"},
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "PublicAccessBlockConfiguration": {
                    "".join(part.capitalize() for part in each.split("_")): True for each in _SWITCHES
                },
                "LifecycleConfiguration": {
                    "Rules": [
                        {
                            "Id": "broken-uploads-and-old-versions",
                            "Status": "Enabled",
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": BROKEN_DAYS},
                            "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_DAYS},
                        }
                    ]
                },
            },
        },
        "BucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": _only_tls(account, bucket)},
        },
    }


def _role_resources(account: Account) -> Json:
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": account.role_arn.rpartition("/")[2],
            "Path": _path(account.role_arn),
            "AssumeRolePolicyDocument": trust_policy(account),
            "Policies": [{"PolicyName": "data", "PolicyDocument": role_policy(account)}],
        },
    }
    policies = {
        f"BotPolicy{number}": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"Description": "What Tunesmith itself may do", "PolicyDocument": policy},
        }
        for number, policy in enumerate(bot_policies(account), start=1)
    }
    return {"BedrockRole": role, **policies, **_bot_role(account, list(policies))}


def _bot_role(account: Account, policies: list[str]) -> Json:
    """Return the bot's role where somebody takes it, with its policies; else whoever is the bot gets those."""
    if not account.caller_arn:
        return {}
    role = {
        "RoleName": account.bot.rpartition("/")[2],
        "Path": _path(account.bot),
        "AssumeRolePolicyDocument": bot_trust(account),
        "ManagedPolicyArns": [{"Ref": each} for each in policies],
    }
    return {"BotRole": {"Type": "AWS::IAM::Role", "Properties": role}}


def _tf_bucket(account: Account, region: str, bucket: str) -> dict[str, Json]:
    key, ours = _key(account, region), {"bucket": f"${{aws_s3_bucket.{_tf(region)}.id}}"}
    encrypted = {"sse_algorithm": "aws:kms", "kms_master_key_id": key} if key else {"sse_algorithm": "AES256"}
    return {
        "aws_s3_bucket": {"bucket": bucket, "lifecycle": {"prevent_destroy": True}},
        "aws_s3_bucket_server_side_encryption_configuration": ours
        | {"rule": {"apply_server_side_encryption_by_default": encrypted, "bucket_key_enabled": bool(key)}},
        "aws_s3_bucket_versioning": ours | {"versioning_configuration": {"status": "Enabled"}},
        "aws_s3_bucket_ownership_controls": ours | {"rule": {"object_ownership": "BucketOwnerEnforced"}},
        "aws_s3_bucket_public_access_block": ours | dict.fromkeys(_SWITCHES, True),
        "aws_s3_bucket_lifecycle_configuration": ours
        | {
            "rule": {
                "id": "broken-uploads-and-old-versions",
                "status": "Enabled",
                "filter": {},
                "abort_incomplete_multipart_upload": {"days_after_initiation": BROKEN_DAYS},
                "noncurrent_version_expiration": {"noncurrent_days": OLD_DAYS},
            }
        },
        "aws_s3_bucket_policy": ours | {"policy": _text(_only_tls(account, bucket))},
    }


def _tf(region: str) -> str:
    return region.replace("-", "_")


def _path(role_arn: str) -> str:
    """Return a role's path, as it stands in its ARN between `role` and the name."""
    inner = role_arn.split(":role", 1)[1].rpartition("/")[0]
    return f"{inner}/"


def _text(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"))
