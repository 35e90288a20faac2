"""The commands that need nothing but a file: what they print, and the status they exit with."""

import json
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli.validate import LONG

SAMPLES = Path(__file__).resolve().parents[2] / "bot" / "playground" / "samples"
GOOD, MENDABLE, BLOCKED = (str(SAMPLES / f"claims{kind}.jsonl") for kind in ("", "-needs-repair", "-blocked"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize(
    ("file", "status", "verdict"), [(GOOD, 0, "ready"), (MENDABLE, 1, "repairable"), (BLOCKED, 1, "blocked")]
)
def test_validate_says_whether_a_job_can_start(file: str, status: int, verdict: str) -> None:
    result = run("validate", file)

    assert result.exit_code == status
    assert verdict in result.output.splitlines()[0]


def test_validate_prints_one_json_object() -> None:
    report = json.loads(run("validate", MENDABLE, "--format", "json").output)

    assert report["verdict"] == "repairable"
    assert report["profile"] == "claude-3-haiku"
    assert {"file", "format", "records", "bytes", "sha256", "causes", "statistics"} <= report.keys()
    for cause in report["causes"]:
        told = {"code", "severity", "count", "lines", "records", "path", "message", "hint", "repair"}
        assert cause.keys() == told
        assert cause["severity"] in ("error", "warning")
        assert cause["lines"] == sorted(cause["lines"])[:10]
        assert all(line >= 1 for line in cause["lines"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "words"), [("html", "<!DOCTYPE html>"), ("json", '"verdict": "repairable"'), ("text", "median")]
)
def test_validate_writes_its_report_where_it_is_told(tmp_path: Path, form: str, words: str) -> None:
    report = tmp_path / f"report.{form}"

    result = run("validate", MENDABLE, "--format", form, "-o", str(report))

    assert (result.exit_code, result.output) == (1, "")
    assert words in report.read_text("utf-8")
    assert report.read_text("utf-8").strip() == run("validate", MENDABLE, "--format", form).output.strip()


def test_validate_names_mistakes_on_standard_error_as_they_are_met() -> None:
    result = run("validate", MENDABLE, "--format", "json", "--progress")

    told = result.stderr.splitlines()
    causes = json.loads(result.stdout)["causes"]
    assert {line.split()[1] for line in told} == {each["code"] for each in causes}
    assert all(line.split()[0] in ("error", "warning") for line in told)
    [blank] = [line for line in told if "blank-line" in line]
    assert blank.startswith("error blank-line (line "), blank
    assert run("validate", MENDABLE).stderr == "", "nobody waits for a short file"


@pytest.mark.slow
def test_validate_is_quiet_about_its_progress_when_nobody_looks(tmp_path: Path) -> None:
    long = tmp_path / "long.jsonl"
    with long.open("wb") as file:
        file.write(b"<html>")
        file.truncate(LONG + 1)

    assert run("validate", str(long)).stderr == ""
    assert (
        run("validate", str(long), "--progress").stderr == "error html: This is a web page, not a dataset.\n"
    )


def test_validate_tells_what_leaks_from_the_training_set(tmp_path: Path) -> None:
    rows = Path(GOOD).read_bytes().splitlines(keepends=True)
    other = json.loads(rows[1])
    other["messages"][-1]["content"] = "Something else."
    validation = tmp_path / "validation.jsonl"
    validation.write_bytes(rows[0] + json.dumps(other).encode())

    report = json.loads(run("validate", str(validation), "--against", GOOD, "--format", "json").output)

    assert report["role"] == "validation"
    leaks = {each["code"]: each["lines"] for each in report["causes"] if each["code"].startswith("leaked")}
    assert leaks == {"leaked-record": [1], "leaked-prompt": [2]}


def test_a_set_is_not_compared_with_itself() -> None:
    result = run("validate", GOOD, "--against", GOOD)

    assert result.exit_code == 1
    assert "training set itself" in str(result.exception)


def test_validate_never_overwrites_the_file(tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_bytes(Path(GOOD).read_bytes())

    result = run("validate", str(file), "-o", str(file))

    assert result.exit_code == 1
    assert file.read_bytes() == Path(GOOD).read_bytes()


def test_validate_judges_for_the_base_model_and_role_that_are_named() -> None:
    report = json.loads(
        run("validate", GOOD, "--for", "nova-micro", "--as", "validation", "--format", "json").output
    )

    assert (report["profile"], report["role"]) == ("nova-micro", "validation")
    assert any(cause["repair"] == "convert-format" for cause in report["causes"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("validate", "nothing-here.jsonl"), "does not exist"),
        (("validate", GOOD, "--for", "haiku"), "claude-3-haiku"),
        (("validate", GOOD, "--format", "xml"), "xml"),
        (("validate",), "FILE"),
        (("estimate", GOOD, "--price", "cheap"), "no amount of dollars"),
        (("estimate", GOOD, "--price", "-1"), "no amount of dollars"),
        (("estimate", GOOD, "--epochs", "0"), "greater than or equal to 1"),
        (("run", "--http", "0"), "greater than or equal to 1"),
        (("manifest", "--http", "http://bot.example"), "https"),
        (("bench", "nothing"), "there is no benchmark"),
        (("bench", "--quick"), "name it"),
        (("valdate", GOOD), "valdate"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_is_wrong(arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert words in " ".join(result.output.replace("│", " ").split())


def test_repair_writes_a_file_that_a_job_can_start_from_and_leaves_the_original(tmp_path: Path) -> None:
    before = Path(MENDABLE).read_bytes()
    out = tmp_path / "mended.jsonl"

    result = run("repair", MENDABLE, "-o", str(out))

    assert result.exit_code == 0
    assert "Moved the system prompt in 5 rows." in result.output
    assert run("validate", str(out)).exit_code == 0
    assert Path(MENDABLE).read_bytes() == before


def test_a_dry_run_shows_every_change_and_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_bytes(Path(MENDABLE).read_bytes())

    result = run("repair", str(file), "--dry-run")

    assert result.exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["claims.jsonl"]
    assert "--- claims.jsonl\n+++ claims.repaired.jsonl\n" in result.output
    assert "@@ -4,1 +4,1 @@ lift-system-turn\n" in result.output
    assert "nothing was written; claims.repaired.jsonl would have 64 rows" in result.output
    assert run("repair", str(file), "--dry-run", "--only", "drop-blank-lines").exit_code == 1


def test_repair_never_overwrites_the_original(tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_bytes(Path(MENDABLE).read_bytes())

    result = run("repair", str(file), "-o", str(file))

    assert result.exit_code == 1
    assert file.read_bytes() == Path(MENDABLE).read_bytes()


def test_estimate_invents_no_price() -> None:
    facts = json.loads(run("estimate", GOOD, "--format", "json").output)

    assert facts["training"] == "price unknown"
    assert facts["steps"] == 4


def test_estimate_takes_the_price_that_is_given() -> None:
    """It is the most that is billed, so that cents are rounded up: tried with shares of a cent below and above half."""
    wrong: list[tuple[str, str]] = []
    for price in ("0.003", "0.0031", "0.0033", "0.0037", "0.01"):
        facts = json.loads(
            run("estimate", GOOD, "--epochs", "5", "--price", price, "--format", "json").output
        )
        exact = Decimal(facts["tokens_an_epoch"]) * 5 * Decimal(price) / 1000
        if facts["training"] != f"${exact.quantize(Decimal('0.01'), ROUND_CEILING)}":
            wrong.append((price, facts["training"]))
    assert wrong == []
    assert "training, at most" in run("estimate", GOOD, "--epochs", "5", "--price", "0.003").output


def test_advice_in_the_terminal_has_every_way_and_what_to_do() -> None:
    told = " ".join(run("advise", "nova-lite", "in=200", "out=100", "rate=2/s", "hour=50").output.split())
    assert "† at the base's price; AWS publishes none for the tuned model." in told
    assert "80 requests a second is one point of this formula (79.4)" in told
    assert "The same tokens are reckoned for each way" in told
    facts = json.loads(run("advise", "in=200", "out=100", "rate=80/s", "hour=50", "--format", "json").output)
    assert facts["base"] == "Claude 3 Haiku"
    base = next(each for each in facts["ways"] if each["way"] == "the base, on demand")
    assert base["throughput_pays_above_a_second"] == "79.4"
    assert run("advise", "in=200").exit_code == 2


def test_manifest_is_json_for_both_doors() -> None:
    socket_mode = json.loads(run("manifest").output)
    http = json.loads(run("manifest", "--http", "https://bot.example").output)

    assert socket_mode["settings"]["socket_mode_enabled"] is True
    assert http["settings"]["event_subscriptions"]["request_url"] == "https://bot.example/slack/events"
