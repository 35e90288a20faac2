"""Before anything is spent: read the prompts, price the answers, show the plan, wait for the people who decide."""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.controller.effects import Effect, passing
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import RequeueAfter
from bot.controller.retry_limits import count_beginning, passes
from bot.controller.shared_files import may_be_told
from bot.datasets.model import Dataset
from bot.distillations import preflight
from bot.distillations.batch import Written, write_batch
from bot.distillations.cards import DistillationCard, DistillationMilestone, DistillationPlanCard
from bot.distillations.context import APPROVAL, DistillationContext, DistillationDependencies
from bot.distillations.model import CARD
from bot.distillations.plan import DistillationPhase, Prepared
from bot.distillations.prompts import read_prompts
from bot.distillations.purchase import DistillationPurchase
from bot.distillations.reconciler import budget
from bot.distillations.teachers import registry as teachers
from bot.distillations.transitions import UNDECIDED, advance
from bot.errors import Misconfigured, NotFound, Refused, Unavailable
from bot.spending import offers
from bot.spending.checks import is_look_due, note_look
from bot.spending.deciding import WAIT, Deciding
from bot.spending.model import Decision
from bot.wording import quoted

_OPEN = frozenset({Decision.OPEN, Decision.REQUESTED})


KEEP_INPUT = Effect(
    "input",
    "keeping the input of the batch job",
    "an input that is kept again, the same: its name is its digest",
)


