"""*Repair all*: the corrected copy of a file, its summary and its verdict, once, whatever happens."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.controller.crash_points import crashing
from bot.datasets.model import Role, Verdict
from bot.datasets.validation import validate
from bot.errors import BadField, Misconfigured, NotFound, Refused
from bot.profiles import registry
from bot.uploads.cards import RepairedCard, VerdictCard
from bot.uploads.lineage import newest_of
from bot.uploads.model import SCHEMA, RowEdit, UploadSpec
from bot.uploads.naming import copy_name
from tests.doubles.clock import START
from tests.doubles.messages import Failure, down, dropped, lost_reply, throttled
from tests.examples import kills
from tests.unit.datasets.samples import good, lines
from tests.unit.uploads.test_upload import World, killed_at

DONE = "repaired claims.jsonl Dropped 1 blank line. Lowered the roles in 1 row. Wrote 40 rows."
HAIKU = registry.get("claude-3-haiku")


def mendable() -> bytes:
    """Return a file in which one role has a capital, and one line is blank."""
    wrong = json.dumps(good(0)).replace('"user"', '"User"', 1)
    return wrong.encode() + b"\n\n" + lines(pad=40).partition(b"\n")[2]


class Repair(World):
    """A file that can be repaired, judged in its thread, and the button under its verdict."""

    def __init__(self, folder: Path, content: bytes | None = None) -> None:
        super().__init__(folder, content or mendable())
        self.receive()
        self.run()
        [card] = [each for each in self.cards.drawn if isinstance(each, VerdictCard)]
        assert card.report.verdict is not Verdict.READY
        self.upload = card.upload
        self.before = len(self.answers())
        self.attached = len(self.files.shared)

    def press(self, user: str = "U1", **what: Any) -> bool:
        what = {"upload": self.upload} | what
        return self.service.repair(channel="C1", thread_ts=self.root, user=user, **what)

    def said(self) -> list[str]:
        """Return what was said, a line each: a verdict's first may be what was repaired."""
        return [
            each.split(", stored")[0] for text in self.texts()[self.before :] for each in text.split("\n")
        ]

    def repaired(self) -> list[RepairedCard]:
        """Return what was said of repairs, on a verdict or alone."""
        drawn = self.cards.drawn
        on_verdicts = [each.repaired for each in drawn if isinstance(each, VerdictCard) and each.repaired]
        return [*on_verdicts, *(each for each in drawn if isinstance(each, RepairedCard))]

    def shared(self) -> list[tuple[str, str | None, str]]:
        return self.files.shared[self.attached :]


@pytest.fixture
def world(tmp_path: Path) -> Repair:
    return Repair(tmp_path)


# The way it should go


def test_one_press_brings_the_corrected_copy_and_its_verdict(world: Repair) -> None:
    assert world.press()
    world.run()
    assert world.said() == [DONE, "verdict ready"]
    assert len(world.texts()) - world.before == 1, "in one message"
    assert {each.thread_ts for each in world.answers()} == {world.root}
    assert world.shared() == [("C1", world.root, "claims.repaired.jsonl")]
    copy = world.files.content("claims.repaired.jsonl")
    assert validate(io.BytesIO(copy), HAIKU, Role.TRAINING, "copy").verdict is Verdict.READY
    [dataset] = world.repository.datasets
    assert dataset.name == "claims.repaired"
    assert world.bucket.objects[dataset.locations["us-west-2"]] == copy
    assert world.files.info(dataset.source.file_id).name == "claims.repaired.jsonl"
    assert dataset.source.user == "U1"
    assert world.files.content("claims.jsonl") == mendable(), "the original is as it was"
    assert list(world.folder.iterdir()) == []


@pytest.mark.slow
def test_the_copy_is_judged_as_the_file_was(tmp_path: Path) -> None:
    world = World(tmp_path, mendable())
    world.receive(profile="nova-lite", role=Role.VALIDATION)
    world.run()
    card = world.cards.drawn[-1]
    assert isinstance(card, VerdictCard)
    assert world.service.repair(card.upload, channel="C1", thread_ts="2.0", user="U2")
    [spec] = [
        SCHEMA.spec_of(each) for each in world.resources.of_kind("upload") if SCHEMA.spec_of(each).repair
    ]
    assert (spec.profile, spec.role, spec.user, spec.thread_ts) == (
        "nova-lite",
        Role.VALIDATION,
        "U2",
        "2.0",
    )


