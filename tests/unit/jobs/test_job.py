import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.controller.model import Key, Message
from bot.controller.outbox.entries import marker_of
from bot.errors import Misconfigured, NotAllowed, NotFound, Refused, RoleNotReady
from bot.jobs.model import JobPlan, Phase
from bot.models.model import Lifecycle
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending import undo
from bot.spending.ledger import EntryState
from bot.spending.model import Check
from tests.doubles import bedrock
from tests.doubles.clock import FakeClock
from tests.doubles.messages import down, lost_reply
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

DEAR = PriceBook({("claude-3-haiku", PriceKind.TRAINING): Decimal(1)})
NAME, COST = plan().job_name, Decimal("0.084")


@pytest.fixture
def world() -> World:
    return World()


def proposed(world: World, wanted: JobPlan | None = None) -> str:
    job = world.jobs.propose(wanted or plan())
    world.turn()
    return job


def started(world: World) -> str:
    job = proposed(world)
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    return job


def test_a_plan_is_shown_with_its_price_and_spends_nothing(world: World) -> None:
    proposed(world)

    [card] = world.said("PlanCard")
    assert "needs_approval=''" in card.message.text
    assert "Decimal('0.084')" in card.message.text
    assert world.customization.calls["create"] == 0


def test_start_creates_one_job_and_shows_it_live_in_the_message_of_its_plan(world: World) -> None:
    proposed(world)
    [planned] = world.said("PlanCard")
    world.press("job", plan().id, "start", "UTRAIN")
    world.turn()

    [card] = world.said()
    job = world.customization.job(NAME)
    assert (card.ts, card.thread_ts) == (planned.ts, None)
    assert card.message.text.startswith("JobCard")
    assert job.token == plan().digest
    assert job.tags["managed-by"] == "tunesmith"
    assert job.tags["owner"] == "UTRAIN"
    assert job.tags["slack"] == f"C1/{card.ts}/own"
    assert world.jobs.find(NAME).phase is Phase.VALIDATING


def test_a_models_name_finds_its_job_and_a_jobs_name_its_model(world: World) -> None:
    made = plan().model_name
    proposed(world)
    with pytest.raises(NotFound) as unknown:
        world.serving.models(made)
    assert unknown.value.hint == f"The job `{NAME}` is to make it, and has not ended: `/tune status {NAME}`."

    started(world)
    for asked in (made, made.upper()):
        with pytest.raises(NotFound) as unknown:
            world.jobs.find(asked)
        assert unknown.value.hint == f"The job of the model `{made}` is `{NAME}`."
    with pytest.raises(NotFound) as unknown:
        world.serving.models(NAME)
    assert unknown.value.hint == f"That is a job's name; its model is called `{made}`."


def test_the_whole_way_to_the_model(world: World) -> None:
    started(world)
    world.customization.training(NAME)
    world.pass_time(90)
    world.customization.complete(NAME, training_loss=0.42)
    world.pass_time(180)

    [end] = world.said("JobEnded")
    assert end.thread_ts is None
    assert "<@UTRAIN> completed" in end.message.text
    said = [each.message.text.partition(": ")[0] for each in world.said()]
    assert said == ["JobCard", "JobEnded", "ModelCard"]
    model = world.models.find("claims-router")
    assert model is not None
    assert (model.arn, model.training_loss, model.system_prompt, model.held_out) == (
        world.customization.job(NAME).model_arn,
        0.42,
        plan().system_prompt,
        plan().validation_dataset_id or "",
    )
    resource = world.store.get(Key("job", plan().id))
    assert resource is not None
    assert resource.done


def test_elapsed_time_is_by_bedrocks_clock(world: World) -> None:

    aws = FakeClock(datetime(2027, 1, 1, tzinfo=UTC))
    fast = World(aws_clock=aws)
    started(fast)
    aws.advance(7200)
    fast.pass_time(90)

    elapsed = fast.jobs.find(NAME).elapsed
    assert elapsed is not None
    assert elapsed.total_seconds() == 7200


