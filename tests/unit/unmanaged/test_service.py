"""A channel that is archived, or that we were removed from: what a person waits for reaches them all the same, once."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.controller.crash_points import crashing
from bot.controller.outbox.messages import Outbox
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from tests.doubles.classroom import Classroom
from tests.doubles.messages import Posted
from tests.examples import kills
from tests.unit.datasets.samples import lines
from tests.unit.derivations import test_derivation
from tests.unit.jobs.samples import model, plan
from tests.unit.uploads import test_repairing, test_upload
from tests.unit.uploads.test_upload import BAD, REPORTS, killed_at

EXPENSIVE = PriceBook(
    {
        ("claude-3-haiku", PriceKind.TRAINING): Decimal(1),
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(100),
        ("nova-pro", PriceKind.BATCH_OUTPUT): Decimal(500),
    }
)
WHY = "I could not say this in <#C1>. "
DM = "DU1"


def close(world: Any) -> None:
    """C1 takes neither messages nor files any more. A direct message has two members."""
    world.files.join(DM, "U1")
    world.slack.archive("C1")
    world.files.closed.add("C1")


def upload(folder: Path) -> test_upload.World:
    world = test_upload.World(folder, BAD)
    world.receive()
    return world


def repair(folder: Path) -> test_repairing.Repair:
    world = test_repairing.Repair(folder, test_repairing.many())
    world.press(drop=(1, 2), repairs=())
    return world


def split(folder: Path) -> test_derivation.World:
    world = test_derivation.World(folder, lines(pad=70))
    test_derivation.ask(world, "split", world.root)
    return world


def convert(folder: Path) -> test_derivation.World:
    world = test_derivation.World(folder, test_derivation.RESERVED)
    test_derivation.ask(world, "convert", None)
    return world


STORIES = [upload, repair, split, convert]


class Story:
    """A world in which something was asked for; what is told and shared is what comes after that."""

    def __init__(self, begin: Callable[[Path], Any], folder: Path, *, closed: bool) -> None:
        self.world = begin(folder)
        self.before = {each.ts for each in self.world.slack.visible()}
        self.files_before = len(self.world.files.shared)
        if closed:
            close(self.world)

    def said(self, channel: str | None = None) -> list[Posted]:
        """Return what was said since."""
        return [each for each in self.world.slack.visible(channel) if each.ts not in self.before]

    @property
    def shared(self) -> list[tuple[str, str]]:
        """The channel and the name of every file that was shared since."""
        return [(channel, name) for channel, _, name in self.world.files.shared[self.files_before :]]


@pytest.mark.slow
@pytest.mark.parametrize("begin", STORIES)
def test_whoever_waits_gets_all_of_it_directly_wherever_a_process_dies(tmp_path: Path, begin: Any) -> None:
    """The same cards and the same files as in the channel, each once, and each card says why it is there."""
    in_the_channel = Story(begin, tmp_path, closed=False)
    in_the_channel.world.run()
    wanted = sorted(each.message.text for each in in_the_channel.said("C1"))
    files = sorted(name for _, name in in_the_channel.shared)
    assert wanted
    assert files

    names: list[str] = []
    story = Story(begin, tmp_path, closed=True)
    with crashing(names.append):
        story.world.run()
    for place in (0, *kills(names)):
        if place:
            story = Story(begin, tmp_path, closed=True)
            with killed_at(place):
                story.world.run()
            story.world.run()
        where = (place, names[place - 1] if place else "nowhere")
        assert {each.channel for each in story.said()} == {DM}, where
        roots = [each.message.text for each in story.said() if each.thread_ts is None]
        assert all(each.startswith(WHY) for each in roots), where
        replies = [each.message.text for each in story.said() if each.thread_ts]
        assert sorted([each.partition("\n")[2] for each in roots] + replies) == wanted, where
        assert sorted(story.shared) == [(DM, name) for name in files], where


def test_a_report_is_in_the_thread_of_its_verdict(tmp_path: Path) -> None:
    world = upload(tmp_path)
    close(world)
    world.run()
    [verdict] = world.slack.visible(DM)
    assert world.files.shared == [(DM, verdict.ts, name) for name in REPORTS]


def test_a_copy_that_only_the_channel_refuses_goes_to_its_owner_and_says_why(tmp_path: Path) -> None:
    world = repair(tmp_path)
    world.files.closed.add("C1")
    world.run()
    [(channel, thread, name)] = [
        each for each in world.files.shared if each[2].endswith(".without-rows-1-2.jsonl")
    ]
    assert (channel, thread) == (DM, None)
    assert world.files.comments[name].startswith("I could not share this in <#C1>. ")
    assert len(world.said()) == 2
    assert world.slack.visible(DM) == []


@pytest.mark.slow
@pytest.mark.parametrize("begin", STORIES)
def test_who_is_gone_as_well_leaves_words_to_the_last_resort_and_files_to_nobody(
    tmp_path: Path, begin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(begin, tmp_path, closed=True)
    story.world.slack._channels.add("CBOSS")
    story.world.slack.deactivated.add("U1")
    module = test_derivation if begin in (split, convert) else test_upload
    monkeypatch.setattr(module, "Outbox", lambda slack, clock: Outbox(slack, clock, last_resorts=("CBOSS",)))
    story.world.run()
    assert {each.channel for each in story.said()} == {"CBOSS"}
    assert all(each.message.text.startswith(WHY) for each in story.said())
    assert story.shared == []


@pytest.mark.parametrize("begin", STORIES)
def test_where_nobody_can_be_reached_it_ends(tmp_path: Path, begin: Any) -> None:
    story = Story(begin, tmp_path, closed=True)
    story.world.slack.deactivated.add("U1")
    calls = story.world.slack.calls["post"]
    story.world.run()
    assert story.said() == []
    assert story.world.slack.calls["post"] - calls < 6
    assert story.shared == []


def test_a_dataset_that_a_teacher_answered_reaches_its_owner(tmp_path: Path) -> None:
    world = Classroom(tmp_path)
    world.started()
    world.messages.archive("C1")
    world.files.closed.add("C1")
    world.finished()
    assert [(channel, name) for channel, _, name in world.files.shared] == [
        ("DUTRAIN", "claims.nova-pro.jsonl")
    ]
    said = [each.message.text for each in world.messages.visible("DUTRAIN")]
    assert [each.partition("\n")[2].partition("(")[0].split()[0] for each in said] == [
        "VerdictCard",
        "DistillationEnded:",
    ]
    assert all(each.startswith(WHY) for each in said)
    assert world.end().unkept == ""


@pytest.mark.parametrize("what", ["job", "lease", "sweep", "distillation"])
def test_a_question_to_the_approvers_goes_to_one_who_may_answer(tmp_path: Path, what: str) -> None:
    """Its plan goes to the owner; what the approver presses in the direct message counts."""
    world = Classroom(tmp_path, EXPENSIVE)
    world.models.save(model())
    world.messages.archive("C1")
    if what == "distillation":
        resource = world.propose().id
    elif what == "job":
        resource = world.jobs.propose(plan())
    elif what == "lease":
        leased = world.leases.plan(
            model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r"
        )
        resource = world.leases.propose(leased)
    else:
        resource = world.sweeps.propose(
            source="claims", hyperparameter="epochs", values=["1", "2"], owner="UTRAIN", channel="C1"
        )
    world.turn()
    world.press(what, resource, "start", "UTRAIN")
    world.pass_time(10)

    [asked] = world.messages.visible("DUBOSS")
    assert asked.message.text.startswith(WHY)
    assert "ApprovalCard" in asked.message.text
    assert world.messages.visible("DUTRAIN")
    world.press(what, resource, "approve", "UBOSS")
    world.pass_time(30)
    calls = (world.customization.calls, world.endpoints.calls, world.jobs_at_bedrock.calls)
    assert sum(each["create"] for each in calls) == (2 if what == "sweep" else 1)
    assert "decided_by='UBOSS'" in world.messages.visible("DUBOSS")[0].message.text