def test_the_copy_knows_the_file_that_it_was_made_from(world: Repair) -> None:
    world.press()
    world.run()
    [dataset] = world.repository.datasets
    assert dataset.parent == hashlib.sha256(mendable()).hexdigest()
    assert dataset.history == ("Dropped 1 blank line.", "Lowered the roles in 1 row.")


# One repair


def test_one_repair_leaves_the_others_and_the_next_is_made_in_its_copy(world: Repair) -> None:
    assert world.press(repairs={"drop-blank-lines"})
    world.run()
    assert world.said() == [
        "repaired claims.jsonl Dropped 1 blank line. Wrote 40 rows.",
        "verdict repairable",
    ]
    verdict = world.cards.drawn[-1]
    assert isinstance(verdict, VerdictCard)
    assert world.files.content("claims.drop-blank-lines.jsonl") == mendable().replace(b"\n\n", b"\n")

    assert world.press(upload=verdict.upload)
    world.run()
    assert world.said()[2:] == [
        "repaired claims.drop-blank-lines.jsonl Lowered the roles in 1 row. Wrote 40 rows.",
        "verdict ready",
    ]
    names = [name for _, _, name in world.shared() if not name.startswith("Report on ")]
    assert names == ["claims.drop-blank-lines.jsonl", "claims.drop-blank-lines.repaired.jsonl"]


def test_each_choice_is_made_once(world: Repair) -> None:
    assert world.press(repairs={"drop-blank-lines"})
    assert not world.press(repairs={"drop-blank-lines"}, user="U2")
    assert world.press(repairs={"lower-roles"})
    assert world.press()
    assert not world.press()


@pytest.mark.slow
def test_one_repair_of_a_file_that_is_no_lines_writes_lines_first(tmp_path: Path) -> None:
    turned = [
        {"messages": [{"role": "system", "content": "s"}, *good(index)["messages"]]} for index in range(40)
    ]
    world = Repair(tmp_path, json.dumps(turned).encode())
    world.press(repairs={"lift-system-turn"})
    world.run()
    assert world.said()[-1] == "verdict ready"


# Rows left out


def unmendable() -> bytes:
    """Return a file with one role in capitals (line 1), an empty answer (3) and a line that is no JSON (5)."""
    empty = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": ""}]}
    rows = [
        json.loads(json.dumps(good(0)).replace('"user"', '"User"', 1)),
        good(90),
        empty,
        good(91),
        "no JSON",
    ]
    return lines(*rows, pad=40).replace(json.dumps(good(0)).encode() + b"\n", b"")


def test_rows_that_a_person_chose_are_left_out(tmp_path: Path) -> None:
    world = Repair(tmp_path, unmendable())
    found = world.service.rows(world.upload, "U2")
    assert [(row.line, row.position) for row in found.rows] == [(1, 1), (3, 3), (5, 5)]

    assert world.press(drop=(3, 5))
    assert not world.press(drop=(5, 3)), "it is the same choice"
    world.run()
    assert world.said() == [
        "repaired claims.jsonl Lowered the roles in 1 row. Left out 2 rows that a person chose. Wrote 42 rows.",
        "verdict ready",
    ]
    [dataset] = world.repository.datasets
    assert dataset.history[-1] == "Left out 2 rows that a person chose."


def test_rows_are_left_out_without_any_repair(tmp_path: Path) -> None:
    world = Repair(tmp_path, unmendable())
    world.press(drop=(3, 5), repairs=())
    world.run()
    assert world.said()[-1] == "verdict repairable"
    copy = world.files.content("claims.without-rows-3-5.jsonl")
    assert copy.split(b"\n")[0] == unmendable().split(b"\n")[0]
    assert len(copy.splitlines()) == 42


def edited_row(answer: str) -> str:
    question = {"role": "user", "content": "Edited"}
    return json.dumps({"messages": [question, {"role": "assistant", "content": answer}]})


