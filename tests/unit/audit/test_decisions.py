"""What is decided is read off what is written: whatever kind it is of, and wherever in its spec somebody decides."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from bot.audit.decisions import Decision, asked, came_of_it, changed, kept
from bot.kinds import KINDS, PURCHASES, UNAUDITED
from bot.log_context import about
from bot.spending.reservation import SPENDING
from tests.attacks.kinds import THINGS

AT = "2026-11-22T09:00:00Z"


def _dataclasses_in(hint: Any) -> Iterator[type]:
    for each in (hint, *get_args(hint)):
        if isinstance(each, type) and is_dataclass(each):
            yield each
        elif each is not hint:
            yield from _dataclasses_in(each)


def _places(spec: type, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield each place in a spec where somebody decides something, and whether it is a list."""
    hints = get_type_hints(spec)
    for field in fields(spec):
        for inner in _dataclasses_in(hints[field.name]):
            here = (*path, field.name)
            if "by" in get_type_hints(inner):
                yield here, "tuple" in str(hints[field.name])
            yield from _places(inner, here)


def _with(
    document: dict[str, Any], path: tuple[str, ...], said: dict[str, Any], *, many: bool
) -> dict[str, Any]:
    first, *rest = path
    if rest:
        inner = document.get(first)
        if isinstance(inner, list):
            return {**document, first: [_with(inner[0] if inner else {}, tuple(rest), said, many=many)]}
        return {**document, first: _with(dict(inner or {}), tuple(rest), said, many=many)}
    return {**document, first: [*(document.get(first) or ()), said] if many else said}


def test_wherever_somebody_decides_in_whatever_kind_there_is_a_decision_with_who() -> None:
    missed, looked = [], 0
    for name, kind in KINDS.items():
        if name in UNAUDITED:
            continue
        spec = dict(THINGS[name][0])
        for path, many in _places(kind.schema.spec):
            after = _with(spec, path, {"by": "UWHO", "at": AT, "reason": "Since."}, many=many)
            found = changed(name, "id", spec, after)
            looked += 1
            if [each.actor for each in found] != ["UWHO"] or found[0].why != "Since.":
                missed.append(f"{name}: {'.'.join(path)}")
    assert missed == []
    assert looked > 30


def test_whatever_is_wanted_is_asked_for_by_somebody_where() -> None:
    missed = []
    for name in KINDS.keys() - UNAUDITED:
        spec = THINGS[name][0]
        [whole, *_] = asked(name, "id", spec, by_a_person=True)
        of_a_region = "region" in spec and "channel" not in str(spec)
        if whole.what != "asked" or (not of_a_region and not (whole.actor.startswith("U") and whole.channel)):
            missed.append((name, whole))
    assert [each for each in missed if each[0] != "release"] == []  # a release is the bot's own


def test_nothing_that_is_bought_or_ends_something_is_left_out() -> None:
    spends = {name for name, kind in KINDS.items() if name in PURCHASES or set(SPENDING) & set(kind.effects)}
    # What these cost is a rounding error of a plan, about which nobody is asked, and stands in the ledger.
    assert spends & UNAUDITED == {"question", "upload", "derivation"}
    assert spends - UNAUDITED >= {"job", "sweep", "lease", "schedule", "distillation", "trial"}
    assert not {"deletion", "release", "deployment", "stray", "unmanaged", "digest"} & UNAUDITED
    assert all(len(KINDS[each].unaudited) > 20 for each in UNAUDITED - {"seal"})


VOTE = {"by": "U1", "at": AT, "due": None, "taken": False}
PLAN = {"owner": "U1", "channel": "C1", "model_name": "claims"}
ROWS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("start", {}, {"votes": {"started": {**VOTE, "decision": "start"}}}, "started"),
    ("approve", {}, {"votes": {"approver": {**VOTE, "decision": "approve"}}}, "approved"),
    ("decline", {}, {"votes": {"approver": {**VOTE, "decision": "decline", "reason": "Dear."}}}, "declined"),
    ("cancel", {}, {"votes": {"cancelled": {**VOTE, "decision": "cancel"}}}, "called off"),
    ("stop", {}, {"stop": VOTE}, "stopped"),
    ("release", {}, {"release": VOTE}, "released"),
    ("keep", {"stop": VOTE}, {"stop": None, "kept": {"by": "U1", "asked_by": "U1", "at": AT}}, "took back"),
    ("hand over", {}, {"handed": [{"to": "U2", "by": "U1", "at": AT}]}, "handed over"),
    ("promote", {"versions": []}, {"versions": [{"name": "claims-2", "by": "U1", "at": AT}]}, "promoted"),
    ("extend", {"extended_by": []}, {"extended_by": ["U1"]}, "extended"),
    ("extend again", {"extended_by": ["U1"]}, {"extended_by": ["U1", "U1"]}, "extended"),
    (
        "more time",
        {},
        {"extensions": [{"votes": {"approver": {**VOTE, "decision": "approve"}}}]},
        "approved more time",
    ),
    ("carried out", {"stop": VOTE}, {"stop": {**VOTE, "taken": True}}, ""),
    ("looked at anew", {}, {"recheck": AT}, ""),
]


