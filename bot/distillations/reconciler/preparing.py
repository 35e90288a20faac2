"""Before anything is spent: read the prompts, price the answers, show the plan, wait for the people who decide."""

import hashlib
import tempfile
from datetime import timedelta
from pathlib import Path

from bot.controller.effects import Effect, passing
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import RequeueAfter
from bot.controller.retry_limits import count_beginning, passes
from bot.datasets.model import Dataset
from bot.distillations import preflight
from bot.distillations.batch import Written, write_batch
from bot.distillations.cards import DistillationCard, DistillationMilestone, DistillationPlanCard
from bot.distillations.context import APPROVAL, CARD, DistillationContext, DistillationDependencies
from bot.distillations.model import PLAN
from bot.distillations.plan import DistillationPhase, Prepared
from bot.distillations.prompts import read_prompts
from bot.distillations.purchase import DistillationPurchase
from bot.distillations.reconciler import budget
from bot.distillations.teachers import registry as teachers
from bot.distillations.transitions import UNDECIDED, advance
from bot.errors import Misconfigured, NotFound, Refused, Unavailable
from bot.spending import offers
from bot.spending.deciding import WAIT, Deciding
from bot.spending.model import Decision
from bot.wording import quoted

_OPEN = frozenset({Decision.OPEN, Decision.REQUESTED})
_CHUNK = 1 << 20


KEEP_INPUT = Effect(
    "input",
    "keeping the input of the batch job",
    "an input that is kept again, the same: its name is its digest",
)


class PlanningAnswers:
    """Phases READING, PLANNED and AWAITING_APPROVAL."""

    def __init__(self, parts: DistillationDependencies) -> None:
        self._parts = parts
        self._purchase = DistillationPurchase(parts.prices, parts.settings)
        self._deciding = Deciding(self._purchase, advance, parts.cadence.patience)

    def reconcile(self, work: DistillationContext) -> RequeueAfter | None:
        """Show the plan and count the presses. Return when to look again, or None when it is decided."""
        if work.progress.phase is DistillationPhase.READING and not self._read(work):
            return None
        self._offer_anew(work)
        if work.progress.phase is DistillationPhase.PLANNED and self._is_look_due(work):
            self._look(work)
        self._deciding.count(work.it, self._parts.clock.now())
        work.save()
        self.show(work)
        if work.progress.phase not in UNDECIDED:
            return None
        unsettled = any(not each.checked for each in work.progress.checks)
        return RequeueAfter(self._parts.cadence.recheck if unsettled else WAIT)

    def _offer_anew(self, work: DistillationContext) -> None:
        """What has become dearer before it was agreed to is offered at the price of now."""
        progress = work.progress
        if progress.prepared is None or progress.terms is None or work.agreement.decision not in _OPEN:
            return
        now = self._purchase.terms_now(work.plan, progress.prepared)
        if offers.is_dearer(now.most, progress.terms.most):
            progress.terms = now

    def show(self, work: DistillationContext) -> None:
        """Post and keep up to date what is shown of a plan: its card, the question to the approvers, their no."""
        for name, card in shown(work).items():
            work.say(name, card, live=True)
        if no := work.no:
            name, said = no
            work.say(name, DistillationMilestone(work.view, said))

    # Reading the prompts

    def _read(self, work: DistillationContext) -> bool:
        """Read the prompts, and return whether there is a plan now; if not, it is refused, which is told as its end."""
        try:
            work.progress.prepared = self._prepare(work)
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(work.step, trouble):
                raise
            work.progress.explanation, work.progress.mend = trouble.message, trouble.hint
            advance(work.progress, DistillationPhase.REFUSED)
            work.save()
            return False
        work.progress.terms = self._purchase.terms_now(work.plan, work.progress.prepared)
        advance(work.progress, DistillationPhase.PLANNED)
        work.step.engine.begun = 0
        work.save()
        return True

    def _prepare(self, work: DistillationContext) -> Prepared:
        count_beginning(work.step)
        work.save()
        with (
            tempfile.TemporaryDirectory(prefix="tunesmith-", dir=self._parts.uploads.folder) as folder,
            KeepAlive(work.step) as hold,
        ):
            prompts, out = Path(folder) / "prompts", Path(folder) / "input.jsonl"
            name = self._fetch(work, prompts, hold)
            written = write_batch(
                read_prompts(prompts, name),
                out,
                system=work.plan.system,
                max_tokens=work.plan.max_tokens,
                breathe=hold.keep,
            )
            if not written.records:
                raise _nothing_to_answer(name, written)
            with passing(KEEP_INPUT):
                uri = self._parts.inputs.put(out, written.sha256, work.plan.region)
            return _prepared(name, _sha256(prompts), uri, written)

    def _fetch(self, work: DistillationContext, destination: Path, hold: KeepAlive) -> str:
        """Write the prompts to ``destination`` and return what they are called.

        Raises:
            Refused: they are gone, are not theirs to see, or are too much.
            Unavailable: whoever has them did not answer.
        """
        source, parts = work.plan.source, self._parts
        if source.dataset_id:
            labels = parts.shelf.labels(source.dataset_id)
            if not labels:
                raise NotFound(
                    f"There is no dataset {quoted(source.name)} any more.", hint="Send its file again."
                )
            if not any(self._is_seen(work, each) for each in labels):
                raise _unseen()
            parts.shelf.fetch(labels[0], work.plan.region, destination)
            return f"{source.name or labels[0].name}.jsonl"
        file = parts.files.info(source.file_id)
        owner = work.plan.owner
        if not (parts.files.may_see(owner, file) and file.may_be_told(work.plan.channel, owner)):
            raise _unseen()
        cap = parts.uploads.cap_bytes
        if not file.is_readable or file.size > cap:
            raise Refused(
                f"{quoted(file.name)} cannot be fetched, or has more than {cap:,} bytes.",
                hint="Send the prompts as a file.",
            )
        parts.files.download(file, destination, cap=cap, progress=hold.keep)
        return file.name

    def _is_seen(self, work: DistillationContext, dataset: Dataset) -> bool:
        """Return whether the owner sees the dataset under this label."""
        owner, channel = work.plan.owner, work.plan.channel
        if owner == dataset.source.user or channel == dataset.source.channel:
            return True
        try:
            return self._parts.files.may_see(owner, self._parts.files.info(dataset.source.file_id))
        except NotFound:
            return False

    # Looking at the account

    def _is_look_due(self, work: DistillationContext) -> bool:
        progress, wanted = work.progress, work.spec.recheck
        if progress.checked_at is None or (wanted and wanted > progress.checked_at):
            return True
        age = self._parts.clock.now() - progress.checked_at
        unsettled = any(not each.checked for each in progress.checks)
        return unsettled and age >= timedelta(seconds=self._parts.cadence.recheck)

    def _look(self, work: DistillationContext) -> None:
        assert work.progress.prepared is not None
        work.save()  # a full lease for the looks
        if work.progress.checked_at:
            self.show(work)  # what was offered anew is seen while its checks are looked at again
        checks = preflight.check(
            work.plan,
            work.progress.prepared,
            teachers.get(work.plan.teacher),
            self._parts.jobs.customization,
            self._parts.jobs.account,
        )
        work.progress.checks = (*checks, *budget.look(work, self._parts))
        work.progress.checked_at = self._parts.clock.now()


