from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.awsrequest import AWSResponse

from bot.adapters.account_checks import AwsAccountChecks
from bot.adapters.assumed_role import session_of
from bot.adapters.aws_clients import CHANGING, CONNECTIONS, LISTING, AwsClients
from bot.adapters.bedrock_endpoints import BedrockEndpoints
from bot.adapters.bedrock_jobs import BedrockJobs
from bot.adapters.own_rights import OwnRights
from bot.adapters.simulation import Simulation, Wish
from bot.errors import Misconfigured, Unavailable
from bot.profiles.model import Serving
from tests.adapters.aws import StubbedClients
from tests.tables import table

WISH = Wish("s3:GetObject", "*")
UPLOAD = b"<R><UploadId>1</UploadId></R>"
ALIASES = b"<R><ListAccountAliasesResult><AccountAliases/></ListAccountAliasesResult></R>"


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> AwsClients:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK", "http://127.0.0.1:9")
    return AwsClients(lambda: boto3.Session(aws_access_key_id="test", aws_secret_access_key="test"))


def sent_by(client: Any, service: str, body: bytes) -> list[Any]:
    """Answer each of the client's requests with that, so that none goes out; return where they are kept."""
    sent: list[Any] = []

    def answer(request: Any, **_: Any) -> AWSResponse:
        sent.append(request)
        headers: Any = {"ETag": '"e"'}
        return AWSResponse(request.url, 200, headers, SimpleNamespace(stream=lambda: [body]))

    client.meta.events.register(f"before-send.{service}", answer)
    return sent


def test_threads_share_one_client_for_each_region_and_use(clients: AwsClients) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(clients.bedrock, ["us-west-2", "us-east-1"] * 8))

    assert len({id(each) for each in made}) == 2
    assert clients.bedrock("us-west-2") is not clients.bedrock_changing("us-west-2")


def test_a_client_keeps_a_connection_for_each_thread(clients: AwsClients) -> None:
    many = AwsClients(
        lambda: boto3.Session(aws_access_key_id="t", aws_secret_access_key="t"), connections=123
    )
    kept = [each.runtime("us-west-2").meta.config.max_pool_connections for each in (clients, many)]  # type: ignore[attr-defined]
    assert kept == [CONNECTIONS, 123]


def test_the_endpoint_is_botocores_business(clients: AwsClients) -> None:
    assert clients.bedrock("us-west-2").meta.endpoint_url == "http://127.0.0.1:9"


def test_every_call_about_a_bucket_names_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those of boto3's transfers; the account is asked for once, and not at all when it is set."""
    asked: list[str] = []

    class Told(AwsClients):
        def sts(self, region: str) -> Any:
            asked.append(region)
            return SimpleNamespace(get_caller_identity=lambda: {"Account": "123456789012"})

    def session() -> boto3.Session:
        return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")

    for clients, owner in (
        (Told(session), "123456789012"),
        (AwsClients(session, bucket_owner="210987654321"), "210987654321"),
    ):
        client: Any = clients.s3("us-west-2")
        sent = sent_by(client, "s3", UPLOAD)
        client.put_object(Bucket="b", Key="k", Body=b"x")
        client.head_bucket(Bucket="b")
        client.list_objects_v2(Bucket="b")
        client.upload_fileobj(
            BytesIO(b"x" * 6_000_000),
            "b",
            "k",
            Config=TransferConfig(1_000_000, 1, 5_242_880, use_threads=False),
        )
        assert len(sent) >= 6
        assert {each.headers.get("x-amz-expected-bucket-owner", b"").decode() for each in sent} == {owner}
    assert asked == ["us-west-2"]


def test_what_changes_something_is_called_once(clients: AwsClients) -> None:
    config = clients.bedrock_changing("us-west-2").meta.config

    assert config.retries["total_max_attempts"] == 1  # type: ignore[attr-defined]
    assert config.connect_timeout + config.read_timeout < 15  # type: ignore[attr-defined]


def test_a_person_waits_less_than_the_poller(clients: AwsClients) -> None:
    person = clients.bedrock_interactive("us-west-2").meta.config
    poller = clients.bedrock("us-west-2").meta.config

    assert person.read_timeout < poller.read_timeout  # type: ignore[attr-defined]
    assert poller.retries["mode"] == "standard"  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_throttled_listing_slows_down_nothing_but_listings(clients: AwsClients) -> None:
    """Adaptive mode's token bucket belongs to a client: what releases and what people wait for have others."""
    listing = clients.bedrock_listing("us-west-2")
    others = [
        clients.bedrock("us-west-2"),
        clients.bedrock_changing("us-west-2"),
        clients.bedrock_interactive("us-west-2"),
    ]

    assert listing.meta.config.retries["mode"] == "adaptive"  # type: ignore[attr-defined]
    assert {each.meta.config.retries["mode"] for each in others} == {"standard"}  # type: ignore[attr-defined]
    assert len({id(each) for each in [listing, *others, clients.bedrock_listing("us-east-1")]}) == 5


