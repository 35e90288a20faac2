"""The engine against naive programs of a few lines, and against itself: other endings, encodings, coats and pieces."""

import io
import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.datasets.formats.conversion import write
from bot.datasets.formats.dialogue import Dialogue
from bot.datasets.leakage import leakage
from bot.datasets.model import Cause, Report, Role, Verdict
from bot.datasets.repairs import repair
from bot.datasets.repairs.registry import REPAIRS
from bot.datasets.validation import validate
from bot.errors import Refused
from bot.profiles.model import Profile, RecordFormat
from tests.examples import examples
from tests.unit.datasets import naive
from tests.unit.datasets.invariants import (
    PROFILES,
    Chunked,
    is_complete,
    is_what_a_second_opinion_says,
    judged,
    small,
)
from tests.unit.datasets.mutation import Mutator
from tests.unit.datasets.samples import PACKERS, good

CLAUDE = small("claude-3-haiku")
ANY_PROFILE = st.sampled_from(PROFILES)
SEED = st.integers(0, 1 << 30)
FOLDER_OK = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def bounded(count: int) -> settings:
    return settings(max_examples=examples(count), deadline=None, suppress_health_check=FOLDER_OK)


@st.composite
def odd_rows(draw: st.DrawFn) -> bytes:
    """Draw a file of one to four rows of the mutator's: hypothesis keeps the seed, which is all there is to shrink."""
    mutator = Mutator(draw(SEED))
    return b"".join(mutator.row() + b"\n" for _ in range(draw(st.integers(1, 4))))


TEXT = st.sampled_from(
    ("", " ", "a", "b", "\u200b", "\x01", "\u3164", "\nHuman: x", "Human:", "User: y", "[EOS]", "é")
)
FINE = st.sampled_from(("a", "b", "c", "How much?", "é"))


