"""Every message of AWS's troubleshooting page, and those that others have published, has an explanation."""

import pytest

from bot.spending.failures import Who, explain

KNOWN = [
    ("Could not validate GetObject permissions to access Amazon S3 bucket: b at key k", Who.OPERATOR, "read"),
    (
        (
            "Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket: b "
            "at key o/.write_access_check_file.tmp"
        ),
        Who.OPERATOR,
        "write",
    ),
    (
        "Unable to parse Amazon S3 file: f.jsonl. Data files must conform to JSONL format.",
        Who.TRAINER,
        "JSON Lines",
    ),
    ("Input data at f.jsonl must follow '{\"prompt\": ...}' format", Who.TRAINER, "shape"),
    ("Input size exceeded in file f.jsonl for record starting with...", Who.TRAINER, "characters"),
    ("Maximum input token count 40000 exceeds limit of 32000", Who.TRAINER, "tokens"),
    ("Maximum output token count 40000 exceeds limit of 32000", Who.TRAINER, "tokens"),
    ("Max sum of input and output token length 70000 exceeds limit of 32000", Who.TRAINER, "tokens"),
    (
        (
            "Automated tests flagged this fine-tuning job as including materials that are potentially "
            "inconsistent with Anthropic's third-party license terms. Please contact support."
        ),
        Who.TRAINER,
        "licence",
    ),
    (
        "Encountered an unexpected error when processing the request, please try again",
        Who.SERVICE,
        "error of its own",
    ),
    ("Encountered an internal error when processing the request.", Who.SERVICE, "error of its own"),
    (
        (
            "Access denied. This Model is marked by provider as Legacy and you have not been actively using "
            "the model in the last 15 days. Please upgrade to an active model."
        ),
        Who.TRAINER,
        "Legacy",
    ),
    ("Model use case details have not been submitted for this account.", Who.OPERATOR, "use-case"),
    (
        "Your account does not currently have any no commitment model units reserved for amazon.nova-pro-v1:0:300k.",
        Who.OPERATOR,
        "model units",
    ),
    ("Model not found.", Who.TRAINER, "does not know this model"),
    (
        "User: arn:aws:iam::1:user/x is not authorized to perform: iam:PassRole",
        Who.OPERATOR,
        "`iam:PassRole`",
    ),
    (
        "User: arn:aws:iam::1:user/x is not authorized to perform: bedrock:GetModel",
        Who.OPERATOR,
        "`bedrock:GetModel`",
    ),
    (
        (
            "User: arn:aws:sts::1:assumed-role/tunesmith-bot/i-1 is not authorized to perform: bedrock:GetModel on "
            "resource: arn:aws:bedrock:us-west-2:1:custom-model/m because no identity-based policy allows it"
        ),
        Who.OPERATOR,
        "does not allow `tunesmith-bot` `bedrock:GetModel`",
    ),
    ("Access Denied", Who.OPERATOR, "permission"),
    (
        (
            "Model access is denied due to IAM user or service role is not authorized to perform the required AWS "
            "Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to "
            "this model."
        ),
        Who.OPERATOR,
        "subscription",
    ),
    (
        "Your account is not authorized to access it. Your AWS Marketplace subscription is still being processed.",
        Who.OPERATOR,
        "still making",
    ),
    (
        "Your account is not authorized to access this model.",
        Who.OPERATOR,
        "does not let this account",
    ),
    (
        "Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid payment instrument must be provided.",
        Who.OPERATOR,
        "way to pay",
    ),
    ("Reserved keyword 'Human:' found in message content", Who.TRAINER, "keeps for itself"),
    ("File has 12 lines. Training data should have between 32 and 10000 lines.", Who.TRAINER, "records"),
]


@pytest.mark.parametrize(("raw", "who", "word"), KNOWN)
def test_known_messages_are_explained(raw: str, who: Who, word: str) -> None:
    found = explain(raw)

    assert found.who is who
    assert word.lower() in found.cause.lower()
    assert found.mend


def test_a_legacy_refusal_is_not_taken_for_a_missing_permission() -> None:
    found = explain("AccessDenied: Access denied. This Model is marked by provider as Legacy")

    assert "no permission mends it" in found.cause


def test_an_unknown_message_says_that_it_is_unknown() -> None:
    assert "do not know" in explain("The flux capacitor is empty.").cause


@pytest.mark.parametrize("raw", [None, "", "  "])
def test_silence_is_told_as_silence(raw: str | None) -> None:
    assert "no reason" in explain(raw).cause


@pytest.mark.parametrize("name", ["trust", "quota", "kms", "hyperparameters", "assume-the-role", "timeout"])
def test_what_a_bucket_or_role_is_called_says_nothing(name: str) -> None:
    for address in (f"s3://{name}/data.jsonl", f"arn:aws:iam::123456789012:role/{name}"):
        assert "do not know" in explain(f"The flux capacitor of {address} is empty.").cause
