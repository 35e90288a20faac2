"""A job in the hands of its reconciler: the context of its turn, with spec and status as values."""

from datetime import datetime
from decimal import Decimal

from bot.access import Access
from bot.controller.context import Context
from bot.controller.model import Message
from bot.controller.outbox.entries import ABSENT, entry_of, thread_of
from bot.jobs.cards import JobView
from bot.jobs.dependencies import PurchaseDependencies
from bot.jobs.model import JobPlan
from bot.jobs.purchase import JobPurchase
from bot.jobs.record import CARD, JobSpec, JobStatus, note_name
from bot.jobs.terms import Terms
from bot.jobs.transitions import PLANNING, RUNNING
from bot.jobs.views import job_view
from bot.spending.deciding import PlanContext, concerned

APPROVAL, END = "approval", "end"
"""With the card, the messages of a job that are shown for ever; what happens is told under names of its own."""
_SECOND_CARD = "card"
"""The live message of a job that was started when its plan was another one: it keeps both."""


class JobContext(PlanContext[JobSpec, JobStatus]):
    """One turn at one job."""

    def __init__(self, context: Context[JobSpec, JobStatus], dependencies: PurchaseDependencies) -> None:
        super().__init__(context)
        self._dependencies = dependencies

    @property
    def plan(self) -> JobPlan:
        """The frozen plan."""
        return self.spec.plan

    @property
    def purchase(self) -> JobPurchase:
        """What jobs tell of themselves as something that is bought."""
        return JobPurchase(self._dependencies.prices, self._dependencies.settings)

    @property
    def access(self) -> Access:
        """Who may do what."""
        return self._dependencies.access

    @property
    def terms(self) -> Terms:
        """What it was offered for."""
        return self.purchase.terms(self.spec)

    @property
    def cost(self) -> Decimal | None:
        """What training will cost at most."""
        return self.terms.training.usd

    @property
    def view(self) -> JobView:
        """The job as people see it."""
        return job_view(self.spec, self.status, self._dependencies.prices)

    @property
    def _gist(self) -> str:
        """What of the live card is more than the time that passes."""
        status, seen = self.status, self.status.observation
        # Each as it is written: read back, a stage's name is a text, and the same gist would look like another.
        stages = " ".join(f"{each.name}={each.state}" for each in seen.stages) if seen else ""
        stop = f"{self.spec.stop is not None}|{self.spec.ending is not None}"
        return f"{status.phase}|{stop}|{stages}|{status.explanation}|{status.mend}"

    # Messages

    def note(self, name: str) -> str:
        """Return the message's name: a plan that is proposed again gets messages of its own."""
        return note_name(name, self.spec.round)

    @property
    def thread(self) -> str | None:
        """The thread in which the job is told: the one it was asked in, or its card's own."""
        return self.spec.thread_ts or thread_of(self.context, self.note(CARD))

    @property
    def is_started(self) -> bool:
        """Whether its card shows a job, and no longer a plan that people decide on, or decided against."""
        return self.status.phase not in PLANNING

    @property
    def live(self) -> str:
        """The name of the message that shows the job while it runs."""
        return _SECOND_CARD if entry_of(self.context, self.note(_SECOND_CARD)).state != ABSENT else CARD

    def say(self, name: str, card: object, *, live: bool = False) -> None:
        """Post the card in the job's thread, once; keep a ``live`` one up to date."""
        self._post(name, card, self.thread, self.spec.asked_at)
        if live:
            is_card = name == self.live and self.is_started
            often = is_card and self.status.phase in RUNNING
            self._dependencies.outbox.show(
                self.context,
                self.note(name),
                self.render(card),
                may_wait=True,
                often=often,
                gist=self._gist if is_card else "",
            )

    def announce(self, name: str, card: object) -> None:
        """Post the card in the channel itself, once: the end of a job. One of a sweep is told in the sweep's thread."""
        # One that was found again may have been announced before it was forgotten.
        since = None if self.spec.found_again else self.status.ended_at
        thread = self.thread if self.spec.sweep else None
        self._post(name, card, thread, since or self.spec.asked_at)

    def tell_in_channel(self, name: str, card: object) -> None:
        """Post the card in the channel itself, once: what is of other jobs as well."""
        self._post(name, card, None, self.spec.asked_at)

    def render(self, card: object) -> Message:
        """Return the card as a message."""
        return self._dependencies.renderer.render(card)

    def _post(self, name: str, card: object, thread: str | None, since: datetime) -> None:
        self._dependencies.outbox.post_once(
            self.context,
            self.note(name),
            self.render(card),
            channel=self.plan.channel,
            thread_ts=thread,
            since=since,
            owner=concerned(card, self.spec.owner),
        )
