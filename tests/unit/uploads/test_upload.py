import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.model import Message
from bot.controller.outbox.messages import Outbox
from bot.controller.slots import Slots, ordinal
from bot.datasets.model import Role, Verdict
from bot.datasets.service import Datasets
from bot.errors import Misconfigured, Refused, Unavailable
from bot.kinds import KINDS
from bot.uploads.cards import RepairedCard, UploadProblem, VerdictCard
from bot.uploads.context import UploadDependencies
from bot.uploads.reconciler.upload import UploadReconciler
from bot.uploads.service import UploadService
from handlers.ui.render import render
from tests.doubles.asking import RecordedThinking
from tests.doubles.canvases import FakeCanvases
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
from tests.doubles.workers import Elsewhere
from tests.examples import kills
from tests.unit.datasets.samples import good, lines

GOOD = lines(pad=40)
BAD = lines("this is no JSON", pad=40)
REPORTS = ["Report on claims.jsonl", "Report on claims.jsonl, for programs"]
ROOT_MARKER = "11111111-1111-1111-1111-111111111111"


class Killed(BaseException):
    """The process is gone."""


def repaired(card: RepairedCard) -> str:
    return " ".join([f"repaired {card.file_name}", *card.summary.lines(), card.why_not]).strip()


@dataclass
class Cards:
    """A ``Renderer`` that remembers the cards: the text says which one it is."""

    drawn: list[object]

    def render(self, card: object) -> Message:
        self.drawn.append(card)
        if isinstance(card, VerdictCard):
            stored = f", stored as {card.dataset.id}" if card.dataset else ""
            before = f"{repaired(card.repaired)}\n" if card.repaired else ""
            return Message(f"{before}verdict {card.report.verdict.value}{stored}")
        if isinstance(card, RepairedCard):
            return Message(repaired(card))
        if isinstance(card, UploadProblem):
            return Message(f"problem {card.file_name}: {card.sentence}")
        return render(card)


class World:
    """A file in Slack, everything around it, and a clock."""

    canvases: FakeCanvases | None = None

    def __init__(self, folder: Path, content: bytes = GOOD, **more: Any) -> None:
        self.clock = FakeClock()
        self.resources = InMemoryResources(self.clock)
        self.slack = FakeSlackMessages(self.clock, ["C1", "U1"])
        self.files = FakeSlackFiles()
        self.files.join("C1", "U1", "U2")
        self.file = self.files.add(content, **more)
        self.bucket = MemoryDatasetFiles()
        self.repository = MemoryDatasetRepository()
        self.cards = Cards([])
        self.folder = folder
        self.cap = 10**6
        self.root = self.slack.post("C1", Message("a file"), marker=ROOT_MARKER)
        self.service = UploadService(self.resources, directory(self.resources), self.clock)

    def receive(self, **more: Any) -> None:
        wanted = {"file_id": self.file.id, "channel": "C1", "thread_ts": self.root, "user": "U1"} | more
        self.service.receive(**wanted)

    def controller(self) -> Controller:
        dependencies = UploadDependencies(
            files=self.files,
            datasets=Datasets(self.bucket, self.repository, self.clock),
            outbox=Outbox(self.slack, self.clock),
            renderer=self.cards,
            clock=self.clock,
            folder=self.folder,
            cap_bytes=self.cap,
            default_profile="claude-3-haiku",
            canvases=self.canvases,
        )
        return Controller(
            self.resources,
            {"upload": UploadReconciler(dependencies)},
            self.clock,
            random=lambda: 0.5,
            kinds=KINDS,
        )

    def run(self) -> None:
        """Let a process follow until nothing is left to do."""
        controller = self.controller()
        until = self.clock.monotonic() + 7200
        while any(not each.done for each in self.resources.of_kind("upload")):
            assert self.clock.monotonic() < until, [each.status for each in self.resources.of_kind("upload")]
            if not controller.tick():
                self.clock.advance(1)

    def answers(self) -> list[Posted]:
        return [each for each in self.slack.visible("C1") if each.ts != self.root]

    def texts(self) -> list[str]:
        return [each.message.text for each in self.answers()]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# The way it should go


def test_a_good_file_is_stored_and_told_in_its_thread(world: World) -> None:
    world.receive()
    world.run()
    [dataset] = world.repository.datasets
    assert world.texts() == [f"verdict ready, stored as {dataset.id}"]
    assert world.answers()[0].thread_ts == world.root
    assert dataset.name == "claims"
    assert (dataset.source.file_id, dataset.source.channel, dataset.source.user) == (
        world.file.id,
        "C1",
        "U1",
    )
    assert dataset.source.ts == world.root
    assert dataset.locations.keys() == {"us-west-2"}
    assert world.bucket.objects[dataset.locations["us-west-2"]] == GOOD
    assert world.files.shared == []
    assert list(world.folder.iterdir()) == [], "nothing of it stays on the disk"


