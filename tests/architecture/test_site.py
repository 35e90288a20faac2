"""The site has every document, and its builder fails for a link that leads nowhere."""

import re
import shutil
import sys
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from bot import config
from bot.cli import build, development
from handlers.commands import catalogue
from release import site

ROOT = Path(__file__).resolve().parents[2]


class Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Reads the one tag of a name of Python as its text."""


Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda _loader, suffix, _node: suffix)
CONFIG = yaml.load((ROOT / "release" / "mkdocs.yml").read_text(encoding="utf-8"), Loader)


def pages(entry: Any) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    return [page for each in (entry.values() if isinstance(entry, dict) else entry) for page in pages(each)]


def test_every_document_has_its_place_and_no_plugin_is_needed() -> None:
    there = {page for page in site.documents().values() if page.endswith(".md")}
    listed = pages(CONFIG["nav"])

    assert len(listed) == len(set(listed))
    assert set(listed) - there == set()
    left_out = {page for page in there - set(listed) if not page.startswith("decisions/0")}
    assert left_out == set(), "decisions are found by their index; each other page wants a place"
    assert "plugins" not in CONFIG


def test_links_of_a_page_stay_in_the_site_where_they_can(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(site, "OUT", tmp_path)
    monkeypatch.setattr(site, "PAGES", tmp_path / "pages")
    site.lay_out()

    operators = (tmp_path / "pages" / "for" / "operators.md").read_text(encoding="utf-8")
    assert "](../security.md#what-an-operator-keeps-closed)" in operators
    assert "](../operations.md#budgets)" in operators
    assert "/blob/main/README.md#point-it-at-a-real-workspace)" in operators
    contributing = (tmp_path / "pages" / "contributing.md").read_text(encoding="utf-8")
    assert "](decisions/README.md)" in contributing
    assert (tmp_path / "pages" / "playground.png").stat().st_size > 0


CODE = re.compile(r"^```(?:sh)?\n(.*?)^```|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
OF_THEIR_TIME = ("docs/decisions/", "CHANGELOG.md")


def test_pages_name_commands_and_settings_that_are_there() -> None:
    slash = {each.name for each in catalogue()}
    ours = {each.name or each.callback.__name__ for each in build().registered_commands if each.callback}
    settings = {row.name for row in config.rows()} | config.NOT_SETTINGS
    wrong = []
    for document in ["README.md", *(path for path in site.documents() if path.endswith(".md"))]:
        if document.startswith(OF_THEIR_TIME):
            continue
        text = (ROOT / document).read_text(encoding="utf-8")
        typed = "\n".join("".join(each) for each in CODE.findall(text))
        wrong += [
            f"{document}: /tune {name}" for name in re.findall(r"/tune ([a-z]+)", typed) if name not in slash
        ]
        called = re.findall(r"^(?:\./)?tunesmith ([a-z]+)", typed, re.MULTILINE)
        wrong += [f"{document}: tunesmith {name}" for name in called if name not in ours]
        wrong += [
            f"{document}: {name}" for name in re.findall(r"\bTUNESMITH_[A-Z_]+", text) if name not in settings
        ]
    assert wrong == []


@pytest.mark.slow
def test_a_link_that_leads_nowhere_fails(tmp_path: Path) -> None:
    for name in ("release", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in (*site.AT_THE_TOP, "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    tutorial = tmp_path / "docs" / "tutorial.md"
    tutorial.write_text(
        tutorial.read_text(encoding="utf-8") + "\n[gone](for/askers.md#gone)\n", encoding="utf-8"
    )

    built = run(
        [sys.executable, *development.SITE[1:]], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert built.returncode == 1
    assert "anchor does not exist" in built.stderr
    assert "tutorial.md" in built.stderr
