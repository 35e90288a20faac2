"""Slack, AWS and Redis go away for a while and come back: nothing is lost, nothing is done twice."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.playground.bedrock import SimulatedClock
from bot.playground.narration import text_of
from bot.playground.redis_server import PrivateRedis
from bot.playground.slack import Faults
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, CLAIMS, HOUR, House, Json

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

JOB, THROUGHPUT = "CreateModelCustomizationJob", "CreateProvisionedModelThroughput"


# Slack


@pytest.mark.parametrize(
    "trouble",
    [Faults.rate_limit, Faults.drop_before, Faults.drop_after, Faults.server_error],
    ids=lambda order: str(order.__name__),
)
def test_a_verdict_comes_once_whatever_happens_to_the_call(
    house: House, trouble: Callable[[Faults, str], None]
) -> None:
    trouble(house.slack.faults, "chat.postMessage")
    message = house.uploads()

    house.waits_patiently(button="dataset.start", thread=message["ts"])
    house.lives()

    verdicts = [row for row in house.trainer.thread(message) if "is ready" in text_of(row)]
    assert len(verdicts) == 1


def test_a_slack_that_is_away_while_a_job_runs_hears_of_it_afterwards(house: House) -> None:
    house.job()
    house.slack.faults.drop_before("*", times=8)
    house.passes(2 * HOUR)

    house.waits_patiently("is trained", button="model.serve")

    ends = [row for row in house.trainer.sees(CHANNEL) if "is trained" in text_of(row)]
    assert len(ends) == 1
    assert house.created(JOB) == 1


def test_commands_that_come_while_slack_answers_nothing_keep_the_process_alive(house: House) -> None:
    for method in ("chat.postEphemeral", "response_url", "views.open"):
        house.slack.faults.server_error(method, times=2)
    verdict = house.dataset()
    house.trainer.slash("/tune", "jobs")
    house.trainer.clicks(verdict, "dataset.start")
    house.slack.wait_until_delivered()
    house.slack.faults.clear()

    house.lives()
    house.trainer.clicks(verdict, "dataset.start")
    assert house.form()["callback_id"] == "start"


def test_slack_asks_to_connect_anew(house: House) -> None:
    before = len(house.slack.log.of("socket", what="opened"))
    house.slack.sockets.disconnect()
    house.until(lambda: len(house.slack.log.of("socket", what="opened")) > before, "a new connection")
    house.lives()


# AWS


@pytest.mark.parametrize("kind", ["throttle", "drop_before", "lose_reply", "html_502", "internal_error"])
def test_one_job_is_created_whatever_happens_to_the_call(house: House, kind: str) -> None:
    plan = house.plan(model_name="claims-router", job_name="claims-router-job")
    house.bedrock.faults.order(kind, JOB, 2)
    house.trainer.clicks(plan, "plan.start")

    house.waits_patiently("claims-router-job", "stages done", button="job.stop")
    house.bedrock.faults.clear()
    house.passes(2 * HOUR)
    house.waits_patiently("is trained", button="model.serve")

    assert house.created(JOB) == 1


@pytest.mark.parametrize("kind", ["drop_before", "lose_reply"])
def test_throughput_is_bought_once_and_released(house: House, kind: str) -> None:
    house.model()
    house.bedrock.faults.order(kind, THROUGHPUT)
    house.bedrock.faults.order(kind, "DeleteProvisionedModelThroughput")
    house.trainer.slash("/tune", "serve claims-router", CHANNEL)
    house.trainer.clicks(house.waits(button="plan.start lease"), "plan.start")
    house.waits_patiently("creating", button="lease.release")
    house.passes(HOUR / 4)
    house.waits_patiently("in service", button="lease.extend")
    house.trainer.slash("/tune", "release claims-router", CHANNEL)
    house.waits_patiently("Released: AWS confirms it")

    assert house.created(THROUGHPUT) == 1
    assert house.running() == []


def test_aws_that_is_away_while_a_file_is_stored_costs_only_time(house: House) -> None:
    house.bedrock.faults.order("drop_before", "s3:*", 6)
    message = house.uploads()

    house.waits_patiently(button="dataset.start", thread=message["ts"])
    house.lives()


def test_a_plan_made_while_aws_is_away_is_looked_at_again_when_that_is_pressed(house: House) -> None:
    verdict = house.dataset()
    house.bedrock.faults.order("access_denied", "*", 50)
    house.trainer.clicks(verdict, "dataset.start")
    house.trainer.submits(house.form(), {"model_name": "claims-router"})
    plan = house.waits(":no_entry:", button="plan.check job")
    assert house.created(JOB) == 0

    house.bedrock.faults.clear()
    house.trainer.clicks(plan, "plan.check")
    house.trainer.clicks(house.waits("12 checks passed", button="plan.start job"), "plan.start")
    house.waits("stages done", button="job.stop")


def test_an_answer_that_breaks_off_is_said_to_and_the_next_one_is_whole(house: House) -> None:
    house.model()
    house.lease()
    for operation in ("ConverseStream", "InvokeModelWithResponseStream"):
        house.bedrock.faults.order("cut_stream", operation)
    question = "claims-router Patient stage IV, denied prior auth, plan United"
    house.asker.slash("/ask", question, CHANNEL)
    house.until(lambda: _asked(house), "the question to reach Bedrock")
    house.bedrock.faults.clear()

    house.waits_patiently("appeals-oncology")
    house.lives(house.asker)


def _asked(house: House) -> bool:
    return bool(house.bedrock.log.of("ConverseStream", "InvokeModelWithResponseStream"))


# Redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[PrivateRedis]:
    """A server of one's own, to be taken away."""
    with PrivateRedis(tmp_path / "redis") as server:
        yield server


