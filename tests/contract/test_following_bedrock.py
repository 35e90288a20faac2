"""Jobs and leases followed on the Bedrock stand-in, with the cards that people see: twins only for Slack and Redis."""

import json
from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest

from bot.account import reconciler as sweep
from bot.adapters.account_checks import AwsAccountChecks
from bot.adapters.aws_clients import AwsClients
from bot.adapters.bedrock_endpoints import BedrockEndpoints
from bot.adapters.bedrock_jobs import BedrockJobs
from bot.adapters.bedrock_runtime import BedrockRuntime
from bot.adapters.s3_results import S3JobResults
from bot.controller.controller import Controller
from bot.errors import Refused
from bot.jobs.model import JobPlan, Phase
from bot.kinds import KINDS
from bot.leases.endpoint import LeasePhase
from bot.playground.bedrock import HAIKU_PUBLISHED, BedrockStandIn, SimulatedClock
from bot.questions.answerer import Turn
from handlers.ui.render import BlockKitRenderer
from tests.doubles.clock import START
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

pytestmark = pytest.mark.scenario

WEST = "us-west-2"


class Followed(World):
    """The world of twins, but for Bedrock, S3 and IAM, which are the stand-in behind the real adapters."""

    def __init__(self, stand_in: BedrockStandIn, clients: AwsClients) -> None:
        self.stand_in = stand_in
        self.clients = clients
        super().__init__()
        self.customization = BedrockJobs(clients)  # type: ignore[assignment]
        self.endpoints = BedrockEndpoints(clients)  # type: ignore[assignment]
        self.account = AwsAccountChecks(clients, stand_in.buckets)  # type: ignore[assignment]
        self.results = S3JobResults(clients)  # type: ignore[assignment]
        self.renderer = BlockKitRenderer()  # type: ignore[assignment]
        self.controller = Controller(
            self.store, self.reconcilers(), self.clock, random=lambda: 0.0, kinds=KINDS
        )

    def both_clocks(self, seconds: float) -> None:
        """Let time pass here and at AWS."""
        self.stand_in.clock.advance(seconds)
        self.pass_time(seconds, step=max(seconds / 8, 30))

    def plan(self) -> JobPlan:
        bucket = self.stand_in.buckets[WEST]
        self.clients.s3(WEST).put_object(Bucket=bucket, Key="data/train.jsonl", Body=rows())
        return plan(
            role_arn=self.stand_in.role_arn,
            training_uri=f"s3://{bucket}/data/train.jsonl",
            output_uri=f"s3://{bucket}/jobs/",
        )

    def start(self) -> str:
        job = self.jobs.propose(self.plan())
        self.turn()
        self.press("job", job, "start", "UTRAIN")
        self.turn()
        return job

    def texts(self) -> str:
        """Everything that can be read in Slack now."""
        return "\n".join(
            f"{each.message.text} {json.dumps(each.message.blocks)}" for each in self.messages.visible()
        )


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="playground", aws_secret_access_key="playground")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, session: boto3.Session) -> Iterator[Followed]:
    with BedrockStandIn(clock=SimulatedClock.manual(START)) as stand_in:
        for name in BedrockStandIn.UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in stand_in.environment().items():
            monkeypatch.setenv(name, value)
        yield Followed(stand_in, AwsClients(lambda: session))


def rows() -> bytes:
    return b"".join(json.dumps(row(number)).encode() + b"\n" for number in range(40))


def row(number: int) -> dict[str, object]:
    return {
        "system": "You route insurance claims.",
        "messages": [
            {"role": "user", "content": f"Claim {number} from Oslo, who handles it?"},
            {"role": "assistant", "content": "Desk 7 handles claims from Oslo."},
        ],
    }


