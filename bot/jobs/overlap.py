"""Compares a plan's validation set with its training set, as part of the preflight. Whatever comes of it only warns.

What is trained further has seen more: it is compared with what the models before it were trained with, too.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.controller.context import AnyContext
from bot.controller.keep_alive import KeepAlive
from bot.datasets.leakage import leakage
from bot.datasets.model import Cause, Dataset
from bot.datasets.rules import file_statistics
from bot.datasets.service import Datasets
from bot.datasets.workers import InThisProcess, Workers
from bot.errors import Interrupted, TunesmithError
from bot.jobs.ancestors import Ancestor, Ancestors
from bot.jobs.dependencies import OverlapDependencies
from bot.jobs.model import JobPlan
from bot.profiles import registry
from bot.spending.model import Check
from bot.wording import quoted

NAME = "validation set"

MAX_BYTES = 256 << 20
"""Bytes of both sets together that are fetched and compared: some ten seconds, a third of a claim on a job."""

_TRY_BY_HAND = "Compare them yourself: `tunesmith validate VALIDATION --against TRAINING`."


class Overlap:
    """Fetches both sets into a folder of its own and compares them."""

    def __init__(
        self,
        datasets: Datasets,
        ancestors: Ancestors,
        folder: Path | None = None,
        workers: Workers | None = None,
    ) -> None:
        """``ancestors`` looks up what is trained further.

        ``folder`` takes the files while they are compared; None: the system's for temporary files.

        ``workers`` compare them; None: this process does.
        """
        self._datasets = datasets
        self._ancestors = ancestors
        self._folder = folder
        self._workers = workers or InThisProcess()

    def once(
        self, context: AnyContext, plan: JobPlan, known: Check | None
    ) -> tuple[Check | None, Check | None]:
        """Return what ``check`` says, and what of it is to be kept; ``known`` is what was kept before.

        Raises:
            Interrupted: the process is about to end.
        """
        if known or plan.validation_dataset_id is None:
            return known, known
        with KeepAlive(context) as hold:  # it may wait for a worker that is free
            found = self.check(plan, renew=hold.keep)
        # Only what was found out is kept: what could not be fetched today may be there at the next look.
        return found, found if found and found.checked else None

    def check(self, plan: JobPlan, renew: Callable[[], object] = lambda: None) -> Check | None:
        """Return what stands in both sets, or that it could not be found out; None when there is no validation set.

        ``renew`` is called between the steps, for whoever has to show that they are still at it. Sets are kept by
        the digest of their content, so a comparison that was made (``Check.checked``) holds for ever.

        Raises:
            Interrupted: the process is about to end.
        """
        if plan.validation_dataset_id is None:
            return None
        try:
            return self._compare(plan, plan.validation_dataset_id, renew)
        except Interrupted:
            raise  # the next process compares them
        except TunesmithError as error:
            return _unknown(error.message)
        except OSError:
            return _unknown("The disk of this process refused them.")

    def _compare(self, plan: JobPlan, validation_id: str, renew: Callable[[], object]) -> Check:
        training, validation = (self._datasets.find(each) for each in (plan.dataset_id, validation_id))
        if training is None or validation is None:
            return _unknown("One of them is not known any more.")
        if _are_too_large(training, validation):
            return _unknown(f"Together they have more than {MAX_BYTES >> 20} MiB.")
        with TemporaryDirectory(prefix="tunesmith-", dir=self._folder) as folder:
            renew()
            unseen = self._fetched(validation, plan.region, Path(folder))
            profile = registry.get(plan.profile)

            def compared(before: Dataset, where: str) -> Check:
                renew()
                known = self._fetched(before, plan.region, Path(folder))
                renew()
                found = self._workers.run(leakage, known, unseen, profile)
                renew()
                return _told(found, validation, where)

            told = [compared(training, "the training set")]
            for each in self._ancestors.of(plan):
                if each.dataset is None or _are_too_large(each.dataset, validation):
                    told.append(_unseen(_where(each)))
                elif each.dataset.id != training.id:
                    told.append(compared(each.dataset, _where(each)))
            return _together(told)

    def _fetched(self, dataset: Dataset, region: str, folder: Path) -> Path:
        path = folder / dataset.id
        self._datasets.fetch(dataset, region, path)
        return path


def overlap_of(dependencies: OverlapDependencies) -> Overlap:
    """Return what compares the sets of plans, made of the ports."""
    datasets = dependencies.datasets
    ancestors = Ancestors(dependencies.models, datasets, dependencies.memberships)
    return Overlap(datasets, ancestors, dependencies.folder, dependencies.workers)


def _are_too_large(training: Dataset, validation: Dataset) -> bool:
    return training.report.bytes + validation.report.bytes > MAX_BYTES


def _unknown(why: str) -> Check:
    said = f"Whether the validation set overlaps with the training set could not be looked at. {why}"
    return Check(NAME, True, said, _TRY_BY_HAND, checked=False)


def _where(ancestor: Ancestor) -> str:
    return f"what {quoted(ancestor.called) if ancestor.called else 'a model before that'} was trained with"


def _unseen(where: str) -> Check:
    return Check(NAME, True, f"Whether one is in {where} is not known, or not for all who read this.")


def _together(told: Sequence[Check]) -> Check:
    mend = " ".join(dict.fromkeys(each.mend for each in told if each.mend))
    notice = any(each.notice for each in told)
    return Check(NAME, True, " ".join(each.sentence for each in told), mend, notice=notice)


def _told(causes: tuple[Cause, ...], validation: Dataset, where: str) -> Check:
    rows = {cause.code: cause.count for cause in causes}
    records, prompts = (
        rows.get(file_statistics.LEAKED_RECORD.code, 0),
        rows.get(file_statistics.LEAKED_PROMPT.code, 0),
    )
    if not records and not prompts:
        return Check(NAME, True, f"No record of the validation set is in {where}.")
    of = f"of its {validation.report.records:,} records"
    found = [
        f"{what}: {count:,} {of}"
        for count, what in (
            (records, f"in {where} too, or nearly so"),
            (prompts, f"with a prompt that {where} answers otherwise"),
        )
        if count
    ]
    mend = f"{file_statistics.LEAKED_RECORD.hint} {_lines(causes)}"
    return Check(NAME, True, f"The validation set leaks: {'; '.join(found)}.", mend, notice=True)


def _lines(causes: tuple[Cause, ...]) -> str:
    first = sorted({line for cause in causes for line in cause.lines})[:10]
    return f"The first are on lines {', '.join(map(str, first))} of `validation`."
