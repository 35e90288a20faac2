"""Files that were shared in Slack, as handlers hand them in."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from bot.controller.model import Document, Registration, Resource
from bot.datasets.inspecting.editing import edited, is_same
from bot.datasets.inspecting.inspection import Inspection
from bot.datasets.model import Role
from bot.datasets.repairs.registry import CHOICES
from bot.directory.service import Service
from bot.errors import NotFound, Refused
from bot.profiles import registry
from bot.uploads import rows as upload_rows
from bot.uploads.lineage import KnownFile
from bot.uploads.model import KIND, SCHEMA, RowEdit, UploadSpec, dump, key_of, load
from bot.uploads.naming import copy_name
from bot.wording import quoted


class UploadService(Service):
    """Takes files. The verdict comes in Slack; nothing is waited for here."""

    def receive(
        self,
        *,
        file_id: str,
        channel: str,
        thread_ts: str | None,
        user: str,
        profile: str | None = None,
        role: Role = Role.TRAINING,
        asked_in: str = "",
    ) -> None:
        """Have the file judged, and the verdict told in the thread, or without one in a message of its own.

        The same file, place, base model, role and ``asked_in`` (the ID of the command or press; empty for a file
        that was dropped) is judged once, so that a repeated delivery changes nothing. ``profile`` None is the default
        base model.

        Raises:
            Unavailable: the store did not answer; nothing was written down.
        """
        spec = UploadSpec(file_id, channel, thread_ts, user, profile, role, asked_in, self._clock.now())
        self._store.register(Registration(key_of(spec), dump(spec)))

    def try_sample(self, *, channel: str, thread_ts: str | None, user: str, asked_in: str) -> bool:
        """Have our own sample shared in the thread, or in the channel without one, and judged there.

        Once for each thread, so that it does not fill up; in the channel once for each request, ``asked_in``.

        Returns:
            Whether this press began it; False when an earlier one did.

        Raises:
            Unavailable: the store did not answer; nothing was written down.
        """
        spec = UploadSpec(
            "sample",
            channel,
            thread_ts,
            user,
            None,
            Role.TRAINING,
            "" if thread_ts else asked_in,
            self._clock.now(),
            sample=True,
        )
        return self._store.register(Registration(key_of(spec), dump(spec)))

    def repair(
        self,
        upload: str,
        *,
        channel: str,
        thread_ts: str | None,
        user: str,
        repairs: Collection[str] | None = None,
        drop: Collection[int] = (),
        with_drafts: bool = False,
    ) -> bool:
        """Have the file of an earlier upload (by its ID) repaired, and its corrected copy judged, in that thread.

        All safe repairs are made, or those (and the decisions) that ``repairs`` names; ``drop`` leaves out rows, by
        the positions that ``rows`` gives, and ``with_drafts`` has the others as people have written them anew since.
        Each choice is done once for a file, base model, role and thread, whoever presses; again only when the attempt
        before has failed. Whether the person may see the file is asked when it is fetched: they need not be who sent
        it. Of an upload that was a repair itself, its copy is repaired; of one that has failed, what it was to repair.

        Returns:
            Whether this press began it; False when an earlier one did.

        Raises:
            NotFound: nobody remembers that upload, or its rows.
            Refused: it has failed too often; no such repair; a row is not one of those to look at.
            Unavailable: the store did not answer; nothing was written down.
        """
        judged = self._directory.resource(KIND, upload)
        if judged is None:
            raise NotFound(
                "I judged this file too long ago to know it still.",
                hint="Send it again, or use *Validate training file* in the menu of its message.",
            )
        _check(repairs)
        before = SCHEMA.spec_of(judged)
        drafts = before.drafts if with_drafts else ()
        edits = tuple(each for each in drafts if each.position not in drop)
        wanted = replace(
            before,
            file_id=_copy_of(judged) or file_of(before, judged),
            sample=False,
            channel=channel,
            thread_ts=thread_ts,
            user=user,
            asked_at=self._clock.now(),
            repair=True,
            repairs=None if repairs is None else tuple(sorted(repairs)),
            drop=tuple(sorted(drop)),
            judged=_judged(judged, user, {*drop, *(each.position for each in edits)}),
            edits=edits,
            drafts=(),
            revision=before.revision if edits else 0,
        )
        return self._register(wanted)

    def lately(self, user: str) -> list[KnownFile]:
        """Return the files that were judged lately as the viewer sees them, and the copies that were made of them.

        Those that the person sent or asked about, and copies of them whoever asked for these; without any such,
        whatever came from the channel that the viewer is in.

        Raises:
            Unavailable: the store did not answer.
        """
        seen = [(SCHEMA.spec_of(each), each) for each in self._directory.resources(KIND)]
        theirs = {file_of(*each) for each in seen if each[0].user == user}
        own = [each for each in seen if each[0].user == user or file_of(*each) in theirs]
        here = self._directory.viewer.here
        wanted = own or [each for each in seen if here and each[0].channel == here]
        return [known for spec, upload in wanted if (known := _known(spec, upload)) is not None]

    def rows(self, upload: str, user: str) -> Inspection:
        """Return the rows that the report of an upload (by its ID) is about, for this person.

        Raises:
            NotFound: nobody remembers them.
            Refused: the person may not see the file.
            Unavailable: the store did not answer.
        """
        return upload_rows.find(self._directory.resource(KIND, upload), user)

    def edit(self, upload: str, position: int, text: str, user: str) -> Inspection:
        """Note how a person wrote a row anew, for the next copy; return the rows as they are then.

        Writing it as it stood takes that back. Repeating it changes nothing.

        Raises:
            BadField: it is no record, or has an error of the rules.
            NotFound: nobody remembers the rows.
            Refused: the person may not see the file, or the row is none that can be edited.
            Unavailable: the store did not answer; nothing was written down.
        """
        judged = self._directory.resource(KIND, upload)
        found = upload_rows.find(judged, user)
        assert judged is not None
        row = next((each for each in found.rows if each.position == position and each.text), None)
        if row is None:
            raise Refused(
                "That row cannot be edited here.", hint="Open the rows again from the newest verdict."
            )
        same = is_same(text, row.text)
        line = "" if same else edited(text, registry.get(found.profile), SCHEMA.spec_of(judged).role)

        def change(document: dict[str, Any]) -> Document:
            now = load(document)
            others = tuple(each for each in now.drafts if each.position != position)
            drafts = others if same else (*others, RowEdit(position, line, user))
            # No new revision for what is the same: a copy of it would have another name.
            if {each.position: each.text for each in drafts} == {
                each.position: each.text for each in now.drafts
            }:
                return document
            drafts = tuple(sorted(drafts, key=lambda each: each.position))
            return dump(replace(now, drafts=drafts, revision=now.revision + 1))

        return upload_rows.find(self._store.amend(judged.key, change), user)

    def _register(self, wanted: UploadSpec) -> bool:
        def attempt(number: int) -> Registration:
            spec = replace(wanted, asked_in=f"attempt {number}")
            return Registration(key_of(spec), dump(spec))

        return self._begin(attempt, SCHEMA, hint="Repair the file, and send it again.")


def _known(spec: UploadSpec, upload: Resource) -> KnownFile | None:
    """Return the file, or its copy where that is what came of it; None while its name is not known."""
    name = SCHEMA.status_of(upload).file_name
    if not name:
        return None
    copy = _copy_of(upload)
    return (
        KnownFile(copy, copy_name(name, spec), spec.asked_at)
        if copy
        else KnownFile(file_of(spec, upload), name, spec.asked_at)
    )


def file_of(spec: UploadSpec, upload: Resource) -> str:
    """Return the file in Slack that an upload is about; empty for a sample that is not shared yet."""
    return SCHEMA.status_of(upload).sample if spec.sample else spec.file_id


def _copy_of(upload: Resource) -> str:
    """Return the file that an upload has made and shown; empty where there is none."""
    status = SCHEMA.status_of(upload)
    # A copy that could not be shared is seen by nobody.
    return "" if status.failed else status.copy


def _check(repairs: Collection[str] | None) -> None:
    unknown = sorted(set(repairs or ()) - set(CHOICES))
    if unknown:
        raise Refused(
            f"There is no repair {quoted(unknown[0])}.", hint="Use the buttons of the newest verdict."
        )


def _judged(upload: Resource, user: str, chosen: Collection[int]) -> str:
    """Return the digest of the file that the positions are of, empty without any."""
    if not chosen:
        return ""
    inspection = upload_rows.find(upload, user)
    if set(chosen) - {row.position for row in inspection.rows}:
        raise Refused(
            "Those rows are not in this report.", hint="Open the rows again from the newest verdict."
        )
    return inspection.sha256
