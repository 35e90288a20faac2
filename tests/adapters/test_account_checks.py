from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.account_checks import AwsAccountChecks, trusts_bedrock
from bot.errors import NoIdentity, Unavailable
from tests.adapters.aws import StubbedClients
from tests.unit.jobs.samples import ROLE, plan

BUCKETS = {"us-west-2": "west-bucket"}
STATEMENT = {
    "Effect": "Allow",
    "Principal": {"Service": "bedrock.amazonaws.com"},
    "Action": "sts:AssumeRole",
}


@pytest.fixture
def clients() -> Iterator[StubbedClients]:
    made = StubbedClients()
    yield made
    made.all_made()


@pytest.fixture
def checks(clients: StubbedClients) -> AwsAccountChecks:
    return AwsAccountChecks(clients, BUCKETS)


def test_a_bucket_in_the_region_is_fine(clients: StubbedClients, checks: AwsAccountChecks) -> None:
    clients.expect("s3", "head_bucket", {"BucketRegion": "us-west-2"}, {"Bucket": "west-bucket"})

    assert checks.bucket("us-west-2").ok


@pytest.mark.parametrize(("location", "region"), [("eu-central-1", "eu-central-1"), (None, "us-east-1")])
def test_a_bucket_of_another_region_is_named_with_it(
    clients: StubbedClients, checks: AwsAccountChecks, location: str | None, region: str
) -> None:
    clients.expect("s3", "head_bucket", {})
    clients.expect("s3", "get_bucket_location", {"LocationConstraint": location} if location else {})

    check = checks.bucket("us-west-2")

    assert not check.ok
    assert region in check.sentence


def test_a_redirect_names_the_region_too(clients: StubbedClients, checks: AwsAccountChecks) -> None:
    clients.refuse("s3", "head_bucket", "301", status=301, x_amz_bucket_region="eu-west-1")

    assert "eu-west-1" in checks.bucket("us-west-2").sentence


def test_a_token_that_has_expired_says_nothing_of_the_bucket(
    clients: StubbedClients, checks: AwsAccountChecks
) -> None:
    """The region stands in every answer of S3's to a HEAD, those that refuse among them."""
    clients.refuse("s3", "head_bucket", "400", "Bad Request", x_amz_bucket_region="us-west-2")

    with pytest.raises(NoIdentity):
        checks.bucket("us-west-2")


@pytest.mark.parametrize(
    ("code", "words", "cause"),
    [
        ("SignatureDoesNotMatch", "Signature expired: it is now earlier (x - 5 min.)", "clock is wrong"),
        ("InvalidClientTokenId", "The security token included in the request is invalid.", "credentials"),
        ("ExpiredToken", "The security token included in the request is expired", "credentials"),
    ],
)
def test_a_head_is_refused_without_a_word_and_whoever_knows_why_is_asked(
    clients: StubbedClients, checks: AwsAccountChecks, code: str, words: str, cause: str
) -> None:
    clients.refuse("s3", "head_bucket", "403", "Forbidden", status=403, x_amz_bucket_region="us-west-2")
    clients.refuse("sts", "get_caller_identity", code, words, status=403)

    with pytest.raises(NoIdentity, match=cause):
        checks.bucket("us-west-2")


def test_a_head_that_a_policy_refuses_is_told_as_that(
    clients: StubbedClients, checks: AwsAccountChecks
) -> None:
    clients.refuse("s3", "head_bucket", "403", "Forbidden", status=403)
    clients.expect("sts", "get_caller_identity", {"Account": "123456789012"})

    assert "s3:ListBucket" in checks.bucket("us-west-2").mend


def test_no_bucket_set_names_the_setting(checks: AwsAccountChecks) -> None:
    assert "TUNESMITH_BUCKETS" in checks.bucket("us-east-1").mend


@pytest.mark.parametrize(
    ("code", "status", "words"), [("404", 404, "There is no bucket"), ("403", 403, "may not use")]
)
def test_a_bucket_that_cannot_be_used_is_told(
    clients: StubbedClients, checks: AwsAccountChecks, code: str, status: int, words: str
) -> None:
    clients.refuse("s3", "head_bucket", code, status=status)

    check = checks.bucket("us-west-2")

    assert (check.ok, words in check.sentence) == (False, True)
    assert check.mend


def test_an_s3_that_is_away_is_no_verdict(clients: StubbedClients, checks: AwsAccountChecks) -> None:
    clients.refuse("s3", "head_bucket", "InternalError", status=500)

    with pytest.raises(Unavailable):
        checks.bucket("us-west-2")


