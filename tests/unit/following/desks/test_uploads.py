from typing import Any

import pytest

from bot.datasets.model import Role
from bot.following.desks.uploads import UploadDesk
from bot.following.kinds.upload_record import load
from tests.doubles.clock import FakeClock
from tests.doubles.things import InMemoryThings

DROPPED: dict[str, Any] = {"file_id": "F1", "channel": "C1", "thread_ts": "1.0", "user": "U1"}


def test_an_upload_is_written_down_and_due_at_once() -> None:
    clock = FakeClock()
    things = InMemoryThings(clock)
    UploadDesk(things, clock).receive(**DROPPED, profile="nova-lite", role=Role.VALIDATION)
    [claim] = things.claim(10, 30)
    spec = load(claim.thing.spec)
    assert claim.thing.key.kind == "upload"
    assert (spec.file_id, spec.channel, spec.thread_ts, spec.user) == ("F1", "C1", "1.0", "U1")
    assert (spec.profile, spec.role, spec.asked_at) == ("nova-lite", Role.VALIDATION, clock.now())


def test_a_delivery_that_is_repeated_is_one_upload() -> None:
    things = InMemoryThings(FakeClock())
    desk = UploadDesk(things, FakeClock())
    desk.receive(**DROPPED)
    desk.receive(**DROPPED)
    assert len(things.of_kind("upload")) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"file_id": "F2"},
        {"channel": "C2"},
        {"thread_ts": None},
        {"profile": "nova-lite"},
        {"role": Role.VALIDATION},
        {"asked_in": "trigger"},
    ],
    ids=str,
)
def test_what_makes_it_another(other: dict[str, Any]) -> None:
    things = InMemoryThings(FakeClock())
    desk = UploadDesk(things, FakeClock())
    desk.receive(**DROPPED)
    desk.receive(**DROPPED | other)
    assert len(things.of_kind("upload")) == 2
