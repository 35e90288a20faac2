"""Keeping a plan outside of the store before what it plans is created, and finding it again when the store is lost.

A document is found by the digest in the tags of what was made, and counts only when its plan has that digest.

It is a net: a start waits for it a little, and goes on without it. What is started then is followed again after a
loss with what AWS tells of it.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.controller.context import AnyContext
from bot.controller.documents import dump, load
from bot.controller.effects import Effect, passing
from bot.controller.schema import why
from bot.errors import Misconfigured, Refused, TunesmithError, Unavailable
from bot.spending.ports import PlanArchive

Kept = TypeVar("Kept")


VERSION = 1
"""Of the documents; a newer one is not read."""


class Unreadable(ValueError):
    """The document is none of these, is another plan's, or was written by a version that is newer than this one."""


@dataclass(frozen=True, slots=True)
class PlanForm(Generic[Kept]):
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
            raise Unreadable(why(error)) from error
        found = self.digest_of(value)
        if found != digest:
            raise Unreadable(f"its plan has the digest {found}")
        return value


TRIES = 3
"""Tries in a row after which a start goes on without its plan kept."""
_CALL = 25.0
"""Seconds that keeping one may take, the first look at the bucket included."""

log = logging.getLogger(__name__)


KEEP_PLAN = Effect(
    "keep-plan", "keeping the plan in S3", "a plan that is kept again, the same: its name is its digest"
)


class PlanKeeper:
    """Keeps plans in an archive, and finds them there."""

    def __init__(self, archive: PlanArchive) -> None:
        self._archive = archive

    def keep(self, context: AnyContext, region: str, form: PlanForm[Kept], value: Kept) -> None:
        """Keep what is about to be created. Repeating it is harmless, and so is a plan that comes to nothing.

        Raises:
            Unavailable: the archive did not answer, and it is worth another try.
            OutOfTime: the lease is too short; let it pass through.
        """
        context.save()  # a full lease for the calls
        context.ensure_time(_CALL)
        try:
            with passing(KEEP_PLAN):
                self._archive.put(region, form.digest_of(value), form.write(value))
        except (Refused, Misconfigured, Unavailable) as trouble:
            if isinstance(trouble, Unavailable) and context.engine.failing.waits < TRIES:
                raise
            log.warning("%s: its plan is not kept: %s %s", context.key, trouble.sentence, trouble.detail)

    def write(self, region: str, form: PlanForm[Kept], value: Kept) -> None:
        """Keep what is told of many plans together, in the one place of its digest. Repeating it is harmless.

        Raises:
            TunesmithError: it is not kept.
        """
        with passing(KEEP_PLAN):
            self._archive.put(region, form.digest_of(value), form.write(value))

    def find(self, region: str, form: PlanForm[Kept], digest: str) -> Kept | None:
        """Return what was kept of the plan with that digest; None when there is nothing that could be used.

        Raises:
            Unavailable: the archive did not answer: it may be there all the same.
        """
        try:
            content = self._archive.get(region, digest)
            return form.read(content, digest) if content is not None else None
        except Unavailable:
            raise
        except TunesmithError as trouble:
            log.warning("The plan %s cannot be read: %s %s", digest, trouble.sentence, trouble.detail)
        except Unreadable as wrong:
            log.warning("What is kept as the plan %s is ignored: %s", digest, wrong)
        return None
