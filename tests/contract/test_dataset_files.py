"""The contract of where datasets' bytes are kept, held against the twin and S3 (by moto)."""

import hashlib
from pathlib import Path

import pytest

from bot.datasets.ports import DatasetFiles
from bot.errors import Misconfigured, NotFound
from storage.s3_datasets import S3DatasetFiles
from tests.doubles.datasets import MemoryDatasetFiles
from tests.fixtures.s3 import BUCKETS

CONTENT = b'{"messages": []}\n' * 100
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["twin", "s3"])
def files(request: pytest.FixtureRequest) -> DatasetFiles:
    if request.param == "twin":
        return MemoryDatasetFiles(dict(BUCKETS))
    return S3DatasetFiles(request.getfixturevalue("s3_clients"), BUCKETS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(CONTENT)
    return path


def test_what_was_put_is_got_back(files: DatasetFiles, path: Path, tmp_path: Path) -> None:
    uri = files.put(path, SHA256, "us-west-2")
    files.get(uri, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT


@pytest.mark.parametrize("region", BUCKETS)
def test_the_address_is_the_digest_in_the_bucket_of_the_region(
    files: DatasetFiles, path: Path, region: str
) -> None:
    assert files.put(path, SHA256, region) == f"s3://{BUCKETS[region]}/datasets/{SHA256}.jsonl"


def test_repeating_gives_the_same_address(files: DatasetFiles, path: Path) -> None:
    assert files.put(path, SHA256, "us-west-2") == files.put(path, SHA256, "us-west-2")


def test_a_region_without_a_bucket_is_refused(files: DatasetFiles, path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        files.put(path, SHA256, "eu-west-1")
    assert "eu-west-1" in refused.value.sentence
    assert "TUNESMITH_BUCKETS" in refused.value.sentence


def test_whether_something_can_be_put_is_known_without_a_file(files: DatasetFiles) -> None:
    for region in BUCKETS:
        files.check(region)
        files.check(region)
    with pytest.raises(Misconfigured, match="eu-west-1"):
        files.check("eu-west-1")


def test_what_is_not_there_is_not_found(files: DatasetFiles, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        files.get(f"s3://{BUCKETS['us-west-2']}/datasets/{'0' * 64}.jsonl", tmp_path / "copy")
    assert list(tmp_path.iterdir()) == [], "no half of a file is left behind"
