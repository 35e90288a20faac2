"""Repairs and the row inspector: from a file with mistakes to one that a job starts from, without another upload."""

import hashlib
import io
import json

import pytest

from bot.datasets.model import Role, Verdict
from bot.datasets.validation import validate
from bot.playground.narration import buttons, text_of
from bot.profiles import registry
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, CLAIMS, SAMPLES, House, Json

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

NAME, CORRECTED = "claims-needs-repair.jsonl", "claims-needs-repair.repaired.jsonl"
MENDABLE = (SAMPLES / NAME).read_bytes()


def _offered(house: House, message: Json) -> Json:
    return house.waits("every error has a safe repair", button="dataset.repair", thread=message["ts"])


def _thread(house: House, message: Json) -> list[Json]:
    return house.trainer.thread(message)[1:]


def _copies(house: House, message: Json) -> list[Json]:
    files = [file for each in _thread(house, message) for file in each.get("files") or []]
    return [file for file in files if file["name"] == CORRECTED]


def test_one_press_ends_with_a_file_that_a_job_starts_from(house: House) -> None:
    message = house.uploads(MENDABLE, NAME)
    offer = _offered(house, message)
    assert "Move the system prompt in 5 rows" in text_of(offer)
    assert "Drop 2 blank lines" in text_of(offer)
    assert "dataset.start" not in buttons(offer)

    house.trainer.clicks(offer, "dataset.repair")
    verdict = house.waits(CORRECTED, "ready", button="dataset.start", thread=message["ts"])

    assert "is repaired" in text_of(verdict)
    assert "Moved the system prompt in 5 rows" in house.details(verdict)
    [copy] = _copies(house, message)
    content = house.trainer.downloads(copy["id"])
    report = validate(io.BytesIO(content), registry.get("claude-3-haiku"), Role.TRAINING, CORRECTED)
    assert report.verdict is Verdict.READY
    assert report.sha256[:12] in house.details(verdict), "the copy in the thread is what was judged"
    assert house.trainer.downloads(message["files"][0]["id"]) == MENDABLE

    house.plan(verdict, model_name="claims-router", job_name="claims-router-job")


def test_a_repaired_copy_with_the_same_content_leaves_the_other_file_its_name(house: House) -> None:
    house.dataset(name="claims.jsonl")
    content = (SAMPLES / "claims.jsonl").read_bytes()
    message = house.uploads(content.replace(b"\n", b"\n\n", 3), NAME)
    house.trainer.clicks(_offered(house, message), "dataset.repair")
    verdict = house.waits(CORRECTED, "ready", button="dataset.start", thread=message["ts"])
    assert hashlib.sha256(content).hexdigest()[:12] in house.details(verdict), (
        "the copy is claims.jsonl, byte by byte"
    )

    house.trainer.slash("/tune", "dataset claims")
    card = house.waits("*`claims`* is ready", hashlib.sha256(content).hexdigest()[:12])
    house.trainer.slash("/tune", "start claims")
    house.form()
    assert "needs-repair" not in text_of(card)


def test_what_was_pressed_is_gone_and_the_copy_is_no_upload(house: House) -> None:
    message = house.uploads(MENDABLE, NAME)
    offer = _offered(house, message)
    house.trainer.clicks(offer, "dataset.repair")
    used = house.waits("*Repair all* was chosen by", thread=message["ts"])
    assert (used["ts"], "dataset.repair" in buttons(used)) == (offer["ts"], False), "nobody presses it again"
    house.waits(button="dataset.start", thread=message["ts"])

    house.slack.wait_until_delivered()
    house.dataset(name="later.jsonl")  # whatever came before this one would be judged by now

    thread = _thread(house, message)
    assert len(_copies(house, message)) == 1
    assert sum("dataset.start" in buttons(each) for each in thread) == 1
    assert sum("is repaired" in text_of(each) for each in thread) == 1


def test_a_verdict_in_the_channel_is_repaired_in_its_own_thread(house: House) -> None:
    file = house.trainer.uploads(CHANNEL, "claims-needs-repair.txt", MENDABLE)
    house.trainer.slash("/tune", f"validate {file['id']}")
    offer = house.waits(button="dataset.repair")

    house.trainer.clicks(offer, "dataset.repair")

    house.waits(CORRECTED, button="dataset.start", thread=offer["ts"])


def test_nobody_gets_a_copy_of_a_file_that_they_cannot_see(house: House) -> None:
    secret = house.trainer.uploads("finance-private", "layoffs.txt", MENDABLE)
    house.trainer.slash("/tune", f"validate {secret['id']}")
    offer = house.waits(button="dataset.repair")

    house.asker.clicks(offer, "dataset.repair")

    house.waits("you cannot", by=house.asker, thread=offer["ts"])
    assert len(house.slack.log.of("download")) == 1, "for the verdict alone"
    assert "repaired" not in json.dumps(_thread(house, offer))


def test_only_a_trainer_repairs(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_TRAINERS="U0TRAINER1")
    message = house.uploads(MENDABLE, NAME)
    offer = _offered(house, message)

    house.asker.clicks(offer, "dataset.repair")

    house.waits("needs a trainer", by=house.asker)
    assert _copies(house, message) == []