def test_a_bad_file_gets_its_report_attached(tmp_path: Path) -> None:
    world = World(tmp_path, BAD)
    world.receive()
    world.run()
    assert world.texts() == ["verdict blocked"]
    assert world.files.shared == [("C1", world.root, name) for name in REPORTS]
    assert world.files.calls["share"] == 1, "one message for both"
    assert "not-json" in world.files.content("claims-report.html").decode()
    report = json.loads(world.files.content("claims-report.json"))
    assert report["verdict"] == "blocked"
    assert report["causes"][0]["lines"] == [1]
    assert world.repository.datasets == []


def test_without_a_thread_the_verdict_opens_one(tmp_path: Path) -> None:
    world = World(tmp_path, BAD)
    world.receive(thread_ts=None)
    world.run()
    [verdict] = world.answers()
    assert verdict.thread_ts is None
    assert world.files.shared == [("C1", verdict.ts, name) for name in REPORTS]


def test_a_good_file_with_a_warning_gets_its_report_too(tmp_path: Path) -> None:
    world = World(tmp_path, lines(good(0), pad=40))
    world.receive()
    world.run()
    assert [text.split(",")[0] for text in world.texts()] == ["verdict ready"]
    assert [name for _, _, name in world.files.shared] == REPORTS
    assert "exact-duplicate" in world.files.content("claims-report.html").decode()


@pytest.mark.parametrize("method", ["upload", "share"])
def test_a_workspace_that_takes_no_pages_gets_the_json_alone(tmp_path: Path, method: str) -> None:
    world = World(tmp_path, BAD)
    no_pages = Failure(Refused("Files of that kind are not allowed here."))
    world.files.order(method, *([None, no_pages] if method == "upload" else [no_pages]))
    world.receive()
    world.run()
    assert [name for _, _, name in world.files.shared] == REPORTS[1:]
    assert world.files.calls["info"] == 1, "a refusal is sure: Slack is not asked whether it is shared"


@pytest.mark.slow
def test_the_base_model_that_was_named(world: World) -> None:
    world.receive(profile="nova-lite", role=Role.VALIDATION)
    world.run()
    card = world.cards.drawn[-1]
    assert isinstance(card, VerdictCard)
    assert card.report.profile == "nova-lite"
    assert card.report.role is Role.VALIDATION
    assert card.report.verdict is not Verdict.READY
    assert card.asked_by == "U1"


# What the person can mend


def test_a_file_that_the_person_cannot_see_stays_closed(world: World) -> None:
    world.receive(user="U9")
    world.run()
    [text] = world.texts()
    assert text.startswith("problem : I can see that file, and you cannot.")
    assert world.files.calls["download"] == 0


def test_a_file_of_a_private_channel_is_not_judged_where_others_read_it(world: World) -> None:
    world.files.join("C1", "U2")
    world.receive(user="U2", channel="C2", thread_ts=None)
    world.run()
    [told] = world.slack.visible("DU2")
    assert "not everybody in this channel can see it" in told.message.text
    assert world.repository.datasets == [], "else everybody there could train on it"
    for user, channel in (("U2", "D2"), ("U2", "C1"), ("U1", "C2")):
        world.receive(user=user, channel=channel, thread_ts=None, asked_in="again")
    world.run()
    assert len(world.repository.datasets) == 3


def test_a_file_that_is_gone(world: World) -> None:
    world.receive(file_id="F404")
    world.run()
    assert world.texts() == ["problem : Slack has no such file. Upload it in a channel that I am in."]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"is_external": True, "mode": "external"}, "upload the JSONL file itself"),
        ({"mode": "hidden_by_limit"}, "upload the JSONL file itself"),
        ({"size": 2 * 10**6}, "TUNESMITH_MAX_FILE_BYTES"),
    ],
    ids=str,
)
def test_a_file_that_is_not_taken(tmp_path: Path, more: dict[str, Any], words: str) -> None:
    world = World(tmp_path, **more)
    world.receive()
    world.run()
    [text] = world.texts()
    assert words in text
    assert world.files.calls["download"] == 0


def test_an_unknown_base_model_is_named(world: World) -> None:
    world.receive(profile="gpt-7")
    world.run()
    [text] = world.texts()
    assert "`gpt-7`" in text