def test_whole_regions_are_listed_by_the_patient_client_and_a_release_is_not_made_by_it() -> None:
    stubbed = StubbedClients()
    stubbed.expect("bedrock", "list_model_customization_jobs", {"modelCustomizationJobSummaries": []})
    stubbed.expect("bedrock", "list_provisioned_model_throughputs", {"provisionedModelSummaries": []})
    stubbed.expect("bedrock", "delete_provisioned_model_throughput", {})
    BedrockJobs(stubbed).list_since("us-west-2", datetime(2026, 11, 22, tzinfo=UTC))
    endpoints = BedrockEndpoints(stubbed)
    endpoints.list_all("us-west-2", Serving.PROVISIONED_THROUGHPUT)
    arn = "arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abcdefabcdef"
    endpoints.delete("us-west-2", Serving.PROVISIONED_THROUGHPUT, arn)

    assert [config for _, _, config in stubbed.used] == [LISTING, LISTING, CHANGING]
    stubbed.all_made()


@pytest.mark.parametrize(
    ("partition", "host", "signed"),
    [
        ("aws", "iam.amazonaws.com", "us-east-1"),
        ("aws-us-gov", "iam.us-gov.amazonaws.com", "us-gov-west-1"),
        ("aws-cn", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    ],
)
def test_iam_is_asked_in_the_partition_of_whom_it_is_about(
    clients: AwsClients, partition: str, host: str, signed: str
) -> None:
    client: Any = clients.iam(f"arn:{partition}:iam::123456789012:role/tuning")
    sent = sent_by(client, "iam", ALIASES)
    client.list_account_aliases()

    [request] = sent
    assert request.url == f"https://{host}/"
    assert f"/{signed}/iam/" in request.headers["Authorization"].decode()


def test_every_question_to_iam_goes_to_the_partition_of_the_role() -> None:
    role = "arn:aws-us-gov:iam::123456789012:role/tuning"
    caller = {"Arn": "arn:aws-us-gov:sts::123456789012:assumed-role/tunesmith-bot/i-1"}
    doors: dict[str, tuple[str, Callable[[StubbedClients], object]]] = {
        "role": ("get_role", lambda clients: AwsAccountChecks(clients, {}).role(role)),
        "ourselves": ("get_role", lambda clients: Simulation(clients).ourselves("us-gov-west-1")),
        "said": ("simulate_principal_policy", lambda clients: Simulation(clients).said(role, [WISH])),
        "missing": (
            "simulate_principal_policy",
            lambda clients: OwnRights(clients).missing(
                role, {"Action": ["s3:GetObject"], "Resource": "*"}, "us-gov-west-1"
            ),
        ),
    }
    with table() as row:
        for name, (method, ask) in doors.items():
            with row(name):
                clients = StubbedClients()
                if name == "ourselves":
                    clients.expect("sts", "get_caller_identity", caller)
                clients.refuse("iam", method, "ServiceFailure", status=500)
                with pytest.raises(Unavailable):
                    ask(clients)
                assert {region for service, region, _ in clients.used if service == "iam"} == {
                    "us-gov-west-1"
                }


def test_an_address_in_a_file_of_the_sdk_is_held_to_https_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "config"
    file.write_text("[default]\nendpoint_url = http://far.example\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)

    def session() -> boto3.Session:
        return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")

    with pytest.raises(Misconfigured, match=r"AWS's sqs leads to `far\.example` without TLS") as caught:
        AwsClients(session).sqs("us-west-2")
    assert "TUNESMITH_HTTPS=optional" in str(caught.value.hint)
    assert AwsClients(session, https=False).sqs("us-west-2").meta.endpoint_url == "http://far.example"
    role = session_of("arn:aws:iam::123456789012:role/tunesmith", "", "tunesmith", "us-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    credentials = role.get_credentials()
    assert credentials is not None
    with pytest.raises(Misconfigured, match="AWS's sts leads to"):
        credentials.get_frozen_credentials()
