"""``python -m release.notes v1.2.3``: what CHANGELOG.md says of a version, for its page; fails when it is not due."""

import re
import sys
from pathlib import Path

from bot import __version__

ROOT = Path(__file__).resolve().parents[1]
_HEADING = re.compile(r"^## (?P<name>\S+)(?: \((?P<day>\d{4}-\d\d-\d\d)\))?\n", re.MULTILINE)


class NotDue(Exception):
    """Why there is no such release; its text is for who pushed the tag."""


def versions(changelog: str) -> list[str]:
    """Return the versions that the changelog has, the newest first."""
    return [found["name"] for found in _HEADING.finditer(changelog) if found["day"]]


def notes(changelog: str, tag: str, version: str) -> str:
    """Return the part of the changelog about the version of a tag.

    Args:
        changelog: its text; a release begins with ``## 1.2.3 (2027-01-31)``.
        tag: the tag, ``v1.2.3``.
        version: what the program calls itself.

    Raises:
        NotDue: the tag, the program and the changelog do not say the same.
    """
    if tag != f"v{version}":
        raise NotDue(f"The tag is {tag}, and bot/__init__.py says {version}: the tag would be v{version}.")
    if versions(changelog)[:1] != [version]:
        raise NotDue(f"CHANGELOG.md does not begin with `## {version} (YEAR-MONTH-DAY)`.")
    parts = _HEADING.split(changelog)
    said = dict(zip(parts[1::3], parts[3::3], strict=True))
    if said.get("Unreleased", "").strip():
        raise NotDue(
            "CHANGELOG.md has something under Unreleased: it belongs under the version, or after its release."
        )
    return said[version].strip() + "\n"


def main() -> None:
    """Print the notes of the tag, or why there are none."""
    try:
        print(notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), sys.argv[1], __version__), end="")
    except NotDue as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
