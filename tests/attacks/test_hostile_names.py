"""Names that want to be more than a name: in S3's keys, in AWS's names and tags, in Redis's keys.

Tried: names that lead elsewhere (folders, other buckets, other keys, patterns), that end a line or a word, that are
empty, endless or in other writing, at every door that takes one: the form, ``/tune start``, a file that is dropped, a
file of prompts, a model that is served, and what is typed to find any of them.

What must happen: what AWS is given follows AWS's own rules and is made of digests; a key in Redis is one of its own
collection; each thing is found under its own name and under no other; a name that cannot be is refused in words.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot.controller.model import Key
from bot.datasets.service import dataset_name
from bot.distillations.plan import PromptSource
from bot.errors import BadField, TunesmithError
from bot.leases.endpoint import EndpointStatus
from bot.names import NAMES
from bot.profiles.service_patterns import (
    CLIENT_TOKEN,
    JOB_NAME,
    MODEL_NAME,
    PROVISIONED_MODEL_NAME,
    S3_URI,
    check_tags,
)
from storage.keys import Keys
from storage.redis_datasets import RedisDatasets
from storage.redis_models import RedisModels
from storage.redis_resources import RedisResources
from storage.redis_shares import RedisShares
from tests.attacks.test_break_glass import UNSEEN
from tests.doubles.classroom import PROMPTS, Classroom
from tests.doubles.clock import FakeClock
from tests.doubles.dataset_values import dataset as named_dataset
from tests.doubles.datasets import MemoryDatasetRepository
from tests.doubles.resources import InMemoryResources
from tests.doubles.visibility import FakeChannelMemberships, directory
from tests.doubles.world import World
from tests.handlers.door import make_door
from tests.unit.jobs.samples import dataset, model

HOSTILE = (
    "../../plans/x", "..", ".", "a/b", "a\\b", "/", "//", "s3://other/bucket/key", "datasets/", "a?versionId=1", "a#b",
    "{other}:resource:job:1", "x}:{y", "{", "}", "name:claims", "content:ab", "all", "by:all", "channel:C1", ":",
    "claims:", "*", "?[a-z]*", "[^x]", "a b", "a\r\nFLUSHALL\r\n", "a\nb", "\t", "\x00", "a\x00b", "\u202egnp.x",
    "\u200b",
    "é" * 200, "数据", "x" * 5_000, "%2e%2e%2f", "$(rm -rf /)", "`id`", "'; DROP TABLE x", '{"a": 1}', "<@U0VICTIM1>",
    "<!here>", "arn:aws:bedrock:us-west-2:1:custom-model/x", "-", "--help", "-x-", "_", "a__b", "+", "None", "0",
    "ab" * 6,
)  # fmt: skip
TYPED = tuple(name for name in HOSTILE if name == name.strip().strip("`"))
"""Those that can be typed as they are: what stands around a name is taken off it."""


def digest(number: int) -> str:
    return f"{number:012x}{0:052x}"


def check_job(world: World) -> None:
    """Hold what was given to AWS, and kept in S3, against the service's own patterns."""
    for job in world.customization.jobs.values():
        JOB_NAME.check(job.plan.job_name)
        MODEL_NAME.check(job.plan.model_name)
        CLIENT_TOKEN.check(job.token)
        S3_URI.check(job.plan.training_uri)
        S3_URI.check(job.plan.output_uri)
        check_tags(job.tags)
    for _, key in world.plans.kept:
        assert len(key) == 64
        assert set(key) <= set("0123456789abcdef")


@pytest.mark.slow
def test_a_dataset_of_any_name_becomes_a_job_under_a_name_that_aws_takes() -> None:
    world = World()
    world.datasets.datasets = [dataset(name, sha256=digest(number)) for number, name in enumerate(HOSTILE, 1)]
    wrong: list[tuple[str, str]] = []
    for number, name in enumerate(HOSTILE, 1):
        try:
            plan = world.jobs.template(digest(number)[:12], owner="UTRAIN", channel="C1")
            assert plan.dataset_sha256 == digest(number)
            job = world.jobs.propose(plan)
            world.turn()
            world.press("job", job, "start", "UTRAIN")
            world.turn()
        except (TunesmithError, AssertionError) as error:
            wrong.append((name[:40], repr(error)))
    assert wrong == []
    check_job(world)
    assert {key for _, key in world.plans.kept} == {job.token for job in world.customization.jobs.values()}


@pytest.mark.parametrize("field", ["job_name", "model_name"])
def test_a_name_that_is_typed_is_taken_by_the_rule_or_refused_beside_its_field(field: str) -> None:
    world = World()
    names: dict[str, Any] = {"job_name": "mine", "model_name": "mine"}
    rule = JOB_NAME if field == "job_name" else MODEL_NAME
    wrong: list[Any] = []
    for name in HOSTILE:
        try:
            plan = world.jobs.draft(
                dataset="claims",
                profile="claude-3-haiku",
                hyperparameters={},
                validation_dataset=None,
                owner="UTRAIN",
                channel="C1",
                **(names | {field: name}),
            )
        except BadField as refused:
            if refused.field != field:
                wrong.append((name[:40], refused.field))
            continue
        kept = str(getattr(plan, field))
        if kept != name.strip() or not rule.pattern.fullmatch(kept):
            wrong.append((name[:40], kept))
    assert wrong == []


