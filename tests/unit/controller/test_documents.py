from datetime import UTC, datetime

from bot.controller.documents import dump, load
from bot.jobs.model import JobPlan, Phase
from bot.jobs.record import JobSpec, JobStatus
from bot.spending.model import Check, Request
from bot.spending.votes import Vote, Votes
from tests.doubles.bedrock import InMemoryCustomization
from tests.doubles.clock import FakeClock
from tests.unit.jobs.samples import plan

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_a_plan_keeps_its_digest_through_the_store() -> None:
    assert load(JobPlan, dump(plan())).digest == plan().digest


def test_a_spec_comes_back_as_it_went() -> None:
    presses = Votes(started=Vote("start", "UTRAIN", AT))
    spec = JobSpec(plan(), asked_at=AT, thread_ts="1.2", votes=presses, stop=Request("UTRAIN", AT))

    assert load(JobSpec, dump(spec)) == spec


def test_a_status_comes_back_as_it_went() -> None:
    bedrock = InMemoryCustomization(FakeClock())
    bedrock.create(plan(), {})
    bedrock.training(plan().job_name)
    status = JobStatus(
        phase=Phase.TRAINING,
        preflight=(Check("role", True, "fine"),),
        observation=bedrock.get("us-west-2", plan().job_name),
    )

    assert load(JobStatus, dump(status)) == status


def test_members_that_a_newer_version_wrote_are_left_out() -> None:
    assert load(JobStatus, {**dump(JobStatus()), "weather": "fair"}) == JobStatus()
