"""How a bucket is kept, for whoever runs the bot. Only reads; each raises what the adapters raise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import code_of, translated
from bot.errors import Misconfigured, NoIdentity, TunesmithError

PUBLIC_SWITCHES = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_ARCHIVES = frozenset({"GLACIER", "DEEP_ARCHIVE"})
"""Storage classes whose objects answer InvalidObjectState
(docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html); GLACIER_IR is read at once."""
_NONE_OF_ITS_OWN = frozenset(
    {
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
"""What S3 answers where nothing was ever set."""


@dataclass(frozen=True, slots=True)
class LifecycleRule:
    """One lifecycle rule."""

    name: str
    prefix: str
    """Of the objects that it is about; empty: all."""
    removes: bool
    """Whether it removes what is current."""
    ends_uploads: bool
    """Whether it removes what is left of uploads that broke off."""
    is_on: bool
    """Whether it is done at all."""
    archives: bool = False
    """Whether it moves what is current to where it cannot be read without being restored."""


class BucketState:
    """Asks S3 about one bucket."""

    def __init__(self, clients: AwsClients, region: str, name: str) -> None:
        self._s3 = clients.s3_interactive(region)
        self.name = name

    def is_of(self, account: str) -> bool:
        """Return whether the bucket is the account's."""
        try:
            with translated("HeadBucket"):
                self._s3.head_bucket(Bucket=self.name, ExpectedBucketOwner=account)
        except NoIdentity:
            raise
        except Misconfigured:  # 403 is all that S3 says of another's
            return False
        return True

    def encryption(self) -> tuple[str, str]:
        """Return the algorithm that new objects are encrypted by, and the key of KMS where one is named."""
        try:
            with translated("GetBucketEncryption"):
                said = self._s3.get_bucket_encryption(Bucket=self.name)
        except TunesmithError as error:
            if _none(error):
                return "AES256", ""  # what S3 does by itself since January 2023
            raise
        for each in said["ServerSideEncryptionConfiguration"]["Rules"]:
            default = each.get("ApplyServerSideEncryptionByDefault", {})
            if default.get("SSEAlgorithm"):
                return str(default["SSEAlgorithm"]), str(default.get("KMSMasterKeyID", ""))
        return "AES256", ""

    def open_to_the_public(self) -> Sequence[str]:
        """Return which switches against the public are off."""
        try:
            with translated("GetPublicAccessBlock"):
                said: Mapping[str, Any] = self._s3.get_public_access_block(Bucket=self.name)[
                    "PublicAccessBlockConfiguration"
                ]
        except TunesmithError as error:
            if _none(error):
                return PUBLIC_SWITCHES
            raise
        return [each for each in PUBLIC_SWITCHES if not said.get(each)]

    def keeps_versions(self) -> bool:
        """Return whether what is replaced or deleted can be had back."""
        with translated("GetBucketVersioning"):
            return self._s3.get_bucket_versioning(Bucket=self.name).get("Status") == "Enabled"

    def rules(self) -> Sequence[LifecycleRule]:
        """Return the lifecycle rules, those that are switched off among them."""
        try:
            with translated("GetBucketLifecycleConfiguration"):
                said = self._s3.get_bucket_lifecycle_configuration(Bucket=self.name)
        except TunesmithError as error:
            if _none(error):
                return ()
            raise
        return [_rule(each) for each in said.get("Rules", [])]


def _rule(said: Mapping[str, Any]) -> LifecycleRule:
    wanted = said.get("Filter") or {}
    both = wanted.get("And") or {}
    prefix = said.get("Prefix") or wanted.get("Prefix") or both.get("Prefix") or ""
    expiration = said.get("Expiration") or {}
    return LifecycleRule(
        name=str(said.get("ID", "")),
        prefix=str(prefix),
        removes="Days" in expiration or "Date" in expiration,
        ends_uploads="AbortIncompleteMultipartUpload" in said,
        is_on=said.get("Status") == "Enabled",
        archives=any(each.get("StorageClass") in _ARCHIVES for each in said.get("Transitions", [])),
    )


def _none(error: TunesmithError) -> bool:
    cause = error.__cause__
    return isinstance(cause, ClientError) and code_of(cause) in _NONE_OF_ITS_OWN
