"""Plans as they are kept outside of the store: what was started, on what terms, and who decided.

A document is found by the digest in the tags of what was made, and counts only when its plan has that digest.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from bot.jobs.documents import dump, load
from bot.jobs.record import KIND, JobSpec

VERSION = 1

Kept = TypeVar("Kept")


class Unreadable(ValueError):
    """The document is none of these, is another plan's, or was written by a version that is newer than this one."""


@dataclass(frozen=True, slots=True)
class Form(Generic[Kept]):
    """One kind of plans that are kept.

    ``digest_of`` works the digest out from the plan itself: what the document says of it proves nothing.
    """

    kind: str
    cls: type[Kept]
    digest_of: Callable[[Kept], str]

    def write(self, value: Kept) -> bytes:
        """Return the document."""
        document = {"v": VERSION, "kind": self.kind, "kept": dump(value)}
        return json.dumps(document, ensure_ascii=False, indent=1).encode()

    def read(self, content: bytes, digest: str) -> Kept:
        """Return what was written.

        Raises:
            Unreadable: it is no such document, or not of the plan with that digest.
        """
        try:
            document = json.loads(content)
            if not isinstance(document, dict) or (document.get("v"), document.get("kind")) != (
                VERSION,
                self.kind,
            ):
                raise Unreadable("it is of another kind or version")
            value = load(self.cls, document.get("kept"))
        except Unreadable:
            raise
        except ValueError as error:  # no JSON, no UTF-8, or not the members that it should have
            raise Unreadable(f"{type(error).__name__}: {error}") from error
        found = self.digest_of(value)
        if found != digest:
            raise Unreadable(f"its plan has the digest {found}")
        return value


def _digest_of_job(spec: JobSpec) -> str:
    return replace(spec.plan, known_as=None).digest


JOB = Form(KIND, JobSpec, _digest_of_job)
"""A customization job: its spec as it stood when it was started."""