def test_each_press_has_its_word_and_what_only_tells_how_far_it_is_has_none() -> None:
    unlike = []
    for name, before, after, what in ROWS:
        found = changed("lease", "l1", {"plan": PLAN, **before}, {"plan": PLAN, **after})
        if [each.what for each in found] != ([what] if what else []):
            unlike.append((name, found))
    assert unlike == []
    [declined] = changed("lease", "l1", {"plan": PLAN}, {"plan": PLAN, **ROWS[2][2]})
    assert declined == Decision("declined", "lease", "l1", "claims", "U1", "C1", why="Dear.")


def test_a_plan_that_is_made_and_agreed_to_at_once_is_two_decisions() -> None:
    spec = {"plan": PLAN, "votes": {"started": {**VOTE, "decision": "start", "by": "U3"}}}
    assert [(each.what, each.actor) for each in asked("lease", "l1", spec, by_a_person=True)] == [
        ("asked", "U1"),
        ("started", "U3"),
    ]


def test_what_came_of_it_is_told_once() -> None:
    before, after = {"lease": {"phase": "planned"}}, {"lease": {"phase": "in service"}}
    [told] = came_of_it("lease", "l1", {"plan": PLAN}, before, after)
    assert (told.what, told.result, told.name) == ("result", "phase: in service", "claims")
    assert came_of_it("lease", "l1", {"plan": PLAN}, after, after) == []
    settled = came_of_it("stray", "r", {}, {}, {"stray": {"settled": {"arn": "deleted"}}})
    assert [each.result for each in settled] == ["arn: deleted"]


COMES_OF_IT = {
    "deletion": {"gone", "refused"},
    "deployment": {"phase", "serving_name", "update"},
    "digest": set[str](),
    "distillation": {"phase"},
    "job": {"phase"},
    "lease": {"phase", "update"},
    "release": {"released_at"},
    "schedule": {"phase", "end"},
    "stray": {"settled"},
    "sweep": {"phase"},
    "trial": {"over"},
    "unmanaged": {"settled"},
}
"""What of each kind's status is told as a result: a member that is renamed is one that nobody reads any more."""


def test_of_each_kind_it_is_told_what_came_of_a_decision() -> None:
    told = {
        name: {
            field.name
            for field in fields(kind.schema.status)
            if came_of_it(
                name, "id", {}, {}, {name: {field.name: {"a": "b"} if field.name == "settled" else "x"}}
            )
        }
        for name, kind in KINDS.items()
        if name not in UNAUDITED
    }
    assert told == COMES_OF_IT


def test_nothing_of_what_was_asked_or_set_is_in_it() -> None:
    secret = "the words of a prompt"
    spec = {"plan": {**PLAN, "system_prompt": secret}, "question": {"text": secret, "by": "U1"}}
    found = asked("job", "j1", spec, by_a_person=True) + changed("job", "j1", {}, spec)
    with about(person="U7", channel="C7"):
        found.append(kept("answer-settings", "arn", {"system_prompt": secret, "by": "U1", "at": AT}))
    assert found[-1].actor == "U1"
    assert found[-1].channel == "C7"
    assert secret not in repr([each.document() for each in found])


def test_documents_tell_who_had_it_so() -> None:
    pointing = {"arn": "a", "by": "U1", "at": AT}
    rows: list[tuple[str, dict[str, Any], str]] = [
        ("shares", {"by": "U1", "on": True}, "shared"),
        ("shares", {"by": "U1", "on": False}, "took a share back"),
        ("aliases", {"pointings": [{**pointing, "by": "U0"}, pointing], "on": True}, "promoted"),
        ("model-labels", {"by": "U1", "deleted": True}, "deleted"),
        ("model-labels", {"by": "U1"}, "renamed"),
        ("channel-settings", {"by": "U1", "channel": "C1"}, "set"),
    ]
    assert [(kept(what, "id", doc).what, kept(what, "id", doc).actor) for what, doc, _ in rows] == [
        (word, "U1") for *_, word in rows
    ]
