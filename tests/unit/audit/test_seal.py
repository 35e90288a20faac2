"""Publishing: what is sealed is in the bucket before anything is cut, and a kill anywhere loses and doubles nothing."""

from types import SimpleNamespace

import pytest

from bot.audit import reconciler
from bot.audit.chain import Head
from bot.audit.decisions import Decision
from bot.audit.kind import KINDS
from bot.audit.model import SCHEMA, SealStatus, registration
from bot.controller.context import AnyReconciler
from bot.errors import Misconfigured
from tests.doubles.trail import InMemorySegments, InMemoryTrail
from tests.doubles.world import World


class Office(World):
    """A bot with an audit."""

    def __init__(self) -> None:
        self.trail, self.segments = InMemoryTrail(), InMemorySegments()
        super().__init__()
        self.store.register(registration("us-east-1"))

    def reconcilers(self) -> dict[str, AnyReconciler]:
        ports = SimpleNamespace(trail=self.trail, segments=self.segments)
        return {**super().reconcilers(), "seal": KINDS[0].build(ports)}

    def decided(self, count: int) -> None:
        for number in range(count):
            self.trail.append(Decision("approved", "job", f"j{number}", actor="UBOSS"))

    @property
    def status(self) -> SealStatus:
        resource = self.store.get(registration("us-east-1").key)
        assert resource is not None
        return SCHEMA.status_of(resource)

    @property
    def numbers(self) -> list[tuple[int, int]]:
        return sorted((first, last) for first, last, _ in self.segments.kept)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(reconciler, "LARGEST", 4)
    monkeypatch.setattr(reconciler, "KEEP", 3)
    return Office()


def test_what_is_decided_is_published_within_a_minute_and_cut_at_the_end_of_segments(office: Office) -> None:
    office.decided(6)
    office.pass_time(10)
    assert office.numbers == [(1, 4), (5, 6)]
    assert [each.number for each in office.trail.entries] == [4, 5, 6]
    office.decided(1)
    office.pass_time(120)
    assert office.numbers == [(1, 4), (5, 6), (7, 7)]
    assert [each.number for each in office.trail.entries] == [5, 6, 7]
    assert office.trail.chain.verify(office.trail.entries, office.trail.head(), office.segments.heads()).holds


@pytest.mark.parametrize(
    "point", ["before-publish-audit", "after-publish-audit", "before-cut-audit", "after-cut-audit"]
)
def test_a_kill_at_each_place_loses_and_doubles_nothing(office: Office, point: str) -> None:
    office.decided(6)
    assert office.crash_at(point)
    office.pass_time(200)
    assert office.numbers == [(1, 4), (5, 6)]
    assert office.status.number == 6


def test_what_does_not_hold_is_told_and_nothing_is_cut(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.decided(6)
    del office.trail.entries[1]
    office.pass_time(10)
    assert "The audit does not hold: missing: 2" in caplog.text
    office.trail.last = Head(3, "ab" * 32)
    office.pass_time(120)
    assert "it ends at 3, and was published up to" in caplog.text


def test_with_another_first_bucket_the_old_one_is_left(office: Office) -> None:
    office.segments.region = "eu-west-1"
    office.decided(1)
    office.pass_time(10)
    assert office.segments.kept == {}
    assert (resource := office.store.get(registration("us-east-1").key))
    assert resource.done


def test_it_stands_by_itself() -> None:
    [kind] = KINDS
    assert [each.key for each in kind.standing(["us-west-2", "us-east-1"])] == [("seal", "us-east-1")]


@pytest.mark.slow
def test_a_bucket_that_cannot_be_written_to_waits_for_whoever_mends_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def denied(*_: object) -> None:
        raise Misconfigured("The bucket is in another region.")

    office.decided(2)
    with monkeypatch.context() as bucket:
        bucket.setattr(office.segments, "put", denied)
        office.pass_time(36 * 3600)
    assert office.numbers == []
    assert [each for each in caplog.records if each.exc_info] == []
    assert any("The bucket is in another region." in each.getMessage() for each in caplog.records)

    office.pass_time(400)
    assert office.numbers == [(1, 2)]