def test_a_card_on_which_only_time_passes_goes_behind_all_other_edits(world: World) -> None:
    """Its gist is the same before and after it was stored: else a thousand jobs would stand before every answer."""
    job, gists = started(world), set[str]()
    for _ in range(4):
        world.pass_time(60)
        stored = world.store.get(Key("job", job))
        assert stored is not None
        gists.add(stored.status["outbox"]["plan"]["gist"])
    assert len(gists) == 1
    assert "Validation=InProgress" in gists.pop(), "written as what it is stored as"


def test_one_listing_a_minute_serves_every_job(world: World) -> None:
    started(world)
    other = plan(job_name="other-1", model_name="other-1")
    world.press("job", proposed(world, other), "start", "UTRAIN")
    world.turn()
    world.pass_time(300)
    before = world.customization.calls.copy()
    world.pass_time(600)

    assert 9 <= world.customization.calls["list_since"] - before["list_since"] <= 13
    assert world.customization.calls["get"] == before["get"]


def test_the_poll_ends_with_the_last_job_and_comes_back_with_the_next(world: World) -> None:
    started(world)
    world.customization.complete(NAME)
    world.pass_time(300)
    poll = world.store.get(Key("poll", "us-west-2"))
    assert poll is not None
    assert poll.done

    other = plan(job_name="other-1", model_name="other-1")
    world.press("job", proposed(world, other), "start", "UTRAIN")
    world.pass_time(200)

    poll = world.store.get(Key("poll", "us-west-2"))
    assert poll is not None
    assert not poll.done


def test_a_failure_is_explained_and_costs_nothing_before_training(world: World) -> None:
    started(world)
    world.customization.fail(
        NAME, "Unable to parse Amazon S3 file: x. Data files must conform to JSONL format."
    )
    world.pass_time(180)

    view = world.jobs.find(NAME)
    assert view.phase is Phase.FAILED
    assert "JSON Lines" in view.explanation
    assert view.mend
    assert view.raw_failure.startswith("Unable to parse")
    assert view.cost.startswith("$0.00")
    assert world.models.find("claims-router") is None
    assert len(world.said("JobEnded")) == 1


# People


def test_over_the_limit_an_approver_is_asked_first() -> None:
    world = World(prices=DEAR)
    job = started(world)

    [card] = world.said("ApprovalCard")
    assert "'UBOSS'" in card.message.text
    assert world.customization.calls["create"] == 0
    assert world.jobs.find(job).phase is Phase.AWAITING_APPROVAL

    world.press("job", job, "approve", "UBOSS")
    world.turn()
    assert world.customization.calls["create"] == 1
    assert "decided_by='UBOSS'" in world.said("ApprovalCard")[0].message.text


def test_a_declined_plan_starts_nothing_and_tells_the_owner() -> None:
    world = World(prices=DEAR)
    job = started(world)
    world.press("job", job, "decline", "UBOSS")
    world.pass_time(120)

    assert world.jobs.find(job).phase is Phase.DECLINED
    assert world.customization.calls["create"] == 0
    assert any("<@UTRAIN>: <@UBOSS> declined" in each.message.text for each in world.said("JobMilestone"))
    assert world.said("JobEnded") == []


def test_an_unknown_price_needs_an_approver() -> None:
    world = World(prices=PriceBook({}))
    job = started(world)

    assert world.jobs.find(job).phase is Phase.AWAITING_APPROVAL


def test_only_an_approver_approves() -> None:
    world = World(prices=DEAR)
    job = started(world)

    with pytest.raises(NotAllowed) as refused:
        world.press("job", job, "approve", "UTRAIN")
    assert "<@UBOSS>" in refused.value.hint


def test_two_presses_of_start_are_one_job(world: World) -> None:
    job = proposed(world)
    world.press("job", job, "start", "UTRAIN")
    world.press("job", job, "start", "UTRAIN")
    with pytest.raises(Refused, match="<@UTRAIN> started this already"):
        world.press("job", job, "start", "UBOSS")
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(120)

    assert len(world.customization.jobs) == 1
    assert len(world.said("JobCard")) == 1


