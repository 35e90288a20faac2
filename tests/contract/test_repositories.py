"""Models, conversations and how long jobs took: the contracts, on twins and a real server; and datasets as JSON.

The contract of the datasets' repository itself is in ``test_dataset_repository``.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from redis import Redis

from bot.datasets.model import Cause, Dataset, Report, Role, Severity, Source, Spread, Statistics, Verdict
from bot.datasets.ports import DatasetRepository
from bot.jobs.history import Run
from bot.jobs.ports import JobHistory
from bot.models.model import CustomModel, ModelLabel
from bot.models.ports import ModelRepository
from bot.notifications.model import Quiet, Reader
from bot.notifications.ports import Readers
from bot.profiles.model import RecordFormat
from bot.questions.answerer import Turn
from bot.questions.ports import Conversations
from storage.keys import Keys
from storage.redis_conversations import RedisConversations
from storage.redis_datasets import RedisDatasets
from storage.redis_history import RedisHistory
from storage.redis_models import RedisModels
from storage.redis_preferences import RedisPreferences
from tests.doubles.bedrock import InMemoryModels
from tests.doubles.conversations import InMemoryConversations
from tests.doubles.datasets import MemoryDatasetRepository
from tests.doubles.job_ends import InMemoryHistory
from tests.doubles.readers import InMemoryReaders

OF_A_REGION = "arn:aws:bedrock"
STORED = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)
BOTH = ["twin", pytest.param("redis", marks=pytest.mark.redis_server)]


def dataset(number: int, name: str = "claims", channel: str = "C1") -> Dataset:
    spread = Spread(total=10, minimum=1, median=2, p95=3, maximum=4)
    cause = Cause(
        "EMPTY", Severity.ERROR, 3, (1, 2, 9), "messages[0].role", "It is empty 🙂", "Fill it.", None
    )
    report = Report(
        file=f"{name}.jsonl",
        profile="claude-3-haiku",
        role=Role.TRAINING,
        format=next(iter(RecordFormat)),
        verdict=Verdict.BLOCKED,
        records=40,
        bytes=5_000,
        sha256=f"{number:064x}",
        causes=(cause,),
        statistics=Statistics(40, spread, spread, spread, 1, "You are terse.", 0.75),
    )
    return Dataset(
        id=f"{number:012x}",
        name=name,
        report=report,
        source=Source("F1", channel, "1.2", "U1"),
        stored_at=STORED + timedelta(minutes=number),
        locations={"us-west-2": "s3://bucket/datasets/x.jsonl"},
    )


@pytest.fixture(params=BOTH)
def datasets(request: pytest.FixtureRequest) -> DatasetRepository:
    if request.param == "twin":
        return MemoryDatasetRepository()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisDatasets(client, keys)


@pytest.fixture(params=BOTH)
def models(request: pytest.FixtureRequest) -> ModelRepository:
    if request.param == "twin":
        return InMemoryModels()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisModels(client, keys)


@pytest.fixture(params=BOTH)
def conversations(request: pytest.FixtureRequest) -> Conversations:
    if request.param == "twin":
        return InMemoryConversations()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisConversations(client, keys)


def test_a_dataset_comes_back_as_it_was(datasets: DatasetRepository) -> None:
    datasets.save(dataset(1))
    [found] = datasets.labels(dataset(1).id)
    assert found == dataset(1)
    assert isinstance(found.report.format, RecordFormat)


def test_a_format_that_is_none_of_ours_stays_a_plain_word(datasets: DatasetRepository) -> None:
    odd = replace(dataset(1), report=replace(dataset(1).report, format="chatml"))
    datasets.save(odd)
    assert datasets.labels(odd.id) == [odd]


def test_a_dataset_that_is_kept_under_another_label_stays_where_it_was(datasets: DatasetRepository) -> None:
    datasets.save(dataset(1))
    other = replace(
        dataset(1),
        name="other",
        source=Source("F2", "C2", "", "U2"),
        stored_at=STORED + timedelta(hours=1),
    )
    datasets.save(other)
    assert datasets.newest_from(["C1", "C2"]) == [other, dataset(1)]
    assert datasets.newest_from(["C1"]) == datasets.named("claims") == [dataset(1)]
    assert datasets.named("other") == [other]


def model(name: str, minutes: int = 0) -> CustomModel:
    return CustomModel(
        name=name,
        arn=f"arn:aws:bedrock:us-west-2:1:custom-model/{name}",
        profile="claude-3-haiku",
        region="us-west-2",
        job_id="a1b2",
        dataset_id="c3d4",
        dataset_name="claims",
        owner="U1",
        channel="C1",
        created=STORED + timedelta(minutes=minutes),
        system_prompt="You are terse.",
        training_loss=0.5,
    )


def test_a_model_is_found_by_its_name_in_any_case(models: ModelRepository) -> None:
    models.save(model("Claims-Router"))
    assert models.find("claims-router") == model("Claims-Router")
    assert models.find("claims") is None


def test_models_are_newest_first_and_replaced_by_name(models: ModelRepository) -> None:
    models.save(model("a", 1))
    models.save(model("b", 2))
    models.save(model("a", 3))
    assert models.all() == [model("a", 3), model("b", 2)]


def label(arn: str, name: str, *former: str, minutes: int = 0, deleted: bool = False) -> ModelLabel:
    made_as = arn.rpartition("/")[2]
    return ModelLabel(
        arn, "a1b2", made_as, name, "U1", STORED + timedelta(minutes=minutes), former, deleted=deleted
    )


def test_a_model_answers_to_what_people_call_it_and_called_it_before(models: ModelRepository) -> None:
    made, other = model("Made", 1), model("other", 2)
    models.save(made)
    models.save(other)
    for _ in range(2):
        models.label(lambda: label(made.arn, "Triage", "Made", "Claims", minutes=3))

    called = replace(made, name="Triage", made_as="Made")
    assert [models.find(each) for each in ("triage", "MADE", "claims", "other")] == [called] * 3 + [other]
    assert models.find("nothing") is None
    assert models.all() == [other, called]
    assert called.at_bedrock == "Made"
    models.save(made)
    assert models.find("triage") == called, "whoever finds it again at Bedrock leaves people their name"
    models.label(lambda: label(other.arn, "claims", "other", minutes=4))
    assert models.find("claims") == replace(other, name="claims", made_as="other"), (
        "the name that it has goes first"
    )
    assert [each.name for each in models.labels()] == ["claims", "Triage"]


def test_a_deleted_model_is_not_there_and_comes_back_with_nothing_but_a_new_one(
    models: ModelRepository,
) -> None:
    made = model("made", 1)
    models.save(made)
    models.label(lambda: label(made.arn, "made", deleted=True))
    models.save(made)
    assert models.find("made") is None
    assert models.all() == []
    assert [each.deleted for each in models.labels()] == [True]
    assert models.made(made.arn) == made, "what was trained further from it goes no further than it did"

    again = replace(made, arn=f"{made.arn}-2", created=STORED + timedelta(hours=1))
    models.save(again)
    assert models.find("made") == again
    assert models.all() == [again]
    assert (models.made(made.arn), models.made(again.arn)) == (None, again)


def test_two_models_of_one_name_in_two_regions_are_both_kept(models: ModelRepository) -> None:
    """Bedrock gives a name once in a region: a job that was made elsewhere may give it again in another."""
    here = replace(model("claims", 1), arn=f"{OF_A_REGION}:us-west-2:1:custom-model/a")
    there = replace(
        model("claims", 2),
        arn=f"{OF_A_REGION}:us-east-1:1:custom-model/b",
        region="us-east-1",
        profile="nova-lite",
    )
    beside = replace(there, name="claims@us-east-1", made_as="claims")
    for each in (here, there, here, there):  # as often as it is told
        models.save(each)
    assert models.find("claims") == here
    assert models.find("CLAIMS@us-east-1") == beside
    assert models.all() == [beside, here]
    assert [models.made(each.arn) for each in (here, there)] == [here, beside]

    models.label(lambda: replace(label(there.arn, "triage", beside.name, minutes=3), made_as="claims"))
    called = replace(beside, name="triage")
    assert [models.find(each) for each in ("triage", "claims@us-east-1", "claims")] == [called, called, here]
    models.label(lambda: replace(label(here.arn, "claims", minutes=4, deleted=True), made_as="claims"))
    assert models.find("claims") is None
    assert models.find("triage") == called


def test_a_name_that_was_given_anew_in_its_region_is_the_new_model(models: ModelRepository) -> None:
    made = model("claims", 1)
    again = replace(made, arn=f"{made.arn}-2", created=STORED + timedelta(hours=1))
    models.save(made)
    models.save(again)
    assert (models.find("claims"), models.all()) == (again, [again])


@pytest.mark.slow
def test_no_model_is_too_old_to_be_known(models: ModelRepository) -> None:
    """Tried: what is looked for among all, with more of them than one look used to read."""
    made = [model(f"m{number}", number) for number in range(1_100)]
    for each in made:
        models.save(each)
    for each in made:
        models.label(partial(label, each.arn, f"called-{each.name}", minutes=1, deleted=each.name == "m0"))
    oldest = replace(made[1], name="called-m1", made_as="m1")
    assert models.find("called-m1") == oldest
    assert models.made(made[1].arn) == made[1]
    assert len(models.labels()) == 1_100
    assert [each.name for each in models.all()] == [f"called-m{number}" for number in range(1_099, 0, -1)]


def test_a_conversation_keeps_its_turns_in_order(conversations: Conversations) -> None:
    conversations.append("C1", "1.1", "q1", Turn("user", "Hello?"), Turn("assistant", "Hello 🙂"))
    conversations.append("C1", "1.1", "q2", Turn("user", "And?"))
    conversations.append("C1", "2.2", "q3", Turn("user", "Elsewhere"))
    assert [turn.text for turn in conversations.turns("C1", "1.1")] == ["Hello?", "Hello 🙂", "And?"]
    assert conversations.turns("C2", "1.1") == []


def test_what_was_said_before_a_question(conversations: Conversations) -> None:
    for number in (1, 2, 3):
        conversations.append("C1", "1.1", f"q{number}", Turn("user", f"{number}?"), Turn("assistant", "!"))
    for before, said in (("q1", []), ("q3", ["1?", "!", "2?", "!"]), ("", 6), ("unknown", 6)):
        found = [turn.text for turn in conversations.turns("C1", "1.1", before=before)]
        assert (len(found) if isinstance(said, int) else found) == said, before


def test_the_same_question_is_kept_once(conversations: Conversations) -> None:
    for _ in range(2):
        conversations.append("C1", "1.1", "q1", Turn("user", "Hello?"))
    assert conversations.turns("C1", "1.1") == [Turn("user", "Hello?")]


def test_what_is_taken_back_is_forgotten_and_nothing_else(conversations: Conversations) -> None:
    for number in (1, 2, 3):
        conversations.append("C1", "1.1", f"q{number}", Turn("user", f"{number}?"), Turn("assistant", "!"))
    conversations.append("C1", "2.2", "q2", Turn("user", "Elsewhere"))
    for each in ("q2", "q2", "unknown"):
        conversations.forget("C1", "1.1", each)
    conversations.forget("C9", "1.1", "q1")
    assert [turn.text for turn in conversations.turns("C1", "1.1")] == ["1?", "!", "3?", "!"]
    assert conversations.turns("C1", "2.2") == [Turn("user", "Elsewhere")]


def test_a_conversation_is_bounded(conversations: Conversations) -> None:
    for number in range(30):
        conversations.append("C1", "1.1", f"q{number}", Turn("user", f"{number}"), Turn("assistant", "Yes."))
    turns = conversations.turns("C1", "1.1")
    assert (len(turns), turns[0].text, turns[-2].text) == (40, "10", "29")


def test_a_thread_remembers_its_model(conversations: Conversations) -> None:
    assert conversations.model_of("C1", "1.1") is None
    conversations.bind("C1", "1.1", "claims-router")
    conversations.bind("C1", "1.1", "other")
    assert conversations.model_of("C1", "1.1") == "other"
    assert conversations.model_of("C1", "2.2") is None


def test_a_thread_that_begins_with_a_question_is_known_whatever_is_said_in_it(
    conversations: Conversations,
) -> None:
    for _ in range(2):
        conversations.begin("C1", "1.1")
    conversations.bind("C1", "1.1", "claims-router")
    conversations.bind("C1", "2.2", "claims-router")

    threads = [("C1", "1.1"), ("C1", "2.2"), ("C2", "1.1")]
    assert [conversations.began_in(*each) for each in threads] == [True, False, False]


@pytest.fixture(params=BOTH)
def history(request: pytest.FixtureRequest) -> JobHistory:
    if request.param == "twin":
        return InMemoryHistory()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisHistory(client, keys)


def finished(number: int, profile: str = "claude-3-haiku") -> Run:
    stages = (("Validation", 180.0), ("Training", 2400.5))
    return Run(f"job{number}", profile, 85, 2, stages, 3000.0, STORED + timedelta(hours=number))


def test_the_history_of_a_base_is_latest_first_and_has_each_job_once(history: JobHistory) -> None:
    for number in (1, 3, 2, 3):
        history.save(finished(number))
    history.save(finished(4, "nova-lite"))

    assert history.newest("claude-3-haiku") == [finished(3), finished(2), finished(1)]
    assert history.newest("claude-3-haiku", limit=1) == [finished(3)]
    assert history.newest("nova-pro") == []


@pytest.fixture(params=BOTH)
def readers(request: pytest.FixtureRequest) -> Readers:
    if request.param == "twin":
        return InMemoryReaders()
    return RedisPreferences(request.getfixturevalue("redis_client"), request.getfixturevalue("redis_keys"))


def test_what_a_reader_said_last_counts(readers: Readers) -> None:
    assert readers.get("U1") is None
    readers.save(Reader("U1", Quiet(22, 7), STORED))
    readers.save(Reader("U2", None, STORED))
    assert readers.get("U1") == Reader("U1", Quiet(22, 7), STORED)
    readers.save(Reader("U1", None, STORED + timedelta(days=1)))
    assert readers.get("U1") == Reader("U1", None, STORED + timedelta(days=1))
