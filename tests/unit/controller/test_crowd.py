"""Many jobs and three processes on one clock: what Slack is asked for in all, who gets a turn, and who sleeps."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from bot.controller.context import AnyContext, AnyReconciler
from bot.controller.controller import Controller
from bot.controller.model import Key, Message, Outcome
from bot.controller.rate_limits import EDIT, RATE_LIMITS, REFRESH
from bot.jobs.dependencies import Cadence
from bot.jobs.model import Phase
from bot.kinds import KINDS
from bot.spending import undo
from tests.doubles.pacing import InMemoryRateLimiter
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

MOST = 45
"""Edits in any minute, of everybody and for whatever reason."""
MANY = 24
"""Jobs that want more than twice the turns that there are: each waits for some forty seconds between two of its own."""
ROUND = RATE_LIMITS[REFRESH].seconds / RATE_LIMITS[REFRESH].calls
"""Seconds that a live message waits for each other one that wants a turn, too."""


class Crowd:
    """A world with many running jobs, followed by three processes that share store and limiter."""

    def __init__(self, jobs: int) -> None:
        self.world = World(cadence=Cadence(poll=15, refresh=15))
        self.rate_limiter = InMemoryRateLimiter(self.world.clock)
        self.world.paced(self.rate_limiter)
        self.edits: list[tuple[float, str]] = []
        self.steps: Counter[str] = Counter()
        self._note_edits()
        self.processes = [
            Controller(
                self.world.store,
                self._counted(),
                self.world.clock,
                random=lambda: 0.5,
                name=str(number),
                kinds=KINDS,
            )
            for number in range(3)
        ]
        self.names = [f"job-{number}" for number in range(jobs)]
        for name in self.names:
            self.world.jobs.propose(plan(job_name=name, model_name=name))
        self.seconds(60)
        for job in self.running():
            self.world.press("job", job, "start", "UTRAIN")

    @property
    def now(self) -> float:
        return self.world.clock.monotonic()

    def running(self) -> list[str]:
        return [resource.key.id for resource in self.world.store.unfinished("job")]

    def seconds(self, number: float, *, every: float = 1.0) -> None:
        """Let time pass, and have the processes look now and then, each in its turn, while there is anything."""
        for _ in range(round(number / every)):
            self.world.clock.advance(every)
            while sum(process.tick(5) for process in self.processes):
                pass

    def _note_edits(self) -> None:
        update = self.world.messages.update

        def noted(channel: str, ts: str, message: Message) -> None:
            self.edits.append((self.now, ts))
            update(channel, ts, message)

        self.world.messages.update = noted  # type: ignore[method-assign]

    def _counted(self) -> dict[str, AnyReconciler]:
        def counted(reconciler: AnyReconciler) -> AnyReconciler:
            def reconcile(context: AnyContext) -> Outcome:
                self.steps[context.key.kind] += 1
                return reconciler(context)

            return reconcile

        return {kind: counted(each) for kind, each in self.world.reconcilers().items()}


@pytest.mark.slow
def test_no_minute_sees_more_edits_than_slack_takes_and_every_message_has_its_turn() -> None:
    """All are started, trained and ended in crowds; in between they are quiet, and want to show the time alone."""
    crowd = Crowd(60)
    crowd.seconds(5 * 60, every=2)
    for name in crowd.names:
        crowd.world.customization.training(name)
    crowd.seconds(4 * 60, every=2)
    quiet_from = crowd.now
    crowd.seconds(8 * 60, every=2)
    quiet_until = crowd.now
    for name in crowd.names[:20]:
        crowd.world.customization.complete(name)
    crowd.seconds(4 * 60, every=2)

    times = [at for at, _ in crowd.edits]
    busiest = max(sum(first <= at < first + 60 for at in times) for first in times)
    assert len(times) > 600, "plan cards, live cards and ends have all been edited"
    assert 40 <= busiest <= MOST

    turns: dict[str, list[float]] = defaultdict(list)
    for at, ts in crowd.edits:
        if quiet_from <= at < quiet_until:
            turns[ts].append(at)
    assert len(turns) == len(crowd.names)
    gaps = [late - early for each in turns.values() for early, late in pairwise(each)]
    assert max(gaps) <= len(crowd.names) * ROUND + 30, "as long as a round of all"
    assert max(map(len, turns.values())) - min(map(len, turns.values())) <= 1, (
        "nobody has two for another's one"
    )

    cards = [each.message.text for each in crowd.world.said("JobCard")]
    assert len(crowd.world.said("JobEnded")) == 20
    assert sum(repr(Phase.COMPLETED) in each for each in cards) == 20


@pytest.mark.slow
def test_jobs_with_nothing_new_sleep_until_their_turn() -> None:
    crowd = Crowd(60)
    crowd.seconds(4 * 60)
    crowd.steps.clear()
    edits = len(crowd.edits)
    crowd.seconds(5 * 60)

    assert crowd.steps["job"] < 480, "by their cadence it would have been 1,200"
    assert len(crowd.edits) - edits >= 160, "and as many cards are brought up to date as Slack takes"


@pytest.mark.slow
def test_few_jobs_are_as_lively_as_ever() -> None:
    crowd = Crowd(3)
    crowd.seconds(120)
    edits = len(crowd.edits)
    crowd.seconds(150)

    assert len(crowd.edits) - edits >= 3 * 9, "each card about every refresh"


@pytest.mark.slow
def test_news_wakes_a_sleeping_job_and_is_shown_at_once() -> None:
    crowd = Crowd(MANY)
    crowd.seconds(4 * 60, every=2)
    world, name = crowd.world, crowd.names[MANY // 2]
    world.customization.training(name)
    crowd.seconds(18)

    [told] = [each for each in world.said("JobCard") if "Phase.TRAINING" in each.message.text]
    [card] = [each for each in world.said("JobCard") if f"name='{name}'" in each.message.text]
    assert repr(Phase.TRAINING) in card.message.text
    assert told.thread_ts == card.thread_ts


@pytest.mark.slow
def test_an_end_is_told_at_once_however_many_edits_wait() -> None:
    crowd = Crowd(MANY)
    crowd.seconds(60, every=2)
    for name in crowd.names:
        crowd.world.customization.training(name)
    crowd.seconds(4 * 60, every=2)
    for number in range(100):
        crowd.rate_limiter.ask(EDIT, f"somebody else {number}")
    crowd.world.customization.complete(crowd.names[MANY // 2])
    crowd.seconds(18)

    assert crowd.rate_limiter.ask(EDIT, "one more") > 12, "more than a window's edits wait"
    assert len(crowd.world.said("JobEnded")) == 1


@pytest.mark.slow
def test_what_people_want_wakes_a_sleeping_job_at_once() -> None:
    crowd = Crowd(MANY)
    crowd.seconds(4 * 60, every=2)
    job = crowd.running()[MANY // 2]
    crowd.world.jobs.stop(job, "UTRAIN")
    crowd.seconds(undo.SECONDS - 1)
    assert crowd.world.customization.calls["stop"] == 0, "it can still be taken back"
    crowd.seconds(2)

    assert crowd.world.customization.calls["stop"] == 1
    resource = crowd.world.store.get(Key("job", job))
    assert resource is not None
    assert resource.status["effects"]["stop"]["state"] == "done"


@pytest.mark.slow
def test_what_has_a_deadline_of_its_own_is_looked_at_however_many_wait_for_turns() -> None:
    crowd = Crowd(MANY)
    crowd.seconds(4 * 60, every=2)
    del crowd.world.customization.jobs[plan().region, crowd.names[MANY // 2]]
    crowd.seconds(10 * 60 + 45, every=5)

    [told] = crowd.world.said("JobEnded")
    assert told.thread_ts is None
