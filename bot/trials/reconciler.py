"""A prompt tried on rows that were held out: fetched, asked one by one, counted, told.

What it does on the outside, and what settles each of it, is in docs/effects.md. All of it is reserved before the first
row is asked. That a row is asked is saved first, and no row is asked twice: one of which a crash has left nothing is
counted as unknown, and as what it costs at most, so that it never costs more than was shown. A throttle is no asking.
"""

import logging
import tempfile
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from bot.access import Access
from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.effects import Effect, passing
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Outcome
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.controller.retry_limits import at_last, is_worth_waiting
from bot.controller.shared_files import SharedFiles
from bot.datasets.content.scan import SCANNER
from bot.datasets.model import Dataset
from bot.datasets.service import Datasets
from bot.datasets.workers import Workers
from bot.errors import Misconfigured, NotFound, Refused, Throttled, Unavailable
from bot.profiles import registry
from bot.questions.answerer import Answerer, Ending, Turn, base_answerer
from bot.questions.ports import Inference
from bot.spending import reservation, standing
from bot.spending.budget_service import BudgetService
from bot.spending.ledger import Entry, SpendingKind
from bot.spending.reservation import ACCOUNT
from bot.trials.cards import FEWEST, TrialEnded
from bot.trials.comparing import WHOLE, is_right
from bot.trials.model import KIND, TrialSpec, TrialStatus, spent
from bot.trials.prompt import ANSWER_TOKENS, Case, Prepared, prepare
from bot.visibility import ChannelMemberships, Sight, Viewer
from bot.wording import quoted

_ENDED = "ended"
_MOST_UNKNOWN = 3
"""Rows without an answer after which no more are asked: it will not be the rows."""

ASK_BASE = Effect(
    "ask-base", "asking the base one row", "a row that is counted as unknown, at what it costs at most"
)

log = logging.getLogger(__name__)

TrialContext = Context[TrialSpec, TrialStatus]


class TrialDependencies(Protocol):
    """All that a trial's reconciler works with, among the ports."""

    datasets: Datasets
    files: SharedFiles
    folder: Path
    workers: Workers
    inference: Inference
    budget_service: BudgetService
    access: Access
    memberships: ChannelMemberships
    store: ResourceStore
    outbox: Outbox
    renderer: Renderer
    clock: Clock


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    ending: Ending