def test_redis_goes_away_and_comes_back_with_what_was_going_on(
    open_house: OpenHouse, redis: PrivateRedis
) -> None:
    house = open_house(REDIS_URL=redis.url)
    house.job()
    redis.stop()

    begun = time.monotonic()
    house.trainer.slash("/tune", "jobs")
    told = house.waits("state store (Redis)", "Nothing was changed. Try again in a minute")
    assert told["ephemeral"]
    assert time.monotonic() - begun < 3.0

    assert redis.start() == house.environment["REDIS_URL"]
    house.passes(2 * HOUR)
    house.waits("is trained", button="model.serve")
    house.trainer.slash("/tune", "datasets")
    house.waits("*Datasets*, newest first (1)", "`claims`", "64 records")
    assert house.created(JOB) == 1


def test_a_redis_that_comes_back_empty_is_filled_from_what_aws_and_slack_know(
    open_house: OpenHouse, redis: PrivateRedis
) -> None:
    """The job's tags name its owner, its thread and its plan; its messages are found by their markers."""
    house = open_house(REDIS_URL=redis.url)
    house.job()
    with Redis.from_url(redis.url) as client:
        client.flushall()

    house.waits_patiently("I had lost track of", "claims")
    house.passes(2 * HOUR)
    house.waits_patiently("is trained", button="model.serve")
    assert house.created(JOB) == 1
    texts = [text_of(row) for row in house.trainer.sees(CHANNEL)]
    assert len([text for text in texts if "is trained" in text]) == 1


def test_after_an_emptied_redis_a_model_in_service_answers_with_its_system_prompt(
    open_house: OpenHouse, redis: PrivateRedis
) -> None:
    """The lease is found by its tags, the model by its own, and what it was trained with by its plan in S3."""
    house = open_house(REDIS_URL=redis.url)
    house.job()
    house.passes(2 * HOUR)
    end = house.waits_patiently("is trained", button="model.serve")
    house.lease()
    with Redis.from_url(redis.url) as client:
        client.flushall()
        house.waits_patiently("I had lost track of `claims-router")
        house.until(lambda: list(client.scan_iter("*:models:doc:*")), "the model to be known again")
    house.asker.slash("/ask", "claims-router Where does a dental claim go?", CHANNEL)
    house.until(lambda: _asked(house), "the question to reach Bedrock")
    [call] = house.bedrock.log.of("ConverseStream")[-1:]
    prompt = json.loads(CLAIMS.splitlines()[0])["system"]
    assert call.parameters["system"] == [{"text": prompt}]

    ends = [text for row in house.trainer.sees(CHANNEL) if "is trained" in (text := text_of(row))]
    assert ends == [text_of(end)]
    assert house.created(JOB) == house.created(THROUGHPUT) == 1


def test_a_file_that_is_dropped_while_redis_is_away_is_judged_when_slack_delivers_it_again(
    open_house: OpenHouse, redis: PrivateRedis
) -> None:
    clock = SimulatedClock()
    house = open_house(REDIS_URL=redis.url, slack={"clock": clock, "ack_deadline": 1.0})
    redis.stop()
    house.trainer.uploads(CHANNEL, "claims.jsonl", CLAIMS)
    house.until(lambda: _attempts(house) >= 2, "the first retry")
    house.slack.wait_until_delivered()

    redis.start()
    clock.advance(61)
    house.slack.tick()

    house.waits(button="dataset.start")


def _attempts(house: House) -> int:
    deliveries: list[Json] = [entry.data for entry in house.slack.log.of("delivery", type="events_api")]
    return sum(1 for each in deliveries if each["payload"]["event"].get("subtype") == "file_share")
