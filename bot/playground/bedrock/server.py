"""The stand-in as a whole: a port on loopback, with S3 and Bedrock behind it."""

import contextlib
import errno
import io
import json
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Self

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from bot.playground.bedrock.application import Application
from bot.playground.bedrock.calls import CallLog
from bot.playground.bedrock.clock import SimulatedClock
from bot.playground.bedrock.durations import Durations
from bot.playground.bedrock.errors import StandInDefect
from bot.playground.bedrock.faults import Faults
from bot.playground.bedrock.hits import Dependencies
from bot.playground.bedrock.lifecycle import LifecycleDates
from bot.playground.bedrock.moto_side import MotoSide
from bot.playground.bedrock.panel import Panel
from bot.playground.bedrock.sessions import USER_NAME
from bot.playground.bedrock.store import Store
from bot.playground.bedrock.world import Quotas, World

DEFAULT_BUCKETS = {
    "us-west-2": "tunesmith-playground-us-west-2",
    "us-east-1": "tunesmith-playground-us-east-1",
}
ROLE_NAME = "TunesmithBedrockTuning"
_HOST = "127.0.0.1"
ACCOUNT = "123456789012"
_TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "bedrock.amazonaws.com"}}]}'
)


class BedrockStandIn:
    """S3, STS, IAM, KMS, Bedrock and Bedrock Runtime on one loopback port, with buckets and a role ready to use.

    ``clock`` moves jobs along (the default runs at the speed of real time); ``data_dir`` keeps everything over a
    kill; ``port`` 0 takes a spare one; ``buckets`` are names by region; ``chunk_delay`` is the real seconds between
    two pieces of a streamed answer. Use it with ``start`` and ``stop`` or as a context manager.

    Two stand-ins that run at once in one process need different ``account`` numbers and bucket names, because
    moto's state is global by account; one after the other they share nothing.
    """

    UNSET = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK")
    """Variables that a process using `environment` must not have: they would lead it elsewhere."""

    def __init__(  # noqa: PLR0913 - each is a knob of its own, all by name
        self,
        *,
        clock: SimulatedClock | None = None,
        data_dir: Path | None = None,
        port: int = 0,
        buckets: Mapping[str, str] | None = None,
        chunk_delay: float = 0.0,
        durations: Durations | None = None,
        model_units_quota: int = 10,
        account: str = ACCOUNT,
        default_region: str = "us-west-2",
    ) -> None:
        _claim(account)
        self._port = port
        self._default_region = default_region
        self._store = Store(data_dir)
        self.account = account
        self.clock = clock or SimulatedClock()
        self.world = World(
            account, self.clock, self._store, durations or Durations(), Quotas(model_units_quota)
        )
        self.log = CallLog(self._store)
        self.buckets = dict(DEFAULT_BUCKETS if buckets is None else buckets)
        self._parts = Dependencies(self.world, self.log, MotoSide(self.world), chunk_delay)
        self._panel = Panel(self.world)
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        for region, name in self.buckets.items():
            self.world.buckets.create(name, region)
        self.role_arn = _make_role(account, self.buckets.values())

    def start(self) -> Self:
        """Open the port and answer from a thread; return the stand-in itself. Raises OSError when it is taken."""
        self._server = _listen(self._port, Application(self._parts, default_region=self._default_region))
        self._port = self._server.server_port
        # How often socketserver looks whether it is to stop: with its own half second each test would wait
        # for that.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and put everything away. Raises StandInDefect when the stand-in was at fault meanwhile."""
        self.world.queues.close()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = None
        self.world.buckets.close()
        iam_backends[self.account]["aws"].reset()
        for keys in kms_backends[self.account].values():
            keys.reset()
        self._store.close()
        _CLAIMED.discard(self.account)
        if self._parts.defects:
            raise StandInDefect("; ".join(self._parts.defects))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def endpoint_url(self) -> str:
        """The address for ``endpoint_url`` of any client."""
        return f"http://{_HOST}:{self._port}"

    @property
    def faults(self) -> Faults:
        """Failures to order."""
        return self.world.faults

    def environment(self) -> dict[str, str]:
        """Return the variables that lead the AWS SDK of another process here; take `UNSET` out of its own."""
        services = ("S3", "BEDROCK", "BEDROCK_RUNTIME", "STS", "IAM", "KMS", "CLOUDWATCH", "SQS")
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            # For each service, too: such a variable of the caller's own would go before the general one.
            **{f"AWS_ENDPOINT_URL_{service}": self.endpoint_url for service in services},
            "AWS_ACCESS_KEY_ID": "playground",
            "AWS_SECRET_ACCESS_KEY": "playground",
            "AWS_DEFAULT_REGION": self._default_region,
            "AWS_REGION": self._default_region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def set_lifecycle(self, table: Mapping[str, LifecycleDates]) -> None:
        """Replace the table of lifecycle dates, by on-demand model ID; a base that is not in it is open."""
        with self.world.lock:
            self.world.set_lifecycle(dict(table))

    def state(self) -> dict[str, Any]:
        """Return what the page shows (``bedrock`` in its protocol)."""
        return self._panel.state()

    def control(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Do what the page asks and return the new state. Raises ValueError with a sentence for the person."""
        return self._panel.control(order)


_CLAIMED: set[str] = set()


def _claim(account: str) -> None:
    """Take ``account`` for one stand-in of this process. Raises ValueError when another has it."""
    if account in _CLAIMED:
        raise ValueError(
            f"A stand-in with the account {account} is running: give this one another, or stop that one."
        )
    _CLAIMED.add(account)


class _QuietHandler(MotoRequestHandler):
    """Writes nothing to the terminal (calls are in the log), and leaves the Date header to the application."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Send the status line only; the base class would add the real time."""
        self.send_response_only(code, message)

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def _listen(port: int, application: Application) -> BaseWSGIServer:
    """Open the port. Raises OSError when it is taken, where werkzeug would print and exit."""
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return make_server(_HOST, port, application, threaded=True, request_handler=_QuietHandler)
    except SystemExit:
        raise OSError(errno.EADDRINUSE, f"The port {port} on {_HOST} is in use") from None


def _make_role(account: str, buckets: Collection[str]) -> str:
    """Make the role that jobs are given and the user that the bot is, unless they are there; return the role's ARN."""
    backend = iam_backends[account]["aws"]
    if not any(role.name == ROLE_NAME for role in backend.get_roles()):
        backend.create_role(ROLE_NAME, _TRUST, "/", None, "Read and write tuning data", [], "3600")
        if buckets:
            backend.put_role_policy(ROLE_NAME, "data", _data_policy(buckets))
    arn = str(backend.get_role(ROLE_NAME).arn)
    if USER_NAME not in backend.users:
        backend.create_user("us-east-1", USER_NAME)
        backend.put_user_policy(USER_NAME, "bot", _bot_policy(arn))
    return arn


def _data_policy(buckets: Collection[str]) -> str:
    data = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{name}{end}" for name in buckets for end in ("", "/*")],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [data]})


def _bot_policy(role_arn: str) -> str:
    passes = {
        "Effect": "Allow",
        "Action": ["iam:PassRole", "iam:GetRole"],
        "Resource": role_arn,
        "Condition": {"StringEqualsIfExists": {"iam:PassedToService": "bedrock.amazonaws.com"}},
    }
    # What is refused in the demo is refused by a fault that somebody ordered.
    rest = {
        "Effect": "Allow",
        "Action": [
            "bedrock:*",
            "s3:*",
            "kms:*",
            "iam:GetRole",
            "iam:SimulatePrincipalPolicy",
            "servicequotas:ListServiceQuotas",
            "cloudwatch:GetMetricData",
            "sqs:*",
        ],
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [passes, rest]})