def test_a_cancelled_plan_is_over_and_may_be_proposed_again(world: World) -> None:
    job = proposed(world)
    world.press("job", job, "cancel", "UTRAIN")
    world.pass_time(120)
    assert world.jobs.find(job).phase is Phase.CANCELLED
    with pytest.raises(Refused, match="cancelled"):
        world.press("job", job, "start", "UTRAIN")

    assert started(world) == job
    world.pass_time(60)

    assert (len(world.said("PlanCard")), len(world.said("JobCard"))) == (1, 1)
    assert world.jobs.find(job).phase is Phase.VALIDATING
    assert len(world.customization.jobs) == 1


def test_the_same_plan_proposed_twice_is_one_proposal(world: World) -> None:
    proposed(world)
    proposed(world)

    assert len(world.said("PlanCard")) == 1


@pytest.mark.slow
def test_a_plan_that_nobody_decides_lapses(world: World) -> None:
    job = proposed(world)
    world.pass_time(90_000, step=300)

    assert world.jobs.find(job).phase is Phase.CANCELLED
    assert world.customization.calls["create"] == 0


def test_stop_reaches_bedrock_once_and_says_what_is_billed(world: World) -> None:
    started(world)
    world.customization.training(NAME)
    world.pass_time(60)
    world.jobs.stop(NAME, "UTRAIN")
    world.jobs.stop(NAME, "UTRAIN")
    with pytest.raises(Refused, match="<@UTRAIN> asked to stop it already"):
        world.jobs.stop(NAME, "UBOSS")
    world.pass_time(60)

    assert world.customization.calls["stop"] == 1
    assert world.jobs.find(NAME).phase is Phase.STOPPING
    assert "stopped_by='UTRAIN'" in world.said("JobCard")[0].message.text
    assert world.said("JobMilestone") == []  # nobody is told what they did themselves

    world.customization.stopped(NAME)
    world.pass_time(120)
    assert world.jobs.find(NAME).phase is Phase.STOPPED
    with pytest.raises(Refused, match="That job is over: stopped by <@UTRAIN>"):
        world.jobs.stop(NAME, "UBOSS")


def test_an_unknown_job_is_answered_with_the_nearest_name(world: World) -> None:
    proposed(world)

    with pytest.raises(NotFound) as unknown:
        world.jobs.find("claims-2026122-1")
    assert unknown.value.hint == f"Did you mean `{NAME}`?"


# The account


def test_a_legacy_base_is_refused_kindly_before_anything_is_spent(world: World) -> None:
    world.customization.lifecycles[plan().base_model_id] = Lifecycle(
        "ENDED", datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 9, 10, tzinfo=UTC)
    )
    job = proposed(world)

    with pytest.raises(Refused) as refused:
        world.press("job", job, "start", "UTRAIN")
    assert "10 September 2026" in refused.value.message
    assert "`nova-lite` (us-east-1)" in refused.value.hint
    world.turn()
    assert world.customization.calls["create"] == 0


def test_what_was_mended_is_looked_at_again_when_start_is_pressed(world: World) -> None:
    world.account.role_check = Check(
        "role", False, "The role does not trust Bedrock.", "Mend its trust policy."
    )
    job = proposed(world)
    world.account.role_check = Check("role", True, "fine")
    world.clock.advance(1)

    with pytest.raises(Refused, match="does not trust"):
        world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()

    assert world.customization.calls["create"] == 1


def test_an_unreachable_account_is_told_and_looked_at_again(world: World) -> None:
    world.customization.order("lifecycle", bedrock.down())
    proposed(world)
    assert "could not be reached" in world.said("PlanCard")[0].message.text

    world.pass_time(20)

    assert "could not be reached" not in world.said("PlanCard")[0].message.text


def test_a_name_that_another_job_has_is_told_with_a_free_one(world: World) -> None:
    world.customization.create(plan(owner="UOTHER"), {})
    proposed(world)

    assert f"`{NAME[:-1]}2` is free" in world.said("PlanCard")[0].message.text


