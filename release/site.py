"""``python -m release.site``: the documentation as a site, in ``out/site``. Fails for a link that leads nowhere.

The documents stay where they are, and their links are good there: on GitHub, in an editor. Here they become pages:
links to documents become links between these, all others lead to the repository on the web.
"""

import posixpath
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from release.links import Place, on_the_web, rewritten

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out"
PAGES = OUT / "pages"
CONFIG = "mkdocs.yml"
AT_THE_TOP = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
"""Documents that hosts and people look for at the top of the repository, and the pages that they become."""
PICTURES = (".png", ".svg")


def documents() -> dict[str, str]:
    """Return each document and picture of the site, by its path in the repository, with its path in the site."""
    docs = ROOT / "docs"
    inside = (path for path in sorted(docs.rglob("*")) if path.suffix in {".md", *PICTURES})
    return {
        path.relative_to(ROOT).as_posix(): path.relative_to(docs).as_posix() for path in inside
    } | AT_THE_TOP


def lay_out() -> None:
    """Write all pages, with their links as the site has them."""
    source = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Source"]
    shutil.rmtree(PAGES, ignore_errors=True)
    PAGES.mkdir(parents=True)
    shutil.copyfile(ROOT / "release" / CONFIG, OUT / CONFIG)
    there = documents()
    for document, page in there.items():
        target = PAGES / page
        target.parent.mkdir(parents=True, exist_ok=True)
        if document.endswith(PICTURES):
            shutil.copyfile(ROOT / document, target)
        else:
            text = (ROOT / document).read_text(encoding="utf-8")
            target.write_text(
                rewritten(text, document, _between(page, there, on_the_web(source, "main"))), encoding="utf-8"
            )


def _between(page: str, there: dict[str, str], elsewhere: Place) -> Place:
    def place(path: str, picture: bool) -> str:
        found = there.get(path) or there.get(f"{path}/README.md")
        return posixpath.relpath(found, posixpath.dirname(page) or ".") if found else elsewhere(path, picture)

    return place


def main() -> None:
    """Lay the pages out and have Zensical build them. The exit status is its own: 1 for a link that leads nowhere."""
    lay_out()
    zensical = Path(sys.executable).parent / "zensical"
    built = subprocess.run(  # noqa: S603 -- our own tool
        [str(zensical), "build", "--clean", "--strict", "--config-file", CONFIG],
        cwd=OUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode:
        print(built.stdout + built.stderr.partition("Traceback")[0], file=sys.stderr)
    sys.exit(built.returncode)


if __name__ == "__main__":
    main()
