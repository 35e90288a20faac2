"""What a preflight asks the AWS account: the bucket, the role, the files. Permissions have a module of their own."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

from bot.adapters.account_permissions import Permissions
from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import code_of, translated
from bot.errors import Misconfigured, NoIdentity, NotFound
from bot.jobs.model import JobPlan
from bot.profiles import registry
from bot.spending.model import Check

BEDROCK = "bedrock.amazonaws.com"
_TAKES = "sts:assumerole"  # actions are written in letters of any size, and with * for whatever
_NO_REGION_MEANS = "us-east-1"  # GetBucketLocation has no word for it


class AwsAccountChecks:
    """``bot.jobs.ports.AccountChecks`` on S3 and IAM. Only reads."""

    def __init__(
        self, clients: AwsClients, buckets: Mapping[str, str], model_keys: Mapping[str, str] | None = None
    ) -> None:
        """Both map a region to what the operator set for it: the bucket, and the key that encrypts tuned models."""
        self._clients = clients
        self._buckets = dict(buckets)
        self._permissions = Permissions(clients, model_keys)

    def bucket(self, region: str) -> Check:
        """Is there a bucket for the region, in that region, that we may use?

        Raises:
            Unavailable: S3 could not be reached.
        """
        name = self._buckets.get(region)
        if not name:
            return _bucket(
                f"No bucket is set for {region}.",
                f"The operator adds `{region}=BUCKET` to TUNESMITH_BUCKETS.",
            )
        try:
            found = self._region_of(name, region)
        except NotFound:
            return _bucket(f"There is no bucket `{name}`.", f"Create it in {region}, or set another one.")
        except NoIdentity:
            raise  # it says nothing about the bucket
        except Misconfigured as error:
            return _bucket(f"I may not use the bucket `{name}`.", error.hint)
        if found != region:
            return _bucket(
                f"The bucket `{name}` is in {found}, and the job runs in {region}.",
                f"Bedrock reads only from its own region: set a bucket in {region} in TUNESMITH_BUCKETS.",
            )
        return Check("bucket", True, f"The bucket `{name}` is in {region}.")

    def role(self, role_arn: str) -> Check:
        """Does the role exist and trust Bedrock? One that we may not read is told as that, and is no failure.

        Raises:
            Unavailable: IAM could not be reached.
        """
        # IAM's API takes the name alone: the ARN has the role's path before it.
        name = role_arn.rpartition("/")[2]
        try:
            with translated("GetRole"):
                role = self._clients.iam(role_arn).get_role(RoleName=name)["Role"]
        except NotFound:
            return Check(
                "role", False, f"There is no role `{name}`.", "Create it, or set TUNESMITH_ROLE_ARN."
            )
        except Misconfigured:
            said = f"I am not allowed to read the role `{name}` (iam:GetRole); Bedrock will check it."
            return Check("role", True, said, checked=False)
        if role["Arn"] != role_arn:
            return Check(
                "role",
                False,
                f"There is a role `{name}`, and its path or account is another than that of TUNESMITH_ROLE_ARN.",
                "The operator copies the role's whole ARN from IAM.",
            )
        document: Any = role.get("AssumeRolePolicyDocument", {})
        if trusts_bedrock(document if isinstance(document, Mapping) else {}):
            return Check("role", True, f"The role `{name}` trusts Bedrock.")
        return Check(
            "role",
            False,
            f"The role `{name}` does not trust Bedrock.",
            f"Add `{BEDROCK}` as a service principal to its trust policy, with `sts:AssumeRole`.",
        )

    def files(self, plan: JobPlan) -> Check:
        """Are the plan's files where it says, and no larger than its base takes?

        Raises:
            Unavailable: S3 could not be reached.
        """
        limits = registry.get(plan.profile).limits
        wanted = [("training", plan.training_uri, limits.max_training_bytes)]
        if plan.validation_uri:
            wanted.append(("validation", plan.validation_uri, limits.max_validation_bytes))
        for what, uri, most in wanted:
            wrong = self._wrong_with(plan, what, uri, most)
            if wrong:
                return wrong
        return Check(
            "files", True, "The data is in the bucket." if len(wanted) == 1 else "Both files are there."
        )

    def reach(self, plan: JobPlan) -> Check:
        """May the role read the files and write the results?"""
        return self._permissions.reach(plan)

    def encryption(self, plan: JobPlan) -> Check:
        """Are the keys enabled that encrypt the files and the bucket, and may the role use them?"""
        return self._permissions.encryption(plan)

    def pass_role(self, plan: JobPlan) -> Check:
        """May the bot hand the role over to Bedrock?"""
        return self._permissions.pass_role(plan.role_arn, plan.region)

    def _wrong_with(self, plan: JobPlan, what: str, uri: str, most: int | None) -> Check | None:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        again = f"Validate the dataset again: `/tune validate FILE for {plan.profile}` stores it anew."
        try:
            with translated("HeadObject"):
                size = self._clients.s3_interactive(plan.region).head_object(Bucket=bucket, Key=key)[
                    "ContentLength"
                ]
        except NotFound:
            return Check("files", False, f"The {what} file is not in S3 any more: {uri}", again)
        except Misconfigured:
            said = f"I am not allowed to look at the {what} file (s3:GetObject); Bedrock will."
            return Check("files", True, said, checked=False)
        if size == 0:
            return Check("files", False, f"The {what} file in S3 is empty: {uri}", again)
        if most is not None and size > most:
            return Check(
                "files",
                False,
                f"The {what} file has {size:,} bytes; at most {most:,} are taken.",
                "Make it smaller.",
            )
        return None

    def _region_of(self, bucket: str, region: str) -> str:
        client = self._clients.s3_interactive(region)
        with translated("HeadBucket"):
            try:
                head = client.head_bucket(Bucket=bucket)
            except ClientError as error:
                elsewhere = _redirected_to(error)
                # The header is there in any answer: one that names the region asked is no redirect.
                if elsewhere not in (None, region):
                    return elsewhere
                raise
        told = head.get("BucketRegion")
        if told:
            return told
        with translated("GetBucketLocation"):
            location: Any = client.get_bucket_location(Bucket=bucket).get("LocationConstraint")
        return str(location) if location else _NO_REGION_MEANS


def trusts_bedrock(policy: Mapping[str, Any]) -> bool:
    """Return whether a trust policy lets Bedrock assume the role."""
    statements = _listed(policy.get("Statement", []))
    return any(
        statement.get("Effect") == "Allow"
        # Conditions are not judged: they are about the job (`aws:SourceArn`), which is not there yet.
        and BEDROCK in _listed(_services(statement))
        and any(fnmatchcase(_TAKES, str(each).lower()) for each in _listed(statement.get("Action", [])))
        for statement in statements
        if isinstance(statement, Mapping)
    )


def _services(statement: Mapping[str, Any]) -> Any:
    principal = statement.get("Principal", {})
    return principal.get("Service", []) if isinstance(principal, Mapping) else []


# A policy may have one statement, service or action without a list around it.
def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _redirected_to(error: ClientError) -> str | None:
    """A bucket of another region answers with a redirect that names it."""
    # The answer to a HEAD has no body, so the code may be the bare status.
    if code_of(error) not in {"301", "PermanentRedirect", "400"}:
        return None
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    region: str | None = headers.get("x-amz-bucket-region")
    return region


def _bucket(sentence: str, mend: str) -> Check:
    return Check("bucket", False, sentence, mend)
