import json
from dataclasses import replace

import pytest
from rich.cells import cell_len

from bot.datasets.repairs.registry import REPAIRS, done, effects, offer
from bot.datasets.reports.html import as_html
from bot.datasets.reports.text import WIDTH, as_json, as_summary, as_text, places, size_text
from bot.playground.samples import make
from tests.examples import some
from tests.unit.datasets.languages.test_languages import ENGLISH, FRENCH, row
from tests.unit.datasets.samples import cases, file_of, good, judge, lines, profile_of

_ANSWERS = [{"role": "assistant", "content": text} for text in ("あ" * 30, "a" * 28)]


def test_the_json_has_the_keys_that_others_rely_on() -> None:
    report = judge(lines("", {"messages": []}))
    made = as_json(report)
    assert list(made) == [
        "file", "profile", "role", "format", "verdict", "errors", "warnings", "records", "bytes", "sha256", "causes",
        "statistics",
    ]  # fmt: skip
    assert made["causes"][0] == {
        "code": "blank-line",
        "severity": "error",
        "count": 1,
        "lines": [1],
        "records": [],
        "path": "",
        "message": "The line is blank; Bedrock takes no blank lines.",
        "hint": "Remove it.",
        "repair": "drop-blank-lines",
    }
    assert made["statistics"]["turns"]["total"] == report.statistics.turns.total
    assert made["verdict"] == "blocked"


@pytest.mark.slow
def test_every_report_is_json_and_fits_a_terminal() -> None:
    for case in some(cases()):
        report = judge(file_of(case)[:20_000], profile_of(case))
        assert json.loads(json.dumps(as_json(report))) == as_json(report)
        for line in (*as_text(report).splitlines(), *as_summary(report).splitlines()):
            assert len(line) <= WIDTH or " " not in line.strip(), line


@pytest.mark.slow
def test_what_one_reads_first_of_a_file_in_order_is_short_and_leaves_no_mistake_out() -> None:
    """A line is left for what the command adds: a clean file has at most 15 with it."""
    long = [dict.fromkeys(["German", "English", "French", "Portuguese", "Indonesian", "Vietnamese"], 9)]
    clean = 0
    for case in cases():
        report = judge(file_of(case)[:20_000], profile_of(case))
        text = as_summary(replace(report, file=f"{'a long name ' * 20}.jsonl"))
        for cause in report.causes:
            assert f" {cause.code}\n" in text, case["name"]
        if not report.causes:
            clean += 1
            many = replace(report, statistics=replace(report.statistics, languages=long[0]))
            for each in (text, as_summary(many)):
                assert len(each.splitlines()) <= 13, each
    assert clean > 5


def test_the_text_says_what_where_and_what_to_do() -> None:
    row = {"messages": [{"role": "system", "content": "s"}, *good(1)["messages"]]}
    text = as_text(judge(lines(*[row] * 12)))
    assert "case.jsonl: repairable, can start after the repairs below (1 error and 1 warning)" in " ".join(
        text.split()
    )
    assert "x error  system-turn" in text
    assert "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …, 12 in all at messages[0].role" in text
    assert "repair: lift-system-turn (Move the system prompt in 12 rows)" in text
    assert "! warning  exact-duplicate" in text


def test_the_text_shows_lengths_and_labels() -> None:
    text = as_text(judge(make.FILES["claims.jsonl"]()))
    shown = text.split("tokens   records\n")[1].splitlines()
    assert shown[0].split()[1] == "to"
    assert max(line.count("█") for line in shown) == 40
    assert 'labels in "queue": ' in text
    assert "%  █" in text


def test_a_long_label_is_cut_to_its_column() -> None:
    rows = [{"messages": [*good(index)["messages"][:1], answer]} for index, answer in enumerate(_ANSWERS * 8)]
    shown = [line for line in as_text(judge(lines(*rows, pad=0))).splitlines() if "50%" in line]
    assert [cell_len(line.split("  8 ")[0]) for line in shown] == [cell_len(shown[0].split("  8 ")[0])] * 2
    assert "…" in shown[0] + shown[1]


def test_half_a_character_does_not_keep_a_report_from_being_written() -> None:
    broken = [{"system": "a\ud800", "x\ud800": 1} | good(index) for index in range(40)]
    report = judge(lines(*broken, pad=0))
    json.dumps(as_json(report), ensure_ascii=False).encode()
    as_html(report).encode()
    as_text(report).encode()


def test_a_hostile_key_cannot_write_to_the_terminal() -> None:
    text = as_text(judge(lines({"\x1b[2J\x07\u202e": 1} | good(1))))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_places_in_words() -> None:
    [one] = judge(lines("x")).causes
    [two] = judge(lines("x", "x")).causes
    [none] = judge(lines(pad=3)).causes
    assert (places(one), places(two), places(none)) == ("line 1", "lines 1, 2", "")


def test_sizes_in_words() -> None:
    assert [size_text(size) for size in (0, 999, 1000, 35_700, 66_000_000, 10 * 1024**3)] == [
        "0 bytes", "999 bytes", "1.0 kB", "35.7 kB", "66.0 MB", "10.7 GB",
    ]  # fmt: skip


def test_the_effects_of_a_repair_are_told_before_it_is_made() -> None:
    unknown = [{**good(100 + index), "id": index, "ts": index} for index in range(3)]
    blank_and_unknown = judge(lines(*unknown, "", ""))
    assert effects(blank_and_unknown) == ("Drop 2 blank lines", "Drop unknown keys in 3 rows")
    rows = [good(index) for index in range(40)]
    assert effects(judge(json.dumps(rows).encode())) == ("Write 40 rows one a line",)
    assert effects(judge(lines())) == ()


def test_every_repair_has_words_before_and_after() -> None:
    for name in REPAIRS:
        assert "{" not in offer(name, 1) + done(name, 40)
    assert offer("lift-system-turn", 40) == "Move the system prompt in 40 rows"
    assert done("drop-blank-lines", 1) == "Dropped 1 blank line"


def test_a_table_and_a_mixed_file_count_all_rows_that_a_repair_would_change() -> None:
    table = "prompt,completion\n" + "".join(f"q{index},a\n" for index in range(40))
    report = judge(table.encode())
    assert effects(report) == ("Turn 40 rows of the table into records", "Convert the format of 40 rows")
    assert "Turn 40 rows of the table" in " ".join(as_text(report).split())
    mixed = [{"prompt": "a", "completion": "b"}] * 2 + [{"instruction": "c", "output": "d"}]
    assert "Convert the format of 3 rows" in effects(judge(lines(*mixed)))


def test_languages_are_told() -> None:
    rows = [row(index, *([ENGLISH] * 2 if index < 30 else [FRENCH] * 2)) for index in range(40)]
    report = judge(lines(*rows, pad=0))
    assert as_json(report)["statistics"]["languages"] == {"English": 30, "French": 10}
    assert "languages   English 30, French 10" in as_text(report)
