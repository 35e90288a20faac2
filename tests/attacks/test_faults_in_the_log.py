"""Whatever goes wrong outside is one line in the log and one message to the operator, and one of each at its end.

However many meet it, by whichever door, in whatever form the vendor's library raises it, and whichever line is first.
"""

import copy
import logging
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError

import pytest
from botocore import exceptions as botocore
from redis import exceptions as redis
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.adapters.asking_errors import for_people
from bot.adapters.aws_errors import translate as of_aws
from bot.adapters.readiness import trials
from bot.adapters.slack_errors import slack_call
from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.model import Claim, Key, Message, Outcome, Registration
from bot.controller.outbox.messages import Outbox
from bot.errors import TunesmithError
from bot.faults import QUIET
from bot.log_lines import FORMATS
from bot.logs import OPERATORS_PATIENCE
from bot.questions.answerer import Answerer
from bot.readiness import Readiness
from handlers.core import explain
from handlers.listeners import left_to_slack
from storage.redis_errors import translate as of_redis
from storage.s3_buckets import translated as of_s3
from tests.doubles.clock import FakeClock
from tests.doubles.kinds import BARE
from tests.doubles.log import LogBench, log_bench
from tests.doubles.messages import Failure, FakeSlackMessages
from tests.doubles.resources import InMemoryResources

log = logging.getLogger("bot.something")
Errors = Sequence[TunesmithError]


@pytest.fixture
def bench() -> Iterator[LogBench]:
    with log_bench() as made:
        yield made


# Faults, as the adapters raise them


def raised(within: Any, error: Exception) -> TunesmithError:
    try:
        with within:
            raise error
    except TunesmithError as ours:
        return ours


def aws(code: str, status: int = 400, operation: str = "GetCustomModel") -> TunesmithError:
    return of_aws(answer(code, status, operation), operation)


def answer(code: str, status: int = 400, operation: str = "PutObject") -> botocore.ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return botocore.ClientError(response, operation)


def slack(error: str, status: int = 200, *, writes: bool = False) -> TunesmithError:
    answered: Any = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data={"ok": False, "error": error},
        headers={"Retry-After": "7"}, status_code=status,
    )  # fmt: skip
    return raised(slack_call("chat.postMessage", writes=writes), SlackApiError("no", answered))  # type: ignore[no-untyped-call]


URL = "http://127.0.0.1/"
OUTAGES: Mapping[str, Errors] = {
    "Redis is away": [
        of_redis(redis.ConnectionError("Error 111 connecting to 127.0.0.1:6379. Connection refused.")),
        of_redis(redis.ConnectionError("Connection reset by peer")),
        of_redis(redis.TimeoutError("Timeout reading from socket")),
        of_redis(redis.BusyLoadingError("LOADING")),
    ],
    "Redis is full": [of_redis(redis.OutOfMemoryError("OOM command not allowed"))],
    "Slack is away": [
        slack("no_error_named", 500),
        slack("internal_error", 503, writes=True),
        slack("Received a response in a non-JSON format: <!DOCTYPE", writes=True),
        raised(slack_call("auth.test", writes=False), URLError("timed out")),
        raised(slack_call("chat.postMessage", writes=True), ConnectionResetError("reset")),
    ],
    "AWS is away": [
        of_aws(botocore.EndpointConnectionError(endpoint_url=URL), "GetCustomModel"),
        of_aws(botocore.ReadTimeoutError(endpoint_url=URL), "CreateModelCustomizationJob"),
        aws("InternalServerException", 500),
        aws("502", 502, "CreateProvisionedModelThroughput"),
        raised(of_s3("b", "store the dataset"), botocore.ReadTimeoutError(endpoint_url=URL)),
        raised(of_s3("b", "fetch the dataset"), answer("500", 500)),
    ],
}
MENDED_BY_HAND: Mapping[str, Errors] = {
    "no AWS credentials": [
        of_aws(botocore.NoCredentialsError(), "GetCallerIdentity"),
        raised(of_s3("b", "store the dataset in b"), botocore.NoCredentialsError()),
    ],
    "AWS credentials that expire": [
        aws("ExpiredTokenException", 403),
        aws("ExpiredToken", 400, "HeadBucket"),
        raised(of_s3("b", "store the dataset in b"), answer("ExpiredToken")),
        raised(of_s3("c", "fetch the dataset"), answer("InvalidAccessKeyId")),
        aws("UnrecognizedClientException", 403, "CreateModelCustomizationJob"),
    ],
    "a token that is revoked": [slack("token_revoked"), slack("invalid_auth", writes=True)],
    "a bucket that is refused": [
        raised(of_s3("b", "store the dataset in b"), answer("AccessDenied")),
        raised(of_s3("b", "fetch the dataset from b"), answer("403")),
    ],
}
PATIENCE: Mapping[str, Errors] = {
    "AWS throttles": [
        aws("ThrottlingException"), aws("TooManyRequestsException", 429), aws("BrandNew", 429),
        raised(of_s3("b", "store the dataset"), answer("SlowDown", 503)),
    ],
    "Slack throttles": [slack("ratelimited", 429), slack("rate_limited", writes=True)],
}  # fmt: skip