@pytest.mark.slow
def test_a_model_of_any_name_is_served_under_a_name_that_aws_takes() -> None:
    """AWS itself gave these names; a bot reads them, and whatever they are they are never its own words."""
    world = World()
    for name in TYPED:
        world.models.save(model(name))
    for number, name in enumerate(TYPED):
        wanted = world.leases.plan(model=name, minutes=60, owner="UTRAIN", channel="C1", request=str(number))
        lease = world.leases.propose(wanted)
        world.turn()
        world.press("lease", lease, "start", "UTRAIN")
        world.turn()
        assert world.store.get(Key("lease", lease))
    served = list(world.endpoints.endpoints.values())
    assert {each.status for each in served} == {EndpointStatus.CREATING}
    assert len({each.plan.endpoint_name for each in served}) == len(served) == len(TYPED)
    for each in served:
        PROVISIONED_MODEL_NAME.check(each.plan.endpoint_name)
        check_tags(each.tags)


@pytest.mark.slow
def test_prompts_of_any_name_are_asked_under_a_name_that_aws_takes(tmp_path: Path) -> None:
    world = Classroom(tmp_path)
    for number, name in enumerate(HOSTILE):
        file = world.files.add(PROMPTS, name=f"{name}.txt", user="UTRAIN")
        source = PromptSource(name=f"{name}.txt", file_id=file.id)
        plan = world.propose(source=source, asked_in=str(number))
        JOB_NAME.check(plan.job_name)
        S3_URI.check(plan.output_uri)
        if number % 9 == 0:  # reading them costs more
            world.turn()
            world.press("distillation", plan.id, "start", "UTRAIN")
            world.turn()
    asked = list(world.jobs_at_bedrock.jobs.values())
    assert len(asked) == len(HOSTILE[::9])
    for each in asked:
        S3_URI.check(each.order.input_uri)
        check_tags(each.tags)


@pytest.mark.redis_server
def test_a_name_is_one_key_of_its_own_collection_in_redis(redis_client: Redis, redis_keys: Keys) -> None:
    """Every name is kept beside all others, found under itself alone, and writes nothing anywhere else."""
    datasets, models = RedisDatasets(redis_client, redis_keys), RedisModels(redis_client, redis_keys)
    others = Keys("bystander")
    RedisModels(redis_client, others).save(model("untouched"))
    before = set(redis_client.scan_iter(count=1000))
    for number, name in enumerate(HOSTILE, 1):
        datasets.save(dataset(name, sha256=digest(number)))
        models.save(model(name))
    root = redis_keys.root
    kept = set(redis_client.scan_iter(count=1000)) - before
    collections = (
        f"{root}:datasets:doc:",
        f"{root}:datasets:by:",
        f"{root}:models:doc:",
        f"{root}:models:by:",
    )
    apart = {redis_keys.dataset_senders(), redis_keys.sole(NAMES)}
    assert {key for key in kept if not key.startswith(collections)} == apart
    folded = {name.casefold() for name in HOSTILE}
    wrong = [
        name
        for name in HOSTILE
        if (found := models.find(name)) is None or found.name.casefold() != name.casefold()
    ]
    wrong += [
        name
        for name in HOSTILE
        if {each.name.casefold() for each in datasets.named(name)} != {name.casefold()}
    ]
    assert wrong == []
    assert len(datasets.newest_from(["C1"], limit=500)) == len(HOSTILE)
    assert len(models.all()) == len(folded)


@pytest.mark.slow
@pytest.mark.redis_server
def test_what_is_typed_to_find_something_reaches_no_key_of_another_kind(
    redis_client: Redis, redis_keys: Keys
) -> None:
    resources, datasets = RedisResources(redis_client, redis_keys), RedisDatasets(redis_client, redis_keys)
    models, shares = RedisModels(redis_client, redis_keys), RedisShares(redis_client, redis_keys)
    datasets.save(dataset(sha256=digest(999)))
    models.save(model())
    before = {key: redis_client.dump(key) for key in redis_client.scan_iter(count=1000)}
    for typed in (*HOSTILE, "claims:doc:x", "../models:doc:claims-router", "job:1", "claims-router:by:all"):
        assert datasets.labels(typed) == datasets.named(typed) == [], typed
        assert models.find(typed) is None, typed
        assert resources.get(Key("job", typed)) is None, typed
    assert shares.all() == []
    assert {key: redis_client.dump(key) for key in redis_client.scan_iter(count=1000)} == before


def test_a_name_in_which_nothing_can_be_seen_is_none() -> None:
    """Tried: a dataset that stands in every list as an empty place, by its file's name and by another name."""
    for unseen in UNSEEN:
        assert dataset_name(f"{unseen * 3}.jsonl") == f"{unseen * 3}.jsonl", "with the ending, which is seen"
        assert dataset_name(unseen) == "dataset"
        door = make_door()
        door.datasets.save(replace(dataset(), source=replace(dataset().source, user=door.user)))
        door.command(f"rename claims {unseen * 3}")
        assert "cannot be a dataset's name" in door.said


def test_a_thousand_datasets_of_a_name_elsewhere_hide_nobody_s_own() -> None:
    """Tried: so many files of one name, dropped into a private channel, that others find theirs no more."""
    places, repository = FakeChannelMemberships(), MemoryDatasetRepository()
    places.private("C9CROWD", "UCROWD")
    repository.save(named_dataset(channel="C1"))
    for seed in range(1, 1_002):
        repository.save(named_dataset(seed=seed, channel="C9CROWD"))
    mine = directory(InMemoryResources(FakeClock()), repository, memberships=places)
    found = mine.dataset("claims")
    assert found is not None
    assert found.source.channel == "C1"
    assert [each.source.channel for each in mine.versions("claims")] == ["C1"]
