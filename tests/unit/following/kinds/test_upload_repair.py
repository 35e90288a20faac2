"""*Repair all*: the corrected copy of a file, its summary and its verdict, once, whatever happens."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.datasets.cards import VerdictCard
from bot.datasets.model import Role, Verdict
from bot.datasets.validation import validate
from bot.errors import Misconfigured
from bot.following.crash_points import crashing
from bot.following.kinds.upload_record import load
from bot.profiles import registry
from tests.doubles.messages import Failure, down, dropped, lost_reply, refused, throttled
from tests.unit.datasets.samples import good, lines
from tests.unit.following.kinds.test_upload import World, killed_at

DONE = "repaired claims.jsonl Dropped 1 blank line. Lowered the roles in 1 row. Wrote 40 rows."
HAIKU = registry.get("claude-3-haiku")


def mendable() -> bytes:
    """Return a file in which one role has a capital, and one line is blank."""
    wrong = json.dumps(good(0)).replace('"user"', '"User"', 1)
    return wrong.encode() + b"\n\n" + lines(pad=40).partition(b"\n")[2]


class Repair(World):
    """A file that can be repaired, judged in its thread, and the button under its verdict."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, mendable())
        self.receive()
        self.run()
        [card] = [each for each in self.cards.drawn if isinstance(each, VerdictCard)]
        assert card.report.verdict is Verdict.REPAIRABLE
        self.upload = card.upload
        self.before = len(self.answers())
        self.attached = len(self.files.shared)

    def press(self, user: str = "U1") -> bool:
        return self.desk.repair(self.upload, channel="C1", thread_ts=self.root, user=user)

    def said(self) -> list[str]:
        return [each.split(", stored")[0] for each in self.texts()[self.before :]]

    def shared(self) -> list[tuple[str, str | None, str]]:
        return self.files.shared[self.attached :]


@pytest.fixture
def world(tmp_path: Path) -> Repair:
    return Repair(tmp_path)


# The way it should go


def test_one_press_brings_the_corrected_copy_and_its_verdict(world: Repair) -> None:
    assert world.press()
    world.run()
    assert world.said() == [DONE, "verdict ready"]
    assert {each.thread_ts for each in world.answers()} == {world.root}
    assert world.shared() == [("C1", world.root, "claims.repaired.jsonl")]
    copy = world.files.content("claims.repaired.jsonl")
    assert validate(io.BytesIO(copy), HAIKU, Role.TRAINING, "copy").verdict is Verdict.READY
    [dataset] = world.repository.newest()
    assert dataset.name == "claims.repaired"
    assert world.bucket.objects[dataset.locations["us-west-2"]] == copy
    assert world.files.info(dataset.source.file_id).name == "claims.repaired.jsonl"
    assert dataset.source.user == "U1"
    assert world.files.content("claims.jsonl") == mendable(), "the original is as it was"
    assert list(world.folder.iterdir()) == []


def test_the_copy_is_judged_as_the_file_was(tmp_path: Path) -> None:
    world = World(tmp_path, mendable())
    world.receive(profile="nova-lite", role=Role.VALIDATION)
    world.run()
    card = world.cards.drawn[-1]
    assert isinstance(card, VerdictCard)
    assert world.desk.repair(card.upload, channel="C1", thread_ts="2.0", user="U2")
    [spec] = [load(each.spec) for each in world.things.of_kind("upload") if load(each.spec).repair]
    assert (spec.profile, spec.role, spec.user, spec.thread_ts) == (
        "nova-lite",
        Role.VALIDATION,
        "U2",
        "2.0",
    )


def test_a_verdict_on_a_copy_offers_no_further_repair(world: Repair) -> None:
    world.press()
    world.run()
    last = world.cards.drawn[-1]
    assert isinstance(last, VerdictCard)
    assert last.upload == ""


def test_whoever_presses_again_begins_nothing(world: Repair) -> None:
    assert world.press()
    assert not world.press(user="U2")
    world.run()
    assert not world.press()
    world.run()
    assert world.said() == [DONE, "verdict ready"]


def test_a_file_without_faults_is_not_repaired(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.receive()
    world.run()
    [thing] = world.things.of_kind("upload")
    world.desk.repair(thing.key.id, channel="C1", thread_ts=world.root, user="U1")
    world.run()
    assert "nothing in this file that I can repair" in world.texts()[-1]
    assert world.files.shared == []


# Who may


def test_who_cannot_see_the_file_gets_nothing_and_takes_nothing_from_others(world: Repair) -> None:
    downloads = world.files.calls["download"]
    assert world.press(user="U9")
    world.run()
    [text] = world.said()
    assert "I can see that file, and you cannot." in text
    assert world.files.calls["download"] == downloads
    assert world.shared() == []

    assert world.press(user="U2")
    world.run()
    assert world.said()[1:] == [DONE, "verdict ready"]


# What fails


@pytest.mark.parametrize("method", ["upload", "share"])
def test_a_copy_that_cannot_be_posted_does_not_hide_the_verdict(world: Repair, method: str) -> None:
    world.files.order(method, Failure(Misconfigured("No.", hint="Add `files:write`.")))
    world.press()
    world.run()
    assert world.said() == [f"{DONE} No. Add `files:write`.", "verdict ready"]
    assert world.shared() == []

    assert world.press(), "another press tries again"
    world.run()
    assert world.said()[2:] == [DONE, "verdict ready"]
    assert len(world.shared()) == 1


def test_a_copy_that_cannot_be_kept_is_there_all_the_same(world: Repair) -> None:
    world.bucket.buckets.clear()
    world.press()
    world.run()
    done, verdict, problem = world.said()
    assert (done, verdict) == (DONE, "verdict ready")
    assert "No bucket is set for us-west-2." in problem
    assert len(world.shared()) == 1


def test_a_channel_that_takes_nothing_is_told_privately(world: Repair) -> None:
    world.slack.order("post", refused(), refused())
    world.press()
    world.run()
    assert world.said() == []
    [private] = world.slack.visible("U1")
    assert "verdict ready" in private.message.text


def test_a_file_that_has_gone_meanwhile(world: Repair) -> None:
    world.files.remove(world.file.id)
    world.press()
    world.run()
    [text] = world.said()
    assert "Slack has no such file." in text


@pytest.mark.parametrize("method", ["info", "may_see", "download", "upload", "share"])
@pytest.mark.parametrize(
    "failure", [down, lost_reply, dropped, throttled], ids=lambda each: str(each.__name__)
)
def test_what_passes_is_done_once(world: Repair, method: str, failure: Callable[[], Failure]) -> None:
    world.files.order(method, failure())
    world.press()
    world.run()
    assert world.said() == [DONE, "verdict ready"]
    assert len(world.shared()) == 1


# Crashes


def test_a_process_killed_anywhere_repairs_it_once(tmp_path: Path) -> None:
    names: list[str] = []
    world = Repair(tmp_path)
    world.press()
    with crashing(names.append):
        world.run()
    assert {"after-upload", "before-share", "after-share", "before-post", "after-post"} <= set(names)
    for place, name in enumerate(names, start=1):
        world = Repair(tmp_path)
        world.press()
        with killed_at(place):
            world.run()
        world.run()
        assert world.said() == [DONE, "verdict ready"], (place, name)
        assert len(world.shared()) == 1, (place, name)
        assert world.bucket.uploads == 1, (place, name)
