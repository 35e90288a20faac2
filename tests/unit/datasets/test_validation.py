"""Causes are told while the file is read."""

import io

from bot.datasets.model import Cause, Severity
from bot.datasets.validation import validate
from tests.unit.datasets.samples import CLAUDE, good, lines


def test_a_cause_is_told_once_and_as_in_the_report() -> None:
    told: list[Cause] = []
    mail = good(1)
    mail["messages"][0]["content"] = "Write to jane.roe@acme-widgets.com"
    data = lines("{}", mail, "{}", mail, "not JSON")
    report = validate(io.BytesIO(data), CLAUDE, on_cause=told.append)
    assert [each.code for each in told][:2] == ["missing-messages", "mail-address"]
    assert sorted(each.code for each in told) == sorted(each.code for each in report.causes)
    assert told[0].lines == (1,)
    assert told[0].count == 1
    assert "jane.roe" not in repr(told)
    assert {each.code: each.severity for each in told}["mail-address"] is Severity.WARNING


def test_the_first_cause_is_told_long_before_the_end() -> None:
    long = good(1)
    long["messages"][0]["content"] *= 1000
    source = io.BytesIO(lines("{}", *[long] * 200, pad=0))
    at: list[int] = []
    validate(source, CLAUDE, thorough=False, on_cause=lambda _: at.append(source.tell()))
    assert 0 < at[0] <= source.tell() / 3
