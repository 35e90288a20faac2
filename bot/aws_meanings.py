"""What AWS's error codes mean, whichever service answers them.

Every error shape that botocore's model gives for an operation we use is in ``MEANINGS`` on purpose; a test holds
the table against the models. What is not in it (a proxy's page, a code of tomorrow) is judged by its status.
"""

from collections.abc import Mapping
from enum import Enum

from bot.denials import is_of_a_key, is_of_credentials


class Meaning(Enum):
    """What an error code says about whether anything was done, and who can act."""

    THROTTLED = "nothing was done; come back later"
    PASSING = "the service failed; a change may or may not have been made"
    NOT_READY = "nothing was done; it will be ready by itself"
    DENIED = "a permission is missing"
    NOBODY = "the credentials are none, are none any more, or are not taken"
    KEY = "the key of KMS that encrypts it cannot be used"
    INVALID = "the request itself is wrong"
    MISSING = "there is no such thing"
    CONFLICT = "something is in the way: a name in use, or a state that does not allow it"
    QUOTA = "a quota of the account is reached"


MEANINGS: Mapping[str, Meaning] = {
    "ThrottlingException": Meaning.THROTTLED,
    "InternalServerException": Meaning.PASSING,
    "ServiceUnavailableException": Meaning.NOT_READY,
    "ModelNotReadyException": Meaning.NOT_READY,
    "ModelTimeoutException": Meaning.NOT_READY,
    "ModelErrorException": Meaning.NOT_READY,
    "ModelStreamErrorException": Meaning.NOT_READY,
    "AccessDeniedException": Meaning.DENIED,
    "ValidationException": Meaning.INVALID,
    "TooManyTagsException": Meaning.INVALID,
    "ResourceNotFoundException": Meaning.MISSING,
    "NotFoundException": Meaning.MISSING,  # of KMS
    "ConflictException": Meaning.CONFLICT,
    "ResourceInUseException": Meaning.CONFLICT,
    "ServiceQuotaExceededException": Meaning.QUOTA,
    # Service Quotas
    "ServiceException": Meaning.PASSING,
    "TooManyRequestsException": Meaning.THROTTLED,
    "IllegalArgumentException": Meaning.INVALID,
    "InvalidPaginationTokenException": Meaning.INVALID,
    "NoSuchResourceException": Meaning.MISSING,
    # S3
    "NoSuchBucket": Meaning.MISSING,
    "NoSuchKey": Meaning.MISSING,
    "NotFound": Meaning.MISSING,
    "NoSuchUpload": Meaning.MISSING,
    "InvalidObjectState": Meaning.INVALID,
    "InvalidRequest": Meaning.INVALID,
    "InvalidWriteOffset": Meaning.INVALID,
    "TooManyParts": Meaning.INVALID,
    "EncryptionTypeMismatch": Meaning.INVALID,
    # IAM, and STS when a role is taken
    "NoSuchEntity": Meaning.MISSING,
    "ServiceFailure": Meaning.PASSING,
    "PolicyEvaluation": Meaning.PASSING,
    "InvalidInput": Meaning.INVALID,
    "MalformedPolicyDocument": Meaning.INVALID,
    "PackedPolicyTooLarge": Meaning.INVALID,
    "RegionDisabledException": Meaning.DENIED,
    "ExpiredTokenException": Meaning.NOBODY,
    # KMS
    "InvalidArnException": Meaning.INVALID,
    "DependencyTimeoutException": Meaning.PASSING,
    "KMSInternalException": Meaning.PASSING,
    # SQS
    "QueueDoesNotExist": Meaning.MISSING,
    "RequestThrottled": Meaning.THROTTLED,
    "OverLimit": Meaning.THROTTLED,
    "KmsThrottled": Meaning.THROTTLED,
    "KmsDisabled": Meaning.KEY,
    "KmsInvalidState": Meaning.KEY,
    "KmsNotFound": Meaning.KEY,
    "KmsOptInRequired": Meaning.KEY,
    "KmsAccessDenied": Meaning.KEY,
    "KmsInvalidKeyUsage": Meaning.KEY,
    "InvalidSecurity": Meaning.INVALID,
    "InvalidAddress": Meaning.INVALID,
    "InvalidAttributeName": Meaning.INVALID,
    "UnsupportedOperation": Meaning.INVALID,
    "EmptyBatchRequest": Meaning.INVALID,
    "TooManyEntriesInBatchRequest": Meaning.INVALID,
    "BatchEntryIdsNotDistinct": Meaning.INVALID,
    "InvalidBatchEntryId": Meaning.INVALID,
    # Secrets Manager
    "DecryptionFailure": Meaning.KEY,
    "InternalServiceError": Meaning.PASSING,
    "InvalidParameterException": Meaning.INVALID,
    "InvalidRequestException": Meaning.INVALID,
    # CloudWatch
    "InvalidNextToken": Meaning.INVALID,
}
"""By the code that the service model gives an error. The same code means the same whatever the operation."""

# Answered before any model of a service is looked at, and by S3 and IAM in words of their own.
_COMMON: Mapping[str, Meaning] = {
    "Throttling": Meaning.THROTTLED,
    "RequestLimitExceeded": Meaning.THROTTLED,
    "SlowDown": Meaning.THROTTLED,
    "ThrottledException": Meaning.THROTTLED,
    "RequestThrottledException": Meaning.THROTTLED,
    "ProvisionedThroughputExceededException": Meaning.THROTTLED,
    "TransactionInProgressException": Meaning.THROTTLED,
    "BandwidthLimitExceeded": Meaning.THROTTLED,
    "EC2ThrottledException": Meaning.THROTTLED,
    # These come with the status 400, as what is wrong does
    "RequestTimeout": Meaning.PASSING,
    "RequestTimeoutException": Meaning.PASSING,
    "PriorRequestNotComplete": Meaning.PASSING,
    # docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html
    "RequestAbortedException": Meaning.PASSING,
    "NotAuthorized": Meaning.DENIED,
    "AccessDenied": Meaning.DENIED,
    "403": Meaning.DENIED,
    "OptInRequired": Meaning.DENIED,
    "404": Meaning.MISSING,
    # SQS, by its older name, which it goes on giving beside that of its model
    "AWS.SimpleQueueService.NonExistentQueue": Meaning.MISSING,
}


def meaning_of(code: str, operation: str, text: str, status: int) -> Meaning:
    """Return what an answer to an operation means: by its code, else by its status."""
    if is_of_credentials(code, operation, text):
        return Meaning.NOBODY
    known = MEANINGS.get(code) or _COMMON.get(code)
    if known:
        return known
    return Meaning.KEY if is_of_a_key(code) else _by_status(status)


def _by_status(status: int) -> Meaning:
    if status == 429:
        return Meaning.THROTTLED
    # Whatever it is called, it is about what the bot may: no value that a person typed is wrong.
    if status in (401, 403):
        return Meaning.DENIED
    return Meaning.PASSING if status >= 500 or status == 0 else Meaning.INVALID
