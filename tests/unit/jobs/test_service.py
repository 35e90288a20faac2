from dataclasses import replace

import pytest

from bot.datasets.model import Cause, Dataset, Role, Severity, Verdict
from bot.derivations.splitting.model import Split
from bot.errors import BadField, Misconfigured, NotAllowed, NotFound, Refused, Unavailable
from bot.jobs.model import JobPlan
from bot.jobs.service import JobService
from tests.doubles.world import World
from tests.unit.jobs.samples import ACCESS, PRICES, SETTINGS, SYSTEM, dataset, model

HELD_OUT = dataset("held-out", records=40, role=Role.VALIDATION, sha256="cd" * 32)


@pytest.fixture
def world() -> World:
    made = World()
    made.datasets.save(HELD_OUT)
    return made


def draft(world: World, **changes: object) -> JobPlan:
    filled = {
        "dataset": "claims",
        "profile": "claude-3-haiku",
        "job_name": "claims-1",
        "model_name": "claims-router",
        "hyperparameters": {},
        "validation_dataset": None,
        "owner": "UTRAIN",
        "channel": "C1",
        **changes,
    }
    return world.jobs.draft(**filled)  # type: ignore[arg-type]


def test_a_draft_is_a_whole_plan(world: World) -> None:
    made = draft(world, hyperparameters={"epochCount": "6", "batchSize": " "}, validation_dataset="held-out")

    assert made.base_model_id == "anthropic.claude-3-haiku-20240307-v1:0:200k"
    assert made.hyperparameters["epochCount"] == "6"
    assert made.hyperparameters["batchSize"] == "32"
    assert made.training_uri == dataset().locations["us-west-2"]
    assert made.validation_uri == HELD_OUT.locations["us-west-2"]
    assert made.output_uri == "s3://tunesmith-west/jobs/"
    assert (made.records, made.tokens, made.system_prompt) == (85, 42_000, SYSTEM)


def side(name: str, role: Role, digest: str, seed: int = 7, parent: str = "ef" * 32) -> Dataset:
    effects = Split(120, 80, 40, 0.33, seed, 0, 0, None, (), ()).effects()
    training = role is Role.TRAINING
    return replace(
        dataset(name, records=80 if training else 40, role=role, sha256=digest * 32),
        parent=parent,
        history=(effects[0] if training else effects[1],),
    )


def test_the_validation_set_of_the_same_split_is_chosen_already(world: World) -> None:
    training = side("claims.train", Role.TRAINING, "a1")
    for each in (
        training,
        side("claims.validation", Role.VALIDATION, "a2"),
        side("claims.validation", Role.VALIDATION, "a3", seed=8),
        side("other.validation", Role.VALIDATION, "a4", parent="aa" * 32),
    ):
        world.datasets.save(each)

    assert world.jobs.defaults(training).validation_dataset == "a2" * 6
    assert world.jobs.defaults(dataset()).validation_dataset is None
    assert world.jobs.defaults(training, "llama-3.3-70b").validation_dataset == "a2" * 6
    assert world.jobs.defaults(training, "nova-2-lite").validation_dataset is None, "it takes none"


def test_of_two_validation_sets_that_may_be_meant_none_is_chosen(world: World) -> None:
    training = side("claims.train", Role.TRAINING, "a1")
    for each in (training, *(side("v", Role.VALIDATION, digest) for digest in ("a2", "a3"))):
        world.datasets.save(each)

    assert world.jobs.defaults(training).validation_dataset is None


def test_the_same_form_is_the_same_plan(world: World) -> None:
    assert draft(world).digest == draft(world).digest
    assert draft(world).digest != draft(world, hyperparameters={"epochCount": "3"}).digest