class TrialReconciler:
    """Tries a prompt, row by row."""

    def __init__(self, dependencies: TrialDependencies) -> None:
        self._dependencies = dependencies

    def __call__(self, context: TrialContext) -> Outcome:
        """Go as far as one turn gets."""
        status = context.status
        if not status.over:
            try:
                self._try(context)
            except (Refused, Misconfigured, Unavailable) as trouble:
                if is_worth_waiting(context, trouble):
                    raise
                log.warning(
                    "%s: it was not tried to its end: %s %s", context.key, trouble.sentence, trouble.detail
                )
                status.why = at_last(trouble)
            self._account(context)
            status.over = True
            context.save()
        self._tell(context)
        return self._dependencies.outbox.settle(context, {})

    def _try(self, context: TrialContext) -> None:
        status = context.status
        status.unknown = (
            status.begun - status.right - status.wrong
        )  # a row of which a crash left nothing among them
        if not status.begun:
            self._reserve(context)
        with KeepAlive(context):
            prepared = self._prepared(context)
            status.rows, status.examples = len(prepared.cases), prepared.examples
            status.instruction, status.commonest = prepared.instruction, prepared.commonest
            if status.rows < FEWEST:
                raise _too_few(context.spec)
            for case in prepared.cases[status.begun :]:
                self._ask(context, case)
                if status.unknown >= _MOST_UNKNOWN:
                    raise Refused("The model did not answer several rows.", hint="Try it again later.")

    def _reserve(self, context: TrialContext) -> None:
        """Reserve what all of it costs at most, for somebody who may still spend it.

        Raises:
            Refused: a budget has no room for it, or they may not spend there any more.
        """
        parts = self._dependencies
        if standing.why_not(parts.access, context.spec.user, context.spec.channel):
            raise Refused("You may not spend here any more, so that nothing was asked.")
        approvers = reservation.Approvers(parts.access, parts.store, parts.renderer)
        short = reservation.reserve(parts.budget_service, approvers, [_entry(context)], parts.clock.now())
        if short:
            raise Refused(short.sentence, hint=short.mend)

    def _prepared(self, context: TrialContext) -> Prepared:
        spec, parts = context.spec, self._dependencies
        profile = registry.get(spec.base)
        try:
            dataset = self._dataset(spec)
        except Refused:  # what an earlier turn has read of it is told to nobody either
            context.status.instruction, context.status.examples = "", 0
            raise
        with tempfile.TemporaryDirectory(prefix="tunesmith-", dir=parts.folder) as folder:
            path = Path(folder) / "rows.jsonl"
            parts.datasets.fetch(dataset, profile.region, path)
            return parts.workers.run(prepare, path, registry.get(dataset.report.profile), spec.fields)

    def _dataset(self, spec: TrialSpec) -> Dataset:
        """Return the dataset as the person may see it now.

        Raises:
            NotFound: it is gone.
            Refused: they may not see its content any more.
        """
        labels = self._dependencies.datasets.labels(spec.dataset)
        if not labels:
            raise NotFound(f"There is no dataset {quoted(spec.name)} any more.", hint="Send its file again.")
        seen = next((each for each in labels if self._may_see(spec, each)), None)
        if seen is None:
            raise Refused(f"The content of {quoted(spec.name)} was shared where you cannot see it.")
        return seen

    def _may_see(self, spec: TrialSpec, dataset: Dataset) -> bool:
        files, source = self._dependencies.files, dataset.source
        if spec.user == source.user:
            return True
        if spec.channel == source.channel:  # what it says is sent to them: they may have left it since
            sight = Sight(Viewer(spec.user), self._dependencies.memberships)
            if sight.surely_sees_channel(source.channel, source.user):
                return True
        try:
            return files.may_see(spec.user, files.info(source.file_id))
        except NotFound:
            return False

    def _ask(self, context: TrialContext, case: Case) -> None:
        """Ask one row, and count what came of it."""
        spec, status = context.spec, context.status
        status.begun, status.untold = status.begun + 1, status.untold + 1
        context.save()
        try:
            with passing(ASK_BASE):
                said = self._answer(spec, case)
        except Throttled:
            status.begun, status.untold = status.begun - 1, status.untold - 1
            context.save()
            raise
        except Unavailable as trouble:
            log.info("%s: a row was not answered: %s %s", context.key, trouble.sentence, trouble.detail)
            status.unknown += 1
            return
        except (Refused, Misconfigured):  # it was not asked: nothing is billed
            status.begun, status.untold = status.begun - 1, status.untold - 1
            raise
        if said.ending.usage:
            status.untold -= 1
            status.put_in += said.ending.usage.input
            status.given_out += said.ending.usage.output
        if is_right(said.text, case.answer, spec.fields):
            status.right += 1
        else:
            status.wrong += 1

    def _answer(self, spec: TrialSpec, case: Case) -> _Said:
        # The likeliest answer, and the same one each time: by chance it would be another in every trial.
        answerer = replace(
            base_answerer(registry.get(spec.base), case.system, ANSWER_TOKENS), temperature=0.0
        )
        turns = [Turn("assistant" if number % 2 else "user", text) for number, text in enumerate(case.turns)]
        pieces: list[str] = []
        ending = Ending()
        try:
            with closing(self._stream(answerer, turns)) as stream:
                for piece in stream:
                    if isinstance(piece, Ending):
                        ending = piece
                    else:
                        pieces.append(piece)
        except Throttled as throttled:
            if pieces:  # it was asked, and is billed for what it said
                raise Unavailable("The answer broke off.", detail=throttled.detail) from throttled
            raise
        return _Said("".join(pieces), ending)

    def _stream(self, answerer: Answerer, turns: Sequence[Turn]) -> Generator[str | Ending, None, None]:
        yield from self._dependencies.inference.stream(answerer, turns)

    def _account(self, context: TrialContext) -> None:
        spec, status = context.spec, context.status
        with passing(ACCOUNT):
            if status.begun:
                self._dependencies.budget_service.settle(_entry(context), spent(spec, status))
            else:
                self._dependencies.budget_service.free(_entry(context))

    def _tell(self, context: TrialContext) -> None:
        spec, status = context.spec, context.status
        card = TrialEnded(
            dataset=spec.name,
            base_label=registry.get(spec.base).label,
            right=status.right,
            asked=status.right + status.wrong,
            unknown=status.unknown,
            spent=spent(spec, status),
            at_most=spec.price.at_most,
            # Labels may be names and addresses, which are masked wherever rows are shown.
            instruction=SCANNER.masked(status.instruction),
            examples=status.examples,
            why=status.why,
            fields=tuple(each for each in spec.fields if each != WHOLE),
            commonest=status.commonest if status.begun == status.rows else 0,
        )
        self._dependencies.outbox.post_once(
            context, _ENDED, self._dependencies.renderer.render(card), channel=spec.user, since=spec.asked_at
        )


def _too_few(spec: TrialSpec) -> Refused:
    return Refused(
        f"Too few rows of {quoted(spec.name)} can be tried.",
        hint=f"It takes {2 * FEWEST} that differ in more than a word, are not long, and have an answer that can be "
        "counted.",
    )


def _entry(context: TrialContext) -> Entry:
    spec = context.spec
    return Entry(
        id=f"{KIND}:{context.key.id}",
        kind=SpendingKind.TRIAL,
        owner=spec.user,
        channel=spec.channel,
        model=registry.get(spec.base).label,
        base=spec.base,
        dataset=spec.name,
        at=spec.asked_at,
        committed=spec.price.at_most,
    )
