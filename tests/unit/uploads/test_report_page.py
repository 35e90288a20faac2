"""A report that opens where it is read: a canvas in a workspace that has them, and else a file, in silence."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.controller.crash_points import crashing
from bot.datasets.reports.markdown import CELLS, as_markdown, code, in_code, plain
from bot.errors import Misconfigured, Refused
from bot.wording import BACKTICK
from handlers.ui.example_values import CONTENT_KEY, PERSONAL, SYSTEM_TURN, report
from tests.doubles.canvases import FakeCanvases
from tests.doubles.messages import Failure, down, throttled
from tests.examples import kills
from tests.tables import table
from tests.unit.uploads.test_upload import BAD, REPORTS, Killed, killed_at
from tests.unit.uploads.test_upload import World as WithoutCanvases

JSON = REPORTS[1:]


class World(WithoutCanvases):
    """A file in a workspace that has canvases."""

    def __init__(self, folder: Path, content: bytes = BAD, **more: Any) -> None:
        super().__init__(folder, content, **more)
        self.canvases: FakeCanvases = FakeCanvases()
        self.canvases.has_them = True

    def ended(self) -> "World":
        self.receive()
        self.run()
        return self

    def shared(self) -> list[str]:
        return [name for _, _, name in self.files.shared]


def test_the_report_is_a_canvas_that_the_channel_reads_with_its_json_beside_it(tmp_path: Path) -> None:
    world = World(tmp_path).ended()
    [(canvas, text)] = world.canvases.made.items()
    assert world.canvases.readers == {canvas: {"C1"}}
    assert world.shared() == JSON
    assert world.files.comments[JSON[0]] == f"<https://slack.test/docs/T1/{canvas}|Open the report>"
    assert text.startswith("# Not ready: `claims.jsonl`\n")
    assert "line 1" in text


REFUSED, NO_SCOPE = (Refused("Slack does not let me use a canvas here."), Misconfigured("I lack the scope."))


def test_where_there_is_none_it_is_the_file_as_before_and_nobody_is_told(tmp_path: Path) -> None:
    with table() as row:
        for method in ("create", "open_to", "link"):
            for error in (REFUSED, NO_SCOPE):
                with row(method, type(error).__name__):
                    world = World(tmp_path)
                    world.canvases.order(method, Failure(error))
                    world.ended()
                    assert (world.shared(), world.texts()) == (REPORTS, ["verdict blocked"])
                    assert not any(world.files.comments.values())


def test_slack_comes_back_for_the_page(tmp_path: Path) -> None:
    failures: list[Callable[[], Failure]] = [down, throttled]
    with table() as row:
        for method in ("create", "open_to", "link"):
            for failure in failures:
                with row(method, failure.__name__):
                    world = World(tmp_path)
                    world.canvases.order(method, failure())
                    world.ended()
                    assert (world.shared(), len(world.canvases.made)) == (JSON, 1)


@pytest.mark.chaos
def test_a_process_killed_anywhere_leaves_one_page_that_anybody_sees(tmp_path: Path) -> None:
    names: list[str] = []
    with crashing(names.append):
        World(tmp_path).ended()
    wanted = {"before-create-canvas", "after-create-canvas", "before-open-canvas", "after-open-canvas"}
    assert wanted <= set(names)
    with table() as row:
        for place in kills(names):
            with row(place, names[place - 1]):
                world = World(tmp_path)
                with killed_at(place):
                    world.ended()
                world.run()
                assert (world.texts(), world.shared()) == (["verdict blocked"], JSON)
                assert len(world.canvases.readers) == 1, "another that was made is seen by nobody"
    assert issubclass(Killed, BaseException)


def test_text_from_a_file_steers_nothing_in_the_page() -> None:
    hostile = "a\n# Title\n![](@U1) [x](https://evil.test) | b | `c` <!channel> *d* ~~e~~"
    assert plain(hostile) == (
        r"a \# Title \!\[\](@U1) \[x\](https://evil.test) \| b \| \`c\` \<\!channel\> \*d\* \~\~e\~\~"
    )
    assert code(hostile).strip("`") == hostile.replace("\n", " ").replace("`", BACKTICK)
    assert (plain("- x"), plain("1. x"), plain("2026-11 x")) == (r"\- x", "1\u200b. x", "2026-11 x")
    named = replace(
        report(), file=hostile, causes=(replace(PERSONAL, message=hostile, path=hostile, hint=hostile),)
    )
    lines = as_markdown(named).split("\n")
    assert [each for each in lines if each.startswith("# ")] == [lines[0]]
    assert "Title" not in [each.removeprefix("# ") for each in lines]


def test_the_page_says_what_the_report_does_within_what_a_canvas_takes() -> None:
    text = as_markdown(report(report().verdict, SYSTEM_TURN, CONTENT_KEY, PERSONAL))
    for said in (
        "## Errors",
        "## Warnings",
        "## Statistics",
        "## Labels in `queue`",
        "## Limits of",
        "lines 4, 12",
    ):
        assert said in text
    most = cells = 0
    for line in text.split("\n"):
        cells = cells + line.count("|") - 1 if line.startswith("|") else 0
        most = max(most, cells)
    assert 0 < most <= CELLS
    assert in_code("Press *Repair all* for `*Repair all*`.") == "Press **Repair all** for `*Repair all*`."
