"""The same bytes under two names: whoever presses under one of them has a job of that one, at every door.

So it is with a corrected copy that comes out as a file that was there already.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.datasets.model import Dataset, referred
from bot.derivations.model import SCHEMA as DERIVATION
from bot.derivations.model import Operation
from bot.jobs.record import SCHEMA
from bot.uploads.cards import VerdictCard
from handlers.ui.cards.datasets import verdict_card
from handlers.ui.limits import OPTION_VALUE
from handlers.ui.parts.dataset_values import comparison, conversion, read_comparison, read_conversion
from tests.handlers.door import CHANNEL, USER, Door, buttons
from tests.unit.jobs.samples import dataset

OLDER = dataset("claims")
NEWER = replace(dataset("refunds"), stored_at=OLDER.stored_at + timedelta(1))
BOTH = {each.name: each for each in (OLDER, NEWER)}


@pytest.fixture(autouse=True)
def one_content(door: Door) -> None:
    assert OLDER.id == NEWER.id
    door.datasets.datasets = [OLDER, NEWER]


def shown(door: Door) -> str:
    """Return the name that the open form shows as its dataset."""
    [block] = [each for each in door.opened["blocks"] if each.get("block_id") == "dataset"]
    return str(block["element"]["initial_option"]["text"]["text"]).partition(" ")[0]


def planned(door: Door, model: str) -> str:
    """Send the open form; return what the plan that comes of it calls its data."""
    door.submit(door.opened, {"job_name": model, "model_name": model})
    plans = [SCHEMA.spec_of(each).plan for each in door.store.of_kind("job")]
    return next(each.dataset_name for each in plans if each.model_name == model)


def by_its_verdict(door: Door, wanted: Dataset) -> None:
    card = verdict_card(VerdictCard(wanted.report, wanted, USER))
    door.press("dataset.start", dict(buttons({"blocks": card.blocks}))["dataset.start"])


def by_command(door: Door, wanted: Dataset) -> None:
    door.command(f"start {wanted.name}")


def job_of(door: Door, wanted: Dataset) -> str:
    by_its_verdict(door, wanted)
    planned(door, "first")
    door.client.made.clear()
    [job] = door.store.of_kind("job")
    assert SCHEMA.spec_of(job).plan.dataset_name == wanted.name
    return job.key.id


def again(door: Door, wanted: Dataset) -> None:
    door.press("job.again", job_of(door, wanted))


def with_other_settings(door: Door, wanted: Dataset) -> None:
    door.press("plan.change", f"job:{job_of(door, wanted)}")


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("asks", [by_its_verdict, by_command, again, with_other_settings])
def test_a_job_is_of_the_name_that_was_pressed(
    door: Door, asks: Callable[[Door, Dataset], None], name: str
) -> None:
    asks(door, BOTH[name])
    assert shown(door) == name
    assert planned(door, "second") == name


@pytest.mark.parametrize("name", BOTH)
def test_a_repeated_plan_and_a_sweeps_template_keep_the_name(door: Door, name: str) -> None:
    job = job_of(door, BOTH[name])
    assert door.jobs.repeat(job, {}, owner=USER, channel=CHANNEL).dataset_name == name
    assert door.jobs.template(name, owner=USER, channel=CHANNEL).dataset_name == name


@pytest.mark.parametrize("name", BOTH)
def test_a_conversion_and_a_comparison_are_of_the_names_that_were_pressed(door: Door, name: str) -> None:
    """And where one was made from the other's bytes, its origin goes by the name that it had then."""
    made = replace(
        dataset("mended", sha256="ef" * 32),
        parent=OLDER.report.sha256,
        parent_name=name,
        history=("Dropped a row.",),
    )
    door.datasets.save(made)
    for said in (name, "mended"):
        door.webhooks.clear()
        door.command(f"dataset {said}")
        shown = [each for block in door.webhooks[0]["blocks"] for each in block.get("elements", [])]
        if said == name:
            [menu] = [each for each in shown if each.get("action_id") == "dataset.convert"]
            door.press("dataset.convert", menu["options"][0]["value"])
        else:
            door.press("dataset.compare", dict(buttons(door.webhooks[0]))["dataset.compare"])
    found = {
        DERIVATION.spec_of(each).operation: DERIVATION.spec_of(each).names
        for each in door.store.of_kind("derivation")
    }
    assert found == {Operation.CONVERT: (name,), Operation.COMPARE: (name, "mended")}


def test_what_buttons_of_an_older_release_hold_is_read() -> None:
    assert read_conversion(f"{OLDER.id} nova-lite") == ((OLDER.id, ""), "nova-lite")
    assert read_comparison(f"{OLDER.id} {'ef' * 6}") == ((OLDER.id, ""), ("ef" * 6, ""))
    spaced: dict[str, Any] = {"name": "my claims of May"}
    named = replace(OLDER, **spaced)
    assert read_conversion(conversion(named, "nova-lite")) == ((OLDER.id, "my claims of May"), "nova-lite")
    assert read_comparison(comparison(named, NEWER)) == (
        (OLDER.id, "my claims of May"),
        (NEWER.id, "refunds"),
    )
    long: dict[str, Any] = {"name": "c" * 2_000}
    assert read_conversion(conversion(replace(OLDER, **long), "nova-lite")) == ((OLDER.id, ""), "nova-lite")
    assert read_comparison(comparison(replace(OLDER, **long), NEWER)) == ((OLDER.id, ""), (NEWER.id, ""))


def test_a_button_of_an_older_release_holds_the_id_alone(door: Door) -> None:
    door.press("dataset.start", OLDER.id)
    assert shown(door) in BOTH


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (OLDER.reference, (OLDER.id, "claims")),
        (f"{OLDER.id} my claims of May", (OLDER.id, "my claims of May")),
        (OLDER.id, (OLDER.id, "")),
        (" my claims of May ", ("my claims of May", "")),
    ],
)
def test_what_a_reference_holds(text: str, read: tuple[str, str]) -> None:
    assert referred(text) == read


def test_a_name_that_no_option_has_room_for_is_chosen_by_its_id(door: Door) -> None:
    long: dict[str, Any] = {"name": "c" * OPTION_VALUE}
    door.datasets.datasets = [replace(OLDER, **long)]
    door.press("dataset.start", OLDER.reference)
    [block] = [each for each in door.opened["blocks"] if each.get("block_id") == "dataset"]
    assert block["element"]["initial_option"]["value"] == OLDER.id
