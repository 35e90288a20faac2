"""From one base's format to another's and back, with that base's limits and reserved words."""

import json
from pathlib import Path

import pytest

from bot.datasets.model import Role, Verdict
from bot.derivations.conversion import DROPPING, FORM, check_convertible, convert
from bot.errors import Refused
from bot.profiles import registry
from tests.unit.datasets.samples import CLAUDE, lines
from tests.unit.derivations.test_splitting import record

NOVA = registry.get("nova-lite")


def test_there_and_back_says_the_same(tmp_path: Path) -> None:
    original = lines(record("q", "a", "Be kind. Ü"), pad=40)
    start, there, back = (tmp_path / each for each in "abc")
    start.write_bytes(original)
    out = convert(start, there, NOVA, name="claims.nova-lite.jsonl")
    assert (out.report.verdict, out.report.profile, out.report.records) == (Verdict.READY, "nova-lite", 41)
    assert out.report.file == "claims.nova-lite.jsonl"
    assert out.effects() == ("Converted the format of 41 rows.",)
    first = json.loads(there.read_bytes().splitlines()[0])
    assert (first["schemaVersion"], first["system"]) == (
        "bedrock-conversation-2024",
        [{"text": "Be kind. Ü"}],
    )
    assert convert(there, back, CLAUDE).report.verdict is Verdict.READY
    assert [json.loads(each) for each in back.read_bytes().splitlines()] == [
        json.loads(each) for each in original.splitlines()
    ]


def test_reserved_words_of_the_other_base_are_named(tmp_path: Path) -> None:
    word = NOVA.reserved_text[0].text
    start = tmp_path / "a"
    start.write_bytes(lines(record(f"{word} hello", "a"), pad=40))
    out = convert(start, tmp_path / "b", NOVA)
    assert out.report.verdict is Verdict.BLOCKED
    [error] = out.report.errors
    assert error.lines == (1,)


def test_limits_of_the_other_base_and_role_count(tmp_path: Path) -> None:
    start = tmp_path / "a"
    start.write_bytes(lines(pad=2))
    out = convert(start, tmp_path / "b", NOVA, Role.VALIDATION)
    assert out.report.role is Role.VALIDATION
    assert out.changed


def test_words_stay_as_they_are_however_they_look(tmp_path: Path) -> None:
    """Mending them is offered for what came out, and is a press of its own."""
    start, there = tmp_path / "a", tmp_path / "b"
    start.write_bytes(lines(record("FÃ¼r wen?", "FÃ¼r dich."), pad=40))
    out = convert(start, there, NOVA)
    assert out.effects() == ("Converted the format of 41 rows.",)
    assert "FÃ¼r wen?" in str(json.loads(there.read_bytes().splitlines()[0]))
    assert "mojibake" in {each.code for each in out.report.causes}


def test_nothing_that_is_learnt_is_dropped(tmp_path: Path) -> None:
    unanswered = record("q", "a")
    unanswered["messages"].append({"role": "user", "content": "And?"})
    start, there = tmp_path / "a", tmp_path / "b"
    start.write_bytes(lines(unanswered, record("q", "a"), record("q", "a"), pad=40))
    out = convert(start, there, NOVA)
    assert len(there.read_bytes().splitlines()) == 43
    assert json.loads(there.read_bytes().splitlines()[0])["messages"][-1]["role"] == "user"
    assert out.report.verdict is Verdict.REPAIRABLE
    assert not DROPPING & set(FORM)


def test_a_row_that_would_lose_something_stays_and_is_named(tmp_path: Path) -> None:
    tools = record("q", "a") | {"tools": [{"name": "x"}]}
    start, there = tmp_path / "a", tmp_path / "b"
    start.write_bytes(lines(tools, pad=40))
    out = convert(start, there, NOVA)
    assert json.loads(there.read_bytes().splitlines()[0]) == tools
    assert [each.code for each in out.report.errors] == ["other-format"]


def test_what_is_in_that_format_already_is_not_changed(tmp_path: Path) -> None:
    start = tmp_path / "a"
    start.write_bytes(lines(pad=40))
    assert not convert(start, tmp_path / "b", CLAUDE).changed
    with pytest.raises(Refused, match="format of Claude 3 Haiku already"):
        check_convertible(CLAUDE, CLAUDE.record_format, "nova-lite")
    check_convertible(NOVA, CLAUDE.record_format, CLAUDE.name)
