"""Work on stored datasets: a validation set split off, a copy in another base's format, two versions compared.

What it does on the outside, and what settles each of it, is in docs/effects.md. All else is done again, with the same
result: a split is drawn by its seed, a dataset's name is its digest, where a file was shared is noted again, and an
upload that was handed over is there already, by its key.

The verdict on a converted file that a job can start from is posted here. One with errors is handed over as an upload
(kind ``upload``), so that it gets its report and its repairs as any file does.
"""

import logging
import tempfile
from pathlib import Path

from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Outcome
from bot.controller.outbox.entries import Place
from bot.controller.outbox.files import ThreadFiles
from bot.controller.outbox.replies import Replies
from bot.controller.retry_limits import at_last, count_beginning, in_words, passes
from bot.datasets.model import Dataset
from bot.derivations.cards import DerivationProblem
from bot.derivations.model import KIND, DerivationContext, DerivationSpec, Operation
from bot.derivations.reconciler.operations import OPERATIONS
from bot.derivations.reconciler.workshop import DerivationDependencies, Made, MadeFile, Workshop, visible_to
from bot.errors import Misconfigured, NotFound, Refused, TunesmithError, Unavailable
from bot.uploads.cards import VerdictCard
from bot.uploads.handing_in import judged_as_any, wait_until_seen
from bot.uploads.waiting_line import in_line
from bot.wording import quoted

__all__ = ["KIND", "DerivationReconciler"]

log = logging.getLogger(__name__)

CARD, VERDICT, PROBLEM, UNSHARED = "card", "verdict", "problem", "unshared"
"""The messages of a request."""


class DerivationReconciler:
    """Brings one request to its result."""

    def __init__(self, dependencies: DerivationDependencies) -> None:
        self._dependencies = dependencies
        self._posting = Replies(dependencies.outbox, dependencies.renderer)
        self._files = ThreadFiles(dependencies.files, dependencies.outbox.direct_owner)

    def __call__(self, context: DerivationContext) -> Outcome:
        """Do what was asked for and tell it, or go on where it was left."""
        if not context.status.told:
            self._tell(context)
            context.status.told = True
            context.save()
        return self._dependencies.outbox.settle(context, {})

    def _tell(self, context: DerivationContext) -> None:
        names = ""
        try:
            datasets = self._datasets(context.spec)
            names = " and ".join(each.name for each in datasets)
            made = in_words(
                context,
                lambda: self._work(context, datasets),
                "I stumbled over this, and it stays so.",
                "The log has the reason: please tell the operator.",
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(context, trouble):
                raise
            self._tell_problem(context, PROBLEM, names, trouble)
            return
        # It came to its end: what ends with the process from here on is no death in the middle of the work.
        context.engine.begun = 0
        context.status.made = tuple(each.dataset.id for each in made.files if each.dataset)
        ts = self._posting.post(context, context.spec, CARD, made.card)
        if self._dependencies.uploads.screening:
            self._dependencies.uploads.screening.tell(context)
        if ts:
            self._hand_back(context, made, names)
        else:
            context.status.failed = True  # so that another request tries again

    # Doing it

    def _datasets(self, spec: DerivationSpec) -> list[Dataset]:
        """Return the datasets that are worked on.

        Raises:
            NotFound: one is gone.
            Refused: the person may not see one.
        """
        found = []
        names = spec.names or ("",) * len(spec.datasets)
        for each, name in zip(spec.datasets, names, strict=True):
            labels = self._dependencies.stored.labels(each)
            if not labels:
                raise NotFound(f"There is no dataset {quoted(each)} any more.", hint="Send its file again.")
            here = [label for label in labels if label.source.channel == spec.channel]
            called = [label for label in [*here, *labels] if label.name == name]
            # The same content under each: by the name that was asked for, then by what came from this
            # channel.
            nearest = [*called, *here, *labels]
            seen = next((label for label in nearest if visible_to(self._dependencies, spec, label)), None)
            if seen is None:
                raise Refused(
                    f"The content of dataset {quoted(each)} was shared where you cannot see it.",
                    hint="Ask whoever sent it to share the file here, or to do this themselves.",
                )
            found.append(seen)
        return found

    def _work(self, context: DerivationContext, datasets: list[Dataset]) -> Made:
        spec = context.spec
        count_beginning(context)
        context.save()
        with (
            in_line(self._dependencies.uploads, context, spec, sum(each.report.bytes for each in datasets)),
            tempfile.TemporaryDirectory(prefix="tunesmith-", dir=self._dependencies.uploads.folder) as folder,
            KeepAlive(context) as hold,
        ):
            workshop = Workshop(self._dependencies, context, hold, Path(folder))
            return OPERATIONS[spec.operation](workshop, *datasets)

    # Telling it

    def _hand_back(self, context: DerivationContext, made: Made, names: str) -> None:
        """Share the files under the card, note where that was, and tell the verdict on a converted one."""
        spec = context.spec
        troubles, place = list(made.troubles), self._posting.place(context, spec, CARD)
        for file in made.files:
            troubles += self._share(context, file, place)
            # The thread is the card's own, and was not there yet when the dataset was kept.
            if file.dataset and not spec.thread_ts and place.channel == spec.channel and place.thread_ts:
                self._dependencies.stored.place(file.dataset, place.thread_ts)
        if troubles:
            self._tell_problem(context, UNSHARED, names, troubles[0])
        if spec.operation is Operation.CONVERT:
            self._tell_verdict(context, made.files[0], place)

    def _share(self, context: DerivationContext, file: MadeFile, place: Place) -> list[TunesmithError]:
        """Share the file, and return why it could not be."""
        if not file.slot:
            return []
        try:
            self._files.share(
                context,
                file.slot,
                name=file.name,
                channel=place.channel,
                thread_ts=place.thread_ts,
                owner=context.spec.user,
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(context, trouble):
                raise
            log.warning("%s: %s was not shared: %s", context.key, file.name, trouble.sentence)
            return [trouble]
        return []

    def _tell_verdict(self, context: DerivationContext, file: MadeFile, place: Place) -> None:
        spec = context.spec
        sent = self._files.sent(context, file.slot) if file.slot else ""
        if file.report.errors and sent:
            wait_until_seen(context, self._dependencies.files, sent)
            upload = judged_as_any(
                sent,
                place,
                user=spec.user,
                asked_at=spec.asked_at,
                profile=file.report.profile,
                role=file.report.role,
                made_by=f"converted by {context.key.id}",
            )
            context.save(also=[upload])
            return
        card = VerdictCard(file.report, file.dataset, asked_by=spec.user)
        self._posting.post(context, spec, VERDICT, card, under=CARD)

    def _tell_problem(
        self, context: DerivationContext, name: str, names: str, trouble: TunesmithError
    ) -> None:
        """Say what could not be done, in the thread that the card has opened if it has."""
        log.warning("%s: %s %s", context.key, trouble.sentence, trouble.detail)
        context.status.failed = True  # so that another request tries again
        problem = DerivationProblem(names, at_last(trouble), asked_by=context.spec.user)
        self._posting.post(context, context.spec, name, problem, under=CARD)
