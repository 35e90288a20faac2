"""What is asked of stored datasets: checked at once, written down once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.controller.documents import load
from bot.controller.model import Done
from bot.datasets.model import Dataset, Role
from bot.derivations.model import (
    SCHEMA,
    ConversionParameters,
    DerivationSpec,
    NoParameters,
    Operation,
    Parameters,
    SplitParameters,
    dump,
    key_of,
)
from bot.derivations.service import DerivationService
from bot.directory.service import ATTEMPTS
from bot.errors import NotFound, Refused
from tests.doubles.clock import FakeClock
from tests.doubles.dataset_values import dataset
from tests.doubles.resources import InMemoryResources
from tests.doubles.visibility import directory

WHERE: dict[str, Any] = {"channel": "C1", "thread_ts": "1.0", "user": "U1"}


@pytest.fixture
def resources() -> InMemoryResources:
    return InMemoryResources(FakeClock())


@pytest.fixture
def service(resources: InMemoryResources) -> DerivationService:
    return DerivationService(resources, directory(resources), FakeClock())


def validation() -> Dataset:
    made = dataset(seed=5)
    return replace(made, report=replace(made.report, role=Role.VALIDATION))


def test_what_was_asked_for_is_written_down(service: DerivationService, resources: InMemoryResources) -> None:
    assert service.split(dataset(), **WHERE, share=0.25, seed=9)
    [resource] = resources.of_kind("derivation")
    spec = SCHEMA.spec_of(resource)
    assert spec.operation is Operation.SPLIT
    assert spec.datasets == (dataset().id,)
    assert spec.params == SplitParameters(0.25, 9, near=True)
    assert (spec.channel, spec.thread_ts, spec.user) == ("C1", "1.0", "U1")
    assert dump(spec) == resource.spec


@pytest.mark.parametrize(
    ("params", "key"),
    [
        (SplitParameters(0.25, 9, near=True), "e45cb483a42607af021a5e91"),
        (ConversionParameters("nova-lite"), "19824f4532757b68a5d6fd90"),
        (NoParameters(), "1b422a76ca0803db0429f05e"),
    ],
)
def test_how_it_is_done_is_read_as_it_was_written_and_older_requests_keep_their_keys(
    params: Parameters, key: str
) -> None:
    operations = {SplitParameters: "split", ConversionParameters: "convert", NoParameters: "compare"}
    at, operation = datetime(2026, 1, 1, tzinfo=UTC), Operation(operations[type(params)])
    spec = DerivationSpec(operation, ("d1",), params, "C1", None, "U1", "e1", at, ("claims",))
    stored = dump(spec)
    stored = {**stored, "params": {**stored["params"], "a member of tomorrow": 1}}

    assert load(DerivationSpec, stored) == spec
    assert key_of(spec).id == key


def test_the_same_twice_is_one_request_whoever_asks(
    service: DerivationService, resources: InMemoryResources
) -> None:
    assert service.split(dataset(), **WHERE)
    assert not service.split(dataset(), **WHERE | {"user": "U2"})
    assert len(resources.of_kind("derivation")) == 1


@pytest.mark.parametrize(
    "other", [{"channel": "C2"}, {"thread_ts": None}, {"asked_in": "T"}, {"share": 0.3}, {"seed": 1}], ids=str
)
def test_what_makes_it_another(service: DerivationService, other: dict[str, Any]) -> None:
    assert service.split(dataset(), **WHERE)
    assert service.split(dataset(), **WHERE | other)


def test_what_has_failed_may_be_asked_again_until_it_is_enough(
    service: DerivationService, resources: InMemoryResources
) -> None:
    for _ in range(ATTEMPTS):
        assert service.split(dataset(), **WHERE)
        for claim in resources.claim(10, 30):
            resources.commit(claim, {"derivation": {"failed": True}}, Done(), ())
    with pytest.raises(Refused, match="20 times"):
        service.split(dataset(), **WHERE)


def test_what_cannot_be_is_refused_at_once(service: DerivationService, resources: InMemoryResources) -> None:
    with pytest.raises(Refused, match="validation set already"):
        service.split(validation(), **WHERE)
    with pytest.raises(Refused, match="not a share"):
        service.split(dataset(), **WHERE, share=0.8)
    with pytest.raises(Refused, match="already, and was checked for that base") as refused:
        service.convert(dataset(), "claude-3-haiku", **WHERE)
    assert "Send the file again" not in refused.value.sentence
    with pytest.raises(NotFound):
        service.convert(dataset(), "gpt-7", **WHERE)
    with pytest.raises(Refused, match="Both are version"):
        service.compare(dataset(), dataset(), **WHERE)
    assert resources.of_kind("derivation") == []
    assert service.compare(dataset(), dataset(seed=1), **WHERE)
    assert service.convert(dataset(), "nova-lite", **WHERE)