def role(document: str) -> dict[str, Any]:
    return {
        "Role": {
            "Path": "/",
            "RoleName": "tunesmith-bedrock",
            "RoleId": "AROAEXAMPLEEXAMPLE",
            "Arn": ROLE,
            "CreateDate": datetime(2026, 1, 1, tzinfo=UTC),
            "AssumeRolePolicyDocument": document,
        }
    }


def test_a_role_that_may_not_be_read_is_no_failure(clients: StubbedClients, checks: AwsAccountChecks) -> None:
    clients.refuse("iam", "get_role", "AccessDenied", status=403)

    check = checks.role(ROLE)

    assert (check.ok, check.checked) == (True, False)
    assert "not allowed to read" in check.sentence


def test_an_iam_that_is_away_is_no_verdict_either(clients: StubbedClients, checks: AwsAccountChecks) -> None:
    clients.refuse("iam", "get_role", "ServiceFailure", status=500)

    with pytest.raises(Unavailable):
        checks.role(ROLE)


def test_a_role_that_does_not_exist_is_told(clients: StubbedClients, checks: AwsAccountChecks) -> None:
    clients.refuse("iam", "get_role", "NoSuchEntity", status=404)

    assert "There is no role `tunesmith-bedrock`" in checks.role(ROLE).sentence


def test_a_role_of_another_path_or_account_is_not_taken_for_ours(
    clients: StubbedClients, checks: AwsAccountChecks
) -> None:
    """IAM is asked by the name alone, and answers with the account's own role of that name."""
    clients.expect("iam", "get_role", role("{}"))

    check = checks.role(ROLE.replace(":role/", ":role/apps/"))

    assert not check.ok
    assert "its path or account is another" in check.sentence
    assert "arn:" not in check.sentence + check.mend


def test_files_are_looked_at_where_the_plan_has_them(
    clients: StubbedClients, checks: AwsAccountChecks
) -> None:
    wanted = plan(validation_uri="s3://tunesmith-west/datasets/v.jsonl")
    for key in ("datasets/ab.jsonl", "datasets/v.jsonl"):
        clients.expect("s3", "head_object", {"ContentLength": 100}, {"Bucket": "tunesmith-west", "Key": key})

    assert checks.files(wanted).ok


@pytest.mark.parametrize(
    ("size", "words"), [(0, "is empty"), (11 * 1024**3, "at most 10,737,418,240 are taken")]
)
def test_a_file_of_a_wrong_size_is_told(
    clients: StubbedClients, checks: AwsAccountChecks, size: int, words: str
) -> None:
    clients.expect("s3", "head_object", {"ContentLength": size})

    check = checks.files(plan())

    assert not check.ok
    assert words in check.sentence
    assert check.mend


@pytest.mark.parametrize(
    ("code", "status", "verdict"), [("404", 404, (False, True)), ("403", 403, (True, False))]
)
def test_a_file_that_is_gone_fails_and_one_that_is_hidden_is_left_to_bedrock(
    clients: StubbedClients, checks: AwsAccountChecks, code: str, status: int, verdict: tuple[bool, bool]
) -> None:
    clients.refuse("s3", "head_object", code, status=status)

    check = checks.files(plan())

    assert (check.ok, check.checked) == verdict


@pytest.mark.parametrize(
    ("policy", "trusts"),
    [
        ({"Statement": [STATEMENT]}, True),
        ({"Statement": STATEMENT}, True),
        (
            {
                "Statement": [
                    {**STATEMENT, "Principal": {"Service": ["ec2.amazonaws.com", "bedrock.amazonaws.com"]}}
                ]
            },
            True,
        ),
        ({"Statement": [{**STATEMENT, "Effect": "Deny"}]}, False),
        ({"Statement": [{**STATEMENT, "Principal": {"Service": "ec2.amazonaws.com"}}]}, False),
        ({"Statement": [{**STATEMENT, "Principal": "*"}]}, False),
        ({"Statement": [{**STATEMENT, "Action": "sts:TagSession"}]}, False),
        ({"Statement": [{**STATEMENT, "Action": ["sts:TagSession", "sts:Assume*"]}]}, True),
        ({"Statement": [{**STATEMENT, "Action": "sts:assumerole"}]}, True),
        ({}, False),
    ],
)
def test_trust_is_read_from_the_policy(policy: dict[str, Any], trusts: bool) -> None:
    assert trusts_bedrock(policy) is trusts