def shown(work: DistillationContext) -> dict[str, object]:
    """Return the cards that are kept up to date, by the name of their notice, in their order."""
    progress, cards = work.progress, dict[str, object]()
    if progress.prepared and progress.terms:
        cards[PLAN] = DistillationPlanCard(
            plan=work.plan,
            prepared=progress.prepared,
            terms=progress.terms,
            checks=progress.checks,
            decision=work.agreement.decision,
            decided_by=work.agreement.decided_by,
            phase=progress.phase,
            approvers=work.agreement.deciders,
        )
    if question := work.question:
        cards[APPROVAL] = question
    if progress.arn:
        cards[CARD] = DistillationCard(work.view)
    return cards


def _nothing_to_answer(name: str, written: Written) -> Refused:
    why = f" {written.left_out[0].reason.capitalize()}." if written.left_out else ""
    return Refused(
        f"{quoted(name)} asks nothing that can be answered.{why}",
        hint="Send one prompt a line, or rows with a `prompt` or `messages`.",
    )


def _prepared(name: str, sha256: str, uri: str, written: Written) -> Prepared:
    return Prepared(
        name=name,
        prompts_sha256=sha256,
        input_uri=uri,
        bytes=written.bytes,
        records=written.records,
        left_out=written.left_out,
        input_tokens=written.input_tokens,
        output_tokens=written.output_tokens,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unseen() -> Refused:
    return Refused(
        "These prompts were shared where you, or others in this channel, cannot see them.",
        hint="Ask whoever sent them to share the file here.",
    )