def test_a_name_taken_between_plan_and_start_is_refused_and_nothing_is_paid_twice(world: World) -> None:
    job = proposed(world)
    world.customization.create(plan(owner="UOTHER"), {})
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(60)

    view = world.jobs.find(job)
    assert view.phase is Phase.REFUSED
    assert "is free" in view.mend
    assert len(world.customization.jobs) == 1
    assert len(world.said("JobEnded")) == 1


def test_a_refusal_by_bedrock_is_explained(world: World) -> None:
    job = proposed(world)
    world.customization.lifecycles[plan().base_model_id] = Lifecycle("LEGACY")
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(60)

    view = world.jobs.find(job)
    assert view.phase is Phase.REFUSED
    assert "no permission mends it" in view.explanation


def test_a_refused_plan_may_be_tried_again_under_the_same_name(world: World) -> None:
    job = proposed(world)
    fault = bedrock.Fault(Misconfigured("The role is wrong.", detail="PassRole"))
    world.customization.order("create", fault)
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(120)
    assert world.jobs.find(job).phase is Phase.REFUSED

    started(world)

    assert world.jobs.find(job).phase is Phase.VALIDATING


NOT_YET = RoleNotReady("Bedrock cannot use the role.", detail="Could not assume provided IAM role")


def test_a_role_that_was_made_moments_ago_is_waited_for(world: World) -> None:
    job = proposed(world)
    world.customization.order("create", *[bedrock.Fault(NOT_YET)] * 3)
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(60)

    assert world.jobs.find(job).phase is Phase.VALIDATING
    assert len(world.customization.jobs) == 1


def test_a_role_that_cannot_be_taken_for_good_is_told_after_a_while(world: World) -> None:
    job = proposed(world)
    world.customization.order("create", *[bedrock.Fault(NOT_YET)] * 100)
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(60)
    assert world.jobs.find(job).phase is Phase.STARTING
    world.pass_time(120)

    view = world.jobs.find(job)
    assert view.phase is Phase.REFUSED
    assert "cannot use the role" in view.explanation


@pytest.mark.parametrize("fault", [bedrock.lost_reply, bedrock.dropped, bedrock.throttled, bedrock.down])
def test_trouble_at_the_creation_makes_one_job(world: World, fault: Callable[[], bedrock.Fault]) -> None:
    job = proposed(world)
    world.customization.order("create", fault())
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(60)

    assert len(world.customization.jobs) == 1
    assert world.jobs.find(job).phase is Phase.VALIDATING


@pytest.mark.slow
def test_a_bedrock_that_is_away_for_an_hour_loses_nothing(world: World) -> None:
    started(world)
    world.pass_time(60)
    for method in ("list_since", "get"):
        world.customization.order(method, *[bedrock.down()] * 20)
    world.pass_time(3600, step=30)
    world.customization.complete(NAME)
    world.pass_time(600, step=30)

    assert len(world.said("JobEnded")) == 1


def test_a_slack_that_is_away_delays_no_start_and_no_model(world: World) -> None:
    job = proposed(world)
    world.messages.order("update", *[down()] * 3)
    world.messages.order("post", *[down()] * 3)
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(10)
    assert len(world.customization.jobs) == 1

    world.customization.complete(NAME)
    world.pass_time(600)
    assert world.models.find("claims-router") is not None
    assert len(world.said("JobEnded")) == 1


def test_lost_permission_is_told_on_the_card_and_following_goes_on(world: World) -> None:
    started(world)
    world.clock.advance(400)
    denied = Misconfigured("I may not read the job.", hint="Allow bedrock:GetModelCustomizationJob.")
    world.customization.order("list_since", bedrock.down())
    world.customization.order("get", bedrock.Fault(denied))
    world.turn()
    assert world.jobs.find(NAME).explanation == "I may not read the job."

    world.pass_time(120)
    assert world.jobs.find(NAME).explanation == ""