@pytest.mark.slow
def test_a_row_is_edited_in_a_copy_and_the_original_stays(tmp_path: Path) -> None:
    """Two people edit, one takes the edit back; each state gives a copy of another name, with its lineage."""
    world = Repair(tmp_path, unmendable())
    found = world.service.rows(world.upload, "U2")
    third = next(row for row in found.rows if row.line == 3)
    assert third.text

    after = world.service.edit(world.upload, 3, edited_row("ü"), "U2")
    assert [row.edited for row in after.rows] == [
        "",
        json.dumps(json.loads(edited_row("ü")), ensure_ascii=False),
        "",
    ]
    world.service.edit(world.upload, 5, edited_row("x"), "U1")
    assert world.press(drop=(5,), with_drafts=True), "what is left out is left out, however it was edited"
    world.run()
    done = "Lowered the roles in 1 row. 1 row edited by hand. Left out 1 row that a person chose."
    assert world.said() == [f"repaired claims.jsonl {done} Wrote 43 rows.", "verdict ready"]
    [dataset] = world.repository.datasets
    assert dataset.name == "claims.repaired.edited-2.without-row-5"
    assert (dataset.parent_name, dataset.history[1]) == ("claims", "1 row edited by hand.")
    copy = world.files.content("claims.repaired.edited-2.without-row-5.jsonl").decode().splitlines()
    assert json.loads(copy[2]) == json.loads(edited_row("ü"))
    assert world.files.content("claims.jsonl") == unmendable()

    world.service.edit(world.upload, 3, third.text, "U1")
    rows = world.service.rows(world.upload, "U1").rows
    assert [bool(row.edited) for row in rows] == [False, False, True], "as it stood: that takes it back"
    assert world.press(repairs=(), with_drafts=True)
    assert not world.press(repairs=(), with_drafts=True), "the same edits, once"
    world.run()
    names = [name for _, _, name in world.shared() if not name.startswith("Report on ")]
    assert names == ["claims.repaired.edited-2.without-row-5.jsonl", "claims.edited-3.jsonl"]


def test_no_edit_is_taken_that_the_rules_or_the_report_do_not_allow(tmp_path: Path) -> None:
    world = Repair(tmp_path, unmendable())
    with pytest.raises(BadField):
        world.service.edit(world.upload, 3, '{"messages": []}', "U1")
    with pytest.raises(Refused, match="cannot be edited here"):
        world.service.edit(world.upload, 2, edited_row("x"), "U1")
    with pytest.raises(NotFound):
        world.service.edit("nothing", 3, edited_row("x"), "U1")
    assert not any(row.edited for row in world.service.rows(world.upload, "U1").rows)
    world.service.edit(world.upload, 3, edited_row("x"), "U1")
    world.press()
    world.run()
    assert "claims.repaired.jsonl" in [name for _, _, name in world.shared()], (
        "*Repair all* is of the file alone"
    )


def test_copies_of_one_file_have_different_names() -> None:
    """By what is done to it; the name of a copy of a copy tells both."""
    spec = UploadSpec("F1", "C1", "1.0", "U1", None, Role.TRAINING, "", START, repair=True)
    edit = (RowEdit(3, "{}", "U1"),)
    wishes = {
        "claims.repaired.jsonl": spec,
        "claims.lower-roles.jsonl": replace(spec, repairs=("lower-roles",)),
        "claims.without-row-3.jsonl": replace(spec, repairs=(), drop=(3,)),
        "claims.without-rows-3-5.jsonl": replace(spec, repairs=(), drop=(3, 5)),
        "claims.repaired.without-row-3.jsonl": replace(spec, drop=(3,)),
        "claims.edited.jsonl": replace(spec, repairs=(), edits=edit, revision=1),
        "claims.edited-2.jsonl": replace(spec, repairs=(), edits=edit, revision=2),
        "claims.repaired.edited.without-row-9.jsonl": replace(spec, edits=edit, revision=1, drop=(9,)),
    }
    assert {name: copy_name("claims.jsonl", wish) for name, wish in wishes.items()} == {
        name: name for name in wishes
    }
    many = {
        copy_name("claims.jsonl", replace(spec, drop=drop)) for drop in (tuple(range(9)), tuple(range(1, 10)))
    }
    assert len(many) == 2
    assert all("without-9-rows-" in name for name in many)
    assert copy_name("claims.repaired.jsonl", spec) == "claims.repaired.repaired.jsonl"


