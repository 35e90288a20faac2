"""What is bookkeeping and what is content, and the promise that hangs on it: no content is ever dropped in silence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.datasets.leftovers.bookkeeping import SHAPES, folded, is_empty, is_inert
from bot.datasets.leftovers.leftover import Leftover, meaning, without
from bot.datasets.model import Report, Verdict
from bot.datasets.repairs import repair
from bot.datasets.repairs.summary import RepairSummary
from bot.datasets.spelling import shown
from bot.derivations.conversion import convert
from bot.errors import Refused
from bot.profiles import registry
from bot.profiles.model import Profile
from tests.examples import examples
from tests.unit.datasets.invariants import small
from tests.unit.datasets.samples import judge, row_bytes

MARK = "MARKER"
BASES = tuple(small(each) for each in registry.PROFILES)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", 4711),
        ("_id", "65f0c0ffee"),
        ("conversationId", "c-1"),
        ("Created At", "2024-01-01 10:00:00"),
        ("timestamp", 1700000000.5),
        ("source", "zendesk export 2024"),
        ("index", 0),
        ("sha256", "ab" * 32),
        ("split", "train"),
        ("metadata", {"id": 7, "source": "crm"}),
        ("usage", {"prompt_tokens": 7, "details": {"cached": 0}}),
        ("weight", 1),
        ("whatever", None),
        ("whatever", " "),
        ("tools", []),
        ("column 1", "17"),
        ("finish_reason", "stop"),
    ],
)
def test_bookkeeping_is_a_name_on_the_list_with_a_value_that_nobody_learns_from(key: str, value: Any) -> None:
    assert is_inert(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "The answer is no."),
        ("id", "https://example.com/picture.png"),
        ("id", "data:image/png;base64,AAAA"),
        ("id", "x" * 201),
        ("id", {"question": "a"}),
        ("created_at", "yesterday, when all was well"),
        ("source", "Ring the customer first. Then write."),
        ("source", ["a", "b"]),
        ("split", "test"),
        ("metadata", {"id": 7, "note": "read this"}),
        ("usage", {"note": "read this"}),
        ("weight", 0),
        ("weight", 0.5),
        ("train", False),
        ("mask", True),
        ("tools", [{}]),
        ("finish_reason", "length"),
        ("label", "refund"),
        ("rating", 5),
        ("name", "Ada"),
        ("reasoning", "because"),
        ("whatever", 0),
        ("whatever", False),
    ],
)
def test_everything_else_is_content(key: str, value: Any) -> None:
    assert not is_inert(key, value)


@pytest.mark.parametrize(
    ("value", "role", "inert"),
    [(True, "assistant", True), (False, "assistant", False), (False, "user", True), (True, "user", False),
     ("1", "assistant", True), (0.0, "system", True), ("partly", "assistant", False)],
)  # fmt: skip
def test_a_flag_says_nothing_when_it_says_what_is_done_anyway(value: Any, role: str, inert: bool) -> None:
    assert is_inert("train", value, role) is inert


@pytest.mark.parametrize(
    "name", ["images", "tool_calls", "thinking", "rejected", "split", "score", "choices", "name"]
)
def test_what_would_be_lost_is_said_in_words_of_its_own(name: str) -> None:
    assert meaning(name) != meaning("whatever")


def test_keys_are_taken_out_at_any_depth_and_nothing_else_is_changed() -> None:
    row = {"a": 1, "b": [{"c": 2, "d": 3}, 4], "e": {"f": {"g": 5}}}
    before = json.dumps(row)
    gone = [Leftover(steps, None, inert=False) for steps in (("a",), ("b", 0, "d"), ("e", "f", "g"))]
    assert without(row, gone) == {"b": [{"c": 2}, 4], "e": {"f": {}}}
    assert json.dumps(row) == before
    assert gone[1].path == "b[0].d"


# The promise, for rows of every format with keys that nobody has heard of

TEXT = st.sampled_from(["a", "b c", "d."])
VALUES = st.sampled_from([MARK, MARK, [MARK], {"text": MARK}, {"x": [MARK, {"y": MARK}]}])
NAMES = st.one_of(
    st.sampled_from(sorted(SHAPES)),
    st.sampled_from(
        [
            *("images", "tools", "function_call", "tool_calls", "weight", "train", "loss_mask", "reasoning_content"),
            *("thinking", "name", "rating", "rejected", "chosen", "candidates", "choices", "history", "input"),
            *("context", "note", "label", "metadata", "author", "text", "value", "completion", "answer", "system"),
            *("prompt", "messages2", "Content"),
        ]
    ),
    st.text("abcö_ -.", min_size=1, max_size=4),
)  # fmt: skip
EXTRAS = st.lists(st.tuples(NAMES, VALUES), max_size=2).map(dict)


@st.composite
def conversations(
    draw: st.DrawFn, listed: str, who: str, what: str, roles: tuple[str, str]
) -> dict[str, Any]:
    blocks = draw(st.booleans()) and what == "content"
    turns = []
    for index in range(2 * draw(st.integers(1, 2))):
        text: Any = draw(TEXT)
        if blocks:
            text = [draw(EXTRAS) | {"text": text}]
        turns.append(draw(EXTRAS) | {who: roles[index % 2], what: text})
    return {listed: turns}


ROWS = st.one_of(
    conversations("messages", "role", "content", ("user", "assistant")),
    conversations("messages", "role", "content", ("User", "ASSISTANT")),
    conversations("conversations", "from", "value", ("human", "gpt")),
    conversations("conversations", "role", "content", ("user", "assistant")),
    conversations("messages", "role", "content", ("user", "assistant")).map(
        lambda row: {"schemaVersion": "bedrock-conversation-2024"} | row
    ),
    conversations("messages", "role", "content", ("user", "assistant")).map(
        lambda row: {"messages": [{"role": "system", "content": "s"}, *row["messages"]]}
    ),
    st.fixed_dictionaries({"messages": st.just([{"role": "user", "content": "a"}]), "answer": TEXT}),
    st.fixed_dictionaries({"prompt": TEXT, "completion": TEXT}),
    st.fixed_dictionaries({"instruction": TEXT, "input": TEXT, "output": TEXT}),
    st.fixed_dictionaries({"question": TEXT, "answer": TEXT}),
)


def numbered(value: Any, marks: dict[str, tuple[str, ...]], keys: tuple[str, ...] = ()) -> Any:
    """Return the value with a mark of its own in each place of one, and note under which keys each stands."""
    if isinstance(value, dict):
        return {key: numbered(each, marks, (*keys, key)) for key, each in value.items()}
    if isinstance(value, list):
        return [numbered(each, marks, keys) for each in value]
    if value == MARK:
        mark = f"{MARK}{len(marks):03}x"
        marks[mark] = keys
        return mark
    return value


def is_told(keys: tuple[str, ...], before: Report, summary: RepairSummary) -> bool:
    """Whether a key of bookkeeping was named beforehand with an example, and the summary says that it was dropped."""
    if folded(keys[-1]) not in SHAPES:
        return False
    names = {f"`{shown(key)}`" for key in keys}
    causes = [each for each in before.causes if each.repair and each.count and "such as" in each.message]
    told = any(name in each.message for each in causes for name in names)
    return told and any(effect.startswith("Dropped") for effect in summary.effects())


def check(row: dict[str, Any], profile: Profile, folder: Path) -> None:
    """Assert that every mark came through or was told as bookkeeping, and that of a ready row none is hidden."""
    marks: dict[str, tuple[str, ...]] = {}
    row = numbered(row, marks)
    data = row_bytes(row) + b"\n"
    before = judge(data, profile)
    source, target = folder / "in", folder / "out"
    source.write_bytes(data)
    works: tuple[Callable[[], RepairSummary], ...] = (
        lambda: repair(source, target, profile),
        lambda: convert(source, target, profile).summary,
    )
    for work in works:
        try:
            summary = work()
        except Refused:
            continue
        after = target.read_text("utf-8")
        lost = [mark for mark in marks if mark not in after and not is_told(marks[mark], before, summary)]
        assert not lost, (lost, before.causes, summary.lines(), after)
        ready = judge(target.read_bytes(), profile).verdict is Verdict.READY
        if ready:
            texts = json.dumps([*_texts(json.loads(after))])
            hidden = [mark for mark in marks if mark in after and mark not in texts]
            assert not hidden, f"ready, and yet nobody would learn from {hidden}"


def _texts(value: Any) -> list[str]:
    """Return the texts of a record of either format."""
    system = value.get("system", [])
    contents = [system, *(message["content"] for message in value["messages"])]
    return [
        block if isinstance(block, str) else block["text"]
        for each in contents
        for block in (each if isinstance(each, list) else [each])
    ]


@pytest.mark.slow
@settings(
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(row=ROWS, extras=EXTRAS, profile=st.sampled_from(BASES))
def test_no_content_is_dropped_in_silence(
    row: dict[str, Any], extras: dict[str, Any], profile: Profile, tmp_path: Path
) -> None:
    check(extras | row, profile, tmp_path)


def test_an_empty_value_is_one_with_nothing_in_it() -> None:
    assert all(map(is_empty, (None, "", " \n", [], {}, [None, ""], {"a": None, "b": []})))
    assert not any(map(is_empty, (0, False, "a", [{}], {"a": 0})))