# Doors, by which it gets into the log


@dataclass
class Ways:
    """Everything that meets the fault. ``number`` is whose turn it is, so that no two lines are alike."""

    clock: FakeClock
    number: int = 0

    def put_off(self, error: TunesmithError) -> None:
        resources = InMemoryResources(self.clock)
        resources.register(Registration(Key("job", f"j{self.number}"), {}))

        def fail(_: AnyContext) -> Outcome:
            raise error

        Controller(resources, {"job": fail}, self.clock, random=lambda: 1.0, kinds=BARE).tick()

    def claiming(self, error: TunesmithError) -> None:
        class Away(InMemoryResources):
            def claim_for(self, *_: object, **__: object) -> list[Claim]:
                raise error

        Controller(Away(self.clock), {}, self.clock, kinds=BARE)._look([])

    def notice(self, error: TunesmithError) -> None:
        resources, messages = InMemoryResources(self.clock), FakeSlackMessages(self.clock, ["C1"])
        resources.register(Registration(Key("job", f"n{self.number}"), {}))
        messages.order("post", Failure(error))
        outbox = Outbox(messages, self.clock)

        def tell(context: AnyContext) -> Outcome:
            outbox.post_once(context, "card", WORDS, channel="C1", since=self.clock.now())
            return outbox.settle(context, {})

        Controller(resources, {"job": tell}, self.clock, random=lambda: 1.0, kinds=BARE).tick()

    def answering(self, error: TunesmithError) -> None:
        explain(error, lambda: f"r{self.number}")

    def delivery(self, error: TunesmithError) -> None:
        left_to_slack(error)

    def readiness(self, error: TunesmithError) -> None:
        def fail() -> str:
            raise error

        Readiness({f"the trial {self.number}": fail}, self.clock).try_all()

    def sentence(self, error: TunesmithError) -> None:
        log.info("lease:%s: %s", self.number, error.sentence)

    def error(self, error: TunesmithError) -> None:
        log.warning("lease:%s could not be told: %s", self.number, error)

    def raised(self, error: TunesmithError) -> None:
        log.error("upload:%s", self.number, exc_info=error)


WORDS = Message("Hello.")
WAYS: Sequence[Callable[[Ways, TunesmithError], None]] = (
    Ways.sentence, Ways.put_off, Ways.claiming, Ways.notice, Ways.answering, Ways.delivery, Ways.readiness,
    Ways.error, Ways.raised,
)  # fmt: skip


def meet(bench: LogBench, errors: Errors, first: int) -> None:
    """Have everybody meet it, beginning with that door, and somebody again and again for two minutes."""
    ways = Ways(bench.clock)
    for each in (*WAYS[first:], *WAYS[:first]):
        for error in errors:
            ways.number += 1
            each(ways, error)
    for number in range(6):
        bench.passes(OPERATORS_PATIENCE / 3)
        Ways.sentence(ways, errors[number % len(errors)])
    bench.passes(1)


def written(records: Sequence[logging.LogRecord]) -> list[str]:
    """Return the entries as they are written, in either format."""
    return [made().format(each) for made in FORMATS.values() for each in records]