def _messy() -> bytes:
    """Return the sample with an empty answer (line 6) and a line that was cut off (line 10)."""
    rows = CLAIMS.splitlines()
    empty = json.loads(rows[5])
    empty["messages"][-1]["content"] = ""
    rows[5], rows[9] = json.dumps(empty).encode(), rows[9][:90]
    return b"\n".join(rows) + b"\n"


def test_one_repair_after_the_other_by_their_menu(house: House) -> None:
    message = house.uploads(MENDABLE, NAME)
    offer = _offered(house, message)
    [menu] = [
        element
        for block in offer["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == "dataset.repair.one"
    ]
    lift = next(each["value"] for each in menu["options"] if "Move the system prompt" in each["text"]["text"])

    house.trainer.selects(offer, "dataset.repair.one", lift)

    done = house.waits("In this copy: Moved the system prompt", thread=message["ts"])
    assert "Line 4" in house.details(done)
    assert "Dropped" not in text_of(done)
    once = "claims-needs-repair.lift-system-turn"
    assert "4 errors" in text_of(done)
    next_offer = house.waits(f"{once}.jsonl", "every error has a safe repair", thread=message["ts"])
    house.trainer.clicks(next_offer, "dataset.repair")
    house.waits(f"{once}.repaired.jsonl", button="dataset.start", thread=message["ts"])
    files = [file["name"] for each in _thread(house, message) for file in each.get("files") or []]
    copies = [name for name in files if name.endswith(".jsonl")]
    assert copies == [f"{once}.jsonl", f"{once}.repaired.jsonl"], "two copies have two names"


def test_rows_are_looked_at_and_left_out(house: House) -> None:
    message = house.uploads(_messy(), "claims.jsonl")
    verdict = house.waits(button="dataset.rows", thread=message["ts"])
    house.trainer.clicks(verdict, "dataset.rows")
    first = house.form()
    assert "*Line 6*" in json.dumps(first, ensure_ascii=False)
    assert "» " in json.dumps(first, ensure_ascii=False)

    house.trainer.clicks(first, "rows.on", state={"row.6": {"choice": "drop"}})
    second = house.trainer.wait_for(lambda: _page(house, "*Line 10*"))
    answer = house.trainer.submits(second, {"row.10": "drop"})

    assert not answer["errors"]
    done = house.waits("Left out 2 rows that a person chose", thread=message["ts"])
    assert "lines 6, 10" in house.details(done)
    ready = house.waits("claims.without-rows-6-10.jsonl", button="dataset.start", thread=message["ts"])
    [copy] = [
        file
        for each in _thread(house, message)
        for file in each.get("files") or []
        if "without-rows" in file["name"]
    ]
    rows = _messy().splitlines()
    assert house.trainer.downloads(copy["id"]).splitlines() == rows[:5] + rows[6:9] + rows[10:]
    house.plan(ready, model_name="claims-router", job_name="claims-router-job")


def test_a_row_is_edited_and_held_to_the_rules(house: House) -> None:
    message = house.uploads(_messy(), "claims.jsonl")
    verdict = house.waits(button="dataset.rows", thread=message["ts"])
    house.trainer.clicks(verdict, "dataset.rows")
    house.trainer.clicks(house.form(), "rows.edit", state={})
    form = house.trainer.wait_for(lambda: _page(house, "Keep this text"))

    refused = house.trainer.submits(form, {"text": '{"messages": []}'})
    assert refused["errors"]["text"]
    taken = house.trainer.submits(
        form, {"text": json.dumps(json.loads(CLAIMS.splitlines()[0]) | {"system": "New."})}
    )
    assert "how it was edited" in json.dumps(taken["view"])
    answer = house.trainer.submits(taken["view"], {})

    assert not answer["errors"]
    house.waits("1 row edited by hand", thread=message["ts"])
    house.waits("claims.edited.jsonl", thread=message["ts"])


def test_nobody_looks_at_rows_of_a_file_that_they_cannot_see(house: House) -> None:
    secret = house.trainer.uploads("finance-private", "layoffs.txt", _messy())
    house.trainer.slash("/tune", f"validate {secret['id']}")
    verdict = house.waits(button="dataset.rows")

    house.asker.clicks(verdict, "dataset.rows")

    house.waits("you cannot", by=house.asker)
    assert house.asker.view() is None


def _page(house: House, words: str) -> Json | None:
    view = house.trainer.view()
    return view if view and words in json.dumps(view, ensure_ascii=False) else None


def test_what_may_have_been_written_to_be_learned_goes_only_when_somebody_decides_it(house: House) -> None:
    rows = CLAIMS.splitlines()
    rejected = json.loads(rows[2]) | {"rejected_message": {"role": "assistant", "content": "No idea."}}
    rows[2] = json.dumps(rejected).encode()
    message = house.uploads(b"\n".join(rows) + b"\n", "export.jsonl")
    blocked = house.waits("not ready", button="dataset.repair.one.1", thread=message["ts"])
    assert "dataset.repair" not in buttons(blocked)
    assert "No idea." in text_of(blocked), "what would go is shown before"

    house.trainer.clicks(blocked, "dataset.repair.one.1")

    done = house.waits("is repaired", thread=message["ts"])
    assert "Dropped keys with content in 1 row: rejected_message" in text_of(done)
    house.waits("export.drop-content-keys.jsonl", button="dataset.start", thread=message["ts"])