class PlanningAnswers:
    """Phases READING, PLANNED and AWAITING_APPROVAL."""

    def __init__(self, dependencies: DistillationDependencies) -> None:
        self._dependencies = dependencies
        self._purchase = DistillationPurchase(dependencies.prices, dependencies.settings)
        self._deciding = Deciding(self._purchase, advance)

    def reconcile(self, distillation: DistillationContext) -> RequeueAfter | None:
        """Show the plan and count the presses. Return when to look again, or None when it is decided."""
        if distillation.status.phase is DistillationPhase.READING and not self._read(distillation):
            return None
        self._offer_anew(distillation)
        if distillation.status.phase is DistillationPhase.PLANNED and self._is_look_due(distillation):
            self._look(distillation)
        now = self._dependencies.clock.now()
        self._deciding.count(distillation.it, distillation.slower(now))
        distillation.save(distillation.news(self._dependencies.renderer, now))
        self.show(distillation)
        if distillation.status.phase not in UNDECIDED:
            return None
        # Presses make it due by themselves; this is for checks that may mend, and for plans that lapse.
        unsettled = any(not each.checked for each in distillation.status.checks)
        return RequeueAfter(self._dependencies.cadence.recheck if unsettled else WAIT)

    def _offer_anew(self, distillation: DistillationContext) -> None:
        """What has become dearer before it was agreed to is offered at the price of now."""
        status = distillation.status
        if status.prepared is None or status.terms is None or distillation.agreement.decision not in _OPEN:
            return
        now = self._purchase.terms_now(distillation.plan, status.prepared)
        if offers.is_dearer(now.most, status.terms.most):
            votes = distillation.spec.votes
            why = offers.asked_still(votes, status.terms.needs_approval, now.needs_approval)
            status.terms = replace(now, needs_approval=why)

    def show(self, distillation: DistillationContext) -> None:
        """Post and keep up to date what is shown of a plan: its card, the question to the approvers, their no."""
        for name, card in shown(distillation).items():
            distillation.say(name, card, live=True)
        if no := distillation.no:
            name, said = no
            distillation.say(name, DistillationMilestone(distillation.view, said))

    # Reading the prompts

    def _read(self, distillation: DistillationContext) -> bool:
        """Read the prompts, and return whether there is a plan now; if not, it is refused, which is told as its end."""
        try:
            distillation.status.prepared = self._prepare(distillation)
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(distillation.context, trouble):
                raise
            distillation.status.explanation, distillation.status.mend = trouble.message, trouble.hint
            advance(distillation.status, DistillationPhase.REFUSED)
            distillation.save()
            return False
        distillation.status.terms = self._purchase.terms_now(distillation.plan, distillation.status.prepared)
        advance(distillation.status, DistillationPhase.PLANNED)
        # It came to its end: what ends with the process from here on is no death in the middle of the work.
        distillation.context.engine.begun = 0
        distillation.save()
        return True

    def _prepare(self, distillation: DistillationContext) -> Prepared:
        count_beginning(distillation.context)
        distillation.save()
        with (
            tempfile.TemporaryDirectory(prefix="tunesmith-", dir=self._dependencies.uploads.folder) as folder,
            KeepAlive(distillation.context) as hold,
        ):
            prompts, out = Path(folder) / "prompts", Path(folder) / "input.jsonl"
            name = self._fetch(distillation, prompts, hold)
            written = write_batch(
                read_prompts(prompts, name),
                out,
                system=distillation.plan.system,
                max_tokens=distillation.plan.max_tokens,
                breathe=hold.keep,
            )
            if not written.records:
                raise _nothing_to_answer(name, written)
            with passing(KEEP_INPUT):
                uri = self._dependencies.inputs.put(out, written.sha256, distillation.plan.region)
            return _prepared(name, _sha256(prompts), uri, written)

    def _fetch(self, distillation: DistillationContext, destination: Path, hold: KeepAlive) -> str:
        """Write the prompts to ``destination`` and return what they are called.

        Raises:
            Refused: they are gone, are not theirs to see, or are too much.
            Unavailable: whoever has them did not answer.
        """
        source, dependencies = distillation.plan.source, self._dependencies
        if source.dataset_id:
            labels = dependencies.stored.labels(source.dataset_id)
            if not labels:
                raise NotFound(
                    f"There is no dataset {quoted(source.name)} any more.", hint="Send its file again."
                )
            if not any(self._is_seen(distillation, each) for each in labels):
                raise _unseen()
            # By whichever label: the bytes are the same.
            dependencies.stored.fetch(labels[0], distillation.plan.region, destination)
            return f"{source.name or labels[0].name}.jsonl"
        file = dependencies.files.info(source.file_id)
        owner, channel = distillation.plan.owner, distillation.plan.channel
        files = dependencies.files
        if not (files.may_see(owner, file) and may_be_told(files, file, channel, owner)):
            raise _unseen()
        cap = dependencies.uploads.cap_bytes
        if not file.is_readable or file.size > cap:
            raise Refused(
                f"{quoted(file.name)} cannot be fetched, or has more than {cap:,} bytes.",
                hint="Send the prompts as a file.",
            )
        dependencies.files.download(file, destination, cap=cap, progress=hold.keep)
        return file.name

    def _is_seen(self, distillation: DistillationContext, dataset: Dataset) -> bool:
        """Return whether the owner sees the dataset under this label."""
        owner, channel = distillation.plan.owner, distillation.plan.channel
        if owner == dataset.source.user or channel == dataset.source.channel:
            return True
        try:
            return self._dependencies.files.may_see(
                owner, self._dependencies.files.info(dataset.source.file_id)
            )
        except NotFound:
            return False

    # Looking at the account

    def _is_look_due(self, distillation: DistillationContext) -> bool:
        status = distillation.status
        unsettled = any(not each.checked for each in status.checks)
        wait = self._dependencies.cadence.recheck if unsettled else None
        return is_look_due(status, distillation.spec.recheck, self._dependencies.clock.now(), wait)

    def _look(self, distillation: DistillationContext) -> None:
        assert distillation.status.prepared is not None
        distillation.save()  # a full lease for the looks
        if distillation.status.checked_at:
            self.show(distillation)  # what was offered anew is seen while its checks are looked at again
        checks = preflight.check(
            distillation.plan,
            distillation.status.prepared,
            teachers.get(distillation.plan.teacher),
            self._dependencies.ordering.customization,
            self._dependencies.ordering.account,
        )
        distillation.status.checks = (*checks, *budget.look(distillation, self._dependencies))
        note_look(distillation.status, distillation.spec.recheck, self._dependencies.clock.now())


def shown(distillation: DistillationContext) -> dict[str, object]:
    """Return the cards that are kept up to date, by the name of their notice, in their order."""
    status, cards = distillation.status, dict[str, object]()
    is_plan = not (distillation.is_started and distillation.live == CARD)
    if is_plan and status.prepared and status.terms:
        cards[CARD] = DistillationPlanCard(
            plan=distillation.plan,
            prepared=status.prepared,
            terms=status.terms,
            checks=status.checks,
            decision=distillation.agreement.decision,
            decided_by=distillation.agreement.decided_by,
            made_way=distillation.agreement.made_way,
            is_undoable=distillation.agreement.is_undoable,
            phase=status.phase,
            approvers=distillation.agreement.deciders,
        )
    if question := distillation.question:
        cards[APPROVAL] = question
    if distillation.is_started and status.prepared:
        cards[distillation.live] = DistillationCard(distillation.view, is_live=True)
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