def wrong(bench: LogBench, messages: int, causes: Sequence[str]) -> list[str]:
    """Return what is not as it should be once the fault is over, and forget it all."""
    before, told = [*bench.lines.records], len(bench.told)
    bench.passes(QUIET + 61)
    lines, after = bench.lines.records, bench.lines.records[len(before) :]
    found = [
        f"{len(before)} lines: {[each.getMessage() for each in before]}" if len(before) != 1 else "",
        f"its level is {before[0].levelname}"
        if (before[0].levelno >= logging.WARNING) != bool(messages)
        else "",
        f"{told} messages while it lasts: {bench.told}" if told != messages else "",
        f"{len(after)} lines at its end" if [each.levelno for each in after] != [logging.INFO] else "",
        f"{bench.told[told:]} at its end" if len(bench.told) - told != messages else "",
        "more than a line in the log" if any("\n" in each for each in written(bench.lines.records)) else "",
        "a traceback" if any(each.exc_info for each in before) else "",
        "no cause" if not any(words in before[0].getMessage() for words in causes) else "",
    ]
    lines.clear()
    bench.told.clear()
    return [each for each in found if each]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("faults", "messages"),
    [(OUTAGES, 1), (MENDED_BY_HAND, 1), (PATIENCE, 0)],
    ids=["outages", "mended by hand", "throttles"],
)
def test_one_fault_is_one_line_and_one_message_whoever_meets_it_first(
    bench: LogBench, faults: Mapping[str, Errors], messages: int
) -> None:
    failed: dict[str, list[str]] = {}
    for name, errors in faults.items():
        for first in range(
            len(WAYS) - 1
        ):  # the last, an exception with its traceback, is an error for whoever raises it
            meet(bench, errors, first)
            if found := wrong(bench, messages, [each.message for each in errors]):
                failed[f"{name}, first by {WAYS[first].__name__}"] = found
    assert failed == {}


def test_what_is_told_of_a_fault_keeps_its_cause_where_it_is_copied_or_handed_over() -> None:
    for error in (
        *OUTAGES["Slack is away"],
        *PATIENCE["AWS throttles"],
        *MENDED_BY_HAND["no AWS credentials"],
    ):
        said = error.sentence
        for other in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
            assert (other, vars_of(other)) == (said, vars_of(said))


def vars_of(said: Any) -> tuple[str, bool, bool]:
    return said.fault, said.is_outage, said.is_patience


def test_an_outage_that_one_step_meets_once_has_its_line_and_its_end_too(bench: LogBench) -> None:
    Ways(bench.clock).put_off(OUTAGES["AWS is away"][0])
    bench.passes(QUIET + 1)
    assert [each.levelname for each in bench.lines.records] == ["WARNING", "INFO"]
    assert bench.lines.texts[1].startswith("over after 0 s, once: AWS could not be reached.")


@pytest.mark.parametrize("every", [90, 300, 1100])
def test_what_somebody_has_to_mend_is_one_fault_however_seldom_it_is_met(
    bench: LogBench, every: float
) -> None:
    """A base that AWS denies is met when somebody asks: minutes without a question do not mend it."""
    base = Answerer("claims-nova", "nova-lite", "us-east-1", "nova", None, 512, of_base=True)
    denied = for_people(aws("AccessDeniedException", 403, "ConverseStream"), base)
    for number in range(6):
        log.info("question:%d: its base does not answer: %s", number, denied.sentence)
        bench.passes(every / 2)
        bench.passes(every / 2)
    told = [each for each in bench.lines.texts if not each.startswith("still so")]  # once an hour
    assert told == [f"question:0: its base does not answer: {denied.sentence}"]
    assert len(bench.told) == 1, "the operator, who alone mends it"
    bench.passes(3601)
    assert [each.levelname for each in bench.lines.records][-1] == "INFO"
    assert bench.lines.texts[-1].startswith("over after ")
    assert len(bench.told) == 2


def test_permissions_that_are_missing_are_told_one_by_one(bench: LogBench) -> None:
    for operation in ("GetCustomModel", "CreateModelCustomizationJob", "GetCustomModel"):
        log.warning("%s", aws("AccessDeniedException", 403, operation).sentence)
    assert len(bench.lines.texts) == 2


def test_without_credentials_every_trial_fails_for_one_cause(bench: LogBench) -> None:
    class Nobody:
        """The AWS SDK's clients, and what makes them: whatever is called in the end, there are no credentials."""

        def __getattr__(self, name: str) -> Any:
            if name in {"sts", "s3_interactive"}:
                return lambda *_: self
            raise botocore.NoCredentialsError

    made = trials(slack=Slack(), aws=Nobody(), buckets={"us-west-2": "b", "us-east-1": "c"})  # type: ignore[arg-type]
    readiness = Readiness(made, bench.clock)
    for _ in range(4):
        assert len(readiness.try_all()) == 1, "and whoever probes reads it once"
        bench.passes(30)
    assert len(bench.lines.texts) == 1, bench.lines.texts
    assert len(bench.told) == 1, bench.told


class Slack:
    def auth_test(self) -> None:
        """The token is good."""
