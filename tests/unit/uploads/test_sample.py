"""*Try a sample*: our own dataset is shared where it was asked for, and judged as any file, once."""

from pathlib import Path

import pytest

from bot.controller.crash_points import crashing
from bot.datasets.model import Verdict
from bot.playground import samples
from bot.uploads import sample
from bot.uploads.cards import VerdictCard
from bot.uploads.model import KIND
from tests.examples import kills
from tests.unit.uploads.test_upload import World, killed_at

IN_THE_PLAYGROUND = Path(str(samples.__file__)).parent / "claims.jsonl"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def tries(world: World, thread: str | None, asked_in: str = "t1") -> bool:
    return world.service.try_sample(channel="C1", thread_ts=thread, user="U1", asked_in=asked_in)


def verdicts(world: World) -> list[VerdictCard]:
    return [each for each in world.cards.drawn if isinstance(each, VerdictCard)]


def test_it_is_the_sample_of_the_playground() -> None:
    assert sample.content() == IN_THE_PLAYGROUND.read_bytes(), "copy the one over the other"


def test_it_is_shared_in_the_thread_judged_and_kept(world: World) -> None:
    assert tries(world, world.root)
    world.run()

    assert world.files.shared[0] == ("C1", world.root, "claims.jsonl")
    assert world.files.content("claims.jsonl") == sample.content()
    (card,) = verdicts(world)
    assert card.report.verdict is Verdict.READY
    (dataset,) = world.repository.datasets
    assert (dataset.name, dataset.source.user) == ("claims", "U1")
    assert world.files.info(dataset.source.file_id).name == "claims.jsonl"
    assert [each.name for each in world.service.lately("U1")] == ["claims.jsonl"]


def test_in_a_thread_it_is_there_once_and_in_the_channel_once_for_each_press(world: World) -> None:
    assert tries(world, world.root)
    assert not tries(world, world.root, "t2")
    assert tries(world, None, "t3")
    assert not tries(world, None, "t3")
    assert tries(world, None, "t4")

    assert len(world.resources.of_kind(KIND)) == 3


@pytest.mark.slow
def test_wherever_the_process_dies_it_is_shared_and_judged_once(tmp_path: Path) -> None:
    names: list[str] = []
    whole = World(tmp_path)
    tries(whole, whole.root)
    with crashing(names.append):
        whole.run()
    assert {"after-upload", "before-share", "after-share", "before-post", "after-post"} <= set(names)
    for place in kills(names):
        name = names[place - 1]
        world = World(tmp_path)
        tries(world, world.root)
        with killed_at(place):
            world.run()
        world.run()
        shared = [each for each in world.files.shared if each[2] == "claims.jsonl"]
        assert shared == [("C1", world.root, "claims.jsonl")], (place, name)
        assert len(world.texts()) == len(whole.texts()), (place, name)
