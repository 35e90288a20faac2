"""Whether the role may do what a job needs, and whether we may pass it on: IAM simulates, nothing is tried out.

IAM's simulation sees the policies of who acts, not those of buckets and keys. So an explicit no is a failure, while
a mere absence of a yes is one only where no other policy could say yes; else it is told as not checked.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import code_of, translated
from bot.adapters.simulation import PASSED_TO, Simulation, Wish, context, here
from bot.errors import Misconfigured, NoIdentity, NotFound, Refused
from bot.jobs.model import JobPlan
from bot.spending.model import Check

_NO_POLICY = "NoSuchBucketPolicy"
_AWS_OWN = "AWS"


class Permissions:
    """Three lines of the preflight. Each raises ``Unavailable`` when AWS does not answer."""

    def __init__(self, clients: AwsClients, model_keys: Mapping[str, str] | None = None) -> None:
        """``model_keys`` are those that encrypt tuned models, by region."""
        self._clients = clients
        self._model_keys = dict(model_keys or {})
        self._iam = Simulation(clients)

    # The role on S3

    def reach(self, plan: JobPlan) -> Check:
        """May the role read the files and write the results?"""
        name, role = "reach", _short(plan.role_arn)
        files = [plan.training_uri, *([plan.validation_uri] if plan.validation_uri else [])]
        output = plan.output_uri.rstrip("/") + "/*"
        wishes = [Wish("s3:GetObject", _arn_of(each, plan.role_arn)) for each in files]
        wishes += [
            Wish("s3:PutObject", _arn_of(output, plan.role_arn)),
            Wish("s3:ListBucket", _arn_of(_bucket_of(output), plan.role_arn)),
        ]
        try:
            found = self._iam.said(plan.role_arn, wishes, [here(plan.region)])
        except Misconfigured:
            return _unchecked(name, f"what the role `{role}` may do", "iam:SimulatePrincipalPolicy")
        if found.forbidden:
            said = f"A policy forbids the role `{role}` {_listed(found.forbidden)}."
            return Check(name, False, said, "The operator takes that Deny out of the role's policies.")
        if not found.missing:
            return Check(name, True, f"The role `{role}` may read the data and write the results.")
        if self._has_no_policy(plan.region, _bucket_of(output)):
            said = f"Nothing allows the role `{role}` {_listed(found.missing)}."
            return Check(name, False, said, "The operator adds that to the role's policy.")
        said = (
            f"The role's own policies do not allow {_listed(found.missing)}; whether the bucket's policy does "
            "cannot be simulated. Bedrock will check it."
        )
        return Check(name, True, said, checked=False)

    def use(self, role_arn: str, region: str, bucket: str) -> Check:
        """May the role read and write in the bucket at all?"""
        name, role, inside = "reach", _short(role_arn), f"{bucket}/*"
        wishes = [
            Wish("s3:GetObject", _arn_of(inside, role_arn)),
            Wish("s3:PutObject", _arn_of(inside, role_arn)),
            Wish("s3:ListBucket", _arn_of(bucket, role_arn)),
        ]
        try:
            found = self._iam.said(role_arn, wishes, [here(region)])
        except NotFound:
            return Check(name, False, f"There is no role `{role}`.", "Create it, or set TUNESMITH_ROLE_ARN.")
        except (Misconfigured, Refused):
            return _unchecked(name, f"what the role `{role}` may do", "iam:SimulatePrincipalPolicy")
        if found.forbidden:
            said = f"A policy forbids the role `{role}` {_listed(found.forbidden)}."
            return Check(name, False, said, "Take that Deny out of the role's policies.")
        if found.missing and self._has_no_policy(region, bucket):
            said = f"Nothing allows the role `{role}` {_listed(found.missing)}."
            return Check(name, False, said, "Paste what `tunesmith iam role` prints into the role's policy.")
        if found.missing:
            said = f"Only the bucket's own policy may allow the role `{role}` {_listed(found.missing)}."
            return Check(name, True, said, checked=False)
        return Check(name, True, f"The role `{role}` may read and write in `{bucket}`.")

    def _has_no_policy(self, region: str, bucket: str) -> bool:
        try:
            with translated("GetBucketPolicy"):
                self._clients.s3_interactive(region).get_bucket_policy(Bucket=bucket)
        except (NotFound, Misconfigured, Refused) as error:
            cause = error.__cause__
            return isinstance(cause, ClientError) and code_of(cause) == _NO_POLICY
        return False

    # Keys

    def encryption(self, plan: JobPlan) -> Check:
        """Are the keys enabled that encrypt the files and the bucket, and may the role use them?"""
        name = "encryption"
        try:
            keys = self._keys(plan)
        except (Misconfigured, NotFound):
            return _unchecked(
                name, "how the data is encrypted", "s3:GetObject and s3:GetEncryptionConfiguration"
            )
        if not keys:
            return Check(name, True, "No key of your own encrypts the data.")
        try:
            for key in keys:
                wrong = self._wrong_with(plan, key)
                if wrong:
                    return wrong
        except (Misconfigured, NotFound, Refused):
            return _unchecked(name, f"the key `{keys[0]}`", "kms:DescribeKey")
        return Check(
            name, True, f"The data's key is enabled, and the role `{_short(plan.role_arn)}` may use it."
        )

    def _keys(self, plan: JobPlan) -> list[str]:
        s3 = self._clients.s3_interactive(plan.region)
        found = {self._model_keys.get(plan.region, "")}
        for uri in filter(None, (plan.training_uri, plan.validation_uri)):
            bucket, _, key = uri.removeprefix("s3://").partition("/")
            with translated("HeadObject"):
                # Only what a key of KMS encrypts names one.
                found.add(s3.head_object(Bucket=bucket, Key=key).get("SSEKMSKeyId", ""))
        try:
            with translated("GetBucketEncryption"):
                said: Any = s3.get_bucket_encryption(Bucket=_bucket_of(plan.output_uri))
        except (NotFound, Refused):  # a bucket without a rule of its own
            said = {}
        rules = said.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
        found |= {
            each.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID", "") for each in rules
        }
        return sorted(found - {""})

    def key(self, region: str, key: str) -> Check:
        """Is a key of the operator's there, and enabled?

        Raises:
            NoIdentity: AWS does not know who asks.
        """
        name, short = "encryption", _short(key)
        try:
            with translated("DescribeKey"):
                about: Any = self._clients.kms(region).describe_key(KeyId=key)["KeyMetadata"]
        except NoIdentity:
            raise
        except NotFound:
            return Check(name, False, f"There is no key `{short}`.", "Make it there, or name another.")
        except (Misconfigured, Refused):
            return _unchecked(name, f"the key `{short}`", "kms:DescribeKey")
        if not about.get("Enabled", False):
            said = f"The key `{short}` is {about.get('KeyState', 'not enabled')}."
            return Check(name, False, said, "Enable it, or name another.")
        return Check(name, True, f"The key `{short}` is enabled.")

    def _wrong_with(self, plan: JobPlan, key: str) -> Check | None:
        with translated("DescribeKey"):
            about: Any = self._clients.kms(plan.region).describe_key(KeyId=key)["KeyMetadata"]
        if not about.get("Enabled", False):
            said = f"The key `{key}` that encrypts the data is {about.get('KeyState', 'not enabled')}."
            return Check(
                "encryption", False, said, "The operator enables it, or stores the data under another."
            )
        # The policy of such a key is AWS's own, and lets in whoever of the account may use the service.
        if about.get("KeyManager") == _AWS_OWN:
            return None
        wishes = [Wish(action, about["Arn"]) for action in ("kms:Decrypt", "kms:GenerateDataKey")]
        services = [f"{each}.{plan.region}.amazonaws.com" for each in ("s3", "bedrock")]
        # Either service uses the key, and a policy may ask by which it is used.
        given = [here(plan.region), context("kms:ViaService", *services, several=True)]
        found = self._iam.said(plan.role_arn, wishes, given)
        if found.forbidden:
            said = f"A policy forbids the role `{_short(plan.role_arn)}` {_listed(found.forbidden)}."
            return Check(
                "encryption", False, said, "The operator takes that Deny out of the role's policies."
            )
        if found.missing:
            said = (
                f"The role's own policies do not allow {_listed(found.missing)}; whether the key's policy does "
                "cannot be simulated. Bedrock will check it."
            )
            return Check("encryption", True, said, checked=False)
        return None

    # Ourselves

    def pass_role(self, role_arn: str, region: str) -> Check:
        """May the bot hand the role over to Bedrock?"""
        name, role = "pass role", _short(role_arn)
        try:
            ourselves = self._iam.ourselves(region)
            if ourselves is None:
                return Check(name, True, "I run as the account's root, which can hand any role to Bedrock.")
            found = self._iam.said(ourselves, [Wish("iam:PassRole", role_arn)], [PASSED_TO, here(region)])
        except (Misconfigured, NotFound, Refused):
            return _unchecked(
                name, f"whether I can hand the role `{role}` to Bedrock", "iam:SimulatePrincipalPolicy"
            )
        if found.forbidden or found.missing:
            return Check(
                name,
                False,
                f"I can't hand the role `{role}` to Bedrock.",
                f"The operator allows `iam:PassRole` on `{role_arn}` for `{ourselves}`.",
            )
        return Check(name, True, f"I can hand the role `{role}` to Bedrock.")


def _unchecked(name: str, what: str, action: str) -> Check:
    named = " and ".join(f"`{each}`" for each in action.split(" and "))
    return Check(
        name, True, f"I am not allowed to look up {what} ({named}); Bedrock will check it.", checked=False
    )


def _arn_of(place: str, role_arn: str) -> str:
    """Return the ARN of a place in S3, in the role's partition."""
    return f"arn:{role_arn.split(':')[1]}:s3:::{place.removeprefix('s3://')}"


def _bucket_of(uri: str) -> str:
    return uri.removeprefix("s3://").partition("/")[0]


def _short(role_arn: str) -> str:
    return role_arn.rpartition("/")[2]


def _listed(wishes: Iterable[Wish]) -> str:
    return ", ".join(map(str, wishes))
