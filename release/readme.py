"""Hatchling's hook for the wheel's readme: README.md with absolute links, since it is read on a package index."""

import sys
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # a build backend does not look there by itself

from bot import __version__  # noqa: E402 -- see above
from release.links import on_the_web, rewritten  # noqa: E402 -- see above


class Readme(MetadataHookInterface):
    """Found by hatchling, as the one hook in this file."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the readme, with links to the release that this is."""
        place = on_the_web(metadata["urls"]["Source"], f"v{__version__}")
        text = rewritten((ROOT / "README.md").read_text(encoding="utf-8"), "README.md", place)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
