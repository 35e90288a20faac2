"""boto3 clients: one for each service, region and manner of use, made once and shared by all threads.

``AWS_ENDPOINT_URL_*``, profiles and credentials are botocore's own business. Clients are safe to share between
threads, a session is not: making one is guarded.
"""

import threading
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from bot.adapters.aws_spans import trace_calls
from bot.denials import is_of_credentials
from bot.errors import Misconfigured
from bot.setting_addresses import HTTPS, OPTIONAL, unencrypted

if TYPE_CHECKING:
    from mypy_boto3_bedrock.client import BedrockClient
    from mypy_boto3_bedrock_runtime.client import BedrockRuntimeClient
    from mypy_boto3_iam.client import IAMClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_sts.client import STSClient

CONNECTIONS = 64
"""Connections that a client keeps where nobody says how many threads there are: one that keeps fewer than are used at
once opens and drops one for each call above that, and botocore warns of it each time."""

READING = Config(
    connect_timeout=3,
    read_timeout=7,
    retries={"mode": "standard", "total_max_attempts": 2},
    user_agent_extra="tunesmith",
)
"""For reads of the loop. Not botocore's adaptive mode: its token bucket belongs to the client, so one read that is
throttled would hold up a release behind it for longer than a lease. The loop backs off by itself. At its slowest a
read takes some twenty seconds, less than the lease of thirty in which it is made."""

LISTING = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "adaptive", "total_max_attempts": 4},
    user_agent_extra="tunesmith",
)
"""For listings of a whole region, of which there are few and nobody waits for any: adaptive, so that a busy account is
asked more slowly by itself. Adaptive mode makes the calling thread wait, so whoever lists holds the lease meanwhile,
and the client is shared with nothing else."""

CHANGING = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 1},
    user_agent_extra="tunesmith",
)
"""For what changes something: called once, within a lease of 30 seconds; repeating it is the reconciler's business."""

INTERACTIVE = Config(
    connect_timeout=2,
    read_timeout=4,
    retries={"mode": "standard", "total_max_attempts": 2},
    user_agent_extra="tunesmith",
)
"""For what a person waits for."""

ANSWERING = Config(
    connect_timeout=3,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 1},
    user_agent_extra="tunesmith",
)
"""For a model that thinks before its first word, and between two. Called once: whoever is silent for a minute may have
been paid for, so that another try is the question's to make, which counts each in the budgets."""

WAITING = Config(
    connect_timeout=3,
    read_timeout=27,
    retries={"mode": "standard", "total_max_attempts": 1},
    user_agent_extra="tunesmith",
)
"""For a queue that answers when something comes, or after twenty seconds; whoever waits asks again by itself."""

STORING = Config(
    connect_timeout=3,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 4},
    user_agent_extra="tunesmith",
)
"""For files in S3; every write there may be repeated."""

OWNER = "ExpectedBucketOwner"
"""The parameter of S3's calls by which a bucket of another account is refused."""
_PARTITION = "aws"
_FORBIDDEN = 403