# What the operator can mend


def test_a_missing_scope_is_told(world: World) -> None:
    world.files.order("download", Failure(Misconfigured("No.", hint="Add `files:read`.")))
    world.receive()
    world.run()
    assert world.texts() == ["problem claims.jsonl: No. Add `files:read`."]


def test_a_missing_scope_for_sending_files_costs_only_the_report(tmp_path: Path) -> None:
    world = World(tmp_path, BAD)
    world.files.order("upload", Failure(Misconfigured("No.", hint="Add `files:write`.")))
    world.receive()
    world.run()
    assert world.texts() == ["verdict blocked"]
    assert world.files.shared == []


# What passes


@pytest.mark.parametrize("method", ["info", "may_see", "download"])
@pytest.mark.parametrize("failure", [down, throttled], ids=lambda each: str(each.__name__))
def test_slack_comes_back(world: World, method: str, failure: Callable[[], Failure]) -> None:
    world.files.order(method, failure(), failure())
    world.receive()
    world.run()
    assert [text.split(",")[0] for text in world.texts()] == ["verdict ready"]


@pytest.mark.slow
def test_a_vendor_that_is_away_for_hours_is_no_failure_and_the_verdict_comes(world: World) -> None:
    world.files.order("download", *[down() for _ in range(30)])
    world.receive()
    world.run()
    assert [text.split(",")[0] for text in world.texts()] == ["verdict ready"]
    assert world.files.calls["download"] == 31


def test_a_file_that_only_makes_the_bot_stumble_is_told_in_the_end(world: World) -> None:
    def stumble() -> None:
        raise RecursionError("too deep")

    world.files.during_download = stumble
    world.receive()
    world.run()
    [text] = world.texts()
    assert text.startswith("problem claims.jsonl: I stumbled over this file")
    assert "operator" in text
    assert world.files.calls["download"] == 8


def test_a_file_that_kills_whoever_judges_it_is_left_alone_in_the_end(world: World) -> None:
    def kill() -> None:
        raise Killed

    world.files.during_download = kill
    world.receive()
    for _ in range(5):
        with pytest.raises(Killed):
            world.run()
    world.run()
    [text] = world.texts()
    assert text.startswith("problem claims.jsonl: I was interrupted 5 times")
    assert world.files.calls["download"] == 5


@pytest.mark.slow
def test_a_slack_that_is_busy_for_long_is_no_interruption(world: World) -> None:
    world.slack.order("post", *[throttled() for _ in range(20)])
    world.receive()
    world.run()
    assert [text.split(",")[0] for text in world.texts()] == ["verdict ready"]


def test_a_channel_that_takes_nothing_is_told_privately(world: World) -> None:
    world.slack.archive("C1")
    world.receive()
    world.run()
    assert world.texts() == []
    [private] = world.slack.visible("DU1")
    assert private.message.text.startswith("I could not say this in <#C1>. ")
    assert "verdict ready, stored as" in private.message.text
    assert "is_archived" in private.message.text


def test_a_person_who_cannot_be_told_ends_it(world: World) -> None:
    world.slack.order("post", refused(), refused())
    world.receive()
    world.run()
    assert world.texts() == []
    assert world.slack.visible("DU1") == []


