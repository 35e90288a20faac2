"""Work on stored datasets in Slack: done once and told once, whatever happens."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.controller.context import AnyReconciler
from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.model import Message
from bot.controller.outbox.messages import Outbox
from bot.datasets.leakage import leakage
from bot.datasets.model import Dataset, Role, Source
from bot.datasets.service import Datasets
from bot.derivations.cards import ComparedCard, ConvertedCard, DerivationProblem, SplitCard
from bot.derivations.comparison import sentences
from bot.derivations.reconciler.derivation import DerivationReconciler
from bot.derivations.reconciler.workshop import DerivationDependencies
from bot.derivations.service import DerivationService
from bot.errors import Misconfigured, Unavailable
from bot.kinds import KINDS
from bot.profiles import registry
from bot.uploads.cards import VerdictCard
from bot.uploads.context import UploadDependencies
from bot.uploads.reconciler.upload import UploadReconciler
from bot.uploads.screening import Screening
from tests.doubles.clock import FakeClock
from tests.doubles.datasets import MemoryDatasetFiles, MemoryDatasetRepository
from tests.doubles.messages import (
    Failure,
    FakeSlackMessages,
    Posted,
    down,
    dropped,
    lost_reply,
    refused,
    throttled,
)
from tests.doubles.resources import InMemoryResources
from tests.doubles.slack_files import FakeSlackFiles
from tests.doubles.visibility import directory
from tests.examples import kills
from tests.unit.datasets.samples import CLAUDE, lines
from tests.unit.derivations.test_splitting import record
from tests.unit.uploads.test_upload import Killed, killed_at

NOVA = registry.get("nova-lite")
MARKER = "22222222-2222-2222-2222-222222222222"


class Cards:
    """Draws a card as a few words."""

    def __init__(self) -> None:
        self.drawn: list[object] = []

    def render(self, card: object) -> Message:
        self.drawn.append(card)
        if isinstance(card, SplitCard):
            kept = [each.name if each else "-" for each in (card.training, card.validation)]
            return Message(f"split {card.split.training}/{card.split.validation} {' '.join(kept)}")
        if isinstance(card, ConvertedCard):
            return Message(f"converted {card.converted_name}")
        if isinstance(card, ComparedCard):
            return Message(f"compared {' '.join(sentences(card.comparison))}")
        if isinstance(card, VerdictCard):
            return Message(f"verdict {card.report.profile} {card.report.verdict.value}")
        return Message(card.sentence if isinstance(card, DerivationProblem) else repr(card))


class World:
    """A stored dataset, Slack around it, and the service."""

    def __init__(self, folder: Path, content: bytes = lines(pad=100)) -> None:
        self.clock = FakeClock()
        self.resources = InMemoryResources(self.clock)
        self.slack = FakeSlackMessages(self.clock, ["C1", "C2", "U1", "U9"])
        self.files = FakeSlackFiles()
        self.files.join("C1", "U1", "U2")
        self.file = self.files.add(content)
        self.bucket = MemoryDatasetFiles()
        self.repository = MemoryDatasetRepository()
        self.datasets = Datasets(self.bucket, self.repository, self.clock)
        self.cards = Cards()
        self.folder = folder / "work"
        self.folder.mkdir(exist_ok=True)
        self.root = self.slack.post("C1", Message("a file"), marker=MARKER)
        self.service = DerivationService(self.resources, directory(self.resources), self.clock)
        self.dataset = self.keep(folder, content)
        self.clock.advance(60)
        self.screening: Screening | None = None
        self.where: dict[str, Any] = {"channel": "C1", "thread_ts": self.root, "user": "U1"}

    def keep(self, folder: Path, content: bytes) -> Dataset:
        path = folder / "given.jsonl"
        path.write_bytes(content)
        report = self.datasets.validate(path, CLAUDE, name="claims.jsonl")
        source = Source(self.file.id, "C1", self.root, "U1")
        return self.datasets.keep(path, report, source, "us-west-2")

    def controller(self) -> Controller:
        uploads = UploadDependencies(
            files=self.files,
            datasets=self.datasets,
            outbox=Outbox(self.slack, self.clock),
            renderer=self.cards,
            clock=self.clock,
            folder=self.folder,
            cap_bytes=10**6,
            default_profile="claude-3-haiku",
            screening=self.screening,
        )
        kinds: dict[str, AnyReconciler] = {
            "derivation": DerivationReconciler(DerivationDependencies(uploads, self.datasets)),
            "upload": UploadReconciler(uploads),
        }
        return Controller(self.resources, kinds, self.clock, random=lambda: 0.5, kinds=KINDS)

    def run(self) -> None:
        """Let a process follow until nothing is left to do."""
        controller, until = self.controller(), self.clock.monotonic() + 7200
        while any(
            not each.done for kind in ("derivation", "upload") for each in self.resources.of_kind(kind)
        ):
            assert self.clock.monotonic() < until, [
                each.status for each in self.resources.of_kind("derivation")
            ]
            if not controller.tick():
                self.clock.advance(1)

    def answers(self, channel: str = "C1") -> list[Posted]:
        return [each for each in self.slack.visible(channel) if each.ts != self.root]

    def texts(self, channel: str = "C1") -> list[str]:
        return [each.message.text for each in self.answers(channel)]

    def bytes_of(self, dataset: Dataset) -> bytes:
        return self.bucket.objects[next(iter(dataset.locations.values()))]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


SPLIT = "split 68/32 claims.train claims.validation"
SHARED = ["claims.train.jsonl", "claims.validation.jsonl"]

# Split


def test_a_split_keeps_and_shares_two_files(world: World, tmp_path: Path) -> None:
    assert world.service.split(world.dataset, **world.where)
    world.run()
    assert world.texts() == [SPLIT]
    assert world.files.shared == [("C1", world.root, name) for name in SHARED]
    [training], [validation] = (
        world.repository.named(name) for name in ("claims.train", "claims.validation")
    )
    assert (training.report.role, validation.report.role) == (Role.TRAINING, Role.VALIDATION)
    assert training.parent == validation.parent == world.dataset.report.sha256
    assert training.history == ("Split off 32 of 100 records for validation (seed 7).",)
    assert (training.source.ts, training.source.user) == (world.root, "U1")
    assert world.bytes_of(training) == world.files.content(SHARED[0])
    for dataset in (training, validation):
        (tmp_path / dataset.name).write_bytes(world.bytes_of(dataset))
    assert leakage(tmp_path / "claims.train", tmp_path / "claims.validation", CLAUDE) == ()
    assert list(world.folder.iterdir()) == [], "nothing of it stays on the disk"


def test_without_a_thread_the_card_opens_one_and_is_the_source(world: World) -> None:
    world.service.split(world.dataset, channel="C1", thread_ts=None, user="U1", asked_in="T1")
    world.run()
    [card] = world.answers()
    assert card.thread_ts is None
    assert {thread for _, thread, _ in world.files.shared} == {card.ts}
    assert [each.source.ts for each in world.repository.named("claims.train")] == [card.ts]


def test_a_split_is_named_after_the_label_that_was_asked_for(world: World, tmp_path: Path) -> None:
    other = replace(world.dataset, name="refunds", stored_at=world.clock.now())
    world.repository.save(other)
    for asked, made in ((world.dataset, "claims"), (other, "refunds")):
        world.service.split(asked, **world.where)
        world.run()
        assert world.texts()[-1] == f"split 68/32 {made}.train {made}.validation"


def test_a_second_press_changes_nothing_and_another_seed_does(world: World) -> None:
    assert world.service.split(world.dataset, **world.where)
    assert not world.service.split(world.dataset, **world.where)
    assert world.service.split(world.dataset, **world.where, seed=8)
    world.run()
    assert world.texts() == [SPLIT, SPLIT]
    assert len(world.repository.named("claims.train")) == 2


def test_what_cannot_be_split_is_told(tmp_path: Path) -> None:
    world = World(tmp_path, lines(pad=50))
    world.service.split(world.dataset, **world.where)
    world.run()
    [text] = world.texts()
    assert "at least 32 for training and 32 for validation" in text
    assert world.service.split(world.dataset, **world.where), "another request tries again"


# Convert


def test_a_conversion_is_shared_judged_and_kept(world: World) -> None:
    assert world.service.convert(world.dataset, "nova-lite", **world.where)
    world.run()
    assert world.texts() == ["converted claims.nova-lite.jsonl", "verdict nova-lite ready"]
    assert world.files.shared == [("C1", world.root, "claims.nova-lite.jsonl")]
    [kept] = world.repository.named("claims.nova-lite")
    assert kept.parent == world.dataset.report.sha256
    assert kept.history == ("Converted the format of 100 rows.",)
    assert kept.locations.keys() == {"us-east-1"}
    verdict = world.cards.drawn[-1]
    assert isinstance(verdict, VerdictCard)
    assert verdict.dataset is not None
    assert verdict.dataset.id == kept.id


def test_a_conversion_with_errors_is_judged_as_an_upload_with_its_repairs(tmp_path: Path) -> None:
    word = NOVA.reserved_text[0].text
    world = World(tmp_path, lines(record(f"{word} hello", "a"), pad=40))
    world.service.convert(world.dataset, "nova-lite", **world.where)
    world.run()
    assert world.texts()[:2] == ["converted claims.nova-lite.jsonl", "verdict nova-lite blocked"]
    verdicts = [each for each in world.cards.drawn if isinstance(each, VerdictCard)]
    assert verdicts[0].upload
    assert world.repository.named("claims.nova-lite") == []


# Compare


def test_two_versions_are_compared(world: World, tmp_path: Path) -> None:
    after = world.keep(tmp_path, lines(pad=101))
    assert world.service.compare(world.dataset, after, **world.where)
    world.run()
    assert world.texts() == ["compared 1 record added: line 101. 100 records unchanged."]
    assert world.files.shared == []


# Who may


@pytest.mark.parametrize("user", ["U1", "U2"])
def test_who_can_see_the_file_may_have_it_elsewhere(world: World, user: str) -> None:
    world.service.split(world.dataset, channel="C2", thread_ts=None, user=user)
    world.run()
    assert world.texts("C2") == [SPLIT]


def test_who_cannot_see_the_file_gets_nothing_of_it(world: World) -> None:
    world.service.split(world.dataset, channel="C2", thread_ts=None, user="U9")
    world.service.convert(world.dataset, "nova-lite", channel="C2", thread_ts=None, user="U9")
    world.files.remove(world.file.id)
    world.run()
    assert len(world.texts("C2")) == 2
    assert all("shared where you cannot see it" in each for each in world.texts("C2"))
    assert world.files.shared == []
    assert len(world.repository.datasets) == 1


def test_what_others_call_the_same_content_is_not_told(world: World) -> None:
    there = replace(world.dataset.source, channel="CPAY", user="U7", file_id="F0")
    later = world.dataset.stored_at + timedelta(hours=1)
    world.repository.save(replace(world.dataset, name="payroll", source=there, stored_at=later))
    world.service.split(world.dataset, **world.where)
    world.run()
    assert world.texts() == [SPLIT]


# What fails


@pytest.mark.slow
@pytest.mark.parametrize("method", ["upload", "share"])
@pytest.mark.parametrize(
    "failure", [down, lost_reply, dropped, throttled], ids=lambda each: str(each.__name__)
)
def test_what_passes_is_done_once(world: World, method: str, failure: Callable[[], Failure]) -> None:
    world.files.order(method, failure())
    world.service.split(world.dataset, **world.where)
    world.run()
    assert world.texts() == [SPLIT]
    assert sorted(name for *_, name in world.files.shared) == SHARED


def test_files_that_cannot_be_posted_are_kept_all_the_same(world: World) -> None:
    world.files.order("share", *[Failure(Misconfigured("No.", hint="Add `files:write`.")) for _ in SHARED])
    world.service.split(world.dataset, **world.where)
    world.run()
    assert world.texts() == [SPLIT, "No. Add `files:write`."]
    assert len(world.repository.datasets) == 3


@pytest.mark.slow
def test_storage_that_is_away_for_an_hour_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    get, times = world.bucket.get, iter(range(20))

    def away(uri: str, destination: Path) -> None:
        if next(times, None) is not None:
            raise Unavailable("S3 did not answer.", hint="I try again by myself.")
        get(uri, destination)

    monkeypatch.setattr(world.bucket, "get", away)
    world.service.split(world.dataset, **world.where)
    world.run()
    assert not any("did not answer" in text for text in world.texts())
    assert len(world.repository.datasets) == 3


def test_a_dataset_that_is_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.service.split(world.dataset, **world.where)
    monkeypatch.setattr(world.repository, "labels", lambda _: [])
    world.run()
    [text] = world.texts()
    assert "any more" in text


def test_a_channel_that_takes_nothing_is_told_privately(world: World) -> None:
    world.slack.order("post", refused())
    world.service.split(world.dataset, **world.where)
    world.run()
    assert world.texts() == []
    [private] = world.slack.visible("DU1")
    assert SPLIT in private.message.text
    assert [(where, under) for where, under, _ in world.files.shared] == [("DU1", private.ts)] * 2


def test_a_defect_is_told_in_the_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(world.bucket, "get", stumble)
    world.service.split(world.dataset, **world.where)
    world.run()
    [text] = world.texts()
    assert text.startswith("I stumbled over this")


def test_work_that_kills_whoever_does_it_is_left_in_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(world.bucket, "get", kill)
    world.service.split(world.dataset, **world.where)
    for _ in range(5):
        with pytest.raises(Killed):
            world.run()
    world.run()
    [text] = world.texts()
    assert text.startswith("I was interrupted 5 times")


# Crashes


def ask(world: World, operation: str, thread_ts: str | None) -> None:
    where = world.where | {"thread_ts": thread_ts}
    if operation == "split":
        world.service.split(world.dataset, **where)
    else:
        world.service.convert(world.dataset, "nova-lite", **where)


CONVERTED = ["claims.nova-lite.jsonl"]
READY = ["converted claims.nova-lite.jsonl", "verdict nova-lite ready"]
BLOCKED = ["converted claims.nova-lite.jsonl", "verdict nova-lite blocked"]
RESERVED = lines(record(f"{NOVA.reserved_text[0].text} x", "a"), pad=40)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("operation", "content", "texts", "files", "threaded"),
    [
        ("split", lines(pad=70), ["split 38/32 claims.train claims.validation"], SHARED, True),
        ("convert", lines(pad=40), READY, CONVERTED, False),
        ("convert", RESERVED, BLOCKED, CONVERTED, True),
    ],
    ids=["split in a thread", "convert without a thread", "convert with errors in a thread"],
)
def test_a_process_killed_anywhere_does_it_once(
    tmp_path: Path, operation: str, content: bytes, texts: list[str], files: list[str], *, threaded: bool
) -> None:
    names: list[str] = []
    world = World(tmp_path, content)
    ask(world, operation, world.root if threaded else None)
    with crashing(names.append):
        world.run()
    assert {"after-upload", "before-share", "after-share", "before-post", "after-post"} <= set(names)
    for place in kills(names):
        name = names[place - 1]
        world = World(tmp_path, content)
        ask(world, operation, world.root if threaded else None)
        with killed_at(place):
            world.run()
        world.run()
        assert world.texts() == texts, (place, name)
        assert [each for *_, each in world.files.shared if not each.startswith("Report on")] == files, (
            place,
            name,
        )
        opened = world.root if threaded else world.answers()[0].ts
        for dataset in world.repository.datasets:
            assert dataset.source.ts in (opened, world.root), (place, name)


def test_the_sample_is_one_dataset(world: World) -> None:
    assert json.loads(world.bytes_of(world.dataset).splitlines()[0])["messages"]
