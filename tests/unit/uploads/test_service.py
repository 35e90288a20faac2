import json
from typing import Any

import pytest

from bot.controller.model import Done
from bot.datasets.model import Role
from bot.directory.service import ATTEMPTS
from bot.errors import NotFound, Refused
from bot.uploads.model import dump, load
from bot.uploads.service import UploadDesk
from tests.doubles.clock import FakeClock
from tests.doubles.things import InMemoryThings
from tests.doubles.visibility import directory

DROPPED: dict[str, Any] = {"file_id": "F1", "channel": "C1", "thread_ts": "1.0", "user": "U1"}


def test_an_upload_is_written_down_and_due_at_once() -> None:
    clock = FakeClock()
    things = InMemoryThings(clock)
    UploadDesk(things, directory(things), clock).receive(**DROPPED, profile="nova-lite", role=Role.VALIDATION)
    [claim] = things.claim(10, 30)
    spec = load(claim.thing.spec)
    assert claim.thing.key.kind == "upload"
    assert (spec.file_id, spec.channel, spec.thread_ts, spec.user) == ("F1", "C1", "1.0", "U1")
    assert (spec.profile, spec.role, spec.asked_at) == ("nova-lite", Role.VALIDATION, clock.now())


def test_a_delivery_that_is_repeated_is_one_upload() -> None:
    things = InMemoryThings(FakeClock())
    desk = UploadDesk(things, directory(things), FakeClock())
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
    desk = UploadDesk(things, directory(things), FakeClock())
    desk.receive(**DROPPED)
    desk.receive(**DROPPED | other)
    assert len(things.of_kind("upload")) == 2


# Repairs


def judged(things: InMemoryThings) -> str:
    UploadDesk(things, directory(things), FakeClock()).receive(**DROPPED, profile="nova-lite")
    [thing] = things.of_kind("upload")
    return thing.key.id


def test_a_repair_is_an_upload_of_its_own_for_the_same_file() -> None:
    things = InMemoryThings(FakeClock())
    upload = judged(things)
    assert UploadDesk(things, directory(things), FakeClock()).repair(
        upload, channel="C1", thread_ts="1.0", user="U2"
    )
    first, second = sorted(
        (load(each.spec) for each in things.of_kind("upload")), key=lambda each: each.repair
    )
    assert (first.repair, second.repair) == (False, True)
    assert (second.file_id, second.profile, second.user) == ("F1", "nova-lite", "U2")


def test_a_repair_in_another_thread_is_another() -> None:
    things = InMemoryThings(FakeClock())
    upload, desk = judged(things), UploadDesk(things, directory(things), FakeClock())
    assert desk.repair(upload, channel="C1", thread_ts="1.0", user="U1")
    assert not desk.repair(upload, channel="C1", thread_ts="1.0", user="U2")
    assert desk.repair(upload, channel="C1", thread_ts="2.0", user="U1")


def test_a_repair_that_always_fails_is_given_up() -> None:
    clock = FakeClock()
    things = InMemoryThings(clock)
    upload, desk = judged(things), UploadDesk(things, directory(things), clock)
    for _ in range(ATTEMPTS):
        assert desk.repair(upload, channel="C1", thread_ts="1.0", user="U1")
        for claim in things.claim(10, 30):
            things.commit(claim, {"failed": True}, Done(), ())
    with pytest.raises(Refused, match="20 times"):
        desk.repair(upload, channel="C1", thread_ts="1.0", user="U1")


@pytest.mark.parametrize("upload", ["", "nonsense", "0" * 24])
def test_an_upload_that_nobody_remembers(upload: str) -> None:
    with pytest.raises(NotFound, match="too long ago"):
        UploadDesk(InMemoryThings(FakeClock()), directory(InMemoryThings(FakeClock())), FakeClock()).repair(
            upload, channel="C1", thread_ts="1.0", user="U1"
        )


def test_an_upload_without_repair_is_written_as_before() -> None:
    things = InMemoryThings(FakeClock())
    judged(things)
    [thing] = things.of_kind("upload")
    assert "repair" not in thing.spec


def test_all_repairs_are_written_as_a_version_before_knows_them() -> None:
    things = InMemoryThings(FakeClock())
    upload = judged(things)
    UploadDesk(things, directory(things), FakeClock()).repair(
        upload, channel="C1", thread_ts="1.0", user="U2"
    )
    assert not any({"repairs", "drop", "judged"} & each.spec.keys() for each in things.of_kind("upload"))


def test_what_was_chosen_of_a_repair_is_written_down() -> None:
    things = InMemoryThings(FakeClock())
    upload, desk = judged(things), UploadDesk(things, directory(things), FakeClock())
    assert desk.repair(
        upload, channel="C1", thread_ts="1.0", user="U2", repairs={"lower-roles", "drop-blank-lines"}
    )
    [spec] = [load(each.spec) for each in things.of_kind("upload") if load(each.spec).repair]
    assert (spec.repairs, spec.drop) == (("drop-blank-lines", "lower-roles"), ())
    assert load(json.loads(json.dumps(dump(spec)))) == spec


def test_rows_cannot_be_chosen_before_a_verdict() -> None:
    things = InMemoryThings(FakeClock())
    upload, desk = judged(things), UploadDesk(things, directory(things), FakeClock())
    with pytest.raises(NotFound, match="too long ago"):
        desk.repair(upload, channel="C1", thread_ts="1.0", user="U2", drop=(1,))