@st.composite
def dialogues(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> Dialogue:
    turns = draw(st.lists(texts, min_size=2, max_size=4))
    roles = draw(st.sampled_from((("user", "assistant") * 2, ("user", "assistant", "assistant", "user"))))
    return Dialogue(draw(st.none() | texts), tuple(zip(roles, turns, strict=False)))


@pytest.mark.slow
@bounded(150)
@given(each=dialogues(TEXT), profile=ANY_PROFILE)
def test_a_record_is_judged_as_the_published_rules_say(each: Dialogue, profile: Profile) -> None:
    data = json.dumps(write(each, profile.record_format)).encode() + b"\n"
    report = judged(data, profile)
    # A last question that nobody answers is the one error here that has a repair.
    assert (report.verdict is Verdict.READY) == (naive.bad_lines(data, profile) == {})
    is_what_a_second_opinion_says(data, profile, report)


@pytest.mark.slow
@bounded(150)
@given(data=odd_rows(), profile=ANY_PROFILE)
def test_odd_rows_are_judged_as_the_published_rules_say(data: bytes, profile: Profile) -> None:
    report = judged(data, profile)
    is_complete(data, report)
    is_what_a_second_opinion_says(data, profile, report)


@bounded(60)
@given(rows=st.lists(st.booleans(), min_size=1, max_size=10), each=dialogues(TEXT), profile=ANY_PROFILE)
def test_the_lines_of_bad_rows_are_those_of_a_naive_splitter(
    rows: list[bool], each: Dialogue, profile: Profile
) -> None:
    fine = [json.dumps(good(index, profile)).encode() for index in range(len(rows))]
    odd = json.dumps(write(each, profile.record_format)).encode()
    data = b"\n".join(odd if is_odd else row for row, is_odd in zip(fine, rows, strict=True))
    told = {line for cause in judged(data, profile).errors for line in cause.lines}
    assert told == set(naive.bad_lines(data, profile))


def compared(rows: list[dict[str, Any]]) -> tuple[list[int], list[int]]:
    """Return the lines of copies, and those of new answers to a known question: sets and dictionaries, nothing more."""
    seen: set[str] = set()
    questions: dict[str, int] = {}
    copies, contradictions = [], []
    for line, row in enumerate(rows, start=1):
        *before, answer = [message["content"] for message in row["messages"]]
        question = json.dumps([row.get("system"), before])
        whole = json.dumps([question, answer])
        if whole in seen:
            copies.append(line)
            continue
        seen.add(whole)
        if questions.setdefault(question, line) != line:
            contradictions.append(line)
    return copies, contradictions


@bounded(60)
@given(st.lists(st.tuples(st.sampled_from((None, "s")), FINE, FINE), min_size=1, max_size=10))
def test_copies_and_contradictions_are_those_of_plain_sets(parts: list[tuple[str | None, str, str]]) -> None:
    dialogue = [Dialogue(system, (("user", one), ("assistant", other))) for system, one, other in parts]
    rows = [write(each, RecordFormat.CLAUDE_MESSAGES) for each in dialogue]
    report = judged(b"".join(json.dumps(row).encode() + b"\n" for row in rows), CLAUDE)
    lines = {cause.code: list(cause.lines) for cause in report.causes}
    copies, contradictions = compared(rows)
    assert lines.get("exact-duplicate", []) == copies
    assert lines.get("conflicting-answers", []) == contradictions


@bounded(30)
@given(
    st.lists(st.tuples(FINE, FINE), min_size=1, max_size=6),
    st.lists(st.tuples(FINE, FINE), min_size=1, max_size=6),
)
def test_leakage_is_that_of_plain_sets(
    tmp_path: Path, learnt: list[tuple[str, str]], held: list[tuple[str, str]]
) -> None:
    files = []
    for name, pairs in (("train", learnt), ("validation", held)):
        files.append(tmp_path / name)
        rows = [
            write(Dialogue(None, (("user", q), ("assistant", a))), RecordFormat.CLAUDE_MESSAGES)
            for q, a in pairs
        ]
        files[-1].write_text("\n".join(map(json.dumps, rows)))
    lines = {cause.code: list(cause.lines) for cause in leakage(files[0], files[1], CLAUDE)}
    numbered = list(enumerate(held, start=1))
    assert lines.get("leaked-record", []) == [line for line, pair in numbered if pair in learnt]
    assert lines.get("leaked-prompt", []) == [
        line
        for line, pair in numbered
        if pair not in learnt and pair[0] in {question for question, _ in learnt}
    ]


def without(report: Report, *codes: str) -> list[Cause]:
    """Return the causes but those; the words are left out, for they may count characters."""
    return [replace(each, message="", hint="") for each in report.causes if each.code not in codes]


def plain(data: bytes) -> bytes:
    """Return the rows without carriage returns or what cannot be said in every encoding."""
    return data.decode("utf-8", "replace").replace("\r", " ").encode()


def unmarked(data: bytes) -> bytes:
    """Return the rows without byte-order marks of their own: those are told whatever the encoding."""
    return data.replace("\ufeff".encode(), b"")


@pytest.mark.slow
@bounded(60)
@given(
    data=odd_rows().map(plain), profile=ANY_PROFILE, pattern=st.lists(st.booleans(), min_size=1, max_size=4)
)
def test_line_endings_change_nothing(data: bytes, profile: Profile, pattern: list[bool]) -> None:
    rows = data.split(b"\n")[:-1]
    mixed = b"".join(
        row + (b"\r\n" if windows else b"\n")
        for row, windows in zip(rows, itertools.cycle(pattern), strict=False)
    )
    assert without(judged(mixed, profile), "mixed-line-endings") == without(judged(data, profile))


@pytest.mark.slow
@bounded(60)
@given(
    data=odd_rows().map(plain).map(unmarked),
    profile=ANY_PROFILE,
    codec=st.sampled_from(("utf-16", "utf-32", "utf-8-sig")),
)
def test_a_marked_encoding_changes_nothing_else(data: bytes, profile: Profile, codec: str) -> None:
    coated = judged(data.decode().encode(codec), profile)
    bare = judged(data, profile)
    assert without(coated, "encoding", "byte-order-mark") == without(bare)
    assert coated.statistics == bare.statistics


@bounded(40)
@given(data=odd_rows(), profile=ANY_PROFILE, packer=st.sampled_from(sorted(PACKERS)))
def test_packing_changes_nothing_else(data: bytes, profile: Profile, packer: str) -> None:
    coated, bare = judged(PACKERS[packer](data), profile), judged(data, profile)
    assert without(coated, "gzip", "zip", "compressed") == without(bare)
    assert (coated.records, coated.statistics, coated.format) == (bare.records, bare.statistics, bare.format)


@bounded(40)
@given(data=odd_rows(), size=st.integers(1, 300), packer=st.sampled_from(("", *sorted(PACKERS))))
def test_the_pieces_in_which_bytes_come_change_nothing(data: bytes, size: int, packer: str) -> None:
    data = PACKERS[packer](data) if packer else data
    assert validate(Chunked(data, size), CLAUDE, Role.TRAINING, "odd.jsonl") == judged(data, CLAUDE)


def fixed(data: bytes, profile: Profile, only: set[str] | None = None) -> bytes | None:
    """Return the file after the repairs; None when they are refused."""
    folder: Path = fixed.folder  # type: ignore[attr-defined]
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_bytes(data)
    try:
        repair(source, target, profile, only)
    except Refused:
        return None
    return target.read_bytes()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[None]:
    fixed.folder = tmp_path  # type: ignore[attr-defined]
    yield
    del fixed.folder  # type: ignore[attr-defined]


def beyond_repair(data: bytes, profile: Profile) -> set[str]:
    return {each.code for each in judged(data, profile).errors if not each.repair}


@pytest.mark.slow
@bounded(100)
@given(data=odd_rows(), profile=ANY_PROFILE, name=st.sampled_from(sorted(REPAIRS)))
def test_a_repair_leaves_none_of_its_own_work_and_brings_no_new_error(
    data: bytes, profile: Profile, name: str
) -> None:
    once = fixed(data, profile, {name})
    if once is None:
        return
    assert beyond_repair(once, profile) <= beyond_repair(data, profile)
    assert fixed(once, profile, {name}) == once


@pytest.mark.slow
@bounded(40)
@given(data=odd_rows(), profile=ANY_PROFILE, seed=SEED)
def test_repairs_one_by_one_in_any_order_come_to_the_same(data: bytes, profile: Profile, seed: int) -> None:
    names = sorted(REPAIRS)
    random.Random(seed).shuffle(names)
    together, alone = fixed(data, profile), data
    if together is None:
        return
    while True:
        before = alone
        for name in names:
            alone = fixed(alone, profile, {name}) or alone
        if alone == before:
            break
    assert _values(alone) == _values(together)


def _values(data: bytes) -> list[Any]:
    """Return what each line says, whatever the order of its keys; lines that are no JSON as they are."""
    values: list[Any] = []
    for line in io.BytesIO(data):
        try:
            values.append(json.loads(line))
        except ValueError:
            values.append(line)
    return values


@pytest.mark.slow
def test_every_pair_of_repairs_may_come_in_either_order() -> None:
    mutator = Mutator(3)
    files = [b"".join(mutator.row() + b"\n" for _ in range(3)) for _ in range(len(REPAIRS))]
    dice = random.Random(3)
    pairs = [dice.sample(pair, 2) for pair in itertools.combinations(sorted(REPAIRS), 2)]
    for (one, other), data in zip(pairs, itertools.cycle(files), strict=False):
        first = fixed(data, CLAUDE, {one})
        second = first and fixed(first, CLAUDE, {other})
        if second:
            assert beyond_repair(second, CLAUDE) <= beyond_repair(data, CLAUDE)


WRAPPED_AND_MORE = (
    b'[{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}],\n',
    b"[{'messages': [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content': 'Ho'}]}]\n",
)


@pytest.mark.parametrize("row", WRAPPED_AND_MORE, ids=["a comma behind", "as Python writes it"])
def test_a_wrapped_row_with_another_fault_is_mended_one_by_one_too(row: bytes) -> None:
    good = b'{"messages": [{"role": "user", "content": "So"}, {"role": "assistant", "content": "Sa"}]}\n'
    data = good + row
    for name in (*sorted(REPAIRS), *sorted(REPAIRS)):
        data = fixed(data, CLAUDE, {name}) or data
    assert _values(data) == _values(fixed(good + row, CLAUDE) or b"")
    assert {each.code for each in judged(data, CLAUDE).errors} <= {"too-few-records"}
