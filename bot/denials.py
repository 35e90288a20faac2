"""What AWS's own words say of a permission that is refused: who may not do what, and where; and whether it knows us.

The call that was made need not be what was refused: S3 uses the key that encrypts a bucket on behalf of whoever calls,
and whoever orders a job at Bedrock hands a role over. So the action is read off the words, which AWS publishes
(docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). Where they name none, who asked and what
for is known from the call alone.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.errors import Cause, Misconfigured, NoIdentity

_REFUSED: Final = re.compile(
    r"not authorized to perform:? (?P<action>[a-z0-9-]+:[A-Za-z0-9*]+)(?P<rest>.*)", re.DOTALL
)
_WHO: Final = re.compile(
    r"arn:[^:\s]*:(?:sts|iam)::[0-9]*:(?:assumed-role/([^/\s]+)/|(?:role|user)/(?:[^\s]*/)?([^/\s]+))"
)
_NAMES: Final = re.compile(r"(?:https?://|s3://|arn:)[^\s\"',;)]+")
"""Addresses: what they name may be called anything, and so hold any word."""
TAKING: Final = "AssumeRole"
"""What the SDK calls by itself before a call of ours, when the credentials are a role's."""
OURS: Final = "the bot's AWS identity"
CREDENTIALS: Final = frozenset(
    {
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "ExpiredTokenException",
        # S3's words: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; a clock that is wrong signs wrongly
        "InvalidAccessKeyId",
        "InvalidToken",
        "TokenRefreshRequired",
        "RequestTimeTooSkewed",
        # Of any service: docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
        "RequestExpired",
        "IncompleteSignature",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
    }
)
"""The codes by which any of AWS's services says that the credentials are none, are none any more, or are not taken."""
NO_IDENTITY: Final = frozenset(
    {
        "NoCredentialsError",
        "PartialCredentialsError",
        "CredentialRetrievalError",
        "TokenRetrievalError",
        "NoAuthTokenError",
        "UnknownTokenProviderError",
        "UnknownCredentialError",
        "RefreshWithMFAUnsupportedError",
        "MetadataRetrievalError",
        "SSOError",
        "LoginError",
        "ProfileNotFound",
        "ConfigNotFound",
        "ConfigParseError",
        "InvalidConfigError",
        "InvalidIMDSEndpointError",
        "InvalidIMDSEndpointModeError",
        "MissingDependencyException",
    }
)
"""The SDK's errors of whoever it should be, by name, those that are made of them among them: features know no SDK."""
NO_SETUP: Final = frozenset(
    {
        "BaseEndpointResolverError",
        "EndpointProviderError",
        "UnknownRegionError",
        "InvalidRegionError",
        "InvalidEndpointConfigurationError",
        "InvalidEndpointDiscoveryConfigurationError",
        "InvalidRetryConfigurationError",
        "InvalidProxiesConfigError",
        "InvalidDefaultsMode",
        "InvalidChecksumConfigError",
        "InvalidS3AddressingStyleError",
        "InvalidS3UsEast1RegionalEndpointConfigError",
        "InvalidSTSRegionalEndpointsConfigError",
        "UnsupportedS3ConfigurationError",
        "UnsupportedSignatureVersionError",
        "UnknownSignatureVersionError",
        "UnsupportedServiceProtocolsError",
        "ServiceNotInRegionError",
        "DataNotFoundError",
        "ApiVersionNotFoundError",
    }
)
"""Its errors of how it is set up: variables and files that it reads."""
_STALE: Final = "refreshed credentials are still expired"
"""Of no class of the SDK's own: a machine whose clock is hours ahead has only credentials that have ended."""
_WRONG_CLOCK: Final = re.compile(
    rf"RequestTimeTooSkewed|RequestExpired|Signature expired|Signature not yet current|{_STALE}",
    re.IGNORECASE,
)
"""How AWS's services refuse what was signed at another time than theirs (docs.aws.amazon.com/IAM/latest/UserGuide/
signature-v4-troubleshooting.html; S3: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)."""
_BAD_BEARER: Final = "make sure your API Key is valid"
"""How Bedrock's front refuses what stands in AWS_BEARER_TOKEN_BEDROCK, which the SDK takes before all else."""
_BAD_KEY: Final = "Access to KMS is not allowed"
"""How Secrets Manager says that the key of a secret is refused."""
_ALLOW: Final = "The operator allows `{action}` for {who}; `tunesmith iam` prints the policy."
_ALLOW_KEY: Final = "The operator allows `{action}` for {who}; `tunesmith iam --keys ARN` prints the policy."
_PLACES: Final = (
    (
        r"(?:service|resource) control polic",
        "That is set for the whole AWS organization: whoever administers it allows `{action}`; no policy of ours can.",
    ),
    (r"permissions boundary", "The operator allows `{action}` in the permissions boundary of {who}, too."),
    (
        r"session polic",
        "The operator allows `{action}` in the policy that the session of {who} is begun with.",
    ),
    (r"vpc endpoint polic", "The operator allows `{action}` in the policy of the VPC endpoint."),
    (
        r"explicit deny in a resource-based polic",
        "The operator takes the Deny of `{action}` for {who} out of the policy of the key, bucket or queue itself.",
    ),
    (
        r"resource-based polic",
        "The operator allows `{action}` for {who} in the policy of the key, bucket or queue itself.",
    ),
    (r"explicit deny", "The operator takes the Deny of `{action}` out of the policies of {who}."),
)
"""How AWS calls the policy that refuses, and what mends it there. The first that fits is taken."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A permission that was refused: ``who`` is a role or user by name, or in words."""

    who: str
    action: str
    mend: str


