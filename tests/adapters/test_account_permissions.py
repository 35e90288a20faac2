"""What IAM's simulation says of the role and of ourselves, and what it cannot say."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.adapters.account_permissions import Permissions
from bot.errors import Unavailable
from bot.spending.model import Check
from tests.adapters.aws import StubbedClients
from tests.unit.jobs.samples import ROLE, plan

KEY = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
WEST = {
    "ContextKeyName": "aws:RequestedRegion",
    "ContextKeyValues": ["us-west-2"],
    "ContextKeyType": "string",
}
VIA = {
    "ContextKeyName": "kms:ViaService",
    "ContextKeyValues": ["s3.us-west-2.amazonaws.com", "bedrock.us-west-2.amazonaws.com"],
    "ContextKeyType": "stringList",
}
ALLOWED, IMPLICIT, EXPLICIT = "allowed", "implicitDeny", "explicitDeny"
BOT = "arn:aws:iam::123456789012:role/apps/tunesmith-bot"


@pytest.fixture
def clients() -> Iterator[StubbedClients]:
    made = StubbedClients()
    yield made
    made.all_made()


@pytest.fixture
def permissions(clients: StubbedClients) -> Permissions:
    return Permissions(clients)


def simulates(clients: StubbedClients, action: str, decision: str, **params: Any) -> None:
    reply = {"EvaluationResults": [{"EvalActionName": action, "EvalDecision": decision}]}
    wanted = {"PolicySourceArn": ROLE, "ActionNames": [action], "ContextEntries": [WEST]}
    clients.expect("iam", "simulate_principal_policy", reply, {**wanted, **params})


def reaches(clients: StubbedClients, read: str = ALLOWED, write: str = ALLOWED) -> None:
    bucket = "arn:aws:s3:::tunesmith-west"
    simulates(clients, "s3:GetObject", read, ResourceArns=[f"{bucket}/datasets/ab.jsonl"])
    simulates(clients, "s3:PutObject", write, ResourceArns=[f"{bucket}/jobs/*"])
    simulates(clients, "s3:ListBucket", ALLOWED, ResourceArns=[bucket])


def verdict(check: Check) -> tuple[bool, bool]:
    return check.ok, check.checked


def test_a_role_that_may_read_and_write_is_fine(clients: StubbedClients, permissions: Permissions) -> None:
    reaches(clients)

    assert verdict(permissions.reach(plan())) == (True, True)


def test_an_explicit_no_is_a_failure(clients: StubbedClients, permissions: Permissions) -> None:
    reaches(clients, write=EXPLICIT)

    check = permissions.reach(plan())

    assert verdict(check) == (False, True)
    assert "`s3:PutObject` on `arn:aws:s3:::tunesmith-west/jobs/*`" in check.sentence
    assert "Deny" in check.mend


def test_what_nothing_allows_is_a_failure(clients: StubbedClients, permissions: Permissions) -> None:
    reaches(clients, read=IMPLICIT)
    clients.refuse("s3", "get_bucket_policy", "NoSuchBucketPolicy", status=404)

    check = permissions.reach(plan())

    assert verdict(check) == (False, True)
    assert "Nothing allows" in check.sentence


@pytest.mark.parametrize("hidden", [True, False])
def test_what_a_buckets_policy_may_allow_is_not_judged(
    clients: StubbedClients, permissions: Permissions, hidden: bool
) -> None:
    reaches(clients, read=IMPLICIT)
    if hidden:
        clients.refuse("s3", "get_bucket_policy", "AccessDenied", status=403)
    else:
        clients.expect("s3", "get_bucket_policy", {"Policy": "{}"})

    assert verdict(permissions.reach(plan())) == (True, False)


def test_a_simulation_that_we_may_not_do_is_told(clients: StubbedClients, permissions: Permissions) -> None:
    clients.refuse("iam", "simulate_principal_policy", "AccessDenied", status=403)

    check = permissions.reach(plan())

    assert verdict(check) == (True, False)
    assert "iam:SimulatePrincipalPolicy" in check.sentence


@pytest.mark.slow
def test_an_iam_that_is_away_is_no_verdict(clients: StubbedClients, permissions: Permissions) -> None:
    clients.refuse("iam", "simulate_principal_policy", "ServiceFailure", status=500)

    with pytest.raises(Unavailable):
        permissions.reach(plan())


# Keys


def encrypted(clients: StubbedClients, *, by: str | None = KEY, bucket: str | None = None) -> None:
    clients.expect("s3", "head_object", {"SSEKMSKeyId": by} if by else {})
    if bucket is None:
        clients.refuse(
            "s3", "get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError", status=404
        )
        return
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": bucket}
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    clients.expect("s3", "get_bucket_encryption", {"ServerSideEncryptionConfiguration": {"Rules": rules}})


def described(clients: StubbedClients, **about: Any) -> None:
    told = {"KeyId": KEY[-36:], "Arn": KEY, "Enabled": True, "KeyState": "Enabled", "KeyManager": "CUSTOMER"}
    clients.expect("kms", "describe_key", {"KeyMetadata": told | about}, {"KeyId": KEY})


def test_without_a_key_of_ones_own_nothing_is_asked(
    clients: StubbedClients, permissions: Permissions
) -> None:
    encrypted(clients, by=None)

    assert verdict(permissions.encryption(plan())) == (True, True)


@pytest.mark.parametrize("where", [{"by": KEY}, {"by": None, "bucket": KEY}])
def test_a_key_that_the_role_may_use_is_fine(
    clients: StubbedClients, permissions: Permissions, where: dict[str, str]
) -> None:
    encrypted(clients, **where)
    described(clients)
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        simulates(clients, action, ALLOWED, ResourceArns=[KEY], ContextEntries=[WEST, VIA])

    assert verdict(permissions.encryption(plan())) == (True, True)


def test_a_disabled_key_is_a_failure(clients: StubbedClients, permissions: Permissions) -> None:
    encrypted(clients)
    described(clients, Enabled=False, KeyState="PendingDeletion")

    check = permissions.encryption(plan())

    assert verdict(check) == (False, True)
    assert "PendingDeletion" in check.sentence


@pytest.mark.parametrize(("decision", "expected"), [(EXPLICIT, (False, True)), (IMPLICIT, (True, False))])
def test_a_key_that_the_role_may_not_use(
    clients: StubbedClients, permissions: Permissions, decision: str, expected: tuple[bool, bool]
) -> None:
    encrypted(clients)
    described(clients)
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        simulates(clients, action, decision, ResourceArns=[KEY], ContextEntries=[WEST, VIA])

    assert verdict(permissions.encryption(plan())) == expected


def test_awss_own_key_needs_no_permission(clients: StubbedClients, permissions: Permissions) -> None:
    encrypted(clients)
    described(clients, KeyManager="AWS")

    assert verdict(permissions.encryption(plan())) == (True, True)


def test_a_key_that_we_may_not_look_at_is_told(clients: StubbedClients, permissions: Permissions) -> None:
    encrypted(clients)
    clients.refuse("kms", "describe_key", "AccessDeniedException")

    assert verdict(permissions.encryption(plan())) == (True, False)


# Ourselves


def we_are(clients: StubbedClients, arn: str) -> None:
    clients.expect("sts", "get_caller_identity", {"Account": "123456789012", "UserId": "A", "Arn": arn})


def passes(clients: StubbedClients, who: str, decision: str) -> None:
    passed = {
        "ContextKeyName": "iam:PassedToService",
        "ContextKeyValues": ["bedrock.amazonaws.com"],
        "ContextKeyType": "string",
    }
    simulates(
        clients,
        "iam:PassRole",
        decision,
        PolicySourceArn=who,
        ResourceArns=[ROLE],
        ContextEntries=[passed, WEST],
    )


def test_a_session_is_simulated_as_its_role_with_its_path(
    clients: StubbedClients, permissions: Permissions
) -> None:
    we_are(clients, "arn:aws:sts::123456789012:assumed-role/tunesmith-bot/session")
    role = {
        "Path": "/apps/",
        "RoleName": "tunesmith-bot",
        "RoleId": "AROAEXAMPLEEXAMPLE",
        "Arn": BOT,
        "CreateDate": "2026-01-01T00:00:00Z",
    }
    clients.expect("iam", "get_role", {"Role": role}, {"RoleName": "tunesmith-bot"})
    passes(clients, BOT, ALLOWED)

    assert verdict(permissions.pass_role(plan().role_arn, plan().region)) == (True, True)


@pytest.mark.parametrize("decision", [IMPLICIT, EXPLICIT])
def test_a_role_that_we_may_not_pass_on_is_a_failure(
    clients: StubbedClients, permissions: Permissions, decision: str
) -> None:
    we_are(clients, user := "arn:aws:iam::123456789012:user/tunesmith")
    passes(clients, user, decision)

    check = permissions.pass_role(plan().role_arn, plan().region)

    assert verdict(check) == (False, True)
    assert "iam:PassRole" in check.mend
    assert user in check.mend


def test_the_accounts_root_may(clients: StubbedClients, permissions: Permissions) -> None:
    we_are(clients, "arn:aws:iam::123456789012:root")

    assert verdict(permissions.pass_role(plan().role_arn, plan().region)) == (True, True)


def test_a_session_whose_role_we_may_not_read_is_told(
    clients: StubbedClients, permissions: Permissions
) -> None:
    we_are(clients, "arn:aws:sts::123456789012:assumed-role/tunesmith-bot/session")
    clients.refuse("iam", "get_role", "AccessDenied", status=403)

    assert verdict(permissions.pass_role(plan().role_arn, plan().region)) == (True, False)
