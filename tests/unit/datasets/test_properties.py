"""What holds for any file. Bounded to a few seconds."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.datasets.findings import MAX_LINES
from bot.datasets.formats.conversion import convert
from bot.datasets.formats.detection import recognise
from bot.datasets.model import Severity, Verdict
from bot.datasets.records import read
from bot.datasets.repairs import repair
from bot.datasets.repairs.good_rows import fast_path
from bot.datasets.repairs.registry import REPAIRS, fix_record
from bot.datasets.rules.checks import checks_for
from bot.datasets.validation import validate
from bot.errors import Refused
from bot.profiles import registry
from bot.profiles.model import Profile
from tests.examples import examples
from tests.unit.datasets.invariants import is_fixed_once
from tests.unit.datasets.samples import CLAUDE, cases, file_of, good, judge, lines

NOVA = registry.get("nova-lite")
LLAMA = registry.get("llama-3.3-70b")
PROFILES = st.sampled_from([CLAUDE, NOVA, LLAMA])
bounded = settings(
    max_examples=examples(80),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

TEXT = st.one_of(
    st.sampled_from(
        ["", " ", "a", "\u200b", "\nHuman: x", "User: y", "{{name}}", "\0", "é", "あ" * 30, "\U0001f600"]
    ),
    st.text(max_size=12),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
CONTENT = st.one_of(
    TEXT, TEXT, st.lists(st.fixed_dictionaries({"text": TEXT}, optional={"type": st.just("text")})), JSON
)
ROLE = st.sampled_from(
    ["user", "assistant", "user", "assistant", "system", "User", " ASSISTANT", "human", "tool", 1]
)
MESSAGE = st.one_of(
    st.fixed_dictionaries(
        {"role": ROLE, "content": CONTENT}, optional={"name": TEXT, "weight": st.integers(0, 1)}
    ),
    st.fixed_dictionaries({}, optional={"role": ROLE, "content": CONTENT, "Content": TEXT}),
    JSON,
)
MESSAGES = st.lists(MESSAGE, max_size=5)
ROW = st.one_of(
    st.fixed_dictionaries(
        {"messages": MESSAGES}, optional={"system": CONTENT, "id": JSON, "schemaVersion": TEXT}
    ),
    st.fixed_dictionaries({"prompt": CONTENT, "completion": CONTENT}, optional={"system": CONTENT}),
    st.fixed_dictionaries({"instruction": TEXT, "output": TEXT}, optional={"input": CONTENT}),
    st.fixed_dictionaries(
        {"conversations": st.lists(st.fixed_dictionaries({"from": ROLE, "value": CONTENT}))}
    ),
    JSON,
)


@st.composite
def fine_rows(draw: st.DrawFn) -> dict[str, Any]:
    """Draw rows that are mostly good, in Claude's format or in Bedrock's."""
    texts = draw(st.lists(TEXT, min_size=2, max_size=4))
    roles = ("user", "assistant") * 2
    blocks = draw(st.booleans())

    def wrap(text: str) -> Any:
        return [{"text": text}] if blocks else text

    messages = [{"role": role, "content": wrap(text)} for role, text in zip(roles, texts, strict=False)]
    row: dict[str, Any] = {"schemaVersion": "bedrock-conversation-2024"} if blocks else {}
    if draw(st.booleans()):
        row["system"] = wrap(draw(TEXT))
    return row | {"messages": messages}


@st.composite
def raw_lines(draw: st.DrawFn) -> bytes:
    """Draw a line: JSON in one of several hands, Python, or a damaged line."""
    row = draw(ROW)
    hands: list[Callable[[Any], str]] = [
        json.dumps,
        str,
        lambda value: json.dumps(value, indent=1),
        lambda value: json.dumps(value) + ",",
    ]
    write = draw(st.sampled_from(hands))
    text: bytes = write(row).encode("utf-8", errors="surrogatepass")
    cut = draw(st.integers(0, 8))
    return text[: len(text) // 2] if cut == 0 else text


FILE = st.lists(st.one_of(raw_lines(), st.binary(max_size=20), st.just(b"")), max_size=8).map(b"\n".join)
ANY_BYTES = st.one_of(
    st.binary(max_size=300),
    FILE,
    FILE.map(lambda data: b"\xef\xbb\xbf" + data),
    FILE.map(lambda data: b"[" + data),
)


@bounded
@given(data=ANY_BYTES, profile=PROFILES)
def test_any_bytes_give_a_report(data: bytes, profile: Profile) -> None:
    report = judge(data, profile)
    last = data.count(b"\n") + 1
    assert report.bytes == len(data)
    for cause in report.causes:
        assert cause.message
        assert cause.hint
        assert cause.count >= max(1, len(cause.lines))
        assert len(cause.lines) <= MAX_LINES
        assert list(cause.lines) == sorted(set(cause.lines))
        assert all(1 <= line <= last for line in cause.lines)
        assert cause.repair is None or cause.repair in REPAIRS
    expected = Verdict.READY if not report.errors else Verdict.BLOCKED
    if report.errors and all(cause.repair for cause in report.errors):
        expected = Verdict.REPAIRABLE
    assert report.verdict is expected


@bounded
@given(rows=st.lists(st.booleans(), min_size=1, max_size=60), ending=st.sampled_from([b"\n", b"\r\n"]))
def test_lines_are_where_an_editor_shows_them(rows: list[bool], ending: bytes) -> None:
    good_row = json.dumps(good(1) | {"system": "a\u2028b"}, ensure_ascii=False).encode()
    report = judge(ending.join([b"{}", *(good_row if fine else b"{}" for fine in rows)]))
    wrong = [2 + index for index, fine in enumerate(rows) if not fine]
    [cause] = [each for each in report.causes if each.code == "missing-messages"]
    assert cause.lines == tuple([1, *wrong][:MAX_LINES])
    assert cause.count == 1 + len(wrong)


@bounded
@given(data=ANY_BYTES, profile=PROFILES)
def test_a_repair_leaves_nothing_that_can_be_repaired(data: bytes, profile: Profile, tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(data)
    try:
        repair(source, target, profile)
    except Refused:
        return
    before, after = judge(data, profile), judge(target.read_bytes(), profile)
    assert [cause for cause in after.causes if cause.repair] == []
    assert before.verdict is Verdict.BLOCKED or after.verdict is Verdict.READY or not before.records


@settings(bounded, max_examples=examples(24))
@given(
    others=st.integers(29, 33),
    odd=st.lists(
        st.sampled_from(
            [
                good(1),
                good(1) | {"id": 7},
                {"prompt": "How much is 1 and one?", "completion": "2"},
                "",
                [good(2)] * 2,
                {"system": "Be brief."} | good(1),
            ]
        ),
        max_size=6,
    ),
)
def test_what_can_be_repaired_can_start_afterwards(others: int, odd: list[Any], tmp_path: Path) -> None:
    """Near the fewest records of a base, copies decide; a list stands for objects on one line."""
    rows = [" ".join(map(json.dumps, each)) if isinstance(each, list) else each for each in odd]
    data = lines(*rows, pad=others)
    is_fixed_once(data, CLAUDE, judge(data), tmp_path)


@bounded
@given(data=FILE, name=st.sampled_from(sorted(REPAIRS)))
def test_one_repair_alone_never_adds_an_error(data: bytes, name: str, tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(data)
    try:
        repair(source, target, CLAUDE, only={name})
    except Refused:
        return
    assert target.exists()
    judge(target.read_bytes())


@settings(max_examples=examples(250), deadline=None)
@given(row=st.one_of(fine_rows(), ROW), profile=PROFILES)
def test_the_fast_path_agrees_with_the_rules(row: Any, profile: Profile) -> None:
    """What the fast path lets through breaks no rule, and is measured and compared as the slow path does it."""
    data = json.dumps(row).encode("utf-8", errors="surrogatepass")
    passed = fast_path(profile).read(data)
    if passed is None:
        return
    assert fix_record(row, profile)[1] == []
    record = read(1, row, profile.record_format)
    assert [each for check in checks_for(profile) for each in check.find(record, profile)] == []
    assert passed.texts == record.turn_texts()
    assert passed.system == record.system_prompt()
    assert passed.prompt_and_answer() == record.prompt_and_answer()


@pytest.mark.slow
@bounded
@given(row=fine_rows())
def test_the_fast_path_takes_what_is_good(row: dict[str, Any]) -> None:
    profile = NOVA if "schemaVersion" in row else CLAUDE
    report = judge(lines(row, pad=40, profile=profile), profile)
    known = {"few-records", "stray-system-prompt", "exact-duplicate"}
    clean = not [cause for cause in report.causes if cause.code not in known]
    assert (fast_path(profile).read(json.dumps(row).encode()) is not None) == clean


@bounded
@given(row=st.one_of(fine_rows(), ROW), target=st.sampled_from([CLAUDE, NOVA]))
def test_a_converted_record_is_judged_only_for_its_content(row: Any, target: Profile) -> None:
    fixed, steps = fix_record(row, target) if isinstance(row, dict) else (row, [])
    if not any(step.name == "convert-format" for step in steps):
        return
    found = recognise(fixed)
    assert found is not None
    assert found.name == target.record_format
    record = read(1, fixed, target.record_format)
    codes = {each.code for check in checks_for(target) for each in check.find(record, target)}
    assert codes <= {
        "empty-text", "blank-text", "reserved-text", "placeholder", "nul-character", "too-few-messages",
        "first-not-user", "last-not-assistant", "not-alternating",
    }  # fmt: skip


@pytest.mark.parametrize(("source", "target"), [(CLAUDE, NOVA), (NOVA, CLAUDE), (CLAUDE, LLAMA)])
def test_there_and_back_again(source: Profile, target: Profile) -> None:
    row = good(7, source) if source is NOVA else good(7, source) | {"system": "Be brief."}
    found = recognise(row)
    assert found is not None
    there, _ = convert(row, found, target.record_format)
    assert judge(lines(there, pad=120, profile=target), target).errors == ()
    back_format = recognise(there)
    assert back_format is not None
    assert convert(there, back_format, source.record_format)[0] == row


@pytest.mark.slow
def test_any_case_may_be_cut_anywhere() -> None:
    for case in cases():
        data = file_of(case)[:4000]
        for end in range(0, len(data), max(1, len(data) // 2)):
            report = validate(io.BytesIO(data[:end]), CLAUDE, file_name="cut")
            assert all(cause.severity in Severity for cause in report.causes)