def denial_in(text: str) -> Denial | None:
    """Return what AWS's words say was refused; None where they name no action."""
    refused = _REFUSED.search(text)
    if refused is None:
        return _denial(OURS, "kms:Decrypt") if _BAD_KEY in text else None
    found = _WHO.search(text[: refused.start()])
    who = f"`{found[1] or found[2]}`" if found else OURS
    place = without_names(refused["rest"])
    mend = next((mend for words, mend in _PLACES if re.search(words, place, re.IGNORECASE)), "")
    return _denial(who, refused["action"], mend)


def denied(action: str) -> Denial:
    """Return the same where AWS named nothing: ``action`` is what the call needs."""
    return _denial(OURS, action)


def is_of_credentials(code: str, operation: str, text: str = "") -> bool:
    """Return whether AWS does not know who asks, by what it answered to an operation.

    The answer to a HEAD has no body, so a token that has expired is the bare status 400 there
    (github.com/aws/aws-sdk-js/issues/2219). And a bearer token that is not taken comes as a refused permission.
    """
    return code in CREDENTIALS or (code == "400" and operation.startswith("Head")) or _BAD_BEARER in text


def is_of_identity(error: BaseException) -> bool:
    """Return whether the AWS SDK could not find out who we are, so that nothing was sent."""
    stale = isinstance(error, RuntimeError) and _STALE in str(error)
    return stale or _is_one_of(NO_IDENTITY, error)


def is_of_setup(error: BaseException) -> bool:
    """Return whether the AWS SDK does not work as it is set up here, so that nothing was sent."""
    return _is_one_of(NO_SETUP, error)


def _is_one_of(names: frozenset[str], error: BaseException) -> bool:
    return any(each.__name__ in names for each in type(error).__mro__)


def without_names(text: str) -> str:
    """Return AWS's words without the addresses in them."""
    return _NAMES.sub("", text)


def is_of_a_key(code: str) -> bool:
    """Return whether an error's code is about the key of KMS that encrypts what was asked for.

    S3 passes KMS's own codes on (``KMS.DisabledException``), and SQS has some of its own (``KmsDisabled``).
    """
    return code.startswith(("KMS.", "Kms")) or code == "DecryptionFailure"


def _denial(who: str, action: str, mend: str = "") -> Denial:
    allow = _ALLOW_KEY if action.startswith("kms:") else _ALLOW
    return Denial(who, action, (mend or allow).format(action=action, who=who))


def role_not_taken(detail: str) -> NoIdentity:
    """Return what is told while AWS does not let the bot take the role that it is to act as."""
    return NoIdentity(
        "AWS does not let me take the role that I am to act as.",
        hint="The operator looks at TUNESMITH_ASSUME_ROLE and its external ID, at the role's trust policy (`tunesmith "
        "iam bot-trust`), and at whether I may take it (`tunesmith iam caller`).",
        detail=detail,
        cause=Cause.AWS_IDENTITY,
    )


def no_aws_identity(detail: str) -> NoIdentity:
    """Return what is told while AWS does not know the bot, whichever of its services said so, by its own words."""
    said = "I have no AWS credentials that work."
    mend = (
        "The operator gives the bot an AWS identity: a role, a profile, or access keys that have not expired."
    )
    if _WRONG_CLOCK.search(detail):
        said = "AWS takes nothing that I sign, since this machine's clock is wrong."
        mend = "The operator lets it take its time from NTP; `tunesmith doctor` compares both clocks."
    elif _BAD_BEARER in detail:
        said = "AWS does not take the API key of Bedrock that I was given."
        mend = "The operator renews AWS_BEARER_TOKEN_BEDROCK, which goes before any role or profile, or takes it away."
    return NoIdentity(said, hint=mend, detail=detail, cause=Cause.AWS_IDENTITY)


def aws_not_set_up(detail: str) -> Misconfigured:
    """Return what is told while the AWS SDK cannot make a request at all as it is set up."""
    return Misconfigured(
        "The AWS SDK does not work as it is set up here.",
        hint="The operator corrects what it reads, the environment or ~/.aws/config: the log has what is wrong.",
        detail=detail,
        cause=Cause.AWS_SETUP,
    )
