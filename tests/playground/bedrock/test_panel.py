"""What the page is told and may ask for."""

from typing import Any

import pytest

from bot.playground.bedrock import BedrockStandIn, SimulatedClock
from tests.playground.bedrock.conftest import HAIKU_TRAIN, NOVA_TRAIN, START, Bench


def test_the_page_sees_jobs_throughput_and_deployments(bench: Bench, east: Bench) -> None:
    bench.provisioned(bench.trained())
    east.bedrock.create_custom_model_deployment(modelDeploymentName="dep", modelArn=east.trained("nova"))
    bench.start("going")
    state = bench.stand_in.state()

    assert state["jobs"][0] == {
        "name": "claims-1",
        "status": "Completed",
        "stage": "training",
        "base": HAIKU_TRAIN,
    }
    assert state["jobs"][-1]["stage"] == "validation"
    assert state["throughputs"] == [
        {"name": "claims-pt", "status": "InService", "model": "claims-1", "units": 1}
    ]
    assert state["deployments"] == [
        {"name": "dep", "status": "Creating", "model": "nova", "base": NOVA_TRAIN}
    ]
    assert (state["speed"], state["paused"], state["lifecycle"]) == (0.0, False, "open")


def test_the_page_moves_and_stops_the_clock(stand_in: BedrockStandIn) -> None:
    assert stand_in.state()["now"] == START.isoformat()
    assert stand_in.control({"advance_seconds": 3600})["now"] == "2026-11-22T10:00:00+00:00"
    assert stand_in.control({"paused": True})["paused"] is True
    assert stand_in.control({"speed": 120, "paused": False})["speed"] == 120
    assert stand_in.control({"speed": 0})["speed"] == 0


def test_the_page_orders_failures(bench: Bench) -> None:
    state = bench.stand_in.control({"fault": {"operation": "*", "kind": "throttle", "times": 3}})
    assert state["faults"] == [{"operation": "*", "kind": "throttle", "times": 3}]
    kinds = {kind["kind"]: kind for kind in state["fault_kinds"]}
    assert kinds["throttle"]["label"] == "Throttled (429)"
    assert {"*", "CreateModelCustomizationJob", "PutObject"} <= set(kinds["throttle"]["operations"])
    assert kinds["fail_training"]["operations"] == ["CreateModelCustomizationJob"]
    assert bench.stand_in.control({"clear_faults": True})["faults"] == []
    for kind in kinds.values():
        for operation in kind["operations"]:
            bench.stand_in.control({"fault": {"operation": operation, "kind": kind["kind"]}})


def test_the_page_ends_a_life_and_opens_it_again(bench: Bench) -> None:
    assert bench.stand_in.control({"lifecycle": "ended"})["lifecycle"] == "ended"
    models = bench.bedrock.list_foundation_models(byCustomizationType="FINE_TUNING")["modelSummaries"]
    assert models[0]["modelLifecycle"]["endOfLifeTime"].date().isoformat() == "2026-09-10"
    assert [m["modelLifecycle"]["status"] for m in models] == ["LEGACY", "ACTIVE"]
    assert bench.stand_in.control({"lifecycle": "open"})["lifecycle"] == "open"


def test_on_an_early_clock_the_end_was_yesterday() -> None:
    early = SimulatedClock.manual(START.replace(year=2025))
    with BedrockStandIn(clock=early) as stand_in:
        stand_in.control({"lifecycle": "ended"})
        [haiku] = stand_in.world.lifecycle_table.values()
        assert haiku.end is not None
        assert (early.now() - haiku.end).days == 1
        assert haiku.is_over(early.now())


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"explode": True},
        {"speed": "fast"},
        {"speed": -1},
        {"advance_seconds": -1},
        {"advance_seconds": True},
        {"lifecycle": "maybe"},
        {"fault": "throttle"},
        {"fault": {"operation": "*"}},
        {"fault": {"kind": "throttle", "times": "many"}},
    ],
)
def test_what_is_not_understood_is_refused_in_a_sentence(
    stand_in: BedrockStandIn, order: dict[str, Any]
) -> None:
    before = stand_in.state()
    with pytest.raises(ValueError, match=r"."):
        stand_in.control(order)
    assert stand_in.state() == before