def test_rows_of_another_file_are_never_left_out(tmp_path: Path) -> None:
    world = Repair(tmp_path, unmendable())
    world.press(drop=(3,))
    world.files.edit(world.file.id, lines(pad=50))
    world.run()
    [text] = world.said()
    assert "not the one any more that you looked at" in text
    assert world.shared() == []


def test_only_rows_of_the_report_are_left_out(tmp_path: Path) -> None:
    world = Repair(tmp_path, unmendable())
    with pytest.raises(Refused, match="not in this report"):
        world.press(drop=(2,))
    with pytest.raises(Refused, match="no repair"):
        world.press(repairs={"guess"})


def test_a_file_of_which_nothing_would_be_left(tmp_path: Path) -> None:
    world = Repair(tmp_path, b"no JSON\n")
    world.press(drop=(1,))
    world.run()
    [text] = world.said()
    assert "No row would be left" in text


def test_rows_are_for_those_who_may_see_the_file(tmp_path: Path) -> None:
    world = World(tmp_path, unmendable(), private_channels=("C9",))
    world.receive()
    world.run()
    [resource] = world.resources.of_kind("upload")
    assert world.service.rows(resource.key.id, "U1").rows
    with pytest.raises(Refused, match="you cannot"):
        world.service.rows(resource.key.id, "U2")
    with pytest.raises(Refused, match="you cannot"):
        world.service.repair(resource.key.id, channel="C1", thread_ts=world.root, user="U2", drop=(3,))


def test_rows_that_nobody_remembers(world: Repair) -> None:
    with pytest.raises(NotFound, match="too long ago"):
        world.service.rows("gone", "U1")


# All of what was changed


def many() -> bytes:
    """Return a file with a role in capitals in four rows: one more than there are examples."""
    rows = [json.dumps(good(index)).replace('"user"', '"User"', 1) for index in range(50, 54)]
    return lines(*rows, pad=40)


def test_what_the_card_has_no_room_for_is_attached(tmp_path: Path) -> None:
    world = Repair(tmp_path, many())
    world.press()
    world.run()
    assert [name for _, _, name in world.shared()] == [
        "claims.repaired.jsonl",
        "claims.repaired-changes.diff",
    ]
    assert world.files.content("claims.repaired-changes.diff").count(b"\n@@ ") == 4
    [card] = world.repaired()
    assert card.diff_name == "claims.repaired-changes.diff"
    assert len(card.changes.examples) == 3


def test_changes_that_cannot_be_attached_hide_nothing(tmp_path: Path) -> None:
    world = Repair(tmp_path, many())
    world.files.order("share", lost_reply(), Failure(Misconfigured("No.")))
    world.press()
    world.run()
    assert [name for _, _, name in world.shared()] == ["claims.repaired.jsonl"]
    assert world.said()[-1] == "verdict ready"
    [card] = world.repaired()
    assert card.diff_name == ""


def test_whoever_presses_again_begins_nothing(world: Repair) -> None:
    assert world.press()
    assert not world.press(user="U2")
    world.run()
    assert not world.press()
    world.run()
    assert world.said() == [DONE, "verdict ready"]


