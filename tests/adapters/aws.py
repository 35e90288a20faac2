"""Clients of the AWS adapters whose every request and reply botocore's Stubber checks against the service model."""

import functools
from typing import Any

import boto3
from botocore.config import Config
from botocore.stub import Stubber

from bot.adapters.aws_clients import AwsClients

DATE = "Sun, 22 Nov 2026 09:30:00 GMT"
HEADERS = {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {"date": DATE}}}


@functools.lru_cache(maxsize=1)
def _session() -> boto3.Session:
    """Reading the service models takes longer than the tests, so it is done once."""
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-west-2")


class StubbedClients(AwsClients):
    """One stubbed client a service, whatever the region and manner of use; ``used`` says which were asked for."""

    def __init__(self) -> None:
        super().__init__(_session)
        self.stubs: dict[str, Stubber] = {}
        self.used: list[tuple[str, str, Config]] = []

    def bucket_owner(self, region: str) -> str:
        """Not asked for: a test says what is called."""
        return ""

    def _client(self, service: str, region: str, config: Config) -> Any:
        self.used.append((service, region, config))
        return self.stub(service).client

    def stub(self, service: str) -> Stubber:
        if service not in self.stubs:
            client = super()._client(service, "us-west-2", Config(retries={"total_max_attempts": 1}))
            self.stubs[service] = Stubber(client)
            self.stubs[service].activate()
        return self.stubs[service]

    def expect(
        self, service: str, method: str, reply: dict[str, Any], params: dict[str, Any] | None = None
    ) -> None:
        """The next call of the service is this one, with these parameters, and is answered so."""
        self.stub(service).add_response(method, {**reply, **HEADERS}, params)

    def refuse(
        self, service: str, method: str, code: str, message: str = "", status: int = 400, **headers: str
    ) -> None:
        """The next call of the service is this one, and is refused."""
        meta = {"HTTPHeaders": {key.replace("_", "-"): value for key, value in headers.items()}}
        self.stub(service).add_client_error(
            method, code, message, http_status_code=status, response_meta=meta
        )

    def all_made(self) -> None:
        """Every expected call was made."""
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()
