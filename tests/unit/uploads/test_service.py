import json
from typing import Any

import pytest

from bot.controller.model import Done
from bot.datasets.model import Role
from bot.directory.service import ATTEMPTS
from bot.errors import NotFound, Refused
from bot.uploads.model import SCHEMA, dump, load
from bot.uploads.service import UploadService
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources
from tests.doubles.visibility import directory

DROPPED: dict[str, Any] = {"file_id": "F1", "channel": "C1", "thread_ts": "1.0", "user": "U1"}


def test_an_upload_is_written_down_and_due_at_once() -> None:
    clock = FakeClock()
    resources = InMemoryResources(clock)
    UploadService(resources, directory(resources), clock).receive(
        **DROPPED, profile="nova-lite", role=Role.VALIDATION
    )
    [claim] = resources.claim(10, 30)
    spec = SCHEMA.spec_of(claim.resource)
    assert claim.resource.key.kind == "upload"
    assert (spec.file_id, spec.channel, spec.thread_ts, spec.user) == ("F1", "C1", "1.0", "U1")
    assert (spec.profile, spec.role, spec.asked_at) == ("nova-lite", Role.VALIDATION, clock.now())


def test_a_delivery_that_is_repeated_is_one_upload() -> None:
    resources = InMemoryResources(FakeClock())
    service = UploadService(resources, directory(resources), FakeClock())
    service.receive(**DROPPED)
    service.receive(**DROPPED)
    assert len(resources.of_kind("upload")) == 1


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
    resources = InMemoryResources(FakeClock())
    service = UploadService(resources, directory(resources), FakeClock())
    service.receive(**DROPPED)
    service.receive(**DROPPED | other)
    assert len(resources.of_kind("upload")) == 2


# Repairs


def judged(resources: InMemoryResources) -> str:
    UploadService(resources, directory(resources), FakeClock()).receive(**DROPPED, profile="nova-lite")
    [resource] = resources.of_kind("upload")
    return resource.key.id


def test_a_repair_is_an_upload_of_its_own_for_the_same_file() -> None:
    resources = InMemoryResources(FakeClock())
    upload = judged(resources)
    assert UploadService(resources, directory(resources), FakeClock()).repair(
        upload, channel="C1", thread_ts="1.0", user="U2"
    )
    first, second = sorted(
        (SCHEMA.spec_of(each) for each in resources.of_kind("upload")), key=lambda each: each.repair
    )
    assert (first.repair, second.repair) == (False, True)
    assert (second.file_id, second.profile, second.user) == ("F1", "nova-lite", "U2")


def test_a_repair_in_another_thread_is_another() -> None:
    resources = InMemoryResources(FakeClock())
    upload, service = judged(resources), UploadService(resources, directory(resources), FakeClock())
    assert service.repair(upload, channel="C1", thread_ts="1.0", user="U1")
    assert not service.repair(upload, channel="C1", thread_ts="1.0", user="U2")
    assert service.repair(upload, channel="C1", thread_ts="2.0", user="U1")


def test_a_repair_that_always_fails_is_given_up() -> None:
    clock = FakeClock()
    resources = InMemoryResources(clock)
    upload, service = judged(resources), UploadService(resources, directory(resources), clock)
    for _ in range(ATTEMPTS):
        assert service.repair(upload, channel="C1", thread_ts="1.0", user="U1")
        for claim in resources.claim(10, 30):
            resources.commit(claim, {"upload": {"failed": True}}, Done(), ())
    with pytest.raises(Refused, match="20 times"):
        service.repair(upload, channel="C1", thread_ts="1.0", user="U1")


@pytest.mark.parametrize("upload", ["", "nonsense", "0" * 24])
def test_an_upload_that_nobody_remembers(upload: str) -> None:
    with pytest.raises(NotFound, match="too long ago"):
        UploadService(
            InMemoryResources(FakeClock()), directory(InMemoryResources(FakeClock())), FakeClock()
        ).repair(upload, channel="C1", thread_ts="1.0", user="U1")


def test_an_upload_without_repair_is_written_as_before() -> None:
    resources = InMemoryResources(FakeClock())
    judged(resources)
    [resource] = resources.of_kind("upload")
    assert "repair" not in resource.spec


def test_all_repairs_are_written_as_a_version_before_knows_them() -> None:
    resources = InMemoryResources(FakeClock())
    upload = judged(resources)
    UploadService(resources, directory(resources), FakeClock()).repair(
        upload, channel="C1", thread_ts="1.0", user="U2"
    )
    assert not any({"repairs", "drop", "judged"} & each.spec.keys() for each in resources.of_kind("upload"))


def test_what_was_chosen_of_a_repair_is_written_down() -> None:
    resources = InMemoryResources(FakeClock())
    upload, service = judged(resources), UploadService(resources, directory(resources), FakeClock())
    assert service.repair(
        upload, channel="C1", thread_ts="1.0", user="U2", repairs={"lower-roles", "drop-blank-lines"}
    )
    [spec] = [SCHEMA.spec_of(each) for each in resources.of_kind("upload") if SCHEMA.spec_of(each).repair]
    assert (spec.repairs, spec.drop) == (("drop-blank-lines", "lower-roles"), ())
    assert load(json.loads(json.dumps(dump(spec)))) == spec


def test_rows_cannot_be_chosen_before_a_verdict() -> None:
    resources = InMemoryResources(FakeClock())
    upload, service = judged(resources), UploadService(resources, directory(resources), FakeClock())
    with pytest.raises(NotFound, match="too long ago"):
        service.repair(upload, channel="C1", thread_ts="1.0", user="U2", drop=(1,))