def test_the_whole_way_from_the_plan_to_an_answer_and_back(world: Followed) -> None:
    job = world.start()
    assert world.jobs.find(job).phase is Phase.VALIDATING
    world.both_clocks(400)
    assert world.jobs.find(job).phase is Phase.TRAINING
    world.both_clocks(7200)
    view = world.jobs.find(job)
    assert view.phase is Phase.COMPLETED
    assert view.training_loss is not None
    assert "claims-router is trained" in world.texts()
    assert "Learning: the training loss fell by" in world.texts()
    assert "Model card of claims-router" in world.texts()
    assert world.files.content("claims-router-losses.png").startswith(b"claims-router: 4 steps")

    lease_plan = world.leases.plan(
        model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="t-1"
    )
    lease = world.leases.propose(lease_plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.both_clocks(700)
    [running] = world.leases.live()
    assert running.phase is LeasePhase.IN_SERVICE

    answerer = world.serving.answerer(None, "C1")
    asked = [Turn("user", "Claim from Oslo, who handles it?")]
    answer = "".join(
        each for each in BedrockRuntime(world.clients).stream(answerer, asked) if isinstance(each, str)
    )
    assert "Desk 7 handles claims from Oslo." in answer

    world.leases.release("claims-router", "UTRAIN")
    world.both_clocks(120)
    assert world.leases.live() == []
    assert world.clients.bedrock(WEST).list_provisioned_model_throughputs()["provisionedModelSummaries"] == []
    assert "AWS confirms it" in world.texts()
    with pytest.raises(Refused, match="asleep"):
        world.serving.answerer("claims-router", "C1")


def test_a_lease_ends_at_its_deadline_without_anybody(world: Followed) -> None:
    world.start()
    world.both_clocks(7600)
    lease_plan = world.leases.plan(
        model="claims-router", minutes=30, owner="UTRAIN", channel="C1", request="t-1"
    )
    lease = world.leases.propose(lease_plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.both_clocks(700)
    for _ in range(20):
        world.both_clocks(120)

    assert world.leases.live() == []
    assert world.clients.bedrock(WEST).list_provisioned_model_throughputs()["provisionedModelSummaries"] == []


def test_a_failure_of_the_service_is_told_as_its_own(world: Followed) -> None:
    world.stand_in.faults.order("fail_validation")
    job = world.start()
    world.both_clocks(600)

    view = world.jobs.find(job)
    assert view.phase is Phase.FAILED
    assert "error of its own" in view.explanation
    assert "the service's own fault" in view.who
    assert view.raw_failure == "Encountered an unexpected error when processing the request, please try again"
    assert '"job.raw"' in world.texts()


@pytest.mark.parametrize("kind", ["lose_reply", "drop_before", "html_502", "throttle", "internal_error"])
def test_trouble_at_the_creation_makes_one_job(world: Followed, kind: str) -> None:
    world.stand_in.faults.order(kind, "CreateModelCustomizationJob")
    job = world.start()
    world.both_clocks(60)

    assert world.jobs.find(job).phase is Phase.VALIDATING
    jobs = world.clients.bedrock(WEST).list_model_customization_jobs()["modelCustomizationJobSummaries"]
    assert len(jobs) == 1


def test_the_day_after_the_end_of_life_nothing_is_started(world: Followed) -> None:
    world.stand_in.set_lifecycle({"anthropic.claude-3-haiku-20240307-v1:0": HAIKU_PUBLISHED})
    job = world.jobs.propose(world.plan())
    world.turn()

    with pytest.raises(Refused) as refused:
        world.press("job", job, "start", "UTRAIN")
    assert "10 September 2026" in refused.value.message
    assert "`nova-micro` (us-east-1)" in refused.value.hint


def test_a_role_that_does_not_exist_is_told_on_the_plan(world: Followed) -> None:
    missing = "arn:aws:iam::123456789012:role/no-such-role"
    job = world.jobs.propose(replace(world.plan(), role_arn=missing))
    world.turn()

    with pytest.raises(Refused, match="There is no role `no-such-role`"):
        world.press("job", job, "start", "UTRAIN")
    assert "no-such-role" in world.texts()


def test_what_an_empty_store_knows_nothing_of_is_found_by_its_tags(world: Followed) -> None:
    """The tags go through the real adapters, so their values are what the service lets through."""
    job = world.start()
    world.both_clocks(400)
    before = len(world.messages.visible())
    world.forget()
    world.store.register(sweep.registration(WEST))
    world.both_clocks(60)

    assert world.jobs.find(job).phase is Phase.TRAINING
    assert len(world.messages.visible()) == before + 2  # its own word, and the operator's
    world.both_clocks(7200)
    assert world.jobs.find(job).phase is Phase.COMPLETED
    assert world.models.find(world.plan().model_name) is not None