def test_a_job_that_bedrock_has_lost_ends_with_a_sentence(world: World) -> None:
    started(world)
    world.customization.jobs.clear()
    world.pass_time(1200, step=30)

    view = world.jobs.find(NAME)
    assert view.phase is Phase.FAILED
    assert "does not know this job" in view.explanation


def test_a_job_that_bedrock_forgets_for_a_moment_is_followed_on(world: World) -> None:
    started(world)
    world.pass_time(900, step=30)
    before = world.jobs.find(NAME).phase
    kept = dict(world.customization.jobs)
    world.customization.jobs.clear()
    world.pass_time(120, step=30)
    world.customization.jobs.update(kept)

    assert world.jobs.find(NAME).phase is before
    world.customization.complete(NAME)
    world.pass_time(300, step=30)
    assert world.jobs.find(NAME).phase is Phase.COMPLETED


# Crashes

POINTS = ["after-keep-plan", "before-create", "after-create", "before-commit", "after-commit", "before-post",
          "after-post", "before-update", "after-update", "before-find", "before-stop", "after-stop",
          "after-model", "after-reserve", "after-account"]  # fmt: skip


OCCURRENCES = [*range(1, 4), *(pytest.param(each, marks=pytest.mark.slow) for each in range(4, 8))]


@pytest.mark.chaos
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("occurrence", OCCURRENCES)
def test_a_crash_anywhere_leaves_one_job_one_model_and_each_message_once(point: str, occurrence: int) -> None:
    world = World()
    job = world.jobs.propose(plan())
    crashes = int(world.crash_at(point, occurrence))
    world.pass_time(120)
    world.press("job", job, "start", "UTRAIN")
    crashes += world.crash_at(point, occurrence)
    world.pass_time(120)
    world.customization.training(NAME)
    world.jobs.stop(NAME, "UBOSS")
    world.clock.advance(undo.SECONDS)
    crashes += world.crash_at(point, occurrence)
    world.pass_time(120)
    world.customization.complete(NAME)
    world.clock.advance(90)
    crashes += world.crash_at(point, occurrence)
    world.pass_time(400)

    assert crashes or occurrence > 1
    assert len(world.customization.jobs) == 1
    assert world.models.find("claims-router") is not None
    texts = [each.message.text.split("(")[0] for each in world.messages.visible()]
    assert sorted(texts) == sorted(set(texts))
    assert len(world.said("JobCard")) == len(world.said("JobEnded")) == 1
    assert world.said("PlanCard") == []
    assert len(world.said("JobMilestone")) == 1
    assert world.jobs.find(NAME).phase is Phase.COMPLETED
    resource = world.store.get(Key("job", plan().id))
    assert resource is not None
    assert resource.done
    [spent] = world.ledger.kept.values()
    assert (spent.state, spent.committed, spent.actual) == (EntryState.SETTLED, COST, COST)


def test_lost_replies_of_slack_double_nothing(world: World) -> None:
    world.messages.order("post", *[lost_reply()] * 6)
    job = proposed(world)
    world.pass_time(120)
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(300)

    assert (len(world.said("PlanCard")), len(world.said("JobCard"))) == (0, 1)


def test_a_job_that_was_started_when_its_plan_was_another_message_keeps_both(world: World) -> None:
    """Of a bot from before: its live card has a name of its own, and is not left behind as it was."""
    job = proposed(world)
    [planned] = world.said("PlanCard")
    world.press("job", job, "start", "UTRAIN")
    card = world.messages.post("C1", Message("JobCard: old"), marker=marker_of(Key("job", job), "card"))
    row = world.store._rows[Key("job", job)]
    status = json.loads(row.status)
    entry = {**status["outbox"]["plan"], "ts": card, "shown": None, "thread": planned.ts}
    row.status = json.dumps({**status, "outbox": {**status["outbox"], "card": entry}})
    world.pass_time(90)

    [plan_card], [job_card] = world.said("PlanCard"), world.said("JobCard")
    assert (plan_card.ts, job_card.ts) == (planned.ts, card)
    assert "Phase.VALIDATING" in job_card.message.text