def test_a_long_download_keeps_the_lease(world: World) -> None:
    world.files.during_download = lambda: world.clock.advance(200)
    world.receive()
    world.run()
    assert world.files.calls["download"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("method", ["upload", "share"])
@pytest.mark.parametrize(
    "failure", [down, lost_reply, dropped, throttled], ids=lambda each: str(each.__name__)
)
def test_a_report_is_shared_once(tmp_path: Path, method: str, failure: Callable[[], Failure]) -> None:
    world = World(tmp_path, BAD)
    world.files.order(method, failure())
    world.receive()
    world.run()
    assert [name for _, _, name in world.files.shared] == REPORTS
    assert world.texts() == ["verdict blocked"]


# Crashes


@contextmanager
def killed_at(place: int) -> Iterator[None]:
    passed = 0

    def hook(_: str) -> None:
        nonlocal passed
        passed += 1
        if passed == place:
            raise Killed

    with crashing(hook), pytest.raises(Killed):
        yield


def crash_points(folder: Path) -> list[str]:
    names: list[str] = []
    world = World(folder, BAD)
    world.receive()
    with crashing(names.append):
        world.run()
    return names


@pytest.mark.chaos
def test_a_process_killed_anywhere_tells_it_once(tmp_path: Path) -> None:
    names = crash_points(tmp_path)
    assert {"after-upload", "before-share", "after-share", "before-post", "after-post"} <= set(names)
    for place in kills(names):
        name = names[place - 1]
        world = World(tmp_path, BAD)
        world.receive()
        with killed_at(place):
            world.run()
        world.run()
        assert world.texts() == ["verdict blocked"], (place, name)
        assert [shared for _, _, shared in world.files.shared] == REPORTS, (place, name)


def test_a_verdict_stands_though_the_file_goes(tmp_path: Path) -> None:
    world = World(tmp_path, BAD)
    world.receive()
    names = crash_points(tmp_path)
    with killed_at(names.index("after-upload") + 1):
        world.run()
    world.files.remove(world.file.id)
    world.run()
    assert world.texts() == ["verdict blocked"]


def test_the_same_content_twice_is_one_dataset(world: World) -> None:
    world.receive()
    world.receive(asked_in="again")
    world.run()
    assert len(world.texts()) == 2
    assert len(world.repository.datasets) == 1
    assert world.bucket.uploads == 1


def test_the_samples_are_what_they_seem() -> None:
    assert json.loads(GOOD.splitlines()[0]) == good(0)


# Many at once


class Crowd(World):
    """Many files in one channel, and a bot that works on one at a time."""

    def __init__(self, folder: Path, workers: Elsewhere) -> None:
        super().__init__(folder, BAD)
        self.workers = workers
        self.places = Slots(1, self.clock)
        self.thinking = RecordedThinking()

    def controller(self) -> Controller:
        dependencies = UploadDependencies(
            files=self.files,
            datasets=Datasets(self.bucket, self.repository, self.clock, self.workers),
            outbox=Outbox(self.slack, self.clock),
            renderer=self.cards,
            clock=self.clock,
            folder=self.folder,
            cap_bytes=self.cap,
            default_profile="claude-3-haiku",
            workers=self.workers,
            places=self.places,
            thinking=self.thinking,
        )
        return Controller(
            self.resources,
            {"upload": UploadReconciler(dependencies)},
            self.clock,
            random=lambda: 0.5,
            kinds=KINDS,
        )


def test_the_long_work_on_a_file_is_done_elsewhere(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, Elsewhere())
    crowd.receive()
    crowd.run()
    assert crowd.workers.did == ["validate", "inspect"]
    assert crowd.texts()[0].startswith("verdict")


def test_a_file_that_is_too_much_for_a_worker_is_told_in_the_end(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, Elsewhere(Refused("It was ended.", hint="Split the file.")))
    crowd.receive()
    crowd.run()
    [text] = crowd.texts()
    assert text == "problem claims.jsonl: It was ended. Split the file."


def test_a_worker_that_ends_with_its_bot_is_no_reason_to_trouble_anybody(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, Elsewhere(Unavailable("It was ended.")))
    crowd.receive()
    crowd.run()
    assert crowd.texts()[0].startswith("verdict")


def test_who_waits_for_a_place_is_told_which_it_is_in_line_and_has_it_in_turn(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, Elsewhere())
    with crowd.places.taken("somebody else", 1):
        for number in range(3):
            crowd.receive(asked_in=f"again {number}")
        crowd.controller().tick()
        crowd.clock.advance(1)
    said = [status for _, _, status in crowd.thinking.shown]
    assert said == [f"is busy with other files: yours is {nth} in line…" for nth in ("1st", "2nd", "3rd")]
    assert crowd.workers.did == []
    assert list(tmp_path.iterdir()) == [], "nothing is fetched before it is its turn"
    crowd.run()
    assert crowd.workers.did.count("validate") == 3
    [upload, *_] = crowd.resources.of_kind("upload")
    assert "tries" not in upload.status, "to wait is no failure"


@pytest.mark.slow
def test_thirty_at_once_in_no_thread_are_each_told_once_which_they_are_in_line(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, Elsewhere())
    with crowd.places.taken("somebody else", 1):
        for number in range(30):
            crowd.receive(thread_ts=None, asked_in=f"again {number}")
        for _ in range(60):
            crowd.controller().tick()
            crowd.clock.advance(1)
    said = [text for text in crowd.texts() if "in line" in text]
    assert said == [
        f"I am busy with other files: this is {ordinal(number)} in line. I go on with it by myself when it is its turn."
        for number in range(1, 31)
    ]
    crowd.run()
    assert len([text for text in crowd.texts() if "in line" in text]) == 30
    assert crowd.workers.did.count("validate") == 30
