"""``/tune jobs all`` and the button that follows a job of the console."""

from bot.clock import SystemClock
from bot.controller.controller import Controller
from bot.kinds import KINDS
from bot.unmanaged.reconciler import UnmanagedJobsReconciler
from tests.doubles.bedrock import InMemoryCustomization
from tests.doubles.clock import FakeClock
from tests.doubles.world import FakeNeighbours
from tests.handlers.door import Door
from tests.unit.jobs.samples import PRICES, SETTINGS, plan


def looked(door: Door) -> None:
    """Let a worker look at the account, in which one job was made in the console."""
    customization = InMemoryCustomization(FakeClock())
    customization.create(plan(job_name="made-elsewhere"), {})
    unmanaged = UnmanagedJobsReconciler(customization, FakeNeighbours(), PRICES, SETTINGS, FakeClock())
    Controller(door.store, {"unmanaged": unmanaged}, SystemClock(), kinds=KINDS).tick()


def test_all_says_that_it_looks_and_shows_what_it_saw_the_next_time(door: Door) -> None:
    door.command("jobs all")
    assert "I am looking in AWS" in door.said

    looked(door)
    door.webhooks.clear()
    door.command("jobs all")
    assert "made-elsewhere" in door.said
    menus = [each for block in door.webhooks[0]["blocks"] for each in block.get("elements", [])]
    [menu] = [each for each in menus if each.get("action_id") == "job.follow"]
    assert [each["value"] for each in menu["options"]] == ["us-west-2 made-elsewhere"]


def test_mine_looks_at_nothing(door: Door) -> None:
    door.command("jobs")

    assert door.store.of_kind("unmanaged") == []


def test_follow_is_written_down(door: Door) -> None:
    door.command("jobs all")
    looked(door)

    door.press("job.follow", "us-west-2 made-elsewhere")

    [wish] = [wish for resource in door.store.of_kind("unmanaged") for wish in resource.spec["follow"]]
    assert (wish["name"], wish["by"], wish["channel"]) == ("made-elsewhere", "UTRAIN", "C1")
