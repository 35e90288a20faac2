"""Nothing is called ready that is not kept: what keeps it from that is told, and it goes on by itself once it can."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.controller.controller import Controller
from bot.controller.failure_reporting import FailureReporter
from bot.denials import no_aws_identity
from bot.errors import Misconfigured, TunesmithError, Unavailable
from bot.kinds import KINDS
from handlers.ui.render import BlockKitRenderer
from tests.doubles.classroom import Classroom
from tests.doubles.datasets import MemoryDatasetFiles
from tests.unit.derivations import test_derivation
from tests.unit.uploads import test_upload

WHILE, HOUR, DAY = 900.0, 3600.0, 86_400.0
OPERATOR = "UOPS"


def no_bucket() -> TunesmithError:
    return Misconfigured("There is no bucket b.", hint="Create it.")


def denied() -> TunesmithError:
    return Misconfigured("Access to the bucket b is refused.", hint="Allow s3:PutObject.")


def away() -> TunesmithError:
    return Unavailable("S3 did not answer.", hint="I will try again.")


def nobody() -> TunesmithError:
    return no_aws_identity("ExpiredToken")


Fault = Callable[[], TunesmithError]
MENDED_BY_HAND: Sequence[Fault] = (no_bucket, denied)
FAULTS: Sequence[Fault] = (*MENDED_BY_HAND, away, nobody)


class Bench(Protocol):
    """Something that makes a dataset in the end. ``bucket`` is where it is kept."""

    bucket: MemoryDatasetFiles

    def asks(self) -> None:
        """Ask for it."""

    def passes(self, seconds: float) -> None:
        """Follow it so long."""

    def said(self) -> list[str]:
        """Return what people were told in the channel."""

    def is_kept(self) -> bool:
        """Whether it is kept."""

    def fetched(self) -> int:
        """How often what it is made from was fetched."""


class Followed:
    """The parts of a bench that a world of uploads or derivations has in common."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.bucket: MemoryDatasetFiles = world.bucket
        plain = world.controller()
        outbox = plain._reconcilers["upload"]._dependencies.outbox
        told = {
            kind: FailureReporter(KINDS[kind], each, outbox, BlockKitRenderer(), hears=[OPERATOR])
            for kind, each in plain._reconcilers.items()
        }
        self.controller = Controller(world.resources, told, world.clock, random=lambda: 0.5, kinds=KINDS)

    def passes(self, seconds: float) -> None:
        until = self.world.clock.monotonic() + seconds
        while self.world.clock.monotonic() < until:
            if not self.controller.tick():
                self.world.clock.advance(30 if seconds > HOUR else 2)

    def said(self) -> list[str]:
        return [str(each) for each in self.world.texts()]


class Upload(Followed):
    def __init__(self, folder: Path) -> None:
        super().__init__(test_upload.World(folder))

    def asks(self) -> None:
        self.world.receive()

    def is_kept(self) -> bool:
        return bool(self.world.repository.datasets)

    def fetched(self) -> int:
        return int(self.world.files.calls["download"])


class Conversion(Followed):
    def __init__(self, folder: Path) -> None:
        super().__init__(test_derivation.World(folder))

    def asks(self) -> None:
        assert self.world.service.convert(self.world.dataset, "nova-lite", **self.world.where)

    def is_kept(self) -> bool:
        return len(self.world.repository.datasets) == 2

    def fetched(self) -> int:
        return 0


class Distillation:
    def __init__(self, folder: Path) -> None:
        self.world = Classroom(folder)
        self.bucket = self.world.bucket
        self.world.started()
        told = {
            kind: FailureReporter(KINDS[kind], each, self.world.outbox, BlockKitRenderer(), hears=[OPERATOR])
            for kind, each in self.world.reconcilers().items()
        }
        self.world.controller = Controller(
            self.world.store, told, self.world.clock, random=lambda: 0.0, kinds=KINDS
        )

    def asks(self) -> None:
        self.world.finished()

    def passes(self, seconds: float) -> None:
        self.world.pass_time(seconds, step=30 if seconds > HOUR else 2)

    def said(self) -> list[str]:
        return [each.message.text for each in self.world.messages.visible("C1")]

    def is_kept(self) -> bool:
        return bool(self.world.repository.named("claims.nova-pro"))

    def fetched(self) -> int:
        return 0


DOORS: Sequence[Callable[[Path], Bench]] = (Upload, Conversion, Distillation)


def breaks(bucket: MemoryDatasetFiles, fault: Fault) -> Callable[[], None]:
    """Have nothing kept, and return what mends it."""
    names = ("put", "check")

    def fail(*_: object) -> Any:
        raise fault()

    for name in names:
        setattr(bucket, name, fail)

    def mend() -> None:
        for name in names:
            delattr(bucket, name)

    return mend


def claims(said: Sequence[str]) -> list[str]:
    """Return what says that it is ready, or that it is over."""
    return [each for each in said if "ready" in each.lower() or "problem" in each.lower() or "Ended" in each]


def waiting(said: Sequence[str]) -> list[str]:
    return [each for each in said if "Nothing is lost: I go on with this by myself when" in each]


@pytest.mark.slow
def test_what_cannot_be_kept_is_not_called_ready_and_goes_on_by_itself_when_it_can(tmp_path: Path) -> None:
    wrong: list[object] = []
    for number, (door, fault) in enumerate((door, fault) for door in DOORS for fault in FAULTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        bench = door(folder)
        before = len(bench.said())
        mend = breaks(bench.bucket, fault)
        bench.asks()
        bench.passes(WHILE)
        meanwhile = bench.said()[before:]
        told = 1 if fault in MENDED_BY_HAND or door is not Distillation else 0
        if claims(meanwhile) or len(waiting(meanwhile)) != told:
            wrong.append((door.__name__, fault.__name__, "meanwhile", meanwhile))
        mend()
        bench.passes(WHILE)
        after = bench.said()[before + len(meanwhile) :]
        if not bench.is_kept() or not claims(after) or "cannot" in " ".join(after):
            wrong.append((door.__name__, fault.__name__, "after", after))
        if fault in MENDED_BY_HAND and bench.fetched() > 2:
            wrong.append((door.__name__, "it is fetched again and again", bench.fetched()))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("fault", MENDED_BY_HAND)
def test_what_nobody_mends_for_a_day_ends_with_words_and_never_as_ready(tmp_path: Path, fault: Fault) -> None:
    bench = Upload(tmp_path)
    breaks(bench.bucket, fault)
    bench.asks()
    bench.passes(DAY + HOUR)
    assert len(waiting(bench.said())) == 1
    [end] = claims(bench.said())
    assert end.startswith("problem claims.jsonl: I could not keep this: ")
    assert "waited a day" in end
    assert "Send the file" in end
    assert [resource.done for resource in bench.world.resources.of_kind("upload")] == [True]


def test_a_file_with_mistakes_waits_for_no_bucket(tmp_path: Path) -> None:
    bench = Followed(test_upload.World(tmp_path, test_upload.BAD))
    breaks(bench.bucket, no_bucket)
    bench.world.receive()
    bench.passes(60)
    assert [each.split(",")[0] for each in bench.said()] == ["verdict blocked"]
