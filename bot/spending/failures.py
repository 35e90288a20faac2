"""What a failure means: the service's own words to a cause, what mends it, and who can act.

The words are those of AWS's troubleshooting page for fine-tuning and of runs that others have published. The
raw text is always kept beside the explanation.
"""

import logging
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.controller.model import Key
from bot.denials import denial_in, without_names
from bot.errors import Misconfigured, TunesmithError, Unavailable

log = logging.getLogger(__name__)


def note_denied(key: Key, error: TunesmithError) -> None:
    """Have the log tell what the operator has to mend: whoever waits reads it, and they may read nothing else."""
    if isinstance(error, Misconfigured):
        log.warning("%s: %s", key, error.sentence)


class Who(StrEnum):
    """Who can act on a failure."""

    TRAINER = "the person who owns the dataset"
    OPERATOR = "the operator"
    SERVICE = "nobody here; it is the service's own fault, and trying again usually works"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A failure in a person's words."""

    cause: str
    mend: str
    who: Who


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    explanation: Explanation


def _rule(pattern: str, cause: str, mend: str, who: Who) -> _Rule:
    return _Rule(re.compile(pattern, re.IGNORECASE), Explanation(cause, mend, who))


LEGACY: Final = r"marked by provider as Legacy"
END_OF_LIFE: Final = r"end of (?:its )?life"
"""AWS's words of a base model that is not open any more."""

_OF_LIFE = (
    _rule(
        LEGACY,
        "The base model is Legacy, and this account has not used it lately, so Bedrock shuts it out. "
        "The message speaks of access, but no permission mends it.",
        "Choose a base that is open; `/tune start` shows which are.",
        Who.TRAINER,
    ),
    _rule(
        rf"{END_OF_LIFE}|has been deprecated|is deprecated",
        "The base model has reached the end of its life on Bedrock.",
        "Choose a base that is open; `/tune start` shows which are.",
        Who.TRAINER,
    ),
)
"""What is said of a base model's life."""

_OF_THE_ACCOUNT = (
    _rule(
        r"use[- ]case (details|form)",
        "Anthropic's use-case form has not been filled in for this AWS account.",
        "Open a model of Anthropic's in the model catalog of Bedrock's console, and submit the use-case details; it is "
        "done once per account.",
        Who.OPERATOR,
    ),
    _rule(
        r"PAYMENT_INSTRUMENT",
        "The AWS account has no way to pay that AWS Marketplace takes, and the model is sold there.",
        "Add a valid one under Payment preferences in the Billing console of AWS.",
        Who.OPERATOR,
    ),
    _rule(
        r"Marketplace .*still being processed",
        "AWS is still making the account's subscription of this model.",
        "Try again in 15 minutes.",
        Who.OPERATOR,
    ),
    _rule(
        r"account is not authorized",
        "AWS does not let this account use the model.",
        "Only AWS Support can clear it: open a case there with AWS's words.",
        Who.OPERATOR,
    ),
    _rule(
        r"AWS Marketplace",
        "The AWS account has no subscription of this model, which is made when it is first asked.",
        "Ask it once in Bedrock's console as somebody who may aws-marketplace:Subscribe; it counts after some minutes.",
        Who.OPERATOR,
    ),
)
"""What an account lacks before it may ask a vendor's model."""