class AwsClients:
    """Clients by service and region, made when first needed."""

    def __init__(
        self,
        session_factory: Callable[[], boto3.Session] = boto3.Session,
        *,
        connections: int = CONNECTIONS,
        bucket_owner: str = "",
        https: bool = True,
    ) -> None:
        """Make no client yet.

        Args:
            session_factory: makes the session, once.
            connections: what each client keeps: as many as there are threads that may use it at once.
            bucket_owner: the account that every bucket must belong to; empty: our own, asked for once.
            https: whether an address on another machine must begin with `https://`, wherever it was set: the
                environment is looked at with the settings, and ``endpoint_url`` in `~/.aws/config` here alone.
        """
        self._https = https
        self._bucket_owner = bucket_owner
        self._session_factory = session_factory
        self._pool = Config(max_pool_connections=connections)
        self._session: boto3.Session | None = None
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str, int], Any] = {}

    def bucket_owner(self, region: str) -> str:
        """Return the account that every bucket must belong to. Raises what botocore raises when it is not known yet."""
        if not self._bucket_owner:
            self._bucket_owner = self.sts(region).get_caller_identity()["Account"]
        return self._bucket_owner

    def bedrock(self, region: str) -> "BedrockClient":
        """Return the control plane, for reading."""
        return cast("BedrockClient", self._client("bedrock", region, READING))

    def bedrock_listing(self, region: str) -> "BedrockClient":
        """Return the control plane, for listing a whole region."""
        return cast("BedrockClient", self._client("bedrock", region, LISTING))

    def bedrock_changing(self, region: str) -> "BedrockClient":
        """Return the control plane, for what changes something: each call is made once."""
        return cast("BedrockClient", self._client("bedrock", region, CHANGING))

    def bedrock_interactive(self, region: str) -> "BedrockClient":
        """Return the control plane, for what a person waits for."""
        return cast("BedrockClient", self._client("bedrock", region, INTERACTIVE))

    def runtime(self, region: str) -> "BedrockRuntimeClient":
        """Return what answers questions."""
        return cast("BedrockRuntimeClient", self._client("bedrock-runtime", region, ANSWERING))

    def guardrails(self, region: str) -> "BedrockRuntimeClient":
        """Return what screens texts: each is read quickly, or not at all."""
        return cast("BedrockRuntimeClient", self._client("bedrock-runtime", region, READING))

    def s3(self, region: str) -> "S3Client":
        """Return S3 in the region."""
        return cast("S3Client", self._client("s3", region, STORING))

    def s3_interactive(self, region: str) -> "S3Client":
        """Return S3 in the region, for what a person waits for."""
        return cast("S3Client", self._client("s3", region, INTERACTIVE))

    def kms(self, region: str) -> Any:
        """Return the key service in the region."""
        return self._client("kms", region, INTERACTIVE)

    def sts(self, region: str) -> "STSClient":
        """Return what knows who we are."""
        return cast("STSClient", self._client("sts", region, INTERACTIVE))

    def s3_reading(self, region: str) -> "S3Client":
        """Return S3 in the region, for small files that are read within a lease."""
        return cast("S3Client", self._client("s3", region, READING))

    def sqs(self, region: str) -> Any:
        """Return the queues of the region, for waiting at one."""
        return self._client("sqs", region, WAITING)

    def quotas(self, region: str) -> Any:
        """Return Service Quotas in the region."""
        return self._client("service-quotas", region, READING)

    def secrets(self, region: str) -> Any:
        """Return Secrets Manager in the region."""
        return self._client("secretsmanager", region, INTERACTIVE)

    def cloudwatch(self, region: str) -> Any:
        """Return CloudWatch in the region. What it says is asked for in passing: nobody waits for it long."""
        return self._client("cloudwatch", region, INTERACTIVE)

    def iam(self, arn: str) -> "IAMClient":
        """Return IAM where the ARN is from: it has no regions, but each partition has one of its own.

        Who is known in one partition (``aws-us-gov``, say) is nobody in another.
        """
        return cast("IAMClient", self._client("iam", global_region(arn.split(":")[1]), INTERACTIVE))

    def _client(self, service: str, region: str, config: Config) -> Any:
        # By identity, which tells the manners of use apart: each is made once, above.
        key = (service, region, id(config))
        with self._lock:
            if key not in self._clients:
                if self._session is None:
                    self._session = self._session_factory()
                make = cast("Callable[..., Any]", self._session.client)
                made = make(service, region_name=region, config=config.merge(self._pool))
                if self._https:
                    refuse_open_way(made)
                trace_calls(made, region)
                if service == "s3":
                    made.meta.events.register("provide-client-params.s3", self._owned(region))
                    made.meta.events.register("after-call.s3", self._worded(region))
                self._clients[key] = made
            return self._clients[key]

    def _owned(self, region: str) -> Callable[..., None]:
        """Return what names the owner in every call about a bucket: one that somebody else has made is refused (403).

        In the one place that all calls pass, those that boto3's transfers make among them.
        """

        def named(params: dict[str, Any], model: Any, **_: Any) -> None:
            if (
                "Bucket" in params
                and OWNER in model.input_shape.members
                and (owner := self.bucket_owner(region))
            ):
                params.setdefault(OWNER, owner)

        return named

    def _worded(self, region: str) -> Callable[..., None]:
        """Return what finds out why a HEAD was refused: its answer has no body, and 403 is all that it says.

        A clock that is wrong or a key that is not taken would read as a permission that is missing, and send the
        operator to the policy. STS says which it is: it asks for no permission. In the one place that all calls pass.
        """

        def worded(http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:
            if model.http.get("method") != "HEAD" or http_response.status_code != _FORBIDDEN:
                return
            try:
                self.sts(region).get_caller_identity()
            except ClientError as error:
                said = error.response["Error"]
                if is_of_credentials(said.get("Code", ""), "GetCallerIdentity", said.get("Message", "")):
                    parsed["Error"] = said
            except BotoCoreError:
                pass  # nobody knows better

        return worded


def refuse_open_way(client: Any) -> None:
    """Return when what the client sends cannot be read on its way.

    Raises:
        Misconfigured: it leads to another machine by `http://`.
    """
    if open_way := unencrypted(client.meta.endpoint_url):
        raise Misconfigured(
            f"The address of AWS's {client.meta.service_model.service_name} {open_way}.",
            hint=f"Write `https://…` for `endpoint_url`, or set {HTTPS}={OPTIONAL} where the way is private.",
        )


@cache
def global_region(partition: str) -> str:
    """Return the region by which a partition's services without regions go, by botocore's own list of partitions."""
    listed = get_session().get_component("data_loader").load_data("partitions")["partitions"]
    regions = {each["id"]: str(each["outputs"]["implicitGlobalRegion"]) for each in listed}
    return regions.get(partition, regions[_PARTITION])