def test_a_dataset_is_found_by_id_too(world: World) -> None:
    assert draft(world, dataset=dataset().id).dataset_name == "claims"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"dataset": "clams"}, "dataset", "Did you mean `claims`?"),
        ({"dataset": "zzz"}, "dataset", "There is no dataset"),
        ({"profile": "claude-3-haikoo"}, "profile", "Did you mean `claude-3-haiku`?"),
        ({"profile": "nova-micro"}, "dataset", "/tune convert claims for nova-micro"),
        ({"job_name": "with_underscore"}, "job_name", "no underscore"),
        ({"model_name": "no.dots"}, "model_name", "no dots"),
        ({"hyperparameters": {"epochCount": "11"}}, "epochCount", "1 to 10"),
        ({"hyperparameters": {"learningRate": "0.1"}}, "learningRate", "learningRateMultiplier"),
        ({"validation_dataset": "claims"}, "validation_dataset", "training dataset itself"),
        ({"validation_dataset": "zzz"}, "validation_dataset", "There is no dataset"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_takes(
    world: World, changes: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(BadField) as bad:
        draft(world, **changes)
    assert bad.value.field == field
    assert words in bad.value.sentence


@pytest.mark.parametrize("verdict", [Verdict.REPAIRABLE, Verdict.BLOCKED])
def test_only_a_dataset_that_is_ready_is_trained_on(world: World, verdict: Verdict) -> None:
    found = dataset(verdict=verdict)
    error = Cause("empty", Severity.ERROR, 12, (3, 7), "", "A text is empty.", "Fill it.", None)
    world.datasets.datasets = [replace(found, report=replace(found.report, causes=(error,)))]

    with pytest.raises(BadField, match="has 1 error and no warnings"):
        draft(world)


def test_a_dataset_with_too_few_records_is_refused_with_the_limits(world: World) -> None:
    world.datasets.datasets = [dataset(records=31)]

    with pytest.raises(BadField) as bad:
        draft(world)
    assert "32 to 10000" in bad.value.hint


def test_training_and_validation_have_a_limit_together(world: World) -> None:
    world.datasets.datasets = [dataset(records=9_980), HELD_OUT]

    with pytest.raises(BadField) as bad:
        draft(world, validation_dataset="held-out")
    assert bad.value.field == "validation_dataset"
    assert "10020" in bad.value.message


def test_a_validation_dataset_has_a_limit_of_its_own(world: World) -> None:
    world.datasets.datasets = [dataset(), dataset("big", records=1_001, sha256="ef" * 32)]

    with pytest.raises(BadField, match="1001 records"):
        draft(world, validation_dataset="big")


def test_nova_2_lite_takes_no_validation_dataset(world: World) -> None:
    world.datasets.datasets = [
        dataset(profile="nova-2-lite", records=500),
        dataset("held-out", profile="nova-2-lite", records=300, sha256="cd" * 32),
    ]

    assert draft(world, profile="nova-2-lite").hyperparameters == {
        "epochCount": "2",
        "learningRate": "0.00001",
        "learningRateWarmupSteps": "10",
        "batchSize": "1",
    }
    with pytest.raises(BadField, match="takes no validation dataset"):
        draft(world, profile="nova-2-lite", validation_dataset="held-out")


def test_a_report_for_a_sister_base_holds_for_another(world: World) -> None:
    world.datasets.datasets = [dataset(profile="nova-micro")]

    assert draft(world, profile="nova-pro").base_model_id == "amazon.nova-pro-v1:0:300k"
    with pytest.raises(BadField, match="whose limits differ"):
        draft(world, profile="nova-2-lite")


def test_a_dataset_that_is_not_in_the_region_is_told_as_that(world: World) -> None:
    world.datasets.datasets = [replace(dataset(), locations={"us-east-1": "s3://x/y.jsonl"})]

    with pytest.raises(BadField, match="not stored in us-west-2"):
        draft(world)


def test_names_that_are_used_are_refused_with_free_ones(world: World) -> None:
    world.models.save(model("claims-router"))
    with pytest.raises(BadField) as bad:
        draft(world)
    assert (bad.value.field, bad.value.hint) == ("model_name", "`claims-router-2` is free.")

    world.jobs.propose(draft(world, model_name="other"))
    with pytest.raises(BadField) as bad:
        draft(world, model_name="another", owner="UBOSS")
    assert (bad.value.field, bad.value.hint) == ("job_name", "`claims-2` is free.")


def test_a_missing_setting_is_the_operators_business() -> None:
    world = World()
    for settings, name in (
        (replace(SETTINGS, role_arn=""), "TUNESMITH_ROLE_ARN"),
        (replace(SETTINGS, buckets={}), "TUNESMITH_BUCKETS"),
    ):
        world.jobs = JobService(
            world.store,
            world.directory(),
            PRICES,
            ACCESS,
            world.clock,
            settings,
            world.budget_service,
            world.unmanaged,
        )
        with pytest.raises(Misconfigured) as missing:
            draft(world)
        assert name in missing.value.hint


def test_only_trainers_draft(world: World) -> None:
    with pytest.raises(NotAllowed):
        draft(world, owner="UASKER")


def test_the_form_is_filled_from_the_dataset(world: World) -> None:
    defaults = world.jobs.defaults(dataset())

    assert defaults.profile == "claude-3-haiku"
    assert defaults.job_name == defaults.model_name == "claims-20261122-1"
    assert [each.name for each in defaults.hyperparameters][:2] == ["epochCount", "batchSize"]
    assert defaults.hyperparameters[0].range_text == "1 to 10, whole; default 2"
    assert defaults.hyperparameters[4].needs_validation
    assert defaults.validation_allowed


def test_the_form_can_be_filled_for_another_base_and_without_a_dataset(world: World) -> None:
    assert not world.jobs.defaults(None, "nova-2-lite").validation_allowed
    assert world.jobs.defaults(None).job_name == "claude-3-haiku-20261122-1"
    with pytest.raises(NotFound):
        world.jobs.defaults(None, "gpt-2")


def test_suggested_names_pass_over_what_is_used(world: World) -> None:
    first = world.jobs.defaults(dataset())
    world.jobs.propose(draft(world, job_name=first.job_name, model_name=first.model_name))

    assert world.jobs.defaults(dataset()).job_name == "claims-20261122-2"


def test_jobs_are_listed_by_owner_and_state(world: World) -> None:
    mine = world.jobs.propose(draft(world))
    world.jobs.propose(draft(world, job_name="boss-1", model_name="boss-1", owner="UBOSS"))
    world.turn()

    assert [view.id for view in world.jobs.list("mine", "UTRAIN").views] == [mine]
    assert [view.name for view in world.jobs.list("all", "UTRAIN").views] == ["boss-1", "claims-1"]
    assert world.jobs.list("running", "UTRAIN").views == ()
    assert world.jobs.names() == ["boss-1", "claims-1"]

    world.press("job", mine, "start", "UTRAIN")
    world.turn()
    assert [view.name for view in world.jobs.list("running", "UTRAIN").views] == ["claims-1"]


def test_a_job_is_found_by_name_in_any_case_and_by_id(world: World) -> None:
    job = world.jobs.propose(draft(world))

    assert (
        world.jobs.find("CLAIMS-1").id == world.jobs.find(job).id == world.jobs.find("`claims-1`").id == job
    )


def test_a_press_before_the_first_look_waits(world: World) -> None:
    job = world.jobs.propose(draft(world))

    with pytest.raises(Refused, match="still looking"):
        world.press("job", job, "start", "UTRAIN")


def test_what_was_not_started_cannot_be_stopped(world: World) -> None:
    job = world.jobs.propose(draft(world))
    world.turn()

    with pytest.raises(Refused) as refused:
        world.jobs.stop(job, "UTRAIN")
    assert "Cancel" in refused.value.hint


def test_a_press_on_nothing_is_told(world: World) -> None:
    with pytest.raises(NotFound):
        world.press("job", "0123456789ab", "start", "UTRAIN")


def test_a_store_that_is_away_starts_nothing(world: World) -> None:
    plan = draft(world)
    world.store.down = True

    with pytest.raises(Unavailable):
        world.jobs.propose(plan)
    world.store.down = False
    assert world.store.of_kind("job") == []
