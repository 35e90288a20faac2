"""What a release is made of says the same everywhere: version, home, Pythons, the readme's links."""

import re
import tomllib
from pathlib import Path

import pytest

from bot import __version__
from release.links import on_the_web, rewritten
from release.notes import NotDue, notes, versions

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SOURCE = PROJECT["urls"]["Source"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASED = (
    "# Changelog\n\n## Unreleased\n\n## 1.2.0 (2027-01-31)\n\n### Jobs\n- New.\n\n## 1.1.0 (2026-12-01)\n"
)


def test_the_version_is_the_newest_of_the_changelog() -> None:
    assert versions(RELEASED) == ["1.2.0", "1.1.0"]
    assert versions(CHANGELOG)[:1] in ([], [__version__])
    assert re.search(r"^## Unreleased\n", CHANGELOG, re.MULTILINE) or versions(CHANGELOG)


def test_a_release_has_its_part_of_the_changelog() -> None:
    assert notes(RELEASED, "v1.2.0", "1.2.0") == "### Jobs\n- New.\n"


@pytest.mark.parametrize(
    ("changelog", "tag", "version", "reason"),
    [
        (RELEASED, "v1.3.0", "1.2.0", "the tag would be v1.2.0"),
        (RELEASED, "v1.3.0", "1.3.0", "does not begin with `## 1.3.0"),
        (RELEASED, "v1.1.0", "1.1.0", "does not begin with `## 1.1.0"),
        (RELEASED.replace("Unreleased\n", "Unreleased\n- More.\n"), "v1.2.0", "1.2.0", "under Unreleased"),
    ],
)
def test_what_is_not_due_is_not_released(changelog: str, tag: str, version: str, reason: str) -> None:
    with pytest.raises(NotDue, match=re.escape(reason)):
        notes(changelog, tag, version)


def test_home_is_one_address() -> None:
    home = SOURCE.removeprefix("https://github.com/")
    named = re.compile(r"(?:github\.com/|ghcr\.io/|--repo )([\w.-]+/tunesmith)\b")
    places = [ROOT / "SECURITY.md", ROOT / "README.md", ROOT / "pyproject.toml"]
    places += [path for room in (".github", "docs", "bot/cli") for path in (ROOT / room).rglob("*.*")]
    found = [
        (path.name, name)
        for path in places
        if path.suffix in {".md", ".toml", ".yml", ".yaml", ".json", ".py"}
        for name in named.findall(path.read_text(encoding="utf-8"))
    ]

    assert {url for url in PROJECT["urls"].values() if not f"{url}/".startswith(f"{SOURCE}/")} == set()
    assert len(found) > len(PROJECT["urls"])
    assert [each for each in found if each[1] != home] == []


def test_pythons_are_the_same_wherever_they_are_listed() -> None:
    least, end = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()  # type: ignore[union-attr]
    supported = [f"3.{minor}" for minor in range(int(least), int(end))]

    assert re.findall(r":: (3\.\d+)\"", (ROOT / "pyproject.toml").read_text(encoding="utf-8")) == supported
    assert (
        sorted(re.findall(r"python(3\.\d+)\b", (ROOT / "tunesmith").read_text(encoding="utf-8"))) == supported
    )


def test_the_readme_of_the_wheel_leads_to_what_is_there() -> None:
    text = rewritten((ROOT / "README.md").read_text(encoding="utf-8"), "README.md", on_the_web(SOURCE, "v1"))

    inside = re.findall(
        rf"(?:{re.escape(SOURCE)}/blob|https://raw\.githubusercontent\.com/[\w/-]+)/v1/([^)#\"]+)", text
    )
    assert len(inside) > 5
    assert [path for path in inside if not (ROOT / path).exists()] == []
    assert re.findall(r"\]\((?!https?://|#)[^)]*\)|(?:src|srcset|href)=\"(?!https?://)[^\"]*\"", text) == []


def test_the_builder_is_called_where_it_is() -> None:
    """Whoever has a clone has it in `.venv`, and in no other Python."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    called = [
        (path.name, found)
        for path in documents
        for found in re.findall(r"\S*python -m hatchling", path.read_text(encoding="utf-8"))
    ]
    assert {name for name, _ in called} >= {"install.md", "CONTRIBUTING.md"}
    assert [each for each in called if each[1].lstrip("`(") != ".venv/bin/python -m hatchling"] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[a](b.md#c)", "[a](https://github.com/o/p/blob/v1/docs/b.md#c)"),
        ("[`a`](../README.md)", "[`a`](https://github.com/o/p/blob/v1/README.md)"),
        ("![a](b.png)", "![a](https://raw.githubusercontent.com/o/p/v1/docs/b.png)"),
        (
            '<img alt="x" src="b.png">',
            '<img alt="x" src="https://raw.githubusercontent.com/o/p/v1/docs/b.png">',
        ),
        ("[a](https://b.c/d) [e](#f) [g](mailto:h@i)", "[a](https://b.c/d) [e](#f) [g](mailto:h@i)"),
        (
            "```\n[a](b.md)\n```\n[a](b.md)",
            "```\n[a](b.md)\n```\n[a](https://github.com/o/p/blob/v1/docs/b.md)",
        ),
    ],
)
def test_links_are_made_absolute(text: str, wanted: str) -> None:
    assert rewritten(text, "docs/x.md", on_the_web("https://github.com/o/p", "v1")) == wanted