def test_a_file_without_faults_is_not_repaired(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.receive()
    world.run()
    [resource] = world.resources.of_kind("upload")
    world.service.repair(resource.key.id, channel="C1", thread_ts=world.root, user="U1")
    world.run()
    assert "nothing in this file that I can repair" in world.texts()[-1]
    assert world.files.shared == []


# Who may


def test_who_cannot_see_the_file_gets_nothing_and_takes_nothing_from_others(world: Repair) -> None:
    downloads = world.files.calls["download"]
    assert world.press(user="U9")
    world.run()
    [text] = world.said()
    assert "I can see that file, and you cannot." in text
    assert world.files.calls["download"] == downloads
    assert world.shared() == []

    assert world.press(user="U2")
    world.run()
    assert world.said()[1:] == [DONE, "verdict ready"]


# What fails


@pytest.mark.parametrize("method", ["upload", "share"])
def test_a_copy_that_cannot_be_posted_does_not_hide_the_verdict(world: Repair, method: str) -> None:
    world.files.order(method, Failure(Misconfigured("No.", hint="Add `files:write`.")))
    world.press()
    world.run()
    assert world.said() == [f"{DONE} No. Add `files:write`.", "verdict ready"]
    assert world.shared() == []

    again = next(each.again for each in world.repaired())
    assert world.press(upload=again), "the button tries it again, from the file itself"
    assert not world.press(upload=again)
    world.run()
    assert world.said()[2:] == [DONE, "verdict ready"]
    assert len(world.shared()) == 1


def test_a_copy_that_cannot_be_kept_is_there_all_the_same_and_is_called_ready_when_it_is_kept(
    world: Repair,
) -> None:
    buckets = dict(world.bucket.buckets)
    world.bucket.buckets.clear()
    world.press()
    for _ in range(120):
        world.controller().tick()
        world.clock.advance(1)
    assert world.said() == [DONE]
    assert len(world.shared()) == 1
    world.bucket.buckets.update(buckets)
    world.run()
    done, verdict = world.said()
    assert done == DONE
    assert verdict == "verdict ready"
    assert len(world.repository.datasets) == 1
    assert len(world.shared()) == 1


def test_a_channel_that_takes_nothing_is_told_privately(world: Repair) -> None:
    world.slack.archive("C1")
    world.press()
    world.run()
    assert world.said() == []
    [verdict] = world.slack.visible("DU1")
    assert verdict.message.text.startswith("I could not say this in <#C1>. ")
    assert DONE in verdict.message.text
    assert "verdict ready" in verdict.message.text


def test_a_file_that_has_gone_meanwhile(world: Repair) -> None:
    world.files.remove(world.file.id)
    world.press()
    world.run()
    [text] = world.said()
    assert "Slack has no such file." in text


@pytest.mark.slow
@pytest.mark.parametrize("method", ["info", "may_see", "download", "upload", "share"])
@pytest.mark.parametrize(
    "failure", [down, lost_reply, dropped, throttled], ids=lambda each: str(each.__name__)
)
def test_what_passes_is_done_once(world: Repair, method: str, failure: Callable[[], Failure]) -> None:
    world.files.order(method, failure())
    world.press()
    world.run()
    assert world.said() == [DONE, "verdict ready"]
    assert len(world.shared()) == 1


# Crashes


@pytest.mark.parametrize(
    "what",
    [
        pytest.param({}, id="repaired"),
        pytest.param({"drop": (1, 2), "repairs": ()}, id="left out"),
        pytest.param({"drop": (2,), "repairs": (), "with_drafts": True}, id="edited"),
    ],
)
@pytest.mark.slow
def test_a_process_killed_anywhere_makes_one_copy(tmp_path: Path, what: dict[str, Any]) -> None:
    names: list[str] = []
    world = Repair(tmp_path, many())
    world.service.edit(world.upload, 1, edited_row("x"), "U1")
    world.press(**what)
    with crashing(names.append):
        world.run()
    expected, shared = world.said(), world.shared()
    assert {"after-upload", "before-share", "after-share", "before-post", "after-post"} <= set(names)
    for place in kills(names):
        name = names[place - 1]
        world = Repair(tmp_path, many())
        world.service.edit(world.upload, 1, edited_row("x"), "U1")
        world.press(**what)
        with killed_at(place):
            world.run()
        world.run()
        assert world.said() == expected, (place, name)
        assert world.shared() == shared, (place, name)
        assert world.bucket.uploads == ("ready" in expected[-1]), (place, name)


# By name


def names(world: Repair, user: str = "U1") -> list[str]:
    return [each.name for each in world.service.lately(user)]


def test_a_file_is_known_by_its_name_and_its_copy_by_its_own_whoever_had_it_made(world: Repair) -> None:
    assert names(world) == ["claims.jsonl"]
    world.press(user="U2")
    world.run()

    copy, original = world.service.lately("U1")
    assert (copy.name, original.name) == ("claims.repaired.jsonl", "claims.jsonl")
    assert world.files.info(copy.id).name == "claims.repaired.jsonl"
    assert copy.at > original.at
    found = newest_of(world.service.lately("U1"), "claims")
    assert found == copy


def test_whoever_has_sent_nothing_finds_what_came_from_where_they_are(world: Repair) -> None:
    assert names(world, "U3") == ["claims.jsonl"]
