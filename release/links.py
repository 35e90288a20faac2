"""Links of a document that are good where it lies in the repository, made good where it is read elsewhere."""

import posixpath
import re
from collections.abc import Callable

_FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.DOTALL | re.MULTILINE)
_LINK = re.compile(
    r"(?P<before>(?P<image>!?)\[[^\]]*\]\(|<(?P<tag>img|source|a)\b[^>]*?\b(?:src|srcset|href)=\")"
    r"(?P<target>[^)\"\s#]+)(?P<fragment>#[^)\"\s]*)?"
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)

Place = Callable[[str, bool], str]
"""What becomes of a link: from the path in the repository, and whether it is a picture, to what stands there then."""


def rewritten(text: str, document: str, place: Place) -> str:
    """Return the document with each link to a file of the repository as ``place`` says; all else stays as it is.

    Args:
        text: its Markdown. What stands in a fence is left alone.
        document: its own path in the repository, from which its links are read.
        place: see ``Place``.
    """

    def turn(found: re.Match[str]) -> str:
        target = found["target"]
        if _ELSEWHERE.match(target):
            return found[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(document), target))
        picture = bool(found["image"]) or found["tag"] in {"img", "source"}
        return found["before"] + place(path, picture) + (found["fragment"] or "")

    parts, end = [], 0
    for fence in _FENCE.finditer(text):
        parts += [_LINK.sub(turn, text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, _LINK.sub(turn, text[end:])])


def on_the_web(source: str, revision: str) -> Place:
    """Return where a file of the repository is read on the web.

    Args:
        source: the repository's address, as ``[project.urls]`` has it.
        revision: a tag or a branch.
    """
    raw = source.replace("https://github.com/", "https://raw.githubusercontent.com/")

    def place(path: str, picture: bool) -> str:
        return f"{raw}/{revision}/{path}" if picture else f"{source}/blob/{revision}/{path}"

    return place