# The first that matches is taken, so what looks like something else stands first.
_RULES = (
    *_OF_LIFE,
    *_OF_THE_ACCOUNT,
    _rule(
        r"Could not validate GetObject permissions",
        "Bedrock's role may not read the training data in S3.",
        "Give the role s3:GetObject and s3:ListBucket on the bucket (and kms:Decrypt when it is encrypted with a "
        "key of yours); the bucket must be in the job's region.",
        Who.OPERATOR,
    ),
    _rule(
        r"Could not validate PutObject permissions|perms missing \(PutObject\)",
        "Bedrock's role may not write the job's results to S3.",
        "Give the role s3:PutObject, s3:GetObject and s3:ListBucket on the output bucket.",
        Who.OPERATOR,
    ),
    _rule(
        r"must conform to JSONL format|Unable to parse Amazon S3 file",
        "Bedrock could not read the file as JSON Lines.",
        "Validate the file here again and start from the repaired one: one JSON object a line, no blank lines.",
        Who.TRAINER,
    ),
    _rule(
        r"must follow .*(prompt|completion|format)",
        "The records have the shape of another base model.",
        "Validate the file for this base: `/tune validate FILE for BASE`.",
        Who.TRAINER,
    ),
    _rule(
        r"Input size exceeded in file",
        "A record has more characters than the base takes; the raw text shows how it starts.",
        "Shorten or drop that record, and validate the file again.",
        Who.TRAINER,
    ),
    _rule(
        r"Maximum (input|output) token count|Max sum of input and output token length",
        "A record has more tokens than the base takes. The count before the start is an estimate.",
        "Shorten the longest records (the report lists them) and validate the file again.",
        Who.TRAINER,
    ),
    _rule(
        r"third-party license terms",
        "The provider's automated tests found material in the dataset that may conflict with its licence terms.",
        "Look through the dataset for such material. If you think it is a mistake, only AWS Support can clear it.",
        Who.TRAINER,
    ),
    _rule(
        r"(number of|total) .*(lines|records).*(exceed|between|less than|at least)|"
        r"should have between \d+ and \d+ lines",
        "The dataset has too few or too many records for this base.",
        "Validate the file again; the report names the limits.",
        Who.TRAINER,
    ),
    _rule(
        r"reserved keyword",
        "A record has a word that the base model keeps for itself.",
        "Validate the file again; the report names the lines, and a repair is offered where it is safe.",
        Who.TRAINER,
    ),
    _rule(
        r"hyper-?parameter",
        "Bedrock does not take one of the hyperparameters for this base.",
        "Start again with the values that the form offers.",
        Who.TRAINER,
    ),
    _rule(
        r"model units reserved|no commitment model units|provisioned.*quota",
        "The account has no model units for this base, so Bedrock sells it no throughput.",
        "Ask AWS Support to raise the quota for no-commitment model units (L-BE77399C, and the one of the base model); "
        "it can take days.",
        Who.OPERATOR,
    ),
    _rule(
        r"quota|limit exceeded|too many .*jobs",
        "The account has reached a quota of Bedrock.",
        "Wait for running jobs to end, remove custom models or deployments that nobody needs, or ask AWS for more.",
        Who.OPERATOR,
    ),
    _rule(
        r"trust|assume.*role|role.*(not authorized|could not be assumed|invalid)|PassRole",
        "Bedrock cannot use the role that was given to it.",
        "The role's trust policy must name bedrock.amazonaws.com, and the bot needs iam:PassRole on the role.",
        Who.OPERATOR,
    ),
    _rule(
        r"kms",
        "Bedrock may not use the key that the data is encrypted with.",
        "Give the role kms:Decrypt and kms:GenerateDataKey on the key, in the key's policy too.",
        Who.OPERATOR,
    ),
    _rule(
        r"model not found|could not resolve the foundation model|model identifier is invalid",
        "Bedrock does not know this model ID in this region.",
        "The base may have been withdrawn: choose another with `/tune start`.",
        Who.TRAINER,
    ),
    _rule(
        r"Access ?Denied|not authorized to perform|explicit deny",
        "AWS refused permission.",
        "Give the bot's AWS identity the action that the raw text names; `tunesmith iam` prints the policy.",
        Who.OPERATOR,
    ),
    _rule(
        r"unexpected error when processing|internal (server )?error|InternalServer",
        "Bedrock had an error of its own. The dataset passed validation here, so it is not likely to be the cause.",
        "Start the same plan again under a new name. If it happens twice, open a case with AWS Support.",
        Who.SERVICE,
    ),
    _rule(
        r"time ?out|timed out",
        "Bedrock gave up waiting for one of its own parts.",
        "Start the same plan again under a new name.",
        Who.SERVICE,
    ),
)

_UNKNOWN = Explanation(
    "Bedrock gave a reason that I do not know.",
    "Read the raw text; if it does not help, AWS Support can look it up by the ARN.",
    Who.OPERATOR,
)
_NO_REASON = Explanation(
    "Bedrock gave no reason.",
    "Start the same plan again under a new name; nothing is known to be wrong.",
    Who.SERVICE,
)


def explain(raw: str | None) -> Explanation:
    """Return what a failure message of Bedrock means. One that is not known is said to be unknown."""
    if not raw or not raw.strip():
        return _NO_REASON
    return _known(raw) or _UNKNOWN


def explain_error(error: TunesmithError) -> Explanation:
    """Return what an error that an adapter raised means: by the service's words when they are known, else by its kind.

    An error of the service, or of the way there, is never blamed on a person or the operator.
    """
    known = None if isinstance(error, Unavailable) or not error.detail else _known(error.detail)
    if known:
        return Explanation(known.cause, error.hint or known.mend, known.who)
    if isinstance(error, Unavailable):
        return Explanation(error.message, error.hint or "Try again in a minute.", Who.SERVICE)
    who = Who.OPERATOR if isinstance(error, Misconfigured) else Who.TRAINER
    return Explanation(error.message, error.hint or _UNKNOWN.mend, who)


def life_is_over(text: str) -> bool:
    """Return whether AWS's words are about a base model that is not open any more."""
    return any(rule.pattern.search(text) for rule in _OF_LIFE)


def is_of_the_account(text: str) -> bool:
    """Return whether AWS's words are about what the account lacks before it may ask the model."""
    return any(rule.pattern.search(text) for rule in _OF_THE_ACCOUNT)


def is_known(raw: str) -> bool:
    """Return whether there is a rule for a failure message."""
    return _known(raw) is not None


def _known(raw: str) -> Explanation | None:
    # A role whose name has `trust` or `quota` in it, or that is assumed, is no failure of that kind.
    refused = denial_in(raw)
    if refused:
        return Explanation(
            f"AWS does not allow {refused.who} `{refused.action}`.", refused.mend, Who.OPERATOR
        )
    words = without_names(raw)
    return next((rule.explanation for rule in _RULES if rule.pattern.search(words)), None)
