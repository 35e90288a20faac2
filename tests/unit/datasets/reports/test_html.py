import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from bot.datasets.catalogue import sources_of
from bot.datasets.model import Report
from bot.datasets.repairs.registry import offer
from bot.datasets.reports.html import as_html
from bot.datasets.reports.text import places
from bot.playground.samples import make
from bot.profiles import registry
from tests.unit.datasets.reports.page import Page
from tests.unit.datasets.samples import cases, file_of, good, judge, lines, profile_of

HOSTILE = "</p><script>alert(1)</script><img src=//evil.example/x onerror=alert(2)>"


def answered(index: int, answer: str, system: str | None = None) -> dict[str, Any]:
    question = {"role": "user", "content": f"Case {index}"}
    record: dict[str, Any] = {"messages": [question, {"role": "assistant", "content": answer}]}
    return record | ({"system": system} if system else {})


STEPS = pytest.mark.parametrize("step", [6, pytest.param(1, marks=pytest.mark.slow)])
"""Every sixth case in the fast part."""


@cache
def reports(step: int) -> tuple[Report, ...]:
    return tuple(judge(file_of(case)[:20_000], profile_of(case)) for case in cases()[::step])


@pytest.mark.slow
@STEPS
def test_a_report_is_a_page_that_needs_nothing_else(step: int) -> None:
    for report in reports(step):
        html = as_html(report)
        page = Page(html)
        assert "script" not in page.tags
        assert not page.handlers
        assert {address[1:] for address in page.addresses} <= set(page.ids), "links lead within the page"
        assert not re.search(r"https?://|@import|url\(", html)
        html.encode()


@pytest.mark.slow
@STEPS
def test_every_cause_stands_with_its_place_what_to_do_and_its_repair(step: int) -> None:
    for report in reports(step):
        page = Page(as_html(report))
        assert page.tags.count("article") == len(report.causes)
        for cause in report.causes:
            for words in (cause.code, places(cause), cause.repair and offer(cause.repair, cause.count)):
                assert not words or words in page.text
            assert sources_of(cause.code), cause.code
            for source in sources_of(cause.code):
                assert source.replace("https://", "") in page.text
            for words in (cause.path, cause.message.replace("`", ""), cause.hint.replace("`", "")):
                plain = " ".join(words.split())
                assert plain in page.text or not plain.isprintable(), (cause, page.text)


def test_errors_come_first() -> None:
    page = Page(as_html(judge(lines({"messages": []}, good(1), good(1)))))
    assert page.text.index("Errors Each") < page.text.index("Warnings A job can start with them")


def test_outside_text_stays_text() -> None:
    rows = [answered(index, HOSTILE[:58], HOSTILE) for index in range(40)]
    rows += [answered(index, "yes", HOSTILE) for index in range(40, 80)]
    hostile_key = {HOSTILE: 1} | good(1)
    report = replace(judge(lines(hostile_key, *rows, pad=0)), file=f"{HOSTILE}.jsonl")
    assert report.statistics.labels
    html = as_html(report)
    page = Page(html)
    assert not {"script", "img"} & set(page.tags)
    assert not page.handlers
    assert page.text.count(HOSTILE) >= 3
    assert HOSTILE[:58] in page.text


@pytest.mark.parametrize("unseen", ["\x1b[2J", "\u202e", "\u200b", "\ud800", "\0"])
def test_what_cannot_be_seen_steers_no_eye(unseen: str) -> None:
    report = replace(judge(lines({f"key{unseen}": 1} | good(1))), file=f"claims{unseen}.jsonl")
    html = as_html(report)
    assert unseen not in html
    assert "claims\ufffd" in html


def test_letters_that_need_joiners_keep_them() -> None:
    word = "क्\u200dष 👩\u200d⚕️"
    assert word in as_html(judge(lines(*[answered(index, "a", word) for index in range(40)])))


def test_secrets_are_masked() -> None:
    rows = [answered(index, "jane.doe@acme.com", "Ask jane.doe@acme.com") for index in range(40)]
    rows += [answered(index, "nobody", "Ask jane.doe@acme.com") for index in range(40, 80)]
    html = as_html(judge(lines(*rows)))
    assert "jane.doe@acme.com" not in html
    assert "Secrets and personal data are masked" in html


def test_lengths_are_a_picture_with_words_and_figures() -> None:
    report = judge(make.FILES["claims.jsonl"]())
    html = as_html(report)
    page = Page(html)
    buckets = report.statistics.lengths
    assert page.tags.count("rect") == len(buckets) > 3
    assert f"Half of the records have at most {report.statistics.tokens.median:,} tokens" in page.text
    for each in buckets:
        assert f"{each.low:,} to {each.high:,} tokens: {each.count:,}" in page.text
    heights = [float(each) for each in re.findall(r'<rect [^>]*height="([\d.]+)"', html)]
    assert heights.index(max(heights)) == max(range(len(buckets)), key=lambda index: buckets[index].count)
    line = re.search(r'<line x1="([\d.]+)"', html)
    assert line
    assert 0 < float(line[1]) < 600


def test_labels_prompts_limits_and_digest_are_there() -> None:
    report = judge(make.FILES["claims.jsonl"]())
    text = Page(as_html(report)).text
    for table in report.statistics.labels:
        assert f"{table.field}: {table.different} labels in {table.records} records" in text
        assert all(label.text in text for label in table.labels)
    assert report.sha256 in text
    assert "Limits of Claude 3 Haiku" in text
    assert "32,000" in text
    assert " ".join((report.statistics.common_system_prompt or "").split())[:60] in text


def test_many_labels_end_with_how_many_more() -> None:
    rows = [answered(index, f"label {index % 25}") for index in range(200)]
    text = Page(as_html(judge(lines(*rows, pad=0)))).text
    assert "25 labels in 200 records" in text
    assert "and 5 more, each in fewer records" in text


def test_languages_are_told_when_they_are_known() -> None:
    report = judge(lines())
    statistics = replace(report.statistics, languages={"German": 30, "English": 10})
    text = Page(as_html(replace(report, statistics=statistics))).text
    assert "language records German 30 English 10" in text
    statistics = replace(report.statistics, languages={}, tokens_low=None)
    text = Page(as_html(replace(report, statistics=statistics))).text
    assert "Languages" not in text
    assert "tokens from" not in text, "a report from before"


def test_a_file_with_nothing_in_it_has_no_empty_parts() -> None:
    text = Page(as_html(judge(b""))).text
    for word in ("Statistics", "Lengths", "Labels", "System prompts", "Repairs"):
        assert word not in text
    assert "Not ready" in text


def test_a_base_that_is_no_longer_known_is_named_without_limits() -> None:
    text = Page(as_html(replace(judge(lines()), profile="gone-1"))).text
    assert "data for gone-1" in text
    assert "Limits of" not in text


def test_every_base_has_its_limits_told() -> None:
    for profile in registry.PROFILES.values():
        report = replace(judge(lines(profile=profile), profile), bytes=10)
        assert f"Limits of {profile.label}" in Page(as_html(report)).text
