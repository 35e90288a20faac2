"""The contract of where plans are kept, held against the twin and S3 (by moto); and what S3 alone can do wrong."""

import pytest

from bot.errors import Misconfigured, Refused
from bot.spending.ports import PlanArchive
from storage import s3_plans
from storage.s3_plans import S3Marks, S3Plans
from tests.doubles.bedrock import InMemoryPlans
from tests.fixtures.s3 import BUCKETS, S3Clients

WEST, DIGEST = "us-west-2", "ab" * 32


@pytest.fixture(params=["twin", "s3"])
def archive(request: pytest.FixtureRequest) -> PlanArchive:
    if request.param == "twin":
        return InMemoryPlans()
    return S3Plans(request.getfixturevalue("s3_clients"), BUCKETS)


def test_what_is_kept_is_found_by_its_digest_and_region(archive: PlanArchive) -> None:
    archive.put(WEST, DIGEST, b'{"v": 1}')
    assert archive.get(WEST, DIGEST) == b'{"v": 1}'
    assert archive.get("us-east-1", DIGEST) is None
    assert archive.get(WEST, "cd" * 32) is None


def test_keeping_it_again_replaces_it(archive: PlanArchive) -> None:
    archive.put(WEST, DIGEST, b"1")
    archive.put(WEST, DIGEST, b"2")
    assert archive.get(WEST, DIGEST) == b"2"


def test_on_s3_it_is_an_object_under_its_own_prefix(s3_clients: S3Clients) -> None:
    S3Plans(s3_clients, BUCKETS).put(WEST, DIGEST, b"{}")
    found = s3_clients(WEST).get_object(Bucket=BUCKETS[WEST], Key=f"plans/{DIGEST}.json")
    assert (found["Body"].read(), found["ContentType"]) == (b"{}", "application/json")


def test_a_bots_mark_is_an_object_of_its_own(s3_clients: S3Clients) -> None:
    marks = S3Marks(s3_clients, BUCKETS)
    assert marks.get(WEST, "tunesmith") is None
    marks.put(WEST, "tunesmith", b"one")
    marks.put(WEST, "tunesmith", b"two")
    assert marks.get(WEST, "tunesmith") == b"two"
    assert (
        s3_clients(WEST).get_object(Bucket=BUCKETS[WEST], Key="bots/tunesmith.json")["Body"].read() == b"two"
    )


def test_a_region_without_a_bucket_or_with_anothers_is_the_operators(s3_clients: S3Clients) -> None:
    with pytest.raises(Misconfigured, match="No bucket is set for eu-west-1"):
        S3Plans(s3_clients, BUCKETS).put("eu-west-1", DIGEST, b"{}")
    with pytest.raises(Misconfigured, match="is in us-east-1"):
        S3Plans(s3_clients, {WEST: BUCKETS["us-east-1"]}).put(WEST, DIGEST, b"{}")
    with pytest.raises(Misconfigured, match="There is no bucket"):
        S3Plans(s3_clients, {WEST: "nowhere"}).get(WEST, DIGEST)


def test_what_is_far_too_large_is_not_read(s3_clients: S3Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_plans, "LARGEST", 10)
    archive = S3Plans(s3_clients, BUCKETS)
    archive.put(WEST, DIGEST, b"x" * 11)
    with pytest.raises(Refused, match="it is no plan"):
        archive.get(WEST, DIGEST)
