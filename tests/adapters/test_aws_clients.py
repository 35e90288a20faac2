from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from bot.adapters.aws_clients import AwsClients


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> AwsClients:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK", "http://127.0.0.1:9")
    return AwsClients(lambda: boto3.Session(aws_access_key_id="test", aws_secret_access_key="test"))


def test_threads_share_one_client_for_each_region_and_use(clients: AwsClients) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(clients.bedrock, ["us-west-2", "us-east-1"] * 8))

    assert len({id(each) for each in made}) == 2
    assert clients.bedrock("us-west-2") is not clients.bedrock_changing("us-west-2")


def test_the_endpoint_is_botocores_business(clients: AwsClients) -> None:
    assert clients.bedrock("us-west-2").meta.endpoint_url == "http://127.0.0.1:9"


def test_what_changes_something_is_called_once(clients: AwsClients) -> None:
    config = clients.bedrock_changing("us-west-2").meta.config

    assert config.retries["total_max_attempts"] == 1  # type: ignore[attr-defined]
    assert config.connect_timeout + config.read_timeout < 15  # type: ignore[attr-defined]


def test_a_person_waits_less_than_the_poller(clients: AwsClients) -> None:
    person = clients.bedrock_interactive("us-west-2").meta.config
    poller = clients.bedrock("us-west-2").meta.config

    assert person.read_timeout < poller.read_timeout  # type: ignore[attr-defined]
    assert poller.retries["mode"] == "standard"  # type: ignore[attr-defined]
